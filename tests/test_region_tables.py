"""A folder of one's own: the same loader, and what its tables must hold together."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

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


def small_folder(parent: Path) -> Path:
    """Write the small tables to a new folder."""
    place = parent / "mekong"
    place.mkdir()
    for name, rows in SMALL.items():
        write(place / name, rows)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path)


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
