"""Evidence: a sensitivity analysis in words and tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.evidence.sensitivity import LEAST, Sensitivity, is_clear
from sim.evidence.sobol.factors import CHANCE, DUMMY
from sim.evidence.sobol.runs import ASSUMPTIONS, CENTRAL, EFFECTS, LEVELS, POLICIES
from sim.kpi.registry import BY_ID

WIDTH = 100
#: Assumptions that are listed by KPI, and the least total index of one that is.
LISTED, LISTED_FROM = 8, 0.01
#: The most characters of a factor's name, and the width of each column of figures.
NAME, COLUMNS = 43, (7, 15, 8, 8, 9, 8)
TITLES = {
    (ASSUMPTIONS, LEVELS): "Assumptions that matter for the level without policy",
    (ASSUMPTIONS, EFFECTS): "Assumptions that matter for the effect of the policy",
    (POLICIES, EFFECTS): "Policies that the effect comes from",
}


def sensitivity_text(found: Sensitivity) -> str:
    """Tables by analysis, place and KPI, factors by rank, and how to read them; 100 columns."""
    what = found.scenario or f"{found.region.name} without policy"
    lines = [f"Sensitivity of {what} in {found.year}; parameters: {found.parameters}"]
    lines += ["=" * len(lines[0])]
    table = found.table.assign(clear=is_clear(found.table))
    for (analysis, output), title in TITLES.items():
        chosen = table[table["output"] == output]
        for place, rows in chosen[chosen["analysis"] == analysis].groupby("economy", sort=False):
            heading = f"{title}: {place}"
            lines += ["", heading, "-" * len(heading)]
            central = chosen[(chosen["analysis"] == CENTRAL) & (chosen["economy"] == place)]
            for kpi, of_kpi in rows.groupby("kpi", sort=False):
                at_centre = central[central["kpi"] == kpi] if analysis == POLICIES else None
                lines += _kpi(str(kpi), of_kpi, at_centre)
    return "\n".join([*lines, "", *_notes(found)])


def _kpi(kpi: str, rows: pd.DataFrame, central: pd.DataFrame | None) -> Iterator[str]:
    """A KPI: its mean and spread, chance, and its factors by rank.

    ``central`` are the same factors at central assumptions, shown beside those of policies.
    """
    one = rows.iloc[0]
    head = f"{BY_ID[kpi].title}, {one['unit']}: mean {_figure(one['mean'])}"
    yield ""
    if not one["sd"] > 0.0:
        yield f"{head}; nothing that is varied moves it"
        return
    yield f"{head}, SD {_figure(one['sd'])}"
    yield _chance(rows)
    heads = ["total", "90 % interval", "first", "noise"]
    if central is not None:
        yield f"at central assumptions: {_chance(central)}"
        heads += ["central", "noise"]
    yield _line("factor", heads)
    factors = rows[~rows["kind"].isin([CHANCE, DUMMY])]
    shown = factors
    if central is None:
        shown = factors[(factors["total"] >= LISTED_FROM) & factors["clear"]].head(LISTED)
    beside = None if central is None else central.set_index("factor")
    for row in pd.concat([shown, rows[rows["kind"] == DUMMY]]).to_dict("records"):
        yield _row(row, None if beside is None else beside.loc[row["factor"]])
    rest = factors.drop(index=shown.index)
    if len(rest):
        unclear = int((~rest["clear"]).sum())
        yield (
            f"  {len(rest)} others: {rest['total'].max():.3f} at most; {unclear} of them are not "
            "distinguishable from none"
        )


def _chance(rows: pd.DataFrame) -> str:
    """What chance is in one run, and what it still is in the mean of the runs at a point."""
    row = rows[rows["kind"] == CHANCE].iloc[0]
    return (
        f"{row['factor']}: {_percent(row['total'])} of the variance of one run "
        f"({_percent(row['total_low'])} to {_percent(row['total_high'])}), "
        f"{_percent(row['noise_floor'])} in means of {row['replicates']}"
    )


def _row(row: Any, central: Any) -> str:
    """A factor's shares; "none" for a total that luck or rounding may give."""
    clear = row["clear"] or row["kind"] == DUMMY
    cells = [f"{row['total']:.3f}" if clear else "none"]
    cells.append(f"{row['total_low']:.3f}-{row['total_high']:.3f}" if clear else "")
    cells += [f"{row['first']:.3f}" if clear else "", f"{row['noise_floor']:.3f}"]
    if central is not None:
        shown = central["clear"] or central["kind"] == DUMMY
        cells += [f"{central['total']:.3f}" if shown else "none", f"{central['noise_floor']:.3f}"]
    return _line(str(row["factor"]), cells)


def _line(name: str, cells: list[str]) -> str:
    name = name if len(name) < NAME else name[: NAME - 2] + "…"
    figures = [cell.rjust(width) for cell, width in zip(cells, COLUMNS, strict=False)]
    return "".join([f"  {name:<{NAME}}", *figures]).rstrip()


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def _figure(value: float) -> str:
    """A number with three significant digits, or with its whole part."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _notes(found: Sensitivity) -> Iterator[str]:
    """How to read the tables."""
    words = (
        f"{found.points} rows of Saltelli's design, {found.runs:,} runs, seed {found.seed}. Shares "
        "are of the variance of the mean of the runs at a point, of which chance keeps the part "
        "stated; more --replicates leave it less. Total: what would be left of it if all but this "
        "factor were known; first: what would go if it alone were. Noise: what luck adds to the "
        f"total. None: the interval reaches the noise or {LEAST}, so that the factor is not "
        "distinguishable from one that does nothing. Nothing: a factor that only draws chance "
        "anew; its total is what a factor without effect would show if its points did not share "
        "their luck. Correlated or many figures are one factor: the fitted ensemble, base-year "
        "figures, effects of single economies. A narrow prior cannot matter: this ranks what is "
        "uncertain as stated, not what is true."
    )
    yield from textwrap.wrap(words, WIDTH)
    for warning in found.warnings:
        yield from textwrap.wrap(f"warning: {warning}", WIDTH)
