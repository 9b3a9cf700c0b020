"""Shocks of security, trust and politics: attacks, fraud, conflict, rivals, money, rules, trust."""

from __future__ import annotations

from sim.model.priors import JUDGEMENT
from sim.policy.shocks.kinds import Effect, Event, Shock, hits
from sim.policy.shocks.nature import CAREC, CHINA

SHOCKS = (
    Shock("S03", "cyber_attack", "Cyber-attack, up to a cascade", ("E008", "E010")),
    Shock("S09", "telecom_fraud", "Telecom fraud and network crime", ("E025", "E027")),
    Shock("S10", "political_conflict", "Political conflict, breakdown of cooperation", ("E028",)),
    Shock("S12", "rival_programmes", "Rival programmes from outside, hedging", ("E038",)),
    Shock("S17", "funding_gap", "Money or commitment that does not come", ("E029", "E032")),
    Shock("S18", "regulatory_lag", "Rules that lag, gateways that are guarded", ("E033", "E050")),
    Shock("S19", "trust_loss", "Loss of trust, misuse of AI", ("E012", "E036")),
)

EVENTS = (
    Event(
        "E008", "attack_on_critical_services", "S03",
        "Critical services that have become digital are attacked; weak defences make it worse",
        f"{CAREC}, §5.3.2",
        (
            Effect("cyber_attacks", 0.5, JUDGEMENT),
            Effect("cyber_severity", 0.5, JUDGEMENT),
        ),
    ),
    Event(
        "E009", "growing_cyber_crime", "S03",
        "Attacks and crime grow without end where resilience is low",
        f"{CAREC}, Annex E",
        (Effect("cyber_attacks", 0.8, "evidence G06: three years at 21 % a year above defences"),),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E010", "seven_threats", "S03",
        "Fraud by mail, phishing, ransomware, intercepted data, crimeware, scams, cryptojacking",
        f"{CHINA}, §3 (4)",
        (
            Effect("cyber_attacks", 0.3, JUDGEMENT),
            Effect("services_trade_cost", 0.01, JUDGEMENT),
        ),
        who=hits(asean=1.0), months=36.0,
    ),
    Event(
        "E011", "cyber_cascade", "S03",
        "One incident runs through all who share a key technology",
        f"{CHINA}, §3 (4), footnote",
        (
            Effect("cyber_attacks", 1.0, JUDGEMENT),
            Effect("cyber_severity", 1.0, JUDGEMENT),
            Effect("trust_loss", 0.03, JUDGEMENT),
        ),
    ),
    Event(
        "E012", "deepfakes_and_disinformation", "S19",
        "Artificial intelligence is misused for disinformation and forged images and voices",
        f"{CHINA}, §3 (4)",
        (Effect("trust_loss", 0.02, JUDGEMENT),),
        who=hits(asean=1.0), months=24.0,
    ),
    Event(
        "E025", "telecom_fraud_scandal", "S09",
        "A case of fraud and trafficking harms the image of a place and empties its hotels",
        f"{CHINA}, §4 (4)",
        (
            Effect("trust_loss", 0.03, JUDGEMENT),
            Effect("cyber_attacks", 0.3, JUDGEMENT),
            Effect("output_loss", 0.002, JUDGEMENT),
        ),
        who=hits(THA=1.0, MMR=1.0, asean=0.3), fade=1,
    ),
    Event(
        "E026", "fraud_bases_cut_off", "S09",
        "Power and network of the bases of fraud are cut: a counter-measure, which helps",
        f"{CHINA}, §4 (4)",
        (
            Effect("cyber_attacks", -0.2, JUDGEMENT),
            Effect("trust_loss", -0.01, JUDGEMENT),
        ),
        who=hits(MMR=1.0, THA=0.5),
    ),
    Event(
        "E027", "crime_follows_connection", "S09",
        "The better networks are joined, the more crime and loss of privacy crosses borders",
        f"{CHINA}, §4 (4)",
        (
            Effect("cyber_attacks", 0.2, JUDGEMENT),
            Effect("trust_loss", 0.003, JUDGEMENT),
        ),
        who=hits(asean=1.0, china=1.0), months=None,
    ),
    Event(
        "E028", "political_conflict_in_the_region", "S10",
        "Conflicts and crises take away the will to cooperate, and trust",
        f"{CAREC}, Annex E",
        (
            Effect("cooperation_loss", 0.5, JUDGEMENT),
            Effect("trust_loss", 0.02, JUDGEMENT),
            Effect("goods_trade_cost", 0.03, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=36.0, fade=2,
    ),
    Event(
        "E029", "elites_do_not_commit", "S17",
        "National and regional elites do not stand behind projects, which stay on paper",
        f"{CAREC}, Annex E",
        (Effect("delivery_loss", 0.3, JUDGEMENT),),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E030", "strategy_not_carried_out", "S17",
        "The strategy fails: talent leaves, outside powers and platforms take the digital space",
        f"{CAREC}, §8",
        (
            Effect("delivery_loss", 0.6, JUDGEMENT),
            Effect("cooperation_loss", 0.3, JUDGEMENT),
            Effect("talent_pull", 0.05, JUDGEMENT),
            Effect("technology_access", 0.05, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E032", "money_falls_short", "S17",
        "Public and private money for the plan does not come in full",
        f"{CAREC}, §5.1.3, Annex E",
        (Effect("funding_gap", 0.3, JUDGEMENT),),
        months=None,
    ),
    Event(
        "E033", "rules_behind_technology", "S18",
        "Law does not keep up with technology, and the gap widens divides",
        f"{CAREC}, §5.5.1, Annex E",
        (Effect("rules_lag", 0.3, JUDGEMENT),),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E036", "low_trust", "S19",
        "Trust in digital technology stays low, and people hold back",
        f"{CAREC}, Annex E",
        (
            Effect("trust_loss", 0.005, JUDGEMENT),
            Effect("adoption_push", -0.03, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E038", "rival_programmes_outside", "S12",
        "Programmes of outside powers draw some states away and raise the price of cooperation; "
        "the document leaves open whether that helps or harms",
        f"{CHINA}, §3 (5)",
        (Effect("cooperation_loss", 0.15, JUDGEMENT),),
        who=hits(asean=1.0), months=60.0,
    ),
    Event(
        "E048", "slow_global_rules", "S12",
        "Talks on global rules stall, and each region makes its own",
        f"{CHINA}, §2 (3)",
        (
            Effect("rules_lag", 0.1, JUDGEMENT),
            Effect("services_trade_cost", 0.005, JUDGEMENT),
        ),
        months=None,
    ),
    Event(
        "E050", "gateways_guarded", "S18",
        "Incumbents guard international gateways: prices rise, new services do not come",
        f"{CAREC}, Annex E",
        (
            Effect("price_push", 0.1, JUDGEMENT),
            Effect("technology_access", 0.02, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
)  # fmt: skip
