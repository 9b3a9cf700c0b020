"""Scenarios: loading, composing, comparing, saving."""

import json
import pickle
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.policy import Scenario, check, lever
from sim.policy.levers import REGISTRY
from sim.policy.shocks import EVENTS
from sim.region.region import TABLES, Region

SHIPPED_FILES = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))
BASE = Scenario.baseline("asean")
FIBRE = lever("broadband_investment", value=0.4, who="clmv", years=(2026, 2032), rural_share=0.6)
SKILLS = lever("basic_skills_programme", value=2.0, years=(2027, 2035))


@pytest.mark.parametrize("file", SHIPPED_FILES, ids=lambda file: file.stem)
def test_shipped_scenarios_pass_without_warnings(file):
    assert check(file) == ([], [])
    scenario = Scenario.load(file)
    assert scenario.horizon == 2035
    assert scenario.description
    assert scenario.is_baseline == ("baseline" in file.stem)
    assert bool(scenario.shocks) == ("stress" in file.stem)


def test_every_region_has_a_baseline_three_programmes_and_the_push():
    kinds = ("baseline", "broadband", "data-policy", "skills", "push")
    regions = ("asean", "carec", "asean-carec")
    expected = {f"{region}-{kind}" for region in regions for kind in kinds}
    assert expected <= {file.stem for file in SHIPPED_FILES}


def test_every_strategy_has_a_programme_and_every_programme_names_its_measures():
    for name in ("asean-4ir", "carec-2030", "asean-carec-china-asean", "asean-joint-statement"):
        scenario = Scenario.load(SHIPPED_FILES[0].parent / f"{name}.yaml")
        assert len({entry.lever for entry in scenario.levers}) >= 8
        named = set(re.findall(r"[ACKUJ][0-9]{3}", scenario.description))
        measures = {m for entry in scenario.levers for m in REGISTRY[entry.lever].measures}
        assert len(named & measures) >= 8
        assert named <= {m for kind in REGISTRY.values() for m in kind.measures}


def test_stress_tests_name_events_of_the_catalogue():
    for file in SHIPPED_FILES:
        if "stress" in file.stem:
            named = re.findall(r"E[0-9]{3}", Scenario.load(file).description)
            assert set(named) <= set(EVENTS)
            assert named or "prepared" in file.stem


def test_programmes_use_most_levers_and_all_kinds_of_sections():
    scenarios = [Scenario.load(file) for file in SHIPPED_FILES]
    used = {entry.lever for scenario in scenarios for entry in scenario.levers}
    assert len(used) >= 22
    assert any(scenario.behaviour for scenario in scenarios)


def test_the_push_holds_the_levers_of_the_three_programmes():
    folder = SHIPPED_FILES[0].parent
    for region in ("asean", "carec", "asean-carec"):
        push = Scenario.load(folder / f"{region}-push.yaml")
        for kind in ("broadband", "data-policy", "skills"):
            part = Scenario.load(folder / f"{region}-{kind}.yaml")
            assert set(map(str, part.levers)) <= set(map(str, push.levers))


def test_notebook_session():
    region = Region.load("asean")
    base = Scenario.baseline(region, horizon=2035)
    fibre = base.plus(FIBRE, name="Fibre")
    both = fibre.plus(SKILLS, name="Fibre and skills")
    assert both.levers == (FIBRE, SKILLS)
    assert fibre.plus(*base.plus(SKILLS).levers, name="Fibre and skills") == both
    assert list(both.years) == list(range(2024, 2036))
    assert base.levers == ()
    assert "Fibre" in fibre.diff(base).to_frame().to_string()


def test_difference_shows_units_and_cost_both_ways():
    fibre, skills = BASE.plus(FIBRE, name="Fibre"), BASE.plus(SKILLS, name="Skills")
    rows = fibre.diff(skills).rows
    assert [(row["scenario"], row["what"]) for row in rows] == [
        ("Fibre", "broadband_investment"),
        ("Skills", "basic_skills_programme"),
    ]
    clmv = fibre.world.positions("clmv")
    cost = 7 * 0.004 * fibre.world.base("gdp")[clmv].sum() / 1e6
    assert rows[0]["planned_cost_musd"] == pytest.approx(cost, abs=0.1)
    assert rows[0]["unit"] == "% of GDP a year"
    assert "rural_share=0.6" in str(fibre.diff(skills))
    assert str(fibre.diff(fibre)) == "no difference"
    assert len(fibre.diff(skills).to_frame()) == 2
    assert "<table" in fibre.diff(skills)._repr_html_()


def test_difference_shows_horizon_and_budget():
    other = Scenario("Other", "asean", 2040, budget={"national": 0.5})
    whats = [row["what"] for row in other.diff(BASE).rows]
    assert whats == ["horizon", "budget.national", "horizon"]


def test_replacing_drops_earlier_entries_of_the_lever():
    more = lever("broadband_investment", 0.8, years=2026, replace=True)
    scenario = BASE.plus(FIBRE, SKILLS).plus(more)
    assert [each.lever for each in scenario.levers] == [
        "basic_skills_programme",
        "broadband_investment",
    ]
    with pytest.raises(InputError, match="overlaps"):
        BASE.plus(FIBRE).plus(lever("broadband_investment", 0.8, years=2026))


def test_a_child_takes_over_what_it_does_not_state(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "name: A\nregion: asean\nhorizon: 2030\nbudget: {national: 1}\nlevers:\n"
        "  - {lever: trade_facilitation, value: 0.5, from: 2026}\n"
    )
    (tmp_path / "sub").mkdir()
    child = tmp_path / "sub" / "b.yaml"
    child.write_text(
        "name: B\nextends: ../a.yaml\nhorizon: 2034\nlevers:\n"
        "  - {lever: basic_skills_programme, value: 1, from: 2026}\n"
    )
    scenario = Scenario.load(child)
    assert (scenario.name, scenario.region, scenario.horizon) == ("B", "asean", 2034)
    assert scenario.budget.national == 1
    assert [each.lever for each in scenario.levers] == [
        "trade_facilitation",
        "basic_skills_programme",
    ]
    assert scenario.levers[0].last_year(scenario.horizon) == 2034


def test_codes_that_look_like_booleans_are_text(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(
        "name: yes\nregion: asean\nhorizon: 2030\nlevers:\n"
        "  - {lever: trade_facilitation, value: 5e-1, from: 2026}\n"
    )
    scenario = Scenario.load(file)
    assert scenario.name == "yes"
    assert scenario.levers[0].value == 0.5
    assert '"yes"' in scenario.to_yaml()


def test_saving_is_all_or_nothing(tmp_path):
    target = tmp_path / "a.yaml"
    BASE.save(target)
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]
    with pytest.raises(InputError, match="cannot be written"):
        BASE.save(tmp_path / "none" / "a.yaml")


def test_a_region_of_ones_own_is_found_from_the_scenario_file(tmp_path):
    shutil.copytree(TABLES, tmp_path / "mine")
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "a.yaml"
    file.write_text("name: A\nregion: ../mine\nhorizon: 2030\n")
    scenario = Scenario.load(file)
    assert Path(scenario.region) == tmp_path / "mine"
    copy = scenario.save(tmp_path / "b.yaml")
    assert "region: mine" in copy.read_text()
    assert Scenario.load(copy) == scenario
    assert Scenario.load(copy).digest == scenario.digest


def test_digest_depends_on_choices_and_not_on_names_or_order():
    one = BASE.plus(FIBRE, SKILLS, name="One")
    two = BASE.plus(SKILLS, FIBRE, name="Two")
    assert one.digest == two.digest
    assert one != two
    assert one.digest != BASE.digest
    assert one.digest != BASE.plus(FIBRE, name="One").digest
    assert Scenario("x", "asean", 2036).digest != BASE.digest
    assert Scenario("x", "carec").digest != BASE.digest


def test_scenarios_can_be_hashed_and_pickled():
    one = BASE.plus(FIBRE)
    assert {one: 1}[BASE.plus(FIBRE)] == 1
    assert pickle.loads(pickle.dumps(one)) == one
    json.dumps(one.levers[0].written())


def value_of(kind):
    return st.floats(kind.scale.low, kind.scale.high, allow_nan=False)


@st.composite
def entries(draw):
    """One entry for each of some levers, so that none overlap."""
    found = []
    for name in draw(st.sets(st.sampled_from(list(REGISTRY)))):
        kind = REGISTRY[name]
        start = draw(st.integers(2024, 2035))
        end = draw(st.none() | st.integers(start, 2035))
        options = {}
        if name == "broadband_investment":
            options["rural_share"] = draw(st.floats(0, 1))
            options["private_leverage"] = draw(st.floats(0, 3))
        elif kind.form == "target":
            options["provisions"] = {"data_flows": draw(st.floats(0, 1))}
        elif kind.form == "project":
            options["link"], options["km"] = ["VNM", "LAO"], draw(st.floats(1, 1000))
        else:
            options["ramp"] = draw(st.integers(0, 5))
        who = draw(st.sampled_from(["all", "clmv", "VNM", ["asean6", "TLS"]]))
        payer = {"partner": draw(st.floats(0, 1))}
        years = start if end is None else (start, end)
        found.append(lever(name, draw(value_of(kind)), who, years=years, payer=payer, **options))
    return found


NAMES = st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable() and text.strip())
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(NAMES, TEXTS, entries())
def test_what_is_saved_is_what_is_loaded(tmp_path_factory, name, description, levers):
    scenario = Scenario(
        name=name,
        region="asean",
        levers=levers,
        budget={"partner": 5.0},
        description=description,
    )
    file = tmp_path_factory.mktemp("s") / "a.yaml"
    again = Scenario.load(scenario.save(file))
    assert again == scenario
    assert again.digest == scenario.digest
