"""Every figure: pure functions from tables and a region to matplotlib figures, and ``save``."""

from sim.report.cost_bars import cost_chart
from sim.report.fans import effect_chart, fan_chart
from sim.report.heat import effect_heat_map
from sim.report.maps import network_map
from sim.report.style import save

__all__ = [
    "cost_chart",
    "effect_chart",
    "effect_heat_map",
    "fan_chart",
    "network_map",
    "save",
]
