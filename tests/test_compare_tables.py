"""The check of drift: tables of two folders are told apart by file, row and column."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parent.parent / ".ci" / "compare_tables.py"
TABLE = "name,value,note\ngdp,1.23456,\nusers,-0.5,text\n"


def compare(old, new):
    done = subprocess.run(
        [sys.executable, str(TOOL), str(old), str(new)], capture_output=True, text=True
    )
    return done.returncode, done.stdout


@pytest.fixture
def folders(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scores.csv").write_text(TABLE)
    return tmp_path / "old", tmp_path / "new"


def test_the_same_tables_pass_and_other_files_do_not_matter(folders):
    (folders[1] / "figure.png").write_bytes(b"other")
    assert compare(*folders)[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.23456", "1.2345601"),
        ("1.23456", "1.23456000"),
        ("-0.5", "-5e-1"),
        ("-0.5", "-0.5000001"),
    ],
)
def test_numbers_that_differ_in_noise_are_the_same(folders, old, new):
    (folders[1] / "scores.csv").write_text(TABLE.replace(old, new))
    assert compare(*folders)[0] == 0


@pytest.mark.parametrize("new", ["1e-10", "0", "-0.0"])
def test_next_to_zero_the_difference_itself_counts(folders, new):
    (folders[0] / "scores.csv").write_text(TABLE.replace("-0.5", "0.0"))
    (folders[1] / "scores.csv").write_text(TABLE.replace("-0.5", new))
    assert compare(*folders)[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("1.23456", "1.23467", "row 1, column value"),
        ("-0.5", "0.5", "row 2, column value"),
        ("-0.5", "", "row 2, column value"),
        ("-0.5", "nan", "row 2, column value"),
        ("text", "words", "row 2, column note"),
        ("gdp", "GDP", "row 1, column name"),
        ("users,-0.5,text\n", "", "2 rows against 1"),
        ("note\n", "notes\n", "columns name, value, note against name, value, notes"),
    ],
)
def test_what_differs_is_named_by_file_row_and_column(folders, old, new, place):
    (folders[1] / "scores.csv").write_text(TABLE.replace(old, new))
    code, said = compare(*folders)
    assert code == 1
    assert f"scores.csv: {place}" in said


def test_tables_that_only_one_folder_has_are_named(folders):
    for folder, name in zip(folders, ("gone.csv", "fresh.csv"), strict=True):
        (folder / name).write_text(TABLE)
    code, said = compare(*folders)
    assert code == 1
    assert f"gone.csv: only in {folders[0]}" in said
    assert f"fresh.csv: only in {folders[1]}" in said


def test_folders_without_tables_do_not_pass(tmp_path):
    assert compare(tmp_path, tmp_path)[0] == 1
    assert compare(tmp_path / "none", tmp_path / "none")[0] == 1


def test_many_differences_are_counted_not_listed(folders):
    rows = "".join(f"{number}\n" for number in range(40))
    (folders[0] / "scores.csv").write_text("value\n" + rows)
    (folders[1] / "scores.csv").write_text("value\n" + rows.replace("\n", "1\n"))
    code, said = compare(*folders)
    assert code == 1
    assert len(said.splitlines()) == 6
    assert "and 35 more" in said
