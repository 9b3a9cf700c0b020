"""Evidence: how fast states join agreements and pass laws, in the model and in the past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.evidence.facts.joining import YEARS, Played, play
from sim.evidence.facts.policy import POLICY
from sim.evidence.facts.rows import Row, cited
from sim.evidence.facts.runs import READ
from sim.experiment import draws, start
from sim.experiment.posteriors import choose
from sim.model.quantities import Array
from sim.model.run import run
from sim.policy.paths import empty_paths
from sim.region.region import Region

#: Agreements whose past is known: an open one, one of a group, a law that states copy.
OPEN, GROUP, LAW = "cpta", "aaec", "data_protection_law"
#: Years from the opening of the open agreement to the end of the evidence (F01).
COUNTED = 7.25
#: The state whose ratification brought it into force, of how many that might have joined here.
NUMBER, STATES = 5, 22
#: 5 % and 95 % quantiles of chi-squared with ten degrees of freedom: the fifth event of a Poisson
#: process came once, after a time from which its mean is known within these (exact interval).
CHI_SQUARED = (3.940, 18.307)


@dataclass(frozen=True)
class Joining:
    """What is known of joining in the model.

    ``open`` and ``group`` are agreements played again from their first day, None where the region
    has none; ``laws`` who has the law in each year of the baseline, (year, member, economy), of
    those that are not on record as having passed it, None if all are.
    """

    open: Played | None
    group: Played | None
    laws: Array | None


def play_joining(region: Region, seed: int, members: int) -> Joining:
    """Play the past of the region's agreements again, and its baseline for laws."""
    posterior = choose(region).posterior
    world = start.build_world(region, region.base_year + READ, posterior)
    some = range(members)
    setup = start.build_setup(region, world, seed, some, posterior)
    chances = np.stack(
        [
            year.accession[..., 0]
            for year in draws.year_draws(
                seed, some, YEARS, len(world.economies), instruments=1
            )
        ]
    )  # fmt: skip

    def played(name: str, founders: bool) -> Played | None:
        if name not in region.instruments:
            return None
        agreement = region.agreement(name)
        others = (code for code in agreement.may_join if code not in agreement.joined)
        return play(setup, name, chances, tuple(others) if founders else ())

    laws = None
    if LAW in region.instruments:
        place, seen = region.instruments.index(LAW), []
        unknown = world.agreements.joined[:, place] == 0
        plan = empty_paths(READ, len(world.economies), len(world.systems), len(world.instruments))
        luck = draws.world_draws(seed, some, world)
        run(
            setup,
            plan,
            luck,
            lambda state, year: seen.append(state.ratified[..., place][:, unknown]),
        )
        laws = np.stack(seen) if unknown.any() else None
    return Joining(played(OPEN, False), played(GROUP, True), laws)


def joining_rows(found: Joining) -> Iterator[Row]:
    """Checks of fact 9: treaties and laws come by and by."""
    yield _group_row(found.group)
    yield from _open_rows(found.open)
    yield _law_row(found.laws)


def _group_row(group: Played | None) -> Row:
    told = cited()["F03"]
    statement = "Years from signature until all of a group have ratified"
    if group is None:
        return POLICY.untested(
            statement, "the region has no agreement of a group whose past is known",
            data=told.central, unit=told.unit, source=told.told,
        )  # fmt: skip
    return POLICY.compare(
        statement, float(group.years_until(int(group.may_join.sum())).mean()), told.central,
        "years", told.between,
        f"The ASEAN Agreement on Electronic Commerce played again: {group.may_join.sum():g} states "
        "of the region, mean of the members.", told.told,
    )  # fmt: skip


def _open_rows(played: Played | None) -> Iterator[Row]:
    rate, lag = cited()["F01"], cited()["F02"]
    statements = (
        "Accession to an open treaty, chance a year of an economy",
        "Years until an open treaty has the parties that it needs",
    )
    if played is None:
        why = "the region has no open agreement whose past is known"
        for statement, told in zip(statements, (rate, lag), strict=True):
            yield POLICY.untested(
                statement, why, data=told.central, unit=told.unit, source=told.told
            )
        return
    states = played.may_join.sum()
    yield POLICY.compare(
        statements[0], played.rate(COUNTED), rate.central, "chance a year", rate.between,
        f"The ESCAP paperless-trade agreement played again for {COUNTED:g} years from its opening, "
        f"{states:g} states of the region; rules and trade as they are now.", rate.told,
    )  # fmt: skip
    number = max(round(NUMBER * states / STATES), 1)
    few, many = CHI_SQUARED
    yield POLICY.compare(
        statements[1], float(played.years_until(number).mean()), lag.central, "years",
        (lag.central * 2 * NUMBER / many, lag.central * 2 * NUMBER / few),
        f"Until {number} of {states:g} states have joined, as five of {STATES}; two of the five "
        "were others. Range: what one such time says of its mean (exact Poisson, 90 %).",
        lag.told,
    )  # fmt: skip


def _law_row(laws: Array | None) -> Row:
    told = cited()["F04"]
    statement = "Data-protection laws in the baseline, chance a year of an economy without one"
    if laws is None:
        return POLICY.untested(
            statement, "every economy of the region has such a law", data=told.central,
            unit=told.unit, source=told.told,
        )  # fmt: skip
    passed, at_risk = (laws[-1] - laws[0]).sum(), (1.0 - laws[:-1]).sum()
    return POLICY.compare(
        statement, float(passed / at_risk), told.central, "chance a year", told.between,
        f"{len(laws) - 1} years of the baseline, {laws.shape[-1]} economies without a law on "
        "record. Data: the world, 2010-2020.", told.told,
    )  # fmt: skip
