"""Balances: every year of a run adds up, and a planted error is caught and named."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import draws, start
from sim.experiment.plan import case_of
from sim.model import balance, behaviour, year
from sim.model.balance import BALANCES, Balance, Imbalance, check
from sim.model.run import run
from sim.policy import Scenario

FIRST, MEMBERS, HORIZON = 40, 6, 2035


@pytest.fixture(scope="module")
def case(request):
    file = request.config.rootpath / "scenarios" / "asean-carec-push.yaml"
    found = case_of(Scenario.load(file))
    found.levers.regional_fund[:] = 0.0002
    return found


@pytest.fixture(scope="module")
def setup(case):
    members = range(FIRST, FIRST + MEMBERS)
    return start.build_setup(case.region, case.world, 1, members, case.posterior)


@pytest.fixture(scope="module")
def luck(case):
    return list(draws.world_draws(1, range(FIRST, FIRST + MEMBERS), case.world))


@pytest.fixture
def last_year(case, setup, luck):
    """The last year of a run with policy, with everything that a balance is struck of."""
    states = []
    run(setup, case.levers, luck, lambda state, _: states.append(state))
    old, new = states[-2:]
    step = len(states) - 1
    decision = behaviour.decide(old, case.levers.at(step - 1), setup.parameters)
    decision.deliver(setup.delivery)
    # A state of its own, whose arrays a test may replace.
    return balance.Year(old, replace(new), decision, setup, step, year.OUTPUT_TERMS)


def test_every_balance_holds_in_a_run_with_policy(last_year):
    check(last_year)


def test_sums_are_of_money_and_people_that_there_are(last_year):
    for struck in BALANCES:
        one, other = struck.sums(last_year)
        assert one.shape == other.shape
        assert (np.abs(other) > 0.0).any(), struck.name


PLANTED = {
    "people online": "internet_users",
    "programme money": "cost_by_payer",
    "fund money": "fund_transfers",
    "goods sold": "goods_exports",
    "goods bought": "goods_imports",
    "output": "gdp",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_caught_and_named(last_year, name):
    """A thousandth too much in one economy of one member."""
    member, economy = 3, last_year.setup.world.economies.index("LAO")
    values = np.array(getattr(last_year.new, PLANTED[name]))
    values[member, economy] *= 1.001
    where = "the region" if name == "fund money" else "LAO"
    setattr(last_year.new, PLANTED[name], values)
    with pytest.raises(Imbalance) as found:
        check(last_year)
    told = str(found.value)
    assert told.startswith(name)
    assert f"member {FIRST + member}, {HORIZON}, {where}" in told


def test_a_number_that_is_none_does_not_pass(last_year):
    last_year.new.gdp = np.array(last_year.new.gdp)
    last_year.new.gdp[1, 0] = np.nan
    with pytest.raises(Imbalance, match=f"output: .*member {FIRST + 1}"):
        check(last_year)


def test_a_sum_of_the_whole_region_is_said_to_be_the_regions(last_year):
    lost = Balance("flows", "departures", "arrivals", "persons", lambda _: (np.ones(2), np.ones(2)))
    check(last_year, (lost,))
    found = (np.ones(2), np.array([1.0, 1.1]))
    with pytest.raises(Imbalance, match=f"departures .* arrivals .*member {FIRST + 1}, .*region"):
        check(last_year, (replace(lost, sums=lambda _: found),))


def test_a_run_stops_where_a_mechanism_makes_output_of_nothing(monkeypatch, case, setup, luck):
    def generous(old, new, shown):
        new.gdp = new.gdp * 1.001

    monkeypatch.setattr(year, "digital_economy_grows", generous)
    with pytest.raises(Imbalance, match="output"):
        run(setup, case.levers, luck, lambda *_: None)


def test_the_message_survives_the_way_from_a_worker():
    assert str(pickle.loads(pickle.dumps(Imbalance("goods sold: x")))) == "goods sold: x"
