"""The words of a report: names of places, units of effects, and numbers as people write them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, nearest_name
from sim.experiment.store import slug
from sim.kpi.registry import BY_ID, EFFECTS_EVIDENCE, EVIDENCE, Kpi
from sim.region.region import SHIPPED

if TYPE_CHECKING:
    import pandas as pd

    from sim.region.region import Region

#: Units whose figures cannot leave 0 to 100, and whose axes show all of it.
_BOUNDED = ("% of population", "% of adults", "% of rural population", "0-100")
#: The head of the column of marks of evidence.
EVIDENCE_HEAD = "Ev"
MINUS = "\N{MINUS SIGN}"


def check_known(field: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raise ``InputError`` for every name that a table does not have."""
    problems = [
        Problem("not in these results", field=field, value=name, nearest=nearest_name(name, known))
        for name in wanted
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def kpi_of(name: str) -> Kpi:
    """The KPI of an id; one that the registry does not know is shown by its id."""
    if name in BY_ID:
        return BY_ID[name]
    return Kpi(name, name.replace("_", " ").capitalize(), "", 0, "", lambda state: state.gdp)


def is_bounded(kpi: Kpi) -> bool:
    """Whether the KPI is a share or score whose axis runs from 0 to 100."""
    return any(unit in kpi.unit for unit in _BOUNDED)


def kpi_label(kpi: Kpi, most: int = 42) -> str:
    """A KPI and its unit in a table's row, in short words; at most ``most`` characters."""
    unit = kpi.unit.removeprefix("score ").removeprefix("subscriptions ")
    return shortened(f"{kpi.title}, {unit}", most)


def grades_sentence(effects: bool = True) -> str:
    """What the marks of evidence beside KPIs mean, and what they leave out of effects."""
    marks = "; ".join(
        f"{grade[0].upper()} {grade}, {meaning}" for grade, meaning in EVIDENCE.items()
    )
    return f"Ev, evidence for a KPI's level and path: {marks}." + (
        f" {EFFECTS_EVIDENCE}" if effects else ""
    )


def grades_in_short(kpis: Sequence[Kpi]) -> str:
    """The grade of one KPI, or the key to the marks of several, as a note on a figure."""
    if len(kpis) == 1:
        return f"Evidence: {kpis[0].evidence}" if kpis[0].evidence else ""
    keys = ", ".join(f"{grade[0].upper()} {grade}" for grade in EVIDENCE)
    return f"Evidence: {keys}" if any(kpi.mark for kpi in kpis) else ""


def effect_unit(kpi: Kpi) -> str:
    """Unit of a policy's effect: ``%`` of the baseline, ``pp`` or the KPI's own, shortened."""
    if kpi.effect == "percent":
        return "%"
    if kpi.unit == "% of GDP":
        return "pp of GDP"
    if kpi.unit.startswith("%") or kpi.unit == "percentage points":
        return "pp"
    if "0-100" in kpi.unit:
        return "points"
    return "per 100 people" if kpi.unit.endswith("per 100 people") else kpi.unit


def effect_decimals(kpi: Kpi) -> int:
    """Decimals of an effect: one for percent, else the KPI's."""
    return 1 if kpi.effect == "percent" else kpi.decimals


def number(value: float, decimals: int = 1, sign: bool = False, minus: str = "-") -> str:
    """A number with thousands separators, never "-0"; "n/a" for one that is not known."""
    if value != value:
        return "n/a"
    text = f"{value:+,.{decimals}f}" if sign else f"{value:,.{decimals}f}"
    if not text.strip("+-0.,"):
        text = text.lstrip("+-")
    return text.replace("-", minus)


def counted(members: int) -> str:
    """How many members an ensemble has."""
    return "1 member" if members == 1 else f"{members:,} members"


def billions(millions: float) -> str:
    """USD mn as USD bn, with as many decimals as small programmes need."""
    amount = millions / 1e3
    return number(amount, 1 if abs(amount) >= 1 else 3)


def effect_text(kpi: Kpi, value: float, minus: str = "-") -> str:
    """An effect with its sign, without a unit."""
    return number(value, effect_decimals(kpi), sign=True, minus=minus)


def short_effect(kpi: Kpi, value: float, minus: str = "-") -> str:
    """An effect with its sign, in the width of a cell: three figures, k for thousand, M, G."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * (10 if letter == "k" else 1):
            scaled = abs(value) / size
            decimals = 0 if scaled >= 99.95 else 1
            return number(value / size, decimals, sign=True, minus=minus) + letter
    decimals = min(
        effect_decimals(kpi), 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 3
    )
    return number(value, decimals, sign=True, minus=minus)


def better_in(share: float, low: float, high: float, decimals: int) -> str:
    """The share of members that are better, in percent; no finite ensemble makes certain.

    "-" where it is not known, as before any programme, and where the whole band, ``low`` to
    ``high``, shows as no effect with so many ``decimals``.
    """
    if share != share or max(abs(low), abs(high)) < 0.5 * 10.0**-decimals:
        return "-"
    if share > 0.995:
        return ">99 %"
    return "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters, with an ellipsis where something is left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def inside_sentence(title: str) -> str:
    """A title as it is written within a sentence: GDP stays GDP."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def file_word(text: str) -> str:
    """A text as part of a file's name, as the members' folders are named."""
    return slug(text)[:80]


def place_name(place: str, region: Region | None = None) -> str:
    """An economy's name, or a region's as it is written in a title."""
    if region is not None and place in region.economies:
        return str(region.profile.loc[place, "name"])
    whole, without, code = place.partition(" without ")
    if without:
        left_out = code if region is None else str(region.profile["name"].get(code, code))
        return f"{place_name(whole, region)} without {left_out}"
    parts = place.split("+")
    if all(part in SHIPPED for part in parts):
        return " + ".join(part.upper() for part in parts)
    return place.replace("_", " ")


def place_names(places: Sequence[str], region: Region | None = None) -> dict[str, str]:
    """The names of several places."""
    known = {} if region is None else region.profile["name"].to_dict()
    inside = () if region is None else region.economies
    return {one: str(known[one]) if one in inside else place_name(one, region) for one in places}


def split_places(
    frame: pd.DataFrame, region: Region | None = None, names: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The economies and the regions in a table of projections or effects.

    Economies are in the order of ``region`` or of ``names`` (by code without either); regions by
    size, the whole first: the one that is largest by GDP, or by its name where there is no GDP.
    """
    found = list(dict.fromkeys(frame["economy"]))
    if region is None and names:
        economies = [place for place in names if place in found]
    elif region is None:
        economies = sorted(place for place in found if re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", place))
    else:
        economies = [place for place in region.economies if place in found]
    others = [place for place in found if place not in economies]
    size: dict[str, float] = {}
    if "baseline" not in frame:
        gdp = frame[frame["kpi"] == "gdp"]
        size = gdp.groupby("economy")["median"].max().to_dict()
    first = region.name if region is not None else ""
    named = first.split("+")
    order = {place: named.index(place) if place in named else len(named) for place in others}
    key = {p: (p != first, order[p], -size.get(p, 0.0), -p.count("+"), p) for p in others}
    return tuple(economies), tuple(sorted(others, key=lambda place: key[place]))


def headline_place(regions: Sequence[str]) -> str:
    """The whole region, or the whole without the one economy that outweighs all others."""
    return next((region for region in regions if " without " in region), regions[0])


def economies_of(place: str, economies: Sequence[str]) -> tuple[str, ...]:
    """The economies of a whole region, or of a whole "without ISO3", among all ``economies``."""
    left_out = place.rpartition(" without ")[2]
    return tuple(code for code in economies if code != left_out)


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Text broken into at most ``lines`` lines."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))
