"""Exports: what each format holds when the tool that its users have opens it again."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
