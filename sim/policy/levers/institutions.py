"""Levers on institutions: cybersecurity, resilience, e-government, innovation, finance, peers."""

from __future__ import annotations

from sim.policy.levers.kinds import Lever, Option, Scale, ids, index, percent_of_gdp, share

CYBERSECURITY = Lever(
    name="cybersecurity_programme",
    code="L12",
    title="Cybersecurity, joint response and action against fraud",
    scale=percent_of_gdp(1.0, 0.2),
    lag_years=0,
    mechanism="money raises cybersecurity with diminishing returns, and incidents become fewer; "
    "a regional response team cuts the size of incidents in those who take part and teaches them, "
    "as far as others take part too; joint action against fraud saves everyday losses and raises "
    "trust",
    evidence=("G05", "G06", "G07"),
    measures=ids(
        "A010 A011 A013 A052 A093 C051 C052 C053 C054 C055 C074 C133 C134 C135 C136 C137 C138 "
        "C139 C140 C141 C142 C143 C245 C324 J012 K044 K045 K046 K048"
    ),
    main_kpi="cybersecurity",
    options=(
        Option(
            "regional_cert",
            "number",
            "part taken in a regional response team and its drills",
            index(),
            0.0,
            path="regional_cert",
            moves=True,
        ),
        Option(
            "anti_fraud",
            "number",
            "joint action against telecom fraud",
            index(),
            0.0,
            path="anti_fraud",
            moves=True,
        ),
    ),
)

RESILIENCE = Lever(
    name="resilience_investment",
    code="L13",
    title="Second routes and faster repair",
    scale=share("part of routes that is doubled", 0.05),
    lag_years=0,
    mechanism="a second route or reserved capacity takes over part of what a cut cable carried, "
    "and ships and permits that stand by shorten repairs",
    evidence=("G02", "G03", "G04"),
    measures=ids("C072 C075 C193 C328 U023"),
    main_kpi="single_cut_resilience",
    options=(
        Option(
            "repair_days",
            "number",
            "days by which repairs are shortened",
            Scale("days", 0.0, 30.0, 0.5, 14.0),
            0.0,
            path="repair_days_saved",
            moves=True,
        ),
    ),
)

EGOVERNMENT = Lever(
    name="egovernment_and_open_data",
    code="L14",
    title="Electronic government and open data",
    scale=percent_of_gdp(2.0, 0.5),
    lag_years=0,
    mechanism="money raises e-government with diminishing returns, as far as institutions deliver; "
    "services that are used online save money over five years, and firms are readier",
    evidence=("H06", "H07"),
    measures=ids(
        "A001 A002 A049 C147 C150 C151 C173 C244 C248 C268 C289 C290 C291 C292 C293 C294 C295 C296"
    ),
    main_kpi="egovernment",
)

INNOVATION = Lever(
    name="innovation_fund",
    code="L15",
    title="Innovation: incubators, sandboxes, research",
    scale=percent_of_gdp(2.0, 0.5),
    lag_years=0,
    mechanism="money raises innovation with diminishing returns, as far as institutions deliver, "
    "and with it productivity and the money for start-ups",
    evidence=("H11",),
    measures=ids(
        "A006 A020 A055 C025 C029 C100 C103 C104 C105 C106 C107 C108 C112 C125 C126 C127 C128 "
        "C266 C267 C270 C273 C275 C276 C308 C311 C317 C322 K012 K037 K038 K039 U014 U024 U027 U040"
    ),
    main_kpi="innovation",
)

FINANCE = Lever(
    name="digital_finance_interoperability",
    code="L18",
    title="Digital payments that work together, also across borders",
    scale=index(),
    lag_years=0,
    mechanism="payments that reach everybody raise the part of adults who use digital accounts, "
    "where the law on identity and payments and trust allow it, and lower the cost of trade with "
    "those who take part too",
    evidence=("H04", "H05"),
    measures=ids("A054 A057 C048 C152 C153 C154 C155 C156 C157 C158 C279 K009 K010 K011"),
    main_kpi="digital_finance",
)

BEST_PRACTICE = Lever(
    name="best_practice_sharing",
    code="L25",
    title="Sharing of best practice from leaders to followers",
    scale=share("intensity 0-1", 0.05),
    lag_years=0,
    mechanism="widens from whom, and speeds up how fast, an economy learns in e-government, "
    "cybersecurity, finance and innovation; who leads gains nothing from it",
    evidence=("H08",),
    measures=ids(
        "A004 A023 A035 A083 C017 C018 C040 C050 C101 C132 C149 C183 C198 C211 C238 C307 C313 "
        "C320 C333 J002 J003 J011 K033 U001 U004 U007 U035 U036 U038 U043 U046"
    ),
    main_kpi="egovernment",
)

INSTITUTIONS = (CYBERSECURITY, RESILIENCE, EGOVERNMENT, INNOVATION, FINANCE, BEST_PRACTICE)
