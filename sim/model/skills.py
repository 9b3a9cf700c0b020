"""Skills: basic digital skills of adults, and advanced ICT talent in the labour force."""

from __future__ import annotations

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import Array


def newly_skilled(enrolled: Array, skilled: Array, p: Parameters) -> Array:
    """Adults whom courses give skills they did not have, share of adults a year, (m, e).

    Enrolled times completion (E05) times the share who are new to it: 0.8, and never more than
    the adults without skills.
    """
    return enrolled * p.training_completion * np.minimum(p.training_new, 1.0 - skilled)


def basic_skills_step(
    skilled: Array, users: Array, new: Array, lost: Array | float, p: Parameters
) -> Array:
    """Share of adults with basic skills after a year, (m, e).

    S' = (1 - f) S + new + (cohort + learning) (x - S)+: school leavers are as skilled as people
    are online, users without skills learn by doing, and skills in use are hardly forgotten. Of
    what school leavers know, the share ``lost`` is missing in a year without schooling.
    """
    cohort = p.cohort_replacement * (1.0 - lost)
    learning = (cohort + p.learning_by_doing) * np.maximum(users - skilled, 0.0)
    return np.clip((1.0 - p.skills_forgetting) * skilled + learning + new, 0.0, 1.0)


def trained_step(trained: Array, new: Array, p: Parameters) -> Array:
    """Share of adults ahead of others by what a programme taught them, after a year, (m, e).

    It fades (E07): courses age, and others learn by doing what was taught.
    """
    return (1.0 - p.skills_obsolescence) * trained + new


def talent_step(talent: Array, enrolment: Array, programme: Array, p: Parameters) -> Array:
    """Share of the labour force with advanced ICT skills after a year, (m, e).

    Each year 1/40 of the labour force enters, ``enrolment`` of it with a degree and the ICT share
    of that with talent; ``programme`` adds graduates per worker; retirement and obsolescence take.
    """
    graduates = p.talent_entry * p.ict_graduate_share * np.minimum(enrolment, 1.0)
    return np.clip((1.0 - p.talent_loss) * talent + graduates + programme, 0.0, 1.0)


def skill_returns(trained: Array, talent: Array, users: Array, p: Parameters) -> Array:
    """Log GDP gained by skills that programmes added, (m, e).

    (1 - phi) (return * trained * users + return * talent): basic skills pay for people online
    only (broadband and skills are complements: Akerman, Gaarder and Mogstad 2015, E02).
    """
    earnings = p.basic_skills_return * trained * users + p.talent_return * talent
    return (1.0 - p.capital_share) * earnings
