"""Levers on people: platforms, skills, talent, inclusion, awareness."""

from __future__ import annotations

from sim.model.quantities import PLATFORMS
from sim.policy.levers.kinds import Lever, Option, Scale, ids, index, share

REGIONAL_PLATFORMS = Lever(
    name="regional_platforms",
    code="L06",
    title="Regional platforms: skills, small firms, innovation, procurement, farming, tourism",
    scale=share("participation 0-1", 0.05),
    lag_years=0,
    mechanism="those who take part learn from each other: a platform raises what it is about "
    "(skills, small firms, innovation, procurement, farming, tourism) in proportion to the part "
    "of the region that takes part",
    evidence=("E05",),
    measures=ids(
        "A019 A033 A041 C006 C013 C041 C073 C076 C078 C079 C086 C109 C113 C114 C117 C130 C131 "
        "C162 C168 C169 C170 C171 C172 C182 C190 C204 C249 C252 C256 C257 C288 C305 U013"
    ),
    main_kpi="msme_adoption",
    form="levels",
    options=(
        Option(
            "platforms",
            "levels",
            "the platforms that value is for (a list), or participation by platform (a mapping); "
            "all if left out",
            share("participation 0-1", 0.05),
            keys=PLATFORMS,
        ),
    ),
)

BASIC_SKILLS = Lever(
    name="basic_skills_programme",
    code="L07",
    title="Basic digital skills for adults",
    scale=Scale("% of adults trained a year", 0.0, 20.0, 0.05, 5.0, 0.01),
    lag_years=0,
    mechanism="adults who complete a course gain basic skills, which raise internet use and "
    "what it earns",
    evidence=("E04", "E05"),
    measures=ids(
        "A003 A029 A036 A037 A038 A040 A062 A064 A065 C003 C039 C082 C087 C088 C093 C094 C258 "
        "C265 C278 C300 C321 J014 U042"
    ),
    main_kpi="basic_skills",
)

ADVANCED_SKILLS = Lever(
    name="advanced_skills_programme",
    code="L08",
    title="Graduates with advanced digital skills",
    scale=Scale("graduates per 1,000 workers a year", 0.0, 20.0, 0.05, 3.0, 0.001),
    lag_years=0,
    mechanism="adds to the workers with advanced ICT skills, who raise productivity",
    evidence=("E04",),
    measures=ids(
        "A039 A073 A080 C011 C083 C084 C085 C089 C090 C091 C092 C095 C098 C099 C116 C191 C259 "
        "C260 C262 C263 C264 J013 K042 K043 U037"
    ),
    main_kpi="talent",
)

TALENT = Lever(
    name="talent_retention",
    code="L09",
    title="Talent that stays or comes back",
    scale=index(),
    lag_years=0,
    mechanism="incentives and mutual recognition lower the part of advanced ICT workers who leave "
    "for better pay abroad, and raise the part who come back",
    evidence=("E08",),
    measures=ids("C004 C096 C097 C261"),
    main_kpi="talent",
)

INCLUSION = Lever(
    name="inclusion_targeting",
    code="L23",
    title="Spending directed at rural people, women and the poorest",
    scale=share("share of spending", 0.05),
    lag_years=0,
    mechanism="vouchers for device and service raise the part of rural people and of the poorest "
    "that can go online; costs the vouchers, and a surcharge on the broadband, courses and "
    "campaigns that are directed at those who are behind",
    evidence=("B16", "B17"),
    measures=ids(
        "A042 A066 A067 A068 A069 A095 A096 C038 C042 C043 C297 C298 C302 C303 C309 K047 U010 U019"
    ),
    main_kpi="income_gap",
)

AWARENESS = Lever(
    name="awareness_and_trust",
    code="L28",
    title="Awareness and trust",
    scale=index(),
    lag_years=0,
    mechanism="campaigns on benefits, risks and rights raise trust, and with it the use of "
    "digital finance, public services and electronic commerce",
    evidence=("B11", "B18"),
    measures=ids(
        "C102 C110 C148 C166 C210 C216 C217 C218 C229 C304 C306 C326 C332 C334 J001 K056 U015"
    ),
    main_kpi="trust",
)

PEOPLE = (REGIONAL_PLATFORMS, BASIC_SKILLS, ADVANCED_SKILLS, TALENT, INCLUSION, AWARENESS)
