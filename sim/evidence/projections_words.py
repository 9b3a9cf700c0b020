"""Evidence: which figure of the model meets a published one, and how the concepts differ."""

from __future__ import annotations

from dataclasses import dataclass

PARTLY, NO = "partly", "no"


@dataclass(frozen=True)
class Counterpart:
    """What stands beside a kind of published figure.

    ``quantity`` is the KPI or computation ("" for none), in which {first}, {last} and {end} are the
    years of a lever and of its effect; ``comparable`` PARTLY or NO: no
    published figure shares both concept and concern with one of the model;
    ``difference`` what sets the two apart.
    """

    quantity: str
    comparable: str
    difference: str


_NOTHING = "The model has nothing to compare: "

#: By the column ``counterpart`` of projections.csv.
COUNTERPARTS = {
    "users": Counterpart(
        "internet_users (% of population), baseline", PARTLY,
        "The model follows the ITU series of individuals of all ages who use the internet.",
    ),
    "skills": Counterpart(
        "basic_skills (% of adults), baseline", PARTLY,
        "The model counts adults who can copy or move a file (SDG 4.4.1); the target is a minimum "
        "level that it leaves open.",
    ),
    "price": Counterpart(
        "broadband_price (% of monthly GNI per person), baseline", PARTLY,
        "The model follows data-only mobile broadband of 2 GB, a mean over people; the target is "
        "for each economy's cheapest broadband.",
    ),
    "anchor_share": Counterpart(
        "digital_share (% of GDP), baseline", PARTLY,
        "Same concept, but no test: the model's shares of the base year are scaled from this very "
        "account.",
    ),
    "core_share": Counterpart(
        "digital_share (% of GDP), baseline", PARTLY,
        "Same concept (core digital value added) of an economy outside the region, whose growth "
        "the model's prior rests on; ours is for the region.",
    ),
    "broad_share": Counterpart(
        "digital_share (% of GDP), baseline", NO,
        "The published share counts industries that use digital technology, or payments, besides "
        "the digital sector; the model's is core value added. Only the direction can be compared.",
    ),
    "digital_value_added": Counterpart(
        "digital_value_added (USD bn of 2015), baseline", PARTLY,
        "The published figure is spending in current USD, near gross merchandise value; the "
        "model's is core value added at prices of 2015. Compare growth, not levels.",
    ),
    "alignment_value_added": Counterpart(
        "digital_value_added (USD bn of 2015), rules aligned and paperless trade complete", PARTLY,
        "The published figure is a potential in current spending; the model's is core value added "
        "at prices of 2015 if all six rules are aligned and all trade is paperless by the target "
        "year. Compare what the agreement adds, not levels.",
    ),
    "cost_of_cover": Counterpart(
        "cost of mobile cover of 99 % of people, network laid anew in ten years (% of GDP a year)",
        PARTLY,
        "pytal builds 5G by wireless backhaul, up to 200 Mbit/s in towns, site by site; the "
        "model's cost curve was scaled to published 3G cover, and has no band of its own.",
    ),
    "bill": Counterpart(
        "cost of mobile cover of 99 % of people in the region, network laid anew in ten years "
        "(USD bn of 2015)", NO,
        "The published bill is the world's and adds skills, devices or running costs; ours is this "
        "region's network alone. Bills differ by the service they aim at, not by arithmetic.",
    ),
    "open_data": Counterpart(
        "gdp (% of baseline), all six rules raised to 1 from {first} to {last}, in {end}", PARTLY,
        "The published effect is of data-flow rules through trade in services and trust in all "
        "sectors, worldwide; the lever acts on costs of goods trade within the region.",
    ),
    "open_data_poor": Counterpart(
        "gdp (% of baseline) of economies below USD 4,515 a head, all six rules raised to 1 from "
        "{first} to {last}, in {end}", PARTLY,
        "The published effect is of data-flow rules through trade in services and trust in all "
        "sectors, worldwide; the lever acts on costs of goods trade within the region. The income "
        "group is by GDP a head (World Bank limit of GNI for 2022).",
    ),
    "data_flows_gdp": Counterpart(
        "gdp (% of baseline), less the effect of raising the economy's score of data flows to 1 "
        "from {first} to {last}, in {end}", PARTLY,
        "The published effect is the loss by localisation, through productivity of all sectors; "
        "the model can only open: the sign of its gain is turned. It has goods trade alone, and "
        "only the distance to partners' rules counts: to open beyond them can cost trade.",
    ),
    "data_flows_trade": Counterpart(
        "goods_exports (% of baseline), less the effect of raising the economy's score of data "
        "flows to 1 from {first} to {last}, in {last}", PARTLY,
        "The published effect is of all trade after five years of restrictive rules; the model can "
        "only open: the sign of its gain is turned. It has goods trade alone, and only the "
        "distance to partners' rules counts: to open beyond them can cost trade.",
    ),
    "closing": Counterpart(
        "", NO, _NOTHING + "its lever raises rules and cannot close data flows.",
    ),
    "gmv": Counterpart(
        "ecommerce_gmv (USD bn of 2015), baseline", PARTLY,
        "The published figure is what customers spend on platforms in current USD, with rides, "
        "travel, food and media; the model's is goods and services ordered online at prices of "
        "2015. Its anchor is the published 3 % of GDP of 2020: compare growth.",
    ),
    "adii": Counterpart(
        "", NO,
        _NOTHING + "the index is a score of many surveys and rankings within a pillar; its "
        "laws and skills are in the model, but on scales of their own.",
    ),
    "rcep": Counterpart("", NO, _NOTHING + "cuts of tariffs in an agreement are not in the model."),
    "cyber": Counterpart(
        "", NO,
        _NOTHING + "the source counts another fall of incidents; the lever's size stands beside it "
        "in docs/lever_sizes.md.",
    ),
    "finance": Counterpart(
        "", NO,
        _NOTHING + "the source is for other places and counts all of finance; the lever's "
        "size stands beside it in docs/lever_sizes.md.",
    ),
    "msme": Counterpart(
        "", NO,
        _NOTHING + "it counts small firms that use digital technology in their business, not those "
        "with a connection.",
    ),
    "egov": Counterpart("", NO, _NOTHING + "it has no public services yet."),
    "mobile_sector": Counterpart(
        "", NO,
        _NOTHING + "the industry's figure adds suppliers and productivity of all who use mobiles; "
        "the model does not tell mobile from other digital value added.",
    ),
    "mobile_subscribers": Counterpart(
        "", NO, _NOTHING + "it has people online and fixed lines, no mobile subscribers.",
    ),
}  # fmt: skip
