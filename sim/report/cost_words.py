"""The sentences of a summary on what a policy costs, and the economies that it is aimed at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.cost_tables import cost_table, economies_gdp, public_costs, share_of_gdp
from sim.report.words import billions, economies_of, number

if TYPE_CHECKING:
    import pandas as pd

#: The most economies that are named one by one.
MOST_NAMED = 3


def aimed_at(
    costs: pd.DataFrame | None, scenario: str, economies: Sequence[str]
) -> tuple[str, ...]:
    """The economies that a policy is aimed at, the costliest first; none if these are the most.

    They are those with programmes, where there is one or fewer than half of several economies.
    """
    if costs is None or costs.empty or len(economies) < 2:
        return ()
    found = tuple(public_costs(costs, scenario))
    return found if len(found) == 1 or 2 * len(found) < len(economies) else ()


def cost_paragraph(
    projections: pd.DataFrame,
    costs: pd.DataFrame | None,
    scenario: str,
    place: str,
    economies: Sequence[str],
    names: Mapping[str, str],
) -> str:
    """Public cost in a place, in all and against its GDP; what that leaves out; who pays.

    ``place`` is the whole region or the whole "without ISO3"; ``names`` has it and the economies.
    """
    if costs is None or costs.empty:
        return ""
    every = public_costs(costs, scenario)
    if not every:
        return "Public cost: none."
    inside = economies_of(place, economies)
    rows = costs[(costs["scenario"] == scenario) & costs["economy"].isin(inside)]
    sentences = [_in_all(projections, rows, scenario, inside, names.get(place, place))]
    sentences += _left_out(every, inside, names)
    aimed = [code for code in aimed_at(costs, scenario, economies) if code in inside]
    if aimed:
        sentences += _own_shares(projections, rows, scenario, aimed[:MOST_NAMED], names)
    sentences += _payers(rows)
    return " ".join(sentences)


def _in_all(
    projections: pd.DataFrame, rows: pd.DataFrame, scenario: str, inside: Sequence[str], name: str
) -> str:
    yearly = cost_table(rows, "lever").sum(axis=1)
    paid = yearly[yearly > 1e-9]
    if paid.empty:
        return f"Public cost in {name}: none."
    first, last = int(paid.index[0]), int(paid.index[-1])
    span = f"{first}-{last}" if last > first else str(first)
    text = f"Public cost in {name} {span}: USD {billions(paid.sum())} bn of 2015 in all"
    share = share_of_gdp(yearly, economies_gdp(projections, scenario, inside))
    return f"{text}." if share is None else f"{text}, {_percent(share)} a year of its GDP."


def _left_out(
    every: Mapping[str, float], inside: Sequence[str], names: Mapping[str, str]
) -> Iterator[str]:
    """What the economies cost that the place leaves out, and the total with them."""
    others = {code: money for code, money in every.items() if code not in inside}
    if others:
        named = ", ".join(
            f"{names.get(code, code)} (USD {billions(money)} bn)" for code, money in others.items()
        )
        yield f"With {named}: USD {billions(sum(every.values()))} bn."


def _own_shares(
    projections: pd.DataFrame,
    rows: pd.DataFrame,
    scenario: str,
    aimed: Sequence[str],
    names: Mapping[str, str],
) -> Iterator[str]:
    """The cost of single economies against their own GDP."""
    shares = []
    for code in aimed:
        yearly = cost_table(rows[rows["economy"] == code], "lever").sum(axis=1)
        share = share_of_gdp(yearly, economies_gdp(projections, scenario, [code]))
        if share is not None:
            shares.append(f"{names.get(code, code)} {_percent(share)}")
    if shares:
        yield f"A year, as a share of own GDP: {', '.join(shares)}."


def _payers(rows: pd.DataFrame) -> Iterator[str]:
    payers = cost_table(rows, "payer").sum()
    if len(payers):
        shares = [
            f"{str(name).replace('_', ' ')} {billions(money)}" for name, money in payers.items()
        ]
        yield (
            "Money by payer, with the private money that programmes draw in, USD bn: "
            f"{', '.join(shares)}."
        )


def _percent(share: float) -> str:
    return f"{number(share, 3)} %" if share >= 0.0005 else "under 0.001 %"
