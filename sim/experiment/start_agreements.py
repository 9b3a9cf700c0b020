"""Where a run starts: the region's agreements as arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model.agreements import Agreements, no_agreements
from sim.model.quantities import Array
from sim.region.agreements import BINDING, KINDS, Agreement
from sim.region.region import Region


def agreements_of(region: Region) -> Agreements:
    """What the region's agreements ask, who may join and who has, in the order of its names."""
    known = region.agreements
    if not known:
        return no_agreements(len(region.economies))
    return Agreements(
        asked=np.array([one.asked for one in known]),
        paperless=np.array([one.paperless for one in known]),
        kind=np.array([float(KINDS.index(one.kind)) for one in known]),
        binding=np.array([float(BINDING.index(one.binding)) for one in known]),
        needed=np.array([float(one.needed) for one in known]),
        opens=np.array([float(one.opens or 0) for one in known]),
        in_force=np.array([float(one.in_force or 0) for one in known]),
        may_join=_by_economy(region, lambda one, code: code in one.may_join),
        joined=_by_economy(region, lambda one, code: one.joined.get(code, 0)),
        sovereignty=np.array(region.sovereignty),
    )


def _by_economy(region: Region, value: Callable[[Agreement, str], float]) -> Array:
    """An array (economy, instrument) of what a function says of each."""
    rows = [[value(one, code) for one in region.agreements] for code in region.economies]
    return np.array(rows, dtype=float)
