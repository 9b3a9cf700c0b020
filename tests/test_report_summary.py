"""The closing summary holds the numbers of the tables, in a width that e-mail bears."""

import re

import numpy as np
import pandas as pd
import pytest
from test_report_tables import BASE, POLICY, make_tables

from sim.kpi.registry import KPIS
from sim.region import Region
from sim.report.cost_tables import economies_gdp
from sim.report.summary_text import closing_summary
from sim.report.words import better_in, effect_decimals, effect_text, number

HEADLINES = [kpi for kpi in KPIS if kpi.headline and kpi.id != "programme_cost"]


@pytest.fixture(scope="module")
def region() -> Region:
    return Region.load("asean")


@pytest.fixture(scope="module")
def tables(region):
    return make_tables(region)


def summary(tables, scenarios=None, **options):
    scenarios = scenarios or {BASE: BASE, POLICY: BASE}
    return closing_summary(*tables, scenarios, members=1500, seed=7, **options)


def cell(frame, scenario, kpi, year, column="median", place="asean"):
    kept = (frame["scenario"] == scenario) & (frame["kpi"] == kpi) & (frame["year"] == year)
    return float(frame[kept & (frame["economy"] == place)][column].iloc[0])


@pytest.mark.parametrize("year", [2030, 2035])
def test_every_headline_stands_with_its_numbers(tables, year):
    text = summary(tables)
    part = text[text.index(f"ASEAN in {year}") :].split("\n\n")[0]
    projections, effects, _ = tables
    assert len(part.splitlines()) == len(HEADLINES) + 1
    for kpi, line in zip(HEADLINES, part.splitlines()[1:], strict=True):
        assert line.startswith(kpi.title)
        tail = line[47:]
        found = [float(text.replace(",", "")) for text in re.findall(r"[-+]?[\d,]+\.?\d*", tail)]
        digits = effect_decimals(kpi)
        expected = [
            round(cell(projections, BASE, kpi.id, year), kpi.decimals),
            round(cell(projections, POLICY, kpi.id, year), kpi.decimals),
            *(round(cell(effects, POLICY, kpi.id, year, q), digits)
              for q in ("median", "q05", "q95")),
            80.0,
        ]  # fmt: skip
        assert found == pytest.approx(expected, abs=1e-9)


def test_it_fits_and_says_who_pays_and_what_the_bands_are(region, tables):
    names = region.profile["name"].to_dict()
    text = summary(tables, names={code: names[code] for code in region.economies})
    assert max(len(line) for line in text.splitlines()) <= 100
    flat = " ".join(text.split())
    assert "Results of 1,500 members, seed 7" in flat
    # 11 economies, 7 years, USD 25 mn of public money and 7.5 of private money a year.
    assert "Public cost in ASEAN 2026-2032: USD 1.9 bn of 2015 in all" in flat
    assert "national 1.5, regional fund 0.385, private 0.578" in flat
    rows = tables[0]
    chosen = rows[
        (rows["scenario"] == POLICY)
        & (rows["kpi"] == "gdp")
        & rows["economy"].isin(region.economies)
        & rows["year"].between(2026, 2032)
    ]
    gdp = 1e3 * chosen.groupby("year")["mean"].sum()
    share = np.mean(100 * 275 / gdp)
    assert f"{share:.3f} % a year of its GDP." in flat
    assert "With " not in flat
    assert "lowest Brunei" in flat
    assert "highest Timor-Leste" in flat
    assert "hold 90 % of the members" in flat
    assert "differ in parameters (priors)" in flat


@pytest.mark.parametrize("horizon", [2027, 2030, 2033, 2040])
def test_tables_follow_the_horizon(region, horizon):
    text = summary(make_tables(region, horizon=horizon))
    years = [int(year) for year in re.findall(r"ASEAN in (\d+)", text)]
    assert years == sorted({min(2030, horizon), min(2035, horizon), horizon})


def test_several_policies_odd_names_and_unknown_probabilities(region):
    odd = "50% $x_1$ = |a|*b"
    projections, effects, costs = make_tables(region, {POLICY: BASE, odd: BASE})
    effects.loc[effects["kpi"] == "internet_users", "probability_better"] = np.nan
    scenarios = {POLICY: BASE, odd: BASE}
    text = summary((projections, effects, costs), scenarios)
    assert f"{odd} against {BASE}" in text
    assert text.count("ASEAN in 2030") == 2
    users = [line for line in text.splitlines() if line.startswith("Internet users, %")]
    assert len(users) == 4
    assert all(line.endswith(" -") for line in users)
    mark = summary((projections, effects, costs), scenarios, markdown=True)
    assert "## 50% \\$x\\_1\\$ = \\|a\\|\\*b against baseline" in mark
    for line in mark.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 7


def outweighed(tables):
    """The tables of a region that one of its economies outweighs, added up without it too."""
    projections, effects, costs = tables
    added = [
        frame[frame["economy"] == "asean"].assign(economy="asean without IDN")
        for frame in (projections, effects)
    ]
    return pd.concat([projections, added[0]]), pd.concat([effects, added[1]]), costs


def test_costs_are_those_of_the_place_in_the_table(region, tables):
    joined = outweighed(tables)
    names = region.profile["name"].to_dict()
    text = summary(joined, names={code: names[code] for code in region.economies})
    assert "ASEAN without Indonesia in 2035" in text
    flat = " ".join(text.split())
    # Ten economies with USD 175 mn each in seven years, and the eleventh.
    assert "Public cost in ASEAN without Indonesia 2026-2032: USD 1.8 bn of 2015 in all" in flat
    assert "With Indonesia (USD 0.175 bn): USD 1.9 bn." in flat
    assert "national 1.4, regional fund 0.350, private 0.525" in flat
    others = [code for code in region.economies if code != "IDN"]
    gdp = economies_gdp(joined[0], POLICY, others)
    share = np.mean([100 * 250 / gdp[year] for year in range(2026, 2033)])
    assert f"{share:.3f} % a year of its GDP" in flat


def test_a_policy_whose_cost_is_all_outside_the_place_says_so(tables):
    projections, effects, costs = outweighed(tables)
    text = summary((projections, effects, costs[costs["economy"] == "IDN"]))
    flat = " ".join(text.split())
    assert "Public cost in ASEAN without IDN: none. With IDN (USD 0.175 bn): USD 0.175 bn." in flat
    assert "IDN in 2030" in text


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        (["KHM"], ["KHM"]),
        (["KHM", "LAO"], ["KHM", "LAO"]),
        (["LAO", "KHM", "MMR", "VNM"], ["VNM", "KHM", "LAO"]),
        (["KHM", "LAO", "MMR", "VNM", "THA", "PHL"], []),
    ],
)
def test_a_policy_for_few_economies_has_their_tables(tables, codes, shown):
    projections, effects, costs = tables
    money = costs["usd_mn_2015"].where(costs["economy"].isin(codes), 0.0)
    # Vietnam's programmes cost most, Myanmar's least.
    money *= costs["economy"].map({"VNM": 2.0, "MMR": 0.5}).fillna(1.0)
    text = summary((projections, effects, costs.assign(usd_mn_2015=money)))
    heads = re.findall(r"^([A-Z]{3}) in (\d+)", text, re.MULTILINE)
    years = ["2030", "2035"] if len(codes) == 1 else ["2035"]
    assert sorted(heads) == sorted((code, year) for code in shown for year in years)
    assert ("1 more with programmes: MMR. All effects are in effects.csv." in text) == (
        len(codes) == 4
    )
    flat = " ".join(text.split())
    assert ("A year, as a share of own GDP: " in flat) == bool(shown)
    for code in shown:
        row = next(
            line for line in text.split(f"{code} in 2035")[1].splitlines() if "Internet" in line
        )
        effect = cell(effects, POLICY, "internet_users", 2035, place=code)
        assert number(effect, 1, sign=True) in row


def test_one_member_has_no_bands(tables):
    text = closing_summary(*tables, {POLICY: BASE}, members=1, seed=7)
    assert text.startswith("Results of 1 member, seed 7\n")
    flat = " ".join(text.split())
    assert "One member has no bands" in flat
    for absent in ("1 members", "90 % band)", "Better in", " to +"):
        assert absent not in flat
    alone = closing_summary(tables[0], None, None, {BASE: BASE}, members=1, seed=7)
    assert "Value" in alone
    assert "One member has no bands" in alone


def test_it_says_what_the_priors_do_to_the_share_of_members(tables):
    flat = " ".join(summary(tables).split())
    assert "partly follows from the priors" in flat
    assert "partly follows" not in closing_summary(tables[0], None, None, {BASE: BASE}, 5, 1)


def test_a_baseline_alone_has_medians_and_bands(tables):
    text = closing_summary(tables[0], None, None, {BASE: BASE}, members=5, seed=1)
    assert number(cell(tables[0], BASE, "internet_users", 2030), 1) in text
    assert "Effect" not in text
    assert "cost" not in text


def test_no_cost_is_said(tables):
    costs = tables[2].assign(usd_mn_2015=0.0)
    assert "Public cost: none." in summary((tables[0], tables[1], costs))
    assert "Public cost" not in summary((tables[0], tables[1], costs.iloc[:0, :0]))


def test_numbers_are_written_as_people_write_them():
    by_id = {kpi.id: kpi for kpi in KPIS}
    assert number(-0.04, 1) == "0.0"
    assert number(-0.0, 0, sign=True) == "0"
    assert number(-0.04, 1, sign=True) == "0.0"
    assert number(1234567.891, 2) == "1,234,567.89"
    assert number(-1234.5, 0, minus="\N{MINUS SIGN}") == "\N{MINUS SIGN}1,234"
    assert number(float("nan")) == "n/a"
    assert effect_text(by_id["gdp_per_person"], 0.44) == "+0.4"
    assert effect_text(by_id["talent"], -0.444) == "-0.44"


def test_no_text_has_minus_zero(tables):
    projections, effects, costs = tables
    tiny = effects.assign(**{q: -1e-6 for q in ("q05", "q25", "median", "q75", "q95")})
    text = summary((projections, tiny, costs))
    assert "-0.0" not in text
    assert "0.0 (0.0 to 0.0)" in text


@pytest.mark.parametrize(
    ("share", "band", "shown"),
    [
        (0.5, (-1.0, 2.0), "50 %"),
        (0.994, (0.1, 2.0), "99 %"),
        (1.0, (0.1, 2.0), ">99 %"),
        (0.0, (-2.0, -0.1), "<1 %"),
        (1.0, (0.01, 0.04), "-"),
        (1.0, (0.01, 0.06), ">99 %"),
        (float("nan"), (-1.0, 2.0), "-"),
    ],
)
def test_how_often_a_policy_is_better_is_never_certain_and_blank_without_an_effect(
    share, band, shown
):
    assert better_in(share, *band, decimals=1) == shown
