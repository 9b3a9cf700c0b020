"""The axes of the arrays: what stands along each, and how long it is."""

from __future__ import annotations

ZONES = ("urban", "rural")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
COHORTS = tuple(f"{zone}_{quintile}" for zone in ZONES for quintile in QUINTILES)
PROVISIONS = (
    "data_flows",
    "data_protection",
    "e_transactions",
    "digital_id_payments",
    "cybersecurity_law",
    "digital_tax_customs",
)
#: Every lever, in the order of its code in the catalogue of the strategies' measures, L01 to L29.
LEVERS = (
    "broadband_investment",
    "international_links",
    "telecom_competition_and_spectrum",
    "infrastructure_sharing",
    "cloud_and_data_centres",
    "regional_platforms",
    "basic_skills_programme",
    "advanced_skills_programme",
    "talent_retention",
    "data_policy_alignment",
    "data_and_ai_governance",
    "cybersecurity_programme",
    "resilience_investment",
    "egovernment_and_open_data",
    "innovation_fund",
    "digital_economic_zone",
    "msme_support",
    "digital_finance_interoperability",
    "trade_facilitation",
    "market_barriers",
    "sector_digitalisation",
    "smart_cities_and_villages",
    "inclusion_targeting",
    "green_digital",
    "best_practice_sharing",
    "regional_governance",
    "regional_fund",
    "awareness_and_trust",
    "common_standards",
)
PAYERS = ("national", "regional_fund", "partner", "private")
SECTORS = ("agriculture", "industry", "services")
SIZES = ("msme", "large")
#: Firms by sector and size.
SEGMENTS = tuple(f"{sector}_{size}" for sector in SECTORS for size in SIZES)
#: What regional platforms share: the strategies' platforms, grouped.
PLATFORMS = ("skills", "sme", "innovation", "procurement", "agriculture", "tourism")
#: How a member state decides on its budget; its number is what ``budget_rule`` holds.
BUDGET_RULES = ("fixed", "gap_closing", "imitate", "marginal")
#: What member states and regional bodies aim at; ``targets`` holds a level of each.
GOALS = (
    "internet_users",
    "basic_skills",
    "talent",
    "firms",
    "egovernment",
    "cybersecurity",
    "innovation",
    "provisions",
)
#: How an agreement binds those who join it; its number is what ``alignment_mode`` holds.
ALIGNMENT_MODES = ("voluntary", "peer_review", "binding")

#: Length of each short axis. The others differ from run to run: ``member``, ``economy``,
#: ``partner`` (an economy), ``node``, ``system`` (cable systems), ``instrument`` (agreements).
FIXED_AXES = {
    "zone": len(ZONES),
    "cohort": len(COHORTS),
    "provision": len(PROVISIONS),
    "lever": len(LEVERS),
    "payer": len(PAYERS),
    "sector": len(SECTORS),
    "segment": len(SEGMENTS),
    "platform": len(PLATFORMS),
    "goal": len(GOALS),
}
