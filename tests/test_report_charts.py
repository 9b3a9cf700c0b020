"""Heat maps of effects and charts of costs show what their tables hold, and for which place."""

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from test_report_tables import BASE, POLICY, make_tables

from sim.kpi.registry import BY_ID, KPIS
from sim.region import Region
from sim.report import plots
from sim.report.cost_tables import economies_gdp
from sim.report.figures import Tables, policy_drawings
from sim.report.heat import grouped_kpis, heat_pages, includes_zero, unmoved
from sim.report.words import effect_text


@pytest.fixture(scope="module")
def region() -> Region:
    return Region.load("asean")


@pytest.fixture(scope="module")
def tables(region):
    return make_tables(region)


def texts(figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def test_cells_of_the_heat_map_are_the_medians_of_the_table(region, tables):
    effects = tables[1]
    figures = [
        plots.effect_heat_map(effects, POLICY, 2030, region=region, members=77, kpis=page)
        for page in heat_pages(effects, POLICY, 2030)
    ]
    rows = effects[(effects["year"] == 2030) & (effects["kpi"] != "gdp")]
    axes = [figure.axes[0] for figure in figures]
    cells = {t.get_gid(): t.get_text() for one in axes for t in one.texts if t.get_gid()}
    assert len(cells) == len(rows) == 12 * (len(KPIS) - 1)
    marks = {p.get_gid() for one in axes for p in one.patches if p.get_gid()}
    for row in rows.itertuples():
        kpi = BY_ID[row.kpi]
        text = cells[f"{row.economy} {row.kpi}"]
        assert text == effect_text(kpi, row.median, "\N{MINUS SIGN}")
        least = 0.5 * 10.0 ** -(1 if kpi.effect == "percent" else kpi.decimals)
        unsure = includes_zero(row.q05, row.q95, least)
        assert (f"unsure {row.economy} {row.kpi}" in marks) == unsure
    labels = [t.get_text().replace("\n", " ") for one in axes for t in one.get_xticklabels()]
    heads = " ".join(labels)
    for kpi in KPIS:
        assert kpi.id == "gdp" or kpi.title.split()[0] in heads
    assert "GDP per person, %" in heads
    assert "Internet users, pp" in heads


def test_better_is_blue_whatever_the_direction(region, tables):
    effects = tables[1].copy()
    figure = plots.effect_heat_map(effects, POLICY, 2035, region=region, kpis=["income_gap"])
    kept = effects["kpi"].eq("income_gap") & effects["year"].eq(2035)
    worst = effects[kept].set_index("economy")["median"]
    assert worst.min() < 0 < worst.max()
    colours = [p.get_facecolor() for p in figure.axes[0].patches if not p.get_gid()]
    places = ["asean", *region.economies]
    red, _, blue, _ = colours[places.index(worst.idxmin())]
    assert blue > red
    red, _, blue, _ = colours[places.index(worst.idxmax())]
    assert red > blue


def test_every_kpi_is_in_one_group_and_those_unknown_come_last():
    ids = [kpi.id for kpi in KPIS]
    groups = grouped_kpis([*(f"new_{i}" for i in range(30)), *ids])
    assert [one for group in groups.values() for one in group][: len(ids)] == ids
    assert groups["Other"] == [f"new_{i}" for i in range(30)]


def test_no_page_has_more_kpis_than_stay_legible(tables):
    pages = heat_pages(tables[1], POLICY, 2030)
    shown = [one for page in pages for one in page]
    assert len(shown) == len(set(shown)) == len(KPIS) - 1  # GDP moves as GDP per person
    assert max(map(len, pages)) <= 24


@pytest.mark.parametrize("name", ["asean", "carec", "asean+carec"])
def test_names_of_places_are_inside_the_heat_map(name):
    region = Region.load(name)
    effects = make_tables(region, horizon=2024)[1]
    giant = "IDN" if name == "asean" else "CHN"
    effects = effects.assign(
        economy=effects["economy"].replace({region.economies[-1]: f"{name} without {giant}"})
    )
    figure = plots.effect_heat_map(effects, POLICY, 2024, region=region)
    renderer = FigureCanvasAgg(figure).get_renderer()
    labels = figure.axes[0].get_yticklabels()
    whole = " + ".join(part.upper() for part in name.split("+"))
    without = f"{whole} without {region.profile.loc[giant, 'name']}"
    assert without in {label.get_text() for label in labels}
    assert min(label.get_window_extent(renderer).x0 for label in labels) > 0
    cells = [text for text in figure.axes[0].texts if text.get_gid()]
    widest = max(text.get_window_extent(renderer).width for text in cells)
    assert widest < figure.axes[0].bbox.width / len(figure.axes[0].get_xticks())


def test_kpis_without_any_effect_have_no_column_but_a_word(region, tables):
    effects = tables[1].copy()
    still = effects["kpi"].isin(["rural_coverage", "coverage", "fixed_broadband"])
    effects.loc[still, ["q05", "q25", "median", "q75", "q95", "mean"]] = 0.0
    figure = plots.effect_heat_map(effects, POLICY, 2030, region=region)
    shown = {(text.get_gid() or "").partition(" ")[2] for text in figure.axes[0].texts}
    assert "fixed_broadband" in shown  # a headline
    assert not {"rural_coverage", "coverage"} & shown
    footer = "mobile-broadband coverage; rural mobile-broadband coverage."
    assert footer in texts(figure)
    asked = plots.effect_heat_map(effects, POLICY, 2030, region=region, kpis=["coverage"])
    assert "asean coverage" in {text.get_gid() for text in asked.axes[0].texts}
    assert "Not shown" not in texts(asked)


def test_a_long_list_of_what_is_not_shown_stays_on_the_slide(region, tables):
    effects = tables[1].copy()
    effects[["q05", "q25", "median", "q75", "q95", "mean"]] = 0.0
    figure = plots.effect_heat_map(effects, POLICY, 2030, region=region)
    assert " more." in texts(figure)
    renderer = FigureCanvasAgg(figure).get_renderer()
    assert all(text.get_window_extent(renderer).x1 < figure.bbox.width for text in figure.texts)


def test_a_kpi_that_moves_in_some_members_is_shown(tables):
    rows = tables[1][tables[1]["kpi"].isin(["coverage", "talent"])].copy()
    rows[["q05", "median", "q95"]] = 0.0
    assert unmoved(rows, ["coverage", "talent"]) == []  # an empty map shows nothing
    rows.loc[rows["kpi"] == "talent", "q95"] = 0.3
    assert unmoved(rows, ["coverage", "talent"]) == ["coverage"]


def test_costs_add_up(region, tables):
    costs = tables[2]
    gdp = dict.fromkeys(range(2023, 2036), 1e6)
    figure = plots.cost_chart(costs, POLICY, gdp=gdp, region=region, members=77)
    upper, lower = figure.axes[0], figure.axes[1]
    heights = sum(bar.get_height() for bar in upper.patches)
    assert heights == pytest.approx(costs[costs["kind"] == "lever"]["usd_mn_2015"].sum())
    assert sum(bar.get_height() for bar in lower.patches) == pytest.approx(100 * heights / 1e6)
    assert upper.get_ylabel() == "USD mn of 2015"
    assert lower.get_ylabel() == "% of GDP"
    assert len(plots.cost_chart(costs, POLICY).axes) == 2
    assert "No cost" in texts(plots.cost_chart(costs, "another"))


def test_costs_and_gdp_are_those_of_the_place_in_the_title(region, tables):
    projections, _, costs = tables
    others = [code for code in region.economies if code != "IDN"]
    gdp = economies_gdp(projections, POLICY, others)
    place = "asean without IDN"
    figure = plots.cost_chart(costs, POLICY, place=place, gdp=gdp, region=region)
    assert figure.get_suptitle() == "What the programmes cost in ASEAN without Indonesia"
    assert "Left out: Indonesia, with USD 0.175 bn of public cost" in texts(figure)
    heights = sum(bar.get_height() for bar in figure.axes[0].patches)
    assert heights == pytest.approx(10 * 7 * 25.0)
    shares = sum(bar.get_height() for bar in figure.axes[1].patches)
    assert shares == pytest.approx(sum(100 * 250.0 / gdp[year] for year in range(2026, 2033)))
    assert "Left out" not in texts(plots.cost_chart(costs, POLICY, region=region))


def test_small_shares_of_gdp_are_written_out(region, tables):
    gdp = dict.fromkeys(range(2023, 2036), 5e8)
    figure = plots.cost_chart(tables[2], POLICY, gdp=gdp, region=region)
    FigureCanvasAgg(figure).draw()
    ticks = [label.get_text() for label in figure.axes[1].get_yticklabels()]
    assert any(tick.startswith("0.0000") for tick in ticks)
    assert not any("e" in tick for tick in ticks)


def test_the_cost_chart_of_a_batch_has_the_place_of_the_summary(region, tables):
    projections, effects, costs = tables
    whole = projections["economy"] == "asean"
    projections = projections.assign(
        economy=projections["economy"].where(~whole, "asean without IDN")
    )
    given = Tables(region, projections, effects, costs, 5, "prior parameters")
    draw = dict(policy_drawings(given, POLICY, BASE))["costs"]
    assert draw().get_suptitle().endswith("ASEAN without Indonesia")
