"""KPIs of agreements on digital trade and what is carried out of them."""

from __future__ import annotations

import numpy as np

from sim.kpi.kinds import BY_GDP, JUDGEMENT, LITERATURE, SUM, Kpi
from sim.model.quantities import PROVISIONS, Array, State


def _in_force(state: State) -> Array:
    return np.asarray((state.ratified * state.in_force[:, None, :]).sum(axis=-1))


def _carried_out(state: State) -> Array:
    """Mean over the agreements joined, % of what they ask; 0 where none is joined, (m, e)."""
    done = (state.ratified * state.implementation).sum(axis=-1)
    return np.asarray(100.0 * done / np.maximum(state.ratified.sum(axis=-1), 1.0))


def _score(state: State, provision: str) -> Array:
    return np.asarray(100.0 * state.provisions[..., PROVISIONS.index(provision)])


_RATES = (
    "Starts from depositaries' lists; states join at rates counted in the past (replayed by "
    "digiregion validate)"
)
_CODED = "Our own coding of laws; rises by agreements at a pace that we guess"

AGREEMENTS: tuple[Kpi, ...] = (
    Kpi(
        "agreements_joined", "Agreements joined", "memberships", 1, SUM,
        lambda s: np.asarray(s.ratified.sum(axis=-1)), "K23",
        "Agreements on digital trade ratified or acceded to, the model law on data included; for a "
        "region, all its economies' together",
        evidence=LITERATURE, evidence_note=_RATES,
    ),
    Kpi(
        "agreements_in_force", "Agreements in force", "memberships", 1, SUM, _in_force, "K25",
        "Those joined that have entered into force; for a region, all its economies' together",
        evidence=LITERATURE, evidence_note=_RATES,
    ),
    Kpi(
        "agreements_carried_out", "Agreements carried out", "% of what is asked", 1, BY_GDP,
        _carried_out, "K27",
        "Part of what agreements joined ask that is law and practice; 0 where none is joined. A "
        "new agreement that asks for more lowers it at first",
        evidence=JUDGEMENT, evidence_note="Levels that agreements ask are our own reading of them",
    ),
    Kpi(
        "data_flows_score", "Rules on data across borders", "score 0-100", 1, BY_GDP,
        lambda s: _score(s, "data_flows"), "K27", "100 is open with safeguards",
        evidence=JUDGEMENT, evidence_note=_CODED,
    ),
    Kpi(
        "data_protection_score", "Law on personal data", "score 0-100", 1, BY_GDP,
        lambda s: _score(s, "data_protection"), "K27",
        "Scope, authority, breach notification, officers",
        evidence=JUDGEMENT, evidence_note=_CODED,
    ),
)  # fmt: skip
