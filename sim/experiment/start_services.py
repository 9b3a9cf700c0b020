"""Where digital services trade starts: the estimated flows, with what the rest of the world buys at
home."""

from __future__ import annotations

import numpy as np

from sim.model.quantities import Array
from sim.region.region import Region

#: Of all digital services that the rest of the world buys, the part that does not cross a border
#: (judgement; with its inner trade it sets how much the region weighs there).
OUTSIDE_BOUGHT_AT_HOME = 0.8


def services_flows(region: Region) -> Array:
    """Estimated flows in current USD, (market, market), the rest of the world last.

    Its diagonal holds what it buys from itself, in its own economies and across their borders.
    """
    flows = np.array(region.services_flows)
    bought = flows[:, -1].sum() / (1.0 - OUTSIDE_BOUGHT_AT_HOME)
    flows[-1, -1] = bought - flows[:-1, -1].sum()
    return flows


def price_level(region: Region) -> Array:
    """Current USD of the base year per USD of 2015, (economy,)."""
    return np.asarray(region.base("gdp_current") / region.base("gdp"))
