"""Skills and talent."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, effect, fixed


@dataclass(kw_only=True)
class Skills:
    """Part of ``Parameters``."""

    training_completion: Array = between(
        0.5, 0.63, 0.85, "share", "Enrolled who complete a basic course",
        "PMGDISHA, India: 38.9 of 61.5 million", "E05", bounds=(0, 1),
    )  # fmt: skip
    training_new: Array = fixed(0.8, "share", "Trainees who had no skills and were offline")
    training_stay: Array = fixed(0.5, "share", "Trainees who stay online", channel="skills in use")
    skills_obsolescence: Array = between(
        0.04, 0.07, 0.12, "per year", "Fading of what a course gave",
        "Deming and Noray (2020), recalled", "E07",
    )  # fmt: skip
    skills_forgetting: Array = fixed(
        0.02, "per year", "Loss of basic skills that are in use (general skills, 1-2 %, E07)",
        JUDGEMENT,
    )  # fmt: skip
    learning_by_doing: Array = between(
        0.01, 0.02, 0.03, "per year", "Users without skills who learn by use", JUDGEMENT
    )
    cohort_replacement: Array = fixed(
        0.02, "per year", "School leavers who replace the old", JUDGEMENT
    )
    start_skills_error: Array = effect(
        1.0, "standard deviations", "Error of basic skills in the base year", JUDGEMENT
    )
    start_talent_error: Array = effect(0.3, "log", "Error of talent in the base year", JUDGEMENT)
    ict_graduate_share: Array = between(
        0.05, 0.07, 0.10, "share of graduates", "Graduates in ICT",
        "UNESCO UIS, typical values, recalled; range judgement",
    )  # fmt: skip
    talent_entry: Array = fixed(0.025, "per year", "Labour force that enters each year", JUDGEMENT)
    talent_loss: Array = fixed(
        0.045, "per year", "Retirement (1/40) and obsolescence of talent (0.02)", JUDGEMENT
    )
