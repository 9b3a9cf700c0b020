"""Levers on rules: law, agreements, trade facilitation, barriers, standards."""

from __future__ import annotations

from sim.model.quantities import ALIGNMENT_MODES, PROVISIONS
from sim.policy.levers.kinds import Lever, Option, Scale, ids, index

LEVEL = Scale("score of the provision", 0.0, 1.0, 0.1, 1.0)
PROVISION_LEVELS = Option(
    "provisions",
    "levels",
    "level by provision, in place of value for those named",
    LEVEL,
    keys=PROVISIONS,
)
BY = Option("by", "year", "year by which the gap is to be closed (default: the year in to)")

ALIGNMENT = Lever(
    name="data_policy_alignment",
    code="L10",
    title="Alignment of data and digital-trade law",
    scale=Scale("score of each provision", 0.0, 1.0, 0.1, 1.0),
    lag_years=0,
    mechanism="plans to close the gap between each provision and the agreed level by the year "
    "agreed; institutions deliver 60-80 % of each year's step on average, so that a shortfall "
    "remains; what is higher already stays; smaller regulatory distance lowers trade costs; with "
    "an agreement named, those who are not in it are pushed to join, and who joins carries out "
    "what it asks for, faster the more it binds",
    evidence=("D16", "D17", "F01", "F03"),
    measures=ids(
        "A005 A007 A044 C002 C009 C022 C046 C115 C165 C167 C187 C202 C325 C331 K023 K025 K026 "
        "K031 K040 U012"
    ),
    main_kpi="regulatory_distance",
    form="target",
    path="alignment_target",
    pace="alignment_pace",
    options=(
        PROVISION_LEVELS,
        BY,
        Option(
            "instrument",
            "names",
            "agreements (short names) to be joined; one or a list",
            path="accession_push",
            among="instruments",
            amount="push",
        ),
        Option(
            "push",
            "number",
            "drive to join the agreements named",
            Scale("log-odds a year", 0.0, 10.0, 0.1, 5.0),
            2.0,
        ),
        Option(
            "mode",
            "choice",
            "how the agreement binds those who are in it",
            default=0.0,
            path="alignment_mode",
            keys=ALIGNMENT_MODES,
        ),
    ),
)

GOVERNANCE = Lever(
    name="data_and_ai_governance",
    code="L11",
    title="Own governance of data and of artificial intelligence",
    scale=Scale("score of each provision", 0.0, 1.0, 0.1, 1.0),
    lag_years=0,
    mechanism="an economy raises its own provisions towards its own aims, whatever the others do; "
    "better law raises trust and cuts the loss from incidents, and moves it nearer to, or further "
    "from, the law of its partners",
    evidence=("D08", "F04"),
    measures=ids(
        "A008 A009 A012 A016 A051 C056 C059 C060 C061 C062 C063 C144 C145 C146 C209 C247 J007 "
        "K029 K034 K041 K058 K059 K060 K068"
    ),
    main_kpi="provisions",
    form="target",
    path="governance_target",
    pace="governance_pace",
    options=(PROVISION_LEVELS, BY),
)

FACILITATION = Lever(
    name="trade_facilitation",
    code="L19",
    title="Paperless trade and single windows",
    scale=Scale("share of the paperless gap closed", 0.0, 1.0, 0.02, 1.0),
    lag_years=0,
    mechanism="starts from paperless_trade, the region's indicator of cross-border paperless "
    "trade in operation, and closes the planned part of its gap to 1 as far as institutions "
    "deliver, what is missing being asked for again each year; lowers transaction costs on "
    "both sides; nothing moves, and nothing is paid, where the indicator is 1",
    evidence=("D16", "D17"),
    measures=ids(
        "A014 A015 A024 A032 A075 C005 C010 C159 C160 C161 C163 C164 C175 C287 J008 K030 K032 U033"
    ),
    main_kpi="paperless_trade",
)

BARRIERS = Lever(
    name="market_barriers",
    code="L20",
    title="Tariffs, digital taxes and export controls, raised or lowered",
    scale=Scale("points of tariff on goods", -30.0, 100.0, -10.0, 10.0, 0.01),
    lag_years=0,
    mechanism="a tariff on goods from everywhere, or a tax on digital services from abroad, raises "
    "the cost of imports (below zero: lowers it), so that trade and its gains fall; control of "
    "exports of technology slows firms and innovation of those who buy it",
    evidence=("D01", "D15"),
    measures=ids("K061 K062 K063"),
    main_kpi="trade_gains",
    options=(
        Option(
            "digital_services_tax",
            "number",
            "change of the tax on digital services from abroad",
            Scale("points of tax", -30.0, 100.0, -10.0, 20.0, 0.01),
            0.0,
            path="digital_services_tax",
            moves=True,
        ),
        Option(
            "export_control",
            "number",
            "control of exports of technology",
            index(),
            0.0,
            path="export_control",
            moves=True,
        ),
    ),
)

STANDARDS = Lever(
    name="common_standards",
    code="L29",
    title="Common technical standards",
    scale=index(),
    lag_years=0,
    mechanism="standards adopted in common lower the cost of trade in digital services, and of "
    "goods a little, between economies that have both adopted them",
    evidence=("D09", "D10"),
    measures=ids(
        "A050 C047 C049 C058 C185 C206 C255 C271 J009 K049 K050 K051 K052 K053 K067 U002 U009 "
        "U016 U017 U018"
    ),
    main_kpi="digital_services_exports",
)

RULES = (ALIGNMENT, GOVERNANCE, FACILITATION, BARRIERS, STANDARDS)
