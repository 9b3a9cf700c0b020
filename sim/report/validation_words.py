"""The prose of the validation report: what can be said, how it was tested, how to read it."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Sequence

from sim.evidence import benchmarks, published
from sim.evidence.carried import WIDENED
from sim.evidence.fit import ROUNDS
from sim.evidence.hindcast import LAST_TEST, LONGEST, MODEL, ORIGINS, Hindcast
from sim.evidence.known import LAST_YEAR, SERIES
from sim.evidence.scores import UNITS
from sim.kpi.registry import EFFECTS_EVIDENCE, EVIDENCE
from sim.model.parameters import parameter_table
from sim.report.validation_tables import (
    forecaster_words,
    last_test,
    percent,
    skills,
    words_of,
)

WIDTH = 100
#: How the series are called within a sentence.
SERIES_WORDS = {
    "internet_users": "internet users",
    "fixed_broadband": "fixed broadband",
    "gdp": "GDP (in logs)",
}
#: Priors as the prototype changed them after the look at the years to 2023: those that the model
#: still has are named as hindsight.
HINDSIGHT = {
    "lines_trend": "0.1 ± 0.03",
    "lines_effect": "0 ± 1",
    "rollout_effect": "0 ± 1",
    "lines_per_household": "1.2",
}


def paragraph(text: str) -> str:
    """A paragraph of Markdown, in lines of at most ``WIDTH`` characters."""
    return _filled(text) + "\n"


def bullets(items: Sequence[str]) -> str:
    """A list of Markdown."""
    return "\n".join(_filled(item, "- ", "  ") for item in items) + "\n"


def _filled(text: str, first: str = "", rest: str = "") -> str:
    """Lines of a text; a number and its % stay together."""
    kept = " ".join(text.split()).replace(" %", "\u00a0%")
    lines = textwrap.fill(
        kept, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return lines.replace("\u00a0%", " %")


def in_short(found: Hindcast) -> str:
    """Skill and bands of each series, over all origins and in the last test alone."""
    part = last_test(found)
    own = skills(found).set_index("series")
    last = None if part is None else skills(part).set_index("series")
    items = []
    for series in SERIES:
        row = own.loc[series]
        rival = forecaster_words(row["best_benchmark"])
        text = (
            f"**{SERIES_WORDS[series][0].upper()}{SERIES_WORDS[series][1:]}**: over all origins "
            f"skill {percent(row['skill'], sign=True)} against the best benchmark, {rival} "
            f"({_interval(row)}): {_verdict(row)}."
        )
        if last is not None and part is not None:
            row = last.loc[series]
            text += (
                f" On the last test ({words_of(part.origins)}) alone: "
                f"{percent(row['skill'], sign=True)} against "
                f"{forecaster_words(row['best_benchmark'])} ({_interval(row)}): {_verdict(row)}."
            )
        row = own.loc[series]
        text += (
            f" Over all origins the 90 % band held {percent(row['inside_90'])} of the figures, "
            f"at the worst {percent(row['least_inside_90'])}."
        )
        items.append(text)
    return "\n".join([chosen_on(found), bullets(items)])


def chosen_on(found: Hindcast) -> str:
    """How many of the origins the model was chosen on, so that nobody takes them for a test."""
    used = [origin for origin in found.origins if origin < LAST_TEST[0]]
    known = "though scores of this model there were known while it was developed"
    if not used:
        return paragraph(f"The model was chosen on none of these origins, {known}.")
    where = "of the years on which the model was chosen, with figures of ASEAN and CAREC"
    if len(used) == len(found.origins):
        return paragraph(f"All origins here are {where}: of these they are no test.")
    verb = "is" if len(used) == 1 else "are"
    return paragraph(
        f"{len(used)} of the {len(found.origins)} origins ({', '.join(map(str, used))}) {verb} "
        f"{where}: numbers over all origins mix choosing and testing. "
        f"Nothing was chosen on the others, {known}."
    )


def _interval(row: object) -> str:
    low, high = (percent(row[key], sign=True) for key in ("skill_low", "skill_high"))  # type: ignore[index]
    return f"90 % interval over economies {low} to {high}"


def _verdict(row: object) -> str:
    low, high = row["skill_low"], row["skill_high"]  # type: ignore[index]
    if low > 0.0:
        return "better than the benchmark"
    return "worse than the benchmark" if high < 0.0 else "not distinguishable from the benchmark"


def last_test_said(found: Hindcast) -> str:
    """What the last test alone allows to say of each series, by the intervals of skill."""
    part = last_test(found)
    if part is None:
        return paragraph(
            f"No origin of the last test ({words_of(LAST_TEST)}) was asked for: nothing here was "
            "found on years that the model was not chosen on."
        )
    rows = skills(part).set_index("series")
    items = []
    for series in SERIES:
        row = rows.loc[series]
        items.append(
            f"**{UNITS[series].title}**: {_against(row)} the best benchmark there, "
            f"{forecaster_words(row['best_benchmark'])} (skill {percent(row['skill'], sign=True)}; "
            f"{_interval(row)})."
        )
    return "\n".join(
        [
            paragraph(
                f"What it can say of the years ahead, by the last test alone "
                f"({words_of(part.origins)}): forecasts are"
            ),
            bullets(items),
            paragraph(
                "Better or worse is said only where the interval leaves out zero; the aims above "
                "count the skill itself. The grade data, below, says that a KPI was tested, not "
                "that it passed: hold it against these lines."
            ),
        ]
    )


def _against(row: object) -> str:
    low, high = row["skill_low"], row["skill_high"]  # type: ignore[index]
    if low > 0.0:
        return "better than"
    return "worse than" if high < 0.0 else "no better than"


def what_can_be_said(found: Hindcast) -> str:
    """What was found on the last test, what grades mean, and what no test of this page reaches."""
    grades = [f"**{grade}**: {meaning}." for grade, meaning in EVIDENCE.items()]
    cannot = [
        f"{EFFECTS_EVIDENCE} A hindcast tests the baseline, never a policy. Read an effect as: "
        "what studies of other places would mean here, if they carry over.",
        "A band holds what the model is unsure of: its parameters, chance, errors of the figures "
        "that it starts from. It does not hold what the model leaves out: wars, sanctions, changes "
        "of government, firms, services trade, crowding out of other spending (see the page on "
        "the model).",
        "The test reaches eight years ahead. What a projection says of later years rests on "
        "trends that nobody has tested here.",
        "The economies differ less from each other than from the rest of the world: skill on them "
        "is not skill elsewhere. For another region, run the same command on its tables.",
    ]
    return "\n".join(
        [
            last_test_said(found),
            paragraph(
                "Each KPI has a grade for what its level and its path without policy rest on. The "
                "same marks (D, L, J) stand beside KPIs in summaries, comparisons, exports and "
                "figures."
            ),
            bullets(grades),
            paragraph("What the model cannot say:"),
            bullets(cannot),
        ]
    )


def protocol(found: Hindcast) -> Iterator[str]:
    """What was known at each origin, what was chosen when, and what a vintage is."""
    yield paragraph(
        f"For each origin ({', '.join(map(str, found.origins))}) the model is fitted to the "
        "figures of internet users, fixed broadband and GDP up to that year, and run on from the "
        f"state that the fit ends in, for up to {LONGEST} years but not past {LAST_YEAR}. "
        "Forecasts are of published figures: errors of measurement are added, as the figures have "
        "them. Bands of runs are of what is true, without these errors, and so narrower than those "
        "tested here. Forecasts are scored against what was published. Economies without any "
        "figure of a series by the origin are scored for no forecaster."
    )
    yield paragraph(
        "**What was known.** Nothing of a later year enters a fit: the tables are cut at the "
        "origin before anything is computed from them, gaps are filled from figures up to the "
        "origin, and population, ages, towns, schooling and investment go on at the trend known "
        "then. Trade weights are of flows up to the origin. A test of the package replaces all "
        "later figures by nonsense, and finds that a fit is given the same numbers. "
        f"The fit is an ensemble smoother with {ROUNDS} rounds (multiple data assimilation, "
        "Emerick and Reynolds 2013)."
    )
    yield paragraph(
        "**One vintage.** All figures are as published today. What stood in the tables of 2010 "
        "differed: GDP is revised and re-based, surveys of internet use are redone, population "
        "follows a later census. All forecasters get the same figures, so their order is fair; but "
        "errors in real time would have been larger for all of them."
    )
    yield from _chosen(found)


def _chosen(found: Hindcast) -> Iterator[str]:
    """What was chosen before a look at later years, what after, and what of that is used."""
    first, rest = ORIGINS[: -len(LAST_TEST)], LAST_TEST
    yield paragraph(
        "**What was chosen before and after looking.** Structure and priors come from a prototype "
        "on the 22 economies of ASEAN and CAREC. "
        f"They were chosen on origins {', '.join(map(str, first))}, scored to 2018 only. The "
        f"prototype then opened origins {' and '.join(map(str, rest))} and the years after 2018, "
        "once: they are the last test, and are shown by themselves. Scores of this model on them "
        "were known while it was developed, and each later look is listed below. People who chose "
        "had seen these series before, as every economist has; the benchmarks too are the best of "
        "several, chosen by how they did on all origins, which favours them."
    )
    own = {str(row["parameter"]): row["prior"] for row in parameter_table()}
    yield paragraph(
        "Since the prototype these parts were changed, each for its score on the first origins to "
        "2018 and after some 150 variants on those years: crises are losses below the trend; "
        "growth is as noisy as each economy's own past, half pooled; a users figure far from its "
        "neighbours counts for less; forecasts of users start half the way to the last figure; "
        "a household has one line, give or take, by economy; and economies differ in the ceiling "
        f"of lines by {own['lines_effect']} and in the speed of roll-out by "
        f"{own['rollout_effect']} (in the prototype SD 0.5 and 0.4 when it was frozen, 1 and 1 "
        "after its look). Who chose knew earlier scores of this model on the last origins. The "
        "candidate was then frozen and scored on them; after that the number of members was "
        "changed, large ensembles were put together of several that are fitted apart, and figures "
        "of users of 0 and 100 % were taken into the fit (a rounded zero, of Timor-Leste in 2002, "
        "with no more weight than the figures after it)."
    )
    yield paragraph(
        "Some repairs were made after a look at the later years. They are hindsight, and results "
        "that use them are no test of them:"
    )
    yield bullets(
        [
            f"Jumps of users figures when a survey is re-based ({percent(published.REBASING_RATE)} "
            f"a year, SD {published.REBASING_SD} in the log-odds) and a shared walk "
            f"(SD {published.SHARED_WALK_SD} a year). "
            f"**{'Used' if found.hindsight else 'Not used'} in the scores below.**",
            "Luck after the origin is left out of the fit, since chance correlations would shrink "
            "it. Used below; it concerns bands, not medians.",
            "The ceiling of lines is at least a tenth above the last figure. Runs started so "
            "before there was a fit, and do now; in forecasts it was tried after a look at all "
            "origins (CRPS to 2018 a hundredth higher, in 2018 a twentieth lower). "
            f"**{'Used' if found.hindsight else 'Not used'} in the scores below.**",
            *_hindsight(),
        ]
    )


def _hindsight() -> Iterator[str]:
    """Priors of the model that were changed after the look at later years, if it has any."""
    rows = parameter_table()
    kept = [row for row in rows if HINDSIGHT.get(str(row["parameter"])) == row["prior"]]
    if kept:
        named = "; ".join(f"`{row['parameter']}` {row['prior']} {row['unit']}" for row in kept)
        yield (f"Priors of fixed broadband that were widened or raised: {named}. **Used below.**")


def taught_elsewhere() -> str:
    """What the shipped regions taught a region of one's own."""
    return paragraph(
        "**What other regions taught.** The region is not one of those shipped. Parameters "
        "that all economies share have as their prior, at each origin, what ASEAN and CAREC "
        f"taught up to the same origin, {WIDENED:g} times as wide, but not wider than the "
        "model's own prior. Benchmarks see this region's figures only. Economies that ASEAN or "
        "CAREC hold too count twice: in that prior and in the fit."
    )


def warned(warnings: Sequence[str]) -> str:
    """What runs of the region say of the ensemble that they start from."""
    return "\n".join([paragraph("Runs of this region warn:"), bullets(warnings)])


def how_scored(found: Hindcast) -> str:
    """The measures."""
    return "\n".join(
        [
            paragraph("Measures:"),
            bullets(
                [
                    "**CRPS** (continuous ranked probability score): the mean distance of members "
                    "from the figure, less half the mean distance between two members; for a "
                    "forecast of one number, the absolute error. In the unit of the series; lower "
                    "is better. Averaged over figures within an origin, then over origins.",
                    "**MAE**: mean absolute error of the median.",
                    "**In 50 %, in 90 %**: share of figures in the central band of that name; "
                    "**least in 90 %**: at the worst origin.",
                    f"**Skill**: 1 less the CRPS of {MODEL} over that of the benchmark; 0 % is no "
                    "better, negative is worse. Its 90 % interval is a bootstrap over economies, "
                    "each drawn with all its origins, for both forecasters alike. Shocks that hit "
                    "the whole region are not drawn, so the interval is too narrow for another "
                    "time.",
                    "**PIT**: the share of members below the figure; flat histograms mean honest "
                    "bands.",
                ]
            ),
            paragraph("Benchmarks, each fitted to the same figures up to the origin:"),
            bullets(_benchmarks(found)),
        ]
    )


def _benchmarks(found: Hindcast) -> list[str]:
    """The benchmarks, as the code that computes them says."""
    names = dict.fromkeys(name for series in SERIES for name in found.rivals(series))
    return [f"**{forecaster_words(name)}**: {_said(name)}" for name in names]


def _said(name: str) -> str:
    text = " ".join((inspect.getdoc(benchmarks.FORECASTERS[name]) or "").split())
    for other in benchmarks.FORECASTERS:
        text = text.replace(f"``{other}``", forecaster_words(other))
    return text


def skill_sentence(found: Hindcast, series: str) -> str:
    """The skill of the model for one series, with its interval."""
    row = skills(found).set_index("series").loc[series]
    return paragraph(
        f"{MODEL} against {forecaster_words(row['best_benchmark'])}, the best benchmark: skill "
        f"{percent(row['skill'], sign=True)} ({_interval(row)}); {_verdict(row)}. "
        f"{row['figures']:,} figures, in {row['unit']}."
    )
