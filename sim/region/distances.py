"""How far apart economies are: great circles between their capitals."""

from __future__ import annotations

import numpy as np

from sim.region.data import Array, RegionData

EARTH_RADIUS = 6371.0
#: Capitals are taken to be at least this far apart, km.
LEAST_DISTANCE = 50.0
#: To the rest of the world where the tables know no hub, km (judgement).
FAR_AWAY = 8000.0


def great_circle(
    latitude: Array | float,
    longitude: Array | float,
    other_latitude: Array | float,
    other_longitude: Array | float,
) -> Array:
    """Kilometres between two places given in degrees, by the haversine formula."""
    one, two = np.radians(latitude), np.radians(other_latitude)
    apart = np.radians(np.subtract(other_longitude, longitude))
    chord = np.sin((two - one) / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(apart / 2) ** 2
    return np.asarray(2.0 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def capital_distances(region: RegionData) -> Array:
    """Kilometres between capitals, (economy, economy): symmetric, 0 on the diagonal."""
    latitude, longitude = _places(region, region.economies)
    apart = great_circle(latitude[:, None], longitude[:, None], latitude, longitude)
    apart = np.maximum(0.5 * (apart + apart.T), LEAST_DISTANCE)
    np.fill_diagonal(apart, 0.0)
    return apart


def outside_distances(region: RegionData) -> Array:
    """Kilometres to the rest of the world, (economy,): the geometric mean over the hubs."""
    hubs = tuple(n for n in region.nodes[:-1] if n not in region.economies)
    if not hubs:
        return np.full(len(region.economies), FAR_AWAY)
    latitude, longitude = _places(region, region.economies)
    apart = great_circle(latitude[:, None], longitude[:, None], *_places(region, hubs))
    return np.asarray(np.exp(np.log(np.maximum(apart, LEAST_DISTANCE)).mean(axis=1)))


def _places(region: RegionData, codes: tuple[str, ...]) -> tuple[Array, Array]:
    """Latitudes and longitudes of capitals in degrees."""
    nodes = region.trade.nodes
    return (
        np.array([nodes[code]["latitude"] for code in codes]),
        np.array([nodes[code]["longitude"] for code in codes]),
    )
