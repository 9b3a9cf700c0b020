"""Production and growth."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import INF, Array, effect, fixed, normal


@dataclass(kw_only=True)
class Growth:
    """Part of ``Parameters``."""

    capital_share: Array = normal(
        0.38, 0.04, "share", "Output elasticity of capital (phi)", bounds=(0.2, 0.6)
    )
    depreciation: Array = fixed(0.05, "per year", "Depreciation of capital")
    schooling_return: Array = fixed(0.06, "log per year of schooling", "Return to schooling")
    trend_growth: Array = normal(0.010, 0.008, "per year", "Growth of productivity (gamma)")
    growth_effect: Array = effect(0.006, "per year", "Growth of productivity of one economy (g)")
    catching_up: Array = normal(
        0.010, 0.004, "per year per log income", "Catching up (chi)", bounds=(0, INF)
    )
    growth_persistence: Array = fixed(0.5, "per year", "AR(1) of own growth shocks")
    growth_noise_ratio: Array = fixed(0.85, "ratio", "SD of own shocks against half-pooled history")
    region_persistence: Array = fixed(0.3, "per year", "AR(1) of the regional shock")
    region_noise_sd: Array = fixed(0.008, "log points", "Stationary SD of the regional shock")
    region_crisis_rate: Array = fixed(0.06, "per year", "Regional crises")
    region_crisis_mean: Array = fixed(0.035, "log points", "Mean loss in a regional crisis")
    own_crisis_rate: Array = fixed(0.02, "per year", "Own crises")
    own_crisis_mean: Array = fixed(0.08, "log points", "Mean loss in an own crisis")
    crisis_rebound: Array = fixed(0.4, "share", "Part of a loss that comes back next year")
    start_capital_error: Array = effect(0.15, "log", "Error of capital to output in 2000")
    start_growth_shock: Array = effect(1.0, "standard deviations", "Growth shock in the base year")
