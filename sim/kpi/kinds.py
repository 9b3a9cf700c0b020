"""What a KPI is: measure, unit, direction, how a region adds it up, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.model.quantities import Array, State

Formula = Callable[[State], Array]

#: How a region's figure follows from its economies' (``weight`` is a KPI id, or ``population``).
SUM, BY_POPULATION, BY_GDP = "sum", "mean weighted by population", "mean weighted by GDP"
BY_EXPORTS = "mean weighted by goods exports"
BY_SERVICES = "mean weighted by digital services exports"

#: What a KPI's level and path rest on, without any policy.
DATA, LITERATURE, JUDGEMENT = "data", "literature", "judgement"
EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        DATA: "fitted to published figures and tested on years held out (digiregion validate)",
        LITERATURE: "moves by published estimates, which are not tested here",
        JUDGEMENT: "our own, informed by reading",
    }
)
#: What the grades leave out: said wherever a report explains them.
EFFECTS_EVIDENCE = (
    "Effects of policies rest on literature or judgement for every KPI: there were too few "
    "programmes in the past to fit them to."
)


@dataclass(frozen=True)
class Kpi:
    """One indicator. ``formula`` gives (member, economy) from a state, in ``unit``.

    ``better`` is 1 when more is better, -1 when less is, 0 when neither; ``catalogue`` is its code
    in the catalogue of the strategies; ``aggregation`` one of SUM, BY_POPULATION, BY_GDP;
    ``effect`` says whether a policy's effect is a difference (``points``) or a ratio (``percent``).
    ``evidence`` is DATA, LITERATURE or JUDGEMENT: what its level and path rest on without policy;
    ``evidence_note`` says why. Both are empty for a KPI that the registry does not know. ``group``
    is the part of the world under which tables and figures show it; the registry sets it.
    """

    id: str
    title: str
    unit: str
    better: int
    aggregation: str
    formula: Formula
    catalogue: str = ""
    definition: str = ""
    effect: str = "points"
    decimals: int = 1
    headline: bool = False
    evidence: str = ""
    evidence_note: str = ""
    group: str = ""

    @property
    def mark(self) -> str:
        """The grade's first letter, D, L or J, as reports show it beside the KPI."""
        return self.evidence[:1].upper()
