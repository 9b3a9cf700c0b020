"""What the world is: tables of real figures, and the networks between economies."""

from sim.region.data import BASE_YEAR
from sim.region.filling import STATUSES
from sim.region.indicators import INDICATORS, PROVISION_SD, PROVISIONS, Indicator
from sim.region.layout import LAYOUTS, REST_OF_WORLD
from sim.region.networks import base_flows, domestic_sales
from sim.region.region import SHIPPED, Region

__all__ = [
    "BASE_YEAR",
    "INDICATORS",
    "LAYOUTS",
    "PROVISIONS",
    "PROVISION_SD",
    "REST_OF_WORLD",
    "SHIPPED",
    "STATUSES",
    "Indicator",
    "Region",
    "base_flows",
    "domestic_sales",
]
