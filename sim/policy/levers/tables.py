"""The table of levers and options, for the command line and the documentation."""

from __future__ import annotations

from typing import Any

from sim.policy.levers import REGISTRY, Lever, Option


def lever_table() -> list[dict[str, Any]]:
    """One row per lever and per option: for the command line, the documentation and checks."""
    rows: list[dict[str, Any]] = []
    for lever in REGISTRY.values():
        rows.append(
            {
                "code": lever.code,
                "lever": lever.name,
                "option": "",
                "meaning": lever.title,
                "unit": lever.scale.unit,
                "low": lever.scale.low,
                "high": lever.scale.high,
                "usual_high": lever.scale.usual_high,
                "default": lever.default,
                "lag_years": lever.lag_years,
                "main_kpi": lever.main_kpi,
                "mechanism": lever.mechanism,
                "evidence": lever.evidence,
                "measures": lever.measures,
            }
        )
        rows.extend(_option_row(lever, option) for option in lever.options)
    return rows


def _option_row(lever: Lever, option: Option) -> dict[str, Any]:
    scale = option.scale
    return {
        "code": lever.code,
        "lever": lever.name,
        "option": option.name,
        "meaning": option.meaning + _words(option),
        "unit": scale.unit if scale else _UNITS.get(option.kind, ""),
        "low": scale.low if scale else None,
        "high": scale.high if scale else None,
        "usual_high": scale.usual_high if scale else None,
        "default": option.keys[int(option.default or 0)]
        if option.kind == "choice"
        else option.default,
        "lag_years": None,
        "main_kpi": "",
        "mechanism": "",
        "evidence": (),
        "measures": (),
    }


_UNITS = {"year": "year", "names": "name", "pair": "two codes"}


def _words(option: Option) -> str:
    """The words that an option may hold."""
    keys = ", ".join(option.keys)
    if option.kind == "choice":
        return f": {keys}"
    return f", a mapping of {keys}" if option.name == "provisions" else f" ({keys})" if keys else ""


def lever_table_markdown() -> str:
    """The table of levers and options, then what each does and stands for, in Markdown."""
    lines = [
        "| code | lever | option | meaning | unit | range | usual up to | default | delay, years |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in lever_table():
        span = "" if row["low"] is None else f"{row['low']:g}–{row['high']:g}"
        usual = "" if row["usual_high"] is None else f"{row['usual_high']:g}"
        default = row["default"]
        default = "" if default is None else default if default in _WORDS else f"{default:g}"
        delay = "" if row["lag_years"] is None else str(row["lag_years"])
        option = f"`{row['option']}`" if row["option"] else ""
        lines.append(
            f"| {row['code']} | `{row['lever']}` | {option} | {row['meaning']} | {row['unit']} "
            f"| {span} | {usual} | {default} | {delay} |"
        )
    lines.append("")
    for lever in REGISTRY.values():
        lines.append(
            f"- `{lever.name}` ({lever.code}): {lever.mechanism}. Judged by: `{lever.main_kpi}`. "
            f"Evidence: {', '.join(lever.evidence)}. Measures: {', '.join(lever.measures)}."
        )
    return "\n".join(lines) + "\n"


_WORDS = frozenset(
    key
    for lever in REGISTRY.values()
    for option in lever.options
    if option.kind == "choice"
    for key in option.keys
)
