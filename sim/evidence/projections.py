"""Evidence: published projections and official targets, each beside the model's own figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.evidence.facts.rows import number, table
from sim.evidence.facts.runs import (
    BASELINE,
    COVER_COLUMNS,
    LAST,
    READ,
    START,
    Runs,
    cost_of_cover,
    run_scenarios,
)
from sim.evidence.projections_words import COUNTERPARTS, NO
from sim.model.quantities import Array
from sim.policy import Scenario, lever
from sim.region.region import Region

COLUMNS = (
    "who", "economy", "quantity", "unit", "target_year", "published", "ours_median", "ours_low",
    "ours_high", "ours_quantity", "comparable", "gap", "source", "how_known",
)  # fmt: skip
#: KPIs that stand beside published figures as they are, by counterpart.
KPI_OF = {
    "users": "internet_users",
    "skills": "basic_skills",
    "price": "broadband_price",
    "anchor_share": "digital_share",
    "core_share": "digital_share",
    "broad_share": "digital_share",
    "digital_value_added": "digital_value_added",
    "gmv": "ecommerce_gmv",
}
MEASURED = (
    *COVER_COLUMNS, *dict.fromkeys(KPI_OF.values()), "goods_exports",
)  # fmt: skip
OPEN, AGREEMENT = "open data regimes", "agreement"
FLOWS = "data flows of "
#: Upper limit of lower-middle income, USD a head (World Bank, GNI of 2022).
LOWER_MIDDLE = 4515.0
#: Ours against a published figure of the same unit within these ratios is "close".
CLOSE = (0.75, 1.0 / 0.75)

Progress = Callable[[str, int, int], None]
Published = dict[str, str]


def compare_projections(
    region: Region, seed: int = 1, members: int = 200, progress: Progress | None = None
) -> pd.DataFrame:
    """Every published figure of ``tables/projections.csv`` that concerns a region, beside ours.

    Columns: ``who`` published it, of which ``economy`` (or group, or the world), ``quantity``,
    ``unit``, ``target_year`` (text: a year or "long run"), ``published``; ``ours_median``,
    ``ours_low`` and ``ours_high`` (5 and 95 %; NaN for none), ``ours_quantity`` (KPI or
    computation, and its unit where it differs), ``comparable`` ("yes", "partly" or "no"), ``gap``
    (how definitions differ and what follows), ``source``, ``how_known`` ("verified" or
    "recalled"). Figures of economies and groups that are not all in the region are left out; for
    the world and other places ours is the region's.

    The table's own columns: ``scope`` (economy, group, world, reference), ``members`` (codes),
    ``counterpart`` (a key of ``projections_words.COUNTERPARTS``), ``base_year`` and ``base_value``
    (what was known when it was published), ``note``, ``address`` (where it was read). Raises
    InputError for numbers out of range.
    """
    rows = [row for row in table("projections.csv") if set(_who(row)) <= set(region.economies)]
    runs = run_scenarios(
        region, projection_scenarios(region, rows), MEASURED, seed, members, progress
    )
    return pd.DataFrame([_compared(row, runs) for row in rows], columns=list(COLUMNS))


def _who(row: Published) -> tuple[str, ...]:
    """Codes of the economies that a figure is of; () for the world and other places."""
    return tuple(row["members"].split())


def projection_scenarios(region: Region, rows: list[Published]) -> list[Scenario]:
    """Rules open in the whole region, an agreement of a group, and data flows of one economy."""
    first, last = region.base_year + START, region.base_year + READ
    base = Scenario.baseline(region, region.base_year + LAST)
    found = [base.plus(lever("data_policy_alignment", 1.0, years=(first, last)), name=OPEN)]
    for row in rows:
        if row["counterpart"] == "alignment_value_added":
            who = list(_who(row))
            found.append(
                base.plus(
                    lever("data_policy_alignment", 1.0, who, years=(first, last)),
                    lever("trade_facilitation", 1.0, who, years=first),
                    name=AGREEMENT,
                )
            )
    alone = {_who(row) for row in rows if row["counterpart"].startswith("data_flows")}
    for (code,) in sorted(alone):
        flows = lever("data_policy_alignment", 0.0, code, years=(first, last),
                      provisions={"data_flows": 1.0})  # fmt: skip
        found.append(base.plus(flows, name=FLOWS + code))
    return found


@dataclass(frozen=True)
class Ours:
    """The model's figure: members' values, (member,), and what has to be said about them."""

    values: Array
    remark: str = ""


def _compared(row: Published, runs: Runs) -> dict[str, object]:
    beside = COUNTERPARTS[row["counterpart"]]
    ours = _ours(row, runs) if beside.quantity else None
    low = middle = high = math.nan
    comparable = beside.comparable
    if ours is None:
        comparable = NO
    else:
        low, middle, high = (float(v) for v in np.quantile(ours.values, [0.05, 0.5, 0.95]))
    base = runs.region.base_year
    years = {"first": base + START, "last": base + READ, "end": base + LAST}
    remarks = [beside.difference, *_remarks(row, ours, middle, comparable)]
    source = " | ".join(part for part in (row["source"], row["address"]) if part)
    values = (
        row["who"], row["economy"], row["quantity"], row["unit"], row["target_year"],
        number(row["published"]), middle, low, high, beside.quantity.format(**years), comparable,
        " ".join(remark for remark in remarks if remark), source, row["how_known"],
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _remarks(row: Published, ours: Ours | None, middle: float, comparable: str) -> Iterator[str]:
    """What is said besides the difference of concepts."""
    if ours is None and row["counterpart"] == "open_data_poor":
        yield "No economy of the region is below that limit."
    if ours is not None:
        yield ours.remark
        if row["scope"] in ("world", "reference"):
            place = "the world" if row["scope"] == "world" else row["economy"]
            yield f"The published figure is of {place}, ours of the region."
        if comparable != NO and not ours.remark:
            yield _size(number(row["published"]), middle)
    if row["note"]:
        yield f"Note: {row['note'].rstrip('.')}."


def _size(published: float, ours: float) -> str:
    """How our median stands to the published figure."""
    if published == 0.0 or ours * published < 0.0:
        return "Ours has the other sign."
    ratio = ours / published
    if CLOSE[0] <= ratio <= CLOSE[1]:
        return f"Ours is close: {ratio:.2f} times the published figure."
    return f"Ours is {ratio:.2f} times the published figure."


def _year(row: Published, runs: Runs) -> tuple[int, str]:
    """The year of ours that meets a target year, and a remark if it is another one."""
    base, last = runs.region.base_year, runs.region.base_year + LAST
    if not row["target_year"].isdigit():
        return last, ""
    asked = int(row["target_year"])
    year = min(max(asked, base), last)
    return year, "" if year == asked else f"Ours is of {year}."


def _ours(row: Published, runs: Runs) -> Ours | None:
    kind = row["counterpart"]
    year, other = _year(row, runs)
    who = _who(row) or runs.region.economies
    if kind in KPI_OF:
        found = runs.together(KPI_OF[kind], year, who=who)
        if kind == "digital_value_added":
            return Ours(found, _growth(row, runs, who, year, BASELINE))
        return Ours(found, other)
    if kind == "alignment_value_added":
        return Ours(
            runs.together("digital_value_added", year, AGREEMENT, who), _added(runs, who, year)
        )
    if kind in ("cost_of_cover", "bill"):
        return _cover(row, runs, who)
    if kind in ("open_data", "open_data_poor"):
        return _open_data(kind, runs, year)
    scenario = FLOWS + who[0]
    column = "gdp" if kind == "data_flows_gdp" else "goods_exports"
    read = year if kind == "data_flows_gdp" else runs.region.base_year + READ
    return Ours(-runs.percent(column, read, scenario)[:, runs.region.economies.index(who[0])])


def _growth(row: Published, runs: Runs, who: tuple[str, ...], year: int, scenario: str) -> str:
    """Yearly growth as published and in ours."""
    base = runs.region.base_year
    years = int(row["target_year"]) - int(row["base_year"])
    theirs = 100.0 * ((number(row["published"]) / number(row["base_value"])) ** (1 / years) - 1.0)
    then, now = (runs.together("digital_value_added", at, scenario, who) for at in (base, year))
    ours = 100.0 * float(np.median((now / then) ** (1.0 / (year - base)) - 1.0))
    return f"Published growth {theirs:.1f} % a year (current USD), ours {ours:.1f} % (real)."


def _added(runs: Runs, who: tuple[str, ...], year: int) -> str:
    """What the agreement adds to digital value added, published and ours."""
    theirs = {
        row["counterpart"]: number(row["published"])
        for row in table("projections.csv")
        if row["counterpart"] in ("digital_value_added", "alignment_value_added")
    }
    before, after = (
        runs.together("digital_value_added", year, name, who) for name in (BASELINE, AGREEMENT)
    )
    published = 100.0 * (theirs["alignment_value_added"] / theirs["digital_value_added"] - 1.0)
    gained = 100.0 * float(np.median(after / before - 1.0))
    return f"The agreement adds {published:.0f} % as published, {gained:.1f} % in ours."


def _cover(row: Published, runs: Runs, who: tuple[str, ...]) -> Ours:
    """Cost of universal cover: % of GDP a year, or USD bn over ten years for a bill."""
    share = cost_of_cover(runs, anew=True)
    missing = cost_of_cover(runs, anew=False)
    gdp = runs.values("gdp", runs.region.base_year)
    at = [runs.region.economies.index(code) for code in who]
    if row["counterpart"] == "bill":
        left = float(np.median((missing * gdp).sum(axis=1))) / 10.0
        return Ours((share * gdp).sum(axis=1) / 10.0, f"What is missing to 99 % alone: {left:.1f}.")
    left = float(np.median(missing[:, at[0]]))
    size = _size(number(row["published"]), float(np.median(share[:, at[0]])))
    return Ours(share[:, at[0]], f"{size} What is missing to 99 % alone: {left:.2f} %.")


def _open_data(kind: str, runs: Runs, year: int) -> Ours | None:
    """GDP gained by open rules in the region, or in its poorer economies, in %."""
    region = runs.region
    income = region.base("gdp_current") / region.base("population")
    poor = tuple(np.array(region.economies)[income <= LOWER_MIDDLE])
    who = poor if kind == "open_data_poor" else region.economies
    if not who:
        return None
    before, after = (runs.together("gdp", year, name, who) for name in (BASELINE, OPEN))
    return Ours(100.0 * (after / before - 1.0))
