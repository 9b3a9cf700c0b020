"""Cable systems of a region: what joins whom, how large, since when; slots for scenarios."""

import numpy as np
import pytest

from sim.region import Region
from sim.region.cables import (
    HAZARDS,
    LAND_CAPACITY,
    OUTSIDE,
    PROJECT_SLOTS,
    Project,
    cables,
    distance_km,
)


@pytest.fixture(scope="module", params=["asean", "carec", "asean+carec"])
def region(request):
    return Region.load(request.param)


@pytest.fixture(scope="module")
def both():
    return Region.load("asean+carec")


def named(region, name):
    return next(system for system in cables(region).systems if system.name == name)


def test_every_system_joins_two_nodes_or_more_and_slots_are_blank(region):
    for system in cables(region).systems:
        if system.status == "project":
            assert not system.links
        else:
            assert len(system.ends) >= 2
            assert set(system.ends) <= {*region.economies, OUTSIDE}


def test_names_are_unique_and_slots_come_last(region):
    names = cables(region).names
    assert len(set(names)) == len(names) == len(region.systems)
    assert names[-PROJECT_SLOTS:] == tuple(f"project_{k + 1}" for k in range(PROJECT_SLOTS))
    assert cables(region).slot(0) == len(names) - PROJECT_SLOTS


def test_each_landing_of_a_submarine_system_has_its_capacity_once(region):
    for system in cables(region).systems:
        if system.submarine and system.links:
            for code in set(system.ends) - {OUTSIDE}:
                shares = sum(share for a, b, share in system.links if code in (a, b))
                assert shares == pytest.approx(1.0)


def test_landings_that_the_region_does_not_have_are_outside(both):
    # PEACE: twelve landings, of which the table lists Pakistan and Singapore.
    links = {frozenset((a, b)): share for a, b, share in named(both, "PEACE Cable").links}
    assert links[frozenset(("PAK", "SGP"))] == pytest.approx(1 / 11)
    assert links[frozenset(("PAK", OUTSIDE))] == pytest.approx(10 / 11)
    # For CAREC alone Singapore is one of those outside.
    links = named(Region.load("carec"), "PEACE Cable").links
    assert links == (("PAK", OUTSIDE, pytest.approx(1.0)),)


def test_published_design_capacities_are_kept_and_others_meet_them_within_a_factor_of_three(both):
    rows = [row for row in both.fibre_rows if row["kind"] == "submarine" and row["capacity_tbps"]]
    published = {row["system"]: 1000.0 * float(row["capacity_tbps"]) for row in rows}
    for name, capacity in published.items():
        assert named(both, name).capacity == capacity
    from sim.region.cables import _capacity

    blank = {"confidence": "high"}
    compared = 0
    for name, capacity in published.items():
        system = named(both, name)
        if not name.startswith("Trans-Caspian"):  # one project of 400, one of 2 Tbit/s
            rule = _capacity(True, system.ready_year, system.landings, blank, 0.0)
            assert 1 / 3 < rule / capacity < 3.1
            compared += 1
    assert compared >= 7


def test_opening_capacities_of_old_land_links_do_not_count(both):
    link = named(both, "Phnom Penh-Ho Chi Minh City super highway (Telecom Cambodia-VTI)")
    assert link.capacity == LAND_CAPACITY
    assert named(both, "VSTN Da Nang-Singapore land cable (VNPT)").capacity == 4000.0


def test_what_is_under_construction_opens_in_its_year_and_what_is_planned_does_not(both):
    caspian = named(both, "Trans-Caspian Fiber Optic (Sumgayit/Siyazan-Aktau)")
    assert (caspian.status, caspian.ready_year) == ("built", 2026)
    assert "SeaMeWe-6" in both.planned_systems
    assert caspian.name not in both.planned_systems


def test_hazards_are_those_of_the_table_and_moderate_elsewhere(both):
    assert both.hazards["TKM", "terrestrial"] == "extreme"
    crossing = named(both, "Turkmenabat-Bukhara/Alat")  # Turkmenistan and Uzbekistan
    assert crossing.hazard == HAZARDS.index("extreme")
    assert all(0 <= system.hazard <= 3 for system in cables(both).systems)


def test_candidates_are_land_routes_between_neighbours(both):
    found = [s for s in cables(both).systems if s.status == "candidate"]
    assert found
    islands = {code for code, row in both.places.items() if row["island"] == "1"}
    landed = {
        frozenset((row["a"], row["b"])) for row in both.fibre_rows if row["kind"] == "terrestrial"
    }
    for system in found:
        a, b = system.ends
        assert not system.submarine
        if frozenset((a, b)) not in landed:
            assert not {a, b} & islands
            assert distance_km(both, a, b) <= 700.0


def test_distance_is_that_of_the_great_circle(both):
    assert distance_km(both, "SGP", "MYS") == pytest.approx(316, abs=15)
    assert distance_km(both, "PHL", "KAZ") == distance_km(both, "KAZ", "PHL")
    assert distance_km(both, "VNM", "VNM") == 0.0


def test_projects_fill_slots_and_leave_the_number_of_systems(both):
    link = Project(name="a", ends=("TLS", "IDN"), length_km=600.0, submarine=True)
    abroad = Project(name="b", ends=("GEO", "TUR"), length_km=900.0)
    found = cables(both, (link, abroad))
    assert found.names == cables(both).names
    one, other = found.systems[found.slot(0)], found.systems[found.slot(1)]
    assert (one.ends, one.length_km, one.submarine) == (("IDN", "TLS"), 600.0, True)
    assert other.ends == ("GEO", OUTSIDE)
    assert [share for *_, share in (*one.links, *other.links)] == [1.0, 1.0]


def test_systems_between_two_places_are_found_for_cuts(both):
    found = cables(both)
    assert "Garabogaz-Fetisovo/Kenderli" in found.joining("TKM", "KAZ")
    assert found.joining("TKM", "KAZ") == found.joining("KAZ", "TKM")
    assert not found.joining("TLS", "KGZ")
    assert "Georgia-Russia" in found.joining("GEO", OUTSIDE)
    assert np.all([named(both, name).status == "built" for name in found.joining("IDN", "SGP")])
