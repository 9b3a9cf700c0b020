"""Results opened in Python: what is shown, added up, compared, and how little is read for it."""

import dataclasses
import json
import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from pyarrow import parquet

import sim
from sim.experiment.batch import write_batch
from sim.experiment.plan import Selection
from sim.kpi.registry import BY_ID, KPIS, aggregate, weight_column
from sim.policy import Scenario
from sim.report.precision import median_interval, members_for

MEMBERS = 300  # two parts
MEKONG = ["KHM", "LAO", "MMR", "VNM"]


@pytest.fixture(scope="module")
def scenarios():
    names = ("push", "skills")
    loaded = [Scenario.load(f"scenarios/asean-{name}.yaml") for name in names]
    return [dataclasses.replace(scenario, horizon=2032) for scenario in loaded]


@pytest.fixture(scope="module")
def folder(scenarios, tmp_path_factory):
    return write_batch(scenarios, MEMBERS, seed=5, out=tmp_path_factory.mktemp("runs")).folder


@pytest.fixture
def runs(folder):
    return sim.open(folder)


@pytest.fixture
def summaries(scenarios, tmp_path):
    return sim.open(
        write_batch(scenarios, 8, 5, 1, tmp_path, selection=Selection(members=False)).folder
    )


@pytest.fixture
def read(monkeypatch):
    """The row groups and columns that are asked of Parquet files, in turn."""
    asked = []
    whole = parquet.ParquetFile.read_row_groups

    def recorded(self, row_groups, columns=None, **options):
        asked.append((list(row_groups), list(columns)))
        return whole(self, row_groups, columns=columns, **options)

    monkeypatch.setattr(parquet.ParquetFile, "read_row_groups", recorded)
    return asked


def members(folder, scenario="ASEAN push"):
    slug = scenario.lower().replace(" ", "-")
    return pd.read_parquet(sorted((folder / "members" / slug).glob("*.parquet")))


# Opening


def test_a_folder_of_batches_is_refused_with_their_names(folder):
    with pytest.raises(sim.InputError, match=f"holds .*{folder.name}"):
        sim.open(folder.parent)


def test_a_star_import_leaves_the_open_of_python_alone():
    assert "open" not in sim.__all__
    assert "open" in dir(sim)


def test_what_an_incomplete_batch_lacks_is_said(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    record = json.loads((copy / "manifest.json").read_text())
    part = {"scenario": "ASEAN skills", "first": 256, "last": 299, "cause": "ValueError: no"}
    record["missing"] = [part]
    (copy / "manifest.json").write_text(json.dumps(record))
    runs = sim.open(copy)
    assert "incomplete: ASEAN skills lacks members 256-299 (ValueError: no)" in repr(runs)
    assert list(runs.scenarios) == ["asean-baseline", "ASEAN push"]


def test_members_that_someone_deleted_are_missed(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "members/asean-push/part-00001.parquet").unlink()
    with pytest.raises(sim.InputError, match="lacks members/asean-push/part-00001"):
        sim.open(copy).values("gdp", "ASEAN push")


def test_summaries_without_members_have_tables_and_say_what_they_cannot_do(summaries):
    assert "summaries only" in repr(summaries)
    assert len(summaries.table("gdp", 2030))
    assert len(summaries.compare().table("gdp", 2030))
    asked = [
        lambda: summaries.values("gdp"),
        lambda: summaries.aggregate("mekong", MEKONG),
        lambda: summaries.compare(to="ASEAN skills").effects,
        lambda: summaries.compare().values("gdp"),
        lambda: summaries.compare().precision("gdp", 2030),
    ]
    for ask in asked:
        with pytest.raises(sim.InputError, match="without --no-members"):
            ask()


# What is shown


def test_a_filter_holds_in_every_table(runs):
    few = runs.filter(scenario="*push", kpi="gdp*", economy=["LAO", "asean"], year=(2029, 2030))
    assert set(few.projections["scenario"]) == {"ASEAN push"}
    for table in (few.projections, few.compare().effects):
        assert set(table["kpi"]) == {"gdp", "gdp_per_person", "gdp_growth"}
        assert set(table["economy"]) == {"LAO", "asean"}
        assert set(table["year"]) == {2029, 2030}
    assert set(few.costs["economy"]) == {"LAO"}
    assert set(few.costs["year"]) == {2029, 2030}
    assert set(few.values("gdp")["economy"]) == {"LAO", "asean"}
    assert list(few.table("gdp", 2030).index) == [("ASEAN push", "LAO"), ("ASEAN push", "asean")]
    assert few.plot("gdp").axes


def test_a_comparison_finds_a_baseline_that_is_not_shown(runs):
    alone = runs.filter(scenario="ASEAN push").compare(to="baseline").table("gdp", 2030)
    whole = runs.compare(to="baseline").table("gdp", 2030)
    pd.testing.assert_frame_equal(alone, whole.loc[["ASEAN push"]])


@pytest.mark.parametrize(
    ("year", "kept"),
    [
        (2030, [2030]),
        ([2024, 2030], [2024, 2030]),
        ((2029, 2040), [2029, 2030, 2031, 2032]),
        (range(2024, 2031, 3), [2024, 2027, 2030]),
    ],
)
def test_years_are_one_or_several_or_a_range(runs, year, kept):
    assert sorted(set(runs.filter(year=year).projections["year"])) == kept


def test_what_a_filter_leaves_is_runs_again(runs):
    few = runs.filter(economy=MEKONG).aggregate("mekong", MEKONG)
    assert type(few) is sim.Runs
    assert type(few.compare().runs) is sim.Runs


def test_filters_add_up(runs):
    narrow = runs.filter(kpi="gdp*").filter(kpi="*growth")
    assert narrow.kpis == ("gdp_growth",)
    with pytest.raises(sim.InputError, match="kpi = 'internet_users'"):
        narrow.filter(kpi="internet_users")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"economy": "LAOS"}, "economy = 'LAOS'.*did you mean LAO"),
        ({"scenario": "ASEAN pusch"}, "did you mean ASEAN push"),
        ({"kpi": ["gdp", "internet_user"]}, "did you mean internet_users"),
        ({"kpi": "nothing*"}, r"kpi = 'nothing\*'"),
        ({"kpi": []}, "names nothing"),
        ({"year": 2050}, "year = 2050.*2023 to 2032"),
        ({"year": (2040, 2050)}, "2040 to 2050"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(runs, wanted, words):
    with pytest.raises(sim.InputError, match=words):
        runs.filter(**wanted)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda runs: runs.compare(to="ASEAN*"), r"to = 'ASEAN\*'"),
        (lambda runs: runs.plot("gdp", scenario="ASEAN*"), "scenario"),
        (lambda runs: runs.compare().plot("gdp", by="country"), "by = 'country'"),
        (lambda runs: runs.table("gdp", [2030, 2031]), "no single year"),
        (lambda runs: runs.compare().precision("gdp", (2030, 2031)), "no single year"),
        (lambda runs: runs.compare().table("gpd", 2030), "did you mean gdp"),
        (
            lambda runs: runs.filter(scenario="asean-baseline").compare().effects,
            "nothing to compare",
        ),
    ],
)
def test_one_name_and_one_year_are_one(runs, ask, words):
    with pytest.raises(sim.InputError, match=words):
        ask(runs)


# Members


def test_values_are_the_members_row_by_row(runs, folder):
    values = runs.values("internet_users", "ASEAN push")
    assert list(values.columns) == ["scenario", "member", "economy", "year", "value"]
    one = values[(values["economy"] == "VNM") & (values["year"] == 2030)]
    held = members(folder)
    same = held[(held["economy"] == "VNM") & (held["year"] == 2030)]
    np.testing.assert_array_equal(one["member"], same["member"])
    np.testing.assert_array_equal(one["value"], same["internet_users"])
    assert len(values) == MEMBERS * 12 * 10  # eleven economies and the region


def test_values_have_the_quantiles_of_the_projections(runs):
    values = runs.filter(year=[2025, 2031]).values("digital_share")
    medians = values.groupby(["scenario", "economy", "year"], observed=True)["value"].median()
    for year in (2025, 2031):
        table = runs.table("digital_share", year)["median"]
        found = medians.xs(year, level="year")
        assert found.loc[table.index].to_numpy() == pytest.approx(table.to_numpy(), rel=1e-9)


def test_only_the_columns_and_years_that_are_needed_are_read(runs, read):
    runs.values("internet_users", "ASEAN push", economy="LAO", year=2030)
    assert read == [([2], ["internet_users"])] * 2  # 2029-2031 of both parts
    read.clear()
    runs.values("internet_users", "ASEAN push", economy="asean", year=[2023, 2031])
    assert read == [([0, 2], ["internet_users", "population"])] * 2
    read.clear()
    runs.aggregate("mekong", MEKONG).table("gdp", 2030)
    assert read == [([2], ["gdp"])] * 6
    read.clear()
    runs.compare(to="ASEAN push").table("gdp", 2024)
    assert {tuple(groups) for groups, _ in read} == {(0,)}


def test_tables_that_were_written_need_no_members(runs, read):
    runs.filter(economy="LAO").compare().table("gdp", 2030)
    assert repr(runs)
    assert len(runs.costs)
    assert read == []


def test_what_is_read_for_a_year_takes_a_fraction_of_the_memory_of_all(runs):
    import tracemalloc

    peaks = []
    for year in (2030, None):
        tracemalloc.start()
        runs.values("gdp", "ASEAN push", economy="LAO", year=year)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < peaks[1] / 3


# Places that are added up


@pytest.mark.parametrize("kpi", [kpi.id for kpi in KPIS])
def test_a_place_is_added_up_by_the_rule_of_each_kpi(runs, folder, kpi):
    held = members(folder)
    held = held[(held["year"] == 2030) & held["economy"].isin(MEKONG)]
    columns = ["member", "economy", kpi, weight_column(BY_ID[kpi]) or kpi]
    wide = held[list(dict.fromkeys(columns))].pivot_table(
        index="member", columns="economy", observed=True
    )
    weight = weight_column(BY_ID[kpi])
    weights = None if weight is None else wide[weight][MEKONG].to_numpy()
    expected = aggregate(BY_ID[kpi], wide[kpi][MEKONG].to_numpy(), weights)
    mekong = runs.aggregate("mekong", MEKONG)
    found = mekong.values(kpi, "ASEAN push", "mekong", 2030)["value"]
    assert found.to_numpy() == pytest.approx(expected, rel=1e-12)
    row = mekong.table(kpi, 2030).loc[("ASEAN push", "mekong")]
    assert row["median"] == pytest.approx(np.median(expected), rel=1e-12)


def test_adding_up_the_whole_region_gives_its_figures(runs):
    everyone = runs.aggregate("everyone", list(runs.layout("ASEAN push").economies))
    for kpi in ("gdp_per_person", "regulatory_distance"):
        table = everyone.table(kpi, 2031).loc["ASEAN push"].drop(columns="unit")
        assert table.loc["everyone"].to_numpy() == pytest.approx(table.loc["asean"].to_numpy())
        effects = everyone.compare().table(kpi, 2031).loc["ASEAN push"].drop(columns="unit")
        assert effects.loc["everyone"].to_numpy() == pytest.approx(effects.loc["asean"].to_numpy())


def test_a_group_of_the_region_is_added_up_by_its_name(runs):
    clmv = runs.aggregate("clmv").filter(economy="clmv")
    mekong = runs.aggregate("mekong", MEKONG).filter(economy="mekong")
    one, two = (r.projections.drop(columns="economy") for r in (clmv, mekong))
    pd.testing.assert_frame_equal(one, two)
    assert len(clmv.plot("gdp").axes) == 1
    assert len(runs.aggregate("clmv").compare().plot("gdp", by="region").axes) == 2


@pytest.mark.parametrize(
    ("name", "economies", "words"),
    [
        ("asean", ["LAO"], "is a place of these results"),
        ("LAO", ["LAO"], "is a place of these results"),
        ("MEKONG", MEKONG, "no name for a place"),
        (" ", MEKONG, "no name for a place"),
        ("mekong", ["LAO", "VNN"], "economies = 'VNN'.*did you mean VNM"),
        ("mekong", [], "names nothing"),
        ("clm", None, "did you mean clmv"),
    ],
)
def test_places_that_cannot_be_added_up_are_refused(runs, name, economies, words):
    with pytest.raises(sim.InputError, match=words):
        runs.aggregate(name, economies)


# Comparisons


def test_any_scenario_can_be_compared_with_any_other(runs, folder):
    table = runs.compare(to="ASEAN skills").table("gdp", 2031)
    push, skills = (members(folder, f"ASEAN {name}") for name in ("push", "skills"))
    here = ((push["economy"] == "KHM") & (push["year"] == 2031)).to_numpy()
    change = 100 * (push["gdp"][here] / skills["gdp"][here].to_numpy() - 1)
    row = table.loc[("ASEAN push", "KHM")]
    assert row["median"] == pytest.approx(change.median())
    assert row["q95"] == pytest.approx(change.quantile(0.95))
    assert row["probability_better"] == pytest.approx((change > 0).mean())


def test_effects_of_members_have_the_quantiles_of_the_table(runs):
    gain = runs.compare()
    values = gain.values("gdp", "ASEAN push", economy="KHM", year=2031)
    assert list(values.columns) == ["scenario", "baseline", "member", "economy", "year", "value"]
    row = gain.table("gdp", 2031).loc[("ASEAN push", "KHM")]
    assert values["value"].median() == pytest.approx(row["median"])
    assert values["value"].quantile(0.05) == pytest.approx(row["q05"])


def test_the_precision_keeps_the_band_and_the_simulation_error_apart(runs):
    gain = runs.compare()
    row = gain.precision("internet_users", 2031).loc[("ASEAN push", "LAO")]
    table = gain.table("internet_users", 2031).loc[("ASEAN push", "LAO")]
    for column in ("median", "q05", "q95"):
        assert row[column] == pytest.approx(table[column])
    assert row["median_low"] < row["median"] < row["median_high"]
    assert row["half_width"] < (row["q95"] - row["q05"]) / 4
    assert row["more_members"] == pytest.approx(3 * MEMBERS, rel=0.06)
    values = gain.values("internet_users", "ASEAN push", "LAO", 2031)["value"]
    assert row["mean_half_width"] == pytest.approx(1.96 * values.std() / MEMBERS**0.5, rel=1e-3)


def test_a_half_width_of_ones_own_says_how_many_members_it_takes(runs):
    gain = runs.compare()
    now = gain.precision("internet_users", 2031)
    half = now["half_width"].loc[("ASEAN push", "LAO")]
    more = gain.precision("internet_users", 2031, half_width=half / 2)
    assert (
        more.loc[("ASEAN push", "LAO"), "more_members_wanted"]
        == (now.loc[("ASEAN push", "LAO"), "more_members"])
    )
    easy = gain.precision("internet_users", 2031, half_width=100.0)
    assert (easy["more_members_wanted"] == 0).all()
    with pytest.raises(sim.InputError, match="half_width"):
        gain.precision("internet_users", 2031, half_width=0.0)


def test_pairing_saves_members(runs):
    row = runs.compare().precision("gdp", 2031).loc[("ASEAN push", "asean")]
    policy, base = (
        np.log(runs.values("gdp", name, "asean", 2031)["value"])
        for name in ("ASEAN push", "asean-baseline")
    )
    assert row["pairing_gain"] == pytest.approx((policy.var() + base.var()) / (policy - base).var())
    assert row["pairing_gain"] > 100


@pytest.mark.parametrize(("count", "ranks"), [(6, (1, 6)), (10, (2, 9)), (100, (40, 61))])
def test_the_interval_of_a_median_has_the_ranks_of_the_tables(count, ranks):
    # From binomial tables: P(B < 2 | 10) = 1.1 %, P(B < 3 | 10) = 5.5 %.
    assert median_interval(np.arange(1.0, count + 1)) == ranks


def test_the_interval_of_a_median_covers_it_whatever_the_law():
    rng = np.random.default_rng(3)
    for draw, median in (
        (lambda: rng.lognormal(0.0, 1.5, 60), 1.0),
        (lambda: rng.standard_cauchy(60), 0.0),
    ):
        held = [
            low <= median <= high for low, high in (median_interval(draw()) for _ in range(2000))
        ]
        assert 0.94 < np.mean(held) < 0.98


def test_too_few_members_have_no_interval():
    assert np.isnan(median_interval(np.arange(5.0))).all()


def test_as_many_members_as_are_named_halve_the_interval():
    rng = np.random.default_rng(4)

    def width(count):
        pairs = [median_interval(rng.normal(size=count)) for _ in range(1500)]
        return np.mean([high - low for low, high in pairs])

    for count in (100, 500):
        wanted = int(members_for(count, 0.5))
        assert width(wanted) / width(count) == pytest.approx(0.5, rel=0.05)
    assert members_for(1_000_000, 0.5) == pytest.approx(4e6, rel=1e-3)


# The members in other tools


@pytest.fixture
def own(runs):
    values = runs.values("gdp", economy=["LAO", "VNM"], year=2030)
    return values.groupby(["scenario", "economy"], observed=True)["value"].mean()


def test_pandas_reads_the_members_of_a_scenario(folder, own):
    held = pd.read_parquet(folder / "members/asean-push", columns=["economy", "year", "gdp"])
    held = held[held["year"] == 2030].groupby("economy", observed=True)["gdp"].mean()
    for code in ("LAO", "VNM"):
        assert held[code] == pytest.approx(own["ASEAN push", code], rel=1e-12)


def test_duckdb_reads_the_members_of_all_scenarios(folder, own):
    rows = duckdb.sql(
        "select split_part(filename, '/', -2) as scenario, economy, avg(gdp) as gdp "
        f"from read_parquet('{folder.as_posix()}/members/*/part-*.parquet', filename = true) "
        "where year = 2030 and economy in ('LAO', 'VNM') group by all"
    ).fetchall()
    assert len(rows) == 6
    found = {(scenario, economy): gdp for scenario, economy, gdp in rows}
    assert found["asean-push", "VNM"] == pytest.approx(own["ASEAN push", "VNM"], rel=1e-12)
    assert found["asean-skills", "LAO"] == pytest.approx(own["ASEAN skills", "LAO"], rel=1e-12)


def test_polars_scans_the_members_with_a_filter(folder, own):
    found = (
        polars.scan_parquet(folder / "members/asean-push/part-*.parquet")
        .filter((polars.col("year") == 2030) & (polars.col("economy") == "LAO"))
        .select(polars.col("gdp").mean())
        .collect()
        .item()
    )
    assert found == pytest.approx(own["ASEAN push", "LAO"], rel=1e-12)


def test_the_python_of_the_page_on_results_runs(folder, tmp_path, monkeypatch):
    page = Path("docs/results.md").read_text(encoding="utf-8")
    codes = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (name,) = set(re.findall(r"results/(asean-2-scenarios-\w+)", page))
    shutil.copytree(folder, tmp_path / "results" / name)
    monkeypatch.chdir(tmp_path)
    known = {}
    for code in codes:
        exec(compile(code, "docs/results.md", "exec"), known)
    assert len(codes) > 8
    assert {file.name for file in known["files"]} == {"compare.csv", "compare.txt", "compare.png"}
    assert Path("gdp.dta").exists()
