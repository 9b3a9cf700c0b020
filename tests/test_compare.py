"""Two batches or scenarios side by side: what differs in inputs, then in outcomes."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment.batch import write_batch
from sim.experiment.plan import Selection
from sim.kpi.registry import KPIS
from sim.policy import Scenario
from sim.report.compare import compare
from sim.report.runs import Runs

MEMBERS = 40


def load(name, horizon=2032):
    return dataclasses.replace(Scenario.load(f"scenarios/{name}.yaml"), horizon=horizon)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("compare")


@pytest.fixture(scope="module")
def push():
    return load("asean-push")


@pytest.fixture(scope="module")
def first(out, push):
    return write_batch([push, load("asean-skills")], MEMBERS, seed=5, out=out).folder


@pytest.fixture(scope="module")
def changed(out, push):
    """The same name, another lever; as many members again."""
    levers = [lever for lever in push.levers if lever.lever != "trade_facilitation"]
    other = dataclasses.replace(push, levers=tuple(levers))
    return write_batch(other, 2 * MEMBERS, seed=5, out=out).folder


@pytest.fixture(scope="module")
def reseeded(out, push):
    return write_batch(push, MEMBERS, seed=6, out=out).folder


def members(folder, scenario):
    path = folder / "members" / scenario / "part-00000.parquet"
    return pd.read_parquet(path).set_index(["economy", "year", "member"]).sort_index()


def row(compared, kpi, place, year, scenario=None):
    rows = compared.outcomes
    kept = (rows["kpi"] == kpi) & (rows["economy"] == place) & (rows["year"] == year)
    if scenario:
        kept &= rows["scenario"] == scenario
    (found,) = rows[kept].to_dict("records")
    return found


def test_a_batch_does_not_differ_from_itself(first):
    compared = compare(first, first)
    assert compared.identical
    assert compared.inputs.empty
    assert "Nothing differs" in compared.text()
    assert compared.outcomes["probability_better"].isna().all()


def test_a_batch_that_is_run_again_elsewhere_does_not_differ(first, push, tmp_path):
    again = write_batch([push, load("asean-skills")], MEMBERS, seed=5, out=tmp_path).folder
    assert compare(first, again).identical


def test_scenarios_of_one_name_are_compared_member_by_member(first, changed):
    compared = compare(first, changed, economies=True)
    assert [(pair.a, pair.paired) for pair in compared.pairs] == [
        ("asean-baseline", True), ("ASEAN push", True),
    ]  # fmt: skip
    a, b = (members(folder, "asean-push").loc[("VNM", 2032)] for folder in (first, changed))
    difference = 100 * (b["goods_exports"].iloc[:MEMBERS] / a["goods_exports"] - 1)
    found = row(compared, "goods_exports", "VNM", 2032, "ASEAN push")
    assert found["median_a"] == pytest.approx(a["goods_exports"].median())
    assert found["median_b"] == pytest.approx(b["goods_exports"].median())
    assert found["difference"] == pytest.approx(difference.median())
    assert found["q05"] == pytest.approx(difference.quantile(0.05))
    assert found["q95"] == pytest.approx(difference.quantile(0.95))
    assert found["probability_better"] == pytest.approx((difference > 0).mean())
    assert found["difference_unit"] == "% of A"
    assert "the first 40 are used" in compared.text()


def test_the_inputs_that_differ_come_in_words(first, changed):
    inputs = compare(first, changed).inputs
    rows = {(r["scenario"], r["what"]): (r["a"], r["b"]) for r in inputs.to_dict("records")}
    assert rows["", "members"] == ("40", "80")
    assert rows["ASEAN skills", "scenario"] == ("run", "-")
    without = rows["ASEAN push", "trade_facilitation, all"]
    assert without[0].startswith("0.7 share of the paperless gap closed, 2026–2032")
    assert "mn planned" in without[0]
    assert without[1] == "-"
    assert len(rows) == 3


def test_a_baseline_that_is_the_same_does_not_differ(first, changed):
    rows = compare(first, changed).outcomes
    rows = rows[rows["scenario"] == "asean-baseline"]
    assert (rows[["difference", "q05", "q95"]] == 0).all(axis=None)


def test_another_seed_is_compared_without_pairs(first, reseeded):
    compared = compare(first, reseeded)
    assert not any(pair.paired for pair in compared.pairs)
    a, b = (runs.values("internet_users", "ASEAN push", "asean", 2032)["value"].to_numpy()
            for runs in (Runs(first), Runs(reseeded)))  # fmt: skip
    every = b[:, None] - a[None, :]
    found = row(compared, "internet_users", "asean", 2032, "ASEAN push")
    assert found["q95"] == pytest.approx(np.quantile(every, 0.95))
    assert found["probability_better"] == pytest.approx((every > 0).mean())
    text = compared.text()
    assert "Members of A and B are independent" in text
    assert "seed\n  A: 5\n  B: 6" in text


def test_many_independent_members_are_thinned_to_nearly_the_same_band():
    from sim.kpi.registry import BY_ID
    from sim.report.compare import _differences

    rng = np.random.default_rng(2)
    a, b = rng.lognormal(size=3000), rng.lognormal(0.3, size=2500)
    few = _differences(BY_ID["internet_users"], a, b, paired=False)
    every = (b[:, None] - a[None, :]).ravel()
    shares = (0.05, 0.5, 0.95)
    assert np.quantile(few, shares) == pytest.approx(np.quantile(every, shares), rel=0.01, abs=0.01)


def test_two_scenarios_of_a_batch_are_compared(first):
    compared = compare(f"{first}::ASEAN push", f"{first}::ASEAN skills")
    assert [pair.name for pair in compared.pairs] == ["ASEAN push / ASEAN skills"]
    whats = set(compared.inputs["what"])
    assert "budget.national" in whats
    assert set(compared.inputs["scenario"]) == {"ASEAN push / ASEAN skills"}
    effects = Runs(first).compare(to="ASEAN push").table("basic_skills", 2032)
    kept = effects.loc[("ASEAN skills", "asean")]
    found = row(compared, "basic_skills", "asean", 2032)
    for column, other in (("difference", "median"), ("q05", "q05"), ("q95", "q95")):
        assert found[column] == pytest.approx(kept[other])


def test_open_batches_can_be_compared_by_scenario(first):
    runs = Runs(first)
    compared = compare((runs, "ASEAN push"), (runs, "ASEAN skills"), kpis="gdp*", years=[2025])
    assert set(compared.outcomes["kpi"]) == {"gdp", "gdp_per_person", "gdp_growth"}
    assert set(compared.outcomes["year"]) == {2025}


def test_a_scenario_is_compared_with_the_one_of_its_name_elsewhere(first, changed):
    compared = compare(f"{first}::ASEAN push", changed)
    assert [(pair.a, pair.b) for pair in compared.pairs] == [("ASEAN push", "ASEAN push")]


def test_policies_that_are_alone_on_each_side_are_compared(reseeded, out):
    skills = write_batch(load("asean-skills"), MEMBERS, seed=6, out=out).folder
    names = [pair.name for pair in compare(reseeded, skills).pairs]
    assert names == ["asean-baseline", "ASEAN push / ASEAN skills"]


def test_headline_kpis_of_the_region_are_shown_in_2030_and_the_last_year(first):
    rows = compare(first, first).outcomes
    assert set(rows["economy"]) == {"asean"}
    assert set(rows["year"]) == {2030, 2032}
    assert rows["kpi"].nunique() == sum(kpi.headline for kpi in KPIS)


def test_regions_and_horizons_that_differ_are_compared_where_they_meet(first, tmp_path):
    joined = Scenario.baseline("asean+carec", horizon=2026, name="asean-baseline")
    other = write_batch(joined, 10, seed=5, out=tmp_path).folder
    compared = compare(first, other, economies=True)
    assert set(compared.outcomes["year"]) == {2026}
    assert {"asean", "LAO"} <= set(compared.outcomes["economy"])
    assert "KAZ" not in set(compared.outcomes["economy"])
    assert not compared.pairs[0].paired
    inputs = compared.inputs.set_index("what")
    assert tuple(inputs.loc["horizon", ["a", "b"]]) == ("2032", "2026")
    assert tuple(inputs.loc["region", ["a", "b"]]) == ("asean", "asean+carec")


def test_sides_with_nothing_in_common_are_refused(first, tmp_path):
    carec = write_batch(Scenario.baseline("carec", 2026, "c"), 5, seed=5, out=tmp_path).folder
    with pytest.raises(sim.InputError, match="no scenario has the same name"):
        compare(first, carec)
    with pytest.raises(sim.InputError, match="no economy or region is in both"):
        compare(f"{first}::ASEAN push", f"{carec}::c")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kpis": "internet_user"}, "did you mean internet_users"),
        ({"years": [2033]}, "year = 2033"),
    ],
)
def test_what_is_not_there_is_refused(first, options, words):
    with pytest.raises(sim.InputError, match=words):
        compare(first, first, **options)


def test_an_unknown_scenario_is_refused_with_the_nearest(first):
    with pytest.raises(sim.InputError, match="did you mean ASEAN push"):
        compare(f"{first}::ASEAN pusch", first)


def test_a_batch_without_members_cannot_be_compared(first, push, tmp_path):
    kept = Selection(members=False)
    other = write_batch(push, 5, seed=5, out=tmp_path, selection=kept).folder
    with pytest.raises(sim.InputError, match="without --no-members"):
        compare(first, other)


def test_a_scenario_file_that_cannot_be_read_is_no_obstacle(first, changed, tmp_path):
    import shutil

    copy = shutil.copytree(changed, tmp_path / "copy")
    (copy / "scenarios/asean-push.yaml").write_text("levers: nonsense\n")
    compared = compare(first, copy)
    assert "levers, budget, region or horizon" in set(compared.inputs["what"])
    assert len(compared.outcomes)


def test_table_text_and_figure_are_written_and_the_same_each_time(first, changed, tmp_path):
    compared = compare(first, changed)
    files = compared.write(tmp_path / "one")
    assert [file.name for file in files] == ["compare.csv", "compare.txt", "compare.png"]
    again = compare(first, changed).write(tmp_path / "two")
    for file, other in zip(files, again, strict=True):
        assert file.read_bytes() == other.read_bytes()
    table = pd.read_csv(files[0])
    pd.testing.assert_frame_equal(table, compared.outcomes, check_dtype=False, rtol=1e-9)
    assert files[1].read_text(encoding="utf-8") == compared.text() + "\n"


def test_a_file_in_the_way_is_one_clear_error(first, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(sim.InputError, match="cannot write there"):
        compare(first, first).write(tmp_path / "taken")


def test_the_figure_shows_the_medians_of_the_table(first):
    compared = compare(f"{first}::ASEAN push", f"{first}::ASEAN skills", economies=True)
    figure = compared.figure()
    assert len(figure.axes) == 8
    dots = {line.get_gid(): line for axes in figure.axes for line in axes.lines}
    for kpi, place, year in (("gdp_per_person", "LAO", 2030), ("basic_skills", "asean", 2032)):
        dot = dots[f"ASEAN push / ASEAN skills {place} {kpi} {year}"]
        assert dot.get_xdata()[0] == row(compared, kpi, place, year)["difference"]


def test_the_text_fits_a_terminal(first, changed):
    assert max(map(len, compare(first, changed).text().splitlines()[3:])) <= 110
