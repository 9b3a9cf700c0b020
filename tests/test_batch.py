"""Batches: the same numbers for any workers and parts, complete folders, clean failures."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment import batch, engine, manifest, plan, store, work
from sim.experiment.entries import entries
from sim.files import file_digest
from sim.kpi.registry import COLUMNS, KPIS
from sim.policy import Scenario
from sim.processes import Outcome

MEMBERS = 40


@pytest.fixture(scope="module")
def push() -> Scenario:
    whole = Scenario.load("scenarios/carec-push.yaml")
    return dataclasses.replace(whole, horizon=2032)


@pytest.fixture(scope="module")
def folder(push, tmp_path_factory):
    return batch.write_batch(push, MEMBERS, seed=3, out=tmp_path_factory.mktemp("results")).folder


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_a_batch_writes_every_table_and_a_manifest(folder):
    names = set(digests(folder))
    assert {"projections.csv", "effects.csv", "costs.csv", "lever_paths.csv"} <= names
    assert any(name.startswith("members/carec-push/part-") for name in names)
    record = json.loads((folder / "manifest.json").read_text())
    assert record["files"] == digests(folder)
    assert record["inputs"]["seed"] == 3
    assert record["versions"]["numpy"] == np.__version__


def test_the_same_inputs_give_the_same_bytes(folder, push, tmp_path):
    again = batch.write_batch(push, MEMBERS, seed=3, out=tmp_path).folder
    assert again.name == folder.name
    assert digests(again) == digests(folder)


def test_two_workers_give_the_bytes_of_one(folder, push, tmp_path):
    again = batch.write_batch(push, MEMBERS, seed=3, workers=2, out=tmp_path).folder
    assert digests(again) == digests(folder)


def test_a_script_without_a_main_guard_can_use_two_workers(tmp_path):
    script = tmp_path / "ten_lines.py"
    script.write_text(
        "import sim\n"
        "print('started')\n"
        "base = sim.Scenario.baseline('asean', horizon=2026)\n"
        f"sim.run_batch([base], members=600, workers=2, out={str(tmp_path)!r}, progress=False)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("started") == 1


def test_a_member_does_not_depend_on_how_many_there_are(push):
    case = plan.case_of(push)
    few = engine.run_members(case, 3, range(0, 5))
    more = engine.run_members(case, 3, range(2, 300))
    assert np.array_equal(few[:, 2:], more[:, :3])


def test_parts_of_another_size_give_the_same_members(push, monkeypatch):
    case = plan.case_of(push)
    whole = engine.run_members(case, 3, range(300))
    cut = [engine.run_members(case, 3, part) for part in (range(0, 77), range(77, 300))]
    assert np.array_equal(whole, np.concatenate(cut, axis=1))


def test_results_do_not_depend_on_other_scenarios_of_the_batch(folder, push, tmp_path):
    skills = dataclasses.replace(Scenario.load("scenarios/carec-skills.yaml"), horizon=2032)
    other = batch.write_batch([skills, push], MEMBERS, seed=3, out=tmp_path).folder
    part = "members/carec-push/part-00000.parquet"
    assert file_digest(other / part) == file_digest(folder / part)


def test_a_longer_horizon_leaves_the_first_years_as_they_were(push):
    longer = dataclasses.replace(push, horizon=2035)
    short, long = (plan.case_of(s) for s in (push, longer))
    first, second = (engine.run_members(case, 3, range(8)) for case in (short, long))
    assert np.array_equal(first, second[:, :, : first.shape[2]])


def test_members_hold_a_row_for_every_member_year_and_economy(folder):
    path = folder / "members/carec-push/part-00000.parquet"
    members = pd.read_parquet(path)
    assert len(members) == MEMBERS * 10 * 11
    assert list(members.columns) == ["member", "year", "economy", *(c.id for c in COLUMNS)]
    assert not members.isna().any().any()
    rows = list(zip(members["year"], members["member"], strict=True))
    assert rows == sorted(rows)


def test_projections_are_quantiles_of_the_members(folder):
    members = pd.read_parquet(folder / "members/carec-push/part-00000.parquet")
    table = pd.read_csv(folder / "projections.csv").set_index(
        ["scenario", "kpi", "economy", "year"]
    )
    chosen = members[(members["economy"] == "PAK") & (members["year"] == 2030)]
    row = table.loc[("CAREC push", "internet_users", "PAK", 2030)]
    assert row["q05"] == pytest.approx(chosen["internet_users"].quantile(0.05), rel=1e-9)
    assert row["median"] == pytest.approx(chosen["internet_users"].median(), rel=1e-9)


def test_effects_are_paired_member_by_member(folder):
    policy, without = (
        pd.read_parquet(folder / f"members/{name}/part-00000.parquet")
        for name in ("carec-push", "carec-baseline")
    )
    here = (policy["economy"] == "TJK") & (policy["year"] == 2032)
    paired = (policy["internet_users"] - without["internet_users"])[here]
    table = pd.read_csv(folder / "effects.csv").set_index(["scenario", "kpi", "economy", "year"])
    row = table.loc[("CAREC push", "internet_users", "TJK", 2032)]
    assert row["median"] == pytest.approx(paired.median(), rel=1e-9)
    assert row["probability_better"] == pytest.approx((paired > 0).mean())


def test_the_region_adds_up_by_the_stated_rule(folder):
    members = pd.read_parquet(folder / "members/carec-push/part-00000.parquet")
    year = members[members["year"] == 2030]
    table = pd.read_csv(folder / "projections.csv").set_index(
        ["scenario", "kpi", "economy", "year"]
    )
    total = year.groupby("member")["gdp"].sum().median()
    assert table.loc[("CAREC push", "gdp", "carec", 2030), "median"] == pytest.approx(total)
    people = year.assign(online=year["internet_users"] * year["population"]).groupby("member")
    share = (people["online"].sum() / people["population"].sum()).median()
    row = table.loc[("CAREC push", "internet_users", "carec", 2030)]
    assert row["median"] == pytest.approx(share)


def test_costs_by_lever_and_by_payer_add_up(folder):
    costs = pd.read_csv(folder / "costs.csv")
    total = costs.groupby("kind")["usd_mn_2015"].sum()
    private = costs[(costs["kind"] == "payer") & (costs["name"] == "private")]["usd_mn_2015"].sum()
    assert total["payer"] == pytest.approx(total["lever"] + private, rel=1e-9)
    assert total["lever"] > 0


def test_a_baseline_is_added_once_and_named_after_the_region(push):
    added = entries([push])
    assert [entry.name for entry in added] == ["carec-baseline", "CAREC push"]
    given = Scenario.load("scenarios/carec-baseline.yaml")
    given = dataclasses.replace(given, horizon=2032)
    assert [e.baseline for e in entries([push, given])] == [given.name, given.name]


def test_scenarios_that_would_share_a_file_are_refused(push):
    twin = dataclasses.replace(push, name="CAREC-PUSH")
    with pytest.raises(sim.InputError, match="shares the name of its files"):
        entries([push, twin])


def test_two_scenarios_of_one_name_are_refused():
    pair = [sim.Scenario.baseline("asean", horizon=2026), sim.Scenario.baseline("carec", 2026)]
    with pytest.raises(sim.InputError, match="shares the name of its files"):
        entries(pair)


def test_an_added_baseline_never_shares_files_with_a_policy(push):
    named = dataclasses.replace(push, name="Carec Baseline")
    other = dataclasses.replace(push, name="carec-baseline-2032")
    names = [entry.name for entry in entries([named, other])]
    assert len({store.slug(name) for name in names}) == len(names) == 3


def test_a_second_run_keeps_the_files_of_a_user(push, tmp_path):
    folder = batch.write_batch(push, 4, out=tmp_path).folder
    for name in ("figures/my-slide.pptx", "members/my.csv", "notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("mine")
    before = json.loads((folder / "manifest.json").read_text())["files"]
    assert batch.write_batch(push, 4, out=tmp_path).folder == folder
    assert (folder / "members/my.csv").read_text() == "mine"
    assert (folder / "figures/my-slide.pptx").read_text() == "mine"
    assert json.loads((folder / "manifest.json").read_text())["files"] == before


def test_a_run_that_is_interrupted_keeps_its_parts_and_harms_nothing(push, tmp_path):
    folder = batch.write_batch(push, 4, out=tmp_path).folder
    before = digests(folder)

    def stop(stage: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    for seed, members, workers in ((2, 4, 1), (3, 1500, 2)):
        with pytest.raises(KeyboardInterrupt, match="parts are kept"):
            batch.write_batch(push, members, seed, workers, out=tmp_path, progress=stop)
    assert digests(folder) == before
    assert set(tmp_path.iterdir()) == {folder, tmp_path / ".digiregion"}


def test_a_run_that_is_interrupted_before_its_first_part_leaves_nothing(push, tmp_path):
    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="nothing was written"):
        batch.write_batch(push, 4, out=tmp_path, progress=stop)
    assert not list(tmp_path.iterdir())


def test_arguments_of_the_wrong_kind_are_one_clear_error(tmp_path):
    base = Scenario.baseline("asean", horizon=2026)
    for scenarios, options in (
        ("scenarios/asean-push.yaml", {}),
        ([base], {"members": "10"}),
        ([base], {"members": 2.5}),
        ([base], {"seed": None}),
    ):
        with pytest.raises(sim.InputError):
            batch.write_batch(scenarios, out=tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("option", "value"), [("members", 0), ("seed", -1), ("workers", 0)])
def test_numbers_out_of_range_are_refused_before_anything_is_written(push, tmp_path, option, value):
    options = {"members": 10, "seed": 1, "workers": 1, option: value}
    with pytest.raises(sim.InputError, match=option):
        batch.write_batch(push, out=tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


def test_a_results_path_that_is_a_file_is_one_clear_error(push, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(sim.InputError, match="cannot write results there"):
        batch.write_batch(push, 4, out=tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_names_of_scenarios_make_safe_file_names():
    assert store.slug("=2+3 Fibre/skills") == "2-3-fibre-skills"
    assert store.slug("…") == "scenario"


def test_the_manifest_says_what_the_numbers_depend_on(push):
    described = [{"name": push.name, "digest": push.digest}]
    one = manifest.inputs(described, seed=1, members=10)
    two = manifest.inputs(described, seed=2, members=10)
    assert one != two
    assert len(one["code"]) == 64


def test_runs_open_a_finished_batch_and_compare(folder):
    runs = sim.Runs(folder)
    assert "40 members" in repr(runs)
    gain = runs.compare(to="baseline")
    table = gain.table("internet_users", year=2032)
    assert (table["q05"] <= table["median"]).all()
    kept = pd.read_csv(folder / "effects.csv")
    fresh = gain.effects
    pd.testing.assert_series_equal(fresh["median"], kept["median"], rtol=1e-9, atol=1e-9)


def test_asking_for_an_unknown_kpi_names_the_nearest(folder):
    with pytest.raises(sim.InputError, match="did you mean internet_users"):
        sim.Runs(folder).table("internet_user", year=2030)


def test_an_unfinished_folder_is_refused(tmp_path):
    with pytest.raises(sim.InputError, match="no finished batch"):
        sim.Runs(tmp_path)


@pytest.mark.parametrize("name", ["NA", "null", "=1+1", "nan, or not"])
def test_any_name_of_a_scenario_comes_back_as_it_was(push, tmp_path, name):
    named = dataclasses.replace(push, name=name)
    runs = sim.Runs(batch.write_batch(named, 2, out=tmp_path).folder)
    assert set(runs.projections["scenario"]) == {"carec-baseline", name}
    assert set(runs.compare().effects["scenario"]) == {name}


def test_every_kpi_has_a_unit_a_direction_and_a_rule():
    assert len({kpi.id for kpi in KPIS}) == len(KPIS)
    for kpi in KPIS:
        assert kpi.unit
        assert kpi.title
        assert kpi.better in (-1, 0, 1)
        assert kpi.catalogue


def test_what_a_killed_worker_left_half_written_is_not_published(push, tmp_path):
    def runner(jobs, folder):
        for number, job in enumerate(jobs):
            yield Outcome(number, work.run_job(job, folder))
            (folder / job.file).with_name(".part-00000.parquet.1a2b3c.parquet").write_bytes(b"PAR")

    folder = batch.write_batch(push, 4, out=tmp_path, runner=runner).folder
    assert not list(folder.rglob(".part*"))
    assert set(json.loads((folder / "manifest.json").read_text())["files"]) == set(digests(folder))
