"""Evidence: twelve stylised facts, each with the model's figure beside the data's."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sim.evidence.facts.agreements import joining_rows, play_joining
from sim.evidence.facts.cables import shock_rows
from sim.evidence.facts.counting import counting_rows
from sim.evidence.facts.history import history_rows
from sim.evidence.facts.levers import benefit_rows, lever_rows
from sim.evidence.facts.past import read_past
from sim.evidence.facts.policy import policy_rows
from sim.evidence.facts.rows import COLUMNS
from sim.evidence.facts.runs import run_scenarios
from sim.evidence.facts.scenarios import COLUMNS as MEASURED
from sim.evidence.facts.scenarios import money_scenario, policy_scenarios
from sim.evidence.facts.spread import spread_rows
from sim.evidence.facts.trade import trade_rows
from sim.region.region import Region

Progress = Callable[[str, int, int], None]


def stylised_facts(
    region: Region, seed: int = 1, members: int = 200, progress: Progress | None = None
) -> pd.DataFrame:
    """Check the stylised facts on any region: a row a check, in the order of the facts.

    Columns: ``fact`` (short name), ``number`` (1 to 12; 13 is the size of levers, 14 that nothing
    is counted twice), ``statement`` (what is compared), ``model`` and ``data`` (figures in
    ``unit``), ``low`` and ``high`` (the range of the model's figure that counts as agreement; NaN
    or infinite: no bound), ``agrees`` ("yes", "no" or "not tested"), ``kind`` ("figure": the range
    is about a figure; "cap": it only asks for a cap or a side, which is easy to keep), ``note``
    (where the figures come from, why that range, or why nothing is tested), ``source`` (of the
    data's figure).

    Facts 1 to 4 are about the past: forecasts and history of the fitted model, with ``members``
    members. The others are about runs as users make them. ``progress`` is told a stage, steps done
    and steps. Raises InputError for numbers out of range.
    """
    policies, money = policy_scenarios(region), [money_scenario(region)]
    runs = run_scenarios(region, policies, MEASURED, seed, members, progress)
    programme = run_scenarios(region, money, MEASURED, seed, members, progress)
    past = read_past(region, seed, members, progress)
    rows = [
        *history_rows(past, seed),
        *spread_rows(past, seed),
        *trade_rows(runs, seed),
        *policy_rows(runs),
        *joining_rows(play_joining(region, seed, members)),
        *shock_rows(runs, seed, members),
        *lever_rows(runs),
        *benefit_rows(programme),
        *counting_rows(region, seed, members),
    ]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.sort_values("number", kind="stable", ignore_index=True)
