"""What of a batch is shown: names by pattern, years by range, and places that are added up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError, Problem, nearest_name
from sim.kpi.registry import BY_ID, Kpi

if TYPE_CHECKING:
    import pandas as pd

#: A name, a pattern with ``*``, or several of them; None for all.
Names = str | Iterable[str] | None
#: A year, several, a ``range``, or a tuple of the first and the last; None for all.
Years = int | Iterable[int] | None
#: How codes of economies look: a place that is added up has no such name.
CODE = r"[A-Z][A-Z0-9]{1,7}"


@dataclass(frozen=True)
class Choice:
    """What is shown, None for all; ``groups`` are places added up besides the batch's own."""

    scenarios: tuple[str, ...] | None = None
    kpis: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that are shown."""
        for column, kept in (
            ("scenario", self.scenarios), ("kpi", self.kpis), ("economy", self.places),
            ("year", self.years),
        ):  # fmt: skip
            if kept is not None and column in frame:
                frame = frame[frame[column].isin(kept)]
        return frame.reset_index(drop=True)


def chosen(field: str, wanted: Names, known: Sequence[str]) -> tuple[str, ...]:
    """The known names that are wanted, in their own order; ``*`` stands for any characters.

    Raises InputError for every name that is not known, and every pattern that no name fits.
    """
    if wanted is None:
        return tuple(known)
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    fits = {name: _fitting(name, known) for name in names}
    problems = [
        unknown(field, name, known).problems[0] for name, found in fits.items() if not found
    ]
    if problems or not names:
        raise InputError(problems or [Problem("names nothing", field=field)])
    kept = {name for found in fits.values() for name in found}
    return tuple(name for name in known if name in kept)


def _fitting(wanted: object, known: Sequence[str]) -> list[str]:
    if not isinstance(wanted, str) or wanted in known:
        return [name for name in known if name == wanted]
    pattern = re.compile(".*".join(map(re.escape, wanted.split("*"))), re.DOTALL)
    return [name for name in known if pattern.fullmatch(name)]


def chosen_years(wanted: Years, known: Sequence[int]) -> tuple[int, ...]:
    """The known years that are wanted: a year, several, a range, or a tuple (first, last).

    Of a range, the years that are known. Raises InputError for a year that is not, and a range
    that holds none that is.
    """
    if wanted is None:
        return tuple(known)
    if isinstance(wanted, tuple) and len(wanted) == 2:
        wanted = range(wanted[0], wanted[1] + 1)
    if isinstance(wanted, range):
        kept = {year for year in known if year in wanted}
        lacking: list[object] = [] if kept else [f"{wanted.start} to {wanted.stop - 1}"]
    else:
        years = list(wanted) if isinstance(wanted, Iterable) else [wanted]
        kept = {year for year in known if year in years}
        lacking = [year for year in years if year not in kept] or ([] if years else ["none"])
    if lacking:
        allowed = _spans(known)
        raise InputError(
            [
                Problem("not in these results", field="year", value=year, allowed=allowed)
                for year in lacking
            ]
        )
    return tuple(year for year in known if year in kept)


def _spans(years: Sequence[int]) -> str:
    """Years in words: from the first to the last, or one by one where some are left out."""
    if not years or len(years) == years[-1] - years[0] + 1 > 1:
        return f"{years[0]} to {years[-1]}" if years else "none"
    return ", ".join(map(str, years))


def one_year(year: int, known: Sequence[int]) -> int:
    """A single known year. Raises InputError for any other, and for several."""
    if not isinstance(year, int | np.integer):
        words = "is no single year"
        raise InputError([Problem(words, field="year", value=year, allowed=_spans(known))])
    return chosen_years(int(year), known)[0]


def one_name(field: str, name: object, known: Sequence[str]) -> str:
    """A single known name, no pattern. Raises InputError for any other, with the nearest."""
    if not isinstance(name, str) or name not in known:
        raise unknown(field, name, known)
    return name


def known_kpi(name: str) -> Kpi:
    """The KPI of that id. Raises InputError with the nearest valid one."""
    return BY_ID[one_name("kpi", name, list(BY_ID))]


def unknown(field: str, value: object, names: Sequence[str]) -> InputError:
    """What is said of a name that these results do not have."""
    near = nearest_name(value, names)
    problem = Problem(
        "not in these results", field=field, value=value, allowed=", ".join(names), nearest=near
    )
    return InputError([problem])
