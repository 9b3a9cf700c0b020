"""The folder of a batch as it is on disk: its manifest, its tables, and where its members are."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError, Problem
from sim.experiment import manifest
from sim.experiment.store import slug
from sim.experiment.summary import Layout
from sim.experiment.tables import read_csv
from sim.policy import Scenario
from sim.report.choice import unknown


class Stored:
    """A finished batch. Its tables are read when they are asked for, and once."""

    def __init__(self, folder: Path) -> None:
        """Read the manifest. Raises InputError if there is none, naming batches further down."""
        self.folder = folder
        inside = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
        if inside and not (folder / "manifest.json").exists():
            problem = Problem(
                "holds several batches" if len(inside) > 1 else "holds a batch in a folder of it",
                file=str(folder), allowed=", ".join(inside),
                remedy=f"name one of them, as {(folder / inside[0]).as_posix()}",
            )  # fmt: skip
            raise InputError([problem])
        self.manifest: dict[str, Any] = manifest.read(folder)

    @functools.cached_property
    def complete(self) -> dict[str, str]:
        """Names of the scenarios without a missing part, each with the name of its baseline."""
        lacking = {part["scenario"] for part in self.manifest["missing"]}
        return {
            item["name"]: item["baseline"]
            for item in self.manifest["inputs"]["scenarios"]
            if item["name"] not in lacking
        }

    @functools.cached_property
    def projections(self) -> pd.DataFrame:
        """All projections."""
        return read_csv(self.folder / "projections.csv")

    @functools.cached_property
    def effects(self) -> pd.DataFrame | None:
        """All effects against own baselines; None where no scenario has a policy."""
        path = self.folder / "effects.csv"
        return read_csv(path) if path.exists() else None

    @functools.cached_property
    def costs(self) -> pd.DataFrame:
        """All costs; empty for a baseline alone."""
        path = self.folder / "costs.csv"
        return read_csv(path) if path.exists() else pd.DataFrame()

    def layout(self, scenario: str, groups: Mapping[str, tuple[str, ...]]) -> Layout:
        """How the members of a scenario are laid out; ``groups`` are added up besides its regions.

        Raises InputError for a scenario that is unknown or incomplete.
        """
        if scenario not in self.complete:
            raise unknown("scenario", scenario, list(self.complete))
        held = self.manifest["layout"][scenario]
        economies = tuple(held["economies"])
        regions = {name: tuple(codes) for name, codes in held["regions"].items()}
        regions |= {name: codes for name, codes in groups.items() if set(codes) <= set(economies)}
        members = int(self.manifest["inputs"]["members"])
        return Layout(self.folder, members, economies, tuple(held["years"]), regions)

    def scenario(self, name: str) -> Scenario:
        """A scenario as it was run, with its region. Raises InputError if there is none."""
        self.layout(name, {})
        return Scenario.load(self.folder / "scenarios" / f"{slug(name)}.yaml")

    @property
    def keeps_members(self) -> bool:
        """Whether the members are on disk, not summaries only."""
        return (self.folder / "members").is_dir()

    def check_members(self, scenario: str) -> None:
        """Raise InputError unless every part of a scenario's members is on disk."""
        parts = [part["file"] for part in self.manifest["parts"] if part["scenario"] == scenario]
        lacking = [file for file in parts if not (self.folder / file).exists()]
        if not self.keeps_members:
            words = "keeps summaries only, and this needs the members, which it did not write"
            remedy = "run the batch again without --no-members"
        elif lacking:
            words, remedy = f"lacks {lacking[0]}", "run the batch again"
        else:
            return
        raise InputError([Problem(words, file=str(self.folder), remedy=remedy)])

    def missing(self) -> list[str]:
        """A line a scenario that is incomplete: the members it lacks, and why."""
        parts: dict[str, list[dict[str, Any]]] = {}
        for part in self.manifest["missing"]:
            parts.setdefault(part["scenario"], []).append(part)
        return [
            f"incomplete: {name} lacks members "
            + ", ".join(f"{part['first']}-{part['last']}" for part in found)
            + f" ({found[0].get('cause', 'unknown cause')})"
            for name, found in parts.items()
        ]
