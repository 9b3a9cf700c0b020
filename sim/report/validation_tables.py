"""The tables of the validation report: as CSV, and as they stand in its text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.evidence.hindcast import LAST_TEST, MODEL, Hindcast
from sim.evidence.known import SERIES
from sim.evidence.scores import UNITS
from sim.kpi.registry import KPIS
from sim.report.blocks import Table
from sim.report.words import number

#: What the project asks of a hindcast: skill over all origins, by series; the share of figures in
#: the 90 % band, on average and at the worst origin.
AIMS = {"internet_users": 0.15, "fixed_broadband": 0.20, "gdp": 0.15}
AIM_INSIDE, AIM_LEAST = (0.85, 0.95), 0.75
#: Economies named at each end of a table.
ENDS = 3
#: Significant digits of the CSVs: results agree to more across machines.
SIGNIFICANT = 6
_ODD = {"damped_ets": "damped ETS", "pooled_ar1": "pooled AR(1)", MODEL: MODEL}


def forecaster_words(name: str) -> str:
    """A forecaster as it is written in a text."""
    return _ODD.get(name, name.replace("_", " "))


def words_of(origins: Sequence[int]) -> str:
    """Origins in a sentence: origin 2018, origins 2016 and 2018, origins 2010, 2012 and 2014."""
    *first, last = map(str, origins)
    return f"origins {', '.join(first)} and {last}" if first else f"origin {last}"


def last_test(found: Hindcast) -> Hindcast | None:
    """The part of a hindcast that is the protocol's last test; None if none of it was asked for."""
    origins = [origin for origin in found.origins if origin in LAST_TEST]
    return found.only(origins) if origins else None


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with six significant digits, which no machine changes but at the edge."""
    floats = frame.select_dtypes("float").columns
    short = frame[floats].map(lambda value: float(f"{value:.{SIGNIFICANT}g}"))
    return frame.assign(**{name: short[name] for name in floats})


def hindcast_frames(found: Hindcast) -> dict[str, pd.DataFrame]:
    """Every table of a hindcast, by the name of its file."""
    paths = found.paths()
    part = last_test(found)
    return {
        "hindcast": found.table(),
        **({} if part is None else {"last_test": part.table()}),
        "by_origin": found.by("origin"),
        "by_horizon": found.by("horizon"),
        "by_economy": found.by("economy"),
        "pit": found.pit(),
        "forecasts": paths[paths["year"] > paths["origin"]],
    }


def grades() -> pd.DataFrame:
    """The grade of evidence of each KPI, and why."""
    rows = [(kpi.id, kpi.title, kpi.unit, kpi.evidence, kpi.evidence_note) for kpi in KPIS]
    return pd.DataFrame(rows, columns=["kpi", "title", "unit", "evidence", "evidence_note"])


def grades_table() -> Table:
    """KPIs with their grades, as in the registry."""
    shown = grades()[["title", "evidence", "evidence_note"]]
    return Table(("KPI", "evidence", "why"), _cells(shown), left=3)


def scores_table(found: Hindcast, series: str) -> Table:
    """One series: forecasters with CRPS over all and by origin, error, and shares in bands."""
    table = found.table()
    rows = []
    for row in table[table["series"] == series].to_dict("records"):
        by_origin = [score(series, row[f"crps_{origin}"]) for origin in found.origins]
        inside = [percent(row[key]) for key in ("inside_50", "inside_90", "least_inside_90")]
        rows.append(
            (
                forecaster_words(row["forecaster"]), score(series, row["crps"]), *by_origin,
                score(series, row["mae"]), *inside,
            )
        )  # fmt: skip
    heads = ("CRPS", *map(str, found.origins), "MAE", "in 50 %", "in 90 %", "least in 90 %")
    return Table(("forecaster", *heads), tuple(rows))


def skills(found: Hindcast) -> pd.DataFrame:
    """The model's row of each series."""
    table = found.table()
    return table[table["forecaster"] == MODEL].reset_index(drop=True)


def aims_table(found: Hindcast) -> Table:
    """What the project asks of the hindcast, what was found, and whether it is met.

    With a decimal, so that what misses an aim by less than a percent is seen to miss it.
    """
    part = last_test(found)
    whole = skills(found).set_index("series")
    last = None if part is None else skills(part).set_index("series")
    rows = []
    for series in SERIES:
        own, aim = whole.loc[series], AIMS[series]
        gained = own["skill"]
        wanted = f"skill of {percent(aim)} or more, all origins"
        gain = percent(gained, sign=True, decimals=1)
        rows.append(_aim(UNITS[series].title, wanted, gain, gained >= aim))
        if last is not None and part is not None:
            gained = last.loc[series, "skill"]
            wanted = f"better than every benchmark, {words_of(part.origins)} alone"
            gain = percent(gained, sign=True, decimals=1)
            rows.append(_aim(UNITS[series].title, wanted, gain, gained > 0.0))
        low, high = AIM_INSIDE
        wanted = f"{100 * low:.0f} to {percent(high)} of figures in the 90 % band"
        inside = own["inside_90"]
        rows.append(
            _aim(UNITS[series].title, wanted, percent(inside, decimals=1), low <= inside <= high)
        )
        least = own["least_inside_90"]
        wanted = f"{percent(AIM_LEAST)} or more of them at each origin"
        found_there = f"{percent(least, decimals=1)} at worst"
        rows.append(_aim(UNITS[series].title, wanted, found_there, least >= AIM_LEAST))
    return Table(("series", "aim", "found", "met"), tuple(rows), left=2)


def _aim(title: str, wanted: str, found: str, met: bool) -> tuple[str, ...]:
    return title, wanted, found, "yes" if met else "no"


def horizon_table(found: Hindcast, series: str) -> Table:
    """One series by years ahead: the model beside the best benchmark."""
    return _beside(found, series, "horizon", "years ahead")


def economy_table(found: Hindcast, series: str) -> Table:
    """One series: the economies with the lowest and the highest CRPS of the model."""
    rows = _both(found, series, "economy").sort_values("crps", kind="stable")
    if len(rows) > 2 * ENDS:
        rows = pd.concat([rows.head(ENDS), rows.tail(ENDS)])
    names = dict(zip(found.economies, found.names, strict=True))
    rows = rows.assign(economy=[names[code] for code in rows["economy"]])
    return _compared(rows, series, "economy", "economy", found.best_benchmark(series))


def _beside(found: Hindcast, series: str, key: str, head: str) -> Table:
    rows = _both(found, series, key).sort_values(key)
    return _compared(rows, series, key, head, found.best_benchmark(series))


def _both(found: Hindcast, series: str, key: str) -> pd.DataFrame:
    """The model's rows by ``key``, with the CRPS of the best benchmark as ``other``."""
    table = found.by(key)
    table = table[table["series"] == series]
    rival = found.best_benchmark(series)
    other = table[table["forecaster"] == rival].set_index(key)["crps"]
    own = table[table["forecaster"] == MODEL]
    return own.assign(other=other.reindex(own[key]).to_numpy())


def _compared(rows: pd.DataFrame, series: str, key: str, head: str, rival: str) -> Table:
    cells = tuple(
        (
            str(row[key]), f"{row['figures']:,}", score(series, row["crps"]),
            score(series, row["other"]), percent(row["skill"], sign=True),
            percent(row["inside_50"]), percent(row["inside_90"]),
        )
        for row in rows.to_dict("records")
    )  # fmt: skip
    heads = ("figures", f"CRPS {MODEL}", f"CRPS {forecaster_words(rival)}", "skill", "in 50 %")
    return Table((head, *heads, "in 90 %"), cells)


def score(series: str, value: float) -> str:
    """A CRPS or an error in the unit of its series, with the digits that mean something."""
    return number(value, 4 if series == "gdp" else 2)


def percent(share: float, sign: bool = False, decimals: int = 0) -> str:
    """A share in percent."""
    return "n/a" if share != share else f"{number(100.0 * share, decimals, sign=sign)} %"


def general(value: object) -> str:
    """A cell of a table of mixed units: three significant digits, blank for what is not known."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return number(value, 0) if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def _cells(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(general(value) for value in row) for row in frame.itertuples(index=False, name=None)
    )
