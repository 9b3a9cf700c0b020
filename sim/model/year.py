"""The schedule: which mechanism acts when. The only place that knows the order."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from sim.model import (
    access,
    adoption,
    barriers,
    behaviour,
    bodies,
    connectivity,
    ecommerce,
    emissions,
    fibre,
    firms,
    goals,
    institutions,
    joining,
    learning,
    migration,
    output,
    services_trade,
    skills,
    trade,
)
from sim.model.balance import Year, check
from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import Draws, Levers, State, total
from sim.model.setup import Setup, trade_costs
from sim.model.trade import TradeCosts

#: What adds to log GDP besides capital, labour and productivity: quantities of the state, in log
#: points against the base year or against the economy without programmes. A loss counts negative.
OUTPUT_TERMS = (
    "digital_returns",
    "trade_gains",
    "skill_returns",
    "cloud_returns",
    "firm_returns",
    "cyber_loss",
    "egovernment_returns",
    "finance_returns",
    "innovation_returns",
    "outage_loss",
    "services_trade_gains",
)

Decide = Callable[[State, Levers, Parameters], Decision]


def next_year(
    old: State,
    plan: Levers,
    luck: Draws,
    setup: Setup,
    step: int,
    decide: Decide = behaviour.decide,
) -> State:
    """The state one year on. ``step`` is 1 for the first year after the base year.

    All decisions are taken on last year's state, ``old``, and committed together, so the order of
    economies cannot matter. Each phase below reads ``old`` and sets arrays of ``new``.
    """
    new = copy.copy(old)
    people_age_and_move(new, setup, step)
    decision = decide(old, plan, setup.parameters)
    bodies_review_and_upgrade(old, new, decision, setup)
    decision.deliver(new.delivery_quality)
    programmes_are_paid(new, decision)
    access.reform(old, new, decision, setup)
    fibre.advance(old, new, decision, luck, setup, step)
    networks_are_built(old, new, decision, setup, step)
    access.data_centres(old, new, decision, setup)
    skills_are_taught(old, new, decision, setup)
    migration.advance(old, new, decision, setup, step)
    households_adopt(old, new, decision, luck, setup, step)
    lines_are_rolled_out(old, new, luck, setup, step)
    joining.advance(old, new, decision, luck, setup, step)
    institutions.advance(old, new, decision, luck, setup, step)
    firms.advance(old, new, decision, setup, step)
    barriers.advance(old, new, decision, setup)
    costs = trade_costs(new)
    goods_are_traded(old, new, costs, setup, step)
    services_trade.advance(old, new, costs, setup, step)
    output_is_made(old, new, plan, luck, setup)
    digital_economy_grows(old, new, setup)
    ecommerce.advance(old, new, decision, setup)
    emissions.advance(old, new, decision, setup)
    goals.advance(old, new, decision.plan.budget_rule, setup.parameters)
    check(Year(old, new, decision, setup, step, OUTPUT_TERMS))
    return new


def people_age_and_move(new: State, setup: Setup, step: int) -> None:
    """1. Population, ages, towns and schooling follow the given paths."""
    world = setup.world
    new.population = world.population[step]
    new.working_age_share = world.working_age_share[step]
    new.child_share = world.child_share[step]
    new.urban_share = world.urban_share[step]
    new.years_of_schooling = world.years_of_schooling[step]


def bodies_review_and_upgrade(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """2. Reviews of past years improve delivery; this year's review and upgrade act from next."""
    if old.review_gain.any():
        new.delivery_quality = bodies.delivery(setup.delivery, old.review_gain)
    else:
        new.delivery_quality = setup.delivery
    new.review_gain = decision.review_gain
    new.initiatives, new.partnerships = bodies.count_initiatives(decision.plan, old.gdp.shape)
    bodies.keep_time(old, new, decision.plan, setup.parameters)


def programmes_are_paid(new: State, decision: Decision) -> None:
    """4. The cost of what was decided, by lever and by payer; the regional fund's books."""
    bodies.book(new, decision.fund)
    new.funded = decision.funded
    new.programme_cost = decision.cost
    new.cost_by_payer = decision.paid


def networks_are_built(old: State, new: State, decision: Decision, setup: Setup, step: int) -> None:
    """4. Last year's programme is delivered, this year's begun; operators keep up their network."""
    p, world, plan = setup.parameters, setup.world, decision.plan
    income = old.gdp / old.population
    split = connectivity.operator_split(new.urban_share, p.rural_stock_ratio)
    operators = p.operator_investment * income
    sharing = plan.infrastructure_sharing * decision.delivered
    saved = operators * p.sharing_reinvested * p.sharing_saving * sharing
    money = plan.broadband_investment * decision.delivered * old.gdp
    reformed = new.telecom_regulation - old.telecom_regulation_base
    money = money * (1.0 + plan.private_leverage * (1.0 - plan.shocks.investment_retreat))
    money = money * connectivity.sharing_gain(sharing, p) * access.reform_gain(reformed, p)

    new.operator_stock = connectivity.stock_step(
        old.operator_stock, operators[..., None] * split, p.network_depreciation
    )
    new.programme_stock = connectivity.stock_step(
        old.programme_stock,
        old.programme_pipeline + saved[..., None] * split,
        p.network_depreciation,
    )
    new.programme_pipeline = connectivity.laid_per_person(
        money, plan.rural_share, new.urban_share, new.population
    )
    new.shared_network = connectivity.shared_step(old.shared_network, sharing, p)
    new.coverage = connectivity.coverage(
        new.operator_stock + new.programme_stock, world.base_year + step, p, world.terrain
    )
    new.relative_price = connectivity.relative_price(new.shared_network, p)
    new.relative_price *= fibre.price_factor(new.capacity_ratio, p)
    new.relative_price *= access.reform_price(reformed, p) * np.exp(plan.shocks.price_push)


def skills_are_taught(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """6. Courses and degrees, learning by doing, forgetting."""
    p, plan = setup.parameters, decision.plan
    enrolled = plan.basic_skills_programme * decision.funded
    graduates = plan.advanced_skills_programme * decision.funded
    if plan.regional_platforms.any():
        enrolled = enrolled + learning.shared_courses(plan, decision.funded, p)
    enrolled = enrolled * (1.0 - plan.shocks.schooling_loss)
    graduates = graduates * (1.0 - plan.shocks.schooling_loss)
    new.people_trained = access.people_trained(old, enrolled, graduates, p)
    taught = skills.newly_skilled(enrolled, old.basic_skills, p)
    new.basic_skills = skills.basic_skills_step(
        old.basic_skills, old.internet_users, taught, plan.shocks.schooling_loss, p
    )
    trained = skills.trained_step(old.trained_skills, taught, p)
    new.trained_skills = np.minimum(trained, new.basic_skills)
    new.talent = skills.talent_step(old.talent, setup.world.tertiary_enrolment, graduates, p)


def households_adopt(
    old: State, new: State, decision: Decision, luck: Draws, setup: Setup, step: int
) -> None:
    """6. Ten cohorts move towards their ceilings."""
    p, world, plan = setup.parameters, setup.world, decision.plan
    income = old.gdp / old.population * world.ppp_ratio
    log_network = np.log1p(new.programme_stock / new.operator_stock)
    log_price = np.log(new.relative_price)
    shift = adoption.programme_shift(log_network, log_price, new.trained_skills, p)
    level = adoption.ceiling_level(income, world.base_year + step, p)
    shift += adoption.income_shift(adoption.zone_incomes(new.urban_share), p)
    shift += (p.trust_adoption * (old.trust - old.trust_reference))[..., None]
    by_quintile = setup.quintile_shift
    help_ = access.target_shift(plan.inclusion_targeting * decision.funded, p)
    help_ = help_ - plan.shocks.social_divide
    if help_.any():
        zones, fifths = access.divide(help_, old.gdp.shape)
        shift, by_quintile = shift + zones, by_quintile + fifths
    top = adoption.ceiling(level, shift, by_quintile)

    new.adoption_noise = adoption.autoregression(
        old.adoption_noise, luck.adoption, p.adoption_persistence, p.adoption_noise_sd
    )
    seen = adoption.exposure(old.internet_users, world.trade_weights, p.own_exposure)
    noise = new.adoption_noise + plan.shocks.adoption_push
    speed = adoption.hazard(seen, noise, log_network, log_price, p)
    online = adoption.adoption_step(old.online, top, speed, p.reversal)
    if plan.basic_skills_programme.any():
        enrolled = plan.basic_skills_programme * decision.funded * p.training_completion
        online += adoption.conversion(online, top, old.internet_users, enrolled, p)
    new.online = np.clip(online, 1e-6, 1.0)
    new.internet_users = adoption.average(new.online, new.urban_share)


def lines_are_rolled_out(old: State, new: State, luck: Draws, setup: Setup, step: int) -> None:
    """6. Fixed broadband; programmes act on its ceiling and speed as on those of households."""
    p, world = setup.parameters, setup.world
    income = old.gdp / old.population * world.ppp_ratio
    people = connectivity.zone_shares(new.urban_share)
    log_network = np.log1p(total(new.programme_stock / new.operator_stock * people))
    shift = p.ceiling_network * log_network - p.price_response * np.log(new.relative_price)
    top = adoption.lines_ceiling(income, world.base_year + step, new.child_share, shift, p)
    new.broadband_noise = adoption.autoregression(
        old.broadband_noise, luck.broadband, p.rollout_persistence, p.rollout_noise_sd
    )
    new.fixed_broadband = adoption.lines_step(
        old.fixed_broadband, top, new.broadband_noise, luck.lines, log_network, p
    )


def goods_are_traded(old: State, new: State, costs: TradeCosts, setup: Setup, step: int) -> None:
    """9. Costs, flows, gains: all markets clear at this year's costs and last year's output."""
    p, world = setup.parameters, setup.world
    economies = len(world.economies)
    sizes = setup.node_sizes(old.gdp, world.base_year + step - 1)
    change = setup.demand_change(new, costs)
    jump = any(
        cost.any()
        for state in (old, new)
        for cost in (state.goods_import_cost, state.goods_export_cost)
    )
    market = trade.solve(
        setup.trade_system, change, sizes, old.producer_price, p.trade_elasticity, jump=jump
    )
    new.producer_price = market.price
    new.domestic_share = market.domestic_share(economies)
    new.goods_exports, new.goods_imports, new.regional_exports = market.totals(economies)
    new.trade_gains = trade.gains_from_trade(
        new.domestic_share, setup.base.domestic_share, world.goods_share, p.trade_elasticity
    )


def output_is_made(old: State, new: State, plan: Levers, luck: Draws, setup: Setup) -> None:
    """10. Capital, productivity, crises and returns make GDP."""
    p, world = setup.parameters, setup.world
    new.capital = output.capital_step(old.capital, old.gdp, world.investment_share, p)
    new.growth_shock = adoption.autoregression(
        old.growth_shock, luck.growth, p.growth_persistence, world.growth_noise_sd
    )
    new.region_shock = adoption.autoregression(
        old.region_shock, luck.region_growth, p.region_persistence[:, 0], p.region_noise_sd[:, 0]
    )
    new.crisis_loss = output.crisis_loss(
        luck.crisis, luck.crisis_size, luck.region_crisis, luck.region_crisis_size, p
    )
    new.log_productivity = old.log_productivity + output.productivity_growth(
        old.gdp / old.population,
        new.growth_shock,
        new.region_shock,
        new.crisis_loss,
        old.crisis_loss,
        world.digital_history,
        p,
    )
    new.digital_returns = output.digital_returns(new.internet_users, setup.base.internet_users, p)
    new.skill_returns = skills.skill_returns(
        new.trained_skills, new.programme_talent, new.internet_users, p
    )
    inputs = output.log_inputs(
        new.capital, new.population, new.working_age_share, new.years_of_schooling, p
    )
    log_gdp = new.log_productivity + inputs
    for name in OUTPUT_TERMS:
        log_gdp = log_gdp + getattr(new, name)
    new.gdp = np.exp(log_gdp - plan.shocks.output_loss)


def digital_economy_grows(old: State, new: State, setup: Setup) -> None:
    """10. The digital economy's share of GDP, and the price of getting online."""
    p = setup.parameters
    new.gdp_growth = np.log(new.gdp / old.gdp)
    new.digital_share = output.digital_share_step(
        old.digital_share,
        new.gdp_growth,
        new.internet_users - old.internet_users,
        np.log(new.talent / old.talent),
        p,
    )
    income_growth = np.log(new.gdp / new.population / (old.gdp / old.population))
    new.broadband_price = connectivity.price_step(
        old.broadband_price, income_growth, new.relative_price, old.relative_price, p
    )
