"""Who lives there: numbers, ages, towns, schooling, skills."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class People:
    """Part of ``State``."""

    population: Array = quantity(
        "economy", "persons", 0, INF, "Total population", "UN DESA via World Bank SP.POP.TOTL"
    )
    working_age_share: Array = quantity(
        "economy", "share of population", 0, 1, "People of 15 to 64 years", "UN DESA WPP"
    )
    child_share: Array = quantity(
        "economy", "share of population", 0, 1, "People under 15 years", "UN DESA WPP"
    )
    urban_share: Array = quantity(
        "economy", "share of population", 0, 1, "People in towns", "World Bank SP.URB.TOTL.IN.ZS"
    )
    years_of_schooling: Array = quantity(
        "economy", "years", 0, 25, "Mean years of schooling of adults", "UNDP HDR"
    )
    basic_skills: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults with basic digital skills", "SDG 4.4.1"
    )
    trained_skills: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults whose skills a programme gave them"
    )
    talent: Array = quantity(
        "member economy", "share of labour force", 0, 1, "Workers with advanced ICT skills"
    )
    programme_talent: Array = quantity(
        "member economy",
        "share of labour force",
        -1,
        1,
        "Talent that programmes added, shocks took",
    )
