"""What is shown of a batch: its tables and members, by scenario, KPI, place and year."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pandas as pd

from sim.errors import InputError, Problem
from sim.experiment import summary
from sim.kpi.registry import KPIS
from sim.model.quantities import Array
from sim.report.choice import (
    CODE,
    Choice,
    Names,
    Years,
    chosen,
    chosen_years,
    known_kpi,
    one_year,
    unknown,
)
from sim.report.stored import Stored
from sim.report.tidy import tidy


class Shown:
    """What is shown of a batch: its tables, its members, and what they are of."""

    def __init__(self, folder: str | Path) -> None:
        """Open the folder of a batch. Raises InputError if it holds no finished batch."""
        self.stored = Stored(Path(folder))
        self._choice = Choice()

    def _with(self, **changes: Any) -> Self:
        """The same batch, of which something else is shown; its tables are read once for all."""
        other = type(self).__new__(type(self))
        other.stored, other._choice = self.stored, replace(self._choice, **changes)
        return other

    @property
    def folder(self) -> Path:
        """Where the batch is."""
        return self.stored.folder

    @property
    def manifest(self) -> dict[str, Any]:
        """What ran: inputs, versions, platform, files with their digests."""
        return self.stored.manifest

    @property
    def scenarios(self) -> dict[str, str]:
        """Names of the complete scenarios that are shown, each with the name of its baseline."""
        shown = self._choice.scenarios
        every = self.stored.complete.items()
        return {name: base for name, base in every if shown is None or name in shown}

    @property
    def own_pairs(self) -> list[tuple[str, str]]:
        """Each policy that is shown, with its own baseline (which need not be shown)."""
        known = self.stored.complete
        return [(n, base) for n, base in self.scenarios.items() if n != base and base in known]

    @property
    def kpis(self) -> tuple[str, ...]:
        """The KPIs shown, by id, in the order of the registry."""
        shown = self._choice.kpis
        return tuple(kpi for kpi in self.held_kpis if shown is None or kpi in shown)

    @property
    def held_kpis(self) -> tuple[str, ...]:
        """The KPIs of the batch, whether they are shown or not."""
        held = self.manifest["inputs"].get("kpis") or [kpi.id for kpi in KPIS]
        return tuple(kpi.id for kpi in KPIS if kpi.id in held)

    @property
    def places(self) -> tuple[str, ...]:
        """The economies shown, then the regions and the places that were added up."""
        found = dict.fromkeys(p for name in self.scenarios for p in self.layout(name).places)
        economies = self._economies()
        return tuple(sorted(found, key=lambda place: place not in economies))

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown."""
        return tuple(sorted({y for name in self.scenarios for y in self.layout(name).years}))

    @property
    def members(self) -> int:
        """Size of the ensemble."""
        return int(self.manifest["inputs"]["members"])

    @property
    def fitted_until(self) -> tuple[str, ...]:
        """The last years of the history that parameters were fitted to; none: they are priors."""
        held = self.manifest["parameters"].values()
        return tuple(sorted({str(one["until"]) for one in held if one["kind"] == "posterior"}))

    @property
    def start_words(self) -> str:
        """Where parameters come from, for the footer of a figure."""
        return "fitted parameters" if self.fitted_until else "prior parameters"

    @functools.cached_property
    def projections(self) -> pd.DataFrame:
        """Quantiles by scenario, KPI, economy or region, and year."""
        frames = [self.shown(self.stored.projections)]
        for name in self.scenarios:
            layout = self.layout(name, added=True)
            if layout.places:
                self.stored.check_members(name)
                kpis = [known_kpi(kpi) for kpi in self.kpis]
                frames.append(summary.projections(layout, name, kpis))
        return self.in_order(frames)

    @functools.cached_property
    def costs(self) -> pd.DataFrame:
        """Costs by scenario, economy, year, lever and payer; empty for a baseline alone."""
        return self.shown(self.stored.costs)

    def layout(self, scenario: str, added: bool = False) -> summary.Layout:
        """How the members of a scenario are laid out, with the places and years shown of them.

        With ``added``, no places but those that ``aggregate`` added. Raises InputError for a
        scenario that is unknown or incomplete.
        """
        layout, shown = self.stored.layout(scenario, self._choice.groups), self._choice
        years = shown.years or self.manifest["inputs"].get("years") or layout.held_years
        places = [
            place
            for place in layout.places
            if (shown.places is None or place in shown.places)
            and (not added or place in shown.groups)
        ]
        return layout.only(places, [year for year in layout.held_years if year in years])

    def shown(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table of the batch that are shown."""
        return self._choice.rows(table)

    def in_order(self, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """Parts of a table as one, in the order of the tables of a batch."""
        if len(frames) == 1:
            return frames[0]
        orders = {"scenario": list(self.stored.complete), "kpi": [kpi.id for kpi in KPIS]}
        ranks = {key: {n: place for place, n in enumerate(names)} for key, names in orders.items()}
        return pd.concat(frames, ignore_index=True).sort_values(
            ["scenario", "kpi", "economy", "year"], kind="stable", ignore_index=True,
            key=lambda column: column.map(ranks[column.name]) if column.name in ranks else column,
        )  # fmt: skip

    def __repr__(self) -> str:
        chose = self._choice.places is not None or self._choice.groups
        places = (len(self.places), "place") if chose else (len(self._economies()), "economy")
        years = (len(self.years), "year")
        counts = ((len(self.scenarios), "scenario"), (self.members, "member"), places, years)
        words = [f"{n:,} {word}" if n == 1 else f"{n:,} {_plural(word)}" for n, word in counts]
        text = " × ".join(words)
        if self._choice.kpis is not None:
            text += f", {', '.join(self.kpis)}"
        if not self.stored.keeps_members:
            text += ", summaries only"
        return "\n".join([f"{text} in {self.folder}", *self.stored.missing()])

    def filter(
        self, scenario: Names = None, kpi: Names = None, economy: Names = None, year: Years = None
    ) -> Self:
        """The same batch of which only these are shown, in every table, plot and export.

        Each is a name, a pattern (``*`` stands for any characters) or a list of them; economies
        and regions are both places. ``year`` is a year, a list, a ``range`` or a tuple of the
        first and the last. Comparisons still find a baseline that is not shown. Raises InputError,
        with the nearest name, for what these results do not have.
        """
        changes: dict[str, Any] = {}
        if scenario is not None:
            changes["scenarios"] = chosen("scenario", scenario, list(self.scenarios))
        shown = self._with(**changes)
        if kpi is not None:
            changes["kpis"] = chosen("kpi", kpi, self.kpis)
        if economy is not None:
            changes["places"] = chosen("economy", economy, shown.places)
        if year is not None:
            changes["years"] = chosen_years(year, shown.years)
        return self._with(**changes)

    def aggregate(self, name: str, economies: Sequence[str] | None = None) -> Self:
        """The same batch with one more place, ``name``: ``economies`` added up member by member.

        Each KPI by its own rule, a sum or a weighted mean: ``digiregion kpis`` says which under
        ``region``. By default, the economies of the region's group of that name. Projections,
        effects and values know the place. Raises InputError for an unknown economy, for a name
        that is taken or looks like the code of an economy, and where there are no members.
        """
        taken = {
            p for s in self.scenarios for p in self.stored.layout(s, self._choice.groups).places
        }
        if name in taken or not name.strip() or re.fullmatch(CODE, name):
            words = "is a place of these results" if name in taken else "is no name for a place"
            remedy = "choose another name, in small letters"
            raise InputError([Problem(words, field="name", value=name, remedy=remedy)])
        wanted = self._group(name) if economies is None else economies
        codes = chosen("economies", wanted, sorted(self._economies()))
        having = [s for s in self.scenarios if set(codes) <= set(self.layout(s).economies)]
        if not having:
            raise InputError([Problem("no scenario has all of them", field="economies")])
        for scenario in having:
            self.stored.check_members(scenario)
        places = self._choice.places
        groups = {**self._choice.groups, name: codes}
        return self._with(groups=groups, places=None if places is None else (*places, name))

    def _economies(self) -> set[str]:
        return {code for name in self.scenarios for code in self.layout(name).economies}

    def _group(self, name: str) -> tuple[str, ...]:
        """The economies of a group of the batch's region."""
        groups: dict[str, tuple[str, ...]] = {}
        for scenario in self.scenarios:
            groups |= self.stored.scenario(scenario).world.groups
        if name not in groups:
            raise unknown("group", name, list(groups))
        return groups[name]

    def values(
        self, kpi: str, scenario: Names = None, economy: Names = None, year: Years = None
    ) -> pd.DataFrame:
        """One KPI in every member: a row a scenario, member, economy or region, and year.

        Columns ``scenario``, ``member``, ``economy``, ``year`` and ``value``, in the KPI's unit;
        names are categories, which take a byte or two each. Regions are added up by the KPI's
        rule. Only the columns and years that are needed are read. Raises InputError as ``filter``,
        and where the batch keeps no members.
        """
        shown = self.filter(scenario, known_kpi(kpi).id, economy, year)
        layouts = {name: shown.layout(name) for name in shown.scenarios}
        return tidy(
            ["scenario"],
            (
                ({"scenario": name}, layout, self.array(name, kpi, layout))
                for name, layout in layouts.items()
                if layout.places and layout.years
            ),
        )

    def array(self, scenario: str, kpi: str, layout: summary.Layout) -> Array:
        """One KPI in every member, (place, year, member), of the places and years of a layout."""
        self.stored.check_members(scenario)
        whole = summary.Tile(
            (known_kpi(kpi),), range(len(layout.years)), range(len(layout.places))
        )  # fmt: skip
        return summary.read_tile(layout, scenario, whole)[0]

    def table(self, kpi: str, year: int) -> pd.DataFrame:
        """Quantiles of one KPI in one year: a row a scenario and economy."""
        found = self.filter(kpi=known_kpi(kpi).id, year=one_year(year, self.years)).projections
        return found.drop(columns=["kpi", "year"]).set_index(["scenario", "economy"])


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
