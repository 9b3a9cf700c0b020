"""Where talent on the move starts: who takes part in work, and how close economies are."""

from __future__ import annotations

import numpy as np

from sim.model.quantities import Array
from sim.region.distances import capital_distances
from sim.region.region import Region

#: Share of people of 15 to 64 in the labour force where the tables have no figure at all
#: (judgement: the world's, ILO, recalled).
USUAL_PARTICIPATION = 0.65
#: Fall of moves with distance (judgement: about minus one, as in gravity of migration).
DISTANCE_RESPONSE = 1.0


def participation(region: Region) -> Array:
    """Labour force as a share of people of 15 to 64, (economy,).

    The published figure is of all people of 15 and more; it is taken for those of 15 to 64.
    """
    if "labour_force_participation" not in region.indicators:
        return np.full(len(region.economies), USUAL_PARTICIPATION)
    return np.clip(region.base("labour_force_participation"), 0.1, 1.0)


def talent_closeness(region: Region) -> Array:
    """How close economies are for those who move, (economy, economy): an estimate.

    (1 + e s_ij) / distance, with s_ij the mean share of each in the other's trade within the
    region and e the number of partners: trade stands for languages, borders and habits shared.
    Symmetric, 0 on the diagonal, 1 on average.
    """
    apart = capital_distances(region)
    np.fill_diagonal(apart, np.inf)
    trade = 0.5 * (region.trade_weights + region.trade_weights.T)
    partners = len(region.economies) - 1
    close = (1.0 + partners * trade) / apart**DISTANCE_RESPONSE
    return np.asarray(close / (close.sum() / (partners * (partners + 1))))
