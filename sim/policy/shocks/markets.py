"""Shocks of markets, technology and work: blockades, tariffs, taxes, capital, talent, AI."""

from __future__ import annotations

from sim.model.priors import JUDGEMENT
from sim.policy.shocks.kinds import Effect, Event, Shock, hits
from sim.policy.shocks.nature import ASEAN, CAREC, CHINA, UNIDO

SHOCKS = (
    Shock("S04", "technology_blockade", "Technology blockade", ("E013", "E014")),
    Shock("S05", "tariff_escalation", "Escalation of tariffs", ("E015",)),
    Shock("S06", "digital_tax_or_localisation", "Digital taxes, localisation of data, barriers",
          ("E017", "E018")),
    Shock("S07", "venture_capital_retreat", "Retreat of venture capital", ("E020",)),
    Shock("S08", "talent_outflow", "Outflow of talent", ("E023",)),
    Shock("S11", "winner_take_all", "Winner takes all", ("E031", "E044")),
    Shock("S13", "open_source_ai_leap", "Leap of open-source AI (a gain)", ("E039",)),
    Shock("S14", "job_displacement", "Jobs lost to automation and AI", ("E040", "E041")),
    Shock("S15", "ecommerce_saturation", "Saturation of electronic commerce", ("E022",)),
)  # fmt: skip

EVENTS = (
    Event(
        "E013", "entity_list_and_export_control", "S04",
        "Lists and export controls keep components and technology away; partners suffer too",
        f"{CHINA}, §3 (5)",
        (
            Effect("technology_access", 0.15, JUDGEMENT),
            Effect("goods_trade_cost", 0.01, JUDGEMENT),
        ),
        who=hits(china=1.0, all=0.3), months=60.0, fade=3,
    ),
    Event(
        "E014", "semiconductor_alliance", "S04",
        "Allies coordinate controls on chips, and supply chains part ways",
        f"{CHINA}, introduction, §2 (2)",
        (Effect("technology_access", 0.1, JUDGEMENT),),
        who=hits(china=1.0, all=0.5), months=60.0, fade=3,
    ),
    Event(
        "E015", "tariffs_escalate", "S05",
        "A large buyer raises tariffs, and others answer in kind",
        f"{CHINA}, §2 (2), §3 (5), footnotes",
        (
            Effect(
                "goods_trade_cost", 0.03,
                "document: 25 % on some goods; 10-20 points on about a sixth of exports, judgement",
            ),
        ),
        months=48.0,
    ),
    Event(
        "E016", "ai_leadership_push", "S04",
        "A leading power deregulates and pours money into AI, and draws talent and capital",
        f"{CHINA}, §3 (5)",
        (
            Effect("technology_access", 0.03, JUDGEMENT),
            Effect("talent_pull", 0.03, JUDGEMENT),
            Effect("investment_retreat", 0.05, JUDGEMENT),
        ),
        months=48.0,
    ),
    Event(
        "E017", "digital_services_tax_introduced", "S06",
        "A tax on digital services from abroad: 6 % in Malaysia, 10 % in Indonesia",
        f"{CHINA}, §3 (1)",
        (
            Effect(
                "services_trade_cost", 0.05,
                "document: 10 %; half of it, since only imports are taxed",
            ),
        ),
        who=hits(IDN=1.0, MYS=0.6), months=None,
    ),
    Event(
        "E018", "data_localisation_tightens", "S06",
        "Laws ask that data stay at home, and flows across borders are cut back",
        f"{CHINA}, §3 (1), §3 (4)",
        (Effect("rules_fall", 0.15, JUDGEMENT),),
        who=hits(IDN=1.0, VNM=1.0, BRN=1.0),
    ),
    Event(
        "E019", "non_tariff_barriers", "S06",
        "Open and hidden barriers make the market dear for digital firms",
        f"{CHINA}, §3 (1)",
        (
            Effect("services_trade_cost", 0.02, JUDGEMENT),
            Effect("goods_trade_cost", 0.005, JUDGEMENT),
        ),
        who=hits(asean=1.0), months=None,
    ),
    Event(
        "E034", "entry_barriers", "S06",
        "It is hard to enter the region's markets, and its firms hardly reach others",
        f"{CAREC}, Annex E",
        (
            Effect("services_trade_cost", 0.03, JUDGEMENT),
            Effect("goods_trade_cost", 0.01, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E020", "venture_capital_withdraws", "S07",
        "Venture capital from abroad withdraws, and unicorns become fewer",
        f"{CHINA}, §3 (3)",
        (Effect("investment_retreat", 0.33, "document: unicorns from 46 (2021) to 31 (2024)"),),
        who=hits(asean=1.0), months=36.0, fade=2,
    ),
    Event(
        "E021", "cautious_investors", "S07",
        "Weak networks, talent, law and ways out make investors careful",
        f"{CHINA}, §3 (3)",
        (Effect("investment_retreat", 0.1, JUDGEMENT),),
        who=hits(asean=1.0), months=None,
    ),
    Event(
        "E022", "ecommerce_slows", "S15",
        "Electronic commerce across borders grows more slowly; platforms at home fight for it",
        f"{CHINA}, §4 (2)",
        (Effect("ecommerce_saturation", 0.3, JUDGEMENT),),
        who=hits(asean=1.0, china=1.0), months=60.0,
    ),
    Event(
        "E023", "brain_drain", "S08",
        "Those with skills leave for better pay abroad, more so if the strategy fails",
        f"{CAREC}, §5.4, §8",
        (Effect("talent_pull", 0.2, JUDGEMENT),),
        months=60.0,
    ),
    Event(
        "E024", "labour_migration", "S08",
        "Millions work in a neighbouring large economy, many without papers",
        f"{CAREC}, Annex H, pillar 4",
        (Effect("talent_pull", 0.1, JUDGEMENT),),
        who=hits(TJK=1.0, UZB=1.0, KGZ=1.0, KAZ=1.0), months=None,
    ),
    Event(
        "E031", "global_platforms_take_all", "S11",
        "Global platforms take the market, and firms at home are left with little",
        f"{CAREC}, §8",
        (
            Effect("technology_access", 0.08, JUDGEMENT),
            Effect("ecommerce_saturation", 0.1, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E044", "technology_concentration", "S11",
        "Ten economies hold nine in ten patents and seven in ten exports of advanced production",
        f"{UNIDO}, para. 4",
        (Effect("technology_access", 0.05, JUDGEMENT),),
        months=None,
    ),
    Event(
        "E039", "open_source_ai", "S13",
        "A strong model of artificial intelligence is given away: cheaper AI for everybody",
        f"{CHINA}, §1 (3)",
        (Effect("technology_access", -0.1, JUDGEMENT),),
        months=48.0,
    ),
    Event(
        "E040", "automation_in_industry", "S14",
        "Machines take the work of labour-intensive sectors",
        f"{ASEAN}, §3.3 (2)",
        (
            Effect("job_displacement", 0.03, JUDGEMENT),
            Effect("social_divide", 0.05, JUDGEMENT),
        ),
        who=hits(asean=1.0), months=60.0,
    ),
    Event(
        "E041", "ai_displaces_jobs", "S14",
        "Artificial intelligence displaces jobs, and people need to be trained anew",
        f"{CAREC}, §5.2.4",
        (Effect("job_displacement", 0.03, JUDGEMENT),),
        who=hits(carec=1.0), months=60.0,
    ),
    Event(
        "E049", "frictions_between_large_markets", "S04",
        "Large markets quarrel over digital rules, and supply chains become unsteady",
        f"{CHINA}, §3 (5)",
        (
            Effect("services_trade_cost", 0.02, JUDGEMENT),
            Effect("goods_trade_cost", 0.01, JUDGEMENT),
        ),
        months=36.0,
    ),
)  # fmt: skip
