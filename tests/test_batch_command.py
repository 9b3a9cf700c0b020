"""digiregion batch: what it keeps, what it says for people and for programs, its exit codes."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.experiment import batch, engine
from sim.processes import Outcome


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text(
        "name: Short\nregion: carec\nhorizon: 2026\nlevers:\n"
        "  - lever: basic_skills_programme\n    who: all\n    value: 2.0\n    from: 2024\n"
    )
    return str(path)


def run(capsys, *words):
    code = main(["batch", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_closing_table_says_what_was_run_and_what_was_found(scenario, tmp_path, capsys):
    options = (scenario, "--members", 300, "--out", tmp_path / "out")
    code, out, _ = run(capsys, *options)
    assert code == 0
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()[:3]}
    assert rows["scenario"] == ["run", "found", "missing"]
    assert rows["carec-baseline"] == rows["Short"] == ["2", "0", "0"]
    assert "2 scenarios × 300 members = 600 runs in " in out
    code, out, _ = run(capsys, *options)
    assert out.splitlines()[1].split() == ["carec-baseline", "0", "2", "0"]
    assert out.splitlines()[-1].startswith(f"results: {tmp_path / 'out'}")


def test_parts_are_found_again_in_another_batch(scenario, tmp_path, capsys):
    run(capsys, scenario, "--members", 3, "--out", tmp_path / "out", "--quiet")
    other = scenario.replace("short", "other")
    text = Path(scenario).read_text().replace("Short", "Other").replace("2.0", "3.0")
    Path(other).write_text(text)
    code, out, _ = run(capsys, scenario, other, "--members", 3, "--out", tmp_path / "out", "--json")
    assert code == 0
    found = {item["name"]: item["parts_found"] for item in json.loads(out)["scenarios"]}
    assert found == {"carec-baseline": 1, "Short": 1, "Other": 0}


def test_quiet_prints_only_where_the_results_are(scenario, tmp_path, capsys):
    code, out, err = run(capsys, scenario, "--members", 2, "--out", tmp_path, "--quiet")
    assert code == 0
    assert out.startswith(f"results: {tmp_path}")
    assert len(out.splitlines()) == 1
    assert not err


def test_json_is_one_object_a_program_can_read(scenario, tmp_path, capsys):
    code, out, err = run(capsys, scenario, "--members", 2, "--out", tmp_path, "--json")
    report = json.loads(out)
    assert code == 0
    assert not err
    assert report["complete"]
    assert report["missing"] == []
    assert pd.read_csv(f"{report['folder']}/projections.csv").shape[0] > 0


def test_only_the_kpis_and_years_that_are_asked_for_are_written(scenario, tmp_path, capsys):
    _, out, _ = run(
        capsys, scenario, "--members", 4, "--out", tmp_path, "--json",
        "--kpis", "provisions,internet_users", "--years", "2024,2026",
    )  # fmt: skip
    folder = json.loads(out)["folder"]
    for name in ("projections", "effects"):
        table = pd.read_csv(f"{folder}/{name}.csv")
        assert set(table["kpi"]) == {"provisions", "internet_users"}
        assert set(table["year"]) == {2024, 2026}
    members = pd.read_parquet(f"{folder}/members/short/part-00000.parquet")
    weights = ["gdp", "population"]  # of the regions' means
    assert set(members.columns) == {
        "member", "year", "economy", "provisions", "internet_users", *weights,
    }  # fmt: skip


def test_fewer_columns_hold_the_numbers_of_all_columns(scenario, tmp_path, capsys):
    folders = []
    for words in ((), ("--kpis", "gdp,internet_users")):
        _, out, _ = run(capsys, scenario, "--members", 4, "--out", tmp_path, "--json", *words)
        folders.append(json.loads(out)["folder"])
    one, two = (pd.read_csv(f"{folder}/effects.csv") for folder in folders)
    chosen = one[one["kpi"].isin(["gdp", "internet_users"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        chosen.sort_values(["kpi", "economy", "year"], ignore_index=True),
        two.sort_values(["kpi", "economy", "year"], ignore_index=True),
        check_exact=True,
    )


def test_without_members_the_summaries_are_the_same(scenario, tmp_path, capsys):
    folders = []
    for words in ((), ("--no-members",)):
        out = tmp_path / f"out{len(words)}"
        _, said, _ = run(capsys, scenario, "--members", 4, "--out", out, "--json", *words)
        folders.append(json.loads(said)["folder"])
    one, two = (Path(folder, "effects.csv").read_bytes() for folder in folders)
    assert one == two
    assert main(["verify", folders[1]]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kpis", "internet_user"), "did you mean internet_users?"),
        (("--years", "2019"), "is not a year of the run"),
        (("--years", "soon"), "years with commas"),
        (("--exchange", "s3://x"), "give --scheduler too"),
        (("--resume",), "nothing to resume there"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(scenario, tmp_path, capsys, words, said):
    code, out, err = run(capsys, scenario, "--out", tmp_path / "new", *words)
    assert code == 2
    assert said in err
    assert not out
    assert not (tmp_path / "new").exists()


def test_a_part_that_fails_is_named_and_does_not_sink_the_rest(
    scenario, tmp_path, capsys, monkeypatch
):
    options = (scenario, "--members", 600, "--workers", 1, "--out", tmp_path)
    sound = engine.run_task

    def fails(task):
        if task.case.name == "Short" and task.number == 1:
            raise FloatingPointError("overflow in a test")
        return sound(task)

    monkeypatch.setattr(engine, "run_task", fails)
    code, out, err = run(capsys, *options)
    assert code == 3
    assert [line.split()[-1] for line in out.splitlines()[1:3]] == ["0", "1"]
    assert "Short, members 256 to 511: FloatingPointError: overflow in a test" in err
    assert "--resume" in err
    folder = out.splitlines()[-1].removeprefix("results: ")
    assert set(pd.read_csv(f"{folder}/projections.csv")["scenario"]) == {"carec-baseline"}
    assert main(["verify", folder]) == 2
    assert "members 256 to 511 of Short are missing" in capsys.readouterr().err

    monkeypatch.setattr(engine, "run_task", sound)
    code, out, _ = run(capsys, *options, "--resume", "--json")
    assert code == 0
    counts = {item["name"]: item["parts_run"] for item in json.loads(out)["scenarios"]}
    assert counts == {"carec-baseline": 0, "Short": 1}
    assert main(["verify", folder]) == 0


def test_when_no_scenario_is_complete_the_first_cause_is_said(scenario, tmp_path, capsys):
    from sim.policy import Scenario

    def runner(jobs, folder):
        yield from (Outcome(k, error=ValueError(f"broken {k}")) for k, _ in enumerate(jobs))

    with pytest.raises(
        RuntimeError, match=r"no scenario is complete; .*of Short: ValueError: broken 1"
    ):
        batch.write_batch(Scenario.load(scenario), 4, out=tmp_path, runner=runner)


def test_compare_runs_two_scenario_files_and_shows_what_differs(scenario, tmp_path, capsys):
    other = Path(scenario.replace("short", "more"))
    other.write_text(Path(scenario).read_text().replace("Short", "More").replace("2.0", "3.0"))
    words = ("compare", scenario, str(other), "--members", "4", "--out", str(tmp_path / "out"))
    assert main([*words, "--kpis", "basic_skills", "--years", "2026"]) == 0
    out = capsys.readouterr().out
    assert "basic_skills_programme" in out
    assert "Basic digital skills" in out
    folder = tmp_path / "out/compare-short-more"
    assert {path.name for path in folder.iterdir()} == {
        "compare.csv", "compare.txt", "compare.png",
    }  # fmt: skip
    table = pd.read_csv(folder / "compare.csv")
    assert (table["difference"] > 0).all()


def test_compare_takes_two_batches(scenario, tmp_path, capsys):
    folders = []
    for seed in (1, 2):
        words = ("--members", 4, "--seed", seed, "--out", tmp_path, "--json")
        folders.append(json.loads(run(capsys, scenario, *words)[1])["folder"])
    assert main(["compare", *folders, "--to", str(tmp_path / "compared")]) == 0
    out = capsys.readouterr().out
    assert "seed" in out
    assert (tmp_path / "compared/compare.png").stat().st_size > 1000


@pytest.mark.parametrize("pair", [("{0}", "{0}"), ("{0}", "results/none"), ("none", "none")])
def test_what_cannot_be_compared_is_refused(scenario, tmp_path, capsys, pair):
    words = [name.format(scenario) for name in pair]
    assert main(["compare", *words, "--out", str(tmp_path / "new")]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert said.err
    assert not (tmp_path / "new").exists()
