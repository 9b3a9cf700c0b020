"""The command line: what it prints, its exit codes, and that bad input writes nothing."""

import csv
import io
import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from sim.cli import main
from sim.kpi.registry import KPIS
from sim.model.parameters import priors


def run(capsys, *words):
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_help_teaches_the_first_steps(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert "digiregion run scenarios/asean-push.yaml" in said
    assert "exit codes" in said


def test_help_imports_no_heavy_library():
    code = (
        "import sys; from sim.cli import build_parser; build_parser().format_help();"
        "heavy = {'numpy', 'pandas', 'matplotlib', 'mesa', 'networkx', 'pydantic'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_run_without_figures_imports_neither_mesa_nor_matplotlib(tmp_path):
    code = (
        "import sys; from sim.cli import main;"
        f"main(['run', 'scenarios/asean-skills.yaml', '--members', '2', '--quiet',"
        f" '--no-figures', '--out', {str(tmp_path)!r}]);"
        "print(sorted({'mesa', 'matplotlib'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_no_command_prints_help(capsys):
    code, out, _ = run(capsys)
    assert code == 0
    assert "usage: digiregion" in out


def test_version(capsys):
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert out.startswith("digiregion 0.")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    words = ["run", "scenarios/carec-skills.yaml", "--members", "30", "--seed", "5"]
    code = main([*words, "--out", str(out), "--quiet"])
    assert code == 0
    return next(out.iterdir())


def test_a_run_writes_tables_figures_summary_and_manifest(results):
    names = {path.name for path in results.iterdir()}
    assert {
        "projections.csv", "effects.csv", "costs.csv", "lever_paths.csv", "parameters.csv",
        "members", "figures", "scenarios", "summary.txt", "summary.md", "manifest.json",
    } == names  # fmt: skip
    assert list((results / "figures").glob("*.png"))
    record = json.loads((results / "manifest.json").read_text())
    assert "summary.txt" in record["files"]
    assert any(name.startswith("figures/") for name in record["files"])


def test_the_summary_holds_the_numbers_of_the_tables(results):
    effects = pd.read_csv(results / "effects.csv")
    row = effects[
        (effects["kpi"] == "basic_skills")
        & (effects["economy"] == "carec without CHN")
        & (effects["year"] == 2030)
    ]
    assert f"{row['median'].item():.1f}" in (results / "summary.txt").read_text()


def test_a_folder_of_results_is_verified_file_by_file(capsys, results, tmp_path):
    assert run(capsys, "verify", str(results))[0] == 0
    copy = tmp_path / results.name
    shutil.copytree(results, copy)
    (copy / "notes.txt").write_text("mine")
    assert run(capsys, "verify", str(copy))[0] == 0
    part = next((copy / "members").rglob("*.parquet"))
    changed = bytearray(part.read_bytes())
    changed[len(changed) // 2] ^= 1
    part.write_bytes(changed)
    (copy / "costs.csv").unlink()
    code, _, err = run(capsys, "verify", str(copy))
    assert code == 2
    assert f"{part}  was changed" in err
    assert f"{copy / 'costs.csv'}  is missing" in err


@pytest.mark.parametrize(
    "edit", ['"seed": 5|"seed": 6', '"files"|"file"', "{|", '"batch": |"batch": 1, "b": ']
)
def test_an_edited_manifest_is_found_out(capsys, results, tmp_path, edit):
    copy = tmp_path / results.name
    shutil.copytree(results, copy)
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text().replace(*edit.split("|"), 1))
    code, _, err = run(capsys, "verify", str(copy))
    assert code == 2
    assert "manifest.json" in err
    assert "Traceback" not in err


def test_a_folder_without_a_batch_cannot_be_verified(capsys, tmp_path):
    code, _, err = run(capsys, "verify", str(tmp_path))
    assert code == 2
    assert "no finished batch" in err


def test_a_run_ends_with_where_the_results_are(capsys, tmp_path):
    code, out, _ = run(
        capsys, "run", "scenarios/asean-skills.yaml", "--members", "3", "--no-figures",
        "--out", str(tmp_path),
    )  # fmt: skip
    assert code == 0
    assert out.splitlines()[-1].startswith(f"results: {tmp_path}")
    assert "90 %" in out


def test_bad_scenarios_are_reported_together_and_nothing_is_written(capsys, tmp_path):
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(
        "name: one\nregion: asean\nhorizon: 2035\nlevers:\n"
        "  - lever: brodband_investment\n    value: 0.4\n    from: 2026\n"
    )
    two.write_text("name: two\nregion: aseam\nhorizon: 2035\n")
    code, out, err = run(capsys, "run", str(one), str(two), "--out", str(tmp_path / "out"))
    assert code == 2
    assert "one.yaml:5" in err
    assert "broadband_investment" in err
    assert "two.yaml:2" in err
    assert "asean" in err
    assert "Traceback" not in out + err
    assert not (tmp_path / "out").exists()


def test_check_says_that_a_file_can_be_run(capsys):
    code, out, _ = run(capsys, "check", "scenarios/asean-push.yaml")
    assert code == 0
    assert "can be run" in out


def test_check_of_a_missing_file_is_one_error(capsys, tmp_path):
    code, _, err = run(capsys, "check", str(tmp_path / "no.yaml"))
    assert code == 2
    assert "1 problem" in err


def test_economies_shows_figures_with_their_sources(capsys):
    code, out, _ = run(capsys, "economies", "VNM", "--format", "csv")
    assert code == 0
    assert "internet_users,2023,78.08" in out
    assert "IT.NET.USER.ZS" in out


def test_economies_marks_what_is_imputed(capsys):
    _, out, _ = run(capsys, "economies", "TKM", "--format", "csv")
    row = next(line for line in out.splitlines() if line.startswith("internet_users,"))
    assert "extrapolated" in row


def test_an_unknown_economy_names_the_nearest(capsys):
    code, _, err = run(capsys, "economies", "VMN", "--region", "asean")
    assert code == 2
    assert "did you mean" in err


def test_levers_kpis_and_parameters_are_listed_in_full(capsys):
    for command, names in (
        ("kpis", [kpi.id for kpi in KPIS]),
        ("parameters", [prior.name for prior in priors()]),
        ("levers", ["broadband_investment", "data_policy_alignment"]),
    ):
        code, out, _ = run(capsys, command)
        assert code == 0
        assert all(name in out for name in names)


@pytest.mark.parametrize("command", ["levers", "shocks", "kpis", "parameters", "economies"])
def test_tables_fit_a_terminal_and_lose_nothing(capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "100")
    asked = [command, "LAO"] if command == "economies" else [command]
    wide = list(csv.reader(io.StringIO(run(capsys, *asked, "--format", "csv")[1])))
    narrow = run(capsys, *asked)[1]
    assert max(map(len, narrow.splitlines())) <= 100
    words = narrow.split()
    for row in wide[1:]:
        assert set(" ".join(row).split()) <= set(words)


def test_the_schema_is_json(capsys):
    code, out, _ = run(capsys, "schema")
    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org")


def test_a_region_of_ones_own_is_made_checked_and_run(capsys, tmp_path):
    folder = tmp_path / "mine"
    assert run(capsys, "region", "new", str(folder), "--like", "carec")[0] == 0
    assert run(capsys, "region", "check", str(folder))[0] == 0
    scenario = tmp_path / "own.yaml"
    scenario.write_text(
        "name: own\nregion: mine\nhorizon: 2028\nlevers:\n"
        "  - lever: basic_skills_programme\n    value: 2\n    from: 2025\n"
    )
    words = ("run", str(scenario), "--members", "3", "--no-figures", "--out", str(tmp_path / "out"))
    code, out, err = run(capsys, *words)
    assert code == 0, err
    assert "results:" in out


def test_a_region_is_never_overwritten(capsys, tmp_path):
    (tmp_path / "mine.csv").write_text("x")
    code, _, err = run(capsys, "region", "new", str(tmp_path))
    assert code == 2
    assert "nothing is overwritten" in err
    assert (tmp_path / "mine.csv").read_text() == "x"


def test_a_broken_region_is_reported_with_file_and_line(capsys, tmp_path):
    folder = tmp_path / "mine"
    run(capsys, "region", "new", str(folder))
    path = folder / "indicators.csv"
    lines = path.read_text().splitlines()
    row = next(k for k, line in enumerate(lines) if line.startswith("VNM,population,2023"))
    lines[row] = lines[row].replace(lines[row].split(",")[3], "-5")
    path.write_text("\n".join(lines) + "\n")
    code, _, err = run(capsys, "region", "check", str(folder))
    assert code == 2
    assert f"indicators.csv:{row + 1}" in err
    assert "-5" in err
