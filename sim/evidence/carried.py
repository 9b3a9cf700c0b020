"""Evidence: what the shipped regions taught of shared parameters, as the prior of another region."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from sim.evidence.fit import Fit, fit
from sim.evidence.known import known_at
from sim.model.quantities import Array
from sim.region.region import Region

#: The shipped region whose fit is carried over, and the members of that fit.
TEACHERS = "asean+carec"
MEMBERS = 600
#: How much wider what was learnt is taken to be elsewhere (judgement): another continent differs
#: in more than its figures, and a smoother of some hundred members is too sure of what is shared.
WIDENED = 2.0


@dataclass(frozen=True, eq=False)
class Carried:
    """A normal distribution of the shared parameters, in standard normals of their priors.

    ``mean`` (parameter,) and ``root`` (parameter, parameter), a root of the covariance, in the
    order of ``Layout.globals``.
    """

    mean: Array
    root: Array

    def draw(self, normals: Array) -> Array:
        """Draws from standard normals, both (member, parameter)."""
        return self.mean + normals @ self.root.T


def carried_from(fit: Fit) -> Carried:
    """What a fit taught of the shared parameters, widened, and never wider than the prior."""
    taught = fit.normals[:, fit.layout.globals]
    spread = taught.std(axis=0, ddof=1)
    factor = np.maximum(np.minimum(WIDENED, 1.0 / spread), 1.0)
    covariance = np.cov(taught, rowvar=False) * np.outer(factor, factor)
    root = np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    return Carried(taught.mean(axis=0), root)


def carried_to(region: Region, origin: int) -> Carried | None:
    """The prior of the shared parameters of a region of one's own; None for a shipped one.

    What the shipped regions taught up to ``origin``: no later figure of anybody enters.
    """
    return None if region.is_shipped else _taught(origin)


@functools.lru_cache(maxsize=16)
def _taught(origin: int) -> Carried:
    return carried_from(fit(known_at(Region.load(TEACHERS), origin, origin), MEMBERS))
