"""Law on data and trade, and how far apart economies are."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import Array, quantity


@dataclass(kw_only=True)
class Rules:
    """Part of ``State``."""

    provisions: Array = quantity(
        "member economy provision",
        "score 0-1",
        0,
        1,
        "Legal provisions: 1 is open with safeguards, complete, interoperable",
        "own coding on published criteria; see the sources of each score",
    )
    laws_raised: Array = quantity(
        "member economy", "scores", 0, 6, "Rise of provisions by programmes, summed over the six"
    )
    rule_distance: Array = quantity(
        "member economy partner", "score 0-1", 0, 1, "Regulatory distance between two economies"
    )
    facilitation: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Cross-border paperless trade in operation"
    )
    facilitation_base: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Cross-border paperless trade in the base year"
    )
