"""What stays the same in a run: the region as arrays, and the paths taken as given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sim.model.agreements import Agreements, no_agreements
from sim.model.cable_world import CableWorld, no_cables
from sim.model.quantities import INF, USD, Array, quantities, quantity


@dataclass(slots=True, kw_only=True)
class World:
    """The given world. Paths run from the base year (row 0) to the horizon.

    ``systems`` are the cable systems and ``instruments`` the agreements of the region, about which
    ``agreements`` says what there is to know.
    """

    base_year: int
    economies: tuple[str, ...]
    nodes: tuple[str, ...]
    systems: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    population: Array = quantity("year economy", "persons", 0, INF, "Total population")
    working_age_share: Array = quantity("year economy", "share", 0, 1, "People of 15 to 64 years")
    child_share: Array = quantity("year economy", "share", 0, 1, "People under 15 years")
    urban_share: Array = quantity("year economy", "share", 0, 1, "People in towns")
    years_of_schooling: Array = quantity("year economy", "years", 0, 25, "Schooling of adults")
    quintile_income: Array = quantity(
        "economy quintile", "ratio to mean of zone", 0, INF, "Income by fifth of a zone's people"
    )
    ppp_ratio: Array = quantity(
        "economy",
        "PPP 2021 USD per USD of 2015",
        0,
        INF,
        "Price level: GDP per person at purchasing-power parity against constant 2015 USD",
    )
    investment_share: Array = quantity(
        "economy", "share of GDP", 0, 1, "Investment: 0.7 own five-year mean, 0.3 regional median"
    )
    growth_noise_sd: Array = quantity(
        "economy", "log points", 0, 1, "Stationary SD of own growth shocks"
    )
    terrain: Array = quantity(
        "economy",
        "ratio",
        0,
        INF,
        "Cost of coverage against the prototype's, by published 3G cover",
    )
    government_effectiveness: Array = quantity(
        "economy", "WGI units", -4, 4, "Government effectiveness (World Bank WGI)"
    )
    tertiary_enrolment: Array = quantity("economy", "ratio", 0, 2, "Gross tertiary enrolment")
    participation: Array = quantity(
        "economy", "share of people of 15 to 64", 0, 1, "People who take part in work"
    )
    talent_closeness: Array = quantity(
        "economy partner", "index", 0, INF, "How close economies are for those who move (estimate)"
    )
    digital_history: Array = quantity(
        "economy",
        "per year",
        -1,
        1,
        "Past yearly rise of the S-curve of returns, already inside the trend of productivity",
    )
    trade_weights: Array = quantity(
        "economy partner", "share", 0, 1, "Partners' shares in trade within the region"
    )
    services_flows: Array = quantity(
        "market market",
        "USD of the base year",
        0,
        INF,
        "Digital services bought (columns) by origin (rows), the rest of the world last (estimate)",
    )
    price_level: Array = quantity(
        "economy", "USD of the base year per USD of 2015", 0, INF, "Prices in USD since 2015"
    )
    base_flows: Array = quantity(
        "node node",
        "USD",
        0,
        INF,
        "Goods bought (columns) by origin (rows), mean of 2015-2019, sales at home on the diagonal",
    )
    flows_gdp: Array = quantity("economy", USD, 0, INF, "GDP, mean of 2015-2019")
    goods_share: Array = quantity(
        "economy", "share of GDP", 0, 1, "Agriculture and industry in value added"
    )
    flows_year: int = 2017
    #: The cable systems as arrays; their names are ``systems``.
    cables: CableWorld = field(default_factory=no_cables)
    agreements: Agreements = field(default_factory=lambda: no_agreements(0))

    def until(self, year: int) -> World:
        """The same world up to an earlier horizon."""
        paths = [item.name for item in quantities(World) if item.axes[0] == "year"]
        count = year - self.base_year + 1
        return replace(self, **{name: getattr(self, name)[:count] for name in paths})

    @property
    def lengths(self) -> dict[str, int]:
        """Length of each axis that differs from region to region."""
        return {
            "economy": len(self.economies),
            "node": len(self.nodes),
            "market": len(self.economies) + 1,
            "system": len(self.systems),
            "instrument": len(self.instruments),
        }
