"""Where a run starts: the region's tables become the world and the base year's state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.experiment import (
    draws,
    start_fibre,
    start_firms,
    start_institutions,
    start_migration,
    start_services,
)
from sim.experiment.posterior import Fitted, Posterior
from sim.experiment.start_agreements import agreements_of
from sim.model import adoption, connectivity, output, parameters
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State, blank_state, planes
from sim.model.setup import Setup
from sim.model.world import World
from sim.region.cables import Project, cables
from sim.region.indicators import LEAST_WORKING_AGE
from sim.region.layout import FIRST_YEAR
from sim.region.networks import base_flows
from sim.region.region import Region

#: Years whose mean change goes on in the given paths, and whose mean is the investment share.
TREND_YEARS = 5
#: What a trend of the given paths keeps of its pace each year (judgement: the United Nations'
#: projections of population, ages and towns slow down too).
TREND_FADE = 0.95
#: Standard deviation of the yearly change in the log-odds of use, for figures that are imputed
#: (evidence B03), and the most that an error may be.
REVISION_SD = 0.255
LARGEST_ERROR = 0.8
LARGEST_SKILLS_ERROR = 0.6
#: The most that the relative error of a figure of lines is, also that of an estimate (judgement).
LARGEST_LINES_ERROR = 0.5
#: Published shares of 0 and 100 % are taken to be this far from it, and tertiary enrolment and
#: attainment at least so much: nobody has none (judgement).
NOT_QUITE = 0.005
LEAST_GRADUATES = 0.001
#: Cost of coverage against the prototype's: bounds, and published cover that says nothing more.
TERRAIN_BOUNDS = (0.5, 8.0)
FULL_COVER = 0.995


def build_world(
    region: Region,
    horizon: int,
    posterior: Posterior | None = None,
    projects: Sequence[Project] = (),
) -> World:
    """The region as arrays, with the given paths from the base year to ``horizon``.

    Own growth shocks are as large as in the fit, or as the past of an economy without one says.
    ``projects`` are links that a scenario names, in the order of the slots of ``cables``.
    """
    found = cables(region, projects)
    base = region.base_year
    users = region.series("internet_users", FIRST_YEAR, base)
    gdp = region.series("gdp", FIRST_YEAR, base)
    curve = output.s_curve(users)
    flows_gdp = region.series("gdp", region.trade_years[0], region.trade_years[-1]).mean(axis=1)
    children = region.series("population_0_14", base - TREND_YEARS, base)
    elderly = region.series("population_65plus", base - TREND_YEARS, base)
    # Years of the full trend that each year of the run is worth: 0, 1, 1 + f, 1 + f + f^2, ...
    steps: Array = (1.0 - TREND_FADE ** np.arange(horizon - base + 1.0)) / (1.0 - TREND_FADE)
    steps = steps[:, None]
    return World(
        base_year=base,
        economies=region.economies,
        nodes=region.nodes,
        systems=found.names,
        cables=start_fibre.cable_world(found, region.base("gdp"), base, horizon),
        population=_growth_path(region.series("population", base - TREND_YEARS, base), steps),
        working_age_share=np.maximum(
            _share_path(1.0 - children - elderly, steps), LEAST_WORKING_AGE
        ),
        child_share=_share_path(children, steps),
        urban_share=_share_path(region.series("urban_share", base - TREND_YEARS, base), steps),
        years_of_schooling=_schooling_path(
            region.series("years_of_schooling", base - TREND_YEARS, base), steps
        ),
        quintile_income=adoption.quintile_incomes(region.base("gini") / 100.0),
        ppp_ratio=region.base("gdp_per_person_ppp")
        * region.base("population")
        / region.base("gdp"),
        investment_share=_investment_share(region),
        growth_noise_sd=_noise(gdp, posterior),
        terrain=_terrain(region),
        government_effectiveness=region.base("government_effectiveness"),
        tertiary_enrolment=region.base("tertiary_enrolment"),
        participation=start_migration.participation(region),
        talent_closeness=start_migration.talent_closeness(region),
        services_flows=start_services.services_flows(region),
        price_level=start_services.price_level(region),
        digital_history=(curve[:, -1] - curve[:, 0]) / (base - FIRST_YEAR),
        trade_weights=region.trade_weights,
        base_flows=base_flows(region),
        flows_gdp=flows_gdp,
        goods_share=region.goods_share,
        instruments=region.instruments,
        agreements=agreements_of(region),
    )


def build_setup(
    region: Region,
    world: World,
    seed: int,
    members: range,
    posterior: Posterior | None = None,
    off: tuple[str, ...] = (),
) -> Setup:
    """Parameters and base state of a range of ensemble members, completed for a run.

    ``posterior`` holds the economies of the region; None draws everything from the priors. ``off``
    names channels that are switched off from the base year on.
    """
    economies = len(region.economies)
    normals = draws.parameter_normals(seed, members, parameters.count_draws(economies))
    laws = draws.start_normals(seed, members, economies)
    fitted = None if posterior is None else posterior.draw(posterior.rows(seed, members))
    setup = setup_of(region, world, normals, laws, fitted, off)
    setup.first_member = members.start
    return setup


def setup_of(
    region: Region,
    world: World,
    normals: Array,
    laws: Array,
    fitted: Fitted | None = None,
    off: tuple[str, ...] = (),
) -> Setup:
    """A setup from standard normals: of the priors, (member, draws), and of the legal scores.

    ``laws`` is (member, economy, provision). What is ``fitted`` takes the place of the priors.
    """
    p = parameters.sample(normals, len(region.economies))
    if fitted is not None:
        fitted.teach(p)
    base = base_state(region, world, p, laws, fitted)
    return Setup.build(world, parameters.without(p, *off), base)


def base_state(
    region: Region, world: World, p: Parameters, laws: Array, fitted: Fitted | None = None
) -> State:
    """The state at the end of the base year, (member, ...), uncertain where the data are.

    Fitted economies start where history left them. Parameters that the base year contradicts are
    moved in place: of the others, a ceiling of users below what is already reached is raised to it;
    of all, one of lines to a tenth above them. Trade is added by ``Setup.build``.
    """
    members, economies = len(laws), len(region.economies)
    free = np.ones(economies) if fitted is None else np.where(fitted.fitted, 0.0, 1.0)
    state = blank_state({"member": members, **world.lengths})
    state.population, state.urban_share = world.population[0], world.urban_share[0]
    state.working_age_share, state.child_share = world.working_age_share[0], world.child_share[0]
    state.years_of_schooling = world.years_of_schooling[0]
    gdp = region.base("gdp")
    state.gdp = np.tile(gdp, (members, 1))
    state.capital = _capital(region, p)
    state.growth_shock = p.start_growth_shock * world.growth_noise_sd
    income = state.gdp / state.population
    state.online = _households(region, world, p, income, free)
    state.fixed_broadband = _lines(region, p)
    state.adoption_noise, state.broadband_noise = p.start_adoption_noise, p.start_rollout_noise
    if fitted is not None:
        fitted.settle(state, gdp)
    _economy(state, region, p)
    income = state.gdp / state.population
    p.lines_per_household, p.lines_effect = adoption.lines_headroom(
        state.fixed_broadband, income * world.ppp_ratio, region.base_year, state.child_share, p
    )
    split = connectivity.operator_split(state.urban_share, p.rural_stock_ratio)
    state.operator_stock = (p.operator_stock_ratio * income)[..., None] * split
    state.coverage = connectivity.coverage(state.operator_stock, region.base_year, p, world.terrain)
    state.broadband_price = np.tile(region.base("broadband_price"), (members, 1))
    state.internet_users = adoption.average(state.online, world.urban_share[0])
    state.basic_skills = _basic_skills(region, state.internet_users, p)
    state.talent = _talent(region, p)
    state.provisions = planes(np.clip(region.provisions + region.provisions_sd * laws, 0.0, 1.0))
    systems = np.clip(region.base("paperless_trade"), 0.0, 1.0)
    state.facilitation = state.facilitation_base = systems * p.paperless_in_operation
    state.digital_share = _digital_share(region, state.internet_users, p)
    state.telecom_regulation = np.tile(region.base("telecom_regulation") / 100.0, (members, 1))
    state.telecom_regulation_base = state.telecom_regulation
    start_institutions.settle(state, region, p, fitted)
    start_firms.settle(state, region, world, p)
    state.relative_price += 1.0
    state.funded += 1.0
    start_fibre.settle(state, world, p)
    return state


def _economy(state: State, region: Region, p: Parameters) -> None:
    """Growth and productivity of the base year."""
    before, now = region.series("gdp", region.base_year - 1, region.base_year).T
    state.gdp_growth = np.tile(np.log(now / before), (len(state.gdp), 1))
    inputs = output.log_inputs(
        state.capital, state.population, state.working_age_share, state.years_of_schooling, p
    )
    state.log_productivity = np.log(state.gdp) - inputs


def _capital(region: Region, p: Parameters) -> Array:
    """Capital of the base year by perpetual inventory from the first one, (member, economy)."""
    gdp = region.series("gdp", FIRST_YEAR, region.base_year)
    share = np.maximum(region.series("investment_share", FIRST_YEAR, region.base_year), 0.0)
    capital = gdp[:, 0] * output.first_capital_ratio(share) * np.exp(p.start_capital_error)
    for year in range(gdp.shape[1] - 1):
        capital = output.capital_step(capital, gdp[:, year], share[:, year], p)
    return capital


def _households(region: Region, world: World, p: Parameters, income: Array, free: Array) -> Array:
    """Cohorts online in the base year, (m, e, k); raises ceilings below them where ``free`` is 1.

    The published figure has an error of SD sqrt(0.06^2 + (0.01 / (x (1 - x)))^2) in the log-odds
    (Core prototype), and one that grows with the years since it was observed.
    """
    published = np.clip(region.base("internet_users"), NOT_QUITE, 1.0 - NOT_QUITE)
    spread = np.hypot(0.06, 0.01 / (published * (1.0 - published)))
    age = region.years_since_observed("internet_users")
    spread = np.minimum(
        np.hypot(np.minimum(spread, 0.5), REVISION_SD * np.sqrt(age)), LARGEST_ERROR
    )
    drawn = adoption.logistic(adoption.logit(published) + spread * p.start_users_error)
    incomes = adoption.cohort_incomes(world.quintile_income, world.urban_share[0])
    slope = adoption.income_shift(incomes, p)
    weights = adoption.cohort_weights(world.urban_share[0])
    level, online = adoption.start_online(drawn, slope, weights)
    top = adoption.ceiling_level(income * world.ppp_ratio, region.base_year, p)
    p.ceiling_effect = p.ceiling_effect + free * np.maximum(level - top, 0.0)
    return online


def _lines(region: Region, p: Parameters) -> Array:
    """Fixed lines per person in the base year: the figure, with an error that grows with its age.

    Error of a published figure (Core prototype), and yearly noise since it was published.
    """
    published = region.base("fixed_broadband")
    age = region.years_since_observed("fixed_broadband")
    relative = np.hypot(0.05, p.lines_noise_sd[0, 0] * np.sqrt(age))
    spread = np.minimum(relative, LARGEST_LINES_ERROR) * published
    spread = spread + np.minimum(0.0007, 0.2 * published)
    return np.maximum(published + spread * p.start_lines_error, 1e-5)


def _basic_skills(region: Region, users: Array, p: Parameters) -> Array:
    """Adults with basic digital skills: the last survey, but no more than nine users in ten.

    The error in the log-odds grows with the years since the survey, from SD 0.1 to 0.6, which is
    also that of an estimate without any survey (judgement).
    """
    published = np.clip(region.base("basic_digital_skills"), NOT_QUITE, 1.0 - NOT_QUITE)
    age = region.years_since_observed("basic_digital_skills")
    spread = np.minimum(0.1 + 0.05 * age, LARGEST_SKILLS_ERROR)
    drawn = adoption.logistic(adoption.logit(published) + spread * p.start_skills_error)
    return np.clip(drawn, 0.01, 0.9 * users)


def _talent(region: Region, p: Parameters) -> Array:
    """Workers with advanced ICT skills in the base year: an estimate, share of labour force.

    Halfway between the ICT share of what adults attained (surveys that are years old) and the
    stock that today's enrolment would keep up.
    """
    enrolled = np.clip(region.base("tertiary_enrolment"), LEAST_GRADUATES, 1.0)
    attained = np.maximum(region.base("tertiary_attainment"), LEAST_GRADUATES)
    kept_up = enrolled * p.talent_entry / p.talent_loss
    middle = p.ict_graduate_share * 0.5 * (attained + kept_up)
    return middle * np.exp(p.start_talent_error)


def _digital_share(region: Region, users: Array, p: Parameters) -> Array:
    """Core ICT value added as a share of GDP in the base year: an estimate, (member, economy).

    No comparable figure exists for most economies: the Philippine satellite account is scaled by
    internet use and by the share of services, at most 15 % of GDP.
    """
    scale = users / p.digital_anchor_users * region.base("services_share")
    return np.minimum(p.digital_anchor_share * scale / p.digital_anchor_services, 0.15)


def _terrain(region: Region) -> Array:
    """Cost of coverage against the prototype's that explains the last published 3G cover, (e,).

    Found by bisection at central parameters; 1 where cover was never published.
    """
    if "coverage_3g" not in region.indicators:
        return np.ones(len(region.economies))
    p = parameters.central(len(region.economies))
    age = region.years_since_observed("coverage_3g")
    known = np.isfinite(age)
    base = region.base_year
    column = np.where(known, base - FIRST_YEAR - np.where(known, age, 0), 0).astype(int)
    rows = np.arange(len(column))

    def then(name: str) -> Array:
        return region.series(name, FIRST_YEAR, base)[rows, column]

    people = connectivity.zone_shares(then("urban_share"))
    income = then("gdp") / then("population")
    split = connectivity.operator_split(then("urban_share"), p.rural_stock_ratio)
    stock = (p.operator_stock_ratio * income)[..., None] * split
    years = FIRST_YEAR + column.astype(float)
    aim = np.minimum(region.base("coverage_3g"), FULL_COVER)
    low, high = (np.full(len(column), np.log(bound)) for bound in TERRAIN_BOUNDS)
    for _ in range(40):
        middle = 0.5 * (low + high)
        cover = connectivity.coverage(stock, years, p, np.exp(middle))[0]
        easy = (cover * people).sum(axis=-1) > aim
        low, high = np.where(easy, middle, low), np.where(easy, high, middle)
    return np.where(known, np.exp(0.5 * (low + high)), 1.0)


def _investment_share(region: Region) -> Array:
    """0.7 own five-year mean + 0.3 regional median (Core prototype), (economy,)."""
    first = region.base_year - TREND_YEARS + 1
    own = region.series("investment_share", first, region.base_year).mean(axis=1)
    own = np.maximum(own, 0.0)
    return 0.7 * own + 0.3 * np.median(own)


def _noise(gdp: Array, posterior: Posterior | None) -> Array:
    by_past = output.growth_noise_sd(gdp)
    if posterior is None:
        return by_past
    return np.where(posterior.fitted, posterior.own["growth_noise_sd"][0], by_past)


def _growth_path(history: Array, steps: Array) -> Array:
    rate = np.log(history[:, -1] / history[:, 0]) / (history.shape[1] - 1)
    return history[:, -1] * np.exp(rate * steps)


def _schooling_path(history: Array, steps: Array) -> Array:
    """Schooling of adults goes on rising; a fall in the figures is a revision, not a trend."""
    change = np.maximum((history[:, -1] - history[:, 0]) / (history.shape[1] - 1), 0.0)
    return history[:, -1] + change * steps


def _share_path(history: Array, steps: Array) -> Array:
    change = (history[:, -1] - history[:, 0]) / (history.shape[1] - 1)
    return np.clip(history[:, -1] + change * steps, 0.0, 1.0)
