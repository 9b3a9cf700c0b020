"""What a scenario's shocks do in a year, by the channel on which they act."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sim.model.quantities.declare import Array, quantity


@dataclass(slots=True, kw_only=True)
class Shocks:
    """Disturbances by year and economy; 0 is none. Several shocks of a year add up.

    What a shock of the catalogue (a pandemic, a cut cable, ...) does is a sum of these: see
    ``sim.policy.shocks``. The leading axis is the year of the run; ``at`` takes one year of it.
    """

    adoption_push: Array = quantity(
        "year economy", "log", -5, 5, "Speed at which households and firms go online"
    )
    social_divide: Array = quantity(
        "year economy", "log-odds", 0, 5, "Taken from the ceiling of rural and poor cohorts"
    )
    schooling_loss: Array = quantity(
        "year economy", "share", 0, 1, "Part of the year's learning and teaching that is lost"
    )
    output_loss: Array = quantity("year economy", "log points", 0, 1, "Output lost in the year")
    job_displacement: Array = quantity(
        "year economy", "share", 0, 1, "Part of the jobs in digitalising sectors that is lost"
    )
    goods_trade_cost: Array = quantity(
        "year economy", "log", -1, 2, "Cost of goods trade with all partners"
    )
    services_trade_cost: Array = quantity(
        "year economy", "log", -1, 2, "Cost of digital services trade with all partners"
    )
    ecommerce_saturation: Array = quantity(
        "year economy", "share", 0, 1, "Part of the growth of electronic commerce that is lost"
    )
    technology_access: Array = quantity(
        "year economy", "share", -1, 1, "Part of the speed of firms and innovation that is lost"
    )
    investment_retreat: Array = quantity(
        "year economy", "share", 0, 1, "Part of private and venture money that stays away"
    )
    talent_pull: Array = quantity(
        "year economy", "log", 0, 2, "Rise of wages abroad as seen by talent"
    )
    cyber_attacks: Array = quantity(
        "year economy", "share", -1, 20, "Rise of the rate of cyber incidents"
    )
    cyber_severity: Array = quantity("year economy", "log", 0, 5, "Rise of the size of incidents")
    trust_loss: Array = quantity("year economy", "index 0-1", -1, 1, "Fall of trust in the year")
    cooperation_loss: Array = quantity(
        "year economy", "share", 0, 1, "Part of learning from peers and of joining that is lost"
    )
    rules_fall: Array = quantity(
        "year economy", "score 0-1", 0, 1, "Fall of the provision on data flows in the year"
    )
    rules_lag: Array = quantity(
        "year economy", "share", 0, 1, "Part of the year's rise of provisions that is lost"
    )
    price_push: Array = quantity(
        "year economy", "log", -2, 2, "Rise of the price of broadband (gateways, taxes)"
    )
    funding_gap: Array = quantity(
        "year economy", "share", 0, 1, "Part of the year's plan for which no money comes"
    )
    delivery_loss: Array = quantity(
        "year economy", "share", 0, 1, "Part of what is delivered of a programme that is lost"
    )
    emissions: Array = quantity("year economy", "log", -1, 1, "Rise of carbon intensity")
    outage: Array = quantity(
        "year system", "share of the year", 0, 1, "Time for which a cable system is cut"
    )

    def at(self, year: int) -> Shocks:
        """The shocks of one year of the run (0 is the first year after the base year)."""
        return Shocks(**{item.name: getattr(self, item.name)[year] for item in fields(self)})
