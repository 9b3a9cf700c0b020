"""Options of levers in scenario files: what each sets, and what is refused."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.model.quantities import ALIGNMENT_MODES, PLATFORMS, PROVISIONS, SECTORS
from sim.policy import Scenario, check, lever, lever_paths
from sim.region.cables import cables
from sim.region.region import Region

REGION = Region.load("asean+carec")
BASE = Scenario.baseline("asean+carec", horizon=2035)
VNM, SGP, KGZ = (REGION.economies.index(code) for code in ("VNM", "SGP", "KGZ"))


def paths(*entries):
    return lever_paths(BASE.plus(*entries, name="x"), REGION)


def year(number):
    return number - REGION.base_year - 1


# By key


def test_platforms_in_a_list_have_the_value_and_the_others_nothing():
    found = paths(lever("regional_platforms", 0.6, "VNM", years=2026, platforms=["skills", "sme"]))
    row = dict(zip(PLATFORMS, found.regional_platforms[year(2026), VNM], strict=True))
    assert row == {name: 0.6 if name in ("skills", "sme") else 0.0 for name in PLATFORMS}


def test_platforms_in_a_mapping_have_their_own_level():
    found = paths(lever("regional_platforms", who="VNM", years=2026, platforms={"skills": 0.8}))
    assert found.regional_platforms[year(2026), VNM].sum() == pytest.approx(0.8)


def test_a_value_alone_is_for_every_platform():
    found = paths(lever("regional_platforms", 0.5, "VNM", years=2026))
    assert (found.regional_platforms[year(2026), VNM] == 0.5).all()


@pytest.mark.parametrize(
    ("sectors", "shares"),
    [
        (None, [1 / 3, 1 / 3, 1 / 3]),
        (["industry"], [0, 1, 0]),
        (["industry", "services"], [0, 0.5, 0.5]),
        ({"agriculture": 0.2, "industry": 0.8}, [0.2, 0.8, 0]),
    ],
)
def test_money_for_sectors_is_divided_and_its_sum_kept(sectors, shares):
    options = {} if sectors is None else {"sectors": sectors}
    found = paths(lever("sector_digitalisation", 0.3, "VNM", years=2026, **options))
    row = found.sector_digitalisation[year(2026), VNM]
    assert row == pytest.approx(0.003 * np.array(shares))
    assert len(SECTORS) == len(row)


# Options that move something


def test_an_option_may_stand_without_a_value_and_follows_the_ramp():
    found = paths(lever("cybersecurity_programme", who="VNM", years=2026, ramp=1, regional_cert=1))
    assert found.regional_cert[year(2026) :, VNM][:2] == pytest.approx([0.5, 1.0])
    assert not found.cybersecurity_programme.any()


def test_barriers_may_fall_as_well_as_rise():
    found = paths(
        lever("market_barriers", -5, "VNM", years=2026),
        lever("market_barriers", who="KGZ", years=2026, digital_services_tax=6),
    )
    assert found.market_barriers[year(2026), VNM] == pytest.approx(-0.05)
    assert found.digital_services_tax[year(2026), KGZ] == pytest.approx(0.06)


# One number for the region


def test_reviews_are_every_two_years_and_upgrades_every_five_unless_stated():
    usual = paths(lever("regional_governance", 0.5, years=2026))
    assert usual.review_years[year(2026)] == 2
    assert usual.upgrade_years[year(2026)] == 5
    assert usual.review_years[year(2025)] == 0
    own = paths(lever("regional_governance", 0.5, years=2026, review_years=4))
    assert own.review_years[-1] == 4


def test_what_is_one_number_for_the_region_must_agree():
    one = lever("regional_fund", 0.1, "VNM", years=2026, anchor=0.5)
    with pytest.raises(InputError, match="one number for the region"):
        BASE.plus(one, lever("regional_fund", 0.1, "KGZ", years=2026, anchor=0.2))
    agreed = paths(one, lever("regional_fund", 0.1, "KGZ", years=2026, anchor=0.5))
    assert agreed.fund_anchor[-1] == 0.5
    later = lever("regional_fund", 0.1, "KGZ", years=2031, anchor=0.2)
    first = lever("regional_fund", 0.1, "VNM", years=(2026, 2030), anchor=0.5)
    assert paths(first, later).fund_anchor[-1] == 0.2


# Agreements


def test_naming_an_agreement_pushes_to_join_it_and_asks_for_no_level():
    found = paths(
        lever("data_policy_alignment", who="VNM", years=2026, instrument="defa", mode="binding")
    )
    push = found.accession_push[year(2026), VNM]
    assert push[REGION.instruments.index("defa")] == 2.0
    assert np.count_nonzero(push) == 1
    assert found.alignment_mode[year(2026), VNM] == ALIGNMENT_MODES.index("binding")
    assert not found.alignment_target.any()


def test_own_aims_are_apart_from_agreed_levels():
    found = paths(
        lever("data_and_ai_governance", 0.9, "VNM", years=(2026, 2030)),
        lever("data_policy_alignment", 0.5, "VNM", years=(2026, 2030)),
    )
    assert (found.governance_target[year(2026), VNM] == 0.9).all()
    assert (found.alignment_target[year(2026), VNM] == 0.5).all()
    assert found.governance_pace[year(2030), VNM] == 1.0
    assert len(PROVISIONS) == found.governance_target.shape[-1]


# Links


def test_a_new_link_fills_a_slot_in_the_year_it_is_ready():
    link = lever("international_links", 10, years=(2026, 2029), link=["KAZ", "KGZ"], km=300)
    found = paths(link).link_capacity
    (at,) = np.argwhere(found)
    assert at.tolist() == [year(2029), cables(REGION).slot(0)]
    assert found.max() == 10_000.0  # Gbit/s


def test_a_link_without_an_end_year_is_ready_two_years_later():
    link = lever("international_links", 10, years=2026, link=["KAZ", "KGZ"], km=300)
    assert np.argwhere(paths(link).link_capacity)[0][0] == year(2028)


def test_a_planned_system_opens_in_its_own_place():
    name = REGION.planned_systems[0]
    found = paths(lever("international_links", 10, years=2026, system=name)).link_capacity
    assert np.argwhere(found)[0][1] == REGION.systems.index(name)


def test_links_add_up_and_take_slots_in_an_order_of_their_own():
    one = lever("international_links", 10, years=2026, link=["KAZ", "KGZ"], km=300)
    two = lever("international_links", 20, years=2026, link=["VNM", "SGP"], km=2000)
    first, second = paths(one, two), paths(two, one)
    assert np.array_equal(first.link_capacity, second.link_capacity)
    assert np.count_nonzero(first.link_capacity) == 2
    assert np.array_equal(first.link_route, second.link_route)
    again = lever("international_links", 5, years=2030, link=["KGZ", "KAZ"], km=300)
    both = paths(one, again).link_capacity
    assert np.count_nonzero(both.any(axis=0)) == 1  # a second phase of the same link


def test_more_links_than_slots_are_refused():
    pairs = [(a, b) for i, a in enumerate(REGION.economies) for b in REGION.economies[:i]][:13]
    links = [lever("international_links", 1, years=2026, link=p, km=500) for p in pairs]
    with pytest.raises(InputError, match="too many new links"):
        BASE.plus(*links, name="x")


HEAD = "name: T\nregion: asean\nhorizon: 2035\nlevers:\n  - "
L02 = "lever: international_links, value: 10, from: 2026"
L06 = "lever: regional_platforms, value: 0.5, from: 2026"
L21 = "lever: sector_digitalisation, value: 0.2, from: 2026"

#: What is written, the entry at fault, and words of the report.
ONE_MISTAKE = {
    "no link": (L02, "levers[0]", "one of link or system"),
    "link and system": (f"{L02}, link: [VNM, LAO], km: 9, system: MIST", "levers[0]", "both"),
    "no length": (f"{L02}, link: [VNM, LAO]", "levers[0].km", "required with link"),
    "one end": (f"{L02}, link: [VNM], km: 300", "levers[0].link", "needs 2 names"),
    "unknown end": (f"{L02}, link: [VNM, LOA], km: 300", "levers[0].link", "did you mean LAO?"),
    "same ends": (f"{L02}, link: [VNM, VNM], km: 300", "levers[0].link", "joins nothing"),
    "unknown system": (f"{L02}, system: MISTY", "levers[0].system", "did you mean MIST?"),
    "ramp of a link": (f"{L02}, system: MIST, ramp: 2", "levers[0].ramp", "equal parts"),
    "no value": ("lever: international_links, system: MIST, from: 2026", "levers[0].value", "add"),
    "platform": (f"{L06}, platforms: [skill]", "levers[0].platforms.skill", "skills?"),
    "no platform": (f"{L06}, platforms: []", "levers[0].platforms", "must not be empty"),
    "level": (f"{L06}, platforms: {{sme: 2}}", "levers[0].platforms.sme", "out of range"),
    "names without value": (
        "lever: regional_platforms, platforms: [sme], from: 2026", "levers[0].value", "missing",
    ),
    "sector": (f"{L21}, sectors: [mining]", "levers[0].sectors.mining", "agriculture, industry"),
    "shares": (f"{L21}, sectors: {{industry: 0.5}}", "levers[0].sectors", "sum to 0.5"),
    "agreement": (
        "lever: data_policy_alignment, instrument: DEFA, from: 2026", "levers[0].instrument",
        "did you mean defa?",
    ),
    "mode": (
        "lever: data_policy_alignment, value: 0.8, mode: bindng, from: 2026", "levers[0].mode",
        "did you mean binding?",
    ),
    "foreign option": (
        "lever: msme_support, value: 5, anchor: 0.5, from: 2026", "levers[0].anchor",
        "belongs to regional_fund",
    ),
    "option too large": (
        "lever: resilience_investment, value: 0.5, repair_days: 40, from: 2026",
        "levers[0].repair_days", "0 to 30 (days)",
    ),
    "text for an option": (
        "lever: resilience_investment, value: 0.5, repair_days: ten, from: 2026",
        "levers[0].repair_days", "must be a number",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_MISTAKE)
def test_one_mistake_gives_one_problem_in_its_place(case, tmp_path):
    text, where, words = ONE_MISTAKE[case]
    file = tmp_path / "t.yaml"
    file.write_text(f"{HEAD}{{{text}}}\n")
    (found,) = check(file)[0]
    assert found.field == where
    assert words in str(found)
    assert found.line == 5


def test_every_option_survives_saving_and_loading(tmp_path):
    entries = [
        lever("regional_platforms", 0.6, years=2026, platforms=["skills", "sme"]),
        lever("sector_digitalisation", 0.3, years=2026, sectors={"industry": 0.4, "services": 0.6}),
        lever("international_links", 10, "KGZ", years=2026, link=["KAZ", "KGZ"], km=300),
        lever("international_links", 10, years=2026, system=REGION.planned_systems[0]),
        lever("data_policy_alignment", years=2026, instrument=["defa", "aaec"], mode="binding"),
        lever("market_barriers", -5, years=2026, digital_services_tax=6, export_control=0.2),
        lever("cybersecurity_programme", years=2026, regional_cert=1, anti_fraud=0.5),
        lever("resilience_investment", 0.5, years=2026, repair_days=5),
        lever("regional_governance", 0.5, years=2026, review_years=3, upgrade_years=6),
        lever("regional_fund", 0.01, years=2026, private_ratio=1, anchor=0.5),
        lever("green_digital", 0.1, years=2026, renewable_share=0.5),
    ]
    scenario = BASE.plus(*entries, name="x")
    again = Scenario.load(scenario.save(tmp_path / "a.yaml"))
    assert again == scenario
    assert again.digest == scenario.digest
