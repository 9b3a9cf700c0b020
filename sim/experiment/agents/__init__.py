"""The agents: states and their body as Mesa sees them. The only room that imports Mesa."""

from sim.experiment.agents.member_state import MemberState, Partner
from sim.experiment.agents.region_model import RegionModel
from sim.experiment.agents.regional_body import RegionalBody

__all__ = ["MemberState", "Partner", "RegionModel", "RegionalBody"]
