"""What a summary says besides its tables, and what fits into cells and keys of figures."""

import pandas as pd
import pytest

from sim.kpi.registry import BY_ID
from sim.report.cost_bars import largest
from sim.report.moved import moved_most
from sim.report.words import short_effect

YEARS = (2028, 2030, 2035)


def _rows(medians, spread):
    """Quantiles by KPI and year in one region."""
    rows = [
        {"kpi": kpi, "economy": "asean", "year": year, "median": m, "q05": m - spread,
         "q95": m + spread}
        for kpi, values in medians.items() for year, m in zip(YEARS, values, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _said(effects, levels=None):
    base = _rows(levels or dict.fromkeys(effects, (50.0, 50.0, 50.0)), 5.0)
    return moved_most(base, _rows(effects, 0.0), "asean", (2030, 2035), banded=False)


def test_a_shock_that_is_over_before_the_tables_is_told():
    said = _said({"gdp_per_person": (-6.9, -0.1, 0.0), "outage_hours": (170.0, 0.0, 0.0)})
    assert "GDP per person -6.9 % in 2028" in said
    assert "outages of international service +170.00 hours a year in 2028" in said


def test_headlines_that_the_tables_show_are_not_said_again():
    assert "internet users" not in _said(
        {"internet_users": (1.0, 2.0, 3.0), "human_capital": (1.0, 2.0, 3.0)}
    )


def test_nothing_is_said_of_what_does_not_show():
    assert _said({"outage_hours": (0.001, 0.0, 0.0), "gdp_per_person": (0.01, 0.0, 0.0)}) == ""


def test_what_is_large_against_the_baselines_band_comes_first():
    said = _said({"human_capital": (0.0, 1.0, 0.0), "e_participation": (0.0, 4.0, 0.0)})
    assert said.index("participation") < said.index("human capital")


@pytest.mark.parametrize(
    ("value", "text"),
    [(13_494_731, "+13.5M"), (377_067, "+377k"), (-93_945, "-93.9k"), (4_579, "+4,579"), (0, "0")],
)
def test_a_large_number_fits_a_cell(value, text):
    assert short_effect(BY_ID["people_trained"], value) == text


def test_small_numbers_in_cells_keep_their_decimals():
    assert short_effect(BY_ID["programme_cost"], 0.1274) == "+0.127"
    assert short_effect(BY_ID["digital_investment"], 1954.93) == "+1,955"


def test_costs_of_many_levers_are_added_up_and_keep_their_sum():
    table = pd.DataFrame({f"lever_{k}": [float(k), 2.0 * k] for k in range(13)}, index=[2026, 2027])
    few = largest(table, 7)
    assert next(iter(few)) == "lever_12"
    assert list(few)[-1] == "6 others"
    assert few.sum(axis=1).tolist() == table.sum(axis=1).tolist()
    assert list(largest(table.iloc[:, :8], 7)) == [f"lever_{k}" for k in range(7, -1, -1)]
