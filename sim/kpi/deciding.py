"""KPIs of member states' targets, regional bodies and the regional fund."""

from __future__ import annotations

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, LITERATURE, SUM, Kpi
from sim.model import goals
from sim.model.quantities import Array, State, mean, total


def _targets_met(state: State) -> Array:
    return 100.0 * mean((goals.levels(state) >= state.targets * (1.0 - 1e-9)).astype(float))


def _gap_to_targets(state: State) -> Array:
    return 100.0 * mean(goals.gaps(goals.levels(state), state.targets))


def _balance_by_gdp(state: State) -> Array:
    part = state.gdp / state.gdp.sum(axis=-1, keepdims=True)
    return state.fund_balance[:, None] * part / 1e6


_ARITHMETIC = "Arithmetic of what the scenario plans and what the fund's rules pay"

DECIDING: tuple[Kpi, ...] = (
    Kpi(
        "targets_met", "Targets met", "% of targets", 1, BY_POPULATION, _targets_met, "K26",
        "Goals whose target, the level of leaders, is reached; upgrades raise targets",
        evidence=JUDGEMENT,
        evidence_note="Which goals count and what leaders are is our choice",
    ),
    Kpi(
        "gap_to_targets", "Gap to targets", "% of target", -1, BY_POPULATION, _gap_to_targets,
        "K26",
        "Mean over goals of what is missing to the target; upgrades raise targets",
        evidence=JUDGEMENT,
        evidence_note="Which goals count and what leaders are is our choice",
    ),
    Kpi(
        "delivery_quality", "Delivery of public investment", "% of spending", 1, BY_GDP,
        lambda s: 100.0 * s.delivery_quality, "K03",
        "Public money that becomes assets; the rest is lost to delay and waste",
        evidence=LITERATURE,
        evidence_note="Published losses of public investment; what reviews add is our guess",
    ),
    Kpi(
        "regional_initiatives", "Regional initiatives", "count per economy", 1, BY_POPULATION,
        lambda s: s.initiatives, "K23",
        "Platforms, bodies, funds, standards and exchanges in which an economy takes part",
        evidence=JUDGEMENT, evidence_note="Counts what the scenario plans",
    ),
    Kpi(
        "regional_partnerships", "Partnerships in regional initiatives", "partnerships", 1, SUM,
        lambda s: s.partnerships, "K25", "Partners of each economy, summed over initiatives",
        evidence=JUDGEMENT, evidence_note="Counts what the scenario plans",
    ),
    Kpi(
        "fund_contributions", "Paid into the regional fund", "USD mn of 2015", 0, SUM,
        lambda s: s.fund_contributions / 1e6, "K30",
        evidence=LITERATURE, evidence_note=_ARITHMETIC,
    ),
    Kpi(
        "fund_transfers", "Received from the regional fund", "USD mn of 2015", 1, SUM,
        lambda s: s.fund_transfers / 1e6, "K30",
        "Programmes in an economy that the fund pays, from contributions and private money",
        evidence=LITERATURE, evidence_note=_ARITHMETIC,
    ),
    Kpi(
        "net_transfers", "Net transfers from the regional fund", "USD mn of 2015", 0, SUM,
        lambda s: (s.fund_transfers - s.fund_contributions) / 1e6, "K30",
        "Received less paid in; the region's sum is private money less administration and saving",
        evidence=LITERATURE, evidence_note=_ARITHMETIC,
    ),
    Kpi(
        "fund_balance", "Regional fund in hand", "USD mn of 2015", 0, SUM, _balance_by_gdp, "K30",
        "At the end of the year; an economy's part is by its share of the region's GDP",
        evidence=LITERATURE, evidence_note=_ARITHMETIC,
    ),
    Kpi(
        "digital_investment", "Digital investment mobilised", "USD mn of 2015", 1, SUM,
        lambda s: total(s.cost_by_payer) / 1e6, "K30",
        "All money for this year's programmes, public and private",
        evidence=LITERATURE,
        evidence_note="Arithmetic of plans, unit costs and private money drawn in per public USD",
    ),
)  # fmt: skip
