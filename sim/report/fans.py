"""Fan charts: a policy's bands against the baseline's, one panel a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.report.history import History, history, history_source
from sim.report.panels import finish_axes, panel_grid
from sim.report.style import BLUE, GREY, INK, ORANGE, band_words, new_figure, styled
from sim.report.words import (
    MINUS,
    check_known,
    effect_text,
    effect_unit,
    grades_in_short,
    inside_sentence,
    is_bounded,
    kpi_of,
    place_names,
    shortened,
    split_places,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.kpi.registry import Kpi
    from sim.region.region import Region

#: How a base-year figure is marked that was not published.
_RING: dict[str, Any] = {
    "ls": "", "marker": "o", "ms": 5, "mfc": "white", "mec": INK, "mew": 1.0,
}  # fmt: skip


@dataclass(frozen=True)
class _Panel:
    """What one panel shows."""

    place: str
    name: str
    policy: pd.DataFrame
    baseline: pd.DataFrame | None
    past: History | None
    effect: pd.Series | None


@styled
def fan_chart(
    projections: pd.DataFrame,
    scenario: str,
    baseline: str | None,
    kpi: str,
    places: Sequence[str] | None = None,
    *,
    region: Region | None = None,
    effects: pd.DataFrame | None = None,
    members: int | None = None,
    policy_years: tuple[int, int] | None = None,
    parameters: str = "prior parameters",
) -> Figure:
    """A policy's median with 50 and 90 % bands against the baseline, small multiples by place.

    The first place is drawn largest; without ``places`` that is the whole region. ``region`` adds
    names and published history, ``effects`` the median effect of the last year to each panel, and
    ``policy_years`` shades the first to the last year of the programmes.
    """
    measure = kpi_of(kpi)
    baseline = None if baseline == scenario else baseline
    rows, places = rows_of(projections, [scenario, baseline], kpi, places, region)
    panels = _panels(rows, scenario, baseline, measure, places, region, effects)
    figure = new_figure(
        f"{measure.title}, {measure.unit}" if measure.unit else measure.title,
        _subtitle(scenario, baseline, int(rows["year"].max()), measure, panels),
        _footer(region, kpi, members, parameters),
        grades_in_short([measure]),
    )
    limits = _shared_limits(measure, panels)
    _fill(figure, panels, measure, limits, measure.unit, rows, region, policy_years, baseline)
    return figure


@styled
def effect_chart(
    effects: pd.DataFrame,
    scenario: str,
    kpi: str,
    places: Sequence[str] | None = None,
    *,
    region: Region | None = None,
    members: int | None = None,
    policy_years: tuple[int, int] | None = None,
    parameters: str = "prior parameters",
) -> Figure:
    """The effect of a policy on a KPI: median with 50 and 90 % bands, small multiples by place.

    All panels share one scale, so that effects can be compared across economies.
    """
    measure = kpi_of(kpi)
    rows, places = rows_of(effects, [scenario], kpi, places, region)
    panels = _panels(rows, scenario, None, measure, places, region, rows, past=False)
    unit = _long_unit(measure)
    subtitle = _subtitle(scenario, str(rows["baseline"].iloc[0]), int(rows["year"].max()),
                         measure, panels)  # fmt: skip
    figure = new_figure(
        f"Effect on {inside_sentence(measure.title)}, {unit}",
        subtitle,
        _footer(None, kpi, members, parameters),
        grades_in_short([measure]),
    )
    _fill(figure, panels, measure, _limits(panels), unit, rows, region, policy_years, None)
    for axes in figure.axes:
        axes.axhline(0.0, color="#333333", lw=0.8, zorder=1)
    return figure


def rows_of(
    table: pd.DataFrame,
    scenarios: Sequence[str | None],
    kpi: str,
    places: Sequence[str] | str | None,
    region: Region | None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of one KPI for the scenarios, and the places to show: by default regions, economies.

    Raises ``InputError`` for a scenario, KPI or place that the table does not have.
    """
    own = table[table["scenario"] == scenarios[0]]
    rows = table[table["scenario"].isin(scenarios) & (table["kpi"] == kpi)]
    if places is None:
        economies, regions = split_places(own, region)
        places = (*regions, *economies)
    places = (places,) if isinstance(places, str) else tuple(places)
    for field, wanted in (("scenario", scenarios), ("kpi", [kpi]), ("economy", places)):
        known = list(dict.fromkeys((rows if field != "kpi" else table)[field]))
        check_known(field, [one for one in wanted if one is not None], known)
    return rows, places


def _long_unit(kpi: Kpi) -> str:
    short = effect_unit(kpi)
    return {"pp": "percentage points", "%": "% of the baseline"}.get(short, short)


def _fill(
    figure: Figure,
    panels: list[_Panel],
    kpi: Kpi,
    limits: tuple[float, float] | None,
    unit: str,
    rows: pd.DataFrame,
    region: Region | None,
    policy_years: tuple[int, int] | None,
    baseline: str | None,
) -> None:
    """Draw every panel, then what they share."""
    base_year = region.base_year if region is not None else int(rows["year"].min())
    last = int(rows["year"].max())
    grid = panel_grid(figure, len(panels), limits is not None)
    for axes, panel in zip(grid, panels, strict=True):
        large = axes is figure.axes[0] or len(panels) <= 4
        _draw(axes, panel, kpi, base_year, policy_years, large)
        _scale(axes, panel, limits, 5 if large else 3)
    pasts = [panel.past for panel in panels if panel.past is not None]
    first_year = min([base_year, *(int(year) for past in pasts for year in past.years[:1])])
    finish_axes(figure, unit, limits is not None, first_year, base_year, last)
    _legend(figure, panels, base_year, policy_years, baseline)


def _panels(
    rows: pd.DataFrame,
    scenario: str,
    baseline: str | None,
    kpi: Kpi,
    places: Sequence[str],
    region: Region | None,
    effects: pd.DataFrame | None,
    past: bool = True,
) -> list[_Panel]:
    names = place_names(places, region)
    change = None
    if effects is not None:
        kept = (effects["kpi"] == kpi.id) & (effects["scenario"] == scenario)
        change = effects[kept & (effects["year"] == rows["year"].max())].set_index("economy")
    found = []
    for place in places:
        here = rows[rows["economy"] == place].sort_values("year")
        effect = change.loc[place] if change is not None and place in change.index else None
        found.append(
            _Panel(
                place,
                names[place],
                here[here["scenario"] == scenario],
                None if baseline is None else here[here["scenario"] == baseline],
                history(region, kpi.id, place) if past else None,
                effect,
            )
        )
    return found


def _subtitle(
    scenario: str, baseline: str | None, last: int, kpi: Kpi, panels: list[_Panel]
) -> str:
    text = shortened(scenario, 60)
    if baseline is not None:
        text += f" against {shortened(baseline, 60)}"
    text += f", to {last}"
    if any(panel.effect is not None for panel in panels):
        text += f". In blue: median effect in {last}, {_long_unit(kpi)} (90 % band)"
    return text


def _footer(region: Region | None, kpi: str, members: int | None, parameters: str) -> str:
    source = history_source(region, kpi)
    text = "Source: digiregion" + (f"; history: {source}" if source else "")
    return f"{text}. {band_words(members, parameters).capitalize()}."


def _draw(
    axes: Any,
    panel: _Panel,
    kpi: Kpi,
    base_year: int,
    policy_years: tuple[int, int] | None,
    banded: bool,
) -> None:
    font = 10 if banded else 9
    if policy_years is not None:
        start, end = policy_years
        axes.axvspan(
            start - 0.5, end + 0.5, 0.0, 0.018 if banded else 0.035, color=ORANGE, lw=0, zorder=7
        )
    axes.axvline(base_year, color=GREY, lw=0.8, ls=":", zorder=1)
    if panel.baseline is not None and len(panel.baseline):
        _fan(axes, panel.baseline, "baseline")
    if len(panel.policy):
        _fan(axes, panel.policy, "policy")
    if panel.past is not None:
        _past(axes, panel.past)
    # The large panel has said which region it is: what is left out is enough.
    name = panel.name.partition(" without ")
    heading = f"Without {name[2]}" if name[2] else panel.name
    axes.set_title(heading, loc="left", fontsize=font, fontweight="bold", pad=3)
    if panel.effect is not None:
        text = _effect(kpi, panel.effect, banded)
        axes.set_title(text, loc="right", fontsize=font, color=BLUE, fontweight="bold", pad=3)


def _past(axes: Any, past: History) -> None:
    """Dots for what was published, a ring for a base-year figure that is imputed."""
    if len(past.years):
        axes.plot(past.years, past.values, ls="", marker="o", ms=2.6, color=INK, zorder=6,
                  gid="history")  # fmt: skip
    if past.imputed is not None:
        axes.plot(*([one] for one in past.imputed), **_RING, zorder=6, gid="imputed")


def _effect(kpi: Kpi, effect: pd.Series, banded: bool) -> str:
    """The median effect, with its 90 % band where there is room for it."""
    middle, low, high = (effect_text(kpi, effect[q], MINUS) for q in ("median", "q05", "q95"))
    return f"{middle} ({low} to {high})" if banded else middle


def _fan(axes: Any, rows: pd.DataFrame, kind: str) -> None:
    """Bands and median of one scenario; each line carries a name by which it can be found."""
    years = rows["year"].to_numpy()
    q = {name: rows[name].to_numpy() for name in ("q05", "q25", "median", "q75", "q95")}
    if kind == "policy":
        axes.fill_between(years, q["q05"], q["q95"], color=BLUE, alpha=0.18, lw=0, zorder=2)
        axes.fill_between(years, q["q25"], q["q75"], color=BLUE, alpha=0.32, lw=0, zorder=3)
        axes.plot(years, q["median"], color=BLUE, lw=1.8, zorder=5, gid="policy median")
        return
    for name in ("q05", "q95"):
        axes.plot(years, q[name], color=GREY, lw=0.9, ls=(0, (2, 2)), zorder=4,
                  gid=f"baseline {name}")  # fmt: skip
    axes.plot(years, q["median"], color="#333333", lw=1.4, ls=(0, (4, 2)), zorder=5.5,
              gid="baseline median")  # fmt: skip


def _shared_limits(kpi: Kpi, panels: list[_Panel]) -> tuple[float, float] | None:
    """Limits that all panels share; None for money, where economies differ a thousandfold."""
    if is_bounded(kpi):
        return 0.0, 100.0
    if kpi.effect == "percent":
        return None
    return _limits(panels)


def _limits(panels: list[_Panel]) -> tuple[float, float]:
    values = [np.zeros(1)]
    for panel in panels:
        for frame in (panel.policy, panel.baseline):
            if frame is not None:
                values += [frame["q05"].to_numpy(), frame["q95"].to_numpy()]
        if panel.past is not None:
            values.append(panel.past.every_value)
    every = np.concatenate(values)
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    room = 0.06 * (high - low) or 1.0
    return low - room if low < 0 else 0.0, high + room


def _scale(axes: Any, panel: _Panel, limits: tuple[float, float] | None, ticks: int) -> None:
    low, high = limits or _limits([panel])
    axes.set_ylim(low, high + (0.02 * (high - low) if high == 100 else 0.0))
    if (low, high) == (0.0, 100.0):
        axes.set_yticks([0, 50, 100])
        axes.set_yticks([25, 75], minor=True)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(axis="y", which="both", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)


def _legend(
    figure: Figure,
    panels: list[_Panel],
    base_year: int,
    policy_years: tuple[int, int] | None,
    baseline: str | None,
) -> None:
    handles: list[Any] = [
        Line2D(
            [], [], color=BLUE, lw=1.8, label="Policy median" if baseline is not None else "Median"
        ),
        Patch(color=BLUE, alpha=0.45, lw=0, label="50 % band"),
        Patch(color=BLUE, alpha=0.18, lw=0, label="90 % band"),
    ]
    if baseline is not None:
        grey = Line2D([], [], color="#333333", lw=1.4, ls=(0, (4, 2)), label="Baseline median")
        edge = Line2D([], [], color=GREY, lw=0.9, ls=(0, (2, 2)), label="90 % band")
        handles += [grey, edge]
    pasts = [panel.past for panel in panels if panel.past is not None]
    if any(len(past.years) for past in pasts):
        handles.append(Line2D([], [], color=INK, ls="", marker="o", ms=3, label="Published"))
    if any(past.imputed is not None for past in pasts):
        handles.append(Line2D([], [], **_RING, label="Imputed"))
    handles.append(Line2D([], [], color=GREY, lw=0.8, ls=":", label=f"Base year {base_year}"))
    if policy_years is not None:
        years = f"Programmes {policy_years[0]}-{policy_years[1]}"
        handles.append(Line2D([], [], color=ORANGE, lw=4, label=years))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.029, 0.885), ncols=9,
                  columnspacing=1.2, handlelength=1.7, borderaxespad=0.0)  # fmt: skip
