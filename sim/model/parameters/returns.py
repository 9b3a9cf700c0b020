"""Returns to internet use and skills."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import Array, between


@dataclass(kw_only=True)
class Returns:
    """Part of ``Parameters``."""

    digital_return: Array = between(
        0.027, 0.033, 0.039, "log GDP over the S-curve",
        "Level effect of internet use on GDP, all channels",
        "Czernich, Falck, Kretschmer and Woessmann (2009)", "A02",
        channel="returns to internet use",
    )  # fmt: skip
    digital_shrinkage: Array = between(
        0.25, 0.5, 0.75, "share",
        "Part of that level effect that is productivity at home and not publication bias or trade",
        "halving after the meta-analysis in HSS Communications (2024); range judgement", "A11",
        bounds=(0, 1),
    )  # fmt: skip
    basic_skills_return: Array = between(
        0.0, 0.02, 0.05, "log earnings", "Return to basic digital skills of an online worker",
        "World Bank (2016), World Development Report, 5 % in ICT-intensive work, as the ceiling",
        "E03", channel="returns to skills",
    )  # fmt: skip
    talent_return: Array = between(
        0.24, 0.36, 0.48, "log earnings", "Return to advanced ICT studies: four years at 9 %",
        "Psacharopoulos and Patrinos (2018), recalled; range judgement",
        channel="returns to skills",
    )  # fmt: skip
