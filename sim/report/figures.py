"""The figures of a batch: which are drawn, what they are called, and where they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.kpi.registry import BY_ID
from sim.report.plots import (
    cost_chart,
    effect_heat_map,
    fan_chart,
    network_map,
    programme_years,
    save,
)
from sim.report.words import file_word, shortened, split_places

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.region.region import Region

#: KPIs that have a fan chart.
FANS = (
    "internet_users",
    "fixed_broadband",
    "basic_skills",
    "gdp_per_person",
    "digital_value_added",
    "goods_exports",
)
#: The year of the strategies, for which effects are shown besides the horizon.
TARGET_YEAR = 2030

Progress = Callable[[Path, int, int], None]
Drawing = tuple[str, Callable[[], "Figure"]]


@dataclass(frozen=True)
class Tables:
    """What the figures of a batch are drawn from; see ``sim.experiment.summary`` for the tables."""

    region: Region
    projections: pd.DataFrame
    effects: pd.DataFrame
    costs: pd.DataFrame
    members: int
    parameters: str

    @property
    def horizon(self) -> int:
        """The last year."""
        return int(self.projections["year"].max())

    @property
    def years(self) -> tuple[int, ...]:
        """The year of the strategies, if it comes before the horizon, and the horizon."""
        between = self.region.base_year < TARGET_YEAR < self.horizon
        return (TARGET_YEAR, self.horizon) if between else (self.horizon,)


def write_figures(
    folder: Path,
    region: Region,
    scenarios: Mapping[str, str],
    projections: pd.DataFrame,
    effects: pd.DataFrame,
    costs: pd.DataFrame,
    members: int,
    *,
    kpis: Sequence[str] = FANS,
    parameters: str = "prior parameters",
    progress: Progress | None = None,
) -> list[Path]:
    """Draw a set of figures for each policy and write them as PNG to ``<folder>/figures/``.

    ``scenarios`` gives the baseline of each policy; without any policy, each scenario of
    ``projections`` gets its fan charts. Each file is written whole or not at all, and the same
    tables give the same bytes. ``progress`` is told each path with its number and how many come.
    """
    tables = Tables(region, projections, effects, costs, members, parameters)
    names = file_words(list(scenarios) or list(dict.fromkeys(projections["scenario"])))
    drawings: list[Drawing] = []
    for scenario, word in names.items():
        if scenario in scenarios:
            drawn = policy_drawings(tables, scenario, scenarios[scenario], kpis)
        else:
            drawn = _fans(tables, scenario, None, kpis)
        drawings += [(f"{name}-{word}.png", draw) for name, draw in drawn]
    paths = []
    for number, (file, draw) in enumerate(drawings, start=1):
        path = save(draw(), Path(folder) / "figures" / file)
        paths.append(path)
        if progress is not None:
            progress(path, number, len(drawings))
    return paths


def file_words(scenarios: Sequence[str]) -> dict[str, str]:
    """A word for the files of each scenario; no two are the same, whatever the case."""
    words: dict[str, str] = {}
    taken: set[str] = set()
    for scenario in scenarios:
        word, count = file_word(scenario), 1
        while word.casefold() in taken:
            count += 1
            word = f"{file_word(scenario)}-{count}"
        taken.add(word.casefold())
        words[scenario] = word
    return words


def policy_drawings(
    tables: Tables, scenario: str, baseline: str, kpis: Sequence[str] = FANS
) -> Iterator[Drawing]:
    """The figures of one policy: the start of a file's name, and a function that draws it."""
    yield from _fans(tables, scenario, baseline, kpis)
    yield from _maps(tables, scenario, baseline)
    last = tables.horizon
    for year in tables.years:
        yield (
            "effects" if year == last else f"effects-{year}",
            lambda year=year: effect_heat_map(
                tables.effects,
                scenario,
                year,
                region=tables.region,
                members=tables.members,
                parameters=tables.parameters,
            ),
        )
    yield (
        "costs",
        lambda: cost_chart(
            tables.costs,
            scenario,
            gdp=region_gdp(tables.projections, scenario, tables.region),
            region=tables.region,
            members=tables.members,
            parameters=tables.parameters,
        ),
    )


def _fans(
    tables: Tables, scenario: str, baseline: str | None, kpis: Sequence[str]
) -> Iterator[Drawing]:
    known = set(tables.projections["kpi"])
    for kpi in (one for one in kpis if one in known):
        yield (
            f"fan-{kpi}",
            lambda kpi=kpi: fan_chart(
                tables.projections,
                scenario,
                baseline,
                kpi,
                region=tables.region,
                effects=None if baseline is None else tables.effects,
                members=tables.members,
                policy_years=None if baseline is None else programme_years(tables.costs, scenario),
                parameters=tables.parameters,
            ),
        )


def _maps(tables: Tables, scenario: str, baseline: str) -> Iterator[Drawing]:
    """Trade with the effect on exports, fibre with the effect on internet users."""
    year = tables.horizon
    name = f"{shortened(scenario, 60)} against {shortened(baseline, 60)}"
    footer = f"Medians of {tables.members:,} members."

    def draw(kind: str, kpi: str, size: str) -> Figure:
        measure = BY_ID[kpi]
        unit = "% of the baseline" if measure.effect == "percent" else "percentage points"
        return network_map(
            tables.region,
            medians(tables.effects, scenario, kpi, year),
            "trade" if kind == "trade" else "fibre",
            kpi,
            f"{measure.title} in {year}: effect of the policy, and the {kind} network",
            subtitle=name,
            label=f"Effect on {measure.title.lower()}, {unit}",
            size=size,
            decimals=1,
            signed=True,
            footer=footer,
        )

    yield "map-trade", lambda: draw("trade", "goods_exports", "gdp")
    yield "map-fibre", lambda: draw("fibre", "internet_users", "population")


def medians(table: pd.DataFrame, scenario: str, kpi: str, year: int) -> pd.Series:
    """Medians of one KPI in one year, by place."""
    kept = (table["scenario"] == scenario) & (table["kpi"] == kpi) & (table["year"] == year)
    return table[kept].set_index("economy")["median"]


def region_gdp(
    projections: pd.DataFrame, scenario: str, region: Region | None = None
) -> dict[int, float]:
    """Mean GDP of the whole region by year, USD mn of 2015: of its row, or of its economies."""
    kept = (projections["scenario"] == scenario) & (projections["kpi"] == "gdp")
    rows = projections[kept]
    economies, regions = split_places(projections, region)
    whole = rows[rows["economy"].isin(regions[:1] or economies)]
    return {int(year): 1e3 * gdp for year, gdp in whole.groupby("year")["mean"].sum().items()}
