"""Sensitivity: indices are what closed forms say, luck is told apart, and so are policies."""

import csv

import numpy as np
import pytest
from own_region import keep_only

from sim.cli import main
from sim.errors import InputError
from sim.evidence.sensitivity import is_clear, sensitivity
from sim.evidence.sobol.factors import (
    BASE_YEAR,
    FITTED,
    NOTHING,
    OWN_FACTORS,
    Plans,
    assumption_factors,
    design,
    policy_factors,
)
from sim.evidence.sobol.indices import sobol_indices
from sim.evidence.sobol.text import sensitivity_text
from sim.experiment import draws, start
from sim.experiment.posteriors import choose
from sim.kpi.registry import BY_ID
from sim.model.parameters import count_draws, part_of, priors
from sim.model.run import run
from sim.policy import Scenario, lever, lever_paths
from sim.policy.paths import empty_paths
from sim.region.region import Region

THREE = ("VNM", "PHL", "THA")
KPIS = ("internet_users", "regulatory_distance", "gdp_per_person", "programme_cost")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("regions") / "three"
    main(["region", "new", str(folder), "--like", "asean"])
    keep_only(folder, THREE)
    return folder


@pytest.fixture(scope="module")
def scenario(folder):
    base = Scenario.baseline(str(folder), horizon=2030)
    return base.plus(
        lever("broadband_investment", value=0.4, who=["VNM"], years=(2026, 2030)),
        lever("broadband_investment", value=0.3, who=["PHL"], years=(2026, 2030)),
        lever("data_policy_alignment", value=1.0, years=(2025, 2028)),
        lever("basic_skills_programme", value=0.0, years=(2026, 2030)),
        name="Three levers",
    )


@pytest.fixture(scope="module")
def found(scenario):
    return sensitivity(scenario, KPIS, 2028, ["VNM"], points=64, replicates=8, workers=1)


def rows(found, **chosen):
    table = found.table.assign(clear=is_clear(found.table))
    for name, value in chosen.items():
        table = table[table[name] == value]
    return table.set_index("factor")


# The indices


def luck(rows, columns, replicates, random):
    """Luck as a design has it: that of A in all columns, but B and the last factor have B's."""
    of_a, of_b = random.standard_normal((2, rows, 1, replicates))
    return np.concatenate([np.repeat(of_a, columns - 2, 1), np.repeat(of_b, 2, 1)], axis=1)


def test_the_indices_of_ishigami_are_those_of_the_closed_form():
    u = design(4, 2048, seed=3)
    x = np.pi * (2.0 * u - 1.0)
    y = np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])
    found = sobol_indices(np.stack([y, y], axis=-1), seed=1)
    variance = 0.5 + 7.0**2 / 8.0 + 0.1 * np.pi**4 / 5.0 + 0.01 * np.pi**8 / 18.0
    third = 0.01 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    first = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2
    assert found.deviation**2 == pytest.approx(variance, rel=0.02)
    expected = np.array([first, 49.0 / 8.0, 0.0, 0.0]) / variance
    assert found.first == pytest.approx(expected, abs=0.03)
    assert found.total == pytest.approx(
        expected + np.array([third, 0, third, 0]) / variance, abs=0.03
    )
    assert (found.total_low <= found.total).all()
    assert (found.total <= found.total_high).all()
    assert found.chance == (0.0, 0.0, 0.0)
    assert found.left == 0.0


def test_luck_is_told_apart_from_what_is_varied():
    rows, replicates = 2048, 4
    u = design(4, rows, seed=1)
    noise = luck(rows, 6, replicates, np.random.Generator(np.random.Philox(1)))
    z = u - 0.5  # variance 1/12 each
    # The third acts through luck alone, the last does nothing but draw luck anew.
    values = (2.0 * z[..., 0] + z[..., 1])[..., None] + (0.2 + z[..., 2])[..., None] * noise
    found = sobol_indices(values, seed=1)
    of_luck = 0.2**2 + 1.0 / 12.0
    variance = 5.0 / 12.0 + of_luck / replicates
    assert found.first[:2] == pytest.approx(np.array([4.0, 1.0]) / 12.0 / variance, abs=0.03)
    assert found.noise[:2] == pytest.approx(0.0, abs=1e-12)
    assert found.noise[2] == pytest.approx(1.0 / 12.0 / replicates / variance, rel=0.1)
    assert found.total[2] == pytest.approx(found.noise[2], rel=0.1)
    assert found.noise[3] == pytest.approx(found.left, rel=0.1)
    assert found.total[3] == pytest.approx(found.noise[3], rel=0.1)
    assert found.left == pytest.approx(of_luck / replicates / variance, rel=0.1)
    assert found.chance[0] == pytest.approx(of_luck / (5.0 / 12.0 + of_luck), abs=0.03)
    assert found.chance[1] < found.chance[0] < found.chance[2]


def test_where_all_is_luck_no_factor_is_more_than_noise():
    values = luck(512, 5, 4, np.random.Generator(np.random.Philox(2)))
    found = sobol_indices(values, seed=1)
    assert found.chance[0] == pytest.approx(1.0, abs=0.1)
    assert found.total[:2] == pytest.approx(0.0, abs=1e-12)
    assert found.total[2] == pytest.approx(found.noise[2], rel=0.2)


def test_what_does_not_vary_has_no_indices():
    found = sobol_indices(np.full((8, 5, 2), 3.25), seed=1)
    assert found.mean == 3.25
    assert found.deviation == 0.0
    assert np.isnan(found.total).all()
    assert np.isnan(found.chance[0])


def test_the_seed_zero_is_a_seed_too():
    values = luck(64, 5, 2, np.random.Generator(np.random.Philox(4)))
    again = [sobol_indices(values, seed=0).total_high for _ in range(2)]
    assert np.array_equal(*again)


# What is varied


def test_from_priors_every_parameter_that_is_not_fixed_is_varied_once():
    factors = assumption_factors(3, None)
    names = {factor.name for factor in factors}
    sampled = [prior for prior in priors() if prior.kind != "fixed"]
    own = {p.name for p in sampled if part_of(p.name) in OWN_FACTORS}
    own = {name for name in own if not name.startswith("start_")}
    assert names > own | {BASE_YEAR, NOTHING}
    varied = [place for factor in factors for place in factor.columns]
    assert sorted(varied) == list(range(count_draws(3)))


def test_parameters_of_a_part_that_moves_headlines_little_are_one_factor():
    access = next(f for f in assumption_factors(3, None) if f.name.startswith("access"))
    inside = [p for p in priors() if part_of(p.name) == "access" and p.kind != "fixed"]
    assert len(access.columns) == len(inside) > 1


def test_what_is_fitted_is_one_factor_and_nothing_is_varied_twice():
    region = Region.load("asean")
    posterior = choose(region).posterior
    factors = assumption_factors(len(region.economies), posterior)
    names = [factor.name for factor in factors]
    assert FITTED in names
    assert not set(names) & set(posterior.parameters)
    places = [place for factor in factors for place in factor.columns]
    assert len(places) == len(set(places))


def test_effects_of_economies_that_were_not_fitted_are_factors_of_their_own():
    region = Region.load("asean")
    posterior = choose(region).posterior.of(region.economies, but=["VNM"])
    names = {factor.name for factor in assumption_factors(len(region.economies), posterior)}
    assert {FITTED, "ceiling_effect", "rollout_effect"} <= names
    assert not names & set(posterior.shared)


@pytest.mark.slow
def test_a_lever_that_asks_for_nothing_is_no_factor(scenario, found):
    names = [factor.name for factor in policy_factors(scenario)]
    assert names == [
        "broadband_investment (VNM)", "broadband_investment (PHL)", "data_policy_alignment (all)",
        NOTHING,
    ]  # fmt: skip
    listed = set(rows(found, analysis="policies", kind="policy").index)
    assert listed == set(names) - {NOTHING}


def test_entries_of_one_lever_for_the_same_economies_have_names_of_their_own():
    base = Scenario.baseline("asean", horizon=2035)
    twice = base.plus(
        lever("broadband_investment", value=0.4, who="VNM", years=(2026, 2028)),
        lever("broadband_investment", value=0.2, who="VNM", years=(2029, 2032)),
    )
    names = [factor.name for factor in policy_factors(twice)]
    assert len(set(names)) == 3
    assert "2026-2028" in names[0]


def test_a_plan_that_is_carried_out_in_full_is_the_plan_and_in_no_part_is_none():
    scenario = Scenario.load("scenarios/asean-carec-push.yaml")
    plans = Plans(scenario, scenario.world)
    entries = len(plans.alone)
    levers = plans.at(np.array([np.ones(entries), np.zeros(entries)]))
    whole = lever_paths(scenario, scenario.world)
    nothing = empty_paths(*whole.alignment_pace.shape)
    for name in (
        "broadband_investment", "infrastructure_sharing", "trade_facilitation", "alignment_pace",
        "basic_skills_programme", "advanced_skills_programme",
    ):  # fmt: skip
        path = getattr(levers, name)
        assert path[:, 0] == pytest.approx(getattr(whole, name), abs=1e-12)
        assert np.array_equal(path[:, 1], getattr(nothing, name))
    assert np.array_equal(levers.payer_share, whole.payer_share)
    assert np.array_equal(levers.national_budget, whole.national_budget)


def test_a_part_of_an_alignment_is_the_part_of_the_gap_that_is_closed(scenario):
    plans = Plans(scenario, scenario.world)
    pace = plans.at(np.array([[1.0, 1.0, 0.3]])).alignment_pace[:, 0]
    left = np.prod(1.0 - pace, axis=0)
    assert 1.0 - left == pytest.approx(np.full(3, 0.3))
    closed = 1.0 - np.cumprod(1.0 - pace, axis=0)
    assert np.diff(closed[1:5, 0]) == pytest.approx(0.3 / 4.0)  # in equal steps


def test_points_with_plans_of_their_own_run_as_each_plan_alone(folder):
    region = Region.load(folder)
    base = Scenario.baseline(region, horizon=2030)

    def spends(part):
        return base.plus(
            lever("broadband_investment", value=0.4 * part, years=(2026, 2029), ramp=1),
            lever("trade_facilitation", value=0.8 * (1.0 - part), years=2026),
            lever("basic_skills_programme", value=2.0 * part, who="VNM", years=(2026, 2029)),
        )

    full = base.plus(
        lever("broadband_investment", value=0.4, years=(2026, 2029), ramp=1),
        lever("trade_facilitation", value=0.8, years=2026),
        lever("basic_skills_programme", value=2.0, who="VNM", years=(2026, 2029)),
    )
    parts = (0.25, 0.75)
    together = Plans(full, region).at(np.array([[p, 1.0 - p, p] for p in parts]))
    world = start.build_world(region, 2030)
    posterior = choose(region).posterior
    states = {}
    for part, levers in [
        (None, together), *((part, lever_paths(spends(part), region)) for part in parts)
    ]:  # fmt: skip
        setup = start.build_setup(region, world, 1, range(2), posterior)
        years = list(draws.world_draws(1, range(2), world))
        states[part] = run(setup, levers, years, lambda state, year: None)
    for row, part in enumerate(parts):
        for kpi in ("internet_users", "gdp", "programme_cost", "basic_skills", "goods_exports"):
            here, alone = (BY_ID[kpi].formula(states[key])[row] for key in (None, part))
            assert here == pytest.approx(alone, rel=1e-12)


# What is found


@pytest.mark.slow
def test_policies_and_assumptions_are_apart(found):
    table = found.table
    kinds = {analysis: set(part["kind"]) for analysis, part in table.groupby("analysis")}
    assert kinds["assumptions"] == {"assumption", "dummy", "chance"}
    assert kinds["policies"] == {"policy", "dummy", "chance"}
    assert kinds["policies at central assumptions"] == {"policy", "dummy", "chance"}
    assert set(table["output"]) == {"level", "effect"}
    assert set(table.loc[table["kind"] == "policy", "output"]) == {"effect"}
    assert set(table["economy"]) == {"three", "VNM"}
    drawn = rows(found, analysis="policies", kind="chance", economy="three")
    central = rows(
        found, analysis="policies at central assumptions", kind="chance", economy="three"
    )
    wider = drawn.set_index("kpi")["total"] > central.set_index("kpi")["total"]
    assert wider.all()


@pytest.mark.slow
def test_no_factor_explains_less_with_others_than_alone(found):
    table = found.table[~found.table["kind"].isin(["chance", "dummy"])].dropna(subset="total")
    large = table[table["total"] > 0.01]
    assert len(large) > 20
    # 90 % intervals of 64 points miss now and then.
    assert (large["first_low"] <= large["total_high"]).mean() > 0.95
    by_kpi = table.groupby(["analysis", "output", "kpi", "economy"])
    assert (by_kpi["first_low"].sum() < 1.0).all()


@pytest.mark.slow
def test_what_does_nothing_for_a_kpi_is_not_distinguishable_from_none(found):
    level = rows(found, output="level", kpi="internet_users", economy="three")
    assert level.loc["graduate_cost", "total"] <= 0.001
    assert not level.loc["graduate_cost", "clear"]
    assert not level.loc[NOTHING, "clear"]
    assert level.loc[FITTED, "clear"]
    effect = rows(found, analysis="policies", kpi="internet_users", economy="VNM")
    assert not effect.loc["broadband_investment (PHL)", "clear"]
    assert effect.loc["broadband_investment (VNM)", "clear"]
    assert effect["total"].drop("chance and assumptions").idxmax() == "broadband_investment (VNM)"


@pytest.mark.slow
def test_what_draws_nothing_but_luck_shows_the_luck_that_is_left(found):
    nothing = found.table[found.table["kind"] == "dummy"].dropna(subset="total")
    chance = found.table[found.table["kind"] == "chance"].dropna(subset="total")
    assert len(nothing) == len(chance)
    left = nothing["noise_floor"].to_numpy() - chance["noise_floor"].to_numpy()
    assert np.abs(left).max() < 0.2
    large = nothing[nothing["noise_floor"] > 0.05]
    assert (large["total"] / large["noise_floor"]).median() == pytest.approx(1.0, abs=0.4)


@pytest.mark.slow
def test_the_distance_of_laws_is_uncertain_by_their_coding_and_by_who_carries_out_what(found):
    level = rows(found, output="level", kpi="regulatory_distance", economy="three")
    agreements = "agreements (all parameters)"
    others = level[(level["kind"] == "assumption") & ~level.index.isin([BASE_YEAR, agreements])]
    assert level.loc[BASE_YEAR, "total"] > 0.5
    assert level.loc[agreements, "total"] < level.loc[BASE_YEAR, "total"]
    assert not others["clear"].any()


@pytest.mark.slow
def test_growth_is_mostly_chance_and_a_law_is_less(found):
    chance = rows(found, kind="chance", output="level", economy="three").set_index("kpi")["total"]
    assert chance["gdp_per_person"] > 0.5
    assert chance["regulatory_distance"] < 0.3


@pytest.mark.slow
def test_a_kpi_that_nothing_moves_is_said_to_be_so(found):
    level = rows(found, output="level", kpi="programme_cost", economy="three")
    assert level["total"].isna().all()
    assert (level["sd"] == 0.0).all()
    text = sensitivity_text(found)
    assert "Public cost of programmes, % of GDP: mean 0; nothing that is varied moves it" in text
    assert max(len(line) for line in text.splitlines()) <= 100


# The command


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_bytes(folder, scenario, tmp_path, capsys):
    file = scenario.save(tmp_path / "three.yaml")
    for workers in ("1", "2"):
        words = ["sensitivity", str(file), "--kpis", "gdp,internet_users", "--points", "8"]
        words += ["--replicates", "2", "--year", "2027", "--economy", "VNM", "--quiet"]
        assert main([*words, "--workers", workers, "--out", str(tmp_path / workers)]) == 0
    assert "written" in capsys.readouterr().out
    names = ("sensitivity.csv", "sensitivity.txt", "sensitivity.png", "sensitivity-vnm.png")
    assert {path.name for path in (tmp_path / "1").iterdir()} == set(names)
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    with (tmp_path / "1" / "sensitivity.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert list(table[0])[:16] == [
        "kpi", "analysis", "output", "year", "economy", "factor", "kind", "first", "first_low",
        "first_high", "total", "total_low", "total_high", "noise_floor", "points", "replicates",
    ]  # fmt: skip
    assert {row["kpi"] for row in table} == {"gdp", "internet_users"}


def test_a_region_of_ones_own_is_analysed_from_priors(folder, capsys):
    words = ["sensitivity", "--region", str(folder), "--kpis", "internet_users", "--points", "8"]
    assert main([*words, "--replicates", "2", "--year", "2025", "--parameters", "prior"]) == 0
    printed = capsys.readouterr().out
    assert "parameters: priors" in printed
    assert "fitted ensemble  " not in printed
    assert "Policies" not in printed


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--kpis", "internet_user"], "did you mean internet_users?"),
        (["--kpis", ","], "names none"),
        (["--year", "2023"], "allowed: 2024 to 2060"),
        (["--points", "100"], "did you mean 128?"),
        (["--points", "1"], "not a power of two"),
        (["--replicates", "1"], "allowed: 2 to 1000"),
        (["--economy", "VNN"], "did you mean VNM?"),
        (["--seed", "-1"], "seed"),
        (["--workers", "0"], "workers"),
        (["--parameters", "posteriors"], "parameters"),
        (["--region", "aseann"], "did you mean asean?"),
        (["scenarios/asean-push.yaml", "--region", "asean"], "names its region itself"),
        (["scenarios/asean-push.yaml", "--year", "2036"], "allowed: 2024 to 2035"),
    ],
)
def test_bad_input_is_one_clear_error(asked, said, capsys, tmp_path):
    out = tmp_path / "out"
    assert main(["sensitivity", *asked, "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_design_that_would_not_fit_into_memory_is_refused_before_it_runs():
    with pytest.raises(InputError, match="fits into memory"):
        sensitivity(Region.load("asean"), points=2**16, replicates=1000)


def test_what_is_neither_a_region_nor_a_scenario_is_refused():
    with pytest.raises(InputError, match="neither a scenario nor a region"):
        sensitivity("asean")


def test_every_problem_is_said_at_once():
    with pytest.raises(InputError) as caught:
        sensitivity(Region.load("asean"), ["no"], 1999, ["XXX"], points=3, replicates=0)
    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"kpis", "year", "economy", "points", "replicates"}
