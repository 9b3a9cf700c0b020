"""Evidence: whether the effects of levers are of a plausible size, and what money buys."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.evidence.facts.rows import CAP, FEWEST, Fact, Row, cited, correlation, ranks
from sim.evidence.facts.runs import READ, START, Runs
from sim.evidence.facts.scenarios import COUNTED, MONEY, PROGRAMME
from sim.policy.levers import REGISTRY

LEVERS = Fact(13, "Size of levers")

#: Discount rate (pytal, GLOBAL_PARAMETERS).
DISCOUNT = 0.05


def lever_rows(runs: Runs) -> Iterator[Row]:
    """The size of levers: none moves GDP by more than 4 %, or users by 20 points in five years."""
    year, codes = runs.region.base_year + READ, runs.region.economies
    for name, known in REGISTRY.items():
        high = f"{known.scale.usual_high:g} {known.scale.unit}"
        for key, words, effect in (
            ("V04", "GDP", runs.percent("gdp", year, name)),
            ("V05", "Internet users", runs.change("internet_users", year, name)),
        ):
            told = cited()[key]
            middle = np.median(effect, axis=0)
            most = int(np.argmax(np.abs(middle)))
            yield LEVERS.compare(
                f"{words} in {year}, largest median effect of {name} in any economy",
                float(middle[most]), told.central, told.unit, (-told.central, told.central),
                f"{high}, {year - 4}-{year}, in every economy; largest in {codes[most]}. "
                f"Data: the most that is plausible for one lever.", told.told, CAP,
            )  # fmt: skip


def benefit_rows(money: Runs) -> Iterator[Row]:
    """Benefits of a broadband programme against its cost, and where they are larger."""
    region, told = money.region, cited()["A13"]
    first = region.base_year + START
    years = range(first, first + COUNTED)
    weights = {year: (1.0 + DISCOUNT) ** (first - year) for year in years}
    gained = sum(1e3 * weights[year] * money.change("gdp", year, MONEY) for year in years)
    spent = sum(
        weights[year] * money.values("cost_lever_broadband_investment", year, MONEY)
        for year in years
    )
    ratio = np.median(gained / spent, axis=0)
    yield LEVERS.compare(
        "GDP gained by a broadband programme over its public cost, median economy",
        float(np.median(ratio)), told.central, "ratio", told.between,
        f"{PROGRAMME} % of GDP a year for five years; GDP of {COUNTED} years at "
        f"{100 * DISCOUNT:g} %; economies from {ratio.min():.2f} to {ratio.max():.2f}. The "
        "published ratios count growth effects that later studies find to be a half or less, and "
        "start from little use; benefits other than GDP are in neither.", told.told,
    )  # fmt: skip
    statement = "Rank correlation over economies of that ratio with internet users"
    if len(ratio) < FEWEST:
        yield LEVERS.untested(statement, f"fewer than {FEWEST} economies")
        return
    yield LEVERS.compare(
        statement, correlation(ranks(ratio), ranks(region.base("internet_users"))), math.nan,
        "correlation", (-1.0, 0.0), "Agrees if the ratio falls towards universal use.", told.told,
        CAP,
    )  # fmt: skip
