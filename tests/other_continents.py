"""Regions of other continents for tests. Codes, names and places are real; EVERY FIGURE IS MADE UP.

Figures are simulated from simple laws and a seed; each row of the tables says ``made_up``:

- GDP per person starts log-normal about 5,000 international $ and grows by 2 % a year on average,
  faster where it is low; shocks of 2 %. Population grows by 0 to 3 %.
- Internet users and fixed lines follow S-curves in time; the half-way year comes sooner, and the
  ceiling of lines is higher, where income is higher. Survey errors of 0.05 in the log-odds.
- Shares of ages, towns, schooling and industries move in straight lines with income.
- Trade is gravity: product of GDPs over distance. Cables join neighbours in the list.
"""

import csv
from pathlib import Path

import numpy as np

from sim.region import Region
from sim.region.indicators import INDICATORS, PROVISIONS
from sim.region.layout import LAYOUTS

#: Code, name, part of the world, capital, its latitude and longitude, landlocked, island.
PLACES = (
    ("BRA", "Brazil", "America", "Brasilia", -15.8, -47.9, 0, 0),
    ("KEN", "Kenya", "Africa", "Nairobi", -1.3, 36.8, 0, 0),
    ("FRA", "France", "Europe", "Paris", 48.9, 2.4, 0, 0),
    ("ARG", "Argentina", "America", "Buenos Aires", -34.6, -58.4, 0, 0),
    ("NGA", "Nigeria", "Africa", "Abuja", 9.1, 7.5, 0, 0),
    ("POL", "Poland", "Europe", "Warsaw", 52.2, 21.0, 0, 0),
    ("CHL", "Chile", "America", "Santiago", -33.4, -70.7, 0, 0),
    ("ETH", "Ethiopia", "Africa", "Addis Ababa", 9.0, 38.7, 1, 0),
    ("PER", "Peru", "America", "Lima", -12.0, -77.0, 0, 0),
    ("RWA", "Rwanda", "Africa", "Kigali", -1.9, 30.1, 1, 0),
    ("FJI", "Fiji", "Oceania", "Suva", -18.1, 178.4, 0, 1),
    ("ESP", "Spain", "Europe", "Madrid", 40.4, -3.7, 0, 0),
    ("COL", "Colombia", "America", "Bogota", 4.7, -74.1, 0, 0),
    ("UGA", "Uganda", "Africa", "Kampala", 0.3, 32.6, 1, 0),
    ("ITA", "Italy", "Europe", "Rome", 41.9, 12.5, 0, 0),
    ("MEX", "Mexico", "America", "Mexico City", 19.4, -99.1, 0, 0),
    ("TZA", "Tanzania", "Africa", "Dodoma", -6.2, 35.7, 0, 0),
    ("SWE", "Sweden", "Europe", "Stockholm", 59.3, 18.1, 0, 0),
    ("URY", "Uruguay", "America", "Montevideo", -34.9, -56.2, 0, 0),
    ("GHA", "Ghana", "Africa", "Accra", 5.6, -0.2, 0, 0),
    ("WSM", "Samoa", "Oceania", "Apia", -13.8, -171.8, 0, 1),
    ("ROU", "Romania", "Europe", "Bucharest", 44.4, 26.1, 0, 0),
    ("BOL", "Bolivia", "America", "La Paz", -16.5, -68.1, 1, 0),
    ("SEN", "Senegal", "Africa", "Dakar", 14.7, -17.4, 0, 0),
    ("GRC", "Greece", "Europe", "Athens", 38.0, 23.7, 0, 0),
    ("ECU", "Ecuador", "America", "Quito", -0.2, -78.5, 0, 0),
    ("ZMB", "Zambia", "Africa", "Lusaka", -15.4, 28.3, 1, 0),
    ("HUN", "Hungary", "Europe", "Budapest", 47.5, 19.0, 1, 0),
    ("PRY", "Paraguay", "America", "Asuncion", -25.3, -57.6, 1, 0),
    ("MOZ", "Mozambique", "Africa", "Maputo", -25.9, 32.6, 0, 0),
    ("TON", "Tonga", "Oceania", "Nuku'alofa", -21.1, -175.2, 0, 1),
    ("PRT", "Portugal", "Europe", "Lisbon", 38.7, -9.1, 0, 0),
    ("GTM", "Guatemala", "America", "Guatemala City", 14.6, -90.5, 0, 0),
    ("MWI", "Malawi", "Africa", "Lilongwe", -14.0, 33.8, 1, 0),
    ("FIN", "Finland", "Europe", "Helsinki", 60.2, 24.9, 0, 0),
    ("CRI", "Costa Rica", "America", "San Jose", 9.9, -84.1, 0, 0),
    ("MLI", "Mali", "Africa", "Bamako", 12.6, -8.0, 1, 0),
    ("ISL", "Iceland", "Europe", "Reykjavik", 64.1, -21.9, 0, 1),
    ("DOM", "Dominican Republic", "America", "Santo Domingo", 18.5, -69.9, 0, 1),
    ("BWA", "Botswana", "Africa", "Gaborone", -24.7, 25.9, 1, 0),
)
HUBS = (
    ("USA", "United States", "America", "Washington", 38.9, -77.0, 0, 0),
    ("ZAF", "South Africa", "Africa", "Pretoria", -25.7, 28.2, 0, 0),
)
SOURCE = "made_up"
TRADE_YEARS = (2015, 2017, 2019)

Rows = list[dict[str, object]]
Tables = dict[str, Rows]


def tables(
    count: int = 5,
    *,
    first: int = 2000,
    last: int = 2024,
    hubs: int = 2,
    seed: int = 1,
    income: float = 5000.0,
    people: float = 2e7,
) -> Tables:
    """Tables of ``count`` economies (at most 40), with figures from ``first`` to ``last``.

    ``income`` is the median of GDP per person in 2000, international $, and ``people`` that of
    population. Economies have the same figures whatever the count and the years.
    """
    members, outside = PLACES[:count], HUBS[:hubs]
    years = np.arange(2000, 2036)
    made = {
        place[0]: _figures(
            np.random.Generator(np.random.Philox([seed, row])), years, income, people
        )
        for row, place in enumerate(PLACES[:count])
    }
    indicators = [
        _row(iso3=code, indicator=name, year=year, value=f"{value:.6g}")
        for code, figures in made.items()
        for name, path in figures.items()
        for year, value in zip(years, path, strict=True)
        if first <= year <= last
    ]
    random = np.random.Generator(np.random.Philox([seed, 1000]))
    trade, totals = _trade(made, members, outside)
    return {
        "economies": [_economy(place, "member") for place in members]
        + [_economy(place, "hub") for place in outside],
        "sources": [
            {"key": SOURCE, "publisher": "tests", "title": "MADE UP FOR TESTS, no data: simulated",
             "vintage": f"seed {seed}", "licence": "none"}
        ],
        "groups": [_row(group="first_two", iso3=place[0]) for place in members[:2]],
        "indicators": indicators,
        "provisions": [
            _row(iso3=place[0], provision=name, score=f"{random.uniform(0.2, 0.9):.2f}",
                 confidence="medium", rule="made up")
            for place in members
            for name in PROVISIONS
        ],
        "trade": trade,
        "trade_totals": totals,
        "fibre": [
            _row(a=one[0], b=other[0], kind="submarine", system=f"Line {number}", ready_year=2010,
                 landings=2, confidence="high", status="in_service")
            for number, (one, other) in enumerate(
                zip((*members, *outside), (*members, *outside)[1:], strict=False)
            )
        ],
    }  # fmt: skip


def write(made: Tables, folder: Path) -> Path:
    """Write tables to a new folder."""
    folder.mkdir(parents=True)
    for layout in LAYOUTS:
        if layout.name not in made:
            continue
        with (folder / layout.file).open("w", encoding="utf-8", newline="") as stream:
            names = [column.name for column in layout.columns]
            writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(made[layout.name])
    return folder


def opened(made: Tables, folder: Path, name: str = "elsewhere") -> Region:
    """The region of tables that are written to a new folder of that name."""
    return Region.load(write(made, folder / name))


def drop(made: Tables, indicator: str, economy: str | None = None, years: range = range(3000)):
    """Take out figures of an indicator: of one economy or of all, in some years or in all."""
    made["indicators"] = [
        row
        for row in made["indicators"]
        if not (
            row["indicator"] == indicator
            and economy in (None, row["iso3"])
            and row["year"] in years
        )
    ]
    return made


def put(made: Tables, indicator: str, economy: str, change) -> Tables:
    """Change the figures of an economy: ``change(year, value)`` is the new value."""
    for row in made["indicators"]:
        if (row["indicator"], row["iso3"]) == (indicator, economy):
            row["value"] = f"{change(row['year'], float(row['value'])):.6g}"
    return made


def _row(**cells: object) -> dict[str, object]:
    return {**cells, "source": SOURCE}


def _economy(place: tuple, role: str) -> dict[str, object]:
    names = ("iso3", "name", "region", "capital", "latitude", "longitude", "landlocked", "island")
    return _row(**dict(zip(names, place, strict=True)), role=role)


def _figures(
    random: np.random.Generator, years: np.ndarray, income: float, people: float
) -> dict[str, np.ndarray]:
    """Every indicator of one economy by year, in the publisher's unit."""
    ahead = years - 2000.0
    start = np.log(income) + 1.0 * random.standard_normal()
    growth = 0.02 - 0.005 * (start - 8.5) + 0.02 * random.standard_normal(len(years))
    log_income = np.clip(start + np.cumsum(growth), np.log(120.0), np.log(5e5))
    population = np.exp(np.log(people) + 1.5 * random.standard_normal())
    population = np.clip(population, 2e3, 2e9) * np.exp(random.uniform(0.0, 0.03) * ahead)
    gdp = np.maximum(population * np.exp(log_income) * random.uniform(0.3, 0.9), 2e6)
    rank = log_income - 8.5  # about -2 to 3 with income

    def curve(middle: float, pace: float, top: np.ndarray | float) -> np.ndarray:
        noise = 0.05 * random.standard_normal(len(years))
        return top / (1.0 + np.exp(-pace * (years - middle) + noise))

    def line(middle: float, slope: float, low: float, high: float) -> np.ndarray:
        spread = 0.1 * (high - low) * random.standard_normal()
        return np.clip(middle + slope * rank + spread, low, high)

    agriculture = line(15.0, -5.0, 1.0, 45.0)
    industry = line(28.0, 2.0, 10.0, 45.0)
    tops = 45.0 / (1.0 + np.exp(-1.2 * (rank - 0.5)))
    found = {
        "population": population,
        "gdp": gdp,
        "gdp_current": gdp * 1.02 ** (years - 2015),
        "gdp_per_person_ppp": np.exp(log_income),
        "internet_users": curve(2012.0 - 4.0 * rank[0], random.uniform(0.2, 0.35), 96.0),
        "population_0_14": line(30.0, -6.0, 12.0, 48.0),
        "population_65plus": line(7.0, 4.0, 2.0, 25.0),
        "urban_share": line(50.0, 12.0, 12.0, 95.0),
        "years_of_schooling": line(7.0, 2.0, 1.5, 13.5),
        "labour_force_participation": line(65.0, -2.0, 50.0, 80.0),
        "gini": line(40.0, -3.0, 25.0, 60.0),
        "investment_share": line(23.0, 1.0, 12.0, 38.0),
        "agriculture_share": agriculture,
        "industry_share": industry,
        "services_share": 95.0 - agriculture - industry,
        "fixed_broadband": curve(2013.0 - 2.0 * rank[0], random.uniform(0.2, 0.4), tops),
        "mobile_cellular": curve(2008.0 - 2.0 * rank[0], 0.4, 120.0),
        "coverage_3g": curve(2011.0 - 2.0 * rank[0], 0.5, 98.0),
        "electricity_access": line(75.0, 20.0, 8.0, 100.0),
        "broadband_price": np.exp(np.clip(1.2 - 0.8 * rank, -2.0, 4.0)),
        "basic_digital_skills": line(35.0, 12.0, 3.0, 85.0),
        "advanced_digital_skills": line(4.0, 2.0, 0.3, 15.0),
        "tertiary_attainment": line(15.0, 6.0, 1.0, 45.0),
        "tertiary_enrolment": line(35.0, 15.0, 3.0, 95.0),
        "government_effectiveness": line(-0.3, 0.5, -2.0, 2.2),
        "regulatory_quality": line(-0.3, 0.5, -2.0, 2.2),
        "egdi": line(0.45, 0.12, 0.1, 0.98),
        "account_ownership": line(0.5, 0.15, 0.05, 0.99),
    }  # fmt: skip
    unknown = set(found) - set(INDICATORS)
    assert not unknown, f"no such indicators: {unknown}"
    return found


def _trade(made: dict, members: tuple, outside: tuple) -> tuple[Rows, Rows]:
    """Flows among members and hubs by gravity, and totals that hold them and as much again."""
    everyone = (*members, *outside)
    size = {code: made[code]["gdp"][15] if code in made else 5e12 for code, *_ in everyone}
    flows, totals = [], []
    for year in TRADE_YEARS:
        sums = {place[0]: [0.0, 0.0] for place in everyone}
        for one in everyone:
            for other in everyone:
                if one is other:
                    continue
                apart = np.hypot(one[4] - other[4], one[5] - other[5]) + 5.0
                value = 2e-12 * (size[one[0]] * size[other[0]]) / apart
                value = min(value, 0.02 * min(size[one[0]], size[other[0]]))
                sums[one[0]][0] += value
                sums[other[0]][1] += value
                flows.append(
                    _row(exporter=one[0], importer=other[0], year=year, value_usd=f"{value:.6g}")
                )
        for code, (exports, imports) in sums.items():
            if code in made:
                out, inward = (f"{2.0 * total + 1e6:.6g}" for total in (exports, imports))
                totals.append(
                    _row(iso3=code, year=year, exports_world_usd=out, imports_world_usd=inward)
                )
    return flows, totals
