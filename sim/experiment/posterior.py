"""The fitted ensemble: what history taught of the parameters, and where it left each economy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.errors import nearest_name
from sim.experiment.draws import POSTERIOR
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State, planes
from sim.region.indicators import INDICATORS
from sim.region.layout import FIRST_YEAR, LAST_YEAR

Flags = NDArray[np.bool_]

#: What the fit hands over to the base year besides parameters, by economy: users of each cohort
#: (share), lines per person, noise of the speeds of adoption and of roll-out (log), own growth
#: shock (log points), capital against GDP (years of GDP), and the log of GDP less the log of the
#: table's (nil where it was published), and the
#: standard deviation of own growth shocks (log points, the same in every draw).
STATES = (
    "online",
    "fixed_broadband",
    "adoption_noise",
    "broadband_noise",
    "growth_shock",
    "capital_ratio",
    "gdp_error",
    "growth_noise_sd",
)
#: Institutions in the base year (index 0-1), where their figures were fitted too.
INSTITUTIONS = ("egovernment", "cybersecurity", "digital_finance")


@dataclass(frozen=True, eq=False, kw_only=True)
class Posterior:
    """Draws of the fitted parameters and of the base year, with what they were fitted to.

    ``shared`` holds parameters that all economies share, (draw,); ``own``, by economy, parameters
    and the names in ``STATES`` and ``INSTITUTIONS``, (draw, economy), users (draw, economy,
    cohort). ``fitted`` says which economies they hold: the others have zeros. ``about`` says what
    was fitted, and how.
    """

    economies: tuple[str, ...]
    fitted: Flags
    shared: Mapping[str, Array]
    own: Mapping[str, Array]
    about: Mapping[str, Any]

    @property
    def size(self) -> int:
        """How many draws there are."""
        return len(next(iter(self.shared.values())))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the fitted parameters."""
        return (*self.shared, *(name for name in self.own if name not in (*STATES, *INSTITUTIONS)))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of every number, and of what they were fitted to."""
        found = hashlib.sha256(json.dumps(self.about, sort_keys=True).encode())
        found.update(" ".join(self.economies).encode() + self.fitted.tobytes())
        for name, values in sorted((*self.shared.items(), *self.own.items())):
            found.update(name.encode() + np.ascontiguousarray(values).tobytes())
        return found.hexdigest()

    def bands(self) -> dict[str, tuple[float, float, float]]:
        """5th, 50th and 95th percentile of each fitted parameter; effects over all economies."""
        found = {}
        for name in self.parameters:
            values = self.shared[name] if name in self.shared else self.own[name][:, self.fitted]
            if values.size:
                low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
                found[name] = (float(low), float(middle), float(high))
        return found

    def of(self, economies: Sequence[str], but: Sequence[str] = ()) -> Posterior:
        """The same draws with the economies of a region, in its order; those in ``but`` unfitted.

        An economy without draws keeps what all share, and its own effects are those of the priors.
        """
        place = {code: i for i, code in enumerate(self.economies) if self.fitted[i]}
        fitted = np.array([code in place and code not in but for code in economies], dtype=bool)
        rows = [place.get(code, 0) for code in economies]
        own = {}
        for name, values in self.own.items():
            chosen = values[:, rows]
            chosen[:, ~fitted] = 0.0
            own[name] = chosen
        return Posterior(
            economies=tuple(economies), fitted=fitted, shared=self.shared, own=own, about=self.about
        )

    def rows(self, seed: int, members: range) -> NDArray[np.int64]:
        """The draw of each member: all in turn, shuffled by the seed anew each time round."""
        numbers = np.arange(members.start, members.stop)
        found = np.empty(len(numbers), dtype=np.int64)
        for turn in range(members.start // self.size, (members.stop - 1) // self.size + 1):
            here = numbers // self.size == turn
            source = np.random.Philox(
                key=np.array([seed, turn], dtype=np.uint64),
                counter=np.array([0, 0, 0, POSTERIOR], dtype=np.uint64),
            )
            order = np.random.Generator(source).permutation(self.size)
            found[here] = order[numbers[here] % self.size]
        return found

    def draw(self, rows: NDArray[np.int64]) -> Fitted:
        """What these draws say, one a member."""
        return Fitted(
            fitted=self.fitted,
            shared={name: values[rows][:, None] for name, values in self.shared.items()},
            own={name: values[rows] for name, values in self.own.items()},
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Fitted:
    """Draws for the members of a run: ``shared`` (member, 1), ``own`` (member, economy, ...)."""

    fitted: Flags
    shared: Mapping[str, Array]
    own: Mapping[str, Array]

    def over(self, name: str, otherwise: Array) -> Array:
        """The fitted values, (member, economy, ...); ``otherwise`` for economies without any."""
        values = self.own[name]
        known = self.fitted.reshape(-1, *[1] * (values.ndim - 2))
        return np.where(known, values, otherwise)

    def teach(self, p: Parameters) -> None:
        """Put the fitted parameters in the place of draws from the priors."""
        for name, values in self.shared.items():
            setattr(p, name, values)
        for name in self.own:
            if name not in (*STATES, *INSTITUTIONS):
                setattr(p, name, self.over(name, getattr(p, name)))

    def settle(self, state: State, gdp: Array) -> None:
        """Start fitted economies where history left them; ``gdp`` is the table's, (economy,)."""
        state.gdp = gdp * np.exp(self.over("gdp_error", np.zeros_like(state.gdp)))
        ratio = self.over("capital_ratio", state.capital / gdp)
        state.capital = ratio * state.gdp
        state.online = planes(self.over("online", state.online))
        for name in ("fixed_broadband", "adoption_noise", "broadband_noise", "growth_shock"):
            setattr(state, name, self.over(name, getattr(state, name)))


def _indicator(name: str) -> str:
    if name not in INDICATORS:
        near = nearest_name(name, INDICATORS)
        raise ValueError("is no indicator" + (f"; did you mean {near}?" if near else ""))
    return name


Text = Annotated[str, Field(min_length=1)]
Sha256 = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
CodeFile = Annotated[str, Field(pattern=r"\A([a-z_]+/)*[a-z_0-9]+\.py\z")]
Names = Annotated[list[Text], Field(min_length=1)]


class _Part(BaseModel):
    """What is common to all parts of the record: nothing is converted, further fields may stand."""

    model_config = ConfigDict(strict=True, extra="allow")


class HistoryRecord(_Part):
    """The figures that were fitted to: SHA-256 of those of each economy."""

    indicators: Annotated[list[Annotated[str, AfterValidator(_indicator)]], Field(min_length=1)]
    digests: dict[str, Sha256]


class ModelRecord(_Part):
    """The code that was fitted: its files in the package."""

    files: Annotated[list[CodeFile], Field(min_length=1)]
    digest: Sha256


class PriorsRecord(_Part):
    """The parameters whose priors the fit rests on: those that are fitted, and fixed ones."""

    names: Names
    digest: Sha256


class Record(_Part):
    """What ``posterior.json`` holds; ``digest`` is that of the ensemble (``Posterior.digest``)."""

    region: Text
    until: Annotated[int, Field(gt=FIRST_YEAR, le=LAST_YEAR)]
    members: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)]
    rounds: Annotated[int, Field(ge=1)]
    misfit: dict[str, list[float]]
    history: HistoryRecord
    model: ModelRecord
    priors: PriorsRecord
    economies: Names
    digest: Sha256
