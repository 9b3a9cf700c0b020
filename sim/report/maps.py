"""Network maps: economies where they lie, coloured by a KPI, joined by trade or by fibre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.textpath import TextPath

from sim.report.links import Link, fibre_links, trade_links
from sim.report.placing import at_frame, moved_apart, place_labels
from sim.report.style import BLUE, GREY, INK, PALE, VERMILION, new_figure, styled
from sim.report.words import MINUS, grades_in_short, is_bounded, kpi_of, number, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from sim.kpi.registry import Kpi
    from sim.model.quantities import Array
    from sim.region.region import Region

#: The map and the key, as shares of the slide: left, bottom, width, height.
_MAP, _KEY = (0.03, 0.07, 0.725, 0.815), (0.775, 0.07, 0.21, 0.65)
_POINTS = np.array([13.333, 7.5]) * 72.0
_MARGIN, _HUB_RADIUS, _LEAST_RADIUS = 62.0, 5.0, 6.5
#: With more economies than this, labels are codes.
_NAMED = 14
_LINES: dict[str, dict[str, Any]] = {
    "trade": {"color": "#4d4d4d", "linestyle": "-", "alpha": 0.45},
    "submarine": {"color": BLUE, "linestyle": "-", "alpha": 0.5},
    "terrestrial": {"color": VERMILION, "linestyle": (0, (4, 1.5)), "alpha": 0.85},
    "planned": {"color": GREY, "linestyle": (0, (1, 2)), "alpha": 0.9},
}


@dataclass(frozen=True)
class _Chart:
    """The projection: longitude and latitude to points of the map's frame."""

    middle: float
    squeeze: float
    scale: float
    origin: Array
    size: Array

    def points(self, longitude: Array, latitude: Array) -> Array:
        """Positions (place, 2) in points from the frame's lower left corner."""
        x = ((longitude - self.middle + 180.0) % 360.0 - 180.0) * self.squeeze
        return self.size / 2 + self.scale * (np.stack([x, latitude], axis=-1) - self.origin)


@styled
def network_map(
    region: Region,
    values: pd.Series,
    kind: Literal["trade", "fibre"] = "trade",
    kpi: str = "internet_users",
    title: str = "",
    *,
    subtitle: str = "",
    label: str = "",
    size: str = "gdp",
    decimals: int | None = None,
    signed: bool = False,
    footer: str = "",
) -> Figure:
    """Economies at their capitals, coloured by ``values`` (by code), with links between them.

    ``kind`` is trade (the largest flows, width by value) or fibre (width by strength; submarine,
    terrestrial, planned). A circle's area follows ``size``, an indicator such as gdp or population.
    ``label`` names the colours (the KPI's title and unit if left out); ``signed`` values have a
    sign and colours that part at zero. Circles that would overlap are moved apart.
    """
    measure = kpi_of(kpi)
    title = title or f"{measure.title} and {kind} links"
    flows = "BACI" if region.is_shipped else "trade.csv"
    cables = "cable lists" if region.is_shipped else "fibre.csv"
    what = f"{flows}, mean of {_span(region.trade_years)}" if kind == "trade" else cables
    note = "Circles at capitals, moved apart where they would overlap; grey: outside the region."
    figure = new_figure(title, subtitle,
                        f"Source: digiregion; {kind}: {what}. {note} {footer}".strip(),
                        grades_in_short([measure]))  # fmt: skip
    links = trade_links(region) if kind == "trade" else fibre_links(region)
    shown = _shown_nodes(region, links)
    chart = _chart(region)
    radii = _radii(region, shown, size)
    centres = _centres(region, shown, radii, chart)
    axes = figure.add_axes(_MAP)
    _prepare(axes, chart)
    at = dict(zip(shown, centres, strict=True))
    widths = _widths(links)
    for link, width in zip(links, widths, strict=True):
        _line(axes, at[link.a], at[link.b], link, width)
    colours, norm = _colours(values.reindex(region.economies).to_numpy(float), measure, signed)
    digits = measure.decimals if decimals is None else decimals
    _circles(axes, region, shown, centres, radii, values, colours, norm)
    texts = _texts(region, shown, values, digits, signed)
    _labels(axes, region, shown, texts, centres, radii, chart)
    _colour_bar(figure, colours, norm, label or f"{measure.title}, {measure.unit}", digits)
    _key(figure, region, links, widths, kind, size)
    return figure


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])


def _shown_nodes(region: Region, links: list[Link]) -> list[str]:
    """The economies, then the outside nodes that a link reaches."""
    reached = {link.b for link in links if link.outside}
    return [*region.economies, *(node for node in region.outside if node in reached)]


def _chart(region: Region) -> _Chart:
    profile = region.profile.loc[list(region.economies)]
    angles = np.deg2rad(profile["longitude"].to_numpy())
    # The mean of angles on a circle: a region may lie across the date line.
    middle = float(np.rad2deg(np.arctan2(np.sin(angles).mean(), np.cos(angles).mean())))
    latitude = profile["latitude"].to_numpy()
    squeeze = float(np.cos(np.deg2rad((latitude.min() + latitude.max()) / 2)))
    x = ((profile["longitude"].to_numpy() - middle + 180.0) % 360.0 - 180.0) * squeeze
    low = np.array([x.min(), latitude.min()])
    high = np.array([x.max(), latitude.max()])
    size = np.array(_MAP[2:]) * _POINTS
    scale = float(((size - 2 * _MARGIN) / np.maximum(high - low, 2.0)).min())
    return _Chart(middle, squeeze, scale, (low + high) / 2, size)


def _radii(region: Region, shown: list[str], size: str) -> Array:
    weight = region.base(size)
    largest = 36.0 if len(region.economies) <= _NAMED else 30.0
    radii = np.maximum(largest * np.sqrt(weight / weight.max()), _LEAST_RADIUS)
    return np.concatenate([radii, np.full(len(shown) - len(radii), _HUB_RADIUS)])


def _centres(region: Region, shown: list[str], radii: Array, chart: _Chart) -> Array:
    profile = region.profile.loc[shown]
    points = chart.points(profile["longitude"].to_numpy(), profile["latitude"].to_numpy())
    frame = (0.0, float(chart.size[0]), 0.0, float(chart.size[1]))
    points = at_frame(points, frame, 24.0)
    placed = moved_apart(points, radii + np.where(np.arange(len(shown)) < len(region.economies),
                                                  0.0, 9.0))  # fmt: skip
    inner = (radii + 4.0)[:, None]
    return np.clip(placed, inner, chart.size - inner)


def _prepare(axes: Any, chart: _Chart) -> None:
    """Frame and graticule."""
    axes.set_xlim(0, chart.size[0])
    axes.set_ylim(0, chart.size[1])
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#f7f9fb")
    for spine in axes.spines.values():
        spine.set(visible=True, color="#cfd6dc")
    step = next((s for s in (5, 10, 15, 20, 30) if chart.scale * s >= 55), 30)
    for latitude in range(-90, 91, step):
        y = float(chart.points(np.array(chart.middle), np.array(latitude))[1])
        if 12 < y < chart.size[1]:
            axes.axhline(y, color="#dde4ea", lw=0.6, zorder=0)
            side = "N" if latitude > 0 else "S" if latitude < 0 else ""
            axes.text(3, y + 1, f"{abs(latitude)}°{side}", fontsize=9, color="#a5b0ba", zorder=0)
    for longitude in range(-180, 180, step):
        offset = (longitude - chart.middle + 180.0) % 360.0 - 180.0
        x = float(chart.size[0] / 2 + chart.scale * (offset * chart.squeeze - chart.origin[0]))
        if 30 < x < chart.size[0] - 30:
            axes.axvline(x, color="#dde4ea", lw=0.6, zorder=0)
            side = "E" if longitude > 0 else "W" if longitude < 0 else ""
            axes.text(x + 2, 3, f"{abs(longitude)}°{side}", fontsize=9, color="#a5b0ba", zorder=0)


def _widths(links: list[Link]) -> list[float]:
    """Widths in points by value, within each kind of link."""
    most: dict[str, float] = {}
    for link in links:
        most[link.kind] = max(most.get(link.kind, 0.0), link.value)
    top = {"trade": 9.0, "submarine": 5.0, "terrestrial": 2.8, "planned": 1.2}
    return [
        1.2 if link.kind == "planned" else _width(link.value / most[link.kind], top[link.kind])
        for link in links
    ]


def _width(share: float, top: float) -> float:
    """Width by value, a little less than in proportion: small flows stay visible."""
    return max(top * share**0.75, 0.5)


def _line(axes: Any, start: Array, end: Array, link: Link, width: float) -> None:
    style = dict(_LINES[link.kind])
    if link.outside:
        style["alpha"] *= 0.45
    bend = -0.1 if link.kind == "terrestrial" else 0.13
    axes.add_patch(
        FancyArrowPatch(
            tuple(start), tuple(end), arrowstyle="-", connectionstyle=f"arc3,rad={bend}",
            shrinkA=0, shrinkB=0, linewidth=width, zorder=1 if link.outside else 2,
            gid=f"{link.kind} {link.a}-{link.b}", capstyle="butt", **style,
        )
    )  # fmt: skip


def _colours(values: Array, kpi: Kpi, signed: bool) -> tuple[Colormap, Normalize]:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if signed and low < 0 < high:
        most = max(-low, high)
        return colormaps["RdBu" if kpi.better >= 0 else "RdBu_r"], Normalize(-most, most)
    if signed:
        low, high = min(low, 0.0), max(high, 0.0)
    elif is_bounded(kpi):
        low = max(min(low, high - 10.0), 0.0)  # a tenth of a point is no difference
    if low == high:
        low, high = low - 1.0, high + 1.0
    return colormaps["cividis" if kpi.better >= 0 and high > 0 else "cividis_r"], Normalize(
        low, high
    )


def _circles(
    axes: Any,
    region: Region,
    shown: list[str],
    centres: Array,
    radii: Array,
    values: pd.Series,
    colours: Colormap,
    norm: Normalize,
) -> None:
    for index in np.argsort(-radii, kind="stable"):
        code = shown[index]
        colour: Any = "#b9b9b9"
        if code in region.economies:
            value = float(values.get(code, np.nan))
            colour = colours(norm(value)) if value == value else PALE
        axes.add_patch(
            Circle(tuple(centres[index]), radii[index], facecolor=colour, edgecolor="white",
                   lw=1.2, zorder=4, gid=code)
        )  # fmt: skip


def _texts(
    region: Region, shown: list[str], values: pd.Series, decimals: int, signed: bool
) -> list[str]:
    """What stands beside each circle: name or code and value; the name alone of a hub."""
    names = region.profile["name"]
    coded = len(region.economies) > _NAMED
    texts = []
    for code in shown:
        if code not in region.economies:
            texts.append(code if coded else str(names[code]))
            continue
        value = number(float(values.get(code, np.nan)), decimals, signed, MINUS)
        texts.append(f"{code if coded else names[code]} {value}")
    return texts


def _labels(
    axes: Any,
    region: Region,
    shown: list[str],
    texts: list[str],
    centres: Array,
    radii: Array,
    chart: _Chart,
) -> None:
    sizes = np.array([[TextPath((0, 0), text, size=9.5).get_extents().width + 3, 11.5]
                      for text in texts])  # fmt: skip
    frame = (2.0, float(chart.size[0]) - 2, 2.0, float(chart.size[1]) - 2)
    order = [int(i) for i in np.argsort(-radii, kind="stable")]
    middles = place_labels(centres, radii, sizes, frame, order)
    for code, text, middle, centre, radius in zip(
        shown, texts, middles, centres, radii, strict=True
    ):
        inside = code in region.economies
        if np.hypot(*(middle - centre) * (0.5, 1.0)) > radius + 20:
            axes.plot(*zip(centre, middle, strict=True), color="#888888", lw=0.6, zorder=3)
        axes.text(*middle, text, fontsize=9.5 if inside else 9, ha="center", va="center",
                  color=INK if inside else "#777777", zorder=6, gid=f"label {code}",
                  bbox={"facecolor": "white", "alpha": 0.65, "pad": 0.6, "lw": 0})  # fmt: skip


def _colour_bar(
    figure: Figure, colours: Colormap, norm: Normalize, label: str, decimals: int
) -> None:
    axes = figure.add_axes((_KEY[0], 0.80, _KEY[2], 0.024))
    bar = figure.colorbar(ScalarMappable(norm, colours), cax=axes, orientation="horizontal")
    ticks = np.linspace(norm.vmin or 0.0, norm.vmax or 0.0, 4)
    bar.set_ticks(list(ticks), labels=[number(t, max(decimals, 0), minus=MINUS) for t in ticks])
    bar.outline.set_visible(False)
    axes.set_title(wrapped(label, 34, 2), loc="left", fontsize=10, fontweight="bold", pad=5)


def _key(
    figure: Figure, region: Region, links: list[Link], widths: list[float], kind: str, size: str
) -> None:
    """Areas of circles and widths of lines, in points below the colour bar."""
    axes = figure.add_axes(_KEY)
    width, height = np.array(_KEY[2:]) * _POINTS
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    below = _area_key(axes, region, size, float(height))
    if kind == "trade":
        _trade_key(axes, links, widths, below)
    else:
        _fibre_key(axes, links, below)


def _area_key(axes: Any, region: Region, size: str, top: float) -> float:
    unit, factor = ("USD bn of 2015", 1e9) if size == "gdp" else ("mn people", 1e6)
    word = "GDP" if size == "gdp" else size.replace("_", " ").capitalize()
    axes.text(0, top - 12, f"Area: {word} in {region.base_year}, {unit}", fontweight="bold")
    weight = region.base(size)
    largest = 36.0 if len(region.economies) <= _NAMED else 30.0
    x, middle = 2.0, top - 26 - largest
    for share in (1.0, 0.25, 0.04):
        radius = largest * share**0.5
        axes.add_patch(Circle((x + radius, middle), radius, facecolor="none", edgecolor=GREY))
        amount = weight.max() * share / factor
        text = number(amount, 0 if amount >= 10 else 1)
        axes.text(x + radius, middle - largest - 12, text, ha="center", fontsize=9)
        x += 2 * radius + 22
    return middle - largest - 42


def _trade_key(axes: Any, links: list[Link], widths: list[float], top: float) -> None:
    axes.text(0, top, "Width: goods trade both ways,\nUSD bn a year", fontweight="bold", va="top")
    most = max((link.value for link in links), default=0.0)
    for row, share in enumerate((1.0, 0.3, 0.05) if most else ()):
        y = top - 42 - 20 * row
        width = _width(share, max(widths))
        axes.plot([2, 52], [y, y], lw=width, solid_capstyle="butt", **_drawn("trade"))
        axes.text(60, y, number(share * most, 0 if share * most >= 10 else 1), va="center")
    y = top - 42 - 62
    axes.plot([2, 52], [y, y], lw=3, color="#4d4d4d", alpha=0.2, solid_capstyle="butt")
    axes.text(60, y, "with the outside", va="center")
    text = f"Drawn: the {len(links)} largest, among them\neach economy's largest"
    axes.text(0, y - 16, text, va="top", fontsize=9, color=GREY)


def _fibre_key(axes: Any, links: list[Link], top: float) -> None:
    axes.text(0, top, "Fibre, wider where stronger", fontweight="bold", va="top")
    names = {
        "submarine": "submarine cable, shared landing",
        "terrestrial": "across a land border",
        "planned": "planned or being built",
    }
    present = [kind for kind in names if any(link.kind == kind for link in links)]
    for row, kind in enumerate(present):
        y = top - 30 - 20 * row
        axes.plot([2, 42], [y, y], lw=1.6 if kind == "planned" else 2.6,
                  dash_capstyle="butt", **_drawn(kind))  # fmt: skip
        axes.text(49, y, names[kind], va="center", fontsize=9.5)
    text = "Paler: to the outside, the strongest"
    axes.text(0, top - 34 - 20 * len(present), text, va="top", fontsize=9, color=GREY)


def _drawn(kind: str) -> dict[str, Any]:
    return dict(_LINES[kind])
