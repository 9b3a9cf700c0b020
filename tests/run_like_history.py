"""History as the running model reads it, with its hindsight: to hold the two against each other."""

from dataclasses import replace

import numpy as np

from sim.evidence.given import LEAST_FIRST_USERS, Given
from sim.experiment import start
from sim.model import output
from sim.model.quantities import Array
from sim.region.layout import FIRST_YEAR
from sim.region.region import Region


def given_by(region: Region, origin: int, last_year: int) -> Given:
    """History as the running model would have read it in the year ``origin``.

    Up to the origin the paths are the region's; after it they go on as ``start.build_world`` lets
    them. Years without a figure are filled by the region's rules, some of which know later
    figures, and trade weights are those of 2015-2019: hindsight that a test of forecasts must
    take out first. Raises ``InputError`` for years that the region does not have.
    """
    first = FIRST_YEAR
    region = replace(region, base_year=origin)
    world = start.build_world(region, max(last_year, origin))

    def path(history: Array, onwards: Array) -> Array:
        years = np.concatenate([history, onwards[1:].T], axis=1)
        return years[:, : last_year - first + 1].copy()

    def series(name: str) -> Array:
        return region.series(name, first, origin)

    gdp, population, children = series("gdp"), series("population"), series("population_0_14")
    working = 1.0 - children - series("population_65plus")
    constant = np.ones((len(world.population), 1))
    investment = series("investment_share").copy()
    capital_ratio = output.first_capital_ratio(investment)
    investment[:, -1] = world.investment_share  # what a run from the origin invests in that year
    users = np.clip(series("internet_users")[:, 0], LEAST_FIRST_USERS, 1.0 - LEAST_FIRST_USERS)
    return Given(
        first_year=first,
        population=path(population, world.population),
        working_age_share=path(working, world.working_age_share),
        child_share=path(children, world.child_share),
        urban_share=path(series("urban_share"), world.urban_share),
        years_of_schooling=path(series("years_of_schooling"), world.years_of_schooling),
        investment_share=path(investment, constant * world.investment_share),
        ppp_ratio=path(series("gdp_per_person_ppp") * population / gdp, constant * world.ppp_ratio),
        gini=region.base("gini") / 100.0,
        growth_noise_sd=world.growth_noise_sd,
        trade_weights=region.trade_weights,
        first_users=users,
        first_gdp=gdp[:, 0].copy(),
        capital_ratio=capital_ratio,
    )
