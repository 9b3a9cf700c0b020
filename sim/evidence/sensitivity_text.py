"""Evidence: a sensitivity analysis in words and tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

from sim.evidence.sensitivity import LEAST, Sensitivity, is_clear
from sim.evidence.sensitivity_factors import ASSUMPTION, CHANCE, DUMMY
from sim.evidence.sensitivity_runs import ASSUMPTIONS, CENTRAL, EFFECTS, LEVELS, POLICIES
from sim.kpi.registry import BY_ID

WIDTH = 100
#: Assumptions that are listed by KPI, and the least total index of one that is.
LISTED, LISTED_FROM = 8, 0.01
#: The most characters of a factor's name.
NAME = 44
TITLES = {
    (ASSUMPTIONS, LEVELS): "Assumptions: which matter for the level without policy",
    (ASSUMPTIONS, EFFECTS): "Assumptions: which matter for the effect of the policy",
    (POLICIES, EFFECTS): "Policies: which entries matter for the effect, assumptions drawn",
    (CENTRAL, EFFECTS): "Policies: which entries matter for the effect, at central assumptions",
}
CLEARLY_NOT = "not distinguishable from none"


def sensitivity_text(found: Sensitivity) -> str:
    """Tables by analysis, place and KPI, factors by rank, and how to read them; 100 columns."""
    what = found.scenario or f"{found.region.name} without policy"
    lines = [f"Sensitivity of {what} in {found.year}, parameters from {found.parameters}"]
    lines += ["=" * len(lines[0])]
    table = found.table.assign(clear=is_clear(found.table))
    for (analysis, output), of_analysis in table.groupby(["analysis", "output"], sort=False):
        for place, rows in of_analysis.groupby("economy", sort=False):
            title = f"{TITLES[str(analysis), str(output)]}; {place}"
            lines += ["", title, "-" * len(title)]
            for kpi, of_kpi in rows.groupby("kpi", sort=False):
                lines += _kpi(str(kpi), of_kpi)
    return "\n".join([*lines, "", *_notes(found)])


def _kpi(kpi: str, rows: pd.DataFrame) -> Iterator[str]:
    """A KPI: its mean and spread, chance, and its factors by rank."""
    one = rows.iloc[0]
    chance = rows[rows["kind"] == CHANCE].iloc[0]
    head = f"{BY_ID[kpi].title}, {one['unit']}: mean {_figure(one['mean'])}"
    yield ""
    if not one["sd"] > 0.0:
        yield f"{head}; nothing that is varied moves it"
        return
    yield f"{head}, SD {_figure(one['sd'])}"
    yield (
        f"{chance['factor']}: {chance['total']:.0%} ({chance['total_low']:.0%} to "
        f"{chance['total_high']:.0%}) of the variance of one run, {chance['noise_floor']:.1%} of "
        f"that of the mean of {chance['replicates']} runs"
    )
    yield f"  {'factor':<{NAME}}{'total':>7}{'90 % interval':>16}{'first':>8}{'noise':>8}"
    factors = rows[~rows["kind"].isin([CHANCE, DUMMY])]
    shown = factors
    if factors["kind"].iloc[0] == ASSUMPTION:
        shown = factors[(factors["total"] >= LISTED_FROM) & factors["clear"]].head(LISTED)
    for row in [*shown.to_dict("records"), *rows[rows["kind"] == DUMMY].to_dict("records")]:
        yield _row({str(key): value for key, value in row.items()})
    rest = factors.drop(index=shown.index)
    if len(rest):
        yield f"  {_rest(rest)}"


def _row(row: dict[str, object]) -> str:
    name = str(row["factor"])
    name = name if len(name) < NAME else name[: NAME - 2] + "…"
    interval = f"{row['total_low']:.3f}-{row['total_high']:.3f}"
    text = f"  {name:<{NAME}}{row['total']:>7.3f}{interval:>16}{row['first']:>8.3f}"
    text += f"{row['noise_floor']:>8.3f}"
    return text if row["clear"] or row["kind"] == DUMMY else f"{text}  none"


def _rest(rest: pd.DataFrame) -> str:
    """What is not listed: how many factors, how large at most, how many that are nothing."""
    unclear = int((~rest["clear"]).sum())
    return f"{len(rest)} others: {rest['total'].max():.3f} at most; of them {unclear} {CLEARLY_NOT}"


def _figure(value: float) -> str:
    """A number with three significant digits, or with its whole part."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _notes(found: Sensitivity) -> Iterator[str]:
    """How to read the tables."""
    words = (
        f"{found.points} rows of Saltelli's design, {found.runs:,} runs, seed {found.seed}. "
        "Total: share of the variance of the expected figure that would be left if all but this "
        "factor were known; first: the share that would go if it alone were. Noise: what luck "
        f"adds to the total. None: {CLEARLY_NOT}, the interval reaches the noise or {LEAST}. "
        "Nothing: a factor that only draws chance anew; its total is what an index without common "
        "random numbers would show for nothing. Factors that are groups: fitted ensemble, "
        "base-year figures, and effects of single economies. Priors are taken as independent of "
        "each other, and a narrow prior cannot matter: this ranks what is uncertain as stated, "
        "not what is true. All factors: sensitivity.csv."
    )
    yield from textwrap.wrap(words, WIDTH)
    for warning in found.warnings:
        yield from textwrap.wrap(f"warning: {warning}", WIDTH)
