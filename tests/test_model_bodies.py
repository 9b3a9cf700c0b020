"""Regional bodies: every dollar of the fund, who receives it, reviews, upgrades of targets."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world_of_budgets import Budgets

from sim.model import behaviour, bodies, goals
from sim.model.quantities import LEVERS, PAYERS

FUND = PAYERS.index("regional_fund")
NOTHING = dict.fromkeys(
    ("broadband_investment", "basic_skills_programme", "advanced_skills_programme",
     "egovernment_and_open_data"), 0.0,
)  # fmt: skip
GIVES = 0.0002


@pytest.fixture(scope="module")
def world():
    return Budgets()


def fund(world, **paths):
    return world.levers(**(NOTHING | {"regional_fund": GIVES} | paths))


def granted(state):
    """What the fund paid by claims: all but what it adds to links that economies decide on."""
    return state.fund_transfers - state.programme_cost[..., LEVERS.index("international_links")]


def received(states):
    return sum(granted(state) for state in states)


def spent_by_fund(state):
    return state.cost_by_payer[..., FUND]


# Every dollar


@pytest.mark.parametrize(
    "paths",
    [
        {},
        {"fund_private_ratio": 0.8, "fund_anchor": 0.5},
        {"national_budget": GIVES / 2},
        {"broadband_investment": 0.002, "budget_rule": 1.0},
        {"fund_budget": 0.00005},
    ],
    ids=["plain", "private", "a budget that binds", "with plans", "a ceiling"],
)
def test_the_fund_keeps_its_books_to_the_dollar(world, paths):
    rule = paths.pop("budget_rule", 0.0)
    levers = fund(world, **paths)
    levers.budget_rule[:] = rule
    levers.payer_share[:, :, LEVERS.index("broadband_investment")] = 0.0
    levers.payer_share[:, :, LEVERS.index("broadband_investment"), FUND] = 1.0
    states = world.run(levers)
    for old, new in pairwise(states):
        came = old.fund_balance + new.fund_contributions.sum(axis=-1) + new.fund_private
        went = new.fund_transfers.sum(axis=-1) + new.fund_admin + new.fund_balance
        assert came == pytest.approx(went, rel=1e-12)
        paid = new.fund_transfers.sum(axis=-1) + new.fund_admin
        assert spent_by_fund(new).sum(axis=-1) == pytest.approx(paid, rel=1e-9)
        public = new.cost_by_payer.sum(axis=-1) - new.cost_by_payer[..., PAYERS.index("private")]
        assert new.programme_cost.sum(axis=-1) == pytest.approx(public, rel=1e-9)
        assert (new.fund_balance >= 0.0).all()
    assert received(states).min() >= 0.0
    assert received(states).sum() > 0.0


def test_contributions_are_a_share_of_gdp_within_a_stated_budget(world):
    for old, new in pairwise(world.run(fund(world))):
        assert new.fund_contributions == pytest.approx(GIVES * old.gdp)
    for old, new in pairwise(world.run(fund(world, national_budget=GIVES / 4))):
        assert new.fund_contributions == pytest.approx(GIVES / 4 * old.gdp)


def test_private_money_comes_with_contributions_and_retreats(world):
    levers = fund(world, fund_private_ratio=0.5)
    levers.shocks.investment_retreat[3:] = 1.0
    states = world.run(levers)
    income = states[2].fund_contributions.sum(axis=-1)
    assert states[2].fund_private == pytest.approx(0.5 * income)
    assert (states[4].fund_private == 0.0).all()


def test_conflict_keeps_contributions_away(world):
    levers = fund(world)
    levers.shocks.cooperation_loss[2:] = 0.25
    states = world.run(levers)
    assert states[3].fund_contributions == pytest.approx(0.75 * GIVES * states[2].gdp)


def test_a_fund_without_contributions_is_as_before(world):
    levers = world.levers(fund_budget=0.0001)
    levers.payer_share[:, :, LEVERS.index("broadband_investment")] = 0.0
    levers.payer_share[:, :, LEVERS.index("broadband_investment"), FUND] = 1.0
    states = world.run(levers)
    for old, new in pairwise(states):
        ceiling = 0.0001 * old.gdp.sum(axis=-1)
        assert (spent_by_fund(new).sum(axis=-1) <= ceiling * (1 + 1e-9)).all()
        assert not new.fund_balance.any()
        assert not new.fund_contributions.any()


def test_plans_that_the_fund_should_pay_get_what_is_in_hand(world):
    levers = fund(world, broadband_investment=0.01)
    broadband = LEVERS.index("broadband_investment")
    levers.payer_share[:, :, broadband] = 0.0
    levers.payer_share[:, :, broadband, FUND] = 1.0
    first = world.run(levers)[1]
    income = first.fund_contributions.sum(axis=-1)
    assert spent_by_fund(first).sum(axis=-1) == pytest.approx(income, rel=1e-9)
    assert (first.funded < 1.0).any()
    assert first.fund_balance == pytest.approx(np.zeros(len(income)), abs=1.0)


def test_a_fund_that_ends_pays_out_what_it_has(world):
    levers = fund(world)
    levers.regional_fund[4:] = 0.0
    states = world.run(levers)
    balances = [state.fund_balance.mean() for state in states[4:]]
    assert balances == sorted(balances, reverse=True)
    assert states[-1].fund_transfers.sum() > 0.0


# Who receives


def test_a_fund_by_need_goes_to_those_behind_and_one_by_anchors_to_the_large(world):
    spread, anchored = world.run(fund(world)), world.run(fund(world, fund_anchor=1.0))

    def head(states):
        return (received(states) / states[-1].population).mean(axis=0)

    code = world.economies.index
    assert head(spread)[code("LAO")] > 3.0 * head(spread)[code("SGP")]
    assert head(anchored)[code("SGP")] > 3.0 * head(anchored)[code("LAO")]
    targets = spread[0].targets
    by_need, by_anchor = (goals.gaps(goals.levels(run[-1]), targets) for run in (spread, anchored))
    assert by_need.mean() < by_anchor.mean()


def test_the_fund_narrows_gaps_of_those_who_lag(world):
    plain, funded = world.run(world.levers(**NOTHING)), world.run(fund(world))
    laos = world.economies.index("LAO")
    assert (funded[-1].basic_skills[:, laos] > plain[-1].basic_skills[:, laos]).all()
    assert (funded[-1].gdp[:, laos] > plain[-1].gdp[:, laos]).all()


@given(st.integers(0, 2**32 - 1))
def test_money_is_shared_out_by_claims_within_what_each_can_use(seed):
    rng = np.random.default_rng(seed)
    claim = rng.dirichlet(np.ones(6), 3) * (rng.random((3, 6)) > 0.3)
    most = rng.exponential(1.0, (3, 6)) * (rng.random((3, 6)) > 0.2)
    money = rng.exponential(3.0, 3)
    given_ = bodies.shared_out(money, claim, most)
    usable = np.where(claim > 0.0, most, 0.0).sum(axis=-1)
    assert (given_ <= most).all()
    assert given_.sum(axis=-1) == pytest.approx(np.minimum(money, usable), rel=1e-9)


def test_an_allocation_of_ones_own_decides_who_receives(world):
    laos = world.economies.index("LAO")

    def only_laos(old, plan, p):
        return np.where(np.arange(len(world.economies)) == laos, 1.0, 0.0) + 0.0 * old.gdp

    states = world.run(fund(world), allocate=only_laos)
    paid = received(states)
    assert (paid[:, laos] > 0.0).all()
    assert np.delete(paid, laos, axis=1) == pytest.approx(0.0, abs=1.0)


def test_grants_stay_within_what_an_economy_absorbs(world):
    p = world.setup.parameters
    for old, new in pairwise(world.run(fund(world, regional_fund=0.01))):
        assert (granted(new) <= p.fund_absorption * old.gdp * (1 + 1e-9)).all()


# Reviews and upgrades


def governed(world, quality=1.0, review=2, upgrade=0, **paths):
    return world.levers(
        regional_governance=quality, review_years=review, upgrade_years=upgrade, **paths
    )


def test_reviews_raise_delivery_when_they_are_due(world):
    states = world.run(governed(world, review=3))
    quality = [state.delivery_quality.mean() for state in states]
    gain = [state.review_gain.mean() for state in states]
    assert [now > before for before, now in pairwise(gain)] == [
        False, False, True, False, False, True, False, False,
    ]  # fmt: skip
    assert quality[3] == quality[0]  # what a review corrects is felt a year later
    assert quality[4] > quality[0]
    assert max(quality) <= 1.0


def test_a_body_of_full_quality_corrects_at_most_its_effect(world):
    p = world.setup.parameters
    states = world.run(governed(world, review=1))
    assert (states[-1].review_gain <= p.review_effect + 1e-12).all()
    assert (states[-1].review_gain > 0.8 * p.review_effect).all()
    half = world.run(governed(world, quality=0.5, review=1))
    assert (half[-1].review_gain <= 0.5 * p.review_effect + 1e-12).all()


def test_better_delivery_makes_more_of_the_same_money(world):
    plain, better = world.run(world.levers()), world.run(governed(world))
    stock = [run[-1].programme_stock.sum(axis=-1) for run in (plain, better)]
    assert (stock[1] > stock[0]).all()
    assert stock[1].mean() > stock[0].mean() * 1.02


def test_what_was_corrected_is_lost_again_without_a_body(world):
    levers = governed(world)
    levers.regional_governance[4:] = 0.0
    gain = [state.review_gain.mean() for state in world.run(levers)]
    assert gain[4] > gain[5] > gain[6] > gain[7] > 0.0


def test_an_upgrade_moves_targets_to_todays_leaders_and_no_sooner(world):
    states = world.run(governed(world, review=0, upgrade=4))
    start, p = states[0].targets, world.setup.parameters
    for state in states[:4]:
        assert np.array_equal(state.targets, start)
    ahead = np.maximum(goals.leaders(goals.levels(states[3])) - start, 0.0)
    assert states[4].targets == pytest.approx(start + p.upgrade_step[..., None] * ahead)
    assert (states[4].targets > start).any()
    assert not states[4].review_gain.any()


def test_only_those_who_take_part_have_their_targets_raised(world):
    levers = governed(world, upgrade=2)
    singapore = world.economies.index("SGP")
    levers.regional_governance[:, singapore] = 0.0
    states = world.run(levers)
    assert np.array_equal(states[-1].targets[:, singapore], states[0].targets[:, singapore])
    assert (states[-1].targets[:, 0] > states[0].targets[:, 0]).any()


def test_without_a_body_clocks_stand_still(world):
    last = world.run(world.levers(review_years=2, upgrade_years=5))[-1]
    for name in ("review_clock", "upgrade_clock", "review_gain"):
        assert not getattr(last, name).any()


# Shocks and counts


def test_a_funding_gap_takes_its_part_of_what_is_funded(world):
    levers = world.levers()
    levers.shocks.funding_gap[2:4] = 0.4
    states, plain = world.run(levers), world.run(world.levers())
    assert states[3].funded == pytest.approx(0.6 * plain[3].funded)
    assert (states[5].funded == plain[5].funded).all()
    assert states[3].programme_cost.sum() == pytest.approx(
        0.6 * plain[3].programme_cost.sum(), rel=0.01
    )


def test_initiatives_and_partners_in_them_are_counted(world):
    levers = world.levers(common_standards=0.5)
    levers.regional_platforms[:, :3, 1] = 0.4
    last = world.run(levers)[-1]
    assert (last.initiatives[:, :3] == 2.0).all()
    assert (last.initiatives[:, 3:] == 1.0).all()
    assert (last.partnerships[:, :3] == 10.0 + 2.0).all()
    assert (last.partnerships[:, 3:] == 10.0).all()


def test_a_fund_pays_nothing_before_it_has_money(world):
    plan = world.levers(**NOTHING).at(0)
    assert bodies.collect(world.setup.base, plan) is None
    decision = behaviour.decide(world.setup.base, plan, world.setup.parameters)
    assert decision.fund is None
