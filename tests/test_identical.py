"""The same bytes however a batch is run: workers, parts, order, company, memory."""

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.experiment import engine, manifest, plan, summary, tables
from sim.experiment.batch import write_batch
from sim.experiment.verify import verify
from sim.kpi.registry import COLUMNS, KPIS

MEMBERS = 600  # three parts a scenario
BASE = sim.Scenario.baseline("asean", horizon=2025)
VALUES = ("projections.csv", "effects.csv", "costs.csv")


def policy(lever: str, value: float, name: str) -> sim.Scenario:
    return BASE.plus(sim.lever(lever, value=value, years=(2025, 2025)), name=name)


FIBRE = policy("broadband_investment", 0.4, "Fibre")
SKILLS = policy("basic_skills_programme", 1, "Skills")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One batch of two policies on one core: no test changes it."""
    out = tmp_path_factory.mktemp("whole")
    return write_batch([FIBRE, SKILLS], MEMBERS, 3, 1, out).folder


def files(folder: Path) -> dict[str, str]:
    """Digests of a batch's files, which are as they were written."""
    verify(folder)
    return manifest.read(folder)["files"]


def lines(folder: Path, table: str, scenarios: tuple[str, ...]) -> Counter:
    """The rows of a table that are of some scenarios, character by character."""
    found = (folder / table).read_text(encoding="utf-8").splitlines()
    return Counter(line for line in found[1:] if line.split(",")[0] in scenarios)


def members(folder: Path, scenario: str) -> dict[str, str]:
    known = files(folder)
    return {name: known[name] for name in known if name.startswith(f"members/{scenario}/")}


def values(folder: Path, scenario: str) -> pd.DataFrame:
    """Every member of a scenario."""
    parts = sorted((folder / "members" / scenario).iterdir())
    frame = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
    return frame.sort_values(["member", "year", "economy"], ignore_index=True)


# --- how it is run -------------------------------------------------------------------------------


@pytest.mark.slow
def test_more_workers_give_the_same_bytes(whole, tmp_path):
    again = write_batch([FIBRE, SKILLS], MEMBERS, 3, 3, tmp_path).folder
    assert files(again) == files(whole)


@pytest.mark.parametrize("size", [64, 100, 512])
def test_parts_of_any_size_hold_the_same_numbers(whole, tmp_path, monkeypatch, size):
    monkeypatch.setattr(engine, "PART", size)
    again = write_batch([FIBRE, SKILLS], MEMBERS, 3, 1, tmp_path).folder
    assert len(list((again / "members/fibre").iterdir())) == -(-MEMBERS // size)
    for scenario in ("asean-baseline", "fibre", "skills"):
        pd.testing.assert_frame_equal(
            values(again, scenario), values(whole, scenario), check_exact=True
        )
    for table in ("projections.csv", "effects.csv"):
        assert files(again)[table] == files(whole)[table]
    # Costs are summed part by part: another size may move their last digits.
    one, two = (pd.read_csv(folder / "costs.csv") for folder in (whole, again))
    pd.testing.assert_frame_equal(one, two, rtol=1e-10)


@pytest.fixture(scope="module")
def run_at_once() -> np.ndarray:
    return engine.run_members(case_of(FIBRE), 3, range(600))


def case_of(scenario: sim.Scenario) -> engine.Case:
    cases = plan.make_plan(scenario, 1, 1).cases
    return cases[scenario.name]


@settings(max_examples=12)
@given(st.tuples(st.integers(0, 599), st.integers(0, 599)).map(sorted))
def test_any_range_of_members_holds_the_same_bits(run_at_once, ends):
    first, last = ends
    found = engine.run_members(case_of(FIBRE), 3, range(first, last + 1))
    assert found.tobytes() == run_at_once[:, first : last + 1].tobytes()


def test_columns_left_out_do_not_change_the_others(run_at_once):
    chosen = ("internet_users", "gdp")
    task = engine.Task(case_of(FIBRE), 3, range(600), chosen)
    positions = [[column.id for column in COLUMNS].index(name) for name in chosen]
    found = np.moveaxis(engine.run_task(task), 1, 2)
    assert found.tobytes() == run_at_once[positions].tobytes()


def test_running_a_scenario_leaves_nothing_behind_for_the_next():
    cases = [case_of(scenario) for scenario in (FIBRE, SKILLS, FIBRE)]
    first, other, again = (engine.run_members(case, 3, range(8)) for case in cases)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_the_surroundings_of_a_process_do_not_matter(whole, tmp_path):
    for scenario in (FIBRE, SKILLS):
        scenario.save(tmp_path / f"{scenario.name}.yaml")
    script = (
        "import sys, sim\n"
        "from sim.experiment.batch import write_batch\n"
        "both = [sim.Scenario.load(name) for name in ('Fibre.yaml', 'Skills.yaml')]\n"
        "print(write_batch(both, 600, 3, 1, 'out').folder)\n"
    )
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}
    other |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(sim.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | other, cwd=tmp_path, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / done.stdout.strip()) == files(whole)


# --- which scenarios ------------------------------------------------------------------------------


def test_any_order_of_scenarios_gives_the_same_bytes(whole, tmp_path):
    other = write_batch([SKILLS, FIBRE], MEMBERS, 3, 1, tmp_path).folder
    assert other.name == whole.name
    written = [path.relative_to(whole) for path in whole.rglob("*") if path.is_file()]
    for path in written:
        if path.name != "manifest.json":
            assert (other / path).read_bytes() == (whole / path).read_bytes()
    assert len(written) > 10


@pytest.mark.slow
def test_a_scenario_is_the_same_alone_and_among_ten(whole, tmp_path):
    others = [policy("broadband_investment", 0.1 + k / 100, f"Other {k}") for k in range(8)]
    many = write_batch([*others[:4], FIBRE, *others[4:], SKILLS], MEMBERS, 3, 1, tmp_path).folder
    alone = write_batch([FIBRE], MEMBERS, 3, 1, tmp_path / "alone").folder
    for folder in (many, whole):
        for scenario in ("asean-baseline", "fibre"):
            assert members(folder, scenario) == members(alone, scenario)
        for table in (*VALUES, "lever_paths.csv"):
            rows = lines(alone, table, ("asean-baseline", "Fibre"))
            assert lines(folder, table, ("asean-baseline", "Fibre")) == rows
            assert rows or table == "effects.csv"


def test_scenarios_share_their_luck():
    """Until its first lever moves, a policy is its baseline, member by member and bit by bit."""
    base = sim.Scenario.baseline("asean", horizon=2027)
    late = base.plus(sim.lever("broadband_investment", value=0.4, years=(2027, 2027)), name="Late")
    early = base.plus(
        sim.lever("basic_skills_programme", value=1, years=(2026, 2027)), name="Early"
    )
    without, last, first = (
        engine.run_members(case_of(one), 3, range(300)) for one in (base, late, early)
    )
    years = {year: year - BASE.world.base_year for year in (2026, 2027)}
    same = without[:, :, : years[2027]].tobytes()
    assert last[:, :, : years[2027]].tobytes() == same
    assert last[:, :, years[2027]].tobytes() != without[:, :, years[2027]].tobytes()
    assert first[:, :, : years[2026]].tobytes() == without[:, :, : years[2026]].tobytes()
    assert first[:, :, years[2026]].tobytes() != without[:, :, years[2026]].tobytes()


def test_another_seed_is_another_ensemble():
    one, two = (engine.run_members(case_of(FIBRE), seed, range(8)) for seed in (3, 4))
    assert not np.array_equal(one, two)


# --- how much memory there is ---------------------------------------------------------------------


def layout(members: int, economies: int, years: int, regions: int) -> summary.Layout:
    names = tuple(f"E{k}" for k in range(economies))
    return summary.Layout(
        Path(), members, names, tuple(range(2024, 2024 + years)),
        {f"region {k}": names for k in range(regions)},
    )  # fmt: skip


@given(
    st.integers(1, 5000), st.integers(1, 25), st.integers(1, 18), st.integers(0, 3),
    st.integers(0, len(KPIS)), st.integers(1, 2), st.integers(1, 10**8),
)  # fmt: skip
def test_tiles_hold_every_series_once_and_no_more_than_they_may(
    members, economies, years, regions, kpis, copies, held
):
    made = layout(members, economies, years, regions)
    chosen = KPIS[:kpis]
    seen: Counter = Counter()
    for tile in summary.tiles(made, chosen, copies, held):
        series = len(tile.kpis) * len(tile.years) * len(tile.places)
        # At least one series is held: quantiles need all of its members.
        assert series == 1 or 8 * copies * members * series <= held
        seen.update(
            (kpi.id, year, place)
            for kpi in tile.kpis
            for year in tile.years
            for place in tile.places
        )
    everything = {
        (kpi.id, year, place)
        for kpi in chosen
        for year in range(years)
        for place in range(economies + regions)
    }
    assert set(seen) == everything
    assert set(seen.values()) <= {1}


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """A batch of four row groups of years: how its members are laid out, and its KPIs."""
    base = sim.Scenario.baseline("asean", horizon=2033)
    fibre = base.plus(
        sim.lever("broadband_investment", value=0.4, years=(2025, 2033)), name="Fibre"
    )
    few = plan.Selection(kpis=tuple(kpi.id for kpi in KPIS[::4]))
    out = tmp_path_factory.mktemp("long")
    folder = write_batch(fibre, 300, 3, 1, out, selection=few).folder
    return tables.layout(folder, case_of(fibre), 300), few.chosen


@pytest.mark.slow
@pytest.mark.parametrize("held", [1, 20_000, 100_000, 600_000])
def test_tables_do_not_depend_on_how_much_is_held_at_once(long, monkeypatch, held):
    made, kpis = long
    levels, changes = summary.both(made, "Fibre", "asean-baseline", kpis)
    tiles = summary.tiles
    cut = []

    def small(given, kpis, copies):
        for tile in tiles(given, kpis, copies, held):
            cut.append(tile)
            yield tile

    monkeypatch.setattr(summary, "tiles", small)
    for one, two in zip(
        (levels, changes), summary.both(made, "Fibre", "asean-baseline", kpis), strict=True
    ):
        pd.testing.assert_frame_equal(one, two, check_exact=True)
    alone = summary.projections(made, "Fibre", kpis)
    pd.testing.assert_frame_equal(alone, levels, check_exact=True)
    assert len(cut) > len(kpis)


def test_kpis_in_a_job_of_their_own_have_the_same_rows(whole):
    made = tables.layout(whole, case_of(FIBRE), MEMBERS)
    together = summary.both(made, "Fibre", "asean-baseline", KPIS)
    for kpi in KPIS[::7]:
        alone = summary.both(made, "Fibre", "asean-baseline", [kpi])
        for one, two in zip(alone, together, strict=True):
            rows = two[two["kpi"] == kpi.id].reset_index(drop=True)
            pd.testing.assert_frame_equal(one, rows, check_exact=True)


@given(
    st.integers(1, 700), st.integers(0, 2**32 - 1),
    st.sampled_from(["normal", "lognormal", "ties", "constant"]),
)  # fmt: skip
def test_quantiles_are_those_of_numpy(members, seed, kind):
    random = np.random.default_rng(seed)
    drawn = {
        "normal": random.normal(size=(2, 3, members)),
        "lognormal": random.lognormal(20.0, 3.0, size=(2, 3, members)),
        "ties": random.integers(0, 3, size=(2, 3, members)).astype(float),
        "constant": np.full((2, 3, members), 0.1),
    }[kind]
    *found, mean = summary._quantiles(drawn.copy())
    wanted = np.quantile(drawn, list(summary.QUANTILES.values()), axis=-1)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mean, drawn.mean(axis=-1), rtol=1e-12)
    assert (np.diff(found, axis=0) >= 0.0).all()


def test_a_change_of_a_description_is_no_change(whole, tmp_path):
    told = dataclasses.replace(FIBRE, description="Cables to every village")
    again = write_batch([told, SKILLS], MEMBERS, 3, 1, tmp_path).folder
    assert again.name == whole.name
    assert members(again, "fibre") == members(whole, "fibre")
