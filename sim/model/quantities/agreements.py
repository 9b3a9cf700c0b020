"""Agreements between states: who has joined, what is in force, what they ask for next."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import Array, quantity


@dataclass(kw_only=True)
class Pacts:
    """Part of ``State``."""

    ratified: Array = quantity(
        "member economy instrument", "0 or 1", 0, 1, "Whether an economy has joined an agreement",
        "depositaries' lists; see instruments.csv",
    )  # fmt: skip
    in_force: Array = quantity("member instrument", "0 or 1", 0, 1, "Whether it is in force")
    negotiated: Array = quantity(
        "member instrument", "share", 0, 1, "Negotiation of an agreement; 1: it can be joined"
    )
    implementation: Array = quantity(
        "member economy instrument",
        "share",
        0,
        1,
        "Part of what an agreement asks that is law and practice, in parties and in others",
    )
    due_rules: Array = quantity(
        "member economy provision",
        "score a year",
        0,
        1,
        "Rise of provisions next year by agreements that are in force",
    )
    due_paperless: Array = quantity(
        "member economy",
        "index a year",
        0,
        1,
        "Rise of paperless trade next year by agreements that are in force",
    )
    own_laws_raised: Array = quantity(
        "member economy", "scores", 0, 6, "Rise of provisions by own aims, summed over the six"
    )
    systems_built: Array = quantity(
        "member economy", "index", 0, 1, "Paperless trade that programmes put in operation"
    )
    standards: Array = quantity(
        "member economy", "share", 0, 1, "Common technical standards adopted since the base year"
    )
