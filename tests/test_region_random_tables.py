"""Tables with random mistakes: a region either loads and works, or says why it does not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_region_tables import NAMES, SMALL, small_folder, write

from sim.errors import InputError
from sim.region import Region, base_flows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path)


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
