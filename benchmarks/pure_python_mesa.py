"""The same model as one would write it in Mesa without arrays: an agent an economy, plain floats.

It is the yardstick of the benchmarks: the same equations, parameters, start and luck, and the same
results, by test and at the start of the benchmark. No arrays are used in a step.
"""

from __future__ import annotations

from math import exp, expm1, inf, log, log1p, sqrt, tanh
from types import SimpleNamespace
from typing import Any

import mesa
from pure_python_inputs import EconomyInputs, Inputs
from pure_python_kpis import REPORTERS
from pure_python_trade import GoodsMarket, dot

from sim.model import budget
from sim.model.adoption import (
    CEILING_LOG_INCOME,
    CEILING_YEAR,
    URBAN_INCOME_RATIO,
    household_size,
)
from sim.model.connectivity import CHECKED_YEAR, COST_YEAR, EMPTY_ZONE
from sim.model.output import CATCH_UP_LOG_INCOME, CATCH_UP_RANGE, CRITICAL_MASS
from sim.model.quantities import LEVERS

FIFTHS = range(5)
ZONES = range(2)


def logistic(odds: float) -> float:
    """1 / (1 + e^-x)."""
    return 0.5 * (1.0 + tanh(0.5 * odds))


def autoregression(last: float, normal: float, persistence: float, deviation: float) -> float:
    """Next value of an AR(1) with a given stationary standard deviation."""
    return persistence * last + deviation * sqrt(1.0 - persistence**2) * normal


def s_curve(users: float) -> float:
    """Share of the level effect of internet use that is reached."""
    square = 3.0 * CRITICAL_MASS**2
    return (1.0 + square) * users**2 / (users**2 + square)


class Economy(mesa.Agent):
    """One member state. Its quantities are attributes, named as in ``sim.model.quantities``."""

    def __init__(self, model: PurePythonModel, position: int, inputs: EconomyInputs) -> None:
        super().__init__(model)
        self.position, self.iso3 = position, inputs.iso3
        self.p, self.given, self.inputs = inputs.parameters, inputs.given, inputs
        for name, value in inputs.start.items():
            setattr(self, name, list(value) if isinstance(value, list) else value)
        self.base_users = self.internet_users
        self.base_log_users = log(self.internet_users)
        self.base_rule_distance = list(self.rule_distance)
        self.base_domestic_share = self.domestic_share
        p = self.p
        level = p.delivery_level + p.delivery_slope * self.given.government_effectiveness
        self.delivered = min(max(level, 0.1), 1.0)
        self.digital_level = p.digital_return * p.digital_shrinkage

    # Decisions, on last year's state

    def decide(self) -> None:
        """Take the scenario's plan, and count its cost."""
        plan = self.plan = self.inputs.plans[self.model.number]
        p = self.p
        self.law_step = [
            plan.alignment_pace * max(target - score, 0.0)
            for target, score in zip(plan.alignment_target, self.provisions, strict=True)
        ]
        aim = self.facilitation_base + plan.trade_facilitation * (1.0 - self.facilitation_base)
        self.paperless_step = max(aim - self.facilitation, 0.0)
        laws = sum(self.law_step) + p.running_cost * self.laws_raised
        built = self.facilitation - self.facilitation_base
        systems = self.paperless_step + p.running_cost * built
        adults, income = self.population * self.working_age_share, self.gdp / self.population
        certified = plan.basic_skills_programme * adults * p.training_completion
        graduates = plan.advanced_skills_programme * adults
        asked = {
            "broadband_investment": plan.broadband_investment * self.gdp,
            "infrastructure_sharing": plan.infrastructure_sharing * p.sharing_cost * self.gdp,
            "data_policy_alignment": laws * (p.law_cost + p.law_cost_share * self.gdp),
            "trade_facilitation": systems * p.facilitation_cost,
            "basic_skills_programme": certified * p.course_cost * income,
            "advanced_skills_programme": graduates * p.graduate_cost * income,
        }
        self.asked = [asked.get(lever, 0.0) for lever in LEVERS]
        self.asked_by_payer = self._by_payer(self.asked)

    def pay(self) -> None:
        """Fund the plan as far as the own budget and the regional fund reach; keep last year."""
        national = self.asked_by_payer[budget.NATIONAL]
        ceiling = self.plan.national_budget * self.gdp
        self.funded = ceiling / national if national > ceiling else 1.0
        if self.asked_by_payer[budget.FUND] > 0.0:
            self.funded = min(self.funded, self.model.fund_share)
        self.programme_cost = [cost * self.funded for cost in self.asked]
        self.cost_by_payer = self._by_payer(self.programme_cost)
        self.last = SimpleNamespace(
            gdp=self.gdp,
            income=self.gdp / self.population,
            users=self.internet_users,
            talent=self.talent,
            relative_price=self.relative_price,
            crisis_loss=self.crisis_loss,
        )
        others = dot(self.given.trade_weights, self.model.users)
        own = self.p.own_exposure
        self.exposure = own * self.internet_users + (1.0 - own) * others

    def _by_payer(self, cost: list[float]) -> list[float]:
        paid = [dot(cost, shares) for shares in zip(*self.plan.payer_share, strict=True)]
        paid[budget.PRIVATE] += (
            cost[LEVERS.index("broadband_investment")] * self.plan.private_leverage
        )
        return paid

    # The year, in the order of the schedule

    def step(self) -> None:
        """Everything that needs nobody else's new state."""
        for name, path in vars(self.inputs.paths[self.model.number + 1]).items():
            setattr(self, name, path)
        self.build_networks()
        self.teach_skills()
        self.adopt()
        self.roll_out_lines()
        self.align_rules()

    def build_networks(self) -> None:
        """Deliver last year's programme, begin this year's, keep up the operators' network."""
        p, plan, gdp = self.p, self.plan, self.last.gdp
        urban = 1.0 / (self.urban_share + p.rural_stock_ratio * (1.0 - self.urban_share))
        split = (urban, p.rural_stock_ratio * urban)
        operators = p.operator_investment * self.last.income
        sharing = plan.infrastructure_sharing * self.funded * self.delivered
        saved = operators * p.sharing_reinvested * p.sharing_saving * sharing
        money = plan.broadband_investment * self.funded * gdp * (1.0 + plan.private_leverage)
        money *= self.delivered / (1.0 - sharing * p.sharing_saving)
        keep = 1.0 - p.network_depreciation
        for zone in ZONES:
            self.operator_stock[zone] = keep * self.operator_stock[zone] + operators * split[zone]
            self.programme_stock[zone] = (
                keep * self.programme_stock[zone]
                + self.programme_pipeline[zone]
                + saved * split[zone]
            )
        people = (self.urban_share, 1.0 - self.urban_share)
        rural = plan.rural_share
        if people[1] < EMPTY_ZONE:
            rural = 0.0
        elif people[0] < EMPTY_ZONE:
            rural = 1.0
        spent = ((1.0 - rural) * money, rural * money)
        checked = min(self.model.year, CHECKED_YEAR)
        fall = (1.0 - p.network_cost_decline) ** (checked - COST_YEAR)
        fall *= (1.0 - p.later_cost_decline) ** (self.model.year - checked)
        fall *= self.given.terrain
        cost = (p.urban_cost * fall, p.rural_cost * fall)
        for zone in ZONES:
            residents = max(people[zone], EMPTY_ZONE) * self.population
            self.programme_pipeline[zone] = spent[zone] / residents
            stock = self.operator_stock[zone] + self.programme_stock[zone]
            self.coverage[zone] = -expm1(-stock / cost[zone])
        self.shared_network += p.network_depreciation * (sharing - self.shared_network)
        self.relative_price = 1.0 - p.sharing_pass_through * p.sharing_saving * self.shared_network
        self.people = people
        self.network = [
            programme / operator
            for programme, operator in zip(self.programme_stock, self.operator_stock, strict=True)
        ]

    def teach_skills(self) -> None:
        """Courses and degrees, learning by doing, forgetting."""
        p, plan, skilled = self.p, self.plan, self.basic_skills
        graduates = plan.advanced_skills_programme * self.funded
        enrolled = plan.basic_skills_programme * self.funded
        taught = enrolled * p.training_completion * min(p.training_new, 1.0 - skilled)
        learning = (p.cohort_replacement + p.learning_by_doing) * max(self.last.users - skilled, 0)
        kept = (1.0 - p.skills_forgetting) * skilled
        self.basic_skills = min(max(kept + learning + taught, 0.0), 1.0)
        trained = (1.0 - p.skills_obsolescence) * self.trained_skills + taught
        self.trained_skills = min(trained, self.basic_skills)
        entering = p.talent_entry * p.ict_graduate_share * min(self.given.tertiary_enrolment, 1.0)
        talent = (1.0 - p.talent_loss) * self.talent + entering + graduates
        self.talent = min(max(talent, 0.0), 1.0)
        self.programme_talent = (1.0 - p.talent_loss) * self.programme_talent + graduates

    def adopt(self) -> None:
        """Ten cohorts move towards their ceilings."""
        p, users = self.p, self.last.users
        log_income = log(self.last.income * self.given.ppp_ratio)
        level = (
            p.ceiling_level
            + p.ceiling_effect
            + p.ceiling_trend * (self.model.year - CEILING_YEAR)
            + p.ceiling_income * (log_income - CEILING_LOG_INCOME)
        )
        level += p.ceiling_skills * self.trained_skills
        level -= p.price_response * log(self.relative_price)
        self.adoption_noise = autoregression(
            self.adoption_noise,
            self.luck.adoption,
            p.adoption_persistence,
            p.adoption_noise_sd,
        )
        speed = exp(
            p.speed_level
            + p.speed_effect
            + self.adoption_noise
            - p.price_response * log(self.relative_price)
        ) * (p.innovation + exp(p.log_imitation) * self.exposure)
        enrolled = self.plan.basic_skills_programme * self.funded * p.training_completion
        stay = enrolled * p.training_new * p.training_stay / max(1.0 - users, 1e-9)
        rural = 1.0 / (URBAN_INCOME_RATIO * self.urban_share + 1.0 - self.urban_share)
        incomes = (URBAN_INCOME_RATIO * rural, rural)
        self.internet_users = 0.0
        for zone in ZONES:
            top_level = level + p.ceiling_network * log1p(self.network[zone])
            hazard = speed * (1.0 + self.network[zone]) ** p.speed_network
            taken = -expm1(-hazard)
            joined = 0.0
            for fifth in FIFTHS:
                cohort = 5 * zone + fifth
                income = incomes[zone] * self.given.quintile_income[fifth]
                top = logistic(top_level + p.ceiling_income * log(income))
                online = self.online[cohort]
                gap = top - online
                online += taken * gap if gap >= 0.0 else p.reversal * taken * gap
                room = max(top - online, 0.0)
                online += min(stay * room, room)
                self.online[cohort] = min(max(online, 1e-6), 1.0)
                joined += self.online[cohort]
            self.internet_users += joined * self.people[zone] / len(FIFTHS)
        self.log_users = log(self.internet_users)

    @property
    def luck(self) -> SimpleNamespace:
        """This year's random numbers."""
        return self.inputs.luck[self.model.number]

    def roll_out_lines(self) -> None:
        """Fixed broadband."""
        p, lines = self.p, self.fixed_broadband
        network = dot(self.network, self.people)
        log_income = log(self.last.income * self.given.ppp_ratio)
        odds = (
            p.lines_level
            + p.lines_effect
            + p.lines_trend * (self.model.year - CEILING_YEAR)
            + p.lines_income * (log_income - CEILING_LOG_INCOME)
            + p.ceiling_network * log1p(network)
            - p.price_response * log(self.relative_price)
        )
        top = p.lines_per_household / household_size(self.child_share) * logistic(odds)
        self.broadband_noise = autoregression(
            self.broadband_noise, self.luck.broadband, p.rollout_persistence, p.rollout_noise_sd
        )
        speed = exp(p.rollout_effect + self.broadband_noise) * (
            exp(p.log_rollout) + exp(p.log_contagion) * lines / top
        )
        speed *= (1.0 + network) ** p.speed_network
        gap = top - lines
        moved = -expm1(-speed) * gap if gap > 0.0 else 0.1 * gap
        lines += moved + p.lines_noise_sd * lines * self.luck.lines
        self.fixed_broadband = min(max(lines, 1e-6), 1.0)

    def align_rules(self) -> None:
        """Provisions and paperless trade rise as planned, as far as institutions deliver."""
        p, delivered = self.p, self.funded * self.delivered
        before = sum(self.provisions)
        self.provisions = [
            min(score + delivered * step, 1.0)
            for score, step in zip(self.provisions, self.law_step, strict=True)
        ]
        self.laws_raised += sum(self.provisions) - before
        self.facilitation = min(self.facilitation + delivered * self.paperless_step, 1.0)
        median, best = self.model.inputs.quality_range
        score = sum(self.provisions) / len(self.provisions)
        quality = min(max((score - median) / max(best - median, 1e-6), 0.0), 1.0)
        self.trade_boost = p.trade_connectivity * (1.0 + p.regulation_amplifies * quality)

    def compare_rules(self) -> None:
        """Distance of the own rules to everybody else's."""
        self.rule_distance = [
            sum(abs(a - b) for a, b in zip(self.provisions, other.provisions, strict=True))
            / len(self.provisions)
            for other in self.model.economies
        ]

    def trades(
        self, domestic_share: float, exports: float, imports: float, regional: float
    ) -> None:
        """Take note of the year's trade and of what was gained by it."""
        self.domestic_share = domestic_share
        self.goods_exports, self.goods_imports = exports, imports
        self.regional_exports = regional
        gain = log(domestic_share / self.base_domestic_share)
        self.trade_gains = -self.given.goods_share / self.p.trade_elasticity * gain

    def produce(self) -> None:
        """Capital, productivity, crises and returns make GDP; the digital economy follows."""
        p, last, luck, region = self.p, self.last, self.luck, self.model
        self.capital = (
            1.0 - p.depreciation
        ) * self.capital + self.given.investment_share * last.gdp
        self.growth_shock = autoregression(
            self.growth_shock, luck.growth, p.growth_persistence, self.given.growth_noise_sd
        )
        self.crisis_loss = 0.0
        if region.luck.region_crisis < p.region_crisis_rate:
            self.crisis_loss += p.region_crisis_mean * -log1p(-luck.region_crisis_size)
        if luck.crisis < p.own_crisis_rate:
            self.crisis_loss += p.own_crisis_mean * -log1p(-luck.crisis_size)
        trend = p.trend_growth + p.growth_effect - self.digital_level * self.given.digital_history
        low, high = CATCH_UP_RANGE
        catch_up = min(max(log(last.income), low), high)
        self.log_productivity += (
            trend
            - p.catching_up * (catch_up - CATCH_UP_LOG_INCOME)
            + self.growth_shock
            + region.region_shock
            - self.crisis_loss
            + p.crisis_rebound * last.crisis_loss
        )
        reached = s_curve(self.internet_users) - s_curve(self.base_users)
        self.digital_returns = self.digital_level * reached
        earnings = p.basic_skills_return * self.trained_skills * self.internet_users
        earnings += p.talent_return * self.programme_talent
        self.skill_returns = (1.0 - p.capital_share) * earnings
        labour = log(self.population * self.working_age_share)
        labour += p.schooling_return * self.years_of_schooling
        inputs = p.capital_share * log(self.capital) + (1.0 - p.capital_share) * labour
        returns = self.digital_returns + self.trade_gains + self.skill_returns
        self.gdp = exp(self.log_productivity + inputs + returns)
        self.grow_digital_economy()

    def grow_digital_economy(self) -> None:
        """The digital economy's share of GDP, and the price of getting online."""
        p, last = self.p, self.last
        self.gdp_growth = log(self.gdp / last.gdp)
        weight = p.digital_growth_weight
        drive = (
            weight * (p.digital_growth_ratio - 1.0) * self.gdp_growth
            + (1.0 - weight) * p.digital_use_response * (self.internet_users - last.users)
            + p.digital_talent_response * log(self.talent / last.talent)
        )
        room = max(1.0 - self.digital_share / p.digital_share_ceiling, 0.0)
        self.digital_share = min(max(self.digital_share * exp(room * drive), 0.0), 1.0)
        income_growth = log(self.gdp / self.population / last.income)
        change = exp(-p.price_decline - income_growth)
        self.broadband_price *= change * self.relative_price / last.relative_price


class PurePythonModel(mesa.Model):
    """The region: 22 economies, their market for goods, and the fund that they share."""

    def __init__(self, inputs: Inputs, rng: Any = None) -> None:
        super().__init__(rng=rng)
        self.inputs = inputs
        self.year, self.number = inputs.base_year, 0
        self.region_shock = inputs.start_region_shock
        self.luck = inputs.luck[0]
        self.economies = [Economy(self, i, economy) for i, economy in enumerate(inputs.economies)]
        self.market = GoodsMarket(inputs, self.economies)
        self.datacollector = mesa.DataCollector({"year": "year"}, {"economy": "iso3"} | REPORTERS)
        self.datacollector.collect(self)

    def step(self) -> None:
        """One year; the step after the horizon only ends the run."""
        if self.year >= self.inputs.horizon:
            self.running = False
            return
        self.year += 1
        self.luck = self.inputs.luck[self.number]
        self.users = [economy.internet_users for economy in self.economies]
        self.agents.do("decide")
        self.fund_share = self._fund_share()
        self.agents.do("pay")
        self.agents.do("step")
        if any(any(economy.law_step) for economy in self.economies):
            self.agents.do("compare_rules")
        self.market.clear(self.year - 1 - self.inputs.flows_year)
        p = self.economies[0].p
        self.region_shock = autoregression(
            self.region_shock, self.luck.region_growth, p.region_persistence, p.region_noise_sd
        )
        self.agents.do("produce")
        self.number += 1
        self.datacollector.collect(self)

    def _fund_share(self) -> float:
        """Share of what is asked of the regional fund that it can pay."""
        budget_share = self.inputs.fund_budget[self.number]
        if budget_share == inf:
            return 1.0
        ceiling = budget_share * sum(economy.gdp for economy in self.economies)
        asked = sum(economy.asked_by_payer[budget.FUND] for economy in self.economies)
        return ceiling / asked if asked > ceiling else 1.0
