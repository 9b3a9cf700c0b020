"""Levers on firms and places: zones, small firms, sectors, towns and villages, green means."""

from __future__ import annotations

from sim.model.quantities import SECTORS
from sim.policy.levers.kinds import Lever, Option, Scale, ids, percent_of_gdp, share

ZONES = Lever(
    name="digital_economic_zone",
    code="L16",
    title="Tax relief for digital firms in zones",
    scale=Scale("points of tax", 0.0, 30.0, 0.5, 20.0),
    lag_years=0,
    mechanism="relief draws digital firms and investment into zones, part of which would have "
    "come anyway; it costs the revenue that is given up",
    evidence=("H11",),
    measures=ids("A025 A028 C020 C026 C027 C028 C129 K016"),
    main_kpi="digital_value_added",
)

SMALL_FIRMS = Lever(
    name="msme_support",
    code="L17",
    title="Support for micro, small and medium firms",
    scale=Scale("% of MSMEs reached a year", 0.0, 30.0, 0.1, 15.0, 0.01),
    lag_years=0,
    mechanism="advice, vouchers and credit lower what it costs small firms to adopt digital tools, "
    "so that more do, earlier",
    evidence=("H01", "H03"),
    measures=ids(
        "A031 A034 A053 A063 C111 C118 C119 C120 C121 C122 C123 C124 C274 C282 J015 K008 K014 U022"
    ),
    main_kpi="msme_adoption",
)

SECTOR_MONEY = Lever(
    name="sector_digitalisation",
    code="L21",
    title="Digitalisation of sectors: farming, industry, services",
    scale=percent_of_gdp(2.0, 0.6),
    lag_years=1,
    mechanism="public money for smart farming, Industry 4.0, and health, education, logistics and "
    "tourism lowers the cost of adoption of the sector's firms",
    evidence=("H01", "H02"),
    measures=ids(
        "A018 A021 A022 A027 A043 A045 A056 A058 A059 A060 A061 A071 A072 A094 C174 C184 C186 "
        "C188 C189 C192 C272 C281 C283 C284 C285 C299 C327 C329 J010 K015 K019 K020 K057 U003 "
        "U006 U020 U025 U026 U028 U032 U034"
    ),
    main_kpi="industry_4_0",
    form="shares",
    options=(
        Option(
            "sectors",
            "shares",
            "the sectors among which value is divided: a list (alike) or shares of it (a mapping); "
            "all alike if left out",
            share("share of value"),
            keys=SECTORS,
        ),
    ),
)

PLACES = Lever(
    name="smart_cities_and_villages",
    code="L22",
    title="Smart cities and villages",
    scale=Scale("places a year", 0.0, 1000.0, 0.2, 100.0),
    lag_years=0,
    mechanism="each place that joins gives its people and firms services nearby and raises their "
    "adoption; what it adds in all depends on how many live there",
    evidence=("C04",),
    measures=ids("C176 C177 C178 C180 C286 K017 K018"),
    main_kpi="smart_places",
)

GREEN = Lever(
    name="green_digital",
    code="L24",
    title="Digital means against emissions, and renewable power for data centres",
    scale=percent_of_gdp(2.0, 0.3),
    lag_years=0,
    mechanism="money for smart grids and monitoring lowers the carbon intensity of output; "
    "renewable power takes the emissions of new data centres away",
    evidence=("C12",),
    measures=ids("A046 A047 A048 A074 A078 C044 C071 U029 U030"),
    main_kpi="emissions",
    options=(
        Option(
            "renewable_share",
            "number",
            "renewable power of new data centres",
            share("share of power"),
            0.0,
            path="renewable_share",
            moves=True,
        ),
    ),
)

FIRMS = (ZONES, SMALL_FIRMS, SECTOR_MONEY, PLACES, GREEN)
