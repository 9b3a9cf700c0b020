"""The closing summary: what each policy does to the region and what it costs, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.kpi.registry import KPIS, Kpi
from sim.report import blocks
from sim.report.blocks import Block, Heading, Table
from sim.report.cost_words import MOST_NAMED, aimed_at, cost_paragraph
from sim.report.moved import moved_most
from sim.report.words import (
    EVIDENCE_HEAD,
    better_in,
    counted,
    effect_decimals,
    grades_sentence,
    headline_place,
    kpi_label,
    number,
    place_name,
    split_places,
)

if TYPE_CHECKING:
    import pandas as pd

#: The years of the tables, and the headline that has a paragraph instead.
YEARS = (2030, 2035)
COST = "programme_cost"
#: Economies named at each end.
NAMED = 3


@dataclass(frozen=True)
class _Part:
    """The rows of one scenario, of its baseline and of the effects; names; whether it has bands."""

    scenario: str
    own: pd.DataFrame
    base: pd.DataFrame | None
    change: pd.DataFrame | None
    names: Mapping[str, str]
    banded: bool


def closing_summary(
    projections: pd.DataFrame,
    effects: pd.DataFrame | None,
    costs: pd.DataFrame | None,
    scenarios: Mapping[str, str],
    members: int,
    seed: int,
    *,
    names: Mapping[str, str] | None = None,
    parameters: str = "priors",
    warnings: Sequence[str] = (),
    markdown: bool = False,
) -> str:
    """What a batch found, in at most 100 columns, or in Markdown.

    ``scenarios`` gives the baseline of each scenario (a baseline may be its own). For each policy:
    headline KPIs of the region in 2030 and 2035, or at the horizon where that comes first, and of
    the economies that it is aimed at, if these are few; the best and least served economies; costs
    by payer. ``names`` gives the names of economies by code; ``parameters`` says in a few words
    where they come from, ``warnings`` what speaks against them.
    """
    policies = {name: base for name, base in scenarios.items() if name != base}
    written: list[Block] = [Heading(f"Results of {counted(members)}, seed {seed}", 1)]
    for name in policies or scenarios or dict.fromkeys(projections["scenario"]):
        base = policies.get(name)
        part = _Part(
            name,
            projections[projections["scenario"] == name],
            None if base is None else projections[projections["scenario"] == base],
            None if base is None or effects is None else effects[effects["scenario"] == name],
            names or {},
            members > 1,
        )
        written.append(Heading(name if base is None else f"{name} against {base}", 2))
        written += _alone(part) if base is None else _policy(part, costs)
    written += [f"Warning: {warning}." for warning in warnings]
    written += [*_notes(members, parameters, bool(policies)), grades_sentence(bool(policies))]
    written = [block for block in written if block]
    return "\n".join(blocks.markdown(written) if markdown else blocks.plain(written)).strip()


def _notes(members: int, parameters: str, compared: bool) -> Iterator[str]:
    """How to read the figures."""
    effect = (
        "an effect is the difference between policy and baseline within each member, in the unit "
        "of the KPI or, where marked %, in percent of the baseline."
    )
    if members == 1:
        yield (
            f"One member has no bands, and its chance is one of many ({parameters}): run more "
            "members for medians and 90 % bands." + (f" A{effect[1:]}" if compared else "")
        )
        return
    text = (
        f"Medians of {counted(members)} that differ in parameters ({parameters}) and in chance. "
        "Bands in brackets hold 90 % of the members"
    )
    if not compared:
        yield f"{text}."
        return
    yield (
        f"{text}; {effect} Better in: the share of members in which the policy improves the KPI "
        "(- where there is no effect). That share partly follows from the priors, which keep "
        "nearly all effects of programmes at zero or above: a high one is not evidence that a "
        "policy works."
    )


def _policy(part: _Part, costs: pd.DataFrame | None) -> Iterator[Block]:
    economies, regions = split_places(part.own, names=part.names)
    aimed = aimed_at(costs, part.scenario, economies)
    shown = ((headline_place(regions),) if regions else ()) + aimed[:MOST_NAMED]
    if part.change is not None:
        for place in shown:
            # Several economies have a table each, for the horizon.
            last_only = place in aimed and len(aimed) > 1
            for year in _years(part.own)[-1 if last_only else 0 :]:
                yield _effect_table(part, place, year)
        more = len(aimed) - MOST_NAMED
        if more > 0:
            others = ", ".join(part.names.get(code, code) for code in aimed[MOST_NAMED:])
            yield f"{more} more with programmes: {others}. All effects are in effects.csv."
    if regions and part.base is not None and part.change is not None:
        years = _years(part.own)
        yield moved_most(part.base, part.change, headline_place(regions), years, part.banded)
    yield _ends(part, economies)
    place = headline_place(regions or ("all economies",))
    names = {**part.names, place: _title(place, part.names)}
    yield cost_paragraph(part.own, costs, part.scenario, place, economies, names)


def _alone(part: _Part) -> Iterator[Block]:
    """A scenario without one to compare with."""
    economies, regions = split_places(part.own, names=part.names)
    for year in _years(part.own):
        if regions:
            region = headline_place(regions)
            rows = []
            for kpi in _headlines(part.own):
                row = _row(part.own, kpi.id, region, year)
                if row is not None:
                    cells = (number(row["median"], kpi.decimals), _band(row, kpi.decimals))
                    rows.append((kpi_label(kpi), kpi.mark, *cells[: 1 + part.banded]))
            heads = ("Median", "90 % band") if part.banded else ("Value",)
            title = f"{_title(region, part.names)} in {year}"
            yield Table((title, EVIDENCE_HEAD, *heads), tuple(rows))
    yield _ends(part, economies)


def _title(place: str, names: Mapping[str, str]) -> str:
    """A place's name, with the name of the economy that is left out."""
    whole, without, code = place.partition(" without ")
    return names.get(place) or f"{place_name(whole)}{without}{names.get(code, code)}"


def _years(rows: pd.DataFrame) -> list[int]:
    """The years of the strategies as far as the run goes, and its horizon."""
    horizon = int(rows["year"].max())
    return sorted({*(min(year, horizon) for year in YEARS), horizon})


def _headlines(rows: pd.DataFrame) -> list[Kpi]:
    present = set(rows["kpi"])
    return [kpi for kpi in KPIS if kpi.headline and kpi.id != COST and kpi.id in present]


def _effect_table(part: _Part, place: str, year: int) -> Table:
    rows = []
    for kpi in _headlines(part.own):
        frames = (part.base, part.own, part.change)
        found = [None if frame is None else _row(frame, kpi.id, place, year) for frame in frames]
        without, policy, effect = found
        if without is None or policy is None or effect is None:
            continue
        digits = effect_decimals(kpi)
        unit = " %" if kpi.effect == "percent" else ""
        change = f"{number(effect['median'], digits, sign=True)}{unit}"
        levels = (number(row["median"], kpi.decimals) for row in (without, policy))
        if part.banded:
            change += f" ({_band(effect, digits, sign=True)})"
            share = better_in(effect["probability_better"], effect["q05"], effect["q95"], digits)
            rows.append((kpi_label(kpi), kpi.mark, *levels, change, share))
        else:
            rows.append((kpi_label(kpi), kpi.mark, *levels, change))
    heads = ("Effect (90 % band)", "Better in") if part.banded else ("Effect",)
    title = f"{_title(place, part.names)} in {year}"
    return Table((title, EVIDENCE_HEAD, "Baseline", "Policy", *heads), tuple(rows))


def _row(frame: pd.DataFrame, kpi: str, place: str, year: int) -> pd.Series | None:
    kept = (frame["kpi"] == kpi) & (frame["economy"] == place) & (frame["year"] == year)
    rows = frame[kept]
    return rows.iloc[0] if len(rows) else None


def _band(row: pd.Series, decimals: int, sign: bool = False) -> str:
    return f"{number(row['q05'], decimals, sign)} to {number(row['q95'], decimals, sign)}"


def _ends(part: _Part, economies: Sequence[str]) -> str:
    """The economies with the most and the least internet users."""
    year = int(part.own["year"].max())

    def medians(frame: pd.DataFrame) -> pd.Series:
        kept = (frame["kpi"] == "internet_users") & (frame["year"] == year)
        return frame[kept & frame["economy"].isin(economies)].set_index("economy")["median"]

    users = medians(part.own).sort_values(kind="stable")
    if users.empty:
        return ""
    before = None if part.base is None else medians(part.base)

    def said(places: Sequence[str]) -> str:
        texts = []
        for place in places:
            text = f"{part.names.get(place, place)} {number(users[place], 1)}"
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
