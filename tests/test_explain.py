"""Explaining an effect: parts that add up, channels that are off, names that are wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import sim
from sim.cli import main
from sim.errors import InputError
from sim.evidence.explain import FULL, REACH, RESTS, WHOLE, YIELD, explain
from sim.evidence.explain_text import explain_text
from sim.experiment import engine
from sim.experiment.plan import case_of
from sim.kpi.registry import BY_ID, COLUMN_BY_ID
from sim.model import parameters
from sim.policy import Scenario, lever, shock
from sim.report.waterfall import waterfall_figure

MEMBERS, YEAR = 24, 2031


@pytest.fixture(scope="module")
def push(request):
    return Scenario.load(request.config.rootpath / "scenarios" / "asean-push.yaml")


@pytest.fixture(scope="module")
def laos(push):
    return explain(push, "LAO", "gdp_per_person", YEAR, members=MEMBERS)


def part(found, name, stage=None):
    rows = found.table[found.table["name"] == name]
    return rows.iloc[0] if stage is None else rows[rows["stage"] == stage].iloc[0]


def only(name, value, **options):
    return Scenario.baseline("asean", YEAR).plus(
        lever(name, value, years=2025, **options), name="one"
    )


def test_the_parts_of_each_stage_add_up_to_the_full_effect(laos):
    full = part(laos, FULL)["mean"]
    assert full > 0.0
    for _, rows in laos.table[laos.table["stage"] != ""].groupby("stage"):
        assert rows["mean"].sum() == pytest.approx(full, rel=1e-9)
        assert rows["share"].sum() == pytest.approx(1.0)


def test_the_full_effect_is_that_of_a_batch(push, laos):
    """The same members, paired, as runs have them."""
    policy, base = (
        engine.run_members(case_of(one), 1, range(MEMBERS))
        for one in (push, Scenario.baseline("asean", push.horizon))
    )
    row = list(COLUMN_BY_ID).index("gdp_per_person")
    year, economy = YEAR - push.world.base_year, push.world.economies.index("LAO")
    effect = 100.0 * (policy / base - 1.0)[row, :, year, economy]
    assert part(laos, FULL)["median"] == pytest.approx(np.median(effect), rel=1e-9)
    assert part(laos, FULL)["q95"] == pytest.approx(np.quantile(effect, 0.95), rel=1e-9)


@pytest.mark.slow
def test_what_a_lever_does_goes_through_its_own_channels():
    """Laws act on output through rules and connectivity in trade, and on hardly anything else.

    A state whose laws are nearer to an agreement joins it sooner, and so trades on less paper.
    """
    found = explain(only("data_policy_alignment", 1.0, by=2030), "VNM", year=YEAR, members=MEMBERS)
    rules, links = (part(found, f"trade: {name}")["share"] for name in ("rules", "connectivity"))
    assert rules > 0.05
    assert rules + links == pytest.approx(1.0, abs=0.1)
    assert abs(part(found, "trade: paperless")["share"]) < 0.05
    for name in ("networks", "prices", "returns to skills"):
        rows = found.table[found.table["name"] == name]
        assert (rows["mean"].abs() < 1e-6).all(), name


@pytest.mark.slow
def test_a_network_programme_brings_people_online_through_networks():
    found = explain(
        only("broadband_investment", 1.0), "LAO", "internet_users", YEAR, members=MEMBERS
    )
    networks = part(found, "networks")
    assert networks["share"] == pytest.approx(1.0, abs=0.05)
    assert networks["years_to_half"] <= networks["years_to_90"]


@pytest.mark.slow
def test_a_channel_that_is_off_leaves_the_base_year_as_it_is(push):
    for channel in parameters.channels():
        case = case_of(push)
        whole, less = (
            engine.run_task(engine.Task(one, 1, range(4), ("gdp", "internet_users")))
            for one in (case, replace(case, without=(channel,)))
        )
        assert np.array_equal(whole[:, 0], less[:, 0]), channel
        assert np.isfinite(less).all(), channel


def test_a_parameter_of_a_channel_may_be_nothing():
    """0 is within its bounds, or is a number that is not sampled."""
    for prior in parameters.priors():
        if prior.channel:
            assert prior.bounds[0] <= 0.0 <= prior.bounds[1], prior.name


def test_switching_off_leaves_other_parameters_alone():
    p = parameters.central(3)
    off = parameters.without(p, "returns to skills")
    assert not off.talent_return.any()
    assert not off.basic_skills_return.any()
    assert off.digital_return is p.digital_return
    assert p.talent_return.all()
    with pytest.raises(KeyError):
        parameters.without(p, "nothing")


def test_by_lever_entries_and_interaction_add_up(push):
    found = explain(push, "LAO", "gdp_per_person", YEAR, by="lever", members=MEMBERS)
    rows = found.table[found.table["stage"] == "lever"]
    assert rows["mean"].sum() == pytest.approx(part(found, FULL)["mean"], rel=1e-9)
    assert len(rows) == len(push.levers) + 1
    assert rows.iloc[0]["name"] == "data_policy_alignment (all)"
    assert rows.iloc[-1]["name"] == RESTS["lever"]


def test_a_single_lever_is_all_of_its_effect():
    found = explain(only("trade_facilitation", 0.5), "VNM", by="lever", year=YEAR, members=MEMBERS)
    own, rest = found.table.iloc[1], found.table.iloc[2]
    assert own["mean"] == part(found, FULL)["mean"] > 0.0
    assert rest["mean"] == 0.0


def test_the_effect_by_year_begins_with_the_policy_and_holds_the_year(laos):
    path = laos.by_year[laos.by_year["name"] == FULL].set_index("year")
    assert path.index[0] == laos.start == 2026
    assert path.loc[YEAR, "mean"] == pytest.approx(part(laos, FULL)["mean"])
    half = laos.start + int(part(laos, FULL)["years_to_half"])
    assert path.loc[half, "mean"] >= 0.5 * path.loc[YEAR, "mean"] > path.loc[half - 1, "mean"]


@pytest.mark.slow
def test_results_do_not_depend_on_workers_or_on_the_number_of_members_asked_for(push, laos):
    again = explain(push, "LAO", "gdp_per_person", YEAR, members=MEMBERS, workers=2)
    pd.testing.assert_frame_equal(laos.table, again.table)


@pytest.mark.slow
def test_a_region_and_a_group_are_places_too():
    scenario = only("trade_facilitation", 0.5)
    whole = explain(scenario, WHOLE, year=YEAR, members=4)
    assert whole.place == "asean"
    group = explain(scenario, "clmv", year=YEAR, members=4)
    assert part(group, FULL)["mean"] > part(whole, FULL)["mean"] > 0.0


@pytest.mark.parametrize(
    ("wrong", "field", "near"),
    [
        ({"economy": "LOA"}, "economy", "LAO"),
        ({"kpi": "gdp_per_persn"}, "kpi", "gdp_per_person"),
        ({"by": "levers"}, "by", "lever"),
        ({"year": 2020}, "year", ""),
        ({"members": 0}, "members", ""),
    ],
)
def test_names_that_there_are_not_are_told_with_the_nearest(push, wrong, field, near):
    with pytest.raises(InputError) as found:
        explain(push, **{"year": YEAR, "members": 4, **wrong})
    (problem,) = found.value.problems
    assert problem.field == field
    assert problem.nearest == near


def test_a_baseline_has_nothing_to_explain():
    with pytest.raises(InputError, match="has no policy to explain"):
        explain(Scenario.baseline("asean", YEAR), year=YEAR)


@pytest.mark.slow
def test_a_cut_cable_acts_through_cables_alone():
    cut = Scenario.baseline("carec", 2029).plus(
        shock("cable_cut", who="KGZ", years=2028, months=2), name="cut"
    )
    found = explain(cut, "KGZ", "gdp_per_person", 2028, members=4)
    assert part(found, FULL)["mean"] < 0.0
    assert part(found, "cables", YIELD)["share"] == pytest.approx(1.0, abs=0.02)
    with pytest.raises(InputError, match="has no policy to explain"):
        explain(cut, "KGZ", year=2028, by="lever", members=4)


def test_the_words_name_every_part_and_how_to_read_them(laos):
    text = explain_text(laos)
    assert max(len(line) for line in text.splitlines()) <= 100
    told = " ".join(text.split())
    for name in laos.table["name"]:
        assert name in told
    assert "links of one chain" in text


def test_the_waterfall_ends_where_the_effect_does(laos):
    figure = waterfall_figure(laos)
    assert "LAO" not in figure.texts[0].get_text()  # its name instead
    for axes, stage in zip(figure.axes, (REACH, YIELD), strict=True):
        rest, full = axes.patches[-2:]
        assert full.get_width() == pytest.approx(part(laos, FULL)["mean"])
        assert rest.get_x() + rest.get_width() == pytest.approx(full.get_width(), rel=0.02)
        assert axes.get_yticklabels()[-2].get_text().replace("\n", " ") == RESTS[stage]
        assert "% of baseline" in axes.get_xlabel()


def test_the_command_writes_tables_words_and_a_figure(request, tmp_path, capsys):
    file = request.config.rootpath / "scenarios" / "asean-skills.yaml"
    options = ["--economy", "KHM", "--year", "2030", "--members", "4", "--out", str(tmp_path)]
    assert main(["explain", str(file), *options]) == 0
    assert "returns to skills" in capsys.readouterr().out
    table = pd.read_csv(tmp_path / "explain.csv")
    assert set(table["economy"]) == {"KHM"}
    assert set(table["unit"]) == {"% of baseline"}
    assert set(pd.read_csv(tmp_path / "explain-by-year.csv")["year"]) >= {2026, 2030}
    with Image.open(tmp_path / "explain.png") as image:
        assert image.width > 1500
    assert (tmp_path / "explain.txt").read_text().startswith("Where the effect of")


def test_the_command_refuses_what_it_cannot_explain(request, capsys):
    file = str(request.config.rootpath / "scenarios" / "asean-skills.yaml")
    assert main(["explain", file, "--economy", "LOA", "--kpi", "gdp_per_persn"]) == 2
    told = capsys.readouterr().err
    assert "did you mean LAO?" in told
    assert "did you mean gdp_per_person?" in told


def test_it_is_part_of_the_face():
    assert sim.explain is explain


@pytest.mark.slow
def test_a_policy_that_does_not_move_the_kpi_is_said_not_to():
    found = explain(only("trade_facilitation", 0.5), "VNM", "egovernment", YEAR, members=4)
    assert f"does not move {BY_ID['egovernment'].title} of VNM in 2031." in explain_text(found)
    assert waterfall_figure(found).axes
