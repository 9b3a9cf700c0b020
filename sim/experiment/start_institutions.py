"""Institutions in the base year: published indices, and estimates for innovation and trust."""

from __future__ import annotations

import numpy as np

from sim.experiment.posterior import INSTITUTIONS, Fitted
from sim.model import cyber, institutions
from sim.model.adoption import logistic, logit
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.region.region import Region

#: Shares and indices of 0 and 1 are taken to be this far from it.
NOT_QUITE = 0.005
#: Error of a figure in log-odds: when published, a year older, at most (judgement).
FIGURE_ERROR, ERROR_A_YEAR, LARGEST_ERROR = 0.05, 0.1, 0.8
#: Research at which that part of innovation is full, share of GDP, and typical of the developing.
FULL_RESEARCH, TYPICAL_RESEARCH = 0.025, 0.003
#: Innovation where all of its parts are nil, and what full ones add (judgement: by published scores
#: of the Global Innovation Index 2023 of Singapore, China, Viet Nam, Pakistan and Cambodia,
#: recalled, which it meets within about 0.1).
INNOVATION_FLOOR, INNOVATION_SPAN = 0.08, 0.58
#: Trust where the rule of law is weakest, and what the strongest adds (judgement).
TRUST_FLOOR, TRUST_SPAN = 0.25, 0.5


def settle(state: State, region: Region, p: Parameters, fitted: Fitted | None = None) -> None:
    """Set the institutions of the base year, uncertain where the figures are old or missing.

    Those whose figures were ``fitted`` start where history left them.

    Cyber losses of the base year are not published: they are the expected ones.
    """
    quality = region.base("government_effectiveness")
    state.egovernment = _drawn(region, "egdi", quality, p.start_egovernment_error)
    state.e_participation = _drawn(region, "e_participation", quality, p.start_egovernment_error)
    state.cybersecurity = _drawn(
        region, "cybersecurity", quality, p.start_cybersecurity_error, 0.01
    )
    state.digital_finance = _drawn(region, "account_ownership", quality, p.start_finance_error)
    for name in INSTITUTIONS:
        if fitted is not None and name in fitted.own:
            setattr(state, name, fitted.over(name, getattr(state, name)))
    state.innovation = logistic(logit(innovation_estimate(region)) + p.start_innovation_error)
    state.trust = np.clip(trust_estimate(region) + p.start_trust_error, 0.05, 0.95)
    for name in ("egovernment", "cybersecurity", "digital_finance", "innovation", "trust"):
        setattr(state, f"{name}_reference", getattr(state, name))
    exposed = cyber.exposure(state.internet_users, state.cybersecurity, cyber.threat(0, p), p)
    state.cyber_cost = cyber.expected_loss(exposed, p)
    state.cyber_incidents = p.cyber_rate * exposed
    state.startup_investment = institutions.venture_money(state.innovation, np.zeros(1), p)


def _drawn(
    region: Region, indicator: str, quality: Array, error: Array, scale: float = 1.0
) -> Array:
    """An index of the base year on 0-1, (m, e), with an error that grows with the figure's age.

    Where no economy has a figure it is logistic in government effectiveness (judgement).
    """
    if indicator in region.indicators:
        share = np.clip(scale * region.base(indicator), NOT_QUITE, 1.0 - NOT_QUITE)
        middle, age = logit(share), region.years_since_observed(indicator)
    else:
        middle, age = quality, np.full(len(quality), np.inf)
    spread = np.minimum(np.hypot(FIGURE_ERROR, ERROR_A_YEAR * np.sqrt(age)), LARGEST_ERROR)
    return logistic(middle + spread * error)


def innovation_estimate(region: Region) -> Array:
    """Innovation on the scale of the Global Innovation Index / 100, (e,): an estimate.

    floor + span * mean of three parts: the root of research spending against 2.5 % of GDP,
    tertiary enrolment, and regulatory quality (logistic in WGI units).
    """
    effectiveness = region.base("government_effectiveness")
    known = region.indicators
    research = np.full(len(effectiveness), TYPICAL_RESEARCH)
    if "rd_expenditure" in known:
        research = region.base("rd_expenditure")
    quality = effectiveness
    if "regulatory_quality" in known:
        quality = region.base("regulatory_quality")
    parts = (
        np.minimum(np.sqrt(research / FULL_RESEARCH), 1.0),
        np.minimum(region.base("tertiary_enrolment"), 1.0),
        logistic(quality),
    )
    return INNOVATION_FLOOR + INNOVATION_SPAN * np.mean(parts, axis=0)


def trust_estimate(region: Region) -> Array:
    """Trust in doing things online, (e,), index 0-1: an estimate from the rule of law.

    No comparable survey covers most economies. Without figures of the rule of law government
    effectiveness stands in for it.
    """
    known = "rule_of_law" in region.indicators
    law = region.base("rule_of_law" if known else "government_effectiveness")
    return TRUST_FLOOR + TRUST_SPAN * logistic(law)
