"""The figures of a batch: which are drawn, what they are called, and where they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.kpi.registry import BY_ID
from sim.report.cost_tables import economies_gdp, programme_years
from sim.report.heat import heat_pages
from sim.report.plots import (
    cost_chart,
    effect_heat_map,
    fan_chart,
    network_map,
    save,
)
from sim.report.words import (
    counted,
    economies_of,
    file_word,
    headline_place,
    inside_sentence,
    shortened,
    split_places,
)

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
    "digital_services_exports",
    "msme_adoption",
    "egovernment",
)
#: The year of the strategies, for which effects are shown besides the horizon.
TARGET_YEAR = 2030

Progress = Callable[[int, int], None]
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
    def shared(self) -> dict[str, Any]:
        """What every chart is told."""
        return {
            "region": self.region,
            "members": self.members,
            "parameters": self.parameters,
        }

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
    tables give the same bytes. ``progress`` is told how many are written, of how many. Scenarios of
    other regions in the tables are left alone.
    """
    pairs = dict(scenarios) or {name: name for name in projections["scenario"].unique()}
    drawings: list[Drawing] = []
    for scenario, word in file_words(list(pairs)).items():
        baseline = pairs[scenario]
        kept = projections[projections["scenario"].isin((scenario, baseline))]
        tables = Tables(region, kept, effects, costs, members, parameters)
        if scenario != baseline:
            drawn = policy_drawings(tables, scenario, baseline, kpis)
        else:
            drawn = _fans(tables, scenario, None, kpis)
        drawings += [(f"{name}-{word}.png", draw) for name, draw in drawn]
    paths = []
    for number, (file, draw) in enumerate(drawings, start=1):
        path = save(draw(), Path(folder) / "figures" / file)
        paths.append(path)
        if progress is not None:
            progress(number, len(drawings))
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
    tables: Tables, scenario: str, baseline: str, fans: Sequence[str] = FANS
) -> Iterator[Drawing]:
    """The figures of one policy: the start of a file's name, and a function that draws it."""
    yield from _fans(tables, scenario, baseline, fans)
    yield "map-trade", partial(_map, tables, scenario, baseline, "trade", "goods_exports", "gdp")
    yield (
        "map-fibre",
        partial(_map, tables, scenario, baseline, "fibre", "internet_users", "population"),
    )
    for year in tables.years:
        name = "effects" if year == tables.horizon else f"effects-{year}"
        for number, kpis in enumerate(heat_pages(tables.effects, scenario, year), start=1):
            page = f"{name}-page-{number}" if number > 1 else name
            yield (
                page,
                partial(
                    effect_heat_map, tables.effects, scenario, year, kpis=kpis, **tables.shared
                ),
            )
    own = tables.projections[tables.projections["scenario"] == scenario]
    economies, regions = split_places(own, tables.region)
    place = headline_place(regions or (tables.region.name,))
    gdp = economies_gdp(tables.projections, scenario, economies_of(place, economies))
    yield (
        "costs",
        partial(cost_chart, tables.costs, scenario, place=place, gdp=gdp, **tables.shared),
    )


def _fans(
    tables: Tables, scenario: str, baseline: str | None, kpis: Sequence[str]
) -> Iterator[Drawing]:
    known = set(tables.projections["kpi"])
    years = None if baseline is None else programme_years(tables.costs, scenario)
    effects = None if baseline is None else tables.effects
    for kpi in (one for one in kpis if one in known):
        yield (
            f"fan-{kpi}",
            partial(
                fan_chart,
                tables.projections,
                scenario,
                baseline,
                kpi,
                effects=effects,
                policy_years=years,
                **tables.shared,
            ),
        )


def _map(
    tables: Tables,
    scenario: str,
    baseline: str,
    kind: Literal["trade", "fibre"],
    kpi: str,
    size: str,
) -> Figure:
    """A network, coloured by the effect on a KPI that it matters for."""
    measure, year = BY_ID[kpi], tables.horizon
    unit = "% of the baseline" if measure.effect == "percent" else "percentage points"
    return network_map(
        tables.region,
        medians(tables.effects, scenario, kpi, year),
        kind,
        kpi,
        f"{measure.title} in {year}: effect of the policy, and the {kind} network",
        subtitle=f"{shortened(scenario, 60)} against {shortened(baseline, 60)}",
        label=f"Effect on {inside_sentence(measure.title)}, {unit}",
        size=size,
        decimals=1,
        signed=True,
        footer="One member." if tables.members == 1 else f"Medians of {counted(tables.members)}.",
    )


def medians(table: pd.DataFrame, scenario: str, kpi: str, year: int) -> pd.Series:
    """Medians of one KPI in one year, by place."""
    kept = (table["scenario"] == scenario) & (table["kpi"] == kpi) & (table["year"] == year)
    return table[kept].set_index("economy")["median"]
