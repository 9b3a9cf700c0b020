"""Evidence: the runs of a sensitivity analysis, block by block, on any number of workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.evidence.sobol.factors import (
    BASE_YEAR,
    FITTED,
    Factor,
    Plans,
    design,
    normals_at,
    rows_at,
)
from sim.experiment import draws, start
from sim.experiment.posterior import Fitted, Posterior
from sim.experiment.summary import change
from sim.kpi.registry import BY_ID, COLUMN_BY_ID, Kpi, aggregate, measure, weight_column
from sim.model import parameters
from sim.model.quantities import Array, Draws, Levers, State
from sim.model.run import run
from sim.model.setup import Setup
from sim.policy import Scenario
from sim.policy.paths import empty_paths
from sim.policy.projects import projects_of
from sim.processes import run_each
from sim.region.region import Region

#: Draws of which groups of assumptions take a row: so many, or as many as a larger design has rows.
BANK = 4096
#: Points that run side by side, about: their state stays in cache.
BLOCK = 256
#: What an analysis varies: assumptions; policies, while assumptions and luck are drawn; policies,
#: while assumptions stay at their centre and luck is drawn.
ASSUMPTIONS, POLICIES, CENTRAL = "assumptions", "policies", "policies at central assumptions"
#: What of a KPI is analysed: its level without policy, and a policy's effect on it.
LEVELS, EFFECTS = "level", "effect"

Rows = NDArray[np.int64]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """What all analyses share: the region, the policy, what is measured where and when.

    ``places`` are names of economies and of regions, with the economies that they add up.
    """

    region: Region
    posterior: Posterior | None
    scenario: Scenario | None
    kpis: tuple[str, ...]
    year: int
    places: Mapping[str, tuple[str, ...]]
    points: int
    seed: int


@dataclass(frozen=True, eq=False)
class Study:
    """One analysis: what it varies, and what of each KPI it looks at."""

    ground: Ground
    analysis: str
    factors: tuple[Factor, ...]
    outputs: tuple[str, ...]
    replicates: int

    @cached_property
    def uniforms(self) -> Array:
        """The design, (row, column, factor)."""
        return design(len(self.factors), self.ground.points, self.ground.seed)

    @property
    def columns(self) -> int:
        """Points in a row of the design: A, one a factor, B."""
        return len(self.factors) + 2

    @property
    def rows_per_block(self) -> int:
        """Rows of the design that run together."""
        return max(1, BLOCK // self.columns)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.ground.points // self.rows_per_block)

    @property
    def size(self) -> int:
        """Figures that come of it."""
        ground = self.ground
        each = len(self.outputs) * len(ground.kpis) * len(ground.places) * self.replicates
        return ground.points * self.columns * each

    @property
    def runs(self) -> int:
        """Runs of the model that it takes, with policy and without."""
        without = self.columns if self.analysis == ASSUMPTIONS else 2
        together = without + (self.columns if EFFECTS in self.outputs else 0)
        return self.ground.points * self.replicates * together


def measured(study: Study, workers: int, progress: Progress | None = None) -> Array:
    """Every output at every point, (output, kpi, place, row, column, replicate).

    The same numbers for any number of workers: what runs together is fixed by the design.
    """
    ground = study.ground
    shape = (ground.points, study.columns, study.replicates)
    found = np.empty((len(study.outputs), len(ground.kpis), len(ground.places), *shape))
    size, done = study.rows_per_block, 0
    given = (study,)
    with closing(run_each(_work, study.blocks, workers, _prepare, given)) as results:
        for number, values in results:
            found[:, :, :, number * size : (number + 1) * size] = values
            done += 1
            if progress:
                progress(f"{study.analysis} block", done, study.blocks)
    return found


_prepared: list[_Worker] = []


def _prepare(study: Study) -> None:
    _prepared[:] = [_Worker(study)]


def _work(number: int) -> Array:
    return _prepared[0].block(number)


class _Worker:
    """What one process makes ready once: the world, the bank of draws, the plans of a scenario."""

    def __init__(self, study: Study) -> None:
        ground = study.ground
        self.study, self.ground = study, ground
        self.economies = len(ground.region.economies)
        scenario, region = ground.scenario, ground.region
        projects = projects_of(scenario.levers, region) if scenario else ()
        self.world = start.build_world(region, ground.year, ground.posterior, projects)
        self.years = ground.year - ground.region.base_year
        self.kpis = [BY_ID[name] for name in ground.kpis]
        weights = (weight_column(kpi) for kpi in self.kpis)
        names = dict.fromkeys([*ground.kpis, *(name for name in weights if name)])
        self.columns = {name: COLUMN_BY_ID[name] for name in names}
        self.centred: dict[int, Setup] = {}
        self.plans = Plans(ground.scenario, ground.region) if ground.scenario else None
        if study.analysis == ASSUMPTIONS:
            places, held = parameters.count_draws(self.economies), range(max(BANK, ground.points))
            self.bank = draws.parameter_normals(ground.seed, held, places)
            self.laws = draws.start_normals(ground.seed, held, self.economies)

    def block(self, number: int) -> Array:
        """The outputs of some rows, (output, kpi, place, row, column, replicate)."""
        study, ground = self.study, self.ground
        first = number * study.rows_per_block
        rows = range(first, min(first + study.rows_per_block, ground.points))
        uniforms = study.uniforms[rows.start : rows.stop].reshape(-1, len(study.factors))
        setup = self._designed(uniforms) if study.analysis == ASSUMPTIONS else None
        found = []
        for replicate in range(study.replicates):
            members, chosen = self._luck(rows, replicate)
            if setup is not None:
                found.append(self._at_points(setup, members, chosen))
            else:
                found.append(self._policies(uniforms, members, chosen))
        values = np.stack(found, axis=-1)
        return values.reshape(*values.shape[:3], len(rows), study.columns, study.replicates)

    def _luck(self, rows: range, replicate: int) -> tuple[range, Rows]:
        """Ensemble members whose luck a block needs, and which of them each point has, (point,).

        A point of a row has that of A, but for B and for the last factor, which have that of B.
        """
        each = 2 * self.ground.points
        offset = replicate * each
        members = range(offset + 2 * rows.start, offset + 2 * rows.stop)
        columns = np.zeros(self.study.columns, dtype=np.int64)
        columns[-2:] = 1
        chosen = 2 * np.arange(len(rows))[:, None] + columns
        return members, chosen.ravel()

    def _years(self, members: range) -> list[Draws]:
        """The luck of each year."""
        return list(draws.world_draws(self.ground.seed, members, self.world))

    def _nothing(self) -> Levers:
        """The paths of a scenario without policy."""
        world = self.world
        return empty_paths(self.years, self.economies, len(world.systems), len(world.instruments))

    def _at_points(self, setup: Setup, members: range, chosen: Rows) -> Array:
        """Levels without policy and, if asked, effects of it, (output, kpi, place, point)."""
        luck = [_taken(year, chosen) for year in self._years(members)]
        base = self._run(
            setup, empty_paths(self.years, self.economies, len(self.world.systems)), luck
        )
        if EFFECTS not in self.study.outputs:
            return base[None]
        assert self.plans is not None
        policy = self._run(setup, self.plans.whole, luck)
        return np.stack([base, self._change(policy, base.copy())])

    def _policies(self, uniforms: Array, members: range, chosen: Rows) -> Array:
        """Effects of plans that are carried out in part, (1, kpi, place, point).

        The points of a row share the run without policy.
        """
        assert self.plans is not None
        nothing, luck = (
            empty_paths(self.years, self.economies, len(self.world.systems)),
            self._years(members),
        )
        base = self._run(self._setup(members), nothing, luck)
        levers = self.plans.at(uniforms[:, :-1])
        luck = [_taken(year, chosen) for year in luck]
        policy = self._run(self._setup(members, chosen), levers, luck)
        return self._change(policy, base[..., chosen])[None]

    def _change(self, policy: Array, base: Array) -> Array:
        """Effects by the rule of each KPI, (kpi, place, point), in place of ``base``."""
        for kpi, with_policy, without in zip(self.kpis, policy, base, strict=True):
            change(kpi, with_policy, without)
        return base

    def _designed(self, uniforms: Array) -> Setup:
        """The start at each point of a design of assumptions."""
        region, posterior = self.ground.region, self.ground.posterior
        names = [factor.name for factor in self.study.factors]
        normals = normals_at(self.study.factors, uniforms, self.bank)
        laws = self.laws[rows_at(uniforms[:, names.index(BASE_YEAR)], len(self.laws))]
        fitted = None
        if posterior is not None:
            fitted = posterior.draw(rows_at(uniforms[:, names.index(FITTED)], posterior.size))
        return start.setup_of(region, self.world, normals, laws, fitted)

    def _setup(self, members: range, chosen: Rows | slice = slice(None)) -> Setup:
        """The start of ensemble members as a batch would draw them, or at the centre."""
        ground, posterior = self.ground, self.ground.posterior
        if self.study.analysis == CENTRAL:
            return self._centred(len(np.arange(len(members))[chosen]))
        places = parameters.count_draws(self.economies)
        normals = draws.parameter_normals(ground.seed, members, places)[chosen]
        laws = draws.start_normals(ground.seed, members, self.economies)[chosen]
        fitted = None
        if posterior is not None:
            fitted = posterior.draw(posterior.rows(ground.seed, members)[chosen])
        return start.setup_of(ground.region, self.world, normals, laws, fitted)

    def _centred(self, points: int) -> Setup:
        """The start at the centre of all assumptions, made once; a run changes nothing in it."""
        if points not in self.centred:
            region, posterior = self.ground.region, self.ground.posterior
            normals = np.zeros((points, parameters.count_draws(self.economies)))
            laws = np.zeros((points, *region.provisions.shape))
            fitted = None if posterior is None else _centre(posterior, points)
            self.centred[points] = start.setup_of(region, self.world, normals, laws, fitted)
        return self.centred[points]

    def _run(self, setup: Setup, levers: Levers, luck: list[Draws]) -> Array:
        """KPIs of places in the year, (kpi, place, point)."""
        points = len(luck[0].region_growth)
        seen = np.empty((len(self.columns), points, self.economies))

        def observe(state: State, year: int) -> None:
            if year == self.ground.year:
                measure(state, seen, columns=list(self.columns.values()))

        run(setup, levers, luck, observe)
        values = dict(zip(self.columns, seen, strict=True))
        return np.stack([[self._at(kpi, place, values) for place in self.ground.places]
                         for kpi in self.kpis])  # fmt: skip

    def _at(self, kpi: Kpi, place: str, values: Mapping[str, Array]) -> Array:
        """A KPI of an economy, or of a region by the KPI's rule, (point,)."""
        return at_place(kpi, values, self.ground.region, self.ground.places[place])


def at_place(
    kpi: Kpi, values: Mapping[str, Array], region: Region, economies: Sequence[str]
) -> Array:
    """A KPI of one economy, or of several by the KPI's rule, without the last axis.

    ``values`` (..., economy) are columns of a run: the KPI and what it is weighted with.
    """
    chosen = [region.economies.index(code) for code in economies]
    if len(chosen) == 1:
        return values[kpi.id][..., chosen[0]]
    weight = weight_column(kpi)
    weights = None if weight is None else values[weight][..., chosen]
    return aggregate(kpi, values[kpi.id][..., chosen], weights)


def _taken(year: Draws, chosen: Rows) -> Draws:
    """The luck of a year for each point, from that of the members that they are."""
    return Draws(**{item.name: getattr(year, item.name)[chosen] for item in fields(Draws)})


def _centre(posterior: Posterior, points: int) -> Fitted:
    """The mean of the fitted ensemble, at each point."""

    def mean(values: Array) -> Array:
        return np.repeat(values.mean(axis=0, keepdims=True), points, axis=0)

    return Fitted(
        fitted=posterior.fitted,
        shared={name: mean(values)[:, None] for name, values in posterior.shared.items()},
        own={name: mean(values) for name, values in posterior.own.items()},
    )
