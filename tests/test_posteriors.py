"""A fitted ensemble on disk: whole and as it was written, or one clear error that says where."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from own_region import keep_only

from sim.cli import main
from sim.errors import InputError
from sim.experiment import posteriors
from sim.experiment.agents import RegionModel
from sim.region.region import Region
from sim.region.template import copy_tables

ECONOMIES = ("KAZ", "MNG", "TJK")
DRAWS = 20
AGAIN = "fit again with digiregion calibrate"


def part_of_shipped(first=0):
    """A small ensemble: some draws of the shipped one, of three economies."""
    whole = posteriors.read(posteriors.SHIPPED).of(ECONOMIES)
    draws = slice(first, first + DRAWS)
    return replace(
        whole,
        shared={name: values[draws] for name, values in whole.shared.items()},
        own={name: values[draws] for name, values in whole.own.items()},
    )


@pytest.fixture
def region(tmp_path):
    """A region of one's own with an ensemble."""
    folder = tmp_path / "steppe"
    copy_tables("carec", folder)
    keep_only(folder, ECONOMIES)
    posteriors.write(part_of_shipped(), folder / posteriors.FOLDER)
    return folder


def change_record(region, change):
    """Change what posterior.json holds in place."""
    path = region / posteriors.FOLDER / posteriors.ABOUT
    held = json.loads(path.read_text(encoding="utf-8"))
    change(held)
    path.write_text(json.dumps(held), encoding="utf-8")


def change_table(region, name, change):
    """Write a table again after a change of its frame."""
    path = region / posteriors.FOLDER / name
    frame = change(pd.read_parquet(path))
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def refused(region, tmp_path, capsys):
    """What the command says of a run that cannot start from the ensemble; nothing is written."""
    file = region / "plain.yaml"
    file.write_text(f"name: plain\nregion: {region}\nhorizon: 2026\n")
    out = tmp_path / "out"
    assert main(["run", str(file), "--members", "4", "--no-figures", "--out", str(out)]) == 2
    assert not list(out.glob("*"))
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_what_is_read_is_what_was_written(region):
    written, found = part_of_shipped(), posteriors.read(region / posteriors.FOLDER)
    assert found.digest == written.digest
    assert found.parameters == written.parameters
    chosen = posteriors.choose(Region.load(region))
    assert chosen.posterior.fitted.all()
    assert not any("history" in warning for warning in chosen.warnings)


# Another shape


@pytest.mark.parametrize("text", ['"hello"', "5", "null", "[]", "{", "", "[" * 100_000, "\\"])
def test_a_record_of_another_kind_is_an_input_error(region, tmp_path, capsys, text):
    (region / posteriors.FOLDER / posteriors.ABOUT).write_text(text)
    assert posteriors.ABOUT in refused(region, tmp_path, capsys)


@pytest.mark.parametrize("name", [
    "region", "until", "members", "seed", "rounds", "misfit", "history", "model", "priors",
    "economies", "digest",
])  # fmt: skip
def test_a_record_that_lacks_a_field_is_an_input_error(region, tmp_path, capsys, name):
    change_record(region, lambda held: held.pop(name))
    said = refused(region, tmp_path, capsys)
    assert f"{posteriors.ABOUT}  {name}  is missing" in said
    assert AGAIN in said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("until", "2023"),
        ("until", 2050),
        ("until", True),
        ("seed", 1.5),
        ("seed", -1),
        ("members", None),
        ("region", 3),
        ("misfit", [1]),
        ("history", 7),
        ("history.indicators", 5),
        ("history.indicators", []),
        ("history.indicators.0", "internet_user"),
        ("history.digests", "x"),
        ("history.digests.KAZ", 3),
        ("model", "x"),
        ("model.files", "evidence/fit.py"),
        ("model.files.0", "../pyproject.toml"),
        ("model.digest", None),
        ("priors", 3),
        ("priors.names", {"a": 1}),
        ("economies", "KAZ"),
        ("economies", []),
        ("economies.1", 4),
        ("digest", "no such"),
    ],
)
def test_a_field_of_another_shape_is_an_input_error(region, tmp_path, capsys, field, value):
    *above, last = field.split(".")

    def change(held):
        for step in above:
            held = held[step]
        held[int(last) if isinstance(held, list) else last] = value

    change_record(region, change)
    said = refused(region, tmp_path, capsys)
    shown = re.sub(r"[.]([0-9])", r"[\1]", field)
    assert f"{posteriors.ABOUT}  {shown}" in said
    assert AGAIN in said


def test_every_wrong_field_is_said_at_once(region):
    change_record(region, lambda held: held.update(until="2023", seed=None, model="x"))
    with pytest.raises(InputError) as caught:
        posteriors.read(region / posteriors.FOLDER)
    assert {problem.field for problem in caught.value.problems} == {"until", "seed", "model"}


def test_further_fields_may_stand_in_the_record(region):
    folder = region / posteriors.FOLDER
    told = part_of_shipped()
    told = replace(told, about={**told.about, "carried": {"from": ["asean", None, 1.5]}})
    posteriors.write(told, folder)
    assert posteriors.read(folder).about["carried"] == {"from": ["asean", None, 1.5]}


def test_a_fit_beyond_the_tables_of_a_region_is_an_input_error(region, tmp_path, capsys):
    told = part_of_shipped()
    told = replace(told, about={**told.about, "until": 2030})
    posteriors.write(told, region / posteriors.FOLDER)
    said = refused(region, tmp_path, capsys)
    assert f"{posteriors.ABOUT}  until = 2030" in said


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (posteriors.SHARED, "ceiling_trend"),
        (posteriors.SHARED, "draw"),
        (posteriors.OWN, "ceiling_effect"),
        (posteriors.OWN, "online_0"),
        (posteriors.OWN, "capital_ratio"),
        (posteriors.OWN, "economy"),
    ],
)
def test_a_table_that_lacks_a_column_is_an_input_error(region, tmp_path, capsys, name, column):
    folder = region / posteriors.FOLDER
    names = pq.read_schema(folder / name).names
    column = next(one for one in names if one.startswith(column.removesuffix("_0")))
    change_table(region, name, lambda frame: frame.drop(columns=column))
    assert f"{name}  {column}  is missing" in refused(region, tmp_path, capsys)


@pytest.mark.parametrize("name", [posteriors.SHARED, posteriors.OWN])
@pytest.mark.parametrize("column", ["trade_elasticity", "no_such", "digest"])
def test_a_column_that_is_not_fitted_is_an_input_error(region, tmp_path, capsys, name, column):
    change_table(region, name, lambda frame: frame.assign(**{column: 1.0}))
    assert f"{name}  {column}  " in refused(region, tmp_path, capsys)


# As it was written


def one_changed(frame):
    frame.iloc[3, -1] += 1e-6
    return frame


def one_blank(frame):
    frame.iloc[3, -1] = np.nan
    return frame


def one_endless(frame):
    frame.iloc[3, -1] = np.inf
    return frame


def words(frame):
    return frame.assign(**{frame.columns[-1]: "x"})


@pytest.mark.parametrize("name", [posteriors.SHARED, posteriors.OWN])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (one_changed, "is not as it was written"),
        (lambda frame: frame[::-1], "draw"),
        (lambda frame: frame[::-1].assign(draw=frame["draw"].to_numpy()), ""),
        (lambda frame: frame[:-1], ""),
        (lambda frame: frame[:0], ""),
        (one_blank, "finite"),
        (one_endless, "finite"),
        (words, "number"),
    ],
)
def test_a_table_that_was_changed_is_an_input_error(region, tmp_path, capsys, name, change, told):
    change_table(region, name, change)
    said = refused(region, tmp_path, capsys)
    assert told in said
    assert AGAIN in said
    assert str(region / posteriors.FOLDER) in said


@pytest.mark.parametrize("name", posteriors.FILES)
def test_a_file_of_another_fit_is_an_input_error(region, tmp_path, capsys, name):
    other = posteriors.write(part_of_shipped(first=100), tmp_path / "other")
    shutil.copyfile(other / name, region / posteriors.FOLDER / name)
    assert f"is not as it was written: {AGAIN}" in refused(region, tmp_path, capsys)


def test_a_parameter_that_is_missing_from_tables_and_record_is_an_input_error(
    region, tmp_path, capsys
):
    change_record(region, lambda held: held["priors"]["names"].remove("ceiling_trend"))
    change_table(region, posteriors.SHARED, lambda frame: frame.drop(columns="ceiling_trend"))
    assert "is not as it was written" in refused(region, tmp_path, capsys)


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_writing_that_is_cut_off_leaves_no_mix_that_is_taken(region, monkeypatch, moved):
    folder, whole, done = region / posteriors.FOLDER, os.replace, []

    def cut_off(source, target):
        if len(done) == moved:
            raise KeyboardInterrupt
        done.append(Path(target).name)
        whole(source, target)

    monkeypatch.setattr(os, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        posteriors.write(part_of_shipped(first=100), folder)
    monkeypatch.undo()
    assert posteriors.ABOUT not in done
    assert not (folder / posteriors.ABOUT).exists()
    with pytest.raises(InputError, match="missing"):
        posteriors.read(folder)
    assert {path.name for path in folder.iterdir()} <= set(posteriors.FILES)


def test_a_full_disk_leaves_the_former_ensemble(region, monkeypatch):
    folder, write_table, done = region / posteriors.FOLDER, pq.write_table, []

    def fill(table, target, **options):
        if done:
            raise OSError(28, "No space left on device")
        done.append(target)
        write_table(table, target, **options)

    monkeypatch.setattr(posteriors.pq, "write_table", fill)
    with pytest.raises(OSError, match="space"):
        posteriors.write(part_of_shipped(first=100), folder)
    assert posteriors.read(folder).digest == part_of_shipped().digest
    assert {path.name for path in folder.iterdir()} == set(posteriors.FILES)


# What speaks against it


def test_a_model_of_agents_warns_of_what_speaks_against_its_ensemble(region):
    path = region / "indicators.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    figure = (frame["iso3"] == "KAZ") & (frame["indicator"] == "internet_users")
    frame.loc[figure & (frame["year"] == "2015"), "value"] = "60"
    frame.to_csv(path, index=False)
    told = posteriors.choose(Region.load(region)).warnings
    assert any("KAZ" in warning for warning in told)
    with pytest.warns(UserWarning, match="KAZ") as caught:
        RegionModel(region)
    assert [str(one.message) for one in caught] == list(told)
    assert {one.filename for one in caught} == {__file__}
