"""What digiregion validate refuses, and a folder that nobody may write to: before any work."""

import os
from pathlib import Path

import pytest
from other_continents import tables, write

from sim import files
from sim.cli import main
from sim.errors import InputError
from sim.evidence import calibrate, hindcast, sensitivity
from sim.experiment.posteriors import ABOUT, FOLDER
from sim.region.template import copy_tables

CAREC = "scenarios/carec-push.yaml"


@pytest.fixture(autouse=True)
def no_work(monkeypatch):
    """Fails where any work begins."""

    def work(*_, **__):
        raise AssertionError("work has begun")

    monkeypatch.setattr(hindcast, "hindcast", work)
    monkeypatch.setattr(calibrate, "calibrate", work)
    monkeypatch.setattr(sensitivity, "measured", work)


def refused(capsys, *words):
    """What is said of a command that cannot be used."""
    assert main(list(words)) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def validated(capsys, *words):
    return refused(capsys, "validate", "--region", "carec", "--quiet", *words)


# What is asked of a report


@pytest.mark.parametrize("of", ["asean-push", "asean-carec-push"])
def test_a_scenario_of_another_region_is_refused(tmp_path, capsys, of):
    out = tmp_path / "out"
    said = validated(capsys, "--sensitivity", f"scenarios/{of}.yaml", "--out", str(out))
    assert "sensitivity" in said
    assert "another region" in said
    assert "allowed: carec" in said
    assert not out.exists()


def test_a_scenario_of_the_region_is_taken(tmp_path):
    words = ["--sensitivity", CAREC, "--points", "64", "--out", str(tmp_path / "out")]
    with pytest.raises(AssertionError, match="work has begun"):
        main(["validate", "--region", "carec", "--quiet", *words])


def test_a_scenario_that_ends_before_the_year_of_the_ranking_is_refused(tmp_path, capsys):
    file = tmp_path / "short.yaml"
    file.write_text("name: short\nregion: carec\nhorizon: 2028\n")
    said = validated(capsys, "--sensitivity", str(file), "--out", str(tmp_path / "out"))
    assert "ends in 2028" in said
    assert "2030 or later" in said


@pytest.mark.parametrize(("points", "told"), [("100", "did you mean 128?"), ("1", "2, 4, 8")])
def test_points_that_are_no_power_of_two_are_refused(tmp_path, capsys, points, told):
    out = ["--out", str(tmp_path / "out")]
    said = validated(capsys, "--sensitivity", CAREC, "--points", points, *out)
    assert f"points = {points}" in said
    assert told in said


@pytest.mark.parametrize("points", ["128", "256", "100"])
def test_points_of_nothing_are_refused(capsys, points):
    said = validated(capsys, "--points", points)
    assert f"points = {points}" in said
    assert "--sensitivity" in said


@pytest.mark.parametrize("origins", ["1999", "2000", "2023", "2030"])
def test_an_origin_that_cannot_be_tested_is_refused_with_the_same_range(capsys, origins):
    said = validated(capsys, "--origins", origins)
    assert f"origins = {origins}" in said
    assert "allowed: 2001 to 2022" in said


def test_all_origins_are_checked_at_once(tmp_path, capsys):
    said = validated(capsys, "--origins", "2012,1999,2018,2023,2030,1999")
    assert [year for year in ("1999", "2012", "2018", "2023", "2030") if f"= {year}" in said] == [
        "1999", "2023", "2030",
    ]  # fmt: skip
    assert said.count("2001 to 2022") == 3


def test_figures_that_later_origins_lack_are_said_before_the_first_is_begun(tmp_path, capsys):
    folder = write(tables(2, last=2014), tmp_path / "short")
    said = refused(capsys, "validate", "--region", str(folder), "--origins", "2012,2016", "--quiet")
    assert "2017 to 2023" in said


def test_an_ensemble_that_the_report_cannot_use_is_said_before_any_work(tmp_path, capsys):
    folder, out = tmp_path / "mine", tmp_path / "out"
    copy_tables("carec", folder)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / ABOUT).write_text("{}")
    said = refused(capsys, "validate", "--region", str(folder), "--quiet", "--out", str(out))
    assert str(folder / FOLDER) in said
    assert not out.exists()


@pytest.mark.parametrize("origins", ["text", "2012;2014", ",", "-5"])
def test_origins_that_are_no_years_are_refused_with_an_example_of_origins(capsys, origins):
    said = validated(capsys, f"--origins={origins}")
    assert "such as 2012,2016" in said
    assert "2030" not in said


def test_every_problem_of_the_options_is_said_at_once(tmp_path, capsys):
    said = validated(capsys, "--origins", "1999", "--members", "3", "--points", "64", "--seed=-1")
    for field in ("origins = 1999", "members = 3", "points = 64", "seed = -1"):
        assert field in said


def test_years_of_other_commands_have_their_own_example(capsys):
    said = refused(capsys, "batch", "scenarios/asean-push.yaml", "--years", "soon")
    assert "such as 2030,2035" in said


# Folders that nobody may write to

COMMANDS = {
    "validate": ["validate", "--region", "carec", "--origins", "2018"],
    "calibrate": ["calibrate", "--region", "carec"],
    "sensitivity": ["sensitivity", "--region", "carec"],
}


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A folder without the right to write; tests may run as a user whom no right binds."""
    folder, access = tmp_path / "locked", os.access
    folder.mkdir()

    def denied(path, mode, **options):
        return Path(path) != folder and access(path, mode, **options)

    monkeypatch.setattr(files.os, "access", denied)
    return folder


@pytest.mark.parametrize("below", ["", "new", "new/and/deeper"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_be_written_is_refused_before_any_work(locked, capsys, command, below):
    said = refused(capsys, *COMMANDS[command], "--quiet", "--out", str(locked / below))
    assert f"out = '{locked / below}'"[:55] in said
    assert "cannot be written" in said
    assert not list(locked.iterdir())


def test_the_folder_of_a_region_that_cannot_be_written_is_refused_too(tmp_path, locked, capsys):
    copy_tables("carec", locked)
    before = {path.name for path in locked.iterdir()}
    assert "cannot be written" in refused(capsys, "calibrate", "--region", str(locked), "--quiet")
    assert {path.name for path in locked.iterdir()} == before


@pytest.mark.parametrize("below", ["", "new"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path, capsys, command, below):
    file = tmp_path / "file"
    file.write_text("mine")
    said = refused(capsys, *COMMANDS[command], "--quiet", "--out", str(file / below))
    assert "is a file, not a folder" in said
    assert file.read_text() == "mine"


def test_the_parents_of_a_folder_are_not_made_by_the_check(tmp_path):
    files.check_writable(tmp_path / "new" / "deeper", "out")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        files.check_writable(tmp_path / "file", "out")
