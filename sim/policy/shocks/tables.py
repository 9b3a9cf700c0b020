"""The table of shocks and events, for the command line and the documentation."""

from __future__ import annotations

from typing import Any

from sim.policy.shocks import EVENTS, SHOCKS, Event


def shock_table() -> list[dict[str, Any]]:
    """One row per event, by kind of shock; ``usual`` says whether the kind alone stands for it."""
    return [
        {
            "code": shock.code,
            "shock": shock.name,
            "event": event.id,
            "name": event.name,
            "usual": "yes" if event.id in shock.usual else "",
            "meaning": event.meaning,
            "hits": _hits(event),
            "months": "to the horizon" if event.months is None else f"{event.months:g}",
            "fade_years": event.fade,
            "effects": "; ".join(f"{one.path} {one.value:+g}" for one in event.effects),
            "why": "; ".join(dict.fromkeys(one.why for one in event.effects)),
            "document": event.document,
        }
        for shock in SHOCKS.values()
        for event in EVENTS.values()
        if event.shock == shock.code
    ]


def _hits(event: Event) -> str:
    parts = (name if part == 1.0 else f"{name} x {part:g}" for name, part in event.who.items())
    return ", ".join(parts)


def shock_table_markdown() -> str:
    """The kinds of shocks, then every event with its effects, in Markdown."""
    lines = ["| code | shock | what | usual events |", "|---|---|---|---|"]
    for shock in SHOCKS.values():
        usual = ", ".join(shock.usual)
        lines.append(f"| {shock.code} | `{shock.name}` | {shock.title} | {usual} |")
    lines += [
        "",
        "| shock | event | name | what happens | hits | months | fades | effects of size 1 | why "
        "| document |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in shock_table():
        effects = ", ".join(f"`{one}`" for one in row["effects"].split("; "))
        years = row["fade_years"]
        fades = f"{years} year{'s' if years > 1 else ''}" if years else ""
        lines.append(
            f"| {row['code']} | {row['event']} | `{row['name']}` | {row['meaning']} "
            f"| {row['hits']} | {row['months']} | {fades} | {effects} | {row['why']} "
            f"| {row['document']} |"
        )
    return "\n".join(lines) + "\n"
