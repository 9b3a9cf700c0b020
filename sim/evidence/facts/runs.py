"""Evidence: runs of the model that checks and comparisons read, and figures made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment import engine
from sim.experiment.plan import make_plan
from sim.kpi.registry import BY_ID, aggregate, weight_column
from sim.model import connectivity, parameters
from sim.model.quantities import Array
from sim.policy import Scenario
from sim.region.region import Region

BASELINE = "baseline"
#: The year in which levers of the checks start, and that in which their effects are read, counted
#: from the base year: five years of policy, to 2030.
START, READ = 3, 7
#: The last year of the runs, counted from the base year.
LAST = 12
#: Cover that counts as universal, and the years in which it is built (evidence C02: ten).
UNIVERSAL = 0.99
BUILD_YEARS = 10
#: Cover that is nearer to 0 or 1 than this says nothing about its cost.
EDGE = 1e-6

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Runs:
    """Measured columns of scenarios: by name (column, year, member, economy)."""

    region: Region
    columns: tuple[str, ...]
    measured: Mapping[str, Array]

    def values(self, column: str, year: int, scenario: str = BASELINE) -> Array:
        """A column in a calendar year, (member, economy), in the unit of the registry."""
        row = self.columns.index(column)
        return np.asarray(self.measured[scenario][row, year - self.region.base_year])

    def change(self, column: str, year: int, scenario: str) -> Array:
        """A scenario less the baseline: difference of the column, (member, economy)."""
        return self.values(column, year, scenario) - self.values(column, year)

    def percent(self, column: str, year: int, scenario: str) -> Array:
        """A scenario against the baseline in %, (member, economy)."""
        return 100.0 * (self.values(column, year, scenario) / self.values(column, year) - 1.0)

    def together(
        self, kpi: str, year: int, scenario: str = BASELINE, who: Sequence[str] | None = None
    ) -> Array:
        """A KPI of some economies (default: all) together, (member,), by the KPI's own rule."""
        codes = self.region.economies
        at = [codes.index(code) for code in (codes if who is None else who)]
        weight = weight_column(BY_ID[kpi])
        weights = self.values(weight, year, scenario)[:, at] if weight else None
        return aggregate(BY_ID[kpi], self.values(kpi, year, scenario)[:, at], weights)


def run_scenarios(
    region: Region,
    scenarios: Sequence[Scenario],
    columns: Sequence[str],
    seed: int,
    members: int,
    progress: Progress | None = None,
) -> Runs:
    """Run scenarios of one horizon, and the baseline, for the same members.

    Scenarios are run by name, which must differ; ``columns`` are KPIs and other columns of the
    registry. Raises InputError as ``make_plan`` does.
    """
    horizon = region.base_year + LAST if not scenarios else scenarios[0].horizon
    base = Scenario.baseline(region, horizon, BASELINE)
    asked = [base, *scenarios]
    cases = make_plan(asked, members, seed).cases
    wanted = tuple(column for column in engine.ALL_COLUMNS if column in columns)
    measured = {}
    for count, scenario in enumerate(asked):
        if progress:
            progress("runs", count, len(asked))
        parts = engine.parts(cases[scenario.name], seed, members, wanted)
        measured[scenario.name] = np.concatenate([engine.run_task(part) for part in parts], axis=2)
    if progress:
        progress("runs", len(asked), len(asked))
    return Runs(region, wanted, measured)


#: Columns that the cost of cover is made of.
COVER_COLUMNS = ("coverage", "rural_coverage", "gdp", "population")


def cost_of_cover(runs: Runs, anew: bool) -> Array:
    """Cost of universal mobile cover, % of GDP a year for ten years, (member, economy).

    Cover is 1 - exp(-network / cost) in town and country; the cost follows from cover in the base
    year and from operators' network per person. The whole network for 99 % cover is laid
    ``anew``, as for a new technology, or else what is missing. It wears out meanwhile, as all
    networks do: yearly money = network * delta / (1 - (1 - delta)^10).
    """
    region, year = runs.region, runs.region.base_year
    p = parameters.central(len(region.economies))
    people = connectivity.zone_shares(region.base("urban_share"))
    income = 1e9 * runs.values("gdp", year) / runs.values("population", year)
    split = connectivity.operator_split(region.base("urban_share"), p.rural_stock_ratio)
    network = (p.operator_stock_ratio * income)[..., None] * split
    rural = runs.values("rural_coverage", year) / 100.0
    town = np.maximum(people[..., 0], EDGE)
    urban = (runs.values("coverage", year) / 100.0 - people[..., 1] * rural) / town
    cover = np.clip(np.stack([urban, rural], axis=-1), EDGE, 1.0 - EDGE)
    needed = network * np.log1p(-UNIVERSAL) / np.log1p(-cover)
    laid = needed if anew else np.maximum(needed - network, 0.0)
    wear = float(p.network_depreciation[0, 0])
    yearly = (laid * people).sum(axis=-1) * wear / (1.0 - (1.0 - wear) ** BUILD_YEARS)
    return np.asarray(100.0 * yearly / income)
