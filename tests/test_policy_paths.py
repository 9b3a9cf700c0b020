"""Lever paths: units, years, ramps, payers, budgets; zeros equal the baseline."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.quantities import FIXED_AXES, LEVERS, PAYERS, PROVISIONS, Levers, quantities
from sim.policy import Scenario, lever, lever_paths
from sim.policy.accounts import account
from sim.policy.levers import REGISTRY
from sim.policy.projects import needed_options
from sim.region.region import Region

REGION = Region.load("asean")
BASE = Scenario.baseline("asean", horizon=2035)
VNM, SGP, THA = (REGION.economies.index(code) for code in ("VNM", "SGP", "THA"))


def paths(*entries, **changes):
    return lever_paths(BASE.plus(*entries, name="x", **changes), REGION)


def needed(name):
    return needed_options(REGISTRY[name], REGION)


def year(number):
    return number - REGION.base_year - 1


def same(one, two):
    return all(
        np.array_equal(getattr(one, item.name), getattr(two, item.name))
        for item in quantities(Levers)
    )


def test_shapes_and_ranges_are_those_declared():
    lengths = {"year": 12, "economy": 11, **FIXED_AXES}
    lengths |= {
        "system": len(REGION.systems),
        "instrument": len(REGION.instruments),
    }
    found = paths(lever("broadband_investment", 5, years=2026, private_leverage=3))
    for declared in quantities(Levers):
        array = getattr(found, declared.name)
        assert array.shape == tuple(lengths[axis] for axis in declared.axes), declared.name
        assert array.dtype == np.float64
        assert (array >= declared.low).all()
        assert (array <= declared.high).all()


def test_values_come_in_model_units_for_the_years_and_economies_named():
    found = paths(lever("broadband_investment", 0.4, "clmv", years=(2026, 2032), rural_share=0.6))
    path = found.broadband_investment
    assert path[year(2026), VNM] == pytest.approx(0.004)
    assert path[year(2032), VNM] == pytest.approx(0.004)
    assert path[year(2025), VNM] == path[year(2033), VNM] == path[year(2030), SGP] == 0.0
    assert found.rural_share[year(2026), VNM] == 0.6
    assert found.rural_share[year(2026), SGP] == 0.5
    assert (
        paths(lever("basic_skills_programme", 2, years=2026)).basic_skills_programme.max() == 0.02
    )
    graduates = paths(lever("advanced_skills_programme", 1, years=2026))
    assert graduates.advanced_skills_programme.max() == 0.001


def test_a_ramp_is_linear_and_full_after_its_years():
    found = paths(lever("trade_facilitation", 0.8, years=2026, ramp=3)).trade_facilitation[:, VNM]
    assert found[year(2026) :][:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8])


def test_alignment_closes_the_gap_in_equal_steps_by_its_year():
    found = paths(lever("data_policy_alignment", 0.8, years=(2026, 2032), by=2030))
    pace = found.alignment_pace[:, VNM]
    assert pace[year(2026) : year(2031)] == pytest.approx([1 / 5, 1 / 4, 1 / 3, 1 / 2, 1])
    assert pace[year(2031) :].max() == pace[: year(2026)].max() == 0.0
    gap, steps = 1.0, []
    for share in pace[year(2026) : year(2031)]:
        steps.append(share * gap)
        gap -= share * gap
    assert gap == pytest.approx(0.0, abs=1e-12)
    assert steps == pytest.approx([0.2] * 5)


def test_alignment_by_provision_overrides_the_common_level():
    levels = {"data_flows": 0.3}
    both = paths(lever("data_policy_alignment", 0.8, years=(2026, 2030), provisions=levels))
    flows = PROVISIONS.index("data_flows")
    assert both.alignment_target[year(2026), VNM, flows] == 0.3
    assert both.alignment_target[year(2026), VNM, flows + 1] == 0.8
    alone = paths(lever("data_policy_alignment", years=(2026, 2030), provisions=levels))
    assert alone.alignment_target[year(2026), VNM].tolist() == [0.3, 0, 0, 0, 0, 0]


def test_payers_share_the_public_cost_and_the_national_budget_pays_the_rest():
    broadband = lever(
        "broadband_investment", 0.4, "VNM", years=2026, payer={"regional_fund": 0.3, "partner": 0.2}
    )
    found = paths(broadband, budget={"regional_fund": 1, "partner": 1})
    share = found.payer_share[year(2026), VNM, LEVERS.index("broadband_investment")]
    assert dict(zip(PAYERS, share, strict=True)) == pytest.approx(
        {"national": 0.5, "regional_fund": 0.3, "partner": 0.2, "private": 0.0}
    )
    assert found.payer_share[year(2026), SGP, :, 0].tolist() == [1.0] * len(LEVERS)
    assert found.payer_share.sum(axis=-1) == pytest.approx(1.0)


def test_budgets_bind_where_their_payer_pays():
    broadband = lever("broadband_investment", 0.4, "VNM", years=2026, payer={"regional_fund": 0.5})
    found = paths(broadband, budget={"national": 0.5, "regional_fund": 0.2})
    assert found.national_budget[year(2026), VNM] == 0.005
    assert found.national_budget[year(2026), SGP] == np.inf
    assert found.fund_budget[year(2026)] == 0.002
    assert found.fund_budget[year(2025)] == np.inf


def test_planned_cost_is_counted_by_economy_and_payer():
    broadband = lever("broadband_investment", 0.4, "VNM", years=2026, private_leverage=0.5)
    found = account(paths(broadband), REGION)
    gdp = REGION.base("gdp")
    row = found.by_lever[year(2026)]
    assert row.sum() == pytest.approx(0.004 * gdp[VNM])
    assert found.by_payer[year(2026), VNM, PAYERS.index("private")] == pytest.approx(
        0.002 * gdp[VNM]
    )
    assert found.percent("national")[year(2026), VNM] == pytest.approx(0.4)
    assert found.percent("regional_fund").shape == (12, 1)


ZEROS = {
    "broadband_investment": {"rural_share": 0.9, "private_leverage": 2.0, "ramp": 3},
    "data_policy_alignment": {"by": 2030, "mode": "binding"},
    "trade_facilitation": {"ramp": 2},
    "basic_skills_programme": {"payer": {"regional_fund": 0.5}},
    "advanced_skills_programme": {"payer": {"partner": 1.0}},
    "cybersecurity_programme": {"regional_cert": 0.0},
    "regional_platforms": {"platforms": ["skills"]},
    "sector_digitalisation": {"sectors": {"industry": 0.4, "services": 0.6}},
    "regional_governance": {"review_years": 3},
}


def test_levers_at_zero_give_exactly_the_arrays_of_the_baseline():
    zeros = [
        lever(name, 0.0, "clmv", years=(2026, 2032), **needed(name), **ZEROS.get(name, {}))
        for name in REGISTRY
    ]
    assert same(paths(*zeros), lever_paths(BASE, REGION))
    assert same(paths(*zeros, budget={"national": 0.5}), lever_paths(BASE, REGION))
    levels = dict.fromkeys(PROVISIONS, 0.0)
    none = lever("data_policy_alignment", years=2026, provisions=levels)
    assert same(paths(none), lever_paths(BASE, REGION))


@settings(deadline=None)
@given(
    st.sampled_from(list(REGISTRY)),
    st.floats(0.001, 1.0),
    st.integers(2024, 2035),
    st.sampled_from(REGION.economies),
)
def test_a_lever_acts_only_on_whom_and_when_it_is_named(name, value, start, code):
    entry = lever(name, value, code, years=start, **needed(name))
    found, base = paths(entry), lever_paths(BASE, REGION)
    here = REGION.economies.index(code)
    for item in quantities(Levers):
        ours, theirs = getattr(found, item.name), getattr(base, item.name)
        assert np.array_equal(ours[: year(start)], theirs[: year(start)])
        if "economy" in item.axes:
            others = [i for i in range(len(REGION.economies)) if i != here]
            assert np.array_equal(ours[:, others], theirs[:, others])


def test_the_order_of_entries_does_not_matter():
    one = lever("broadband_investment", 0.4, "clmv", years=(2026, 2028))
    two = lever("broadband_investment", 0.2, "THA", years=(2027, 2030), rural_share=0.9)
    assert same(paths(one, two), paths(two, one))
    assert paths(one, two).rural_share[year(2027), THA] == 0.9
