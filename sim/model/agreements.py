"""Agreements on digital trade as the world gives them: what they ask, who may join, who has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.quantities import PROVISIONS, Array, quantity


@dataclass(slots=True, kw_only=True)
class Agreements:
    """What a region's agreements are; nothing in it changes in a run."""

    asked: Array = quantity(
        "instrument provision", "score 0-1", 0, 1, "Level that an agreement asks of provisions"
    )
    paperless: Array = quantity(
        "instrument", "index 0-1", 0, 1, "Paperless trade that an agreement asks for"
    )
    kind: Array = quantity("instrument", "0 open, 1 club, 2 law", 0, 2, "How states come to join")
    binding: Array = quantity(
        "instrument", "0 voluntary, 1 best endeavour, 2 binding", 0, 2, "How it binds"
    )
    needed: Array = quantity(
        "instrument", "parties", 1, 1000, "Ratifications after which it enters into force"
    )
    opens: Array = quantity(
        "instrument", "calendar year", 0, 9999, "Year of signature; 0: only proposed"
    )
    in_force: Array = quantity(
        "instrument", "calendar year", 0, 9999, "Recorded entry into force; 0: none"
    )
    may_join: Array = quantity("economy instrument", "0 or 1", 0, 1, "Who can be a party")
    joined: Array = quantity(
        "economy instrument", "calendar year", 0, 9999, "Recorded year of joining; 0: none"
    )
    sovereignty: Array = quantity(
        "economy", "share", 0, 1, "Sovereignty over data that a free flow would take away"
    )

    def parties(self, year: int) -> Array:
        """Who had joined by the end of a year, as recorded, (economy, instrument)."""
        return np.asarray((self.joined > 0) & (self.joined <= year), dtype=float)


def no_agreements(economies: int) -> Agreements:
    """A region without agreements."""
    none = np.zeros(0)
    return Agreements(
        asked=np.zeros((0, len(PROVISIONS))), paperless=none, kind=none, binding=none,
        needed=none, opens=none, in_force=none, may_join=np.zeros((economies, 0)),
        joined=np.zeros((economies, 0)), sovereignty=np.zeros(economies),
    )  # fmt: skip
