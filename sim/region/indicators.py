"""The one list of indicators: unit, range, and how a figure that is missing is filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Between = Literal["linear", "logit", "log"]
After = Literal["carry", "pooled_logit_drift", "own_growth"]
Missing = Literal["error", "constant", "regression"]
Needed = Literal["every economy", "some economy", "nobody"]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """What one indicator means and how it is completed.

    The tables keep the publisher's ``unit``, with figures between ``low`` and ``high``; arrays hold
    figure × ``scale``, in ``model_unit``. ``between`` is the scale on which years between two
    figures are interpolated (and on which regressions are run), ``after`` what happens after the
    last figure, ``missing`` what happens to an economy without any figure. ``predictors`` are
    indicators that stand earlier in the list. ``constant`` (publisher's unit) is a typical value,
    for ``missing="constant"`` and where nobody has a figure. ``needed`` says who must have at least
    one figure.
    """

    name: str
    unit: str
    model_unit: str
    scale: float
    low: float
    high: float
    meaning: str
    between: Between = "linear"
    after: After = "carry"
    missing: Missing = "regression"
    predictors: tuple[str, ...] = ("gdp_per_person_ppp",)
    constant: float | None = None
    needed: Needed = "nobody"

    @property
    def rule(self) -> str:
        """The whole imputation rule in words."""
        last = "carried" if self.after == "carry" else "extrapolated"
        missing = self.rule_for("estimated") if self.missing != "error" else "a figure is required"
        return "; ".join(
            (
                f"between two figures: {self.rule_for('interpolated')}",
                "before the first: carried back",
                f"after the last: {self.rule_for(last)}",
                f"without any: {missing}",
            )
        )

    def rule_for(self, status: str) -> str:
        """What a status of ``filling.STATUSES`` means for this indicator."""
        if status == "interpolated":
            scale = "" if self.between == "linear" else f" in the {self.between}"
            return f"linear{scale} between the figures before and after"
        if status == "carried":
            return "the nearest figure in time"
        if status == "extrapolated" and self.after == "pooled_logit_drift":
            return "median yearly change of the logit over all economies in the last eight years"
        if status == "extrapolated":
            return "own median rate of growth over the last five figures"
        if status == "estimated":
            return self._estimate_rule
        return "published"

    @property
    def _estimate_rule(self) -> str:
        typical = "" if self.constant is None else f"{self.constant:g}, a typical value"
        if self.missing == "constant":
            return typical
        rule = "regression across economies on " + " and ".join(self.predictors)
        return f"{rule}; {typical}, where no economy has a figure" if typical else rule


def _percent(name: str, meaning: str, unit: str, **options: object) -> Indicator:
    """An indicator in % that the model holds as a share of 0 to 1."""
    settings: dict[str, object] = {"low": 0.0, "high": 100.0, "model_unit": "share", **options}
    return Indicator(name=name, meaning=meaning, unit=unit, scale=0.01, **settings)  # type: ignore[arg-type]


def _plain(
    name: str, meaning: str, unit: str, low: float, high: float, **options: object
) -> Indicator:
    """An indicator that the model holds in the publisher's unit."""
    settings: dict[str, object] = {"model_unit": unit, **options}
    return Indicator(
        name=name,
        meaning=meaning,
        unit=unit,
        scale=1.0,
        low=low,
        high=high,
        **settings,  # type: ignore[arg-type]
    )


_GROWING = {"between": "log", "after": "own_growth", "missing": "error", "needed": "every economy"}
_INCOME_AND_SCHOOLING = ("gdp_per_person_ppp", "years_of_schooling")
_PEOPLE = "% of population"

_LIST = (
    # People
    _plain("population", "Total population", "persons", 1e3, 1e10, **_GROWING),
    _plain("gdp", "Gross domestic product", "constant 2015 USD", 1e6, 1e15, **_GROWING),
    _plain("gdp_current", "Gross domestic product", "current USD", 1e6, 1e15, **_GROWING),
    _plain(
        "gdp_per_person_ppp",
        "Gross domestic product per person at purchasing power parity",
        "constant 2021 international $",
        100,
        1e6,
        **_GROWING,
    ),
    _percent(
        "internet_users",
        "Individuals using the internet",
        _PEOPLE,
        between="logit",
        after="pooled_logit_drift",
        missing="error",
        needed="every economy",
    ),
    _percent("population_0_14", "People under 15 years", _PEOPLE, needed="some economy"),
    _percent("population_65plus", "People of 65 years and more", _PEOPLE, needed="some economy"),
    _percent("urban_share", "People in towns", _PEOPLE, needed="some economy"),
    _plain(
        "years_of_schooling",
        "Mean years of schooling of adults",
        "years",
        0,
        25,
        needed="some economy",
    ),
    _percent(
        "labour_force_participation",
        "Labour force",
        "% of population 15+",
    ),
    # Economy
    _plain(
        "gini",
        "Gini index of income or consumption",
        "index 0-100",
        10,
        80,
        missing="constant",
        constant=38.0,
    ),
    _percent(
        "investment_share",
        "Gross capital formation",
        "% of GDP",
        low=-20.0,
        needed="some economy",
    ),
    _percent("agriculture_share", "Value added of agriculture", "% of GDP", needed="some economy"),
    _percent(
        "industry_share",
        "Value added of industry, with construction",
        "% of GDP",
        needed="some economy",
    ),
    _percent(
        "services_share", "Value added of services", "% of GDP", low=0.1, needed="some economy"
    ),
    # Connectivity
    _percent(
        "fixed_broadband",
        "Fixed-broadband subscriptions",
        "per 100 people",
        model_unit="subscriptions per person",
        needed="some economy",
    ),
    _percent(
        "mobile_cellular",
        "Mobile-cellular subscriptions",
        "per 100 people",
        model_unit="subscriptions per person",
        high=400.0,
    ),
    _percent("coverage_3g", "People covered by at least a 3G network", _PEOPLE),
    _percent("coverage_4g", "People covered by at least a 4G network", _PEOPLE),
    _percent("electricity_access", "People with electricity", _PEOPLE),
    _plain(
        "broadband_price",
        "Price of data-only mobile broadband, basket of 2 GB",
        "% of monthly GNI per person",
        0.001,
        1000,
        between="log",
        needed="some economy",
    ),
    _plain(
        "fixed_broadband_price",
        "Price of fixed broadband, basket of 5 GB",
        "% of monthly GNI per person",
        0.001,
        1000,
        between="log",
    ),
    # Skills
    _percent(
        "basic_digital_skills",
        "Youth and adults who copied or moved a file or folder in the last three months",
        "% of youth and adults",
        between="logit",
        predictors=("gdp_per_person_ppp", "internet_users"),
        needed="some economy",
    ),
    _percent(
        "standard_digital_skills",
        "Youth and adults who used a formula in a spreadsheet in the last three months",
        "% of youth and adults",
        between="logit",
        predictors=("gdp_per_person_ppp", "internet_users"),
    ),
    _percent(
        "advanced_digital_skills",
        "Youth and adults who wrote a computer program in the last three months",
        "% of youth and adults",
        between="logit",
        predictors=("gdp_per_person_ppp",),
    ),
    _percent(
        "tertiary_attainment",
        "Adults of 25 to 64 years who completed tertiary education",
        "% of population 25-64",
        between="logit",
        predictors=_INCOME_AND_SCHOOLING,
        needed="some economy",
    ),
    _percent(
        "tertiary_enrolment",
        "Gross enrolment in tertiary education",
        "% gross",
        high=200.0,
        predictors=_INCOME_AND_SCHOOLING,
        needed="some economy",
    ),
    # Institutions
    _plain(
        "government_effectiveness",
        "Government effectiveness, Worldwide Governance Indicators",
        "standard normal units",
        -4,
        4,
        needed="some economy",
    ),
    _plain(
        "regulatory_quality",
        "Regulatory quality, Worldwide Governance Indicators",
        "standard normal units",
        -4,
        4,
    ),
    _plain(
        "rule_of_law",
        "Rule of law, Worldwide Governance Indicators",
        "standard normal units",
        -4,
        4,
    ),
    _plain("egdi", "E-Government Development Index", "index 0-1", 0, 1),
    _plain("e_participation", "E-Participation Index", "index 0-1", 0, 1),
    _plain("cybersecurity", "Global Cybersecurity Index", "index 0-100", 0, 100),
    # Finance, innovation, services trade, geography
    _plain(
        "account_ownership",
        "Adults with an account at a bank or mobile-money provider",
        "share of population 15+",
        0,
        1,
        between="logit",
    ),
    _percent("rd_expenditure", "Research and development", "% of GDP", high=20.0),
    _plain(
        "ict_service_exports",
        "Exports of computer, communications and information services",
        "current USD",
        1,
        1e13,
        between="log",
        predictors=("gdp_per_person_ppp", "population"),
    ),
    _plain(
        "surface_area", "Surface area", "km2", 1, 1e9, between="log", predictors=("population",)
    ),
    _plain(
        "telecom_regulation",
        "ICT Regulatory Tracker: regulator, its mandate, regime and competition in telecoms",
        "score 0-100",
        0,
        100,
        predictors=("gdp_per_person_ppp", "internet_users"),
        constant=63.0,
    ),
    _plain(
        "co2_per_person",
        "Carbon dioxide from fossil fuels and cement",
        "t per person",
        0.001,
        100,
        between="log",
        constant=4.7,
    ),
    # Rules in operation: a folder without figures still starts from the typical value.
    _plain(
        "paperless_trade",
        "Cross-border paperless trade in operation, own coding",
        "index 0-1",
        0,
        1,
        constant=0.75,
    ),
)

#: Least share of people of 15 to 64: those under 15 and over 64 leave it (judgement; none has less
#: than 0.45).
LEAST_WORKING_AGE = 0.2

#: Every indicator by name, in the order in which they are completed.
INDICATORS: dict[str, Indicator] = {item.name: item for item in _LIST}

#: The six legal provisions, in the order of the arrays of the model.
PROVISIONS = (
    "data_flows",
    "data_protection",
    "e_transactions",
    "digital_id_payments",
    "cybersecurity_law",
    "digital_tax_customs",
)

#: Standard deviation of a provision's score by confidence (judgement, see docs/regions.md).
PROVISION_SD = {"high": 0.05, "medium": 0.12, "low": 0.25}
