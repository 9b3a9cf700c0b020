"""What a region's completed figures cannot be, and what in them should be looked at again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.errors import InputError, Problem
from sim.region.filling import Panel
from sim.region.indicators import INDICATORS, LEAST_WORKING_AGE
from sim.region.layout import FIRST_YEAR

#: Change from one figure to the next, as a factor a year, beyond which a unit or a typing error is
#: more likely than history (judgement: wars and oil halved GDP in a year, nothing doubled it; the
#: largest moves of a population in a year were by a fifth).
LARGEST_CHANGE = {"population": 1.25, "gdp": 2.0, "gdp_current": 3.0, "gdp_per_person_ppp": 2.0}


def check_ages(panel: Panel, file: str) -> None:
    """Raise ``InputError`` where people under 15 and over 64 leave too few of other ages."""
    names = young, old = "population_0_14", "population_65plus"
    together = panel.filled[young].values + panel.filled[old].values
    most = 1.0 - LEAST_WORKING_AGE
    problems = [
        Problem(
            f"{code}: people under 15 and over 64 are too many in {panel.years[np.argmax(row)]}",
            file=file,
            field=", ".join(names),
            value=f"{100.0 * row.max():.3g} % of population",
            allowed=f"together at most {100.0 * most:g}",
            remedy="check the figures of both",
        )
        for code, row in zip(panel.economies, together, strict=True)
        if row.max() > most + 1e-9
    ]
    if problems:
        raise InputError(problems)


def jumps(panel: Panel, economies: tuple[str, ...]) -> Iterator[str]:
    """A warning for each economy and series that moves more in a year than history has known."""
    for name, most in LARGEST_CHANGE.items():
        filled = panel.filled[name]
        for code in economies:
            row = panel.economies.index(code)
            at = np.flatnonzero(filled.status[row] == 0)
            moves = np.abs(np.diff(np.log(filled.values[row, at]))) / np.diff(at)
            if len(moves) and moves.max() > np.log(most):
                here = int(np.argmax(moves))
                factor = np.exp(moves[here])
                yield (
                    f"{code}: {INDICATORS[name].meaning.lower()} ({name}) changes by a factor of "
                    f"{factor:.3g} a year between {FIRST_YEAR + at[here]} and "
                    f"{FIRST_YEAR + at[here + 1]}: check the unit and the figures"
                )
