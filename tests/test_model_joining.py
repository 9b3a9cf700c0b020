"""Agreements: who joins, when, what enters into force, and what parties carry out."""

import copy
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sim.evidence.facts.joining import play
from sim.experiment import draws, start
from sim.model import joining
from sim.model.agreements import no_agreements
from sim.model.quantities import PROVISIONS
from sim.model.run import run
from sim.policy import Scenario, lever, lever_paths
from sim.policy.paths import empty_paths
from sim.region.region import Region

MEMBERS, HORIZON, SEED = 48, 2035, 4
NAME = "asean+carec"


@pytest.fixture(scope="module")
def region():
    return Region.load(NAME)


@pytest.fixture(scope="module")
def world(region):
    return start.build_world(region, HORIZON)


@pytest.fixture(scope="module")
def setup(region, world):
    return start.build_setup(region, world, SEED, range(MEMBERS))


@pytest.fixture(scope="module")
def luck(world):
    return list(draws.world_draws(SEED, range(MEMBERS), world))


def history(setup, luck, levers):
    states = []
    run(setup, levers, luck, lambda state, year: states.append(state))
    return states


@pytest.fixture(scope="module")
def nothing(region):
    return lever_paths(Scenario.baseline(region, HORIZON), region)


@pytest.fixture(scope="module")
def baseline(setup, luck, nothing):
    return history(setup, luck, nothing)


def chances(seed=1, years=15, members=MEMBERS, economies=22):
    return np.random.default_rng(seed).random((years, members, economies))


def given(setup, **values):
    """The setup with some parameters at one value in every member."""
    p = copy.copy(setup.parameters)
    for name, value in values.items():
        setattr(p, name, np.full((MEMBERS, 1), value))
    return replace(setup, parameters=p)


def rate_of(setup, name, push=0.0, **state):
    """Rates of joining an agreement from the base state, with some quantities changed."""
    world, old = setup.world, copy.copy(setup.base)
    for quantity, value in state.items():
        setattr(old, quantity, value)
    openness = 200.0 * old.regional_exports / old.gdp
    number = world.instruments.index(name)
    return joining.joining_rate(old, np.full(22, push), openness, setup, number)


# Who is in


def test_the_base_year_has_the_recorded_parties(setup, world):
    place, base = world.instruments.index, setup.base
    parties = {
        name: {world.economies[k] for k in np.flatnonzero(base.ratified[0, :, place(name)])}
        for name in ("cpta", "rcep", "defa")
    }
    assert parties["cpta"] == {"PHL", "TLS", "AZE", "CHN", "KGZ", "MNG", "TJK", "TKM"}
    assert len(parties["rcep"]) == 11
    assert parties["defa"] == set()
    assert (base.in_force[:, place("cpta")] == 1.0).all()
    assert (base.in_force[:, place("defa")] == 0.0).all()


def test_joinings_on_record_after_the_base_year_happen_in_every_member(baseline, world):
    thailand = (slice(None), world.economies.index("THA"), world.instruments.index("cpta"))
    viet_nam = world.economies.index("VNM"), world.instruments.index("data_protection_law")
    assert (baseline[2].ratified[thailand] == 1.0).all()
    assert (baseline[2].ratified[:, *viet_nam] == 1.0).all()


def test_nobody_leaves_and_nobody_joins_who_cannot(baseline, world):
    for before, after in pairwise(baseline):
        assert (after.ratified >= before.ratified).all()
        assert (after.in_force >= before.in_force).all()
        assert (after.ratified <= world.agreements.may_join).all()


def test_an_agreement_of_a_group_is_in_force_when_all_have_ratified_and_not_before(baseline, world):
    number = world.instruments.index("defa")
    needed = world.agreements.may_join[:, number].sum()
    assert needed == 11
    counts = np.stack([state.ratified[..., number].sum(axis=1) for state in baseline])
    force = np.stack([state.in_force[:, number] for state in baseline])
    assert (force == (counts == needed)).all()
    assert 0.0 < force[-1].mean() <= 1.0


def test_nobody_ratifies_before_the_signature(baseline, world):
    number = world.instruments.index("defa")
    for step, state in enumerate(baseline):
        if world.base_year + step <= 2026:
            assert not state.ratified[..., number].any()


# How fast: the past played again


def test_accessions_come_at_the_rate_of_the_paperless_trade_agreement(setup):
    played = play(setup, "cpta", chances())
    assert 0.028 <= played.rate(7.25) <= 0.103  # evidence F01


def test_the_fifth_of_the_states_joins_after_about_as_long_as_it_took(setup):
    years = play(setup, "cpta", chances()).years_until(5)
    low, middle, high = np.quantile(years, [0.05, 0.5, 0.95])
    assert low < 4.76 < high  # evidence F02
    assert 3.0 <= middle <= 6.5


def test_ten_members_of_a_group_ratify_in_about_three_years(setup):
    played = play(setup, "aaec", chances(), without=("TLS",))
    assert played.years_until(10).mean() == pytest.approx(2.86, abs=0.6)  # evidence F03


def test_data_protection_laws_are_passed_at_the_rate_of_the_world(baseline, world):
    number = world.instruments.index("data_protection_law")
    inside = np.stack([state.ratified[..., number] for state in baseline[2:]])
    risk = (1.0 - inside[:-1]).sum()
    assert 0.03 <= np.diff(inside, axis=0).sum() / risk <= 0.13  # evidence F04: 0.05 to 0.11


def test_the_share_that_joins_in_a_year_is_the_chance_of_the_rate(setup):
    still = given(setup, joining_peers=0.0, joining_gain=0.0, joining_capacity=0.0,
                  joining_work=0.0, joining_sovereignty=0.0, open_rate=0.3)  # fmt: skip
    played = play(still, "ecc", chances(years=1, members=MEMBERS))
    expected = 1.0 - np.exp(-0.3)
    error = np.sqrt(expected * (1.0 - expected) / (MEMBERS * 22))
    assert played.parties[1].mean() == pytest.approx(expected, abs=3.5 * error)


# Cascades and stalemates


def test_a_strong_example_of_peers_makes_a_cascade(setup):
    alone = play(given(setup, joining_peers=0.0), "cpta", chances(years=40))
    drawn = play(given(setup, joining_peers=12.0, open_rate=0.2), "cpta", chances(years=40))
    # From the third of 22 to the twentieth: slow where nobody looks at the others.
    waves = [np.median(one.years_until(20) - one.years_until(3)) for one in (alone, drawn)]
    assert waves[0] > 12.0
    assert waves[1] <= 4.0


def test_high_costs_of_sovereignty_and_weak_states_make_a_stalemate_of_decades(setup):
    closed = replace(
        setup.world,
        government_effectiveness=np.full(22, -2.0),
        agreements=replace(setup.world.agreements, sovereignty=np.ones(22)),
    )
    stuck = given(replace(setup, world=closed), joining_sovereignty=6.0, joining_capacity=0.5)
    played = play(stuck, "defa", chances(years=30))
    inside = played.parties[:, :, played.may_join > 0]
    assert inside[20].mean() < 0.2
    assert (inside[20].sum(axis=1) < played.may_join.sum()).all()  # never in force


def test_a_pivotal_large_member_tips_the_others(setup, world):
    large, small = (world.economies.index(code) for code in ("CHN", "BRN"))
    place = world.instruments.index("cpta")
    rates = []
    for first in (large, small):
        ratified = np.zeros_like(setup.base.ratified)
        ratified[:, first, place] = 1.0
        rates.append(rate_of(setup, "cpta", ratified=ratified))
    others = [k for k in range(22) if k not in (large, small)]
    ratio = (rates[0] / rates[1])[:, others]
    assert (np.median(ratio, axis=0) >= 1.0).all()
    assert np.median(ratio) > 1.1


# What moves the decision


@pytest.mark.parametrize(
    ("name", "sign"),
    [("joining_gain", 1), ("joining_work", -1), ("joining_sovereignty", -1)],
)
def test_gains_draw_and_work_and_sovereignty_keep_away(setup, world, name, sign):
    more = rate_of(given(setup, **{name: 1.0}), "rcep")
    none = rate_of(given(setup, **{name: 0.0}), "rcep")
    # Against the state in the middle, by what each economy has of it.
    apart = np.log(more / none)
    least, most = apart.min(axis=1), apart.max(axis=1)
    assert (most > least).all()
    if name == "joining_sovereignty":
        assert (apart <= 1e-12).all()
        localising = world.agreements.sovereignty == 1.0
        assert (apart[:, localising] < 0.0).all()
        assert (apart[:, world.agreements.sovereignty == 0.0] == 0.0).all()
    else:
        missing = 1.0 - setup.base.implementation[..., world.instruments.index("rcep")]
        correlation = np.corrcoef(apart.ravel(), missing.ravel())[0, 1]
        assert sign * correlation > 0.0


def test_more_inside_and_abler_government_raise_the_rate(setup, world):
    everybody = rate_of(setup, "ecc", ratified=np.ones_like(setup.base.ratified))
    assert (everybody >= rate_of(setup, "ecc")).mean() > 0.95  # the prior reaches to no effect
    able = replace(
        setup, world=replace(world, government_effectiveness=world.government_effectiveness + 1.0)
    )
    assert (rate_of(given(able, joining_capacity=0.3), "ecc")
            == pytest.approx(np.exp(0.3) * rate_of(given(setup, joining_capacity=0.3), "ecc"))
            )  # fmt: skip


def test_a_push_multiplies_the_rate_by_its_exponential(setup):
    assert rate_of(setup, "ecc", push=1.5) == pytest.approx(np.exp(1.5) * rate_of(setup, "ecc"))


def test_a_push_brings_more_in_sooner_and_a_rift_keeps_them_out(
    region, setup, luck, nothing, baseline
):
    base = Scenario.baseline(region, HORIZON)
    entry = lever("data_policy_alignment", 0.0, years=2024, instrument=["cpta"], push=2.0)
    pushed = history(setup, luck, lever_paths(base.plus(entry, name="push"), region))
    number = region.instruments.index("cpta")
    for before, after in zip(baseline[1:], pushed[1:], strict=True):
        assert (after.ratified[..., number] >= before.ratified[..., number]).mean() > 0.999
    assert pushed[5].ratified[..., number].mean() > baseline[5].ratified[..., number].mean() + 0.1
    rift = copy.deepcopy(nothing)
    rift.shocks.cooperation_loss[:] = 1.0
    apart = history(setup, luck, rift)
    recorded = setup.world.agreements.parties(HORIZON)
    start_of = np.maximum(setup.base.ratified, recorded)
    assert (apart[-1].ratified == start_of).all()


def test_a_proposal_needs_a_drive_and_years_of_negotiation(region, setup, luck, baseline):
    number = region.instruments.index("carec_data_policy")
    assert not baseline[-1].ratified[..., number].any()
    base = Scenario.baseline(region, HORIZON)
    entry = lever(
        "data_policy_alignment", 0.0, years=2025, instrument=["carec_data_policy"], push=2.0
    )
    driven = history(setup, luck, lever_paths(base.plus(entry, name="drive"), region))
    assert not driven[2].ratified[..., number].any()  # after a year
    assert driven[3].ratified[..., number].mean() < 0.2
    assert driven[-1].ratified[..., number].sum(axis=1).mean() > 9.0


# Carrying out


def test_parties_move_towards_what_is_agreed_and_never_past_it(setup, baseline, world):
    p, pacts = setup.parameters, world.agreements
    for state in baseline[1:]:
        shares = joining.compliance(pacts, np.zeros(22), p)
        bound = np.moveaxis(state.ratified * state.in_force[:, None, :], -1, 0)
        levels, _ = joining.agreed_levels(bound, shares, pacts)
        missing = np.maximum(levels - state.provisions, 0.0)
        assert (state.due_rules <= missing + 1e-12).all()
    for before, after in pairwise(baseline):
        rise = after.provisions - before.provisions
        assert rise == pytest.approx(before.due_rules, abs=1e-12)
        paperless = after.facilitation - before.facilitation
        assert paperless == pytest.approx(before.due_paperless, abs=1e-12)


def test_paperless_trade_rises_at_the_pace_of_the_survey(baseline, setup):
    rise = baseline[1].facilitation - baseline[0].facilitation
    pace = setup.parameters.facilitation_pace * setup.delivery / setup.parameters.delivery_level
    assert (rise <= pace + 1e-12).all()
    assert rise.max(axis=1) == pytest.approx((pace * (rise > 0)).max(axis=1), rel=0.3)


def test_what_binds_is_carried_out_more_fully_and_review_closes_part_of_the_rest(setup, world):
    p, pacts = setup.parameters, world.agreements
    place = world.instruments.index
    free, reviewed, bound = (
        joining.compliance(pacts, np.full(22, mode), p) for mode in (0.0, 1.0, 2.0)
    )
    means = [np.mean(free[place(name)]) for name in ("eaeu_digital", "rcep", "cpta")]
    assert means == sorted(means)
    for one, two, three in zip(free, reviewed, bound, strict=True):
        assert (one <= two).all()
        assert (two <= three).all()
        assert (three <= 1.0).all()


def test_implementation_is_what_is_law_of_what_is_asked(world):
    pacts = world.agreements
    provisions = np.zeros((1, 22, len(PROVISIONS)))
    nothing = joining.implementation(provisions, np.zeros((1, 22)), pacts)
    assert nothing == pytest.approx(np.zeros_like(nothing))
    all_done = joining.implementation(provisions + 1.0, np.ones((1, 22)), pacts)
    assert all_done == pytest.approx(np.ones_like(all_done))
    provisions[..., PROVISIONS.index("e_transactions")] = 0.85 / 2.0
    half = joining.implementation(provisions, np.zeros((1, 22)), pacts)
    assert half[..., world.instruments.index("ecc")] == pytest.approx(np.full((1, 22), 0.5))


# Money


def test_the_baseline_costs_nothing_and_a_drive_pays_for_its_work(region, setup, luck, baseline):
    assert all((state.programme_cost == 0.0).all() for state in baseline)
    assert all((state.laws_raised == 0.0).all() for state in baseline)
    base = Scenario.baseline(region, HORIZON)
    entry = lever(
        "data_policy_alignment", 0.0, who="KHM", years=(2026, 2028), instrument=["cpta"], push=1.0
    )
    states = history(setup, luck, lever_paths(base.plus(entry, name="drive"), region))
    cambodia = region.economies.index("KHM")
    cost = states[3].programme_cost.sum(axis=-1)
    assert (cost[:, cambodia] > 0.0).all()
    assert (np.delete(cost, cambodia, axis=1) == 0.0).all()
    assert (states[3].laws_raised[:, cambodia] > 0.0).any()
    kept = states[8].laws_raised[:, cambodia] > 0.0
    assert (states[8].programme_cost.sum(axis=-1)[kept, cambodia] > 0.0).all()  # upkeep


def test_joining_moves_gdp_of_the_baseline_by_less_than_a_fifth_of_a_percent(region, baseline):
    alone = replace(
        start.build_world(region, HORIZON), instruments=(), agreements=no_agreements(22)
    )
    setup = start.build_setup(region, alone, SEED, range(MEMBERS))
    luck = list(draws.world_draws(SEED, range(MEMBERS), alone))
    without = history(setup, luck, empty_paths(HORIZON - 2023, 22, len(alone.systems)))
    for year in (7, 12):
        moved = 100.0 * (baseline[year].gdp / without[year].gdp - 1.0)
        assert abs(moved.mean()) < 0.25
        assert moved.mean() > 0.0
        region_moved = baseline[year].gdp.sum(axis=1) / without[year].gdp.sum(axis=1) - 1.0
        assert abs(100.0 * region_moved.mean()) < 0.1


# Own aims, standards, shocks


def test_own_aims_raise_own_rules_only_and_pay_as_their_own_lever(region, setup, luck, baseline):
    base = Scenario.baseline(region, HORIZON)
    entry = lever("data_and_ai_governance", 0.95, who="PAK", years=2025, by=2030)
    states = history(setup, luck, lever_paths(base.plus(entry, name="own"), region))
    pakistan = region.economies.index("PAK")
    gained = states[8].provisions - baseline[8].provisions
    assert (gained[:, pakistan].mean(axis=-1) > 0.1).all()
    # Others may feel it through whom they follow, but hardly.
    assert np.abs(np.delete(gained, pakistan, axis=1)).mean() < 0.01
    assert (states[8].own_laws_raised[:, pakistan] > 0.0).all()
    assert (states[8].own_laws_raised <= 6.0).all()


def test_common_standards_bridge_distance_between_those_who_both_adopt_them(
    region, setup, luck, baseline
):
    base = Scenario.baseline(region, HORIZON)
    entry = lever("common_standards", 1.0, who=["THA", "VNM"], years=2024)
    states = history(setup, luck, lever_paths(base.plus(entry, name="standards"), region))
    one, other, third = (region.economies.index(code) for code in ("THA", "VNM", "MYS"))
    now, before = states[6].rule_distance, baseline[6].rule_distance
    assert (now[:, one, other] < before[:, one, other]).all()
    assert now[:, one, third] == pytest.approx(before[:, one, third], abs=0.02)
    assert (states[6].standards[:, third] == 0.0).all()
    both = states[6].standards[:, one] * states[6].standards[:, other]
    bridge = setup.parameters.standards_bridge[:, 0] * both
    apart = np.abs(states[6].provisions[:, one] - states[6].provisions[:, other]).mean(axis=-1)
    assert now[:, one, other] == pytest.approx(apart * (1.0 - bridge))


def test_a_turn_to_localisation_lowers_data_flows_and_a_lag_slows_all_rules(
    setup, luck, nothing, baseline, world
):
    turned = copy.deepcopy(nothing)
    china = world.economies.index("IDN")
    turned.shocks.rules_fall[2, china] = 0.3
    states = history(setup, luck, turned)
    fall = baseline[3].provisions[:, china] - states[3].provisions[:, china]
    assert (fall[:, 0] > 0.0).all()
    assert fall[:, 1:] == pytest.approx(np.zeros_like(fall[:, 1:]))
    lagging = copy.deepcopy(nothing)
    lagging.shocks.rules_lag[:] = 1.0
    still = history(setup, luck, lagging)
    assert (still[-1].provisions == setup.base.provisions).all()


def test_a_member_has_the_same_agreements_in_any_block(region, world, nothing):
    few = range(4)
    setup = start.build_setup(region, world, SEED, few)
    luck = list(draws.world_draws(SEED, few, world))
    alone = history(setup, luck, nothing)[-1]
    wide = start.build_setup(region, world, SEED, range(9))
    together = history(wide, list(draws.world_draws(SEED, range(9), world)), nothing)[-1]
    assert (together.ratified[:4] == alone.ratified).all()
    assert (together.provisions[:4] == alone.provisions).all()
