"""Evidence: what one region taught of shared parameters, as the prior of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.quantities import Array

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


def carried_from(taught: Array) -> Carried:
    """From fitted normals of the shared parameters, (member, parameter): wider, up to the prior."""
    spread = taught.std(axis=0, ddof=1)
    factor = np.maximum(np.minimum(WIDENED, 1.0 / spread), 1.0)
    covariance = np.cov(taught, rowvar=False) * np.outer(factor, factor)
    root = np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    return Carried(np.asarray(taught.mean(axis=0)), root)
