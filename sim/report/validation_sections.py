"""Sections of the validation report on facts, published projections, calibration, sensitivity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.evidence.facts.rows import CAP, YES
from sim.evidence.scores import UNITS
from sim.evidence.sensitivity import is_clear
from sim.evidence.sobol.factors import ASSUMPTION, CHANCE, POLICY
from sim.evidence.sobol.runs import ASSUMPTIONS, EFFECTS, LEVELS, POLICIES
from sim.report import blocks
from sim.report.blocks import Heading, Table
from sim.report.validation_tables import general, percent
from sim.report.validation_words import bullets, paragraph
from sim.report.words import kpi_of, number, place_name

if TYPE_CHECKING:
    from sim.evidence.sensitivity import Sensitivity

#: Answers of a check, in the order in which they are counted.
ANSWERS = ("yes", "no", "not tested")
#: Factors of a KPI that are named.
NAMED = 3
#: The analyses that are shown, with their heads.
ANALYSES = {
    (ASSUMPTIONS, LEVELS): "Which assumptions matter for the level without policy",
    (ASSUMPTIONS, EFFECTS): "Which assumptions matter for the effect of the policy",
    (POLICIES, EFFECTS): "Which policies matter for the effect, assumptions drawn too",
}


def facts(table: pd.DataFrame) -> Iterator[str]:
    """The stylised facts: the model's figure beside the data's, and why some do not agree."""
    yield from _heading("Stylised facts")
    said = ", ".join(_count(table, answer) for answer in ANSWERS)
    yield paragraph(
        f"What is known of such economies, checked against the model: {len(table)} checks of "
        f"{table['number'].nunique()} facts. Agrees: {said}. The range is of the model's figure "
        "that counts as agreement; (cap) marks one that is only a cap or a side. "
        "Sources and notes of all are in `validation/stylised_facts.csv`."
    )
    cells = tuple(
        (
            f"{row['number']} {row['fact']}", str(row["statement"]), str(row["unit"]),
            str(row["agrees"]), general(row["model"]), general(row["data"]), _range(row),
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    heads = ("fact", "what is compared", "unit", "agrees", "model", "data", "range")
    yield from _table(Table(heads, cells, left=4))
    for answer, words in (("no", "Where the model does not agree:"), ("not tested", "Not tested:")):
        rows = table[table["agrees"] == answer]
        if len(rows):
            yield paragraph(words)
            yield bullets([f"{r['statement']}: {r['note']}" for r in rows.to_dict("records")])


def _count(table: pd.DataFrame, answer: str) -> str:
    """How many checks have an answer; of those that agree, how many had only a cap to keep."""
    rows = table[table["agrees"] == answer]
    caps = int((rows["kind"] == CAP).sum())
    apart = f" (of which {caps} ask only for a cap or a side, which is easy to keep)"
    return f"{answer}: {len(rows)}{apart if caps and answer == YES else ''}"


def _range(row: dict[str, object]) -> str:
    text = _ends(row)
    return f"{text} (cap)" if text and row["kind"] == CAP else text


def _ends(row: dict[str, object]) -> str:
    low, high = (float(str(row[key])) for key in ("low", "high"))
    known = [abs(end) != float("inf") and end == end for end in (low, high)]
    if all(known):
        return f"{general(low)} to {general(high)}"
    if known[0]:
        return f"{general(low)} or more"
    return f"{general(high)} or less" if known[1] else ""


def projections(table: pd.DataFrame) -> Iterator[str]:
    """Published projections beside the model's, and what sets them apart."""
    yield from _heading("Published projections beside ours")
    if table.empty:
        yield paragraph("No published projection that is held concerns this region.")
        return
    beside = table[table["comparable"] != "no"]
    alone = table[table["comparable"] == "no"]
    yield paragraph(
        f"{len(table)} published figures; of {len(beside)} the model has a counterpart, though "
        "concepts differ: read the last column before comparing. Ours: median and 5 to 95 % of "
        "members. Sources are in `validation/projections.csv`."
    )
    cells = tuple(
        (
            str(row["who"]), str(row["economy"]), f"{row['quantity']}, {row['unit']}",
            str(row["target_year"]), general(row["published"]), _ours(row),
            str(row["ours_quantity"]), str(row["gap"]),
        )
        for row in beside.to_dict("records")
    )  # fmt: skip
    heads = ("who", "of", "what", "year", "published", "ours", "ours is", "what sets them apart")
    yield from _table(Table(heads, cells, left=len(heads)))
    if len(alone):
        yield paragraph("Without a counterpart in the model:")
        reasons = tuple(
            (
                str(row["who"]), str(row["economy"]), f"{row['quantity']}, {row['unit']}",
                str(row["target_year"]), general(row["published"]), str(row["gap"]),
            )
            for row in alone.to_dict("records")
        )  # fmt: skip
        columns = ("who", "of", "what", "year", "published", "why there is none")
        yield from _table(Table(columns, reasons, left=len(columns)))


def _ours(row: dict[str, object]) -> str:
    middle = general(row["ours_median"])
    if not middle or not general(row["ours_low"]):
        return middle
    return f"{middle} ({general(row['ours_low'])} to {general(row['ours_high'])})"


def calibration(table: pd.DataFrame, misfit: pd.DataFrame | None) -> Iterator[str]:
    """What history taught of each fitted parameter: prior and posterior side by side.

    ``table`` has the columns parameter, unit, prior_low, prior_median, prior_high, low, median,
    high and spread_kept; ``misfit`` those of ``misfit_table``, or None.
    """
    yield from _heading("What history taught: parameters before and after the fit")
    yield paragraph(
        "The ensemble that runs start from is fitted to all figures, with the same code as the "
        "tests above. Spread kept: standard deviation after the fit over that before; 1 where "
        "history taught nothing, above 1 where the draws of the prior were further in than the "
        "fit. Effects that differ by economy are shown over all economies. All other parameters "
        "stay at their priors: no history could teach them."
    )
    cells = tuple(_taught(row) for row in table.to_dict("records"))
    heads = ("parameter", "unit", "prior 5 %", "median", "95 %", "fitted 5 %", "median", "95 %")
    yield from _table(Table((*heads, "spread kept"), cells, left=2))
    if misfit is not None and len(misfit):
        yield paragraph(
            "Mean squared residual in units of the errors of the figures, before each round of "
            "the smoother and after the last: about 1 where the fit is as good as the figures."
        )
        yield from _table(misfit_table(misfit))


def _taught(row: dict[str, Any]) -> tuple[str, ...]:
    """A parameter before and after, with as many decimals as its prior is wide."""
    width = abs(row["prior_high"] - row["prior_low"])
    decimals = max(0, 2 - math.floor(math.log10(width))) if width > 0.0 else 3
    parts = [f"{prior}{part}" for prior in ("prior_", "") for part in ("low", "median", "high")]
    numbers = [number(row[part], decimals) for part in parts]
    return (str(row["parameter"]), str(row["unit"]), *numbers, f"{row['spread_kept']:.2f}")


def institutions(table: pd.DataFrame) -> Iterator[str]:
    """How well weak evidence is met: a row an institution, as ``hindcast_institutions`` gives."""
    yield from _heading("Institutions: weak evidence")
    yield paragraph(
        "E-government, cybersecurity and account ownership have few figures, by methods that "
        "change. They are fitted apart, with large errors, and teach their own parameters only: "
        "nothing above depends on them. Misfit: mean squared residual in units of those errors, "
        "about 1 where the fit is as good as the figures. The forecast is from one origin, scored "
        "by CRPS in points of the index (less is better) beside two rules: the last figure stays, "
        "and all go on at the median past change. A single origin says little; of cybersecurity "
        "there is nothing to forecast from."
    )
    heads = ("index", "figures", "misfit before", "after", "origin", "scored", "CRPS",
             "last stays", "median drift", "inside 90 %")  # fmt: skip
    cells = tuple(_institution(row) for row in table.to_dict("records"))
    yield from _table(Table(heads, cells, left=1))


def _institution(row: dict[str, Any]) -> tuple[str, ...]:
    known = row["crps"] == row["crps"]
    scores = [general(row[name]) for name in ("crps", "crps_last", "crps_drift")]
    forecast = [f"{row['origin']:.0f}", f"{row['scored']:.0f}", *scores,
                f"{100 * row['inside_90']:.0f} %"] if known else ["-"] * 6  # fmt: skip
    return (str(row["index"]), f"{row['figures']:.0f}", general(row["misfit_before"]),
            general(row["misfit"]), *forecast)  # fmt: skip


def misfit_table(misfit: pd.DataFrame) -> Table:
    """Residuals by round, from rows of series, round (0: after the last one) and residual."""
    rounds = sorted(set(misfit["round"]) - {0})
    held = misfit.set_index(["series", "round"])["residual"].to_dict()
    cells = tuple(
        (
            UNITS[series].title,
            *(general(held.get((series, turn), float("nan"))) for turn in (*rounds, 0)),
        )
        for series in dict.fromkeys(misfit["series"])
    )
    heads = [f"before round {turn}" for turn in rounds]
    return Table(("series", *heads, "after"), cells)


def sensitivity(found: Sensitivity) -> Iterator[str]:
    """Which assumptions and which policies matter for which KPI, and what is chance."""
    yield from _heading("Sensitivity: what matters for which KPI")
    place = found.places[0]
    what = f"the scenario {found.scenario}" if found.scenario else "levels without policy"
    yield paragraph(
        f"Sobol indices for {what} in {found.year}, {place_name(place, found.region)}: the share "
        "of a KPI's variance that a factor explains, alone and with others, with its 90 % "
        f"interval. {found.points} rows of Saltelli's design, {found.runs:,} runs; parameters "
        f"from {found.parameters}. Assumptions and policies are kept apart. The noise floor is the "
        "part of an index that luck leaves; factors that are not clear of it are not named. With "
        "few rows, intervals are wide and may pass 100 %. All factors are in "
        "`validation/sensitivity.csv`."
    )
    table = found.table.assign(clear=is_clear(found.table))
    table = table[(table["economy"] == place) & table["total"].notna()]
    for (analysis, output), head in ANALYSES.items():
        rows = table[(table["analysis"] == analysis) & (table["output"] == output)]
        if len(rows):
            yield "\n".join(blocks.markdown([Heading(head, 3), _ranks(rows)]))


def _ranks(rows: pd.DataFrame) -> Table:
    """The largest total indices of each KPI that are above what luck and rounding give."""
    cells = []
    for kpi, own in rows.groupby("kpi", sort=False):
        chance = own[own["kind"] == CHANCE].iloc[0]
        named = own[own["clear"] & own["kind"].isin([ASSUMPTION, POLICY])].nlargest(NAMED, "total")
        factors = [_factor(row) for row in named.to_dict("records")]
        floor = percent(float(named["noise_floor"].max())) if len(named) else ""
        cells.append(
            (kpi_of(str(kpi)).title, "; ".join(factors) or "none", floor, percent(chance["total"]))
        )
    heads = ("KPI", "the largest total indices (90 % interval)", "noise floor", "chance in one run")
    return Table(heads, tuple(cells), left=2)


def _factor(row: dict[str, object]) -> str:
    low, middle, high = (percent(float(str(row[f"total{part}"]))) for part in ("_low", "", "_high"))
    return f"{row['factor']} {middle} ({low} to {high})"


def _heading(text: str) -> Iterator[str]:
    yield "\n".join(blocks.markdown([Heading(text, 2)]))


def _table(table: Table) -> Iterator[str]:
    yield "\n".join(blocks.markdown([table]))
