"""Figures show what their tables hold, with units and names, and always the same bytes."""

import subprocess
import sys

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from test_report_tables import BASE, POLICY, make_tables

from sim.errors import InputError
from sim.kpi.registry import BY_ID
from sim.region import Region
from sim.report import plots
from sim.report.figures import FANS, file_words, write_figures
from sim.report.heat import heat_pages
from sim.report.placing import at_frame, moved_apart, place_labels
from sim.report.words import number, split_places

ODD = "50% of $GDP_{x}^2 = \\alpha, _all_"


@pytest.fixture(scope="module")
def regions() -> dict[str, Region]:
    return {name: Region.load(name) for name in ("asean", "carec", "asean+carec")}


@pytest.fixture(scope="module")
def region(regions) -> Region:
    return regions["asean"]


@pytest.fixture(scope="module")
def tables(region):
    return make_tables(region)


def lines(axes, name):
    return [line for line in axes.lines if line.get_gid() == name]


def texts(figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


@pytest.mark.parametrize("kpi", FANS[1:4])
def test_a_fan_chart_has_a_panel_for_every_place_and_says_what_it_shows(region, tables, kpi):
    figure = plots.fan_chart(tables[0], POLICY, BASE, kpi, region=region, members=77)
    assert len(figure.axes) == len(region.economies) + 1
    assert figure.axes[0].get_title(loc="left") == "ASEAN"
    assert {a.get_title(loc="left") for a in figure.axes[1:]} == set(
        region.profile.loc[list(region.economies), "name"]
    )
    shown = texts(figure)
    for part in (BY_ID[kpi].title, BY_ID[kpi].unit, POLICY, BASE, "77 members", "prior parameters"):
        assert part in shown
    assert BY_ID[kpi].unit in figure.get_supylabel()


def test_a_fan_holds_the_quantiles_of_the_table(region, tables):
    projections = tables[0]
    figure = plots.fan_chart(projections, POLICY, BASE, "internet_users", region=region)
    for axes, place in zip(figure.axes, ("asean", *region.economies), strict=True):
        here = projections[projections["economy"] == place].query("kpi == 'internet_users'")
        for scenario, kind in ((BASE, "baseline"), (POLICY, "policy")):
            rows = here[here["scenario"] == scenario]
            (line,) = lines(axes, f"{kind} median")
            np.testing.assert_array_equal(line.get_xdata(), rows["year"])
            np.testing.assert_array_equal(line.get_ydata(), rows["median"])
        outer, inner = (c.get_paths()[0].vertices for c in axes.collections[-2:])
        assert outer[:, 1].max() == rows["q95"].max()
        assert outer[:, 1].min() == rows["q05"].min()
        assert inner[:, 1].max() == rows["q75"].max()
        assert axes.get_ylim() == figure.axes[0].get_ylim()
        assert axes.get_ylim()[0] == 0
        assert axes.get_ylim()[1] >= 100


def test_history_is_what_was_published(region, tables):
    figure = plots.fan_chart(tables[0], POLICY, BASE, "internet_users", region=region)
    (dots,) = lines(figure.axes[1 + region.economies.index("MMR")], "history")
    row = region.economies.index("MMR")
    seen = region.series_observed("internet_users", 2012)[row]
    assert not seen.all()
    np.testing.assert_array_equal(dots.get_xdata(), np.arange(2012, 2024)[seen])
    np.testing.assert_allclose(
        dots.get_ydata(), 100 * region.series("internet_users", 2012)[row][seen]
    )


def test_surveys_of_skills_are_shown_and_imputed_base_years_are_rings(region, tables):
    figure = plots.fan_chart(tables[0], POLICY, BASE, "basic_skills", region=region)
    (dots,) = lines(figure.axes[1 + region.economies.index("SGP")], "history")
    np.testing.assert_array_equal(dots.get_xdata(), np.arange(2014, 2019))
    status = region.base_status("basic_digital_skills")
    base = 100 * region.base("basic_digital_skills")
    for code, axes in zip(region.economies, figure.axes[1:], strict=True):
        row = region.economies.index(code)
        assert status[row] != "observed"
        (ring,) = lines(axes, "imputed")
        assert list(ring.get_xdata()) == [region.base_year]
        assert ring.get_ydata()[0] == pytest.approx(base[row])
    assert len(lines(figure.axes[0], "imputed")) == 1
    assert "Imputed" in texts(figure)
    assert "Published" in texts(figure)


@pytest.mark.parametrize("kpi", ["internet_users", "fixed_broadband", "gdp_per_person"])
def test_only_imputed_base_years_have_a_ring(regions, kpi):
    region = regions["carec"]
    figure = plots.fan_chart(make_tables(region, horizon=2026)[0], POLICY, BASE, kpi, region=region)
    indicator = {"gdp_per_person": "gdp"}.get(kpi, kpi)
    status = region.base_status(indicator)
    for code, axes in zip(region.economies, figure.axes[1:], strict=True):
        observed = status[region.economies.index(code)] == "observed"
        assert len(lines(axes, "imputed")) == (not observed)
    assert ("Imputed" in texts(figure)) == any(one != "observed" for one in status)


def test_kpis_that_no_indicator_gives_have_no_marks(region, tables):
    figure = plots.fan_chart(tables[0], POLICY, BASE, "goods_exports", region=region)
    assert not any(lines(axes, kind) for axes in figure.axes for kind in ("history", "imputed"))
    assert "Imputed" not in texts(figure)


def test_one_member_is_said_to_have_no_bands(region, tables):
    shown = texts(plots.fan_chart(tables[0], POLICY, BASE, "talent", region=region, members=1))
    assert "One member, without bands" in shown
    assert "Mean of 1 member;" in texts(plots.cost_chart(tables[2], POLICY, members=1))


def test_a_fan_without_region_baseline_or_with_one_place(tables):
    alone = plots.fan_chart(tables[0], BASE, BASE, "internet_users", places="VNM")
    assert len(alone.axes) == 1
    assert not lines(alone.axes[0], "baseline median")
    assert plots.fan_chart(tables[0], POLICY, BASE, "gdp_per_person", ["VNM", "THA"]).axes
    for arguments in (("no", BASE, "gdp"), (POLICY, BASE, "no"), (POLICY, BASE, "gdp", ["NO"])):
        with pytest.raises(InputError):
            plots.fan_chart(tables[0], *arguments)


def test_an_effect_chart_shows_the_effects(region, tables):
    effects = tables[1]
    figure = plots.effect_chart(effects, POLICY, "gdp_per_person", ["asean", "VNM"], region=region)
    (line,) = lines(figure.axes[1], "policy median")
    kept = (effects["kpi"] == "gdp_per_person") & (effects["economy"] == "VNM")
    np.testing.assert_array_equal(line.get_ydata(), effects[kept]["median"])
    assert "% of the baseline" in texts(figure)


@pytest.mark.parametrize("name", ["asean", "carec", "asean+carec"])
@pytest.mark.parametrize("kind", ["trade", "fibre"])
def test_a_map_colours_and_labels_every_economy(regions, name, kind):
    region = regions[name]
    values = pd.Series(np.linspace(-1, 5, len(region.economies)), index=region.economies)
    figure = plots.network_map(
        region, values, kind, "internet_users", "A title", subtitle="S", signed=True
    )
    axes = figure.axes[0]
    labels = {t.get_gid()[6:]: t for t in axes.texts if (t.get_gid() or "").startswith("label ")}
    circles = {p.get_gid(): p for p in axes.patches if p.get_gid() in region.nodes}
    assert set(region.economies) <= set(labels) & set(circles)
    assert set(labels) == set(circles)
    for code, value in values.items():
        assert labels[code].get_text().endswith(number(value, 1, True, "\N{MINUS SIGN}"))
    overlaps = []
    codes = list(circles)
    for i, a in enumerate(codes):
        for b in codes[:i]:
            distance = np.hypot(*np.subtract(circles[a].center, circles[b].center))
            if distance < circles[a].radius + circles[b].radius:
                overlaps.append((a, b))
    assert not overlaps
    assert figure.get_suptitle() == "A title"
    assert "Internet users, % of population" in texts(figure)


def test_labels_do_not_overlap_on_the_widest_map(regions):
    region = regions["asean+carec"]
    values = pd.Series(50.0, index=region.economies)
    figure = plots.network_map(region, values, "trade")
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [t.get_window_extent(renderer) for t in figure.axes[0].texts if t.get_gid()]
    frame = figure.axes[0].get_window_extent(renderer)
    for i, a in enumerate(boxes):
        assert frame.x0 <= a.x0
        assert a.x1 <= frame.x1
        assert not any(a.overlaps(b) for b in boxes[:i])


def test_placing():
    apart = moved_apart(np.zeros((3, 2)), np.array([5.0, 5.0, 20.0]))
    gaps = [np.hypot(*(apart[i] - apart[j])) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.all(np.array(gaps) >= np.array([10, 25, 25]))
    edge = at_frame(np.array([[500.0, 50.0], [60.0, 40.0]]), (0, 100, 0, 100), 10)
    np.testing.assert_allclose(edge, [[90, 50], [60, 40]])
    middles = place_labels(
        np.array([[5.0, 50.0]]), np.array([4.0]), np.array([[40.0, 10.0]]), (0, 100, 0, 100), [0]
    )
    assert middles[0, 0] > 20


def test_odd_names_are_shown_as_they_are_and_make_no_odd_files(region, tmp_path):
    tables = make_tables(region, {ODD: BASE}, horizon=2028)
    paths = write_figures(tmp_path, region, {ODD: BASE}, *tables, 5, kpis=["internet_users"])
    figure = plots.fan_chart(tables[0], ODD, BASE, "internet_users", region=region)
    assert ODD in texts(figure)
    assert [path.name for path in paths if "page" not in path.name] == [
        "fan-internet_users-50-of-gdp_-x-2-alpha-_all_.png",
        "map-trade-50-of-gdp_-x-2-alpha-_all_.png",
        "map-fibre-50-of-gdp_-x-2-alpha-_all_.png",
        "effects-50-of-gdp_-x-2-alpha-_all_.png",
        "costs-50-of-gdp_-x-2-alpha-_all_.png",
    ]
    assert set((tmp_path / "figures").iterdir()) == set(paths)
    words = file_words(["a b", "A=b", "a-b", "%"])
    assert len({word.casefold() for word in words.values()}) == 4


def test_the_same_tables_give_the_same_bytes_whatever_the_settings(region, tables, tmp_path):
    values = pd.Series(50.0, index=region.economies)
    places = ["asean", "VNM"]
    draw = (
        lambda: plots.fan_chart(tables[0], POLICY, BASE, "gdp_per_person", places, region=region),
        lambda: plots.network_map(region, values, "fibre"),
        lambda: plots.effect_heat_map(tables[1], POLICY, 2030, kpis=["talent"]),
        lambda: plots.cost_chart(tables[2], POLICY),
    )
    first = [plots.save(one(), tmp_path / f"{i}.png") for i, one in enumerate(draw)]
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 30}):
        second = [plots.save(one(), tmp_path / "again" / f"{i}.png") for i, one in enumerate(draw)]
        assert matplotlib.rcParams["font.size"] == 30
    for one, other in zip(first, second, strict=True):
        content = one.read_bytes()
        assert content == other.read_bytes()
        assert content.startswith(b"\x89PNG")
        assert b"matplotlib" not in content


def test_years_of_the_heat_maps_and_progress(region, tables, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.report.figures.save", lambda figure, path: path)
    calls = []
    paths = write_figures(
        tmp_path, region, {POLICY: BASE}, *tables, 5, kpis=["internet_users"],
        progress=lambda done, total: calls.append((done, total)),
    )  # fmt: skip
    assert calls == [(i, len(paths)) for i in range(1, len(paths) + 1)]
    assert [path.stem for path in paths if "effects" in path.stem and "page" not in path.stem] == [
        "effects-2030-policy",
        "effects-policy",
    ]
    pages = [path.stem for path in paths if "page" in path.stem]
    assert len(pages) == sum(len(heat_pages(tables[1], POLICY, y)) - 1 for y in (2030, 2035))


def test_a_batch_of_several_regions_or_without_policy(regions, region, tables, tmp_path):
    other = make_tables(regions["carec"], {"there": "there-base"})
    joined = [pd.concat(pair) for pair in zip(tables, other, strict=True)]
    figure = plots.fan_chart(joined[0], POLICY, BASE, "internet_users", region=region)
    assert len(figure.axes) == 12
    paths = write_figures(tmp_path, region, {BASE: BASE}, tables[0], *tables[1:], 5, kpis=FANS[:1])
    assert [path.name for path in paths] == ["fan-internet_users-baseline.png"]


def test_regions_come_whole_first(regions):
    region = regions["asean+carec"]
    frame = make_tables(region, horizon=2024)[0]
    for known in (region, None):
        economies, regions = split_places(frame, known)
        assert set(economies) == set(region.economies)
        assert regions == ("asean+carec", "asean", "carec")


def test_importing_the_rest_does_not_import_matplotlib():
    code = (
        "import sys, sim.experiment.summary, sim.report.summary_text;"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
