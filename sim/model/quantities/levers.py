"""What is planned, by year: the lever paths of a scenario."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sim.model.quantities.declare import INF, Array, quantity
from sim.model.quantities.shocks import Shocks


@dataclass(slots=True, kw_only=True)
class Levers:
    """What is planned, by year: the lever paths of a scenario.

    The leading axis is the year of the run; ``at`` takes one year of it. Each lever of ``LEVERS``
    has a field of its name, except the two alignments of law (a target and a pace each), links
    (capacity and route-km) and platforms (one number each); its options follow it.
    """

    broadband_investment: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.05, "Public money for broadband networks"
    )
    rural_share: Array = quantity(
        "year economy", "share of spending", 0, 1, "Part of the network laid in rural areas"
    )
    private_leverage: Array = quantity(
        "year economy", "USD per public USD", 0, 3, "Private money drawn in by public money"
    )
    link_capacity: Array = quantity(
        "year system", "Gbit/s", 0, INF, "Capacity of cable systems that projects finish this year"
    )
    link_route: Array = quantity(
        "year economy", "km", 0, INF, "Route by land that an economy pays for in projects this year"
    )
    sea_route: Array = quantity(
        "year economy", "km", 0, INF, "Route by sea that an economy pays for in projects this year"
    )
    telecom_competition_and_spectrum: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Reform of competition, licences and spectrum"
    )
    infrastructure_sharing: Array = quantity(
        "year economy", "share of new route-km", 0, 1, "New network built with shared structures"
    )
    cloud_and_data_centres: Array = quantity(
        "year economy", "MW a year", 0, 5000, "New capacity of data centres"
    )
    regional_platforms: Array = quantity(
        "year economy platform", "participation 0-1", 0, 1, "Taking part in regional platforms"
    )
    basic_skills_programme: Array = quantity(
        "year economy", "share of adults a year", 0, 0.2, "Adults enrolled in basic courses"
    )
    advanced_skills_programme: Array = quantity(
        "year economy", "graduates per worker a year", 0, 0.02, "Advanced ICT graduates added"
    )
    talent_retention: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Incentives for talent to stay or come back"
    )
    alignment_target: Array = quantity(
        "year economy provision", "score 0-1", 0, 1, "Agreed level of each provision"
    )
    alignment_pace: Array = quantity(
        "year economy", "share of the gap", 0, 1, "Part of the gap to be closed this year"
    )
    accession_push: Array = quantity(
        "year economy instrument", "log-odds", 0, 10, "Drive to join an agreement"
    )
    alignment_mode: Array = quantity(
        "year economy", "0 voluntary, 1 peer review, 2 binding", 0, 2, "How agreements bind"
    )
    governance_target: Array = quantity(
        "year economy provision", "score 0-1", 0, 1, "Own aim for each provision"
    )
    governance_pace: Array = quantity(
        "year economy", "share of the gap", 0, 1, "Part of the gap to own aims to be closed"
    )
    cybersecurity_programme: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.01, "Public money for cybersecurity"
    )
    regional_cert: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Taking part in a regional response team and its drills"
    )
    anti_fraud: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Joint action against telecom fraud"
    )
    resilience_investment: Array = quantity(
        "year economy", "redundancy 0-1", 0, 1, "Part of international routes that is doubled"
    )
    repair_days_saved: Array = quantity(
        "year economy", "days", 0, 30, "Days by which repairs are shortened (ships, permits)"
    )
    egovernment_and_open_data: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.02, "Public money for e-government, open data"
    )
    innovation_fund: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.02, "Incubators, sandboxes, research"
    )
    digital_economic_zone: Array = quantity(
        "year economy", "points of tax", 0, 30, "Tax relief for digital firms in zones"
    )
    msme_support: Array = quantity(
        "year economy", "share of MSMEs a year", 0, 0.3, "Small firms reached by programmes"
    )
    digital_finance_interoperability: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Payment systems that work together, also abroad"
    )
    trade_facilitation: Array = quantity(
        "year economy",
        "share of the gap",
        0,
        1,
        "Part of the base year's paperless-trade gap to be closed by then",
    )
    market_barriers: Array = quantity(
        "year economy", "ad valorem", -0.3, 1, "Change of the tariff on goods from everywhere"
    )
    digital_services_tax: Array = quantity(
        "year economy", "ad valorem", -0.3, 1, "Change of the tax on digital services from abroad"
    )
    export_control: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Control of exports of technology by the economy"
    )
    sector_digitalisation: Array = quantity(
        "year economy sector", "share of GDP a year", 0, 0.02, "Public money by sector of firms"
    )
    smart_cities_and_villages: Array = quantity(
        "year economy", "places a year", 0, 1000, "Towns and villages that join a programme"
    )
    inclusion_targeting: Array = quantity(
        "year economy", "share of spending", 0, 1, "Spending directed at rural, poor and women"
    )
    green_digital: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.02, "Digital means against emissions"
    )
    renewable_share: Array = quantity(
        "year economy", "share of power", 0, 1, "Renewable power of new data centres"
    )
    best_practice_sharing: Array = quantity(
        "year economy", "intensity 0-1", 0, 1, "Exchange with leaders one learns from"
    )
    regional_governance: Array = quantity(
        "year economy", "quality 0-1", 0, 1, "Delivery quality that a regional body adds"
    )
    review_years: Array = quantity("year", "years", 0, 20, "Years between reviews; 0: none")
    upgrade_years: Array = quantity("year", "years", 0, 20, "Years between upgrades; 0: none")
    regional_fund: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.01, "Contribution to the regional fund"
    )
    fund_private_ratio: Array = quantity(
        "year", "USD per public USD", 0, 3, "Private money that comes with the fund's"
    )
    fund_anchor: Array = quantity(
        "year", "share", 0, 1, "Part of the fund for anchor states; the rest is spread by need"
    )
    awareness_and_trust: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Campaigns on benefits, risks and rights"
    )
    common_standards: Array = quantity(
        "year economy", "index 0-1", 0, 1, "Part of common technical standards adopted"
    )
    budget_rule: Array = quantity(
        "year economy",
        "0 fixed, 1 gap closing, 2 imitate, 3 marginal",
        0,
        3,
        "How the member state spreads its budget over levers",
    )
    payer_share: Array = quantity(
        "year economy lever payer",
        "share of public cost",
        0,
        1,
        "Who pays the public cost of each lever (private money comes on top, by leverage)",
    )
    national_budget: Array = quantity(
        "year economy", "share of GDP a year", 0, INF, "The most that the national budget pays"
    )
    fund_budget: Array = quantity(
        "year", "share of the region's GDP a year", 0, INF, "The most that the regional fund pays"
    )
    #: What disturbs the region in these years.
    shocks: Shocks

    def at(self, year: int) -> Levers:
        """The plan of one year of the run (0 is the first year after the base year)."""
        values = {
            item.name: getattr(self, item.name)[year] for item in fields(self) if item.metadata
        }
        return Levers(**values, shocks=self.shocks.at(year))

    def having(self, **paths: Array) -> Levers:
        """The same plan with other ``paths``."""
        return replace(self, **paths)  # type: ignore[arg-type]
