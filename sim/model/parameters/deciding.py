"""How member states budget, and what regional bodies achieve."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between


@dataclass(kw_only=True)
class Deciding:
    """Part of ``Parameters``."""

    budget_speed: Array = between(
        0.2, 0.35, 0.6, "share a year",
        "Part of the way from last year's mix of spending to the one a budget rule wants",
        "budgets move by increments: Davis, Dempster and Wildavsky (1966), recalled; range "
        "judgement", bounds=(0.05, 1),
    )  # fmt: skip
    budget_trials: Array = between(
        0.05, 0.1, 0.2, "share of budget",
        "Money that the marginal rule keeps for trying every lever", JUDGEMENT, bounds=(0.02, 0.5),
    )  # fmt: skip
    experience_weight: Array = between(
        0.25, 0.4, 0.6, "share", "Weight of the last year in what a state remembers of results",
        JUDGEMENT, bounds=(0.05, 1),
    )  # fmt: skip
    peer_distance: Array = between(
        0.002, 0.005, 0.01, "index points a year per log income",
        "Success that a peer must have more for each unit of distance in income", JUDGEMENT,
    )  # fmt: skip
    review_effect: Array = between(
        0.2, 0.4, 0.65, "share", "Most of under-delivery that a body of full quality corrects",
        "IMF (2015), Making Public Investment More Efficient: two thirds at most, recalled", "",
        bounds=(0, 1), channel="regional bodies",
    )  # fmt: skip
    review_step: Array = between(
        0.25, 0.5, 0.75, "share a review", "Part of that which one review corrects", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    review_fading: Array = between(
        0.05, 0.1, 0.2, "share a year", "Part of corrections lost in a year without a review",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    upgrade_step: Array = between(
        0.5, 0.75, 1.0, "share", "Part of the distance to the leaders that an upgrade adds",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    fund_administration: Array = between(
        0.01, 0.03, 0.06, "USD per USD paid", "Running the regional fund",
        "development banks spend a few percent of what they lend, recalled; range judgement",
        bounds=(0, 0.5),
    )  # fmt: skip
    fund_disbursement: Array = between(
        0.3, 0.5, 0.8, "share a year",
        "Part of the fund's free money that becomes grants in a year: projects take years",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    fund_absorption: Array = between(
        0.002, 0.004, 0.008, "share of GDP a year", "Most of free grants that an economy can use",
        "a sixth of the European Union's cap on cohesion transfers (2.3 % of GDP), for one sector "
        "of several; judgement", bounds=(0, 0.03),
    )  # fmt: skip
