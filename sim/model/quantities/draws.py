"""A year's luck: standard normals, and uniforms for rare events."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(slots=True, kw_only=True)
class Draws:
    """Random numbers of one year: standard normals, and uniforms for rare events.

    Their shape never depends on the scenario, so that scenarios share their luck.
    """

    adoption: Array = quantity("member economy", "standard normal", -INF, INF, "Adoption speed")
    broadband: Array = quantity("member economy", "standard normal", -INF, INF, "Roll-out speed")
    lines: Array = quantity("member economy", "standard normal", -INF, INF, "Broadband lines")
    growth: Array = quantity("member economy", "standard normal", -INF, INF, "Own growth")
    region_growth: Array = quantity("member", "standard normal", -INF, INF, "Regional growth")
    crisis: Array = quantity("member economy", "uniform 0-1", 0, 1, "Own crisis or not")
    crisis_size: Array = quantity("member economy", "uniform 0-1", 0, 1, "Size of an own crisis")
    region_crisis: Array = quantity("member", "uniform 0-1", 0, 1, "Regional crisis or not")
    region_crisis_size: Array = quantity(
        "member economy", "uniform 0-1", 0, 1, "Size of a regional crisis in an economy"
    )
    egovernment: Array = quantity("member economy", "standard normal", -INF, INF, "E-government")
    cybersecurity: Array = quantity("member economy", "standard normal", -INF, INF, "Cybersecurity")
    finance: Array = quantity("member economy", "standard normal", -INF, INF, "Digital finance")
    incident_size: Array = quantity(
        "member economy", "standard normal", -INF, INF, "Size of cyber incidents"
    )
    incidents: Array = quantity("member economy", "uniform 0-1", 0, 1, "Cyber incidents")
    faults: Array = quantity("member system", "uniform 0-1", 0, 1, "Faults of cable systems")
    repair: Array = quantity(
        "member system", "standard normal", -INF, INF, "Time to repair a cable system"
    )
    accession: Array = quantity(
        "member economy instrument", "uniform 0-1", 0, 1, "Joining an agreement or not"
    )
