"""Exports: what each format holds when the tool that its users have opens it again."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st
from pandas.io.stata import StataReader

import sim
from sim.cli import main
from sim.kpi.core import CORE
from sim.kpi.registry import BY_ID, COLUMNS
from sim.report import exports, iamc
from sim.spreadsheets import harmless, restored

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'=1", "''=1"]
texts = st.text(st.sampled_from("=+-@'\t\r\nab1 ,;\"") | st.characters(codec="utf-8"), max_size=8)


@pytest.mark.parametrize("text", RISKY)
@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_text_that_could_be_a_formula_begins_with_an_apostrophe(text, dtype):
    frame = pd.DataFrame({"name": pd.Series([text, "plain"], dtype=dtype), "value": [-1.5, 2.0]})
    safe = harmless(frame)
    assert list(safe["name"]) == [f"'{text}", "plain"]
    pd.testing.assert_series_equal(safe["value"], frame["value"])
    assert safe["name"].dtype.name == frame["name"].dtype.name
    assert list(frame["name"]) == [text, "plain"], "the caller's table stays as it was"


@given(st.lists(texts | st.none(), max_size=6), st.sampled_from(["str", "object", "category"]))
def test_restored_gives_back_exactly_what_harmless_was_given(values, dtype):
    frame = pd.DataFrame({"name": pd.Series(values, dtype=dtype)})
    pd.testing.assert_frame_equal(restored(harmless(frame)), frame)


@given(texts, st.integers(0, 3))
def test_no_text_is_left_that_begins_like_a_formula(text, apostrophes):
    frame = pd.DataFrame({"name": ["'" * apostrophes + text]})
    assert not harmless(frame)["name"].item().startswith(tuple("=+-@\t\r\n"))


def test_a_table_survives_a_csv_file_and_keeps_numbers_blanks_and_names_of_columns():
    frame = pd.DataFrame(
        {"-a": ["=1+1", None, "b"], "kept": [1.0, np.nan, -2.0], "n": [-1, 2, 3]},
        index=pd.Index([5, 7, 9]),
    )
    text = harmless(frame).to_csv(index=False)
    again = restored(pd.read_csv(io.StringIO(text)))
    pd.testing.assert_frame_equal(again, frame.reset_index(drop=True))


def test_tables_without_rows_or_with_equal_names_of_columns_pass_through():
    empty = pd.DataFrame({"name": pd.Series([], dtype="str")})
    pd.testing.assert_frame_equal(harmless(empty), empty)
    twice = pd.DataFrame([["=1", "=2", 3]], columns=["a", "a", "b"])
    pd.testing.assert_frame_equal(restored(harmless(twice)), twice)


FORMULA = "=1+1"
TABLES = ("projections", "effects", "costs")
KEYS = ["scenario", "kpi", "economy", "year"]


def run(capsys, *words):
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """A batch whose policy has the name of a formula."""
    folder = tmp_path_factory.mktemp("batch")
    text = Path("scenarios/carec-skills.yaml").read_text(encoding="utf-8")
    text = text.replace("carec-baseline", str(Path("scenarios/carec-baseline.yaml").resolve()), 1)
    scenario = folder / "formula.yaml"
    scenario.write_text(text.replace("CAREC skills", f'"{FORMULA}"', 1), encoding="utf-8")
    words = ["batch", str(scenario), "--members", "8", "--seed", "5", "--quiet"]
    words += ["--years", "2025,2028,2029,2030", "--kpis", ",".join(kpi.id for kpi in CORE)]
    assert main([*words, "--out", str(folder / "out")]) == 0
    return next((folder / "out").iterdir())


@pytest.fixture
def table(batch):
    """The tables of the batch as Python has them."""
    runs = sim.Runs(batch)
    held = {"projections": runs.projections, "effects": runs.compare().effects, "costs": runs.costs}
    return held.__getitem__


def exported(batch, folder, format, table="projections"):
    return sim.Runs(batch).export(
        folder / f"{table}{exports.FORMATS[format].suffix}", format, table
    )


def test_without_a_name_a_file_goes_to_the_folder_of_the_batch_and_verify_leaves_it(
    capsys, batch, tmp_path
):
    copy = tmp_path / batch.name
    shutil.copytree(batch, copy)
    code, out, _ = run(capsys, "export", str(copy), "--format", "dta", "--table", "effects")
    assert code == 0
    assert out == f"exported: {copy / 'exports' / 'effects.dta'}\n"
    assert [path.name for path in (copy / "exports").iterdir()] == ["effects.dta"]
    assert run(capsys, "verify", str(copy))[0] == 0


@pytest.mark.parametrize("name", TABLES)
def test_csv_is_the_table_of_the_batch_and_holds_no_formula(batch, table, tmp_path, name):
    path = exported(batch, tmp_path, "csv", name)
    read = pd.read_csv(path)
    pd.testing.assert_frame_equal(restored(read), table(name))
    assert f"'{FORMULA}" in set(read["scenario"])
    texts = read.select_dtypes("str")
    assert not texts.apply(lambda c: c.str.startswith(tuple("=+-@"), na=False)).any(axis=None)


@pytest.mark.parametrize("name", TABLES)
def test_excel_shows_the_table_and_no_cell_is_a_formula(batch, table, tmp_path, name):
    path = exported(batch, tmp_path, "xlsx", name)
    pd.testing.assert_frame_equal(
        pd.read_excel(path, sheet_name=name), table(name), check_dtype=False
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [name, "read me"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert any(cell.value == FORMULA and cell.quotePrefix for cell in cells)
    sheet = book[name]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert all(cell.font.bold for cell in sheet[1])
    assert all(held.width >= 10 for held in sheet.column_dimensions.values())


def test_excel_shows_figures_with_the_decimals_of_their_kpi(batch, tmp_path):
    sheet = openpyxl.load_workbook(exported(batch, tmp_path, "xlsx"))["projections"]
    shown = {row[1].value: (row[4].number_format, row[5].number_format) for row in sheet}
    assert shown["gdp_per_person"] == ("0", "#,##0")
    assert shown["internet_users"] == ("0", "#,##0.0")
    assert shown["programme_cost"] == ("0", "#,##0.000")


def test_the_read_me_of_excel_says_where_figures_come_from_and_what_units_mean(batch, tmp_path):
    rows = openpyxl.load_workbook(exported(batch, tmp_path, "xlsx", "effects"))["read me"]
    said = {row[0]: row for row in rows.iter_rows(values_only=True)}
    record = json.loads((batch / "manifest.json").read_text())
    assert said["digest"][1] == record["digest"]
    assert (said["seed"][1], said["members"][1]) == ("5", "8")
    assert said["version"][1] == record["inputs"]["version"]
    assert "90 %" in said["how to read"][1]
    assert record["batch"] in said["how to cite"][1]
    for kpi in BY_ID.values():
        assert said[kpi.id][2] == kpi.unit


def test_text_that_excel_takes_for_an_error_stays_text(batch, tmp_path):
    runs = sim.Runs(batch)
    runs.projections = runs.projections.head(50).assign(unit="#N/A")
    sheet = openpyxl.load_workbook(runs.export(tmp_path / "p.xlsx", "xlsx"))["projections"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("#N/A", "s")


def test_more_rows_than_excel_holds_are_refused(capsys, batch, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "EXCEL_ROWS", 100)
    out = tmp_path / "new" / "p.xlsx"
    code, _, err = run(capsys, "export", str(batch), "--format", "xlsx", "--out", str(out))
    assert code == 2
    assert "Excel holds 100 rows" in err
    assert "csv, dta or netcdf" in err
    assert not out.parent.exists()


@pytest.mark.parametrize("name", TABLES)
def test_stata_has_the_same_values_and_a_label_for_every_variable(batch, table, tmp_path, name):
    path = exported(batch, tmp_path, "dta", name)
    pd.testing.assert_frame_equal(pd.read_stata(path), table(name), check_dtype=False)
    with StataReader(path) as reader:
        labels = reader.variable_labels()
        assert "seed 5, 8 members" in reader.data_label
    for variable, label in labels.items():
        assert variable.isidentifier()
        assert len(variable) <= 32
        assert label
        assert label != variable
    assert name != "costs" or "USD mn of 2015" in labels["usd_mn_2015"]


@pytest.mark.parametrize("name", ["projections", "effects"])
@pytest.mark.parametrize("engine", ["h5netcdf", None])
def test_netcdf_has_a_variable_a_kpi_over_scenario_place_year_and_quantile(
    batch, table, tmp_path, name, engine
):
    with xarray.open_dataset(exported(batch, tmp_path, "netcdf", name), engine=engine) as data:
        data.load()
    frame = table(name)
    assert set(data.dims) == {"scenario", "place", "year", "quantile"}
    assert list(data["quantile"]) == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert list(data["place"]) == list(frame["economy"].unique())
    assert dict(zip(data["place"].values, data["place_kind"].values, strict=True))["carec"] == (
        "region"
    )
    for kpi, rows in frame.groupby("kpi"):
        held = data[kpi]
        assert held.attrs["units"] == rows["unit"].iloc[0].replace(" since ", " from ")
        assert BY_ID[kpi].title in held.attrs["long_name"]
        at = {"scenario": "scenario", "place": "economy", "year": "year"}
        at = {dim: xarray.DataArray(rows[column], dims="row") for dim, column in at.items()}
        for column, share in {"q05": 0.05, "median": 0.5, "q95": 0.95}.items():
            np.testing.assert_array_equal(held.sel(at | {"quantile": share}), rows[column])
        for column in {"mean", "probability_better"} & set(rows):
            np.testing.assert_array_equal(data[f"{kpi}_{column}"].sel(at), rows[column])
    record = json.loads((batch / "manifest.json").read_text())
    assert data.attrs["digest"] == record["digest"]
    assert (data.attrs["seed"], data.attrs["members"]) == (5, 8)


def test_netcdf_has_costs_by_lever_and_by_payer(batch, table, tmp_path):
    with xarray.open_dataset(exported(batch, tmp_path, "netcdf", "costs")) as data:
        data.load()
    for row in table("costs").sample(50, random_state=1).itertuples():
        at = {"scenario": row.scenario, "place": row.economy, "year": row.year, row.kind: row.name}
        assert data[f"usd_mn_2015_by_{row.kind}"].sel(at).item() == row.usd_mn_2015
        assert data[f"percent_of_gdp_by_{row.kind}"].sel(at).item() == row.percent_of_gdp
    assert data["usd_mn_2015_by_lever"].attrs["units"] == "USD mn of 2015"


def test_iamc_keeps_the_columns_that_pyam_reads(batch, table, tmp_path):
    read = restored(pd.read_csv(exported(batch, tmp_path, "iamc")))
    frame = table("projections")
    years = [str(year) for year in sorted(frame["year"].unique())]
    assert list(read.columns) == ["Model", "Scenario", "Region", "Variable", "Unit", *years]
    assert set(read["Model"]) == {f"digiregion {sim.Runs(batch).manifest['inputs']['version']}"}
    assert not read.duplicated(["Model", "Scenario", "Region", "Variable"]).any()
    assert read.groupby("Variable")["Unit"].nunique().eq(1).all()
    assert read.notna().all(axis=None)
    rows = read.set_index(["Scenario", "Region", "Variable"])
    for quantile, suffix in {
        "median": "", "q05": "|5.0th Percentile", "q95": "|95.0th Percentile", "mean": "|Mean"
    }.items():  # fmt: skip
        wanted = frame.set_index(KEYS).loc[(FORMULA, "gdp", "KAZ", 2030), quantile]
        assert rows.loc[(FORMULA, "KAZ", f"GDP|MER{suffix}"), "2030"] == wanted
    assert set(rows.loc[(slice(None), slice(None), "GDP|MER"), "Unit"]) == {"billion USD_2015/yr"}


def test_iamc_has_the_population_in_millions_and_a_region_sums_it_up(batch, tmp_path):
    read = restored(pd.read_csv(exported(batch, tmp_path, "iamc")))
    people = read[(read["Variable"] == "Population") & (read["Scenario"] == FORMULA)]
    people = people.set_index("Region")
    economies = people.index[people.index.str.len() == 3]
    assert people.loc["PAK", "Unit"] == "million"
    assert 230 < people.loc["PAK", "2025"] < 270
    assert people.loc["carec", "2030"] == pytest.approx(people.loc[economies, "2030"].sum())


@pytest.fixture
def some(batch):
    """What a filter leaves of the batch, with a place that was added up."""
    runs = sim.open(batch).aggregate("steppe", ["KAZ", "KGZ"])
    return runs.filter(scenario=FORMULA, economy=["KAZ", "carec", "steppe"], year=(2028, 2030))


@pytest.mark.parametrize("name", ["projections", "effects"])
def test_netcdf_holds_what_is_shown_and_a_place_that_was_added_up_is_a_region(some, tmp_path, name):
    with xarray.open_dataset(some.export(tmp_path / "some.nc", "netcdf", name)) as data:
        data.load()
    kinds = dict(zip(data["place"].values, data["place_kind"].values, strict=True))
    assert kinds == {"KAZ": "economy", "carec": "region", "steppe": "region"}
    assert list(data["year"]) == [2028, 2029, 2030]
    assert list(data["scenario"]) == [FORMULA]
    frame = some.projections if name == "projections" else some.compare().effects
    row = frame.set_index(KEYS).loc[(FORMULA, "gdp", "steppe", 2029)]
    at = {"scenario": FORMULA, "place": "steppe", "year": 2029, "quantile": 0.95}
    assert data["gdp"].sel(at).item() == row["q95"]


def test_iamc_holds_the_population_of_the_places_and_years_that_are_shown(some, batch, tmp_path):
    read = restored(pd.read_csv(some.export(tmp_path / "some.iamc.csv", "iamc")))
    assert list(read.columns[5:]) == ["2028", "2029", "2030"]
    assert set(read["Scenario"]) == {FORMULA}
    assert set(read["Region"]) == {"KAZ", "carec", "steppe"}
    people = read[read["Variable"] == "Population"].set_index("Region")
    assert set(people.index) == {"KAZ", "carec", "steppe"}
    whole = restored(pd.read_csv(exported(batch, tmp_path, "iamc")))
    kept = (whole["Variable"] == "Population") & (whole["Scenario"] == FORMULA)
    whole = whole[kept].set_index("Region")
    assert people.loc["carec", "2029"] == whole.loc["carec", "2029"]
    both = whole.loc[["KAZ", "KGZ"], "2029"].sum()
    assert people.loc["steppe", "2029"] == pytest.approx(both)


def test_iamc_leaves_the_population_out_where_kpis_are_filtered(batch, tmp_path):
    runs = sim.open(batch).filter(kpi="gdp")
    read = restored(pd.read_csv(runs.export(tmp_path / "gdp.iamc.csv", "iamc")))
    assert all(name.startswith("GDP|MER") for name in read["Variable"])


def test_a_table_of_which_nothing_is_shown_is_refused(batch, tmp_path):
    runs = sim.open(batch).filter(economy="carec")
    with pytest.raises(sim.InputError, match="costs are by economy"):
        runs.export(tmp_path / "costs.csv", "csv", "costs")


def test_every_kpi_has_a_variable_of_the_iamc_of_its_own():
    assert set(BY_ID) | {"population"} == set(iamc.VARIABLES)
    names = [variable.name for variable in iamc.VARIABLES.values()]
    assert len(set(names)) == len(names)
    for kpi, variable in iamc.VARIABLES.items():
        assert not {"%", "USD", "(", "*"} & set(variable.name.split())
        assert ("GDP|" in variable.name) == kpi.startswith("gdp")


def test_the_documentation_has_the_variables_of_the_iamc():
    page = Path("docs/exports.md").read_text(encoding="utf-8")
    assert iamc.variables_markdown() in page
    assert {column.id for column in COLUMNS} >= set(iamc.VARIABLES)


def test_iamc_is_refused_for_tables_that_it_has_no_place_for(capsys, batch):
    code, _, err = run(capsys, "export", str(batch), "--format", "iamc", "--table", "costs")
    assert code == 2
    assert "allowed: csv, xlsx, dta, netcdf" in err


@pytest.mark.slow
def test_the_same_results_give_the_same_bytes_in_every_process_and_at_any_time(batch, tmp_path):
    code = (
        "import sys, time, sim; now = time.time() + float(sys.argv[3]); time.time = lambda: now;"
        "[sim.Runs(sys.argv[1]).export(f'{sys.argv[2]}/effects.{format}', format, table)"
        " for format, table in [('csv', 'effects'), ('xlsx', 'effects'), ('dta', 'effects'),"
        " ('netcdf', 'effects'), ('iamc', 'projections')]]"
    )
    for seed, later in (("1", "0"), ("4", "1e6")):
        words = [sys.executable, "-c", code, str(batch), str(tmp_path / seed), later]
        subprocess.run(words, check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    written = sorted((tmp_path / "1").iterdir())
    assert len(written) == len(exports.FORMATS)
    for path in written:
        assert path.read_bytes() == (tmp_path / "4" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "xslx"], "did you mean xlsx?"),
        (["--format", "netcfd"], "did you mean netcdf?"),
        (["--table", "effect"], "did you mean effects?"),
        (["--out", "{folder}"], "is a folder"),
        (["--format", "dta", "--out", "{folder}/a.xlsx"], "end the name with .dta"),
        (["--out", "{batch}/effects.csv"], "a file of the batch itself"),
        (["--out", "{batch}/members/../manifest.json"], "a file of the batch itself"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    capsys, batch, tmp_path, words, said
):
    before = sorted(batch.rglob("*"))
    words = [word.format(folder=tmp_path, batch=batch) for word in words]
    code, _, err = run(capsys, "export", str(batch), *words)
    assert code == 2
    assert said in err
    assert sorted(batch.rglob("*")) == before
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("format", "library"),
    [("xlsx", "openpyxl"), ("netcdf", "xarray"), ("netcdf", "h5netcdf"), ("netcdf", "h5py")],
)
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    capsys, batch, tmp_path, monkeypatch, format, library
):
    monkeypatch.setitem(sys.modules, library, None)
    out = tmp_path / "new" / "file"
    code, _, err = run(capsys, "export", str(batch), "--format", format, "--out", str(out))
    assert code == 2
    assert f"needs {library}" in err
    assert "pip install 'digiregion[export]'" in err
    assert not out.parent.exists()


def test_a_failure_leaves_the_former_file_whole(batch, tmp_path, monkeypatch):
    path = exported(batch, tmp_path, "csv")
    before = path.read_bytes()

    def fail(frame, draft, **_):
        Path(draft).write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(OSError, match="disk full"):
        exported(batch, tmp_path, "csv")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["effects", "costs"])
def test_a_batch_without_a_policy_has_neither_effects_nor_costs(capsys, tmp_path, name):
    words = ["run", "scenarios/carec-baseline.yaml", "--members", "2", "--no-figures", "--quiet"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    (folder,) = tmp_path.iterdir()
    code, _, err = run(capsys, "export", str(folder), "--table", name)
    assert code == 2
    assert "no scenario with a policy" in err


def test_a_folder_without_results_cannot_be_exported(capsys, tmp_path):
    code, _, err = run(capsys, "export", str(tmp_path))
    assert code == 2
    assert "no finished batch" in err
