"""Whole runs on the shipped tables: what an economist expects of baselines and of policies."""

import numpy as np
import pytest
from own_region import keep_only

from sim.experiment import draws, start
from sim.experiment.engine import run_members
from sim.experiment.plan import case_of
from sim.kpi.registry import BY_ID, COLUMNS, aggregate, weight_column
from sim.model.quantities import LEVERS, PAYERS
from sim.model.run import run
from sim.policy import Scenario, lever, lever_paths
from sim.policy.levers import REGISTRY
from sim.policy.projects import needed_options
from sim.region.region import Region
from sim.region.template import copy_tables

MEMBERS, SEED, HORIZON = 128, 1, 2035
NAME = "asean+carec"
ROW = {column.id: row for row, column in enumerate(COLUMNS)}
#: Levers of broadband, skills and rules, and what each is meant to move. The sizes of all are
#: tested in test_lever_sizes.py.
MAIN_KPI = {
    "broadband_investment": "internet_users",
    "infrastructure_sharing": "broadband_price",
    "data_policy_alignment": "regulatory_distance",
    "trade_facilitation": "paperless_trade",
    "basic_skills_programme": "basic_skills",
    "advanced_skills_programme": "talent",
}
FIRST = 2026
FIVE_YEARS_ON = FIRST + 5 - 2023


class World:
    """Shipped region, runs by scenario, and what is asked of them."""

    def __init__(self):
        self.region = Region.load(NAME)
        self.economies = self.region.economies
        self.baseline = Scenario.baseline(NAME, HORIZON)

    def case(self, scenario):
        return case_of(scenario)

    def run(self, scenario, members=range(MEMBERS), seed=SEED):
        return run_members(self.case(scenario), seed, members)

    def with_levers(self, *levers, **changes):
        return self.baseline.plus(*levers, name="plan", **changes)

    def at_usual_high(self, name):
        extra = needed_options(REGISTRY[name], self.region)
        if name == "data_policy_alignment":
            extra["by"] = 2030
        return self.with_levers(lever(name, REGISTRY[name].scale.usual_high, years=FIRST, **extra))


@pytest.fixture(scope="session")
def here():
    return World()


@pytest.fixture(scope="session")
def base(here):
    return here.run(here.baseline)


@pytest.fixture(scope="session")
def shipped(here, request):
    folder = request.config.rootpath / "scenarios"
    names = ("push", "broadband", "skills", "data-policy")
    return {name: here.run(Scenario.load(folder / f"asean-carec-{name}.yaml")) for name in names}


@pytest.fixture(scope="session")
def single(here):
    return {name: here.run(here.at_usual_high(name)) for name in MAIN_KPI}


@pytest.fixture(scope="session")
def states(here):
    """All states of the baseline, for what KPIs do not show."""
    members = range(MEMBERS)
    case = here.case(here.baseline)
    setup = start.build_setup(here.region, case.world, SEED, members, case.posterior)
    found = []
    luck = draws.world_draws(SEED, members, case.world)
    levers = lever_paths(here.baseline, here.region)
    run(setup, levers, luck, lambda state, year: found.append(state))
    return found


def kpi(runs, name):
    """(member, year, economy)."""
    return runs[ROW[name]]


def median(values):
    return np.median(values, axis=0)


def percent(runs, base, name):
    return 100.0 * (kpi(runs, name) / kpi(base, name) - 1.0)


def points(runs, base, name):
    return kpi(runs, name) - kpi(base, name)


# The baseline


def test_internet_users_stay_between_none_and_all(base, shipped, single):
    for runs in (base, *shipped.values(), *single.values()):
        users = kpi(runs, "internet_users")
        assert (users > 0.0).all()
        assert (users <= 100.0).all()


def test_runs_start_from_the_published_figures(here, base):
    for name, scale in (("gdp", 1e-9), ("broadband_price", 1.0)):
        published = here.region.base(name) * scale
        found = kpi(base, name)[:, 0]
        assert found == pytest.approx(np.broadcast_to(published, found.shape), abs=1e-3), name
    recent = here.region.years_since_observed("fixed_broadband") == 0
    lines = np.median(kpi(base, "fixed_broadband")[:, 0], axis=0)[recent]
    published = 100.0 * here.region.base("fixed_broadband")[recent]
    assert lines == pytest.approx(published, rel=0.01, abs=0.05)


def test_runs_start_near_published_users_and_less_surely_from_old_figures(here, base):
    users, known = 100.0 * here.region.base("internet_users"), kpi(base, "internet_users")[:, 0]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95], axis=0)
    observed = here.region.years_since_observed("internet_users") == 0
    assert np.abs(middle - users)[observed].max() < 2.5
    assert ((low - 2.0 < users) & (users < high + 2.0))[observed].all()
    assert (high - low)[observed].mean() < (high - low)[~observed].mean()


def test_economies_converge_in_internet_use(base):
    users = median(kpi(base, "internet_users"))
    gap = users.max(axis=1) - users.min(axis=1)
    variation = users.std(axis=1) / users.mean(axis=1)
    assert (np.diff(variation) < 0.0).all()
    assert gap[-1] < 0.5 * gap[0]


def test_those_with_fewer_users_gain_more(base):
    users = median(kpi(base, "internet_users"))
    order = np.argsort(users[0])
    gained = users[-1] - users[0]
    third = len(order) // 3
    assert gained[order[:third]].min() > gained[order[-third:]].max()


def test_the_rich_adopt_first_in_every_economy_and_year(states):
    for state in states:
        quintiles = state.online.reshape(*state.gdp.shape, 2, 5)
        assert (np.diff(quintiles, axis=-1) >= 0.0).all()


def test_towns_are_ahead_of_the_country_in_every_income_quintile(states):
    for state in states:
        assert (state.online[..., :5] >= state.online[..., 5:]).all()
        assert (state.coverage[..., 0] >= state.coverage[..., 1]).all()


def test_divides_close_as_use_saturates(base):
    for name in ("urban_rural_gap", "income_gap", "leader_gap"):
        gaps = median(kpi(base, name))
        assert (np.median(gaps, axis=1)[[0, 6, 12]] > 0.0).all(), name
        assert np.median(gaps[-1]) < 0.5 * np.median(gaps[0]), name


def test_landlocked_economies_pay_more_for_broadband(here, base):
    profile = here.region.profile.loc[list(here.economies)]
    landlocked = profile["landlocked"].to_numpy().astype(bool)
    price = median(kpi(base, "broadband_price"))[0]
    assert 3 < landlocked.sum() < len(landlocked) - 3
    assert np.median(price[landlocked]) > np.median(price[~landlocked])


def test_richer_economies_start_with_more_users_and_lines(base):
    income = np.log(median(kpi(base, "gdp_per_person"))[0])
    for name in ("internet_users", "fixed_broadband"):
        assert np.corrcoef(income, median(kpi(base, name))[0])[0, 1] > 0.4, name


def test_the_region_grows_as_fast_as_regions_do(base):
    gdp = kpi(base, "gdp").sum(axis=-1)
    growth = 100.0 * ((gdp[:, -1] / gdp[:, 0]) ** (1 / 12) - 1.0)
    assert 1.5 < np.median(growth) < 6.0
    assert np.quantile(growth, 0.05) > -2.0
    assert np.quantile(growth, 0.95) < 9.0


def test_uncertainty_grows_with_the_years(base):
    spread = np.log(kpi(base, "gdp")).std(axis=0)
    assert (spread[0] < 1e-9).all()
    assert (spread[12] > spread[6]).all()
    assert (spread[6] > spread[1]).all()


def test_no_programme_means_no_cost_and_no_programme_effect(base, states):
    assert (kpi(base, "programme_cost") == 0.0).all()
    for state in states:
        assert (state.programme_stock == 0.0).all()
        assert (state.trained_skills == 0.0).all()
        assert (state.relative_price == 1.0).all()
        assert (state.skill_returns == 0.0).all()


def test_nothing_is_gained_since_the_base_year_in_the_base_year(states):
    assert (states[0].trade_gains == 0.0).all()
    assert (states[0].digital_returns == 0.0).all()


def test_exports_within_the_region_are_part_of_all_exports(states):
    for state in states:
        assert (state.regional_exports <= state.goods_exports * (1 + 1e-12)).all()
        assert (state.domestic_share > 0.0).all()


def test_the_engine_measures_the_states_of_the_model(base, states):
    for year, state in enumerate(states):
        assert kpi(base, "internet_users")[:, year] == pytest.approx(100.0 * state.internet_users)
        assert kpi(base, "gdp")[:, year] == pytest.approx(state.gdp / 1e9)


# Policies


@pytest.mark.parametrize("name", MAIN_KPI)
def test_each_lever_moves_its_main_kpi_the_right_way(single, base, name):
    main = BY_ID[MAIN_KPI[name]]
    change = main.better * points(single[name], base, main.id)[:, FIVE_YEARS_ON]
    assert (median(change) >= 0.0).all()
    assert np.median(change) > 0.0


@pytest.mark.parametrize("name", MAIN_KPI)
def test_no_lever_alone_moves_gdp_or_users_beyond_reason(single, base, name):
    gdp = percent(single[name], base, "gdp")[:, 2030 - 2023]
    users = points(single[name], base, "internet_users")[:, FIVE_YEARS_ON]
    assert np.abs(median(gdp)).max() < 4.0
    assert np.abs(median(users)).max() < 20.0
    assert (np.abs(gdp) > 4.0).mean() < 0.01
    # "About" 20 points (evidence): a tail of members, where use is low and uncertain, goes beyond.
    assert (np.abs(users) > 20.0).mean() < 0.02


@pytest.mark.parametrize("name", MAIN_KPI)
def test_no_lever_lowers_median_gdp_or_users(single, base, name):
    for year in range(FIRST - 2023, HORIZON - 2023 + 1):
        assert (median(percent(single[name], base, "gdp")[:, year]) >= -1e-9).all()
        assert (median(points(single[name], base, "internet_users")[:, year]) >= -1e-9).all()


@pytest.mark.parametrize("name", MAIN_KPI)
def test_nothing_changes_before_a_programme_starts(single, base, name):
    before = FIRST - 2023
    assert (single[name][:, :, :before] == base[:, :, :before]).all()


def test_networks_take_a_year_to_build(single, base):
    users = points(single["broadband_investment"], base, "internet_users")
    first = FIRST - 2023
    assert (users[:, first] == 0.0).all()
    assert (users[:, first + 1] > 0.0).all()


def test_broadband_helps_laggards_more_than_leaders(single, base):
    users = median(kpi(base, "internet_users"))[FIRST - 2023]
    gained = median(points(single["broadband_investment"], base, "internet_users"))
    gained = gained[FIVE_YEARS_ON]
    order = np.argsort(users)
    third = len(order) // 3
    assert np.median(gained[order[:third]]) > 3.0 * np.median(gained[order[-third:]])
    assert np.corrcoef(users, gained)[0, 1] < -0.7


@pytest.mark.parametrize("name", MAIN_KPI)
def test_the_main_kpi_moves_as_soon_as_the_registry_says(single, base, name):
    change = np.abs(points(single[name], base, MAIN_KPI[name])).max(axis=(0, 2))
    moved = FIRST - 2023 + REGISTRY[name].lag_years
    assert (change[:moved] == 0.0).all()
    assert (change[moved:] > 0.0).all()


def test_rural_money_helps_the_country_more_than_urban_money(here, base):
    gaps = []
    for rural in (0.1, 0.9):
        entry = lever("broadband_investment", 0.5, years=FIRST, rural_share=rural)
        found = here.run(here.with_levers(entry), range(64))
        gaps.append(median(kpi(found, "urban_rural_gap")[:, FIVE_YEARS_ON]))
    both_zones = np.array([0.02 < share < 0.98 for share in here.region.base("urban_share")])
    assert (gaps[1] < gaps[0])[both_zones].all()


def test_twice_the_programme_does_more_but_not_twice_as_much(here, base):
    found = {}
    for value in (0.5, 1.0):
        entry = lever("broadband_investment", value, years=FIRST)
        runs = here.run(here.with_levers(entry))
        found[value] = median(points(runs, base, "internet_users")[:, FIVE_YEARS_ON])
    assert (found[1.0] > found[0.5]).all()
    # Medians of two runs: where hardly anybody is online the two are nearly in proportion.
    assert (found[1.0] < 2.05 * found[0.5]).all()
    assert np.median(found[1.0] / found[0.5]) < 1.9


def test_a_push_does_at_least_what_each_of_its_parts_does(shipped, base):
    for year in range(FIRST - 2023, HORIZON - 2023 + 1):
        for part in ("broadband", "skills", "data-policy"):
            for name in ("internet_users", "gdp"):
                whole = median(percent(shipped["push"], base, name)[:, year])
                alone = median(percent(shipped[part], base, name)[:, year])
                # Where budgets bind, the whole plan is cut, and a part may lose a little.
                assert (whole >= alone - 0.005).all(), (part, name, year)


def test_parts_of_a_push_overlap_in_users_and_hardly_in_gdp(shipped, base):
    parts = ("broadband", "skills", "data-policy")
    users = {n: median(points(shipped[n], base, "internet_users")[:, 12]) for n in shipped}
    gdp = {n: median(percent(shipped[n], base, "gdp")[:, 12]) for n in shipped}
    assert users["push"].sum() < sum(users[n].sum() for n in parts)
    assert gdp["push"].sum() == pytest.approx(sum(gdp[n].sum() for n in parts), rel=0.1)


def test_rules_aligned_in_a_group_bring_its_economies_together(here, base):
    entry = lever("data_policy_alignment", 0.9, "asean", years=FIRST, by=2030)
    found = here.run(here.with_levers(entry), range(64))
    asean = here.region.positions("asean")
    scores = points(found, base[:, :64], "provisions")[:, -1]
    others = np.setdiff1d(np.arange(len(here.economies)), asean)
    assert (median(scores)[asean] > 0.0).all()
    assert (scores[:, others] == 0.0).all()
    gains = median(points(found, base[:, :64], "trade_gains")[:, -1])
    assert gains[asean].min() > gains[others].max()


# Costs


@pytest.mark.parametrize("name", ["push", "broadband", "skills", "data-policy"])
def test_costs_by_lever_and_private_money_are_costs_by_payer(shipped, here, request, name):
    runs = shipped[name]
    by_lever = sum(kpi(runs, f"cost_lever_{one}") for one in LEVERS)
    by_payer = {one: kpi(runs, f"cost_payer_{one}") for one in PAYERS}
    assert sum(by_payer.values()) - by_payer["private"] == pytest.approx(by_lever, abs=1e-9)
    scenario = Scenario.load(request.config.rootpath / "scenarios" / f"asean-carec-{name}.yaml")
    leverage = lever_paths(scenario, here.region).private_leverage
    drawn_in = leverage * kpi(runs, "cost_lever_broadband_investment")[:, 1:]
    assert by_payer["private"][:, 1:] == pytest.approx(drawn_in)


def test_spending_is_the_share_of_last_years_gdp_that_the_scenario_says(here):
    entry = lever("broadband_investment", 0.4, "clmv", years=FIRST, ramp=3, private_leverage=0.5)
    scenario = here.with_levers(entry)
    plan = lever_paths(scenario, here.region).broadband_investment
    runs = here.run(scenario, range(64))
    before = kpi(runs, "gdp")[:, :-1] * 1e3
    for column, factor in (
        ("cost_lever_broadband_investment", 1.0),
        ("cost_payer_national", 1.0),
        ("cost_payer_private", 0.5),
    ):
        expected = factor * np.broadcast_to(plan, before.shape)
        assert kpi(runs, column)[:, 1:] / before == pytest.approx(expected), column


def test_shipped_scenarios_spend_nearly_what_they_plan_and_never_more(here, request, shipped):
    for name in ("push", "broadband"):
        path = request.config.rootpath / "scenarios" / f"asean-carec-{name}.yaml"
        plan = lever_paths(Scenario.load(path), here.region).broadband_investment
        asked = plan * kpi(shipped[name], "gdp")[:, :-1] * 1e3
        spent = kpi(shipped[name], "cost_lever_broadband_investment")[:, 1:]
        assert (spent <= asked * (1.0 + 1e-12)).all()
        assert spent.sum() > 0.95 * asked.sum()


def test_a_programme_in_one_economy_costs_the_others_nothing(here):
    entry = lever("basic_skills_programme", 2, "KGZ", years=FIRST)
    cost = kpi(here.run(here.with_levers(entry), range(64)), "programme_cost")
    only = here.economies.index("KGZ")
    assert (cost[:, FIRST - 2023 :, only] > 0.0).all()
    assert (np.delete(cost, only, axis=-1) == 0.0).all()


# Luck


def test_levers_at_zero_are_the_baseline_to_the_last_bit(here, base):
    zeros = here.with_levers(
        *(
            lever(name, 0, years=FIRST, **needed_options(REGISTRY[name], here.region))
            for name in LEVERS
        )
    )
    assert here.run(zeros).tobytes() == base.tobytes()


def test_a_longer_horizon_leaves_earlier_years_as_they_were(here, base):
    longer = here.run(Scenario.baseline(NAME, HORIZON + 7), range(64))
    assert longer.shape[2] == base.shape[2] + 7
    assert (longer[:, :, : base.shape[2]] == base[:, :64]).all()


def test_members_do_not_depend_on_how_many_there_are(here, base):
    more = here.run(here.baseline, range(200))
    assert (more[:, :64] == here.run(here.baseline, range(64))).all()
    assert (more[:, :MEMBERS] == base).all()
    assert (here.run(here.baseline, range(70, 75)) == more[:, 70:75]).all()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(here, base):
    other = here.run(here.baseline, range(64), seed=2)
    again = here.run(here.baseline, range(64), seed=SEED)
    assert again.tobytes() == base[:, :64].tobytes()
    last = other[ROW["gdp"], :, -1]
    assert (last != kpi(base, "gdp")[:64, -1]).all()


def test_members_of_an_ensemble_differ_from_each_other(base):
    gdp = kpi(base, "gdp")[:, -1]
    assert len(np.unique(gdp[:, 0])) == MEMBERS
    correlation = np.corrcoef(gdp[:-1].ravel(), gdp[1:].ravel())[0, 1]
    economy = np.corrcoef(gdp[:-1, 0], gdp[1:, 0])[0, 1]
    assert correlation > 0.5  # economies are of different size
    assert abs(economy) < 0.3  # but one member says nothing of the next


def test_shared_luck_makes_effects_far_more_certain_than_levels(here, base, shipped):
    other = here.run(here.baseline, seed=2)
    for name in ("gdp", "internet_users"):
        policy = kpi(shipped["push"], name)[:, 7]
        paired = np.log(policy / kpi(base, name)[:, 7]).var(axis=0)
        unpaired = np.log(policy / kpi(other, name)[:, 7]).var(axis=0)
        assert np.median(paired / unpaired) < 0.1, name
        assert (paired < 0.6 * unpaired).all(), name


# Regions


@pytest.mark.parametrize("name", ["gdp", "internet_users", "digital_share", "gdp_per_person"])
def test_figures_of_the_region_are_those_worked_out_by_hand(base, name):
    weight = weight_column(BY_ID[name])
    values, year = kpi(base, name), 5
    weights = None if weight is None else kpi(base, weight)
    found = aggregate(BY_ID[name], values, weights)
    member = values[3, year]
    by_hand = 0.0
    total = 0.0
    for economy in range(values.shape[-1]):
        share = 1.0 if weight is None else weights[3, year, economy]
        by_hand += member[economy] * share
        total += share
    expected = by_hand if weight is None else by_hand / total
    assert found[3, year] == pytest.approx(expected)


def test_a_region_of_two_economies_of_ones_own_runs(tmp_path):
    folder = tmp_path / "two"
    copy_tables("carec", folder)
    keep_only(folder, ("KAZ", "MNG"))
    region = Region.load(folder)
    assert region.economies == ("KAZ", "MNG")
    baseline = Scenario.baseline(str(folder), 2032)
    plan = baseline.plus(lever("broadband_investment", 1, years=2025), name="fibre")
    runs = [run_members(case_of(one), SEED, range(64)) for one in (baseline, plan)]
    assert runs[0].shape == (len(COLUMNS), 64, 10, 2)
    assert np.isfinite(runs[1]).all()
    assert (points(runs[1], runs[0], "internet_users")[:, 3:] > 0.0).all()


@pytest.mark.parametrize("name", ["asean", "carec"])
def test_smaller_shipped_regions_run_to_a_far_horizon(name):
    found = run_members(case_of(Scenario.baseline(name, 2060)), SEED, range(64))
    assert np.isfinite(found).all()
    assert (kpi(found, "internet_users") <= 100.0).all()
    assert (kpi(found, "gdp") > 0.0).all()
