"""The figures of the validation report: scores, coverage, ranks and fans of a hindcast."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from sim.evidence.hindcast import MODEL, Hindcast
from sim.evidence.known import SERIES
from sim.evidence.scores import UNITS
from sim.report.style import BLUE, GREY, INK, LIGHT, ORANGE, new_figure, styled
from sim.report.validation_tables import forecaster_words
from sim.report.words import shortened

#: How the series are called in the report.
#: Economies on a page of fans, and years before the origin that are shown.
ON_A_PAGE, BEFORE = 12, 10
_FAN_UNITS = {
    "internet_users": "% of population",
    "fixed_broadband": "subscriptions per 100 people",
    "gdp": "log of USD of 2015 (own scale in each panel)",
}
#: Where the panels are on a slide, as shares of it: left, right, bottom, top.
_PANELS = {"left": 0.065, "right": 0.985, "bottom": 0.115, "top": 0.80}
_SOURCE = "Source: digiregion validate; figures of the region's tables, today's vintage."


@styled
def crps_figure(found: Hindcast) -> Figure:
    """Mean CRPS by origin: the model, the best benchmark and the others, a panel a series."""
    figure = _slide(
        found,
        "Error of forecasts by origin",
        "Mean CRPS of forecasts up to eight years ahead, on figures that no fit had seen; "
        "lower is better",
    )
    for axes, series, best, here in _panels(figure, found):
        for name, one in here.groupby("forecaster", sort=False):
            style = _STYLES.get(str(name), _OTHER) if name != best else _BEST
            axes.plot(_places(found, one["origin"]), one["crps"], gid=f"{series} {name}", **style)
        axes.set_ylim(0.0, None)
        axes.set_ylabel(f"CRPS, {UNITS[series].words}")
    _legend(figure, [_line(_MODEL, MODEL), _line(_BEST, "best benchmark of the series"),
                     _line(_OTHER, "other benchmarks")])  # fmt: skip
    return figure


@styled
def coverage_figure(found: Hindcast) -> Figure:
    """Share of figures in the 50 and 90 % bands by origin, a panel a series."""
    figure = _slide(
        found,
        "Do the bands hold what they promise?",
        "Share of held-out figures inside the 90 % band (solid) and the 50 % band (dashed), "
        "by origin; thin lines: what the bands promise",
    )
    for axes, series, best, here in _panels(figure, found):
        for level in (0.5, 0.9):
            axes.axhline(level, color=INK, lw=0.8, ls=":", zorder=1)
        for name, style in ((best, _BEST), (MODEL, _MODEL)):
            one = here[here["forecaster"] == name]
            for column, dashes in (("inside_90", "-"), ("inside_50", (0, (4, 2)))):
                look = {**style, "ls": dashes}
                axes.plot(_places(found, one["origin"]), one[column], **look,
                          gid=f"{series} {name} {column}")  # fmt: skip
        axes.set_ylim(0.0, 1.02)
        axes.set_yticks([0.0, 0.25, 0.5, 0.75, 0.9, 1.0])
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        axes.set_ylabel("share of figures")
    _legend(figure, [_line(_MODEL, MODEL), _line(_BEST, "best benchmark of the series")])
    return figure


@styled
def pit_figure(found: Hindcast) -> Figure:
    """Where held-out figures fell among the members: histograms, the model above its best rival."""
    figure = _slide(
        found,
        "Where figures fell among the members (PIT)",
        "Flat is right. Full ends: bands too narrow; a hump: too wide; more on the right: "
        "forecasts too low",
    )
    rows = found.pit()
    grid = figure.add_gridspec(2, len(SERIES), **_PANELS, wspace=0.22, hspace=0.45)
    top = 0.0
    for column, series in enumerate(SERIES):
        best = found.best_benchmark(series)
        for row, (name, colour) in enumerate(((MODEL, BLUE), (best, ORANGE))):
            axes = figure.add_subplot(grid[row, column])
            one = rows[(rows["series"] == series) & (rows["forecaster"] == name)]
            shares = one["figures"].to_numpy() / max(one["figures"].sum(), 1)
            width = float(one["high"].iloc[0] - one["low"].iloc[0])
            axes.bar(one["low"], shares, width=0.94 * width, align="edge", color=colour,
                     alpha=0.75, lw=0, gid=f"{series} {name}")  # fmt: skip
            axes.axhline(width, color=INK, lw=0.9, ls=":", zorder=3)
            axes.set_xlim(0.0, 1.0)
            axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0", "25", "50", "75", "100"])
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
            axes.set_xlabel("place among the members, % of them below")
            axes.set_ylabel("share of figures" if column == 0 else "")
            _title(axes, f"{UNITS[series].title}: {forecaster_words(name)}")
            top = max(top, float(shares.max()))
    for axes in figure.axes:
        axes.set_ylim(0.0, 1.08 * top)
    return figure


def pages(found: Hindcast) -> int:
    """How many pages the fans of all economies take."""
    return math.ceil(len(found.economies) / ON_A_PAGE)


@styled
def fans_figure(found: Hindcast, series: str, origin: int, page: int = 1) -> Figure:
    """Forecasts from one origin beside what came, a panel an economy; ``page`` counts from 1.

    The economies are spread evenly over the pages, in the order of the region.
    """
    paths = found.paths()
    rows = paths[(paths["series"] == series) & (paths["origin"] == origin)]
    rows = rows[rows["year"] >= origin - BEFORE]
    places = np.array_split(np.arange(len(found.economies)), pages(found))[page - 1]
    more = f", page {page} of {pages(found)}" if pages(found) > 1 else ""
    figure = _slide(
        found,
        f"{UNITS[series].title}: forecasts from {origin}{more}",
        f"Median with 50 and 90 % bands of {found.members:,} members fitted to figures up to "
        f"{origin}, and what was published afterwards",
    )
    columns = min(4, math.ceil(math.sqrt(len(places))))
    lines = math.ceil(len(places) / columns)
    grid = figure.add_gridspec(lines, columns, **_PANELS, wspace=0.13, hspace=0.42)
    own = rows[rows["economy"].isin([found.economies[place] for place in places])]
    for position, place in enumerate(places):
        axes = figure.add_subplot(grid[position // columns, position % columns])
        code = found.economies[place]
        _fan(axes, own[own["economy"] == code], origin, code)
        _title(axes, shortened(found.names[place], 26))
        _frame_fan(axes, own, series)
        axes.tick_params(labelleft=position % columns == 0 or series == "gdp")
        axes.tick_params(labelbottom=position + columns >= len(places))
    figure.supylabel(_FAN_UNITS[series], x=0.008, fontsize=10.5)
    _legend(figure, _FAN_KEY)
    return figure


def _fan(axes: Any, rows: Any, origin: int, code: str) -> None:
    ahead = rows[rows["year"] > origin]
    if ahead["median"].notna().any():
        for low, high, alpha in (("q05", "q95", 0.18), ("q25", "q75", 0.36)):
            axes.fill_between(ahead["year"], ahead[low], ahead[high], color=BLUE, alpha=alpha, lw=0)
        axes.plot(ahead["year"], ahead["median"], color=BLUE, lw=1.8, gid=f"median {code}")
    before = rows[rows["year"] <= origin]
    axes.plot(before["year"], before["published"], ls="", marker="o", ms=2.8, color=GREY)
    axes.plot(ahead["year"], ahead["published"], ls="", marker="D", ms=4, mfc="white", mec=INK,
              mew=1.1, zorder=5, gid=f"held out {code}")  # fmt: skip
    axes.axvline(origin + 0.5, color=GREY, lw=0.8, ls=":", zorder=1)


def _frame_fan(axes: Any, rows: Any, series: str) -> None:
    """The same years in each panel; the same scale too, but for GDP."""
    first, last = int(rows["year"].min()), int(rows["year"].max())
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 4, 5, 10]))
    if series == "internet_users":
        axes.set_ylim(0.0, 102.0)
        axes.set_yticks([0, 25, 50, 75, 100])
    elif series == "fixed_broadband":
        high = float(np.nanmax(rows[["published", "q95"]].to_numpy()))
        axes.set_ylim(0.0, 1.05 * high)
    axes.grid(axis="y", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=2.5, pad=2)


_MODEL: dict[str, Any] = {"color": BLUE, "lw": 2.4, "marker": "o", "ms": 6, "zorder": 4}
_BEST: dict[str, Any] = {
    "color": ORANGE, "lw": 1.8, "marker": "s", "ms": 5, "mfc": "white", "zorder": 3,
}  # fmt: skip
_OTHER: dict[str, Any] = {"color": LIGHT, "lw": 1.0, "marker": ".", "ms": 4, "zorder": 2}
_STYLES = {MODEL: _MODEL}
_FAN_KEY = [
    Line2D([], [], color=BLUE, lw=1.8, label="median"),
    Patch(color=BLUE, alpha=0.45, lw=0, label="50 % band"),
    Patch(color=BLUE, alpha=0.18, lw=0, label="90 % band"),
    Line2D([], [], ls="", marker="o", ms=3, color=GREY, label="published, known at the origin"),
    Line2D([], [], ls="", marker="D", ms=4, mfc="white", mec=INK, mew=1.1,
           label="published later, held out"),
]  # fmt: skip


def _line(style: dict[str, Any], label: str) -> Line2D:
    return Line2D([], [], **style, label=label)


def _slide(found: Hindcast, title: str, subtitle: str) -> Figure:
    count = f"{len(found.economies)} economies, {found.members:,} members, seed {found.seed}"
    return new_figure(title, subtitle, f"{_SOURCE} {found.region}: {count}.")


def _panels(figure: Figure, found: Hindcast) -> Iterator[tuple[Any, str, str, pd.DataFrame]]:
    """A panel a series, origins along it: axes, series, its best benchmark, scores by origin."""
    rows = found.by("origin")
    for axes, series in zip(_row_of(figure, len(SERIES)), SERIES, strict=True):
        best = found.best_benchmark(series)
        yield axes, series, best, rows[rows["series"] == series]
        _origins(axes, found)
        _title(axes, f"{UNITS[series].title} (best: {forecaster_words(best)})")


def _row_of(figure: Figure, count: int) -> list[Any]:
    grid = figure.add_gridspec(1, count, **_PANELS, wspace=0.26)
    return [figure.add_subplot(grid[0, column]) for column in range(count)]


def _places(found: Hindcast, origins: Any) -> list[int]:
    return [found.origins.index(int(origin)) for origin in origins]


def _origins(axes: Any, found: Hindcast) -> None:
    axes.set_xticks(range(len(found.origins)), [str(origin) for origin in found.origins])
    axes.set_xlim(-0.35, len(found.origins) - 0.65)
    axes.set_xlabel("origin")
    axes.grid(axis="y", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)


def _title(axes: Any, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10.5, fontweight="bold", pad=5)


def _legend(figure: Figure, handles: list[Any]) -> None:
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.029, 0.885), ncols=9,
                  columnspacing=1.4, handlelength=1.9, borderaxespad=0.0)  # fmt: skip
