"""The closing summary: what each policy does to the region and what it costs, as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.kpi.registry import KPIS, Kpi
from sim.report.cost_tables import cost_table, economies_gdp
from sim.report.words import effect_decimals, number, place_name, shortened, split_places

if TYPE_CHECKING:
    import pandas as pd

#: The width of the text, the years of its tables, and the headline that has a paragraph instead.
WIDTH = 100
YEARS = (2030, 2035)
COST = "programme_cost"
#: Economies named at each end.
NAMED = 3


@dataclass(frozen=True)
class Table:
    """A table of texts: the first column is set left, the others right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Heading:
    """A title, or a line above a part (``level`` 2)."""

    text: str
    level: int


Block = Heading | Table | str


def closing_summary(
    projections: pd.DataFrame,
    effects: pd.DataFrame | None,
    costs: pd.DataFrame | None,
    scenarios: Mapping[str, str],
    members: int,
    seed: int,
    *,
    names: Mapping[str, str] | None = None,
    parameters: str = "prior parameters",
    markdown: bool = False,
) -> str:
    """What a batch found, in at most 100 columns, or in Markdown.

    ``scenarios`` gives the baseline of each scenario (a baseline may be its own). For each policy:
    headline KPIs of the region in 2030 and 2035, or at the horizon where that comes first; the best
    and least served economies; costs by payer. ``names`` gives the names of economies by code.
    """
    policies = {name: base for name, base in scenarios.items() if name != base}
    blocks: list[Block] = [Heading(f"Results of {members:,} members, seed {seed}", 1)]
    for name, base in policies.items():
        blocks += _policy(projections, effects, costs, name, base, names)
    if not policies:
        for name in scenarios or dict.fromkeys(projections["scenario"]):
            blocks += _alone(projections, name, names)
    blocks.append(
        f"Medians of {members:,} members that differ in parameters ({parameters}) and in chance. "
        "Bands in brackets hold 90 % of the members"
        + (
            "; an effect is the difference between policy and baseline within each member, in the "
            "unit of the KPI or, where marked %, in percent of the baseline. Better in: the share "
            "of members in which the policy improves the KPI."
            if policies
            else "."
        )
    )
    return "\n".join(_markdown(blocks) if markdown else _plain(blocks)).strip()


def _policy(
    projections: pd.DataFrame,
    effects: pd.DataFrame | None,
    costs: pd.DataFrame | None,
    scenario: str,
    baseline: str,
    names: Mapping[str, str] | None,
) -> Iterator[Block]:
    own = projections[projections["scenario"] == scenario]
    base = projections[projections["scenario"] == baseline]
    change = None if effects is None else effects[effects["scenario"] == scenario]
    economies, regions = split_places(own, names=names)
    yield Heading(f"{scenario} against {baseline}", 2)
    for year in _years(own):
        if regions and change is not None:
            yield _effect_table(own, base, change, _headline_region(regions), year, names)
    yield _ends(own, base, economies, names)
    yield from _cost(projections, costs, scenario)


def _alone(
    projections: pd.DataFrame, scenario: str, names: Mapping[str, str] | None
) -> Iterator[Block]:
    """A scenario without one to compare with."""
    own = projections[projections["scenario"] == scenario]
    economies, regions = split_places(own, names=names)
    yield Heading(scenario, 2)
    for year in _years(own):
        if regions:
            region = _headline_region(regions)
            rows = []
            for kpi in _headlines(own):
                row = _row(own, kpi.id, region, year)
                if row is not None:
                    rows.append((_label(kpi), number(row["median"], kpi.decimals),
                                 _band(row, kpi.decimals)))  # fmt: skip
            head = (f"{_title(region, names)} in {year}", "Median", "90 % band")
            yield Table(head, tuple(rows))
    yield _ends(own, None, economies, names)


def _headline_region(regions: Sequence[str]) -> str:
    """The whole region, or the whole without the one economy that outweighs all others."""
    return next((region for region in regions if " without " in region), regions[0])


def _title(place: str, names: Mapping[str, str] | None) -> str:
    """A region's name, with the name of the economy that is left out."""
    whole, without, code = place.partition(" without ")
    return f"{place_name(whole)}{without}{(names or {}).get(code, code)}"


def _years(rows: pd.DataFrame) -> list[int]:
    """The years of the strategies as far as the run goes, and its horizon."""
    horizon = int(rows["year"].max())
    return sorted({*(min(year, horizon) for year in YEARS), horizon})


def _headlines(rows: pd.DataFrame) -> list[Kpi]:
    present = set(rows["kpi"])
    return [kpi for kpi in KPIS if kpi.headline and kpi.id != COST and kpi.id in present]


def _effect_table(
    own: pd.DataFrame,
    base: pd.DataFrame,
    change: pd.DataFrame,
    place: str,
    year: int,
    names: Mapping[str, str] | None,
) -> Table:
    rows = []
    for kpi in _headlines(own):
        found = [_row(frame, kpi.id, place, year) for frame in (base, own, change)]
        without, policy, effect = found
        if without is None or policy is None or effect is None:
            continue
        digits = effect_decimals(kpi)
        unit = " %" if kpi.effect == "percent" else ""
        rows.append(
            (
                _label(kpi),
                number(without["median"], kpi.decimals),
                number(policy["median"], kpi.decimals),
                f"{number(effect['median'], digits, sign=True)}{unit} "
                f"({_band(effect, digits, sign=True)})",
                _probability(effect, 0.5 * 10.0**-digits),
            )
        )
    head = (
        f"{_title(place, names)} in {year}",
        "Baseline",
        "Policy",
        "Effect (90 % band)",
        "Better in",
    )
    return Table(head, tuple(rows))


def _row(frame: pd.DataFrame, kpi: str, place: str, year: int) -> pd.Series | None:
    kept = (frame["kpi"] == kpi) & (frame["economy"] == place) & (frame["year"] == year)
    rows = frame[kept]
    return rows.iloc[0] if len(rows) else None


def _label(kpi: Kpi) -> str:
    return shortened(f"{kpi.title}, {kpi.unit}", 46)


def _band(row: pd.Series, decimals: int, sign: bool = False) -> str:
    return f"{number(row['q05'], decimals, sign)} to {number(row['q95'], decimals, sign)}"


def _probability(effect: pd.Series, least: float) -> str:
    """The share of members with a better KPI, in percent; no finite ensemble makes certain.

    "-" where the whole band is smaller than ``least``, which is shown as no effect.
    """
    value = effect["probability_better"]
    if value != value:
        return "n/a"
    if max(abs(effect["q05"]), abs(effect["q95"])) < least:
        return "-"
    if value > 0.995:
        return ">99 %"
    return "<1 %" if value < 0.005 else f"{100 * value:.0f} %"


def _ends(
    own: pd.DataFrame,
    base: pd.DataFrame | None,
    economies: Sequence[str],
    names: Mapping[str, str] | None,
) -> str:
    """The economies with the most and the least internet users."""
    year = int(own["year"].max())

    def medians(frame: pd.DataFrame) -> pd.Series:
        kept = (frame["kpi"] == "internet_users") & (frame["year"] == year)
        return frame[kept & frame["economy"].isin(economies)].set_index("economy")["median"]

    users = medians(own).sort_values(kind="stable")
    if users.empty:
        return ""
    before = None if base is None else medians(base)

    def said(places: Sequence[str]) -> str:
        texts = []
        for place in places:
            text = f"{(names or {}).get(place, place)} {number(users[place], 1)}"
            if before is not None and place in before:
                text += f" ({number(before[place], 1)})"
            texts.append(text)
        return ", ".join(texts)

    count = min(NAMED, max(len(users) // 2, 1))
    bracket = "" if before is None else " (in brackets: baseline)"
    return (
        f"Internet users in {year}, % of population{bracket}: "
        f"lowest {said(list(users.index[:count]))}; "
        f"highest {said(list(users.index[::-1][:count]))}."
    )


def _cost(
    projections: pd.DataFrame,
    costs: pd.DataFrame | None,
    scenario: str,
) -> Iterator[str]:
    """Public cost in all and a year, then who pays."""
    if costs is None or costs.empty:
        return
    rows = costs[costs["scenario"] == scenario]
    levers, payers = cost_table(rows, "lever"), cost_table(rows, "payer")
    yearly = levers.sum(axis=1)
    paid = yearly[yearly > 1e-9]
    if paid.empty:
        yield "Public cost: none."
        return
    payers_of = sorted(rows.loc[rows["usd_mn_2015"] > 1e-9, "economy"].unique())
    gdp = economies_gdp(projections, scenario, payers_of)
    first, last = int(paid.index[0]), int(paid.index[-1])
    span = f"{first}-{last}" if last > first else str(first)
    text = f"Public cost {span}: USD {_billions(paid.sum())} bn of 2015 in all"
    if all(int(year) in gdp for year in paid.index):
        share = (100.0 * paid / paid.index.map(gdp).to_numpy()).mean()
        many = f"the {len(payers_of)} economies" if len(payers_of) > 1 else "the one economy"
        text += f", {number(share, 3)} % a year of the GDP of {many} with programmes"
    by_payer = [
        f"{str(name).replace('_', ' ')} {_billions(money)}" for name, money in payers.sum().items()
    ]
    yield (
        f"{text}. Money by payer, with the private money that programmes draw in, USD bn: "
        f"{', '.join(by_payer)}."
    )


def _billions(millions: float) -> str:
    """USD mn as USD bn, with as many decimals as small programmes need."""
    billions = millions / 1e3
    return number(billions, 1 if abs(billions) >= 1 else 3)


def _plain(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            text = shortened(block.text, WIDTH)
            yield text
            yield ("=" if block.level == 1 else "-") * len(text)
        elif isinstance(block, Table):
            yield from _plain_table(block)
        else:
            yield from textwrap.wrap(block, WIDTH, break_on_hyphens=False)
        if not isinstance(block, Heading) or block.level == 1:
            yield ""


def _plain_table(table: Table) -> Iterator[str]:
    rows = (table.head, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    for row in rows:
        others = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([row[0].ljust(widths[0]), *others]).rstrip()


def _markdown(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * block.level} {_escaped(block.text)}"
        elif isinstance(block, Table):
            yield "| " + " | ".join(_escaped(text) for text in block.head) + " |"
            yield "|" + "|".join([":---", *["---:"] * (len(block.head) - 1)]) + "|"
            for row in block.rows:
                yield "| " + " | ".join(_escaped(text) for text in row) + " |"
        else:
            yield _escaped(block)
        yield ""


def _escaped(text: str) -> str:
    """Text whose characters Markdown does not take for marks."""
    for mark in "\\|*_`$<>[]#":
        text = text.replace(mark, f"\\{mark}")
    return text
