"""Evidence: through what a policy acts: its effect by mechanism, by lever, and by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem, Unfinished, nearest_name
from sim.evidence.sobol.factors import active_entries, policy_factors
from sim.evidence.sobol.runs import at_place
from sim.experiment import engine
from sim.experiment.entries import entries
from sim.experiment.plan import case_of, whole_numbers
from sim.experiment.posteriors import POSTERIOR, Chosen, choose
from sim.experiment.summary import NO_DIFFERENCE, change, unit_of_change
from sim.experiment.tables import added_regions
from sim.experiment.work import default_workers
from sim.kpi.registry import BY_ID, Kpi, weight_column
from sim.model.parameters import channels
from sim.model.quantities import Array
from sim.policy import Scenario
from sim.policy.entries import LeverEntry
from sim.policy.paths import lever_paths
from sim.policy.projects import projects_of
from sim.processes import WorkerDied, run_each
from sim.region.region import Region

#: What is explained, for how many members, unless another is asked for.
KPI, YEAR, MEMBERS = "gdp_per_person", 2035, 256
#: What an effect is broken down by.
CHANNEL, LEVER = "channel", "lever"
#: The name of the whole region, whatever it is called.
WHOLE = "REGION"
#: Channels through which policies bring people online; the others are what comes of that, or of
#: programmes themselves. Each stage explains the whole effect, so that a chain is not added twice.
REACH, YIELD = "who goes online", "what it yields"
STAGES: Mapping[str, tuple[str, ...]] = {
    REACH: ("networks", "prices", "skills in use", "inclusion", "trust"),
}
#: Rows that are no channel and no lever.
FULL = "full effect"
RESTS: Mapping[str, str] = {
    REACH: "not through use, and interaction",
    YIELD: "direct, and interaction",
    LEVER: "interaction",
}
#: Shares of the effect whose year is told.
PARTS = {"years_to_half": 0.5, "years_to_90": 0.9}
QUANTILES = {"median": 0.5, "q05": 0.05, "q95": 0.95}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Explanation:
    """Where an effect comes from. ``unit`` is that of the effect.

    ``table`` has a row for the full effect, each channel (or lever) and the rest: its mean over
    members, which add up, median, 5th and 95th percentile, share of the full effect, and the years
    from the first year of the policy until half and 90 % of it are reached. ``by_year`` has the
    same by year, up to that year. ``stage`` says which rows add up to the full effect.
    """

    table: pd.DataFrame
    by_year: pd.DataFrame
    region: Region
    scenario: str
    kpi: str
    unit: str
    place: str
    year: int
    start: int
    by: str
    members: int
    seed: int
    parameters: str
    warnings: tuple[str, ...]


def explain(
    scenario: Scenario,
    economy: str = WHOLE,
    kpi: str = KPI,
    year: int = YEAR,
    by: str = CHANNEL,
    members: int = MEMBERS,
    seed: int = 1,
    parameters: str | Path = POSTERIOR,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Break the effect of a policy on a KPI of one place down by channel or by lever.

    The effect is the policy's run less the baseline's, member by member. A channel's part is the
    full effect less the effect without the channel, which is switched off in both runs; a lever's
    part is the full effect less the effect of the scenario without that entry. What is left of the
    full effect when all parts are taken away is direct, or interaction. ``economy`` is a code, a
    group, a region or "REGION" for the whole. ``parameters`` as in ``posteriors.choose``. Results
    do not depend on ``workers``. Raises InputError with every problem; Unfinished where a worker
    was killed.
    """
    if not isinstance(scenario, Scenario):
        problem = Problem("is no scenario", field="scenario", value=scenario)
        raise InputError([problem])
    region = scenario.world
    places = _places(region)
    problems = whole_numbers(
        year=(year, region.base_year + 1, scenario.horizon), members=(members, 1, 100_000),
        seed=(seed, 0, 2**63 - 1), workers=(1 if workers is None else workers, 1, 1024),
    )  # fmt: skip
    problems += _unknown(region, places, economy, kpi, by)
    if scenario.is_baseline or (by == LEVER and not active_entries(scenario)):
        remedy = "name a scenario with levers, or, by channel, with shocks"
        problems.append(Problem("has no policy to explain", field="scenario", value=scenario.name,
                                remedy=remedy))  # fmt: skip
    if problems:
        raise InputError(problems)
    chosen = choose(region, parameters)
    names, cases = _cases(scenario, chosen, by)
    cases = [replace(case, world=case.world.until(year)) for case in cases]
    task = _Task(cases, kpi, places[economy], region, seed, members)
    runs = len(cases) * members
    values = _run(task, default_workers(runs) if workers is None else workers, progress)
    effects = _effects(BY_ID[kpi], values, by)
    starts = [entry.start for entry in active_entries(scenario)]
    starts += [entry.first_year for entry in scenario.shocks]
    starts += [entry.start or region.base_year + 1 for entry in scenario.behaviour]
    start = min(starts)
    parts = _parts(names, effects)
    first = region.base_year
    return Explanation(
        table=_table(parts, year - first, start - first), by_year=_by_year(parts, first, start),
        region=region, scenario=scenario.name, kpi=kpi, unit=unit_of_change(BY_ID[kpi]),
        place=region.name if economy == WHOLE else economy, year=year, start=start, by=by,
        members=members, seed=seed, warnings=chosen.warnings,
        parameters="priors" if chosen.posterior is None else "the fitted ensemble",
    )  # fmt: skip


def _places(region: Region) -> dict[str, tuple[str, ...]]:
    """Every place that can be asked for, with its economies."""
    alone = {code: (code,) for code in region.economies}
    return {WHOLE: region.economies, **added_regions(region), **dict(region.groups), **alone}


def _unknown(
    region: Region, places: Mapping[str, object], economy: str, kpi: str, by: str
) -> Iterator[Problem]:
    """Names that there are not, each with the nearest that there is."""
    for field, name, known, message in (
        ("economy", economy, tuple(places), f"no economy or group of {region.name}"),
        ("kpi", kpi, tuple(BY_ID), "unknown KPI"),
        ("by", by, (CHANNEL, LEVER), "nothing that an effect is broken down by"),
    ):
        if name not in known:
            near = nearest_name(name, known)
            yield Problem(message, field=field, value=name, allowed=", ".join(known), nearest=near)


def _cases(scenario: Scenario, chosen: Chosen, by: str) -> tuple[list[str], list[engine.Case]]:
    """What is switched off in turn, and the runs: baseline and policy, then each without one.

    By channel there are two runs for each name, by lever one: the baseline has no levers.
    """
    batch = {entry.name: entry for entry in entries([scenario])}
    entry = batch[scenario.name]
    policy = case_of(scenario, chosen)
    baseline = replace(policy, levers=lever_paths(batch[entry.baseline].scenario, scenario.world))
    cases = [baseline, policy]
    if by == CHANNEL:
        names = list(channels())
        for name in names:
            cases += [replace(one, without=(name,)) for one in (baseline, policy)]
        return names, cases
    names = [factor.name for factor in policy_factors(scenario)[:-1]]
    links = projects_of(scenario.levers, scenario.world)
    for one in active_entries(scenario):
        left = lever_paths(_less(scenario, one), scenario.world, links)
        cases.append(replace(policy, levers=left))
    return names, cases


def _less(scenario: Scenario, entry: LeverEntry) -> Scenario:
    """The scenario without one of its entries."""
    left = [other for other in scenario.levers if other is not entry]
    return replace(scenario, levers=tuple(left))


@dataclass(frozen=True, eq=False)
class _Task:
    """The runs that are to be made, and what is measured: one KPI of one place in every year."""

    cases: Sequence[engine.Case]
    kpi: str
    economies: tuple[str, ...]
    region: Region
    seed: int
    members: int

    @property
    def blocks(self) -> list[range]:
        """Members that run side by side."""
        size = engine.PART
        return [range(k, min(k + size, self.members)) for k in range(0, self.members, size)]

    def values(self, number: int) -> Array:
        """The KPI of the place, (year, member), of one case and block."""
        block, case = divmod(number, len(self.cases))
        kpi = BY_ID[self.kpi]
        weight = weight_column(kpi)
        columns = tuple(dict.fromkeys([kpi.id, *([weight] if weight else [])]))
        task = engine.Task(self.cases[case], self.seed, self.blocks[block], columns)
        measured = dict(zip(columns, engine.run_task(task), strict=True))
        return at_place(kpi, measured, self.region, self.economies)


_prepared: list[_Task] = []


def _prepare(task: _Task) -> None:
    _prepared[:] = [task]


def _work(number: int) -> Array:
    return _prepared[0].values(number)


def _run(task: _Task, workers: int, progress: Progress | None) -> Array:
    """The KPI of the place in every run, (case, year, member). Raises Unfinished."""
    cases, blocks = len(task.cases), len(task.blocks)
    found: list[list[Array]] = [[np.empty(0)] * blocks for _ in range(cases)]
    try:
        with closing(run_each(_work, cases * blocks, workers, _prepare, (task,))) as results:
            for done, (number, values) in enumerate(results, start=1):
                block, case = divmod(number, cases)
                found[case][block] = values
                if progress:
                    progress("run", done, cases * blocks)
    except WorkerDied as error:
        raise Unfinished(str(error)) from error
    return np.stack([np.concatenate(parts, axis=1) for parts in found])


def _effects(kpi: Kpi, values: Array, by: str) -> Array:
    """The full effect, then that without each name, (1 + name, year, member)."""
    if by == LEVER:
        return np.stack([change(kpi, policy, values[0].copy()) for policy in values[1:]])
    pairs = zip(values[0::2], values[1::2], strict=True)
    return np.stack([change(kpi, policy, base.copy()) for base, policy in pairs])


def _parts(names: Sequence[str], effects: Array) -> dict[tuple[str, str], Array]:
    """What each name contributes, (year, member), by stage and name; then the rest of the stage.

    The full effect comes first. Channels that do nothing stay, with zeros; a stage of which all
    do nothing is left out.
    """
    full = effects[0]
    own = {name: full - one for name, one in zip(names, effects[1:], strict=True)}
    found = {("", FULL): full}
    for stage, members in _staged(names).items():
        parts = {name: own[name] for name in members}
        if stage == REACH and all(np.abs(part).max() < NO_DIFFERENCE for part in parts.values()):
            continue
        found |= {(stage, name): part for name, part in parts.items()}
        found[stage, RESTS[stage]] = full - np.sum(list(parts.values()), axis=0)
    return found


def _staged(names: Sequence[str]) -> dict[str, list[str]]:
    """Names by stage: channels in two, levers in one."""
    if not set(names) <= set(channels()):
        return {LEVER: list(names)}
    reach = [name for name in names if name in STAGES[REACH]]
    return {REACH: reach, YIELD: [name for name in names if name not in reach]}


def _table(parts: Mapping[tuple[str, str], Array], year: int, start: int) -> pd.DataFrame:
    """The parts of the effect in a year (positions), the largest of each stage first."""
    full = float(parts["", FULL][year].mean())
    rows: list[dict[str, object]] = []
    for (stage, name), part in parts.items():
        mean = float(part[year].mean())
        share = mean / full if abs(full) > NO_DIFFERENCE else np.nan
        rows.append(
            {"stage": stage, "name": name, "mean": mean, **_bands(part[year]), "share": share,
             **_lags(part.mean(axis=1)[: year + 1], start)}
        )  # fmt: skip
    order = list(dict.fromkeys(stage for stage, _ in parts))
    rows.sort(key=lambda row: (order.index(str(row["stage"])), row["name"] in RESTS.values(),
                               -abs(float(str(row["mean"])))))  # fmt: skip
    return pd.DataFrame(rows)


def _by_year(parts: Mapping[tuple[str, str], Array], first: int, start: int) -> pd.DataFrame:
    """Every part in every year from the first of the policy on."""
    rows = [
        {"stage": stage, "name": name, "year": first + place, "years_since_start":
         first + place - start, "mean": float(values.mean()), **_bands(values)}
        for (stage, name), part in parts.items()
        for place, values in enumerate(part)
        if first + place >= start
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _bands(values: Array) -> dict[str, float]:
    return {name: float(np.quantile(values, share)) for name, share in QUANTILES.items()}


def _lags(path: Array, start: int) -> dict[str, float]:
    """Years from the first of the policy until parts of the last effect are reached for good.

    NaN for what has no effect in the end. ``path`` ends with the year that is explained.
    """
    last = path[-1]
    if abs(last) < NO_DIFFERENCE:
        return dict.fromkeys(PARTS, np.nan)
    below = {name: np.flatnonzero(path / last < share) for name, share in PARTS.items()}
    return {
        name: float(max((years[-1] + 1 if len(years) else 0) - start, 0))
        for name, years in below.items()
    }
