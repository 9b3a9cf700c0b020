"""A batch run again from its folder alone, and held against it part by part and table by table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.experiment import manifest, tables
from sim.experiment.batch import write_batch
from sim.experiment.plan import Selection
from sim.experiment.posteriors import POSTERIOR, PRIOR, choose
from sim.experiment.store import slug
from sim.policy import Scenario

#: Results agree across machines within this relative difference. Numbers below ``SMALLEST`` in
#: their unit (an effect that rounds to nothing) are compared with it absolutely.
TOLERANCE = 1e-9
SMALLEST = 1e-3
IDENTICAL, EQUAL, DIFFERENT = "identical", "equal within 1e-9", "different"
#: Other bytes, and the members were not kept: what the tables say decides.
UNKNOWN = "other bytes, members not kept"
#: Tables whose numbers depend on the runs, and the columns that say which row is which.
TABLES = {
    "projections": ("scenario", "kpi", "economy", "year"),
    "effects": ("scenario", "baseline", "kpi", "economy", "year"),
    "costs": ("scenario", "economy", "year", "kind", "name"),
    "lever_paths": ("scenario", "economy", "year", "lever"),
    "shocks": ("scenario", "place", "year", "shock"),
}


@dataclass(frozen=True)
class Finding:
    """How one part or table came out: the verdict, the largest relative difference, and where."""

    file: str
    verdict: str
    by: float = 0.0
    where: str = ""


@dataclass(frozen=True)
class Reproduction:
    """What came of running a batch again: findings by file, and what is another here than there."""

    folder: Path
    findings: tuple[Finding, ...]
    changed: tuple[str, ...]
    seconds: float

    @property
    def is_different(self) -> bool:
        """Whether any number is another than it was."""
        return any(finding.verdict == DIFFERENT for finding in self.findings)

    @property
    def verdict(self) -> str:
        """All in one line."""
        counts = {
            verdict: sum(finding.verdict == verdict for finding in self.findings)
            for verdict in (IDENTICAL, EQUAL, UNKNOWN, DIFFERENT)
        }
        told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
        return f"{'differs' if self.is_different else 'reproduced'}: {told}"

    def as_text(self) -> str:
        """What is another here, a line a file, and the verdict."""
        lines = [f"here another than there: {words}" for words in self.changed]
        width = max((len(finding.file) for finding in self.findings), default=0)
        for finding in self.findings:
            line = f"{finding.file:<{width}}  {finding.verdict}"
            if finding.by:
                line += f" (at most {finding.by:.2g}: {finding.where})"
            elif finding.where:
                line += f" ({finding.where})"
            lines.append(line)
        return "\n".join([*lines, self.verdict])

    def as_record(self) -> dict[str, Any]:
        """The report for a program."""
        return {
            "folder": str(self.folder),
            "reproduced": not self.is_different,
            "verdict": self.verdict,
            "changed": list(self.changed),
            "seconds": self.seconds,
            "files": [asdict(finding) for finding in self.findings],
        }


def reproduce(
    folder: Path,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Reproduction:
    """Run the batch in ``folder`` again, elsewhere, and compare. Nothing in it is changed.

    Raises InputError if it holds no complete batch, or its region's tables are not those it ran on.
    """
    record = manifest.read(folder)
    inputs = record["inputs"]
    if record["missing"]:
        problem = Problem(
            f"is incomplete: {len(record['missing'])} parts are missing", file=str(folder),
            remedy="finish it with digiregion batch --resume",
        )  # fmt: skip
        raise InputError([problem])
    scenarios = _scenarios(folder, inputs)
    kept = any(name.startswith("members/") for name in record["files"])
    kpis, years = inputs.get("kpis"), inputs.get("years")
    selection = Selection(
        None if kpis is None else tuple(kpis), None if years is None else tuple(years), kept
    )
    with tempfile.TemporaryDirectory(prefix="digiregion-") as room:
        again = write_batch(
            scenarios, inputs["members"], inputs["seed"], workers, room, progress,
            selection=selection, parameters=_parameters(folder, inputs),
        )  # fmt: skip
        fresh = manifest.read(again.folder)
        found = tuple(
            [*_parts(folder, record, again.folder, fresh), *_tables(folder, again.folder)]
        )
    return Reproduction(folder, found, tuple(_changed(record, fresh)), again.seconds)


def _parameters(folder: Path, inputs: Mapping[str, Any]) -> str | Path:
    """What the batch started from: priors, an ensemble that it holds, or that of the region."""
    if all(item.get("posterior") is None for item in inputs["scenarios"]):
        return PRIOR
    held = folder / "posteriors"
    return held if held.is_dir() else POSTERIOR


def _scenarios(folder: Path, inputs: Mapping[str, Any]) -> list[Scenario]:
    """The scenarios as resolved. Raises InputError if one, or its region, is not what was run."""
    parameters = _parameters(folder, inputs)
    found: list[Scenario] = []
    problems: list[Problem] = []
    for item in inputs["scenarios"]:
        path = folder / "scenarios" / f"{slug(item['name'])}.yaml"
        try:
            scenario = Scenario.load(path)
        except InputError as error:
            problems += error.problems
            continue
        for field, now in (("digest", scenario.digest), ("region_digest", scenario.world.digest)):
            if now != item[field]:
                what = "the scenario" if field == "digest" else f"the data of {item['region']}"
                problems.append(Problem(f"{what} changed since the batch was run", file=str(path)))
        if choose(scenario.world, parameters).digest != item.get("posterior"):
            words = f"the fitted ensemble of {item['region']} changed since the batch was run"
            problems.append(Problem(words, file=str(path)))
        found.append(scenario)
    if problems:
        raise InputError(problems)
    return found


def _changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What may explain a difference: code, libraries, machine."""
    if then["inputs"]["code"] != now["inputs"]["code"]:
        commits = [record["source"].get("commit") for record in (then, now)]
        told = " to ".join((commit or "unknown")[:10] for commit in commits)
        yield f"the code that the numbers depend on (commit {told})"
    for group in ("versions", "platform"):
        for name, value in now[group].items():
            before = then[group].get(name)
            if before != value:
                yield f"{name} {before} there, {value} here"


def _parts(
    folder: Path, record: Mapping[str, Any], again: Path, fresh: Mapping[str, Any]
) -> Iterator[Finding]:
    then = {part["file"]: part for part in record["parts"]}
    now = {part["file"]: part for part in fresh["parts"]}
    for name in sorted({*then, *now}):
        if name not in then or name not in now:
            yield Finding(name, DIFFERENT, where=f"only {'there' if name in then else 'here'}")
        elif then[name]["sha256"] == now[name]["sha256"]:
            yield Finding(name, IDENTICAL)
        elif not (folder / name).exists():
            yield Finding(name, UNKNOWN)
        else:
            keys = ("member", "year", "economy")
            yield _compared(
                name, pd.read_parquet(folder / name), pd.read_parquet(again / name), keys
            )


def _tables(folder: Path, again: Path) -> Iterator[Finding]:
    for name, keys in TABLES.items():
        one, two = folder / f"{name}.csv", again / f"{name}.csv"
        if not one.exists() and not two.exists():
            continue
        if one.exists() != two.exists():
            where = f"only {'there' if one.exists() else 'here'}"
            yield Finding(one.name, DIFFERENT, where=where)
        elif one.read_bytes() == two.read_bytes():
            yield Finding(one.name, IDENTICAL)
        else:
            yield _compared(one.name, tables.read_csv(one), tables.read_csv(two), keys)


def _compared(name: str, then: pd.DataFrame, now: pd.DataFrame, keys: tuple[str, ...]) -> Finding:
    """Two tables of other bytes: the largest relative difference, and the row and column."""
    if list(then.columns) != list(now.columns):
        return Finding(name, DIFFERENT, where="other columns")
    one, two = (table.set_index(list(keys)).sort_index() for table in (then, now))
    if not one.index.equals(two.index):
        return Finding(name, DIFFERENT, where="other rows")
    largest, where = 0.0, ""
    for column in one.columns:
        if one[column].dtype.kind not in "if":
            if not one[column].equals(two[column]):
                return Finding(name, DIFFERENT, where=f"text of {column}")
            continue
        gap = _relative(one[column].to_numpy(float), two[column].to_numpy(float))
        at = int(gap.argmax()) if len(gap) else 0
        if len(gap) and gap[at] > largest:
            row = one.index[at]
            told = ", ".join(str(item) for item in (row if isinstance(row, tuple) else (row,)))
            largest, where = float(gap[at]), f"{column} of {told}"
    return Finding(name, EQUAL if largest <= TOLERANCE else DIFFERENT, largest, where)


def _relative(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Relative difference; blanks agree with blanks only."""
    scale = np.maximum(np.maximum(np.abs(one), np.abs(two)), SMALLEST)
    gap = np.abs(one - two) / scale
    blank = np.isnan(one), np.isnan(two)
    return np.where(blank[0] & blank[1], 0.0, np.where(blank[0] | blank[1], np.inf, gap))
