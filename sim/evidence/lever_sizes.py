"""Evidence: what each lever does alone at its usual full strength, beside what is published."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.evidence.facts.rows import number, table
from sim.evidence.facts.runs import READ, START, Progress, Runs, run_scenarios
from sim.evidence.facts.scenarios import ABSOLUTE, full_strength
from sim.experiment.summary import change, unit_of_change
from sim.kpi.registry import BY_ID, weight_column
from sim.model.quantities import Array
from sim.policy import Scenario
from sim.policy.levers import REGISTRY, Lever
from sim.region.region import Region

#: The most that is plausible for one lever (evidence V04, V05): % of GDP, points of users.
MOST_GDP, MOST_USERS = 4.0, 20.0
#: Effects smaller than this are none.
NONE = 1e-9
INSIDE, SMALLER, LARGER, NO_RANGE = "inside", "smaller", "larger", "no range"
COLUMNS = (
    "code", "lever", "title", "strength", "kpi", "unit", "median", "low", "high", "moves",
    "gdp_largest", "users_largest", "cost_percent_of_gdp", "measure", "measured",
    "evidence_low", "evidence_high", "verdict", "evidence", "basis", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """What is published on a lever: a range for the effect on a KPI, or why there is none.

    ``per`` is the change of the lever's main KPI for which the range is stated; 0 where it is for
    the programme itself.
    """

    ids: tuple[str, ...]
    kpi: str
    low: float
    high: float
    per: float
    basis: str
    outside: str


def published() -> Mapping[str, Published]:
    """What is published, by lever."""
    return {
        row["lever"]: Published(
            tuple(row["ids"].split()), row["kpi"], number(row["low"]), number(row["high"]),
            float(row["per"]), row["basis"], row["outside"],
        )
        for row in table("lever_evidence.csv")
    }  # fmt: skip


def single_levers(region: Region) -> list[Scenario]:
    """Each lever alone at the upper end of its usual range, in every economy, for five years."""
    base = Scenario.baseline(region, region.base_year + READ)
    years = (region.base_year + START, region.base_year + READ)
    return [
        base.plus(*full_strength(known, region, years), name=name)
        for name, known in REGISTRY.items()
    ]


def lever_runs(
    region: Region, members: int = 100, seed: int = 1, progress: Progress | None = None
) -> Runs:
    """The runs behind the table: one a lever, and their baseline, for the same members."""
    named = [known.main_kpi for known in REGISTRY.values()]
    named += [one.kpi for one in published().values() if one.kpi]
    named += ["gdp", "internet_users", "programme_cost"]
    weights = [weight_column(BY_ID[name]) for name in named]
    columns = tuple(dict.fromkeys([*named, *(name for name in weights if name)]))
    return run_scenarios(region, single_levers(region), columns, seed, members, progress)


def effect(runs: Runs, kpi: str, scenario: str) -> Array:
    """The effect on a KPI after five years, (member, economy), by the KPI's rule."""
    year = runs.region.base_year + READ
    base = runs.values(kpi, year).copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        found = change(BY_ID[kpi], runs.values(kpi, year, scenario), base)
    return np.where(np.isfinite(found), found, 0.0)


def lever_sizes(
    region: Region, members: int = 100, seed: int = 1, progress: Progress | None = None
) -> pd.DataFrame:
    """A row a lever, in the order of their codes: its effect alone, and whether that is plausible.

    ``median``, ``low`` and ``high`` are the effect on the main KPI in the fifth year in the median
    economy that it moves, over members (5th, 50th, 95th percentile), in ``unit``;
    ``gdp_largest`` (%) and ``users_largest`` (points) the largest median effect in any economy;
    ``cost_percent_of_gdp`` the public cost of a year in the median economy. ``measured`` stands
    beside the published range of ``measure``; ``why`` says why it is outside.
    """
    runs, known = lever_runs(region, members, seed, progress), published()
    rows = [_row(runs, one, known[one.name]) for one in REGISTRY.values()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(runs: Runs, known: Lever, told: Published) -> dict[str, object]:
    kpi, name = BY_ID[known.main_kpi], known.name
    year = runs.region.base_year + READ
    main = effect(runs, kpi.id, name)
    typical = _typical(main)
    cost = runs.values("programme_cost", year, name)
    measure, measured = _measured(runs, name, told, typical)
    verdict = _verdict(measured, told)
    outside = verdict in (SMALLER, LARGER)
    strength = f"{known.scale.usual_high:g} {known.scale.unit}"
    if name in ABSOLUTE:
        strength += ", shared out by GDP"
    return {
        "code": known.code, "lever": name, "title": known.title, "strength": strength,
        "kpi": kpi.id, "unit": unit_of_change(kpi), "median": float(np.median(typical)),
        "low": float(np.quantile(typical, 0.05)), "high": float(np.quantile(typical, 0.95)),
        "moves": bool((np.abs(main) > NONE).any()), "gdp_largest": _largest(runs, "gdp", name),
        "users_largest": _largest(runs, "internet_users", name),
        "cost_percent_of_gdp": float(np.median(np.median(cost, axis=0))), "measure": measure,
        "measured": measured, "evidence_low": told.low, "evidence_high": told.high,
        "verdict": verdict, "evidence": " ".join(told.ids), "basis": told.basis,
        "why": told.outside if outside else "",
    }  # fmt: skip


def _typical(effects: Array) -> Array:
    """The effect in the median economy of those that it moves, (member,)."""
    moved = (np.abs(effects) > NONE).any(axis=0)
    return np.median(effects[:, moved if moved.any() else slice(None)], axis=1)


def _largest(runs: Runs, kpi: str, name: str) -> float:
    """The largest median effect in any economy, with its sign."""
    middle = np.median(effect(runs, kpi, name), axis=0)
    return float(middle[np.argmax(np.abs(middle))])


def _measured(runs: Runs, name: str, told: Published, main: Array) -> tuple[str, float]:
    """What is set beside the published range: its name, and its median over members."""
    if not told.kpi:
        return "", math.nan
    kpi = BY_ID[told.kpi]
    words = f"{kpi.title}, {unit_of_change(kpi)}"
    found = _typical(effect(runs, told.kpi, name))
    if not told.per:
        return words, float(np.median(found))
    moved = np.abs(main) > NONE
    if not moved.any():
        return words, math.nan
    ratio = told.per * found[moved] / main[moved]
    main_kpi = BY_ID[REGISTRY[name].main_kpi]
    return f"{words} for {told.per:g} of {main_kpi.title}", float(np.median(ratio))


def _verdict(measured: float, told: Published) -> str:
    if not told.kpi or math.isnan(measured):
        return NO_RANGE
    if told.low <= measured <= told.high:
        return INSIDE
    nearer = told.low if measured < told.low else told.high
    return SMALLER if abs(measured) < abs(nearer) else LARGER


def lever_sizes_page(found: pd.DataFrame, region: str, members: int) -> str:
    """The table as a page of the documentation."""
    counts = found["verdict"].value_counts()
    lines = [
        "# How large the effects of levers are", "",
        "Written by `make lever-sizes`. Each lever alone, at the upper end of its usual range, in "
        f"every economy of {region}, for five years; the effect in the fifth year against the "
        "baseline, in the median economy that it moves (median and 90 % of "
        f"{members} members). Levers in absolute units are shared out by GDP. *GDP* (%) and "
        "*users* (points) are the largest "
        f"median effects in any economy: no more than {MOST_GDP:g} % and {MOST_USERS:g} points are "
        "plausible for one lever. Cost is the public cost of a year, % of GDP, in the median "
        "economy.", "",
        "| | lever | strength | KPI | effect | 90 % | unit | GDP | users | cost |",
        "|---|---|---|---|---:|---:|---|---:|---:|---:|",
    ]  # fmt: skip
    for row in found.to_dict("records"):
        band = f"{_figure(row['low'])} to {_figure(row['high'])}"
        cells = [row["code"], f"`{row['lever']}`", row["strength"], f"`{row['kpi']}`",
                 _figure(row["median"]), band, row["unit"], _figure(row["gdp_largest"]),
                 _figure(row["users_largest"]), f"{row['cost_percent_of_gdp']:.2g}"]  # fmt: skip
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    lines += [
        "", "## Beside what is published", "",
        f"Inside the published range: {counts.get(INSIDE, 0)}; smaller: {counts.get(SMALLER, 0)}; "
        f"larger: {counts.get(LARGER, 0)}; no range of an effect is published for "
        f"{counts.get(NO_RANGE, 0)}. Where there is none, the effect rests on judgement. Codes are "
        "those of the evidence column of [parameters.md](parameters.md).", "",
        "| | lever | measured | model | published | | evidence | basis, and why outside |",
        "|---|---|---|---:|---:|---|---|---|",
    ]  # fmt: skip
    for row in found.to_dict("records"):
        has = row["verdict"] != NO_RANGE
        between = f"{row['evidence_low']:g} to {row['evidence_high']:g}" if has else ""
        why = f" **Why {row['verdict']}:** {row['why']}." if row["why"] else ""
        cells = [row["code"], f"`{row['lever']}`", row["measure"],
                 _figure(row["measured"]) if has else "", between, row["verdict"], row["evidence"],
                 f"{row['basis']}.{why}"]  # fmt: skip
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join([*lines, ""])


def _figure(value: float) -> str:
    """Three digits; 0 for what is rounding."""
    return "0" if abs(value) < NONE else f"{value:.3g}"
