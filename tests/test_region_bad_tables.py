"""Bad cells, columns and files of a region: each is named with its place and the remedy."""

from pathlib import Path

import pytest
from test_region_tables import Rows, cell, change, problems, read, small_folder

from sim.errors import InputError
from sim.region import LAYOUTS, Region

REQUIRED = [layout.file for layout in LAYOUTS if layout.required]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "line", "column", "text", "parts"),
    [
        ("economies.csv", 2, "iso3", "la", ["economies.csv:2", "not a code"]),
        ("economies.csv", 2, "iso3", "ROW", ["rest of the world"]),
        ("economies.csv", 2, "latitude", "95", ["out of range", "-90 to 90"]),
        ("economies.csv", 2, "role", "membr", ["did you mean member"]),
        ("economies.csv", 2, "name", "", ["blank"]),
        ("indicators.csv", 2, "value", "-5", ["indicators.csv:2", "population", "1000 to 1e+10"]),
        ("indicators.csv", 2, "value", "many", ["'many'", "not a number"]),
        ("indicators.csv", 2, "value", "nan", ["not a number"]),
        ("indicators.csv", 2, "value", "inf", ["not a number"]),
        ("indicators.csv", 2, "value", "1e999", ["out of range"]),
        ("indicators.csv", 2, "value", "1_000_000", ["not a number"]),
        ("indicators.csv", 2, "value", "", ["blank"]),
        ("indicators.csv", 2, "indicator", "populaton", ["did you mean population"]),
        ("indicators.csv", 2, "iso3", "LAQ", ["no such economy", "did you mean LAO"]),
        ("indicators.csv", 2, "year", "1850", ["2000 to 2035"]),
        ("indicators.csv", 2, "year", "2000.5", ["not a whole number"]),
        ("indicators.csv", 2, "year", "2001", ["stands already in line"]),
        ("indicators.csv", 2, "source", "wdi_populaton", ["did you mean wdi_population_total"]),
        ("provisions.csv", 2, "score", "1.2", ["0 to 1"]),
        ("provisions.csv", 2, "confidence", "sure", ["high, medium, low"]),
        ("trade.csv", 2, "value_usd", "-1", ["out of range"]),
        ("trade.csv", 2, "importer", "XYZ", ["trade.csv:2", "no such economy"]),
        ("trade_totals.csv", 2, "exports_world_usd", "1", ["more than the total"]),
        ("fibre.csv", 2, "b", "XYZ", ["fibre.csv:2", "no such economy"]),
        ("fibre.csv", 2, "status", "in service", ["did you mean in_service"]),
        ("fibre.csv", 2, "landings", "1", ["2 to 200"]),
        ("agreements.csv", 2, "data_flows", "1.5", ["0 to 1"]),
        ("agreements.csv", 2, "binding", "firm", ["not a known entry", "best_endeavour"]),
        ("agreements.csv", 4, "needed", "", ["says that a number must ratify"]),
        ("instruments.csv", 2, "event", "acceeded", ["did you mean acceded"]),
        ("instruments.csv", 2, "date", "22.1.2019", ["not a date", "2019-01-22"]),
        ("regimes.csv", 2, "regime", "free", ["localisation, adequacy, free_flow"]),
        ("groups.csv", 2, "group", "all", ["kept for the whole region"]),
        ("groups.csv", 2, "group", "My Group", ["lower-case"]),
        ("groups.csv", 2, "iso3", "XYZ", ["no such economy"]),
        ("sources.csv", 2, "licence", "", ["blank"]),
        ("sources.csv", 2, "key", "baci_mat", ["stands already"]),
    ],
)
def test_a_bad_cell_is_named_with_file_line_and_remedy(folder, name, line, column, text, parts):
    change(folder, name, cell(line, column, text))
    message = problems(folder)
    for part in (name, *parts):
        assert part in message


def test_a_flow_from_an_economy_to_itself_is_refused(folder):
    rows = read(folder / "trade.csv")
    change(folder, "trade.csv", cell(2, "importer", rows[1][0]))
    assert "itself" in problems(folder)


def test_whoever_joined_did_so_in_some_year(folder):
    rows = read(folder / "instruments.csv")
    line = next(number for number, row in enumerate(rows, 1) if row[2] == "acceded")
    change(folder, "instruments.csv", cell(line, "date", ""))
    message = problems(folder)
    assert f"instruments.csv:{line}" in message
    assert "the event acceded needs a date" in message


def test_the_same_link_in_the_other_direction_is_a_repetition(folder):
    change(
        folder,
        "fibre.csv",
        lambda rows: rows.append([rows[1][1], rows[1][0], *rows[1][2:]]),
    )
    assert "stands already in line 2" in problems(folder)


def test_a_share_above_one_hundred_is_refused(folder):
    rows = read(folder / "indicators.csv")
    line = next(i for i, row in enumerate(rows, 1) if row[1] == "internet_users")
    change(folder, "indicators.csv", cell(line, "value", "101"))
    message = problems(folder)
    assert f"indicators.csv:{line}" in message
    assert "0 to 100" in message


@pytest.mark.parametrize("text", ["1e12", "1e30", "1e999", "-1e30"])
def test_a_figure_out_of_range_is_reported_once_with_the_range_of_its_indicator(folder, text):
    change(folder, "indicators.csv", cell(2, "value", text))
    with pytest.raises(InputError) as caught:
        Region.load(folder)
    (found,) = caught.value.problems
    assert "out of range for population" in found.message
    assert found.allowed == "1000 to 1e+10"


def test_an_economy_that_was_dropped_is_one_problem_in_each_table(folder):
    change(folder, "economies.csv", lambda rows: rows.pop(1))
    with pytest.raises(InputError) as caught:
        Region.load(folder)
    files = [Path(found.file).name for found in caught.value.problems]
    tables = {
        "cable_hazards",
        "groups", "indicators", "provisions", "trade", "trade_totals", "fibre", "instruments",
    }  # fmt: skip
    assert sorted(files) == sorted(f"{name}.csv" for name in tables)
    for found in caught.value.problems:
        rows = read(Path(found.file))
        lines = [line for line, row in enumerate(rows, 1) if "LAO" in row]
        assert found.value == "LAO"
        assert found.line == lines[0]
        if len(lines) > 1:
            assert f"({len(lines)} rows, this is the first)" in found.message
            assert "economies.csv" in found.remedy


def test_all_problems_come_at_once(folder):
    change(folder, "economies.csv", cell(2, "latitude", "north"))
    change(folder, "trade.csv", cell(3, "value_usd", "x"))
    change(folder, "provisions.csv", cell(4, "score", "2"))
    with pytest.raises(InputError) as caught:
        Region.load(folder)
    assert len(caught.value.problems) == 3
    first = caught.value.problems[0]
    assert (first.line, first.field, first.value) == (2, "latitude", "north")


def test_a_thousand_equal_problems_are_summed_up(folder):
    def edit(rows: Rows) -> None:
        for row in rows[1:]:
            row[3] = "x"

    change(folder, "indicators.csv", edit)
    with pytest.raises(InputError, match="more problems like the last one") as caught:
        Region.load(folder)
    assert len(caught.value.problems) == 21


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_table_is_named_with_its_columns(folder, name):
    (folder / name).unlink()
    message = problems(folder)
    assert name in message
    assert "the table is missing" in message


def test_a_missing_column_is_named_with_the_one_to_rename(folder):
    change(folder, "trade.csv", cell(1, "value_usd", "value_us"))
    message = problems(folder)
    assert "'value_usd' is missing" in message
    assert "rename 'value_us' to 'value_usd'" in message
    assert "did you mean" not in message


def test_a_renaming_is_proposed_only_for_the_column_that_is_nearest(folder):
    def edit(rows: Rows) -> None:
        rows[0] = ["from" if name == "exporter" else name for name in rows[0]]
        rows[0] = ["importr" if name == "importer" else name for name in rows[0]]

    change(folder, "trade.csv", edit)
    message = problems(folder)
    assert message.count("is missing") == 2
    assert message.count("rename") == 1
    assert "rename 'importr' to 'importer'" in message


def test_a_column_twice_is_refused(folder):
    change(folder, "trade.csv", lambda rows: [row.append(row[0]) for row in rows])
    assert "occurs twice" in problems(folder)


def test_a_short_row_is_named(folder):
    change(folder, "trade.csv", lambda rows: rows[4].pop())
    assert "trade.csv:5" in problems(folder)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xff\xfe\x00a", "not in UTF-8"),
        (b'iso3,name\n"LAO,Laos\n', "not CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not in UTF-8"),
        (b"just a note", "is missing"),
    ],
)
def test_a_file_that_is_no_table_is_refused(folder, content, part):
    (folder / "economies.csv").write_bytes(content)
    message = problems(folder)
    assert "economies.csv" in message
    assert part in message


def test_an_empty_folder_lists_every_table(tmp_path):
    message = problems(tmp_path)
    assert message.count("the table is missing") == len(REQUIRED)
