"""Institutions: e-government, cybersecurity, digital finance, innovation, trust."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import Array, quantity


@dataclass(kw_only=True)
class Institutions:
    """Part of ``State``. Each ``reference`` is the same economy without programmes and shocks."""

    egovernment: Array = quantity(
        "member economy", "index 0-1", 0, 1, "E-government on the scale of the EGDI", "UN DESA EGDI"
    )
    egovernment_reference: Array = quantity(
        "member economy", "index 0-1", 0, 1, "E-government without programmes"
    )
    e_participation: Array = quantity(
        "member economy", "index 0-1", 0, 1, "People's say online, scale of the EPI", "UN DESA EPI"
    )
    cybersecurity: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Commitment, Global Cybersecurity Index / 100", "ITU"
    )
    cybersecurity_reference: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Cybersecurity without programmes"
    )
    digital_finance: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults with an account", "World Bank Findex"
    )
    digital_finance_reference: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults with an account without programmes"
    )
    payment_links: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Part of partners reached by linked payment systems"
    )
    innovation: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Innovation, an estimate on the scale of the GII / 100"
    )
    innovation_reference: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Innovation without programmes"
    )
    startup_investment: Array = quantity(
        "member economy", "share of GDP a year", 0, 1, "Money for start-ups, private and of funds"
    )
    trust: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Trust in doing things online, an estimate"
    )
    trust_reference: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Trust to which people come back"
    )
    cyber_incidents: Array = quantity(
        "member economy", "a year", 0, 1000, "Major cyber incidents of the year"
    )
    cyber_cost: Array = quantity(
        "member economy", "share of GDP", 0, 1, "Loss by cyber incidents and crime in the year"
    )
    cyber_loss: Array = quantity(
        "member economy", "log points", -1, 1, "Cyber loss above what the trend holds, negative"
    )
    egovernment_returns: Array = quantity(
        "member economy", "log points", -1, 1, "Returns to e-government above the reference path"
    )
    finance_returns: Array = quantity(
        "member economy", "log points", -1, 1, "Returns to digital finance above the reference path"
    )
    innovation_returns: Array = quantity(
        "member economy", "log points", -1, 1, "Returns to innovation above the reference path"
    )
