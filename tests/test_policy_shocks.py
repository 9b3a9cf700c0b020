"""Shocks and behaviour in scenario files: who is hit, when, how hard, and what is refused."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.experiment.entries import entries
from sim.experiment.plan import case_of
from sim.experiment.tables import shock_rows
from sim.model.quantities import BUDGET_RULES, Shocks, quantities
from sim.policy import (
    Scenario,
    check,
    lever,
    lever_paths,
    shock,
    shock_table,
    shock_table_markdown,
)
from sim.policy.shocks import ALIASES, EVENTS, SHOCKS
from sim.region.cables import OUTSIDE, cables
from sim.region.region import Region

DOC = (Path(__file__).parent.parent / "docs" / "shocks.md").read_text(encoding="utf-8")
REGION = Region.load("asean+carec")
BASE = Scenario.baseline("asean+carec", horizon=2035)
UZB, KGZ, VNM, IDN, MYS, CHN = (
    REGION.economies.index(code) for code in ("UZB", "KGZ", "VNM", "IDN", "MYS", "CHN")
)


def shocks(*entries):
    return lever_paths(BASE.plus(*entries, name="x"), REGION).shocks


def year(number):
    return number - REGION.base_year - 1


def same(one, two):
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(Shocks))


# The registry


def test_every_event_of_the_strategies_has_a_place():
    assert list(EVENTS) == [f"E{number:03}" for number in range(1, 51)]
    assert [kind.code for kind in SHOCKS.values()] == [f"S{number:02}" for number in range(1, 21)]
    codes = {kind.code for kind in SHOCKS.values()}
    for event in EVENTS.values():
        assert event.shock in codes
        assert event.document
        assert event.effects
        assert all(effect.why for effect in event.effects)
    assert len(ALIASES) == len(EVENTS)


def test_kinds_of_shocks_stand_for_events_of_their_own():
    for kind in SHOCKS.values():
        assert kind.usual
        assert all(EVENTS[event].shock == kind.code for event in kind.usual)


def test_every_path_of_shocks_has_an_event_and_no_event_leaves_its_range():
    declared = {item.name: item for item in quantities(Shocks)}
    effects = [effect for event in EVENTS.values() for effect in event.effects]
    assert {effect.path for effect in effects} == set(declared)
    for effect in effects:
        assert declared[effect.path].low <= effect.value <= declared[effect.path].high
        assert effect.value != 0.0


def test_the_table_has_a_row_for_every_event():
    assert sorted(row["event"] for row in shock_table()) == list(EVENTS)


def test_the_documentation_holds_the_generated_table():
    assert shock_table_markdown() in DOC


def test_the_example_of_the_documentation_works(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)
    file = tmp_path / "t.yaml"
    file.write_text(HEAD + example, encoding="utf-8")
    assert check(file) == ([], [])


# Who, when, how hard


def test_no_shock_leaves_every_path_at_zero():
    found = lever_paths(BASE, REGION).shocks
    assert not any(getattr(found, item.name).any() for item in quantities(Shocks))


@pytest.mark.parametrize("name", [*SHOCKS, *EVENTS])
def test_every_shock_and_event_disturbs_something_from_its_year_on(name):
    entry = shock(name, years=2028) if name in SHOCKS else shock(event=name, years=2028)
    found = shocks(entry)
    paths = [getattr(found, item.name) for item in quantities(Shocks)]
    assert any(path[year(2028)].any() for path in paths)
    assert not any(path[: year(2028)].any() for path in paths)


def test_a_shock_of_months_counts_as_its_part_of_the_year():
    found = shocks(shock(event="E002", who="VNM", years=2028, months=18)).cyber_attacks[:, VNM]
    assert found[year(2028) :][:3] == pytest.approx([1.5, 0.75, 0.0])


def test_a_shock_fades_linearly_after_its_last_year():
    loss = shocks(shock(event="E003", who="VNM", years=(2027, 2028), fade=2)).output_loss[:, VNM]
    assert loss[year(2026)] == 0.0
    assert loss[year(2027) :][:5] / 0.06 == pytest.approx([1.0, 1.0, 2 / 3, 1 / 3, 0.0])


def test_stress_without_an_end_lasts_to_the_horizon():
    divide = shocks(shock(event="groups_left_out", years=2030)).social_divide[:, VNM]
    assert (divide[year(2030) :] == divide[-1]).all()
    assert divide[-1] > 0.0


def test_default_victims_are_those_of_the_document_in_their_degree():
    cost = shocks(shock(event="E017", years=2026)).services_trade_cost[year(2026)]
    assert cost[IDN] == pytest.approx(0.05)
    assert cost[MYS] == pytest.approx(0.6 * cost[IDN])
    assert np.count_nonzero(cost) == 2


def test_naming_who_hits_these_alone_in_full():
    cost = shocks(shock(event="E017", who=["VNM"], years=2026)).services_trade_cost[year(2026)]
    assert cost[VNM] == pytest.approx(0.05)
    assert np.count_nonzero(cost) == 1


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 3.0), st.floats(0.01, 3.0))
def test_shocks_add_up_and_are_proportional_to_their_size(one, two):
    both = shocks(
        shock(event="E015", years=2027, size=one), shock(event="E015", years=2027, size=two)
    )
    whole = shocks(shock(event="E015", years=2027, size=one + two))
    assert both.goods_trade_cost == pytest.approx(whole.goods_trade_cost)


def test_the_order_of_shocks_does_not_matter():
    one, two = shock("pandemic", years=2028), shock("technology_blockade", years=2029)
    assert BASE.plus(one, two, name="x").digest == BASE.plus(two, one, name="x").digest
    found, other = shocks(one, two), shocks(two, one)
    for item in quantities(Shocks):
        assert getattr(found, item.name) == pytest.approx(getattr(other, item.name))


# Cables


def test_a_named_link_cuts_every_cable_between_its_ends_and_no_other():
    found = shocks(shock("cable_cut", years=2028, months=4, link=["KAZ", "KGZ"])).outage
    names = [REGION.systems[k] for k in np.flatnonzero(found[year(2028)])]
    assert set(names) == set(cables(REGION).joining("KAZ", "KGZ"))
    assert found[year(2028)].max() == pytest.approx(4 / 12)
    assert not found[year(2029) :].any()


def test_a_named_system_is_cut_alone():
    name = next(s.name for s in cables(REGION).systems if s.status == "built" and s.submarine)
    found = shocks(shock("cable_cut", years=2028, months=12, system=name)).outage[year(2028)]
    assert np.flatnonzero(found).tolist() == [REGION.systems.index(name)]


def test_without_a_cable_those_of_the_victims_are_cut():
    found = shocks(shock("cable_cut", who="KGZ", years=2028, months=12)).outage[year(2028)]
    systems = cables(REGION).systems
    assert found.any()
    assert all("KGZ" in systems[k].ends for k in np.flatnonzero(found))


# Behaviour


def test_behaviour_sets_the_rule_of_those_named_in_their_years():
    scenario = Scenario(
        "x", "asean+carec", 2035, budget={"national": 0.5},
        behaviour=[{"who": "carec", "budget_rule": "imitate", "from": 2027}],
    )  # fmt: skip
    rule = lever_paths(scenario, REGION).budget_rule
    assert rule[year(2026)].max() == 0.0
    assert rule[year(2027), KGZ] == BUDGET_RULES.index("imitate")
    assert rule[-1, VNM] == 0.0


def test_a_rule_may_spend_a_stated_budget_without_any_plan():
    scenario = Scenario(
        "x", "asean+carec", 2035, budget={"national": 0.5},
        behaviour=[{"who": "KGZ", "budget_rule": "gap_closing"}],
    )  # fmt: skip
    ceiling = lever_paths(scenario, REGION).national_budget
    assert (ceiling[:, KGZ] == 0.005).all()
    assert np.isinf(ceiling[:, VNM]).all()


# Files


FILE = """\
name: Stress
description: x
region: asean+carec
horizon: 2035
levers:
  - {lever: basic_skills_programme, value: 1, from: 2026}
behaviour:
  - {who: [carec, VNM], budget_rule: gap_closing, from: 2027}
shocks:
  - {shock: pandemic, year: 2028}
  - {event: E015, from: 2026, to: 2028, size: 2, who: VNM}
  - {shock: cable_cut, link: [KAZ, KGZ], year: 2029, months: 4}
  - {event: brain_drain, year: 2030, fade: 3}
"""


def test_what_is_saved_is_what_is_loaded(tmp_path):
    (tmp_path / "a.yaml").write_text(FILE)
    one = Scenario.load(tmp_path / "a.yaml")
    two = Scenario.load(one.save(tmp_path / "b.yaml"))
    assert one == two
    assert one.digest == two.digest
    assert len(two.shocks) == 4
    assert same(lever_paths(one, REGION).shocks, lever_paths(two, REGION).shocks)


def test_a_child_adds_its_shocks_and_replaces_behaviour(tmp_path):
    (tmp_path / "a.yaml").write_text(FILE)
    (tmp_path / "b.yaml").write_text(
        "name: B\nextends: a\nshocks:\n  - {shock: trust_loss, year: 2031}\n"
        "behaviour:\n  - {budget_rule: marginal}\n"
    )
    child = Scenario.load(tmp_path / "b.yaml")
    assert [entry.name for entry in child.shocks][-1] == "trust_loss"
    assert len(child.shocks) == 5
    assert [entry.budget_rule for entry in child.behaviour] == ["marginal"]
    assert child.levers


def test_the_difference_shows_shocks_and_rules():
    stressed = BASE.plus(shock("pandemic", years=2028, size=2), name="Stressed")
    ruled = Scenario("Ruled", "asean+carec", 2035, behaviour=[{"budget_rule": "imitate"}])
    rows = stressed.diff(ruled).rows
    assert [(row["scenario"], row["what"]) for row in rows] == [
        ("Stressed", "pandemic"),
        ("Ruled", "budget_rule"),
    ]
    assert rows[0]["value"] == 2
    assert "2028" in str(stressed.diff(ruled))
    assert str(stressed.diff(stressed)) == "no difference"


def test_the_digest_depends_on_shocks_and_rules():
    base, pandemic = BASE.digest, shock("pandemic", years=2028)
    ruled = Scenario("x", "asean+carec", 2035, behaviour=[{"budget_rule": "imitate"}])
    assert len({base, BASE.plus(pandemic).digest, ruled.digest}) == 3


HEAD = "name: T\nregion: asean\nhorizon: 2035\n"


def shocked(text):
    return f"{HEAD}shocks:\n  - {{{text}}}\n"


#: What is written, the entry at fault, and words of the report.
ONE_MISTAKE = {
    "misspelt shock": ("shock: pandemics, year: 2028", "shocks[0].shock", "did you mean pandemic?"),
    "event as shock": ("shock: brain_drain, year: 2028", "shocks[0].shock", "event: brain_drain"),
    "shock as event": ("event: pandemic, year: 2028", "shocks[0].event", "shock: pandemic"),
    "misspelt event": ("event: brain_drian, year: 2028", "shocks[0].event", "brain_drain?"),
    "neither": ("year: 2028", "shocks[0]", "one of shock or event"),
    "both": ("shock: pandemic, event: E001, year: 2028", "shocks[0]", "both are given"),
    "no year": ("shock: pandemic", "shocks[0]", "one of year or from"),
    "two years": ("shock: pandemic, year: 2028, from: 2028", "shocks[0]", "both are given"),
    "before": ("shock: pandemic, year: 2020", "shocks[0].year", "2024 to 2035"),
    "backwards": ("shock: pandemic, from: 2028, to: 2027", "shocks[0].to", "2028 or later"),
    "end twice": (
        "shock: pandemic, from: 2028, to: 2029, months: 3", "shocks[0].months", "not both",
    ),
    "too large": ("shock: pandemic, year: 2028, size: 11", "shocks[0].size", "0 to 10"),
    "text": ("shock: pandemic, year: 2028, size: big", "shocks[0].size", "must be a number"),
    "misspelt key": ("shock: pandemic, yaer: 2028, year: 2028", "shocks[0].yaer", "year?"),
    "who": ("shock: pandemic, year: 2028, who: VNN", "shocks[0].who", "did you mean VNM?"),
    "nobody": ("event: E024, year: 2028", "shocks[0]", "hits nobody in asean"),
    "no cable": ("shock: cable_cut, year: 2028", "shocks[0]", "no cable in service"),
    "link of a pandemic": (
        "shock: pandemic, year: 2028, link: [VNM, THA]", "shocks[0].link", "cuts no cable",
    ),
    "place": ("shock: cable_cut, year: 2028, link: [VNM, THX]", "shocks[0].link", "THA?"),
    "system": ("shock: cable_cut, year: 2028, system: nothing", "shocks[0].system", "unknown"),
    "beyond": ("event: E001, year: 2028, size: 4", "shocks", "add up to schooling_loss"),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_MISTAKE)
def test_one_mistake_gives_one_problem_in_its_place(case, tmp_path):
    text, where, words = ONE_MISTAKE[case]
    file = tmp_path / "t.yaml"
    file.write_text(shocked(text))
    (found,) = check(file)[0]
    assert found.field == where
    assert words in str(found)
    assert found.line is not None


def test_a_cable_is_not_named_twice():
    system = next(s.name for s in cables(REGION).systems if s.status == "built")
    entry = shock("cable_cut", years=2028, system=system, link=["KAZ", OUTSIDE])
    with pytest.raises(InputError, match="says twice what is cut"):
        BASE.plus(entry)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("budget_rule: imitat", "behaviour[0].budget_rule", "did you mean imitate?"),
        ("budget_rule: fixed, who: VNN", "behaviour[0].who", "did you mean VNM?"),
        ("budget_rule: fixed, from: 2040", "behaviour[0].from", "2024 to 2035"),
        ("budget_rule: fixed, from: 2030, to: 2029", "behaviour[0].to", "2030 or later"),
        ("who: all", "behaviour[0].budget_rule", "missing"),
    ],
)
def test_mistakes_of_behaviour_are_reported_in_their_place(text, where, words, tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text(f"{HEAD}behaviour:\n  - {{{text}}}\n")
    (found,) = check(file)[0]
    assert found.field == where
    assert words in str(found)


def test_one_economy_has_one_rule_at_a_time(tmp_path):
    file = tmp_path / "t.yaml"
    rules = "  - {budget_rule: imitate, to: 2030}\n  - {who: VNM, budget_rule: fixed, from: 2030}\n"
    file.write_text(f"{HEAD}behaviour:\n{rules}")
    (found,) = check(file)[0]
    assert "second budget rule" in found.message
    file.write_text(f"{HEAD}behaviour:\n{rules.replace('from: 2030', 'from: 2031')}")
    assert check(file)[0] == []


def test_a_child_with_a_longer_name_of_lists_is_told_the_right_key(tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text(f"{HEAD}shock:\n  - {{shock: pandemic, year: 2028}}\n")
    (found,) = check(file)[0]
    assert found.nearest == "shocks"


def test_python_refuses_what_files_refuse():
    for call, words in (
        (lambda: shock("pandemics", years=2028), "did you mean pandemic?"),
        (lambda: shock("pandemic", event="E001", years=2028), "both are given"),
        (lambda: shock("pandemic", years=2028, speed=1), "unknown key"),
        (lambda: BASE.plus(shock("pandemic", years=2040)), "2024 to 2035"),
        (lambda: Scenario("x", "asean", shocks="pandemic"), "must be a list"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert words in str(caught.value)


def test_names_are_words_that_need_no_quotes():
    for name in (*SHOCKS, *ALIASES):
        assert re.fullmatch(r"[a-z_]+", name)


def test_a_run_with_levers_and_shocks_names_both():
    scenario = BASE.plus(
        lever("awareness_and_trust", 0.5, years=2026), shock("pandemic", years=2027)
    )
    assert scenario.name == "baseline plus awareness_and_trust, pandemic"


def test_a_batch_writes_what_disturbs_it_and_a_quiet_one_does_not(tmp_path):
    stressed = BASE.plus(shock("cable_cut", years=2025, months=3, link=["KAZ", "KGZ"]), name="cut")
    stressed = stressed.plus(shock(event="E003", who="VNM", years=2025), name="cut and stand still")
    rows = shock_rows("x", case_of(stressed))
    loss = rows[rows["shock"] == "output_loss"]
    assert set(loss["place"]) == {"VNM"}
    assert loss["year"].tolist() == [2025, 2026, 2027]
    assert set(rows[rows["shock"] == "outage"]["place"]) == set(
        cables(REGION).joining("KAZ", "KGZ")
    )
    assert len(shock_rows("x", case_of(BASE))) == 0


def test_a_stressed_scenario_without_levers_is_compared_to_the_baseline():
    stressed = BASE.plus(shock("pandemic", years=2028), name="stressed")
    ruled = Scenario("ruled", "asean+carec", 2035, behaviour=[{"budget_rule": "imitate"}])
    found = {entry.name: entry.baseline for entry in entries([stressed, BASE, ruled])}
    assert found == {"baseline": "baseline", "stressed": "baseline", "ruled": "baseline"}
