"""A folder of one's own: the same loader, the same checks, every problem at once."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.region import LAYOUTS, Region, base_flows
from sim.region.region import TABLES

CHOSEN = {"VNM", "THA", "LAO", "CHN", "JPN"}
NAMES = tuple(layout.file for layout in LAYOUTS)
Rows = list[list[str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)


def small_tables() -> dict[str, Rows]:
    """Four of the shipped economies and one hub."""
    coded = {"iso3", "exporter", "importer", "a", "b"}
    tables = {}
    for name in NAMES:
        header, *rows = read(TABLES / name)
        places = [i for i, column in enumerate(header) if column in coded]
        chosen = [row for row in rows if all(row[i] in CHOSEN for i in places)]
        tables[name] = [header, *chosen]
    return tables


SMALL = small_tables()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "mekong"
    place.mkdir()
    for name, rows in SMALL.items():
        write(place / name, rows)
    return place


def change(folder: Path, name: str, edit: Callable[[Rows], object]) -> None:
    rows = read(folder / name)
    edit(rows)
    write(folder / name, rows)


def cell(line: int, column: str, text: str) -> Callable[[Rows], None]:
    """An edit that writes one cell (line 1 is the header)."""

    def edit(rows: Rows) -> None:
        rows[line - 1][rows[0].index(column)] = text

    return edit


def problems(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        Region.load(folder)
    return str(caught.value)


def test_a_copy_of_the_shipped_tables_gives_the_shipped_region(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(TABLES, copy)
    own, shipped = Region.load(copy), Region.load("asean+carec")
    assert own.name == "copy"
    assert own == shipped
    assert own.digest == shipped.digest
    assert own.nodes == shipped.nodes
    assert own.groups == shipped.groups
    assert np.array_equal(own.base("internet_users"), shipped.base("internet_users"))
    assert np.array_equal(base_flows(own), base_flows(shipped))


def test_a_region_of_four_economies_loads(folder):
    region = Region.load(str(folder))
    assert region.economies == ("LAO", "THA", "VNM", "CHN")
    assert region.nodes == ("LAO", "THA", "VNM", "CHN", "JPN", "ROW")
    assert np.isfinite(base_flows(region)).all()
    assert len(region.figures) == 4 * (len(region.indicators) + 6)


def test_two_economies_are_enough(folder):
    rows = read(folder / "economies.csv")
    for row in rows[1:]:
        row[2] = "member" if row[0] in ("LAO", "THA") else "hub"
    write(folder / "economies.csv", rows)
    region = Region.load(folder)
    assert region.economies == ("LAO", "THA")
    assert region.trade_weights.tolist() == [[0, 1], [1, 0]]


def test_any_code_will_do(folder):
    """Nothing depends on the shipped names."""
    for name in NAMES:
        text = (folder / name).read_text(encoding="utf-8")
        for old, new in (("LAO", "ALPHA"), ("THA", "B1"), ("VNM", "GAMMA"), ("CHN", "DELTA")):
            text = text.replace(f"{old},", f"{new},")
        (folder / name).write_text(text, encoding="utf-8")
    region = Region.load(folder)
    assert region.economies == ("ALPHA", "B1", "GAMMA", "DELTA")
    assert region.groups["landlocked"] == ("ALPHA",)


def test_groups_are_optional_and_landlocked_follows_from_the_economies(folder):
    (folder / "groups.csv").unlink()
    region = Region.load(folder)
    assert dict(region.groups) == {"all": region.economies, "landlocked": ("LAO",)}


def test_line_ends_marks_blanks_and_further_columns_do_not_change_the_digest(folder):
    before = Region.load(folder)
    for name in NAMES:
        rows = [[*row, "mine"] for row in read(folder / name)]
        text = "\r\n".join(",".join(quoted(f" {c} ") for c in row) for row in rows)
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    after = Region.load(folder)
    assert after.digest == before.digest
    assert sum("is not used" in warning for warning in after.warnings) == len(NAMES)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def test_any_change_of_a_figure_changes_the_digest(folder):
    before = Region.load(folder).digest
    change(folder, "indicators.csv", cell(2, "value", "5000001"))
    assert Region.load(folder).digest != before


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


@pytest.mark.parametrize("name", [name for name in NAMES if name != "groups.csv"])
def test_a_missing_table_is_named_with_its_columns(folder, name):
    (folder / name).unlink()
    message = problems(folder)
    assert name in message
    assert "the table is missing" in message


def test_a_missing_column_is_named_with_the_nearest(folder):
    change(folder, "trade.csv", cell(1, "value_usd", "value_us"))
    message = problems(folder)
    assert "'value_usd' is missing" in message
    assert "did you mean value_us" in message


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
    assert message.count("the table is missing") == len(NAMES) - 1


def test_a_region_of_one_is_refused(folder):
    def edit(rows: Rows) -> None:
        for row in rows[2:]:
            row[2] = "hub"

    change(folder, "economies.csv", edit)
    assert "two economies or more" in problems(folder)


def drop(folder: Path, name: str, unwanted: Callable[[dict[str, str]], bool]) -> None:
    header, *rows = read(folder / name)
    kept = [row for row in rows if not unwanted(dict(zip(header, row, strict=True)))]
    write(folder / name, [header, *kept])


def test_an_indicator_that_no_rule_can_fill_is_named(folder):
    drop(folder, "indicators.csv", lambda r: r["iso3"] == "LAO" and r["indicator"] == "gdp")
    drop(folder, "indicators.csv", lambda r: r["indicator"] == "broadband_price")
    message = problems(folder)
    assert "LAO: no figure in any year" in message
    assert "broadband_price" in message


def test_an_optional_indicator_may_be_left_out(folder):
    drop(folder, "indicators.csv", lambda r: r["indicator"] in ("surface_area", "gini"))
    region = Region.load(folder)
    assert "surface_area" not in region.indicators
    assert region.base("gini").tolist() == [38.0] * 4
    with pytest.raises(InputError, match="have no figure"):
        region.base("surface_area")


def test_paperless_trade_is_known_for_folders_without_figures_of_it(folder):
    drop(folder, "indicators.csv", lambda r: r["indicator"] == "paperless_trade")
    region = Region.load(folder)
    assert region.base("paperless_trade").tolist() == [0.75] * 4
    assert set(region.base_status("paperless_trade")) == {"estimated"}
    rules = region.figures.set_index("indicator").loc["paperless_trade", "rule"]
    assert all("0.75, a typical value" in rule for rule in rules)


def test_paperless_trade_of_one_economy_lies_within_what_the_others_have(folder):
    drop(
        folder,
        "indicators.csv",
        lambda r: r["iso3"] == "LAO" and r["indicator"] == "paperless_trade",
    )
    region = Region.load(folder)
    lao, *others = region.base("paperless_trade")
    assert min(others) <= lao <= max(others)


def test_a_provision_without_any_score_is_named(folder):
    drop(folder, "provisions.csv", lambda r: r["provision"] == "data_flows")
    assert "data_flows" in problems(folder)


def test_a_total_for_every_year_of_trade_is_required(folder):
    drop(folder, "trade_totals.csv", lambda r: r["iso3"] == "LAO" and r["year"] == "2016")
    assert "LAO has no total for 2016" in problems(folder)


def test_an_economy_without_trade_is_refused(folder):
    drop(folder, "trade.csv", lambda r: "LAO" in (r["exporter"], r["importer"]))
    assert "LAO: no recorded trade" in problems(folder)


def test_an_economy_that_trades_only_with_a_hub_is_joined_through_it_with_a_warning(folder):
    def only_inside(row: dict[str, str]) -> bool:
        pair = {row["exporter"], row["importer"]}
        return "LAO" in pair and "JPN" not in pair

    drop(folder, "trade.csv", only_inside)
    region = Region.load(folder)
    assert region.trade_weights[0].tolist() == [0, 1 / 3, 1 / 3, 1 / 3]
    assert any("LAO has no recorded trade" in warning for warning in region.warnings)


def test_an_economy_without_fibre_is_a_warning(folder):
    drop(folder, "fibre.csv", lambda r: "LAO" in (r["a"], r["b"]))
    assert any("LAO reaches no other" in warning for warning in Region.load(folder).warnings)


def test_trade_after_the_last_figure_still_has_sales_at_home(folder):
    for name in ("trade.csv", "trade_totals.csv"):
        rows = read(folder / name)
        place = rows[0].index("year")
        for row in rows[1:]:
            row[place] = str(int(row[place]) + 12)
        write(folder / name, rows)
    region = Region.load(folder)
    assert region.trade_years[-1] == 2031
    assert np.isfinite(base_flows(region)).all()


FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXT = st.one_of(
    st.sampled_from(["", "0", "-1", "1e308", "nan", "inf", "VNM", "ROW", "all", ";", '"', "\x00"]),
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
)


def must_load_or_explain(folder: Path) -> None:
    """The only two ways out: a region that works, or an InputError that says why not."""
    try:
        region = Region.load(folder)
    except InputError:
        return
    assert np.isfinite(base_flows(region)).all()
    for name in region.indicators:
        assert np.isfinite(region.series(name)).all()
    assert np.allclose(region.trade_weights.sum(axis=1), 1)


def restore(folder: Path) -> None:
    for name, rows in SMALL.items():
        write(folder / name, rows)


@FUZZ
@given(
    name=st.sampled_from(NAMES),
    edits=st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 20), TEXT), max_size=6),
)
def test_random_cells_meet_only_clean_errors(folder, name, edits):
    rows = [list(row) for row in SMALL[name]]
    for line, column, text in edits:
        row = rows[line % len(rows)]
        row[column % len(row)] = text
    restore(folder)
    with (folder / name).open("w", encoding="utf-8", newline="", errors="replace") as handle:
        for row in rows:
            handle.write(",".join(row) + "\n")
    must_load_or_explain(folder)


@FUZZ
@given(name=st.sampled_from(NAMES), content=st.binary(max_size=200), place=st.integers(0, 10**5))
def test_random_bytes_meet_only_clean_errors(folder, name, content, place):
    restore(folder)
    path = folder / name
    before = path.read_bytes()
    place %= len(before)
    path.write_bytes(before[:place] + content + before[place + len(content) :])
    must_load_or_explain(folder)


@FUZZ
@given(
    name=st.sampled_from(NAMES),
    rows_out=st.sets(st.integers(0, 10**4), max_size=200),
    columns_out=st.sets(st.integers(0, 12), max_size=1),
    keep=st.integers(0, 400),
)
def test_dropped_rows_and_columns_meet_only_clean_errors(folder, name, rows_out, columns_out, keep):
    restore(folder)
    rows = SMALL[name]
    left = {i % len(rows) for i in rows_out} - {0}
    kept = [row for i, row in enumerate(rows) if i not in left][: keep + 1]
    write(
        folder / name,
        [[text for j, text in enumerate(row) if j not in columns_out] for row in kept],
    )
    must_load_or_explain(folder)


@FUZZ
@given(
    values=st.lists(
        st.floats(1e-3, 1e15, allow_nan=False) | st.sampled_from([0.0, 100.0, 1e3]), max_size=8
    ),
    line=st.integers(0, 10**4),
)
def test_extreme_but_allowed_figures_stay_finite(folder, values, line):
    restore(folder)
    rows = [list(row) for row in SMALL["indicators.csv"]]
    for i, figure in enumerate(values):
        rows[1 + (line + 97 * i) % (len(rows) - 1)][3] = repr(figure)
    write(folder / "indicators.csv", rows)
    must_load_or_explain(folder)
