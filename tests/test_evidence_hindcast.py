"""Hindcasts: the model and its benchmarks are scored on the same figures, years that none saw."""

import numpy as np
import pandas as pd
import pytest

from sim.cli import main
from sim.evidence import benchmarks
from sim.evidence.hindcast import LONGEST, MODEL, hindcast
from sim.evidence.known import SERIES, held_out
from sim.region.region import Region


@pytest.fixture(scope="module")
def found():
    return hindcast(Region.load("asean"), origins=(2012, 2018), members=80)


def test_every_forecaster_is_scored_on_the_same_figures(found):
    for series in SERIES:
        held = found.scores[series]
        assert set(held) == {MODEL, *benchmarks.names(series)}
        for scores in held.values():
            for one, model in zip(scores, held[MODEL], strict=True):
                assert np.array_equal(one.counted, model.counted)


def test_only_published_figures_of_the_next_eight_years_are_scored(found):
    region = Region.load("asean")
    for place, origin in enumerate(found.origins):
        last = min(origin + LONGEST, 2023)
        after = held_out(region, origin, last)
        for series in SERIES:
            counted = found.scores[series][MODEL][place].counted
            assert counted.shape == (11, last - origin)
            assert not (counted & ~after[series].seen).any()
            assert counted.sum() > 0.8 * after[series].seen.sum()


def test_the_table_names_the_best_benchmark_and_the_interval_of_the_skill(found):
    table = found.table()
    for series in SERIES:
        rows = table[table["series"] == series].reset_index(drop=True)
        assert rows.loc[0, "forecaster"] == MODEL
        rivals = rows.iloc[1:]
        assert rivals["crps"].is_monotonic_increasing
        assert rows.loc[0, "best_benchmark"] == rivals.iloc[0]["forecaster"]
        assert rows.loc[0, "skill"] == pytest.approx(
            1.0 - rows.loc[0, "crps"] / rivals.iloc[0]["crps"]
        )
        assert rows.loc[0, "skill_low"] <= rows.loc[0, "skill"] <= rows.loc[0, "skill_high"]


def test_means_by_origin_are_those_of_the_table_and_skill_is_against_the_named_benchmark(found):
    whole = found.table().set_index(["series", "forecaster"])
    rows = found.by("origin")
    for row in rows.to_dict("records"):
        name = (row["series"], row["forecaster"])
        assert row["crps"] == pytest.approx(whole.loc[name, f"crps_{row['origin']}"])
        if row["forecaster"] == MODEL:
            rival = rows[
                (rows["series"] == row["series"])
                & (rows["forecaster"] == row["best_benchmark"])
                & (rows["origin"] == row["origin"])
            ]
            assert row["skill"] == pytest.approx(1.0 - row["crps"] / rival["crps"].iloc[0])
    assert rows.loc[rows["forecaster"] != MODEL, "skill"].isna().all()


@pytest.mark.parametrize("key", ["origin", "horizon", "economy"])
def test_every_figure_counts_once_whatever_they_are_grouped_by(found, key):
    rows = found.by(key)
    counts = rows[rows["forecaster"] == MODEL].groupby("series")["figures"].sum()
    whole = found.table().drop_duplicates("series").set_index("series")["figures"]
    assert counts.to_dict() == whole.to_dict()
    pit = found.pit()
    ranks = pit[pit["forecaster"] == MODEL].groupby("series")["figures"].sum()
    assert ranks.to_dict() == whole.to_dict()


def test_a_part_of_the_origins_gives_what_a_hindcast_from_them_alone_gives(found):
    alone = hindcast(Region.load("asean"), origins=(2018,), members=80)
    part = found.only((2018,))
    pd.testing.assert_frame_equal(part.table(), alone.table())
    pd.testing.assert_frame_equal(part.paths(), alone.paths())
    with pytest.raises(ValueError, match="not in tuple"):
        found.only((2016,))


def test_paths_hold_what_was_published_and_bands_after_the_origin_only(found):
    paths = found.paths()
    region = Region.load("asean")
    after = paths["year"] > paths["origin"]
    assert paths.loc[~after, "median"].isna().all()
    bands = paths.loc[after, ["q05", "q25", "median", "q75", "q95"]].dropna().to_numpy()
    assert len(bands) > 0.9 * after.sum()
    assert (np.diff(bands, axis=1) >= 0.0).all()
    one = paths[(paths["series"] == "internet_users") & (paths["origin"] == 2018)]
    shown = one.pivot_table("published", "economy", "year", dropna=False)
    shown = shown.reindex(list(region.economies)).to_numpy()
    seen = region.series_observed("internet_users", 2000, 2023)
    assert np.array_equal(np.isfinite(shown), seen)
    values = 100.0 * region.series("internet_users", 2000, 2023)
    assert shown[seen] == pytest.approx(values[seen])


def test_the_model_beats_a_random_walk(found):
    table = found.table().set_index(["series", "forecaster"])["crps"]
    for series in SERIES:
        assert table[series, MODEL] < table[series, "random_walk"]


def test_the_command_prints_the_scores(capsys):
    words = ["validate", "--region", "carec", "--origins", "2018", "--members", "40", "--quiet"]
    assert main(words) == 0
    said = capsys.readouterr().out
    for title in ("Internet users, percentage points", "Fixed broadband", "Log GDP, log points"):
        assert title in said
    assert said.count(f"{MODEL} against ") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--origins", "2023"), "allowed: 2001 to 2022"),
        (("--origins", "soon"), "years with commas"),
        (("--region", "asaen"), "did you mean asean"),
        (("--members", "3"), "allowed: 20 to 100000"),
    ],
)
def test_what_cannot_be_validated_is_one_clear_error(tmp_path, capsys, words, said):
    assert main(["validate", "--out", str(tmp_path / "new"), "--quiet", *words]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out
    assert not (tmp_path / "new").exists()


def test_results_of_a_validation_do_not_take_the_place_of_a_file(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["validate", "--out", str(tmp_path / "mine.txt")]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "mine"
