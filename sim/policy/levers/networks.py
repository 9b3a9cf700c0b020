"""Levers on networks: broadband, links between economies, competition, sharing, data centres."""

from __future__ import annotations

from sim.policy.levers.kinds import Lever, Option, Scale, ids, index, percent_of_gdp, share

BROADBAND = Lever(
    name="broadband_investment",
    code="L01",
    title="Public money for broadband networks",
    scale=percent_of_gdp(5.0, 2.0, 0.01),
    lag_years=1,
    mechanism="what is laid a year later, as far as institutions deliver, adds to the network "
    "per person of programmes, m, in towns and in the country; against the operators', n, the "
    "log-odds of the ceiling and the log of the speed of adoption rise with ln(1 + m/n), for "
    "internet use and fixed lines; coverage is reported and is not read by adoption",
    evidence=("C01", "C02", "C04", "C05", "C12"),
    measures=ids(
        "A070 A076 A077 A079 C001 C012 C023 C032 C064 C065 C066 C070 C080 C081 C179 C181 C219 "
        "C253 C301 J004 J006 K001 U041"
    ),
    main_kpi="internet_users",
    options=(
        Option(
            "rural_share",
            "number",
            "part of the network laid in rural areas",
            share("share of spending"),
            0.5,
            path="rural_share",
            standing=True,
        ),
        Option(
            "private_leverage",
            "number",
            "private money drawn in by public money",
            Scale("USD per public USD", 0.0, 3.0, 0.0, 2.0),
            0.0,
            path="private_leverage",
            standing=True,
        ),
    ),
)

LINKS = Lever(
    name="international_links",
    code="L02",
    title="Cables and terrestrial links between economies",
    scale=Scale("Tbit/s", 0.0, 500.0, 0.01, 400.0, 1000.0),
    lag_years=2,
    mechanism="a project is built and paid for from the first year to the last, which is two years "
    "later if not stated, by those at its ends who are named in who (or else by all who are "
    "named); from the year in which it is ready its capacity adds to what the economies at its "
    "ends can use abroad, and it is one more route that can be cut",
    evidence=("C07", "C08", "C09", "G02"),
    measures=ids("J005 K003 K004 K005 K035"),
    main_kpi="international_capacity",
    form="project",
    needs_one=("link", "system"),
    options=(
        Option("link", "pair", "the two economies or outside nodes that are joined"),
        Option("system", "names", "a planned cable system of the region", among="planned_systems"),
        Option(
            "km",
            "number",
            "length of the route; of a planned system it is known",
            Scale("km", 1.0, 50_000.0, 10.0, 40_000.0),
            with_="link",
        ),
    ),
)

COMPETITION = Lever(
    name="telecom_competition_and_spectrum",
    code="L03",
    title="Competition, licences and spectrum",
    scale=index(),
    lag_years=0,
    mechanism="reform of licences, wholesale access, gateways and spectrum lowers the price of "
    "broadband, as far as institutions deliver, and a lower price raises the ceiling and the "
    "speed of adoption",
    evidence=("B08", "H08"),
    measures=ids("C007 C008 C019 C031 C037 C067 C068 C201 C203 C240 C243 C250"),
    main_kpi="broadband_price",
)

SHARING = Lever(
    name="infrastructure_sharing",
    code="L04",
    title="Sharing of infrastructure and laying it with roads, power and pipes",
    scale=Scale("share of new route-km", 0.0, 1.0, 0.02, 1.0),
    lag_years=0,
    mechanism="lowers the cost of new network, as far as institutions deliver: programmes lay "
    "more for the same money; operators lay part of what they save, counted in m, and pass "
    "part on in lower prices, which raise the ceiling and the speed of adoption",
    evidence=("C08", "C13", "C15"),
    measures=("C069", "C254"),
    main_kpi="internet_users",
)

DATA_CENTRES = Lever(
    name="cloud_and_data_centres",
    code="L05",
    title="Cloud and data centres",
    scale=Scale("MW a year", 0.0, 5000.0, 0.5, 1000.0),
    lag_years=1,
    mechanism="adds capacity at home, of which the public pays a part and private investors the "
    "rest; services come from nearer by and firms take them up earlier",
    evidence=("H01",),
    measures=ids("C057 C077 K006 K013"),
    main_kpi="data_centres",
)

NETWORKS = (BROADBAND, LINKS, COMPETITION, SHARING, DATA_CENTRES)
