"""Reproducing a batch from its folder: identical, equal within 1e-9, or different and where."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.errors import InputError
from sim.experiment.batch import write_batch
from sim.experiment.plan import Selection
from sim.experiment.reproduce import reproduce
from sim.files import file_digest

MEMBERS = 6


def policy(region, horizon=2026):
    base = sim.Scenario.baseline(region, horizon=horizon)
    return base.plus(sim.lever("broadband_investment", value=0.3, years=2024), name="Fibre")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_batch(policy("asean"), MEMBERS, out=tmp_path_factory.mktemp("out")).folder


@pytest.fixture
def folder(written, tmp_path):
    return Path(shutil.copytree(written, tmp_path / "copy"))


def run(capsys, *words):
    code = main(["reproduce", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def with_part(folder, change):
    """Change the first part of a batch, and its digest in the manifest."""
    record = json.loads((folder / "manifest.json").read_text())
    part = record["parts"][0]
    path = folder / part["file"]
    members = pd.read_parquet(path)
    change(members)
    members.to_parquet(path, index=False)
    part["sha256"] = record["files"][part["file"]] = file_digest(path)
    (folder / "manifest.json").write_text(json.dumps(record))
    return part["file"]


def test_a_batch_is_reproduced_identically_from_its_folder(folder, capsys):
    before = {path: file_digest(path) for path in folder.rglob("*") if path.is_file()}
    code, out, _ = run(capsys, folder)
    assert code == 0
    assert out.splitlines()[-1] == "reproduced: 6 identical"
    for name in ("asean-baseline/part-00000", "fibre/part-00000", "projections", "effects"):
        assert name in out
    assert {path: file_digest(path) for path in folder.rglob("*") if path.is_file()} == before


def test_a_number_that_was_changed_is_named_with_its_place_and_size(folder, capsys):
    path = folder / "projections.csv"
    table = pd.read_csv(path)
    row = (table["kpi"] == "gdp") & (table["economy"] == "LAO") & (table["year"] == 2025)
    table.loc[row & (table["scenario"] == "Fibre"), "median"] *= 1.001
    table.to_csv(path, index=False)
    code, out, _ = run(capsys, folder)
    assert code == 1
    line = next(line for line in out.splitlines() if line.startswith("projections.csv"))
    assert "different (at most 0.001: median of Fibre, gdp, LAO, 2025)" in line
    assert out.splitlines()[-1] == "differs: 5 identical, 1 different"


def test_members_that_differ_in_the_last_digits_are_equal(folder):
    def nudge(members):
        members["gdp"] *= 1 + 1e-12

    name = with_part(folder, nudge)
    found = reproduce(folder)
    verdicts = {finding.file: finding for finding in found.findings}
    assert verdicts[name].verdict == "equal within 1e-9"
    assert verdicts[name].by == pytest.approx(1e-12, rel=0.01)
    assert not found.is_different


def test_a_member_that_differs_is_named(folder):
    def spoil(members):
        members.loc[members.index[30], "internet_users"] *= 2

    name = with_part(folder, spoil)
    found = next(finding for finding in reproduce(folder).findings if finding.file == name)
    assert found.verdict == "different"
    assert found.by == pytest.approx(0.5)
    assert found.where.startswith("internet_users of 2, 2023, ")


def test_a_region_of_ones_own_travels_with_the_batch(tmp_path):
    from sim.region.template import copy_tables

    copy_tables("carec", tmp_path / "mine")
    scenario = policy(sim.Region.load(tmp_path / "mine"))
    folder = write_batch(scenario, MEMBERS, out=tmp_path / "out").folder
    shutil.rmtree(tmp_path / "mine")
    moved = Path(shutil.move(folder, tmp_path / "elsewhere"))
    assert not reproduce(moved).is_different


def test_a_region_whose_tables_changed_is_refused(tmp_path):
    from sim.region.template import copy_tables

    copy_tables("carec", tmp_path / "mine")
    scenario = policy(sim.Region.load(tmp_path / "mine"))
    folder = write_batch(scenario, MEMBERS, out=tmp_path / "out").folder
    table = folder / "regions/mine/indicators.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join([*lines[:-1]]) + "\n")
    with pytest.raises(InputError, match="the data of mine changed since the batch was run"):
        reproduce(folder)


def test_a_scenario_that_was_edited_is_refused(folder, capsys):
    path = folder / "scenarios/fibre.yaml"
    path.write_text(path.read_text().replace("0.3", "0.4"))
    code, out, err = run(capsys, folder)
    assert code == 2
    assert not out
    assert "fibre.yaml" in err
    assert "the scenario changed since the batch was run" in err


def test_summaries_alone_are_reproduced_too(tmp_path, capsys):
    chosen = Selection(kpis=("gdp", "internet_users"), years=(2025,), members=False)
    folder = write_batch(policy("asean"), MEMBERS, out=tmp_path, selection=chosen).folder
    assert not (folder / "members").exists()
    code, out, _ = run(capsys, folder, "--json")
    assert code == 0
    report = json.loads(out)
    assert report["reproduced"]
    assert {item["verdict"] for item in report["files"]} == {"identical"}
    assert len(report["files"]) == 5


def test_without_members_the_tables_decide(tmp_path, capsys):
    chosen = Selection(members=False)
    folder = write_batch(policy("asean"), MEMBERS, out=tmp_path, selection=chosen).folder
    record = json.loads((folder / "manifest.json").read_text())
    for part in record["parts"]:
        part["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(record))
    code, out, _ = run(capsys, folder)
    assert code == 0
    assert out.splitlines()[-1] == ("reproduced: 4 identical, 2 other bytes, members not kept")


def test_quiet_prints_the_verdict_only(folder, capsys):
    code, out, _ = run(capsys, folder, "--quiet")
    assert code == 0
    assert out == "reproduced: 6 identical\n"


def test_an_incomplete_batch_is_refused(folder, capsys):
    record = json.loads((folder / "manifest.json").read_text())
    record["missing"] = [{"scenario": "Fibre", "first": 0, "last": 5, "cause": "it broke"}]
    (folder / "manifest.json").write_text(json.dumps(record))
    code, _, err = run(capsys, folder)
    assert code == 2
    assert "is incomplete" in err


def test_the_reference_results_are_as_they_were_written(capsys):
    assert main(["verify", "results/reference"]) == 0
    record = json.loads(Path("results/reference/manifest.json").read_text())
    named = {item["name"] for item in record["inputs"]["scenarios"]}
    shipped = {sim.Scenario.load(path).name for path in Path("scenarios").glob("*.yaml")}
    assert named == shipped
