"""The look of every figure: size, fonts, colours that colour-blind readers can tell apart."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib
from matplotlib.figure import Figure

from sim.files import atomic
from sim.report.words import counted, wrapped

#: A slide of 16:9 in inches, and the resolution of the PNG.
SIZE = (13.333, 7.5)
DPI = 150

# Okabe and Ito's palette.
BLUE, ORANGE, GREEN, SKY = "#0072B2", "#E69F00", "#009E73", "#56B4E9"
VERMILION, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"
INK, GREY, LIGHT, PALE = "#222222", "#6b6b6b", "#c8c8c8", "#f2f2f2"

_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.linewidth": 0.7,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "text.color": INK,
    "axes.labelcolor": INK,
    "hatch.linewidth": 0.5,
    # Names of scenarios are not formulas: $, _ and ^ are shown as they are.
    "text.parse_math": False,
    "text.usetex": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
}

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def _settings() -> dict[str, Any]:
    """Matplotlib's own defaults with this house's style, whatever the user has set."""
    kept = ("backend", "interactive", "toolbar", "webagg", "tk.", "date.epoch", "docstring")
    defaults = dict.items(matplotlib.rcParamsDefault)
    return {key: value for key, value in defaults if not key.startswith(kept)} | _STYLE


def styled(draw: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Draw with the house's style, and leave matplotlib's settings as they were."""

    @functools.wraps(draw)
    def inside(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
            with matplotlib.rc_context(_settings()):
                return draw(*arguments, **options)

    return inside


def new_figure(title: str, subtitle: str, footer: str, note: str = "") -> Figure:
    """An empty slide with a title, a line below it, a footer, and a small note at the top right."""
    figure = Figure(figsize=SIZE, facecolor="white")
    figure.suptitle(wrapped(title, 100, 1), x=0.03, y=0.975, ha="left", va="top",
                    fontsize=17, fontweight="bold")  # fmt: skip
    if subtitle:
        figure.text(0.03, 0.918, wrapped(subtitle, 165, 2), fontsize=11, va="top", color="#444444")
    if note:
        figure.text(0.985, 0.99, note, fontsize=8.5, ha="right", va="top", color=GREY)
    figure.text(0.03, 0.012, footer, fontsize=9, va="bottom", color=GREY)
    return figure


@styled
def save(figure: Figure, path: Path) -> Path:
    """Write a PNG, all or nothing; the same figure gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name in a script without a font
        with atomic(path) as draft:
            figure.savefig(draft, format="png", dpi=DPI, metadata={"Software": None})
    return path


def cell(axes: Any) -> Any:
    """Where a panel stands in its grid."""
    return axes.get_subplotspec()


def band_words(members: int | None, parameters: str) -> str:
    """What the bands of a figure are, for its footer."""
    if members == 1:
        return f"one member, without bands; {parameters}"
    count = "the members" if members is None else counted(members)
    return f"bands: 50 and 90 % of {count}; {parameters}"
