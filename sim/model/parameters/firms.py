"""Firms: who can adopt, how fast, what helps, what it pays."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, effect, fixed

EUROPE = (
    "placed so that firms of the EU (Eurostat 2023: 58 % of small and medium, 91 % of large at "
    "basic digital intensity) and of Asia (World Bank Enterprise Surveys: website of about a "
    "third of small, three quarters of large) come out; recalled; range judgement"
)


@dataclass(kw_only=True)
class Firms:
    """Part of ``Parameters``."""

    use_weight: Array = fixed(
        0.35, "share", "Internet users in what makes an economy ready for firms", JUDGEMENT
    )
    lines_weight: Array = fixed(0.20, "share", "Fixed lines a household in it", JUDGEMENT)
    skills_weight: Array = fixed(0.25, "share", "Basic digital skills in it", JUDGEMENT)
    institutions_weight: Array = fixed(
        0.20, "share", "Accounts, e-government and trust in it", JUDGEMENT
    )
    firm_threshold: Array = between(
        0.55, 0.62, 0.69, "readiness 0-1", "At which half of small service firms would adopt",
        EUROPE,
    )  # fmt: skip
    threshold_spread: Array = between(
        0.20, 0.24, 0.30, "readiness 0-1", "Spread of thresholds among firms of a kind", EUROPE,
        bounds=(0.05, 2),
    )  # fmt: skip
    large_advantage: Array = between(
        0.30, 0.37, 0.44, "readiness 0-1", "By which thresholds of large firms are lower", EUROPE
    )
    industry_threshold: Array = between(
        0.02, 0.05, 0.10, "readiness 0-1", "By which thresholds in industry are higher", JUDGEMENT
    )
    agriculture_threshold: Array = between(
        0.25, 0.35, 0.45, "readiness 0-1", "By which thresholds in agriculture are higher",
        "few small farms use digital tools: FAO and ITU (2022), recalled; range judgement",
    )  # fmt: skip
    threshold_fall: Array = between(
        0.004, 0.008, 0.012, "readiness per year", "Fall of thresholds as technology gets cheaper",
        "EU firms buying cloud services rose from 24 to 45 % in 2016-2023 (Eurostat, recalled), "
        "most of it with their economies' readiness",
    )  # fmt: skip
    start_headway: Array = between(
        0.70, 0.80, 0.90, "share of ceiling", "Adoption in the base year against its ceiling",
        JUDGEMENT, bounds=(0.1, 1),
    )  # fmt: skip
    start_firms_error: Array = effect(
        0.4, "log-odds", "Error of firms' adoption in the base year", JUDGEMENT
    )
    firm_innovation: Array = between(
        0.01, 0.03, 0.06, "per year", "Adoption without examples: p of Bass",
        "Sultan, Farley and Lehmann (1990), mean 0.03, recalled; range judgement",
    )  # fmt: skip
    firm_imitation: Array = between(
        0.20, 0.38, 0.55, "per year", "Adoption after examples: q of Bass",
        "Sultan, Farley and Lehmann (1990), mean 0.38, recalled; range judgement",
    )  # fmt: skip
    firm_own_exposure: Array = between(
        0.60, 0.75, 0.90, "share", "Examples met at home; the rest are partners in trade",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    firm_reversal: Array = fixed(0.3, "ratio", "Speed of giving up against adopting", JUDGEMENT)
    relief_speed: Array = between(
        1.0, 2.0, 4.0, "log per unit of readiness", "Speed gained with a lower threshold", JUDGEMENT
    )
    finance_reliance: Array = between(
        0.2, 0.35, 0.5, "share", "Adoption that waits for private money from outside the firm",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    push_to_firms: Array = between(
        0.3, 0.5, 0.8, "share", "Part of a push of households online that firms feel", JUDGEMENT
    )

    msme_agriculture: Array = fixed(
        0.75, "share of value added", "Small farms", "FAO family farming, recalled; judgement"
    )
    msme_industry: Array = fixed(
        0.30, "share of value added", "Small and medium firms in industry",
        "about 41 % of GDP over all sectors: ADB Asia SME Monitor 2020, recalled",
    )  # fmt: skip
    msme_services: Array = fixed(
        0.42, "share of value added", "Small and medium firms in services", "as for industry"
    )

    support_conversion: Array = between(
        0.05, 0.12, 0.25, "share", "Small firms reached without technology that adopt in the year",
        "Cirera and Cruz (2022) on support for technology in firms, recalled; range judgement",
        bounds=(0, 1),
    )  # fmt: skip
    support_wear: Array = between(
        0.10, 0.15, 0.25, "per year", "Support that stops working", JUDGEMENT, bounds=(0, 1)
    )
    support_relief: Array = between(
        0.05, 0.15, 0.25, "readiness 0-1", "By which support lowers a small firm's threshold",
        JUDGEMENT,
    )  # fmt: skip
    sector_relief: Array = between(
        0.10, 0.25, 0.40, "readiness 0-1", "By which money for a sector lowers thresholds at most",
        JUDGEMENT,
    )  # fmt: skip
    sector_half: Array = between(
        0.01, 0.02, 0.04, "share of value added", "Money that still works for half of that",
        JUDGEMENT, bounds=(1e-4, 1),
    )  # fmt: skip
    zone_relief: Array = between(
        0.02, 0.05, 0.10, "readiness 0-1",
        "By which tax relief lowers large firms' thresholds at most; a quarter for small ones",
        "most relief goes to what would be done anyway: James (2013), recalled; range judgement",
    )  # fmt: skip
    zone_half: Array = fixed(10.0, "points of tax", "Tax relief for half of that", JUDGEMENT)
    platform_relief: Array = between(
        0.005, 0.012, 0.025, "readiness 0-1",
        "By which a regional platform lowers thresholds of those it serves, if all take part",
        "judgement: cheap, and used by few of those whom it could serve",
    )  # fmt: skip
    place_size: Array = between(
        10e3, 30e3, 80e3, "persons", "People of a smart town or village", JUDGEMENT
    )
    place_relief: Array = between(
        0.03, 0.08, 0.15, "readiness 0-1",
        "By which a smart place lowers thresholds of its farms and small service firms",
        JUDGEMENT,
    )  # fmt: skip

    firm_return: Array = between(
        0.05, 0.13, 0.20, "log productivity per share of firms",
        "Return to adoption at the frontier: 1.4 % after one year and 3.9 % after three for 10 "
        "points of firms in the EU, halved and more",
        "Gal, Nicoletti, Renault, Sorbe and Timiliotis (2019)", "H01", channel="firms",
    )  # fmt: skip
    return_speed: Array = between(
        0.25, 0.36, 0.50, "per year", "Adoption that starts to pay a year later, of what does not",
        "Gal and others (2019): a third after one year, all after three", "H01", bounds=(0, 1),
    )  # fmt: skip
    laggard_ratio: Array = between(
        0.15, 0.20, 0.23, "ratio", "Return of small firms against the frontier's, without support",
        "OECD on Estonian firms, quoted by ITIF (2021)", "H03", bounds=(0, 1),
    )  # fmt: skip
