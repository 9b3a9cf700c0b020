"""Calibration: the ensemble that history leaves, and runs that start from it."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from own_region import keep_only

import sim
from sim.cli import main
from sim.errors import InputError
from sim.evidence.calibrate import calibrate
from sim.experiment import posteriors
from sim.experiment.batch import write_batch
from sim.experiment.engine import run_members
from sim.experiment.plan import case_of
from sim.experiment.reproduce import reproduce
from sim.kpi.registry import COLUMNS
from sim.model.parameters import parameter_table
from sim.region.region import SHIPPED, Region
from sim.region.template import copy_tables

ECONOMIES = ("KAZ", "MNG", "TJK")
USERS = [column.id for column in COLUMNS].index("internet_users")


def small(folder, economies=ECONOMIES):
    """A region of one's own of some shipped economies."""
    copy_tables("carec", folder)
    keep_only(folder, economies)
    return Path(folder)


def rewrite(path, change):
    """Change the rows of a table in place."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A region whose own ensemble was fitted by the command."""
    folder = small(tmp_path_factory.mktemp("own") / "steppe")
    assert main(["calibrate", "--region", str(folder), "--members", "100", "--quiet"]) == 0
    return folder


@pytest.fixture
def region(own, tmp_path):
    return Path(shutil.copytree(own, tmp_path / "steppe"))


def baseline(folder):
    return sim.Scenario.baseline(str(folder), horizon=2026)


# What is fitted


def test_the_command_says_what_history_taught(tmp_path, capsys):
    folder = small(tmp_path / "steppe")
    words = ["calibrate", "--region", str(folder), "--members", "60"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "ceiling_trend" in said
    assert "misfit" in said
    assert f"ensemble: {folder}/posterior" in said
    assert posteriors.read(folder / "posterior").size == 60


def test_the_ensemble_is_the_same_every_time(own, tmp_path):
    again = tmp_path / "again"
    words = ["calibrate", "--region", str(own), "--members", "100", "--quiet", "--out", str(again)]
    assert main(words) == 0
    for name in posteriors.FILES:
        assert (again / name).read_bytes() == (own / "posterior" / name).read_bytes()


def test_what_is_written_is_what_was_fitted(tmp_path):
    found = calibrate(Region.load("carec"), 2015, members=20).posterior
    posteriors.write(found, tmp_path)
    assert posteriors.read(tmp_path).digest == found.digest


def test_figures_after_the_last_year_of_a_fit_do_not_reach_it(tmp_path):
    folder = small(tmp_path / "steppe")
    honest = calibrate(Region.load(folder), 2014, members=60).posterior

    def spoil(row):
        if int(row["year"]) > 2014:
            row["value"] = str(float(row["value"]) * 0.9)

    rewrite(folder / "indicators.csv", spoil)
    spoilt = calibrate(Region.load(folder), 2014, members=60).posterior
    for name, values in (*honest.shared.items(), *honest.own.items()):
        if name != "gdp_error":
            held = spoilt.shared if name in spoilt.shared else spoilt.own
            assert np.array_equal(values, held[name]), name


def test_history_makes_what_all_economies_share_better_known(own):
    held = posteriors.read(own / "posterior")
    table = calibrate(Region.load("carec"), members=100).table().set_index("parameter")
    assert set(table.index) == set(held.parameters)
    assert table.loc["ceiling_level", "spread_kept"] < 0.7
    assert table.loc["trend_growth", "spread_kept"] < 0.8
    assert (table["spread_kept"] < 1.15).all()


def test_years_without_figures_are_an_input_error(capsys):
    assert main(["calibrate", "--region", "asean", "--until", "1999"]) == 2
    assert "1999" in capsys.readouterr().err


# What runs start from


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_ensemble_is_fitted_to_the_shipped_data_and_model(name):
    region = Region.load(name)
    chosen = posteriors.choose(region)
    assert chosen.warnings == (), "run: make posterior"
    assert chosen.posterior.fitted.all()
    assert chosen.posterior.economies == region.economies
    assert chosen.posterior.size == 500


@pytest.mark.slow
def test_the_shipped_ensemble_is_what_calibrate_gives():
    shipped, again = posteriors.read(posteriors.SHIPPED), calibrate(Region.load("asean+carec"))
    for name, values in (*shipped.shared.items(), *shipped.own.items()):
        held = again.posterior.shared if name in shipped.shared else again.posterior.own
        # The last digits differ between processors, and the fit repeats them through its rounds.
        np.testing.assert_allclose(held[name], values, rtol=1e-3, atol=1e-5, err_msg=name)


def test_runs_start_where_history_left_each_economy(own):
    held = posteriors.read(own / "posterior")
    found = run_members(case_of(baseline(own)), 3, range(held.size))[USERS, :, 0]
    region = Region.load(own)
    town = region.base("urban_share")
    online = held.own["online"].reshape(held.size, 3, 2, 5).mean(axis=-1)
    users = 100.0 * (town * online[:, :, 0] + (1.0 - town) * online[:, :, 1])
    assert np.sort(found, axis=0) == pytest.approx(np.sort(users, axis=0), rel=1e-9)


def test_every_draw_is_used_once_before_any_is_used_again(own):
    held = posteriors.read(own / "posterior")
    rows = held.rows(7, range(3 * held.size))
    for turn in range(3):
        part = rows[turn * held.size : (turn + 1) * held.size]
        assert np.array_equal(np.sort(part), np.arange(held.size))
    assert not np.array_equal(rows[: held.size], rows[held.size : 2 * held.size])
    assert not np.array_equal(held.rows(8, range(50)), rows[:50])


def test_the_draw_of_a_member_does_not_depend_on_the_others(own):
    held = posteriors.read(own / "posterior")
    whole = held.rows(7, range(1000))
    assert np.array_equal(held.rows(7, range(150, 777)), whole[150:777])


def test_runs_from_priors_are_less_certain(own):
    scenario = baseline(own)
    fitted = run_members(case_of(scenario), 1, range(200))[USERS, :, -1]
    prior = posteriors.choose(scenario.world, "prior")
    wide = run_members(case_of(scenario, prior), 1, range(200))[USERS, :, -1]
    assert (fitted.std(axis=0) < wide.std(axis=0)).mean() > 0.5


def test_the_manifest_says_what_runs_started_from(region, tmp_path):
    for parameters, kind in (("posterior", "posterior"), ("prior", "prior")):
        written = write_batch(baseline(region), 4, out=tmp_path / kind, parameters=parameters)
        record = json.loads((written.folder / "manifest.json").read_text())
        assert record["parameters"]["steppe"]["kind"] == kind
        assert record["warnings"] == []
        digest = record["inputs"]["scenarios"][0]["posterior"]
        assert (digest is None) == (kind == "prior")


def test_results_say_which_parameters_history_has_touched(region, tmp_path):
    folder = write_batch(baseline(region), 4, out=tmp_path / "out").folder
    status = pd.read_csv(folder / "parameters.csv").set_index("parameter")["status"]
    assert status["ceiling_trend"] == status["rollout_effect"] == "calibrated"
    assert status["trade_elasticity"] == "prior only"
    assert status["depreciation"] == "fixed"
    assert {row["status"] for row in parameter_table()} == {"prior only", "fixed"}


# Where it does not fit


def run(capsys, folder, out, *options):
    """Run a baseline of the region in ``folder`` by the command; code, what was said, results."""
    file = folder / "plain.yaml"
    file.write_text(f"name: plain\nregion: {folder}\nhorizon: 2026\n")
    words = ["run", str(file), "--members", "4", "--no-figures", "--out", str(out), *options]
    code = main(words)
    said = capsys.readouterr()
    results = [path.parent for path in Path(out).glob("*/manifest.json")]
    return code, said.err, results[0] if results else None


def test_another_history_is_warned_of_everywhere(region, tmp_path, capsys):
    def change(row):
        if (row["iso3"], row["indicator"], row["year"]) == ("MNG", "internet_users", "2015"):
            row["value"] = "60"

    rewrite(region / "indicators.csv", change)
    code, said, results = run(capsys, region, tmp_path / "out")
    assert code == 0
    warning = next(line for line in said.splitlines() if line.startswith("warning: "))
    assert "MNG" in warning
    assert "KAZ" not in warning
    assert f"digiregion calibrate --region {region}" in warning
    told = warning.removeprefix("warning: ")
    assert json.loads((results / "manifest.json").read_text())["warnings"] == [told]
    assert "MNG" in (results / "summary.txt").read_text()


def test_another_model_is_warned_of(own, monkeypatch):
    monkeypatch.setattr(posteriors, "model_digest", lambda files: "another")
    told = posteriors.choose(Region.load(own)).warnings
    assert len(told) == 1
    assert "the model changed" in told[0]


def test_comments_and_layout_are_not_the_model(tmp_path, monkeypatch):
    code = {
        "one": 'def f(x):\n    """Says."""\n    return x + 1  # why\n',
        "two": '# more\ndef f(x):\n    """Says more."""\n\n    return (x\n        + 1)\n',
        "three": "def f(x):\n    return x + 2\n",
    }
    for name, text in code.items():
        (tmp_path / f"{name}.py").write_text(text.replace("(x\n        + 1)", "x + 1"))
    one, two, three = (posteriors._code(tmp_path / f"{name}.py") for name in code)
    assert one == two
    assert one != three


def test_economies_without_a_fit_run_on_priors_with_a_warning(tmp_path, capsys):
    folder = small(tmp_path / "steppe")
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text().replace("TJK", "KEN"))
    code, said, results = run(capsys, folder, tmp_path / "out")
    assert code == 0
    assert "not fitted, effects are drawn from the priors: KEN" in said
    assert results is not None


def test_an_ensemble_of_another_base_year_gives_what_is_shared(tmp_path):
    folder = small(tmp_path / "steppe")
    found = calibrate(Region.load(folder), 2019, members=60)
    posteriors.write(found.posterior, folder / "posterior")
    chosen = posteriors.choose(Region.load(folder))
    assert not chosen.posterior.fitted.any()
    assert any("ends in 2019" in warning for warning in chosen.warnings)
    runs = run_members(case_of(baseline(folder)), 1, range(8))
    assert np.isfinite(runs).all()


@pytest.mark.parametrize("asked", ["postrior", "nowhere/at/all"])
def test_parameters_that_are_nowhere_are_an_input_error(region, tmp_path, capsys, asked):
    code, said, results = run(capsys, region, tmp_path / "out", "--parameters", asked)
    assert code == 2
    assert results is None
    assert asked in said
    assert "posterior, prior" in said


@pytest.mark.parametrize("name", posteriors.FILES)
def test_a_spoilt_ensemble_is_an_input_error(region, tmp_path, capsys, name):
    (region / "posterior" / name).write_text("nothing")
    code, said, results = run(capsys, region, tmp_path / "out")
    assert code == 2
    assert results is None
    assert "fitted ensemble" in said
    (region / "posterior" / name).unlink()
    if name != posteriors.ABOUT:
        with pytest.raises(InputError, match="missing"):
            posteriors.choose(Region.load(region))


def test_a_batch_is_reproduced_when_its_ensemble_is_gone(region, tmp_path):
    folder = write_batch(baseline(region), 4, out=tmp_path / "out").folder
    shutil.rmtree(region)
    again = reproduce(folder)
    assert not again.is_different
    assert "identical" in again.verdict
