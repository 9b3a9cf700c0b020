"""Grades of evidence: every KPI has one, with a reason, and every report shows it."""

import csv
import io

import matplotlib
import openpyxl
import pandas as pd
import pytest
from test_report_tables import BASE, POLICY, make_tables

import sim
from sim.cli import main
from sim.evidence.known import SERIES
from sim.kpi.registry import BY_ID, DATA, EVIDENCE, JUDGEMENT, KPIS, LITERATURE
from sim.region import Region
from sim.report import plots
from sim.report.summary_text import closing_summary
from sim.report.words import kpi_label


@pytest.fixture(scope="module")
def region():
    return Region.load("asean")


@pytest.fixture(scope="module")
def tables(region):
    return make_tables(region)


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    base = sim.Scenario.baseline("asean", 2026)
    push = base.plus(sim.lever("broadband_investment", 0.4, years=(2024, 2026)), name="push")
    return sim.run_batch([base, push], members=4, seed=3, out=tmp_path_factory.mktemp("batch"))


def texts(figure):
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def test_every_kpi_has_a_grade_and_a_reason():
    for kpi in KPIS:
        assert kpi.evidence in EVIDENCE, kpi.id
        assert len(kpi.evidence_note) > 20 or kpi.evidence_note.startswith("As "), kpi.id
    assert {kpi.evidence for kpi in KPIS} == {DATA, LITERATURE, JUDGEMENT}
    marks = [grade[0].upper() for grade in EVIDENCE]
    assert len(set(marks)) == len(marks)


def test_only_what_is_scored_against_history_or_follows_from_it_is_graded_data():
    assert all(BY_ID[series].evidence == DATA for series in SERIES)
    follows = {"gdp_per_person", "gdp_growth", "leader_gap"}
    assert {kpi.id for kpi in KPIS if kpi.evidence == DATA} == {*SERIES, *follows}


def test_the_list_of_kpis_gives_grade_and_reason(capsys):
    assert main(["kpis", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    for kpi, row in zip(KPIS, rows, strict=True):
        assert (row["kpi"], row["evidence"]) == (kpi.id, kpi.evidence)
        assert row["evidence_note"] == kpi.evidence_note


def test_the_summary_marks_every_kpi_and_explains_the_marks(tables):
    text = closing_summary(*tables, {BASE: BASE, POLICY: BASE}, members=9, seed=1)
    rows = [kpi for kpi in KPIS if kpi.headline and kpi.id != "programme_cost"]
    lines = text.splitlines()
    for kpi in rows:
        found = [line for line in lines if line.startswith(kpi_label(kpi))]
        assert found
        for line in found:
            assert line[len(kpi_label(kpi)) :].split()[0] == kpi.mark
    flat = " ".join(text.split())
    for grade, meaning in EVIDENCE.items():
        assert f"{grade[0].upper()} {grade}, {meaning}" in flat
    assert "Effects of policies rest on literature or judgement" in flat
    assert max(map(len, lines)) <= 100


def test_a_comparison_marks_kpis_too(batch, capsys):
    folder = str(batch.folder)
    assert main(["compare", f"{folder}::baseline", f"{folder}::push"]) == 0
    text = capsys.readouterr().out
    line = next(line for line in text.splitlines() if line.startswith("Basic digital skills"))
    assert line[len(kpi_label(BY_ID["basic_skills"])) :].split()[0] == "J"
    assert "J judgement" in text


def test_excel_and_netcdf_carry_the_grades(batch, tmp_path):
    book = openpyxl.load_workbook(batch.export(tmp_path / "p.xlsx", "xlsx"))["read me"]
    said = {row[0]: row for row in book.iter_rows(values_only=True)}
    for kpi in KPIS:
        assert said[kpi.id][6:8] == (kpi.evidence, kpi.evidence_note)
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(batch.export(tmp_path / "p.nc", "netcdf")) as data:
        for kpi in KPIS:
            assert data[kpi.id].attrs["evidence"] == kpi.evidence
            assert data[kpi.id].attrs["evidence_note"] == kpi.evidence_note


@pytest.mark.parametrize("kpi", ["internet_users", "basic_skills", "goods_exports"])
def test_figures_of_one_kpi_say_its_grade(region, tables, kpi):
    wanted = f"Evidence: {BY_ID[kpi].evidence}"
    assert wanted in texts(plots.fan_chart(tables[0], POLICY, BASE, kpi, region=region))
    assert wanted in texts(plots.effect_chart(tables[1], POLICY, kpi, region=region))
    values = pd.Series(region.base("gdp"), index=region.economies)
    assert wanted in texts(plots.network_map(region, values, "trade", kpi))


def test_figures_of_many_kpis_mark_each(region, tables):
    figure = plots.effect_heat_map(tables[1], POLICY, 2030, region=region)
    assert "Evidence: D data, L literature, J judgement" in texts(figure)
    heads = figure.axes[0].get_xticklabels()
    marks = {
        round(text.get_position()[0] - 0.5): text.get_text()
        for text in figure.axes[0].texts
        if text.get_text() in ("D", "L", "J")
    }
    assert len(marks) == len(heads)
    flat = {place: head.get_text().replace("\n", " ") for place, head in enumerate(heads)}
    users = next(place for place, head in flat.items() if head.startswith("Internet users"))
    talent = next(place for place, head in flat.items() if head.startswith("Advanced ICT"))
    assert (marks[users], marks[talent]) == ("D", "J")
