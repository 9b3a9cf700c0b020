"""KPIs of firms."""

from __future__ import annotations

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, Formula, Kpi
from sim.model import firms
from sim.model.quantities import SEGMENTS, Array, State

_GUESSED = (
    "No comparable figures by economy: estimated from connectivity and skills, placed by recalled "
    "surveys"
)
_MSME = tuple(i for i, name in enumerate(SEGMENTS) if name.endswith("_msme"))
_LARGE = tuple(i for i, name in enumerate(SEGMENTS) if name.endswith("_large"))


def _adoption(segments: tuple[int, ...]) -> Formula:
    def formula(state: State) -> Array:
        return 100.0 * firms.weighted_mean(state.firm_adoption, state.segment_weights, segments)

    return formula


def _of(sector: str) -> tuple[int, ...]:
    return tuple(i for i, name in enumerate(SEGMENTS) if name.startswith(sector))


def _gap(state: State) -> Array:
    return _adoption(_LARGE)(state) - _adoption(_MSME)(state)


FIRMS: tuple[Kpi, ...] = (
    Kpi(
        "msme_adoption", "Small firms with digital tools", "% of firms", 1, BY_GDP,
        _adoption(_MSME), "K31",
        "Micro, small and medium firms that use digital technology; sectors by value added",
        headline=True,
        evidence=JUDGEMENT, evidence_note=_GUESSED,
    ),
    Kpi(
        "size_gap", "Gap between large and small firms", "percentage points", -1, BY_GDP, _gap,
        "K31", "Use of digital technology by large firms less that by small and medium ones",
        evidence=JUDGEMENT, evidence_note="As small firms with digital tools",
    ),
    Kpi(
        "smart_agriculture", "Smart agriculture", "% of farms, by value added", 1, BY_GDP,
        _adoption(_of("agriculture")), "K33", evidence=JUDGEMENT, evidence_note=_GUESSED,
    ),
    Kpi(
        "industry_4_0", "Industry 4.0", "% of firms in industry, by value added", 1, BY_GDP,
        _adoption(_of("industry")), "K33", evidence=JUDGEMENT, evidence_note=_GUESSED,
    ),
    Kpi(
        "new_economy_services", "Digital service firms", "% of service firms, by value added", 1,
        BY_GDP, _adoption(_of("services")), "K33", evidence=JUDGEMENT, evidence_note=_GUESSED,
    ),
    Kpi(
        "firm_returns", "Returns to programmes for firms", "% of GDP", 1, BY_GDP,
        lambda s: 100.0 * s.firm_returns, "K33",
        "Through adoption beyond what comes with connectivity; 0 in the baseline", decimals=2,
        evidence=JUDGEMENT,
        evidence_note="A study of EU firms, halved and more, with lags; nothing in the baseline",
    ),
    Kpi(
        "smart_places", "People in smart towns and villages", "% of population", 1, BY_POPULATION,
        lambda s: 100.0 * s.smart_places, "K33", "Of programmes since the base year",
        evidence=JUDGEMENT, evidence_note="Arithmetic of the plan, with a guess of people a place",
    ),
)  # fmt: skip
