"""The validation report: every forecaster and number of the tests, whole or not at all."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from own_region import keep_only

from sim.cli import main
from sim.evidence import benchmarks
from sim.evidence.hindcast import MODEL, hindcast
from sim.evidence.known import SERIES
from sim.evidence.scores import UNITS
from sim.kpi.registry import KPIS
from sim.model.parameters import parameter_table
from sim.region.region import Region
from sim.region.template import copy_tables
from sim.report import style, validation, validation_figures, validation_words
from sim.report.validation import FOLDER, REPORT, Findings, write_validation
from sim.report.validation_tables import forecaster_words, percent, score

WORDS = ["validate", "--region", "carec", "--origins", "2012,2018", "--members", "40", "--quiet"]


@pytest.fixture(scope="module", autouse=True)
def quick_figures():
    """Few dots an inch: what is drawn is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "DPI", 30)
        yield


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "docs"
    assert main([*WORDS, "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def text(written):
    return (written / REPORT).read_text(encoding="utf-8").replace("\\_", "_")


@pytest.fixture(scope="module")
def held():
    return hindcast(Region.load("asean"), origins=(2012, 2016, 2018), members=40)


def part(text, heading, level=2):
    """What stands under a heading, up to the next of its level or above."""
    found = re.search(rf"^#{{{level}}} {re.escape(heading)}.*?\n(.*?)(?=^#{{1,{level}}} |\Z)", text,
                      re.DOTALL | re.MULTILINE)  # fmt: skip
    assert found, heading
    return found.group(1)


def cells(text):
    """The rows of a Markdown table without its heads."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return rows[1:]


def table(written, name):
    return pd.read_csv(written / FOLDER / f"{name}.csv", keep_default_na=False, na_values=[""])


def test_the_command_writes_the_report_and_what_it_shows(written, text):
    assert {one.name for one in written.iterdir()} == {REPORT, FOLDER}
    shown = re.findall(rf"\]\({FOLDER}/([^)]+)\)", text)
    assert len(shown) == len(set(shown)) >= 4
    for name in shown:
        assert (written / FOLDER / name).read_bytes().startswith(b"\x89PNG")
    for name in re.findall(rf"`{FOLDER}/([^`]+\.csv)`", text):
        assert (written / FOLDER / name).is_file()


def test_it_says_how_it_was_made_in_words_that_make_it_again(text):
    flat = " ".join(text.split())
    command = "digiregion validate --region carec --origins 2012,2018 --members 40 --seed 1"
    assert f"`{command}`" in flat


@pytest.mark.parametrize("series", SERIES)
def test_every_forecaster_of_every_series_stands_with_the_numbers_of_the_csv(written, text, series):
    rows = cells(part(part(text, "Forecasts from the past"), UNITS[series].title, level=3))
    wanted = table(written, "hindcast").query("series == @series")
    assert set(wanted["forecaster"]) == {MODEL, *benchmarks.names(series)}
    assert len(rows) == len(wanted)
    for cells_, row in zip(rows, wanted.to_dict("records"), strict=True):
        assert cells_ == [
            forecaster_words(row["forecaster"]),
            *(score(series, row[name]) for name in ("crps", "crps_2012", "crps_2018", "mae")),
            *(percent(row[name]) for name in ("inside_50", "inside_90", "least_inside_90")),
        ]


def test_priors_of_the_look_back_are_named_as_long_as_the_model_has_them(held, monkeypatch):
    own = {row["parameter"]: row["prior"] for row in parameter_table()}
    wanted = {"log_rollout": own["log_rollout"], "lines_level": "no longer so"}
    monkeypatch.setattr(validation_words, "HINDSIGHT", wanted)
    text = "".join(validation_words.protocol(held))
    assert f"`log_rollout` {own['log_rollout']}" in " ".join(text.split())
    assert "`lines_level`" not in text
    monkeypatch.setattr(validation_words, "HINDSIGHT", {})
    assert "Priors of fixed broadband" not in "".join(validation_words.protocol(held))


def test_skill_and_its_interval_stand_for_all_origins_and_for_the_last_test(written, text):
    flat = " ".join(part(text, "In short").split())
    for name in ("hindcast", "last_test"):
        rows = table(written, name)
        for row in rows[rows["forecaster"] == MODEL].to_dict("records"):
            low, high = (percent(row[key], sign=True) for key in ("skill_low", "skill_high"))
            assert percent(row["skill"], sign=True) in flat
            assert f"90 % interval over economies {low} to {high}" in flat
    assert "On the last test (origin 2018) alone" in flat


def test_aims_are_marked_met_or_not_by_the_numbers(written, text):
    rows = cells(part(text, "The aims of the project", level=3))
    scores = table(written, "hindcast")
    scores = scores[scores["forecaster"] == MODEL].set_index("series")
    met = {(row[0], row[1]): row[3] for row in rows}
    for series, least in (("internet_users", 0.15), ("fixed_broadband", 0.2), ("gdp", 0.15)):
        words = (UNITS[series].title, f"skill of {percent(least)} or more, all origins")
        assert met[words] == ("yes" if scores.loc[series, "skill"] >= least else "no")
        words = (UNITS[series].title, "75 % or more of them at each origin")
        assert met[words] == ("yes" if scores.loc[series, "least_inside_90"] >= 0.75 else "no")


def test_aims_are_told_with_a_decimal_so_that_a_near_miss_is_seen(written, text):
    found = [row[2] for row in cells(part(text, "The aims of the project", level=3))]
    assert all(re.match(r"[-+]?\d+\.\d %", one) for one in found)
    scores = table(written, "hindcast")
    users = scores[scores["forecaster"] == MODEL].set_index("series").loc["internet_users"]
    assert f"{100 * users['inside_90']:.1f} %" in found


def test_numbers_over_all_origins_are_said_to_mix_choosing_and_testing(text, held):
    for heading in ("In short", "Forecasts from the past"):
        flat = " ".join(part(text, heading).split())
        assert "1 of the 2 origins (2012) is of the years on which the model was chosen" in flat
    assert "over all origins skill" in part(text, "In short").replace("\n  ", " ")
    assert "mix choosing" not in validation_words.chosen_on(held.only((2016, 2018)))
    assert "they are no test" in " ".join(validation_words.chosen_on(held.only((2012,))).split())


def test_what_the_model_can_say_follows_from_the_intervals_of_the_last_test(held, monkeypatch):
    first = validation_words.last_test_said(held.only((2012,)))
    assert "No origin of the last test" in first
    ends = {"internet_users": (0.1, 0.3), "fixed_broadband": (-0.2, 0.2), "gdp": (-0.3, -0.1)}

    def chosen(found):
        rows = real(found)
        low, high = ([ends[series][k] for series in rows["series"]] for k in (0, 1))
        return rows.assign(skill_low=low, skill_high=high)

    real = validation_words.skills
    monkeypatch.setattr(validation_words, "skills", chosen)
    text = " ".join(validation_words.what_can_be_said(held).split())
    assert text.startswith(
        "What it can say of the years ahead, by the last test alone (origins 2016"
    )
    for series, verdict in zip(SERIES, ("better", "no better", "worse"), strict=True):
        assert f"**{UNITS[series].title}**: {verdict} than the best benchmark there" in text


def test_a_region_of_ones_own_is_told_what_others_taught_it_and_what_its_runs_warn_of(held):
    own = replace(findings(held), carried=True, warnings=("effects of XAA are not fitted",))
    said = " ".join(validation.report(own).split())
    assert "what ASEAN and CAREC taught up to the same origin" in said
    assert "- effects of XAA are not fitted" in said
    shipped = validation.report(findings(held))
    assert "What other regions taught" not in shipped
    assert "Runs of this region warn" not in shipped


def test_changes_since_the_prototype_name_the_spreads_that_the_model_has(held):
    own = {row["parameter"]: row["prior"] for row in parameter_table()}
    text = " ".join("".join(validation_words.protocol(held)).split())
    assert f"ceiling of lines by {own['lines_effect']}" in text
    assert f"speed of roll-out by {own['rollout_effect']}" in text


def test_horizons_and_economies_stand_with_the_numbers_of_the_csv(written, text):
    by = table(written, "by_horizon").query("series == 'gdp' and forecaster == @MODEL")
    rows = cells(part(part(text, "By years ahead"), UNITS["gdp"].title, level=3))
    assert [row[0] for row in rows] == [str(year) for year in by["horizon"]]
    assert [row[2] for row in rows] == [score("gdp", value) for value in by["crps"]]
    assert [row[4] for row in rows] == [percent(value, sign=True) for value in by["skill"]]
    by = table(written, "by_economy").query("series == 'internet_users' and forecaster == @MODEL")
    assert set(by["economy"]) == set(Region.load("carec").economies)
    rows = cells(part(part(text, "By economy"), UNITS["internet_users"].title, level=3))
    ranked = by.sort_values("crps")["crps"].tolist()
    wanted = [score("internet_users", value) for value in (*ranked[:3], *ranked[-3:])]
    assert [row[2] for row in rows] == wanted


def test_every_kpi_has_its_grade_and_reason(text):
    rows = cells(part(text, "What the model can say"))
    assert rows == [[kpi.title, kpi.evidence, kpi.evidence_note] for kpi in KPIS]


def test_facts_and_projections_and_what_was_taught_are_whole(written, text):
    rows = cells(part(text, "Stylised facts"))
    facts = table(written, "stylised_facts")
    assert [row[3] for row in rows] == facts["agrees"].tolist()
    caps = ((facts["agrees"] == "yes") & (facts["kind"] == "cap")).sum()
    yes = (facts["agrees"] == "yes").sum()
    flat = " ".join(part(text, "Stylised facts").split())
    assert f"yes: {yes} (of which {caps} ask only for a cap or a side" in flat
    assert {"yes", "not tested"} <= set(facts["agrees"])
    published = table(written, "projections")
    both = cells(part(text, "Published projections beside ours"))
    # The table of those without a counterpart has its own line of heads.
    assert len(both) == len(published) + 1
    taught = table(written, "calibration")
    rows = cells(part(text, "What history taught"))
    assert [row[0] for row in rows[: len(taught)]] == taught["parameter"].tolist()
    assert [row[-1] for row in rows[: len(taught)]] == [f"{v:.2f}" for v in taught["spread_kept"]]
    misfit = table(written, "misfit")
    last = misfit[misfit["round"] == 0].set_index("series")["residual"]
    first = misfit[misfit["round"] == 1].set_index("series")["residual"]
    assert (last < first[last.index]).all()


def test_without_a_folder_tables_are_printed_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "--region", "carec", "--origins", "2018", "--members", "30",
                 "--quiet"]) == 0  # fmt: skip
    assert "Internet users, percentage points" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_region_of_three_economies_has_a_report_too(tmp_path):
    folder = tmp_path / "mine"
    copy_tables("carec", folder)
    keep_only(folder, ["KAZ", "MNG", "UZB"])
    out = tmp_path / "new" / "out"
    words = ["--region", str(folder), "--origins", "2014", "--members", "30", "--quiet"]
    assert main(["validate", *words, "--out", str(out)]) == 0
    text = (out / REPORT).read_text(encoding="utf-8")
    assert "3 economies" in text
    assert "last test" not in part(text, "Forecasts from the past")
    rows = cells(part(part(text, "By economy"), UNITS["gdp"].title, level=3))
    assert {row[0] for row in rows} == {"Kazakhstan", "Mongolia", "Uzbekistan"}
    assert not (out / FOLDER / "last_test.csv").exists()


def findings(held):
    return Findings(hindcast=held, command="digiregion validate")


def test_sections_without_findings_are_left_out_and_the_same_findings_give_the_same_bytes(
    held, tmp_path
):
    for name in ("one", "two"):
        write_validation(tmp_path / name, findings(held))
    text = (tmp_path / "one" / REPORT).read_text(encoding="utf-8")
    assert "## Stylised facts" not in text
    assert "## Sensitivity" not in text
    assert "## The last test alone: origins 2016 and 2018" in text
    one, two = (
        {file.relative_to(tmp_path / name): file.read_bytes()
         for file in (tmp_path / name).rglob("*") if file.is_file()}
        for name in ("one", "two")
    )  # fmt: skip
    assert one == two


def test_writing_again_takes_the_place_of_the_former_report_and_of_nothing_else(held, tmp_path):
    (tmp_path / "kept.md").write_text("mine")
    write_validation(tmp_path, findings(held))
    (tmp_path / FOLDER / "stale.png").write_bytes(b"old")
    write_validation(tmp_path, findings(held.only((2018,))))
    assert not (tmp_path / FOLDER / "stale.png").exists()
    assert (tmp_path / "kept.md").read_text() == "mine"
    assert "seed 1" in (tmp_path / REPORT).read_text(encoding="utf-8")


def test_a_failure_leaves_what_was_there_and_nothing_half_written(held, tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_validation(out, findings(held))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(validation_figures, "pit_figure", fail)
    for folder in (out, tmp_path / "new"):
        with pytest.raises(OSError, match="full"):
            write_validation(folder, findings(held.only((2018,))))
    monkeypatch.undo()
    monkeypatch.setattr(validation, "_replace", fail)
    with pytest.raises(OSError, match="full"):
        write_validation(out, findings(held.only((2018,))))
    after = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert after == before
    assert not (tmp_path / "new").exists()


def test_a_folder_of_somebody_elses_is_refused_before_any_work(tmp_path, capsys):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "thesis.docx").write_bytes(b"mine")
    assert main([*WORDS, "--out", str(tmp_path)]) == 2
    assert "nothing in it is touched" in capsys.readouterr().err
    (tmp_path / FOLDER / "thesis.docx").rename(tmp_path / FOLDER / "data.csv")
    assert main([*WORDS, "--out", str(tmp_path)]) == 2
    assert (tmp_path / FOLDER / "data.csv").read_bytes() == b"mine"
    assert not (tmp_path / REPORT).exists()


def test_a_ranking_of_factors_needs_a_report_to_stand_in(capsys):
    assert main([*WORDS, "--sensitivity", "scenarios/carec-push.yaml"]) == 2
    assert "add --out" in capsys.readouterr().err


def test_figures_show_the_numbers_of_the_tables(held):
    rows = held.by("origin").set_index(["series", "forecaster", "origin"])
    lines = {
        line.get_gid(): line.get_ydata()
        for axes in validation_figures.crps_figure(held).axes
        for line in axes.get_lines()
    }
    assert len(lines) == sum(len(held.scores[series]) for series in SERIES)
    for series in SERIES:
        for name in held.scores[series]:
            wanted = [rows.loc[(series, name, origin), "crps"] for origin in held.origins]
            assert list(lines[f"{series} {name}"]) == pytest.approx(wanted)
    inside = {
        line.get_gid(): line.get_ydata()
        for axes in validation_figures.coverage_figure(held).axes
        for line in axes.get_lines()
    }
    wanted = [rows.loc[("gdp", MODEL, origin), "inside_90"] for origin in held.origins]
    assert list(inside[f"gdp {MODEL} inside_90"]) == pytest.approx(wanted)
    for axes in validation_figures.pit_figure(held).axes:
        assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(1.0)


@pytest.mark.parametrize("most", [12, 4])
def test_fans_show_every_economy_once_however_many_pages_they_take(held, monkeypatch, most):
    monkeypatch.setattr(validation_figures, "ON_A_PAGE", most)
    count = validation_figures.pages(held)
    assert count == -(-len(held.economies) // most)
    shown = []
    for page in range(1, count + 1):
        figure = validation_figures.fans_figure(held, "internet_users", 2016, page)
        assert len(figure.axes) <= most
        shown += [axes.get_title(loc="left") for axes in figure.axes]
    assert shown == list(held.names)


def test_a_fan_holds_the_median_and_the_figures_that_came(held):
    figure = validation_figures.fans_figure(held, "internet_users", 2018)
    lines = {line.get_gid(): line for axes in figure.axes for line in axes.get_lines()}
    paths = held.paths()
    rows = paths[(paths["series"] == "internet_users") & (paths["origin"] == 2018)]
    own = rows[(rows["economy"] == "VNM") & (rows["year"] > 2018)]
    assert list(lines["median VNM"].get_ydata()) == pytest.approx(own["median"].tolist())
    assert list(lines["held out VNM"].get_ydata()) == pytest.approx(
        own["published"].tolist(), nan_ok=True
    )
