"""Evidence: a hindcast in words for a terminal."""

from __future__ import annotations

import textwrap

import pandas as pd

from sim.evidence.hindcast import LONGEST, MODEL, Hindcast
from sim.evidence.scores import UNITS

WIDTH = 100


def hindcast_text(found: Hindcast) -> str:
    """A table a series, the model first, and how to read them; at most 100 columns."""
    table = found.table()
    blocks = [_series(found, str(name), rows) for name, rows in table.groupby("series", sort=False)]
    return "\n\n".join([*blocks, _notes(found)])


def _series(found: Hindcast, series: str, rows: pd.DataFrame) -> str:
    unit = rows["unit"].iloc[0]
    heads = ["CRPS", *(str(origin) for origin in found.origins), "MAE", "in 50 %", "in 90 %"]
    lines = [f"{UNITS[series].title}, {unit}; {rows['figures'].iloc[0]:,} figures"]
    lines.append(f"{'':<18}" + "".join(f"{head:>9}" for head in heads))
    digits = 4 if series == "gdp" else 2
    for row in rows.to_dict("records"):
        numbers = [row["crps"], *(row[f"crps_{origin}"] for origin in found.origins), row["mae"]]
        cells = [f"{number:.{digits}f}" for number in numbers]
        cells += [f"{row['inside_50']:.0%}", f"{row['inside_90']:.0%}"]
        lines.append(f"{row['forecaster']:<18}" + "".join(f"{cell:>9}" for cell in cells))
    lines.append(_skill(rows[rows["forecaster"] == MODEL].iloc[0]))
    return "\n".join(lines)


def _skill(model: pd.Series) -> str:
    """What was gained on the best benchmark, or why that cannot be told."""
    words = f"{MODEL} against {model['best_benchmark']}: "
    if pd.isna(model["skill"]):
        return words + "no skill to tell, the benchmark was exact"
    if pd.isna(model["skill_low"]):
        interval = "no interval, figures of one economy alone"
    else:
        interval = f"{model['skill_low']:+.0%} to {model['skill_high']:+.0%} over economies"
    return words + f"{model['skill']:+.0%} ({interval})"


def _notes(found: Hindcast) -> str:
    words = (
        f"{found.region}, {len(found.economies)} economies. Fitted on what was known at each "
        f"origin; scored on the figures published for up to {LONGEST} years after it. CRPS: lower "
        "is better. In 50 %, in 90 %: the share of figures in the band of that name. Skill: CRPS "
        "spared against the best benchmark, with its 90 % interval. Benchmarks and structure were "
        "chosen by people who had seen these years."
    )
    return textwrap.fill(words, WIDTH)
