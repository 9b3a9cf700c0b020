"""Evidence: which uncertainty matters for which KPI, and which lever for a policy's effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem, Unfinished, nearest_name
from sim.evidence.scores import library
from sim.evidence.sobol.factors import CHANCE, DUMMY, assumption_factors, policy_factors
from sim.evidence.sobol.indices import Indices, sobol_indices
from sim.evidence.sobol.runs import (
    ASSUMPTIONS,
    CENTRAL,
    EFFECTS,
    LEVELS,
    POLICIES,
    Ground,
    Progress,
    Study,
    measured,
)
from sim.experiment.plan import whole_numbers
from sim.experiment.posteriors import POSTERIOR, choose
from sim.experiment.summary import unit_of_change
from sim.experiment.tables import added_regions
from sim.experiment.work import default_workers
from sim.kpi.registry import BY_ID, KPIS
from sim.policy import Scenario
from sim.policy.levers import LAST_YEAR
from sim.processes import WorkerDied
from sim.region.region import Region

#: Rows of the design, replicates at each point, and the year, unless others are asked for.
POINTS, REPLICATES, YEAR = 256, 8, 2030
MOST_POINTS, MOST_REPLICATES = 2**16, 1000
#: Figures that are held at once, 8 bytes each.
MOST_HELD = 250_000_000
#: Replicates of policies for one of assumptions: their factors are few, their noise is large.
MORE = 2
#: A factor whose total index is not above this does nothing that is worth a name.
LEAST = 0.001
#: Digits of shares that mean something, on every machine.
DECIMALS = 6
CHANCE_NAMES = {
    ASSUMPTIONS: "chance",
    POLICIES: "chance and assumptions",
    CENTRAL: "chance",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Sensitivity:
    """What was found. ``table`` has a row a KPI, analysis, output, place and factor.

    ``place`` is the region that is looked at; ``parameters`` says in words what assumptions were
    drawn from, ``warnings`` what the user must know of them.
    """

    table: pd.DataFrame
    region: Region
    scenario: str | None
    year: int
    places: tuple[str, ...]
    points: int
    replicates: int
    seed: int
    runs: int
    parameters: str
    warnings: tuple[str, ...]


def sensitivity(
    given: Scenario | Region,
    kpis: str | Sequence[str] | None = None,
    year: int = YEAR,
    economies: str | Sequence[str] = (),
    points: int = POINTS,
    replicates: int = REPLICATES,
    seed: int = 1,
    parameters: str | Path = POSTERIOR,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Sobol indices of assumptions, and of the levers of a scenario, for KPIs in a year.

    ``given`` is a region, of which levels without policy are analysed, or a scenario, of which also
    the effects are. ``kpis`` are the headline ones if None; ``economies`` are looked at besides
    the region as a whole (without an economy that makes most of it). ``points`` rows of the design,
    a power of two, each point run with ``replicates`` draws of luck (``MORE`` times as many where
    policies are varied). ``parameters`` as in ``posteriors.choose``. Results do not depend on
    ``workers``. Raises InputError with every problem, and where SALib is not installed; Unfinished
    where a worker was killed.
    """
    if not isinstance(given, Scenario | Region):
        problem = Problem("neither a scenario nor a region", field="given", value=given)
        raise InputError([problem])
    scenario = given if isinstance(given, Scenario) else None
    region = given if isinstance(given, Region) else given.world
    names = tuple(kpi.id for kpi in KPIS if kpi.headline) if kpis is None else _several(kpis)
    last = LAST_YEAR if scenario is None else scenario.horizon
    problems = whole_numbers(
        year=(year, region.base_year + 1, last), replicates=(replicates, 2, MOST_REPLICATES),
        seed=(seed, 0, 2**63 - 1), workers=(1 if workers is None else workers, 1, 1024),
    )  # fmt: skip
    problems += [*_unknown(names, region, _several(economies)), *check_points(points)]
    if problems:
        raise InputError(problems)
    library("SALib")
    chosen = choose(region, parameters)
    ground = Ground(
        region=region, posterior=chosen.posterior, scenario=scenario,
        kpis=tuple(dict.fromkeys(names)), year=year, places=_places(region, _several(economies)),
        points=points, seed=seed,
    )  # fmt: skip
    studies = _studies(ground, replicates)
    runs = sum(study.runs for study in studies)
    return Sensitivity(
        table=_run(studies, default_workers(runs) if workers is None else workers, progress),
        region=region, year=year, scenario=None if scenario is None else scenario.name,
        places=tuple(ground.places), points=points, replicates=replicates, seed=seed, runs=runs,
        parameters="priors" if chosen.posterior is None else "the fitted ensemble",
        warnings=chosen.warnings,
    )  # fmt: skip


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several as several."""
    return (names,) if isinstance(names, str) else tuple(names)


def _unknown(kpis: Sequence[str], region: Region, economies: Sequence[str]) -> Iterator[Problem]:
    """KPIs and places that there are not."""
    if not kpis:
        yield Problem("names none", field="kpis", allowed=", ".join(BY_ID))
    regions = added_regions(region)
    for field, names, known in (
        ("kpis", kpis, tuple(BY_ID)), ("economy", economies, (*region.economies, *regions)),
    ):  # fmt: skip
        for name in names:
            if name not in known:
                message = "unknown KPI" if field == "kpis" else f"not an economy of {region.name}"
                near, allowed = nearest_name(name, known), ", ".join(known)
                yield Problem(message, field=field, value=name, allowed=allowed, nearest=near)


def check_points(points: object) -> Iterator[Problem]:
    """What is wrong with a number of rows of the design: it is a power of two."""
    if isinstance(points, np.integer):
        points = int(points)
    if isinstance(points, int) and 2 <= points <= MOST_POINTS and points & (points - 1) == 0:
        return
    near = ""
    if isinstance(points, int) and points > 2:
        near = str(min(2 ** (points - 1).bit_length(), MOST_POINTS))
    allowed = f"2, 4, 8, ... {MOST_POINTS}"
    yield Problem("not a power of two", field="points", value=points, allowed=allowed, nearest=near)


def _places(region: Region, economies: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The region as a whole (without an economy that makes most of it), then what is asked for."""
    regions = added_regions(region)
    whole = list(regions)[-1]
    known = {code: (code,) for code in region.economies} | regions
    return {name: known[name] for name in (whole, *economies)}


def _studies(ground: Ground, replicates: int) -> list[Study]:
    """The analyses: of assumptions, and of policies where a scenario has any.

    Raises InputError if one of them is too large.
    """
    policies = () if ground.scenario is None else policy_factors(ground.scenario)
    outputs = (LEVELS, EFFECTS) if policies else (LEVELS,)
    assumptions = assumption_factors(len(ground.region.economies), ground.posterior)
    found = [Study(ground, ASSUMPTIONS, assumptions, outputs, replicates)]
    if policies:
        for analysis in (POLICIES, CENTRAL):
            found.append(Study(ground, analysis, policies, (EFFECTS,), MORE * replicates))
    if any(study.size > MOST_HELD for study in found):
        message = f"more figures than {MOST_HELD:,}, which is what fits into memory"
        remedy = "ask for fewer points, replicates, KPIs or economies"
        raise InputError([Problem(message, field="points", value=ground.points, remedy=remedy)])
    return found


def _run(studies: Sequence[Study], workers: int, progress: Progress | None) -> pd.DataFrame:
    """The rows of all analyses. Raises Unfinished where a worker was killed."""
    rows: list[dict[str, object]] = []
    for study in studies:
        try:
            rows += _rows(study, measured(study, workers, progress))
        except WorkerDied as error:
            raise Unfinished(str(error)) from error
    return _table(rows)


def _rows(study: Study, values: np.ndarray) -> Iterator[dict[str, object]]:
    """The rows of an analysis, factors of each KPI by rank, chance last."""
    ground = study.ground
    for output, by_kpi in zip(study.outputs, values, strict=True):
        for place, at_place in zip(ground.places, by_kpi.swapaxes(0, 1), strict=True):
            for kpi, one in zip(ground.kpis, at_place, strict=True):
                found = sobol_indices(one, ground.seed)
                about = {
                    "kpi": kpi, "analysis": study.analysis, "output": output, "year": ground.year,
                    "economy": place,
                }  # fmt: skip
                size = {
                    "points": ground.points, "replicates": study.replicates,
                    "unit": BY_ID[kpi].unit if output == LEVELS else unit_of_change(BY_ID[kpi]),
                    "mean": found.mean, "sd": found.deviation,
                }  # fmt: skip
                for shares in _ranked(study, found):
                    yield {**about, **shares, **size}


def _ranked(study: Study, found: Indices) -> list[dict[str, object]]:
    """A row a factor, the largest total first, then chance."""
    rows: list[dict[str, object]] = []
    for place, factor in enumerate(study.factors):
        shares = {
            name: round(float(getattr(found, name)[place]), DECIMALS)
            for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")
        }
        noise = round(float(found.noise[place]), DECIMALS)
        rows.append({"factor": factor.name, "kind": factor.kind, **shares, "noise_floor": noise})
    rows.sort(key=_rank)
    share, low, high = (round(part, DECIMALS) for part in found.chance)
    rows.append(
        {
            "factor": CHANCE_NAMES[study.analysis],
            "kind": CHANCE,
            "first": np.nan,
            "first_low": np.nan,
            "first_high": np.nan,
            "total": share,
            "total_low": low,
            "total_high": high,
            "noise_floor": round(found.left, DECIMALS),
        }
    )
    return rows


def _rank(row: dict[str, object]) -> tuple[bool, float, str]:
    """The dummy last; the largest total first; names where totals tie or there are none."""
    total = float(str(row["total"]))
    return row["kind"] == DUMMY, -total if total == total else 0.0, str(row["factor"])


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    order = [
        "kpi", "analysis", "output", "year", "economy", "factor", "kind", "first", "first_low",
        "first_high", "total", "total_low", "total_high", "noise_floor", "points", "replicates",
        "unit", "mean", "sd",
    ]  # fmt: skip
    return pd.DataFrame(rows)[order]


def is_clear(table: pd.DataFrame) -> pd.Series:
    """Whether a total index is above what luck or rounding gives: its interval lies above both."""
    floor = table["noise_floor"].clip(lower=LEAST)
    return (table["total_low"] > floor) & (table["kind"] != DUMMY)
