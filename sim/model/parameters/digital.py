"""The digital economy: core ICT value added."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed


@dataclass(kw_only=True)
class Digital:
    """Part of ``Parameters``."""

    digital_growth_ratio: Array = between(
        1.5, 2.4, 3.0, "ratio", "Growth of digital value added against GDP",
        "RBI Bulletin (2022)", "H10", bounds=(1, 6),
    )  # fmt: skip
    digital_growth_weight: Array = fixed(
        0.5, "share", "Part of that growth that follows income and not use", JUDGEMENT
    )
    digital_use_response: Array = between(
        0.8, 1.5, 2.2, "log per share", "Digital share of GDP and internet use",
        "own reading of RBI Bulletin (2022): share 5.4 to 8.5 % as use rose by 29 points", "H10",
        channel="digital sector",
    )  # fmt: skip
    digital_talent_response: Array = between(
        0.05,
        0.15,
        0.30,
        "elasticity",
        "Digital share of GDP and talent",
        JUDGEMENT,
        channel="digital sector",
    )
    digital_share_ceiling: Array = between(
        0.20, 0.25, 0.30, "share of GDP", "Where the core ICT share saturates", JUDGEMENT,
        bounds=(0.15, 0.6),
    )  # fmt: skip

    digital_anchor_share: Array = fixed(
        0.084, "share of GDP", "Digital economy, Philippines 2023",
        "Philippine Statistics Authority (2024), satellite account",
    )  # fmt: skip
    digital_anchor_users: Array = fixed(
        0.779, "share of population", "Internet users, Philippines 2023", "ITU via World Bank"
    )
    digital_anchor_services: Array = fixed(
        0.62, "share of value added", "Services, Philippines 2023", "World Bank NV.SRV.TOTL.ZS"
    )
