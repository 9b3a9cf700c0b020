"""Evidence: a calibration in words for a terminal."""

from __future__ import annotations

import textwrap

from sim.evidence.calibrate import Calibration
from sim.evidence.scores import UNITS

WIDTH = 100


def calibration_text(found: Calibration) -> str:
    """What history taught: fitted parameters before and after, and how well the figures are met."""
    heads = f"{'parameter':<24}{'prior: 5 %, median, 95 %':>30}{'fitted: 5 %, median, 95 %':>33}"
    lines = [f"{heads}{'spread kept':>12}"]
    for row in found.table().to_dict("records"):
        prior, fitted = (
            "".join(f"{row[f'{prefix}{which}']:>10.3g}" for which in ("low", "median", "high"))
            for prefix in ("prior_", "")
        )
        lines.append(f"{row['parameter']:<24}{prior}   {fitted}{row['spread_kept']:>12.2f}")
    known = found.fit.known
    misfit = ", ".join(
        f"{UNITS[name].title} {before:.0f} to {after:.1f}"
        for name, (before, after) in found.misfit.items()
    )
    words = (
        f"{len(known.economies)} economies, figures of {known.first} to {known.origin}. Effects "
        "that differ by economy are shown over all economies. Spread kept: standard deviation "
        "after against before; 1 where nothing was learnt. Mean squared misfit in units of the "
        f"errors of the figures: {misfit}."
    )
    lines.append(textwrap.fill(words, WIDTH))
    if found.institutions:
        lines.append(textwrap.fill(_weak(found), WIDTH))
    return "\n".join(lines)


def _weak(found: Calibration) -> str:
    """What institutions were fitted to."""
    told = ", ".join(
        f"{one.index.title} {one.figures.seen.sum()} figures from {one.first} on, "
        f"{one.misfit[0]:.0f} to {one.misfit[1]:.1f}"
        for one in found.institutions.values()
    )
    return f"Weak evidence, which moves nothing but its own parameters: {told}."
