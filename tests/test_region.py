"""What a shipped region says: real figures, how missing ones are filled, what each rests on."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.model import quantities
from sim.region import INDICATORS, LAYOUTS, PROVISION_SD, PROVISIONS, SHIPPED, STATUSES, Region


@pytest.fixture(scope="module")
def region() -> Region:
    return Region.load("asean+carec")


def value(region: Region, indicator: str, economy: str, year: int) -> float:
    path = region.series(indicator, year, year)
    return float(path[region.economies.index(economy), 0])


def test_asean_and_carec_are_shipped_alone_and_together(region):
    assert set(SHIPPED) == {"asean", "carec", "asean+carec"}
    asean, carec = Region.load("asean"), Region.load("carec")
    assert (len(asean.economies), len(carec.economies)) == (11, 11)
    assert asean.economies + carec.economies == region.economies
    assert len({asean.digest, carec.digest, region.digest}) == 3


def test_order_of_economies_is_that_of_the_table():
    names = ("BRN", "KHM", "IDN", "LAO", "MYS", "MMR", "PHL", "SGP", "THA", "VNM", "TLS")
    assert Region.load("asean").economies == names


def test_published_figures_arrive_in_model_units(region):
    assert value(region, "internet_users", "SGP", 2022) == pytest.approx(0.9595, abs=5e-5)
    assert value(region, "population", "CHN", 2021) == 1_412_360_000
    assert value(region, "gdp", "IDN", 2021) == pytest.approx(1_065_709_127_397, rel=1e-9)
    assert value(region, "gdp_current", "CHN", 2022) == pytest.approx(17_881_783_387_001, rel=1e-9)
    assert value(region, "fixed_broadband", "CHN", 2022) == pytest.approx(0.4137, abs=5e-5)
    assert value(region, "mobile_cellular", "MYS", 2022) == pytest.approx(1.3821, abs=5e-5)
    assert value(region, "egdi", "SGP", 2022) == 0.9133
    assert value(region, "account_ownership", "IDN", 2021) == 0.52
    assert value(region, "gini", "SGP", 2023) == 38


def test_data_flows_of_viet_nam_score_as_coded(region):
    vietnam, data_flows = region.economies.index("VNM"), PROVISIONS.index("data_flows")
    assert region.provisions[vietnam, data_flows] == 0.375
    assert region.provisions_sd[vietnam, data_flows] == PROVISION_SD["medium"]


def test_provisions_stand_in_the_order_of_the_model(region):
    assert quantities.PROVISIONS == PROVISIONS
    assert region.provisions.shape == region.provisions_sd.shape == (22, 6)


def test_the_blank_provision_is_a_median_of_low_confidence_and_marked(region):
    place = region.economies.index("TLS"), PROVISIONS.index("digital_tax_customs")
    others = np.delete(region.provisions[:, place[1]], place[0])
    assert region.provisions[place] == np.median(others)
    assert region.provisions_sd[place] == PROVISION_SD["low"]
    assert region.provisions_status[place[0]][place[1]] == "estimated"
    assert sum(s == "estimated" for row in region.provisions_status for s in row) == 1


def test_paperless_trade_is_the_coded_share_in_operation_of_every_economy(region):
    paperless = dict(zip(region.economies, region.base("paperless_trade"), strict=True))
    assert len(paperless) == 22
    # Live regional exchange; systems but a bilateral exchange; systems alone; no tax system.
    assert (paperless["VNM"], paperless["KAZ"], paperless["PAK"]) == (1, 0.75, 0.5)
    assert paperless["MMR"] == 0.75
    assert set(region.base_status("paperless_trade")) == {"carried"}
    figures = region.figures
    rows = figures[figures["indicator"] == "paperless_trade"]
    assert rows["publisher"].str.contains("GovTech Maturity Index 2022").all()
    assert rows["vintage"].str.contains("recalled").all()


def test_users_of_turkmenistan_are_extrapolated_and_marked(region):
    place = region.economies.index("TKM")
    assert region.base_status("internet_users")[place] == "extrapolated"
    assert region.years_since_observed("internet_users")[place] == 7
    assert value(region, "internet_users", "TKM", 2016) == pytest.approx(0.1799, abs=1e-4)
    logits = [logit(value(region, "internet_users", "TKM", year)) for year in range(2016, 2024)]
    assert np.ptp(np.diff(logits)) < 1e-9
    assert 0.05 < np.diff(logits)[0] < 0.4


def test_years_between_figures_are_interpolated_in_the_logit(region):
    low, middle, high = (
        logit(value(region, "internet_users", "PAK", year)) for year in (2020, 2022, 2024)
    )
    assert middle == pytest.approx((low + high) / 2)
    assert region.base_status("internet_users")[region.economies.index("PAK")] == "interpolated"


def test_gdp_after_the_last_figure_grows_at_its_own_median_rate(region):
    place = region.economies.index("AFG")
    assert region.base_status("gdp_current")[place] == "extrapolated"
    path = np.log(region.series("gdp_current", 2017, 2023)[place])
    assert path[-1] - path[-2] == pytest.approx(np.median(np.diff(path)[:-1]))


def test_slow_indicators_are_carried_from_the_last_figure(region):
    place = region.economies.index("KAZ")
    path = region.series("years_of_schooling", 2022, 2023)[place]
    assert path[0] == path[1]
    assert region.base_status("years_of_schooling")[place] == "carried"
    assert region.series_observed("years_of_schooling", 2022, 2023)[place].tolist() == [True, False]


def test_an_estimate_stays_within_what_others_report_and_is_marked(region):
    for name in ("basic_digital_skills", "tertiary_attainment", "ict_service_exports"):
        status = np.array(region.base_status(name))
        base = region.base(name)
        estimates, others = base[status == "estimated"], base[status != "estimated"]
        assert len(estimates) > 0
        assert others.min() <= estimates.min() <= estimates.max() <= others.max()
        since = region.years_since_observed(name)
        assert np.array_equal(np.isinf(since), status == "estimated")


def test_an_economy_has_the_same_figures_in_every_region(region):
    asean = Region.load("asean")
    rows = region.positions("asean")
    for name in region.indicators:
        assert np.array_equal(asean.base(name), region.base(name)[rows])
    assert np.array_equal(asean.provisions, region.provisions[rows])


def test_no_filled_figure_is_missing_or_out_of_range(region):
    for name in region.indicators:
        indicator, path = INDICATORS[name], region.series(name, 2000, 2024)
        assert path.shape == (22, 25)
        assert np.isfinite(path).all()
        tolerance = 1e-12 * indicator.high * indicator.scale
        assert path.min() >= indicator.low * indicator.scale - tolerance
        assert path.max() <= indicator.high * indicator.scale + tolerance


def test_every_indicator_of_the_registry_ships_and_predictors_come_first(region):
    assert region.indicators == tuple(INDICATORS)
    seen: set[str] = set()
    for name, indicator in INDICATORS.items():
        assert indicator.missing != "regression" or set(indicator.predictors) <= seen | {
            "population",
            "gdp_per_person_ppp",
        }
        assert indicator.rule
        seen.add(name)


def test_observed_marks_exactly_the_published_figures(region):
    users = region.series_observed("internet_users", 2000, 2024)
    assert int(users.sum()) == 521
    assert users.dtype == bool
    assert region.series_observed("internet_users").shape == (22, 24)


def test_age_groups_and_sectors_leave_room_for_the_rest(region):
    working_age = 1 - region.base("population_0_14") - region.base("population_65plus")
    assert np.all((working_age > 0.4) & (working_age < 0.8))
    # Value added exceeds GDP where taxes on products fall short of subsidies.
    assert np.all(region.goods_share + region.base("services_share") < 1.03)
    assert np.all((region.goods_share > 0.15) & (region.goods_share < 0.8))


def test_landlocked_economies_pay_more_for_broadband(region):
    price = region.base("broadband_price")
    landlocked = region.positions("landlocked")
    coastal = np.setdiff1d(np.arange(22), landlocked)
    assert np.median(price[landlocked]) > np.median(price[coastal])


def test_groups_are_restricted_to_the_region(region):
    asean = Region.load("asean")
    assert asean.groups["all"] == asean.economies
    assert asean.groups["clmv"] == ("KHM", "LAO", "MMR", "VNM")
    assert asean.groups["landlocked"] == ("LAO",)
    assert asean.groups["islands"] == ("BRN", "IDN", "PHL", "SGP", "TLS")
    assert "china" not in asean.groups
    assert region.groups["carec_emerging"] == ("AFG", "PAK", "TJK", "TKM")
    assert len(region.groups["landlocked"]) == 9


def test_positions_understand_economies_and_groups(region):
    assert region.positions(["VNM", "clmv", "KHM"]).tolist() == [1, 3, 5, 9]
    assert len(region.positions("all")) == 22
    with pytest.raises(InputError, match="did you mean VNM"):
        region.positions(["VMN"])


def test_figures_name_their_source_and_how_they_came_about(region):
    figures = region.figures
    assert list(figures.columns) == [
        "iso3", "indicator", "year", "value", "unit", "status", "last_observed", "rule",
        "publisher", "series_code", "vintage", "licence",
    ]  # fmt: skip
    assert len(figures) == 22 * (len(INDICATORS) + 6)
    assert not figures.duplicated(["iso3", "indicator"]).any()
    assert set(figures["status"]) <= set(STATUSES)
    published = figures[figures["status"] != "estimated"]
    assert (published[["publisher", "vintage", "licence"]] != "").all(axis=None)
    row = figures[(figures["iso3"] == "VNM") & (figures["indicator"] == "internet_users")].iloc[0]
    assert row["unit"] == "% of population"
    assert row["series_code"] == "IT.NET.USER.ZS"
    assert row["value"] == pytest.approx(78.08, abs=1)


def test_recalled_sources_are_labelled(region):
    sources = region.sources
    assert sources.loc["recalled", "vintage"].startswith("recalled")
    figures = region.figures
    row = figures[(figures["iso3"] == "BRN") & (figures["indicator"] == "data_flows")].iloc[0]
    assert "recalled" in row["vintage"]


def test_profile_places_members_and_outside_nodes():
    carec = Region.load("carec")
    profile = carec.profile
    assert tuple(profile.index) == carec.nodes[:-1]
    assert profile.loc["KAZ", "landlocked"]
    assert profile.loc["KAZ", "role"] == "member"
    assert profile.loc["DEU", "role"] == "hub"
    assert profile["latitude"].between(-90, 90).all()


def test_a_region_does_not_change(region):
    with pytest.raises(ValueError, match="read-only"):
        region.base("gdp")[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        region.trade_flows[0, 1] = 1
    with pytest.raises(TypeError):
        region.groups["all"] = ()
    with pytest.raises(AttributeError):
        region.name = "other"
    mine = region.figures
    mine["value"] = 0
    assert region.figures["value"].abs().sum() > 0


def test_a_region_survives_a_trip_to_another_process(region):
    again = pickle.loads(pickle.dumps(region))
    assert again == region
    assert again.digest == region.digest
    assert np.array_equal(again.base("gdp"), region.base("gdp"))
    assert again.groups["clmv"] == region.groups["clmv"]


def test_names_that_do_not_exist_are_answered_with_the_nearest(region):
    with pytest.raises(InputError, match="did you mean internet_users"):
        region.base("internet_user")
    with pytest.raises(InputError, match="did you mean asean"):
        Region.load("asaen")
    for name in ("", "a" * 400, "a\0b"):
        with pytest.raises(InputError, match="neither a shipped region"):
            Region.load(name)
    with pytest.raises(InputError, match="is a file, not a folder"):
        Region.load(__file__)
    with pytest.raises(InputError, match="2000 to 2024"):
        region.series("gdp", 1990, 2000)


def test_repr_says_what_was_loaded(region):
    text = repr(region)
    assert "22 economies" in text
    assert "\n" not in text


def test_every_source_names_publisher_vintage_and_licence(region):
    sources = region.sources
    assert sources.index.is_unique
    for column in ("publisher", "title", "vintage", "licence"):
        assert (sources[column] != "").all()
    copies = sources[sources["repository"] != ""]
    assert copies["commit"].str.fullmatch("[0-9a-f]{40}").all()
    assert copies["repository"].str.fullmatch(r"[^/ ]+/[^/ ]+").all()


def test_the_documentation_lists_every_table_column_indicator_and_provision():
    text = (Path(__file__).parents[1] / "docs" / "regions.md").read_text(encoding="utf-8")
    for name in (*INDICATORS, *PROVISIONS, *(layout.file for layout in LAYOUTS)):
        assert f"`{name}`" in text
    for layout in LAYOUTS:
        for column in layout.columns:
            assert column.name in text


def test_the_documentation_counts_figures_as_they_are(region):
    text = (Path(__file__).parents[1] / "docs" / "regions.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    for name in INDICATORS:
        counts = [region.base_status(name).count(status) for status in STATUSES]
        row = next(line for line in rows if f"`{name}`" in line)
        assert row.endswith(f"| {'/'.join(map(str, counts))} |")


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
