"""Levers on cooperation: the regional body and the regional fund."""

from __future__ import annotations

from sim.policy.levers.kinds import Lever, Option, Scale, ids, percent_of_gdp, share

GOVERNANCE_BODY = Lever(
    name="regional_governance",
    code="L26",
    title="A regional body that reviews, upgrades and helps to deliver",
    scale=share("quality 0-1", 0.05),
    lag_years=2,
    mechanism="each review corrects a part of what institutions fail to deliver, more where the "
    "body works well; each upgrade moves targets towards the region's leaders, which gap-closing "
    "budgets and the regional fund aim at; a body without quality costs and moves nothing",
    evidence=("H08",),
    measures=ids(
        "A017 A026 A081 A084 A085 A086 A087 A088 A089 C015 C016 C045 C194 C195 C196 C205 C207 "
        "C208 C212 C215 C220 C221 C222 C223 C224 C225 C226 C227 C228 C230 C231 C232 C233 C234 "
        "C235 C237 C239 C241 C242 C280 C312 C314 C315 C316 C318 C319 C330 C335 C338 C339 J016 "
        "K021 K022 K024 K027 K069 U005"
    ),
    main_kpi="delivery_quality",
    options=(
        Option(
            "review_years",
            "number",
            "years between reviews of plans; 0: none",
            Scale("years", 0.0, 20.0, 1.0, 10.0),
            2.0,
            path="review_years",
            common=True,
        ),
        Option(
            "upgrade_years",
            "number",
            "years between upgrades of aims; 0: none",
            Scale("years", 0.0, 20.0, 1.0, 15.0),
            5.0,
            path="upgrade_years",
            common=True,
        ),
    ),
)

FUND = Lever(
    name="regional_fund",
    code="L27",
    title="Contribution to a regional fund",
    scale=percent_of_gdp(1.0, 0.2),
    lag_years=0,
    mechanism="what members pay in, with private money beside it, pays what plans ask of the fund; "
    "the rest becomes grants over the years, by need or to anchor states, which are spent where "
    "the recipient lags its targets most",
    evidence=("C01", "C05"),
    measures=ids(
        "A030 A082 C021 C024 C030 C033 C034 C035 C036 C197 C199 C200 C213 C214 C236 C246 C251 "
        "C269 C277 C310 C323 C336 C337 K002 K028 K036 K054 K055 K064 K065 K066 U008 U011 U031 "
        "U039 U044"
    ),
    main_kpi="gap_to_targets",
    options=(
        Option(
            "private_ratio",
            "number",
            "private money that comes with the fund's",
            Scale("USD per public USD", 0.0, 3.0, 0.0, 2.0),
            0.0,
            path="fund_private_ratio",
            common=True,
        ),
        Option(
            "anchor",
            "number",
            "part of the fund for anchor states; the rest is spread by need",
            share("share"),
            0.0,
            path="fund_anchor",
            common=True,
        ),
    ),
)

COOPERATION = (GOVERNANCE_BODY, FUND)
