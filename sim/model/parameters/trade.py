"""Goods trade."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, normal


@dataclass(kw_only=True)
class Trade:
    """Part of ``Parameters``."""

    trade_elasticity: Array = between(
        3.0, 4.5, 6.5, "elasticity", "Trade and trade costs (epsilon)",
        "Simonovska and Waugh (2014); Head and Mayer (2014), recalled", "", bounds=(1, 12),
    )  # fmt: skip
    trade_connectivity: Array = between(
        0.1, 0.2, 0.3, "elasticity", "Goods trade and internet use of the weaker partner",
        "Lopez-Gonzalez and Ferencz (2018), via OECD (2021)", "D05",
        channel="trade: connectivity",
    )  # fmt: skip
    regulation_amplifies: Array = between(
        0.4, 0.8, 1.0, "share", "How much more connectivity does at the best regulation",
        "WTO staff working paper (2023)", "D08",
    )  # fmt: skip
    regulatory_distance: Array = between(
        0.20, 0.33, 0.47, "log trade per unit",
        "Goods trade and distance between rules: two thirds (D05/D06) of the services figure",
        "Nordas (2016), OECD TPP 189", "D09", channel="trade: rules",
    )  # fmt: skip
    paperless_saving: Array = between(
        0.1, 0.2, 0.3, "share of transaction cost", "Saving by full cross-border paperless trade",
        "ESCAP framework-agreement note", "D16", bounds=(0, 0.9), channel="trade: paperless",
    )  # fmt: skip
    paperless_in_operation: Array = between(
        0.6, 0.766, 0.9, "share", "Measures in operation where all paperless systems exist",
        "UN Global Survey on Digital and Sustainable Trade Facilitation (2023), South-East and "
        "East Asia; range judgement", "D17", bounds=(0, 1),
    )  # fmt: skip
    transaction_cost: Array = between(
        0.02, 0.08, 0.15, "share of value", "Cost of documents and procedures at the border",
        "OECD (2003), 2-15 % of value, recalled; central judgement", "", bounds=(0, 0.5),
    )  # fmt: skip
    outside_growth: Array = normal(
        0.025, 0.005, "per year", "Growth of outside nodes and the rest of the world", JUDGEMENT
    )
