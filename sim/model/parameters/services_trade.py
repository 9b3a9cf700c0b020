"""Digital services trade, and barriers to trade."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed, normal


@dataclass(kw_only=True)
class ServicesTrade:
    """Part of ``Parameters``."""

    services_elasticity: Array = between(
        2.0, 3.0, 5.0, "elasticity", "Digital services trade and trade costs (epsilon)",
        "below that of goods: services are more different from each other; judgement", "",
        bounds=(1, 12),
    )  # fmt: skip
    services_connectivity: Array = between(
        0.2, 0.3, 0.4, "elasticity", "Digital services trade and use of the weaker partner",
        "Lopez-Gonzalez and Ferencz (2018), via OECD (2021)", "D06",
    )  # fmt: skip
    services_rules: Array = between(
        0.3, 0.5, 0.7, "log trade per unit", "Digital services trade and distance between rules",
        "Nordas (2016), OECD TPP 189", "D09",
    )  # fmt: skip
    services_openness: Array = between(
        0.02, 0.05, 0.07, "log imports per score",
        "Digital services imports and the importer's score on data flows",
        "Ferracane and van der Marel (2018), recalled", "D15",
    )  # fmt: skip
    services_output: Array = fixed(
        1.8, "USD per USD", "Sales of digital services against their value added", JUDGEMENT
    )
    services_trust: Array = between(
        0.0, 0.3, 0.6, "log imports per unit of trust",
        "Digital services imports and trust in doing things online, against its usual level",
        JUDGEMENT,
    )  # fmt: skip
    payments_saving: Array = between(
        0.002, 0.01, 0.02, "log", "Cost of cross-border services that linked payments save",
        "fees of 1-3 % on small cross-border payments, most of which go; recalled; judgement", "",
        channel="digital finance",
    )  # fmt: skip
    services_part: Array = between(
        0.4, 0.6, 0.8, "share", "Part of digital value added that is tradable services",
        "the rest is ICT goods and access at home; judgement", "", bounds=(0, 1),
        channel="services trade",
    )  # fmt: skip
    services_outside_growth: Array = normal(
        0.05, 0.015, "per year", "Growth of digital services of the rest of the world",
        "UN Trade and Development: digitally deliverable exports grew by 7-8 % a year in current "
        "USD since 2010, recalled",
    )  # fmt: skip
    export_control_cost: Array = between(
        0.0, 0.03, 0.06, "log", "Cost of all goods exports under full control of technology",
        "a tenth of exports are controlled, at a licence cost of 30 %: judgement", "",
        channel="market barriers",
    )  # fmt: skip
    export_control_denies: Array = between(
        0.1, 0.3, 0.5, "share", "Technology access that full control by all partners takes away",
        JUDGEMENT, "", bounds=(0, 1), channel="market barriers",
    )  # fmt: skip
