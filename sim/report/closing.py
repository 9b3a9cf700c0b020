"""What is said when a batch ends: what was run and found, what is missing, how to finish it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from sim.experiment.batch import Written


def as_text(written: Written) -> str:
    """The closing table: a line a scenario, and how long it took."""
    width = max(len("scenario"), *map(len, written.ran))
    lines = [f"{'scenario':<{width}}  {'run':>6}  {'found':>6}  {'missing':>7}"]
    for name, ran in written.ran.items():
        lacking = sum(part.scenario == name for part in written.missing)
        lines.append(f"{name:<{width}}  {ran:>6,}  {written.reused[name]:>6,}  {lacking:>7,}")
    lines.append("(parts of at most 256 members; found: finished before with the same inputs)")
    count = len(written.ran)
    runs = count * written.members
    lines.append(
        f"{count} scenario{'s' if count != 1 else ''} × {written.members:,} members = {runs:,} runs"
        f" in {_duration(written.seconds)}; members on disk: {written.bytes / 1e9:.2g} GB"
    )
    return "\n".join(lines)


def missing_text(written: Written, command: Sequence[str]) -> str:
    """Which members are missing and why, and the command that finishes them."""
    lines = [f"incomplete: {len(written.missing)} of {_parts(written)} parts are missing"]
    for part in written.missing:
        lines.append(f"  {part.scenario}, members {part.first} to {part.last}: {part.cause}")
    lines.append("tables hold the scenarios that are complete; the traces are in manifest.json")
    lines.append(f"to finish, once the cause is gone:\n  {shlex.join(['digiregion', *command])}")
    return "\n".join(lines)


def as_record(written: Written) -> dict[str, Any]:
    """The closing report for a program."""
    return {
        "folder": str(written.folder),
        "complete": not written.missing,
        "members": written.members,
        "seconds": written.seconds,
        "bytes": written.bytes,
        "warnings": list(written.warnings),
        "scenarios": [
            {"name": name, "parts_run": ran, "parts_found": written.reused[name]}
            for name, ran in written.ran.items()
        ],
        "missing": [
            {"scenario": part.scenario, "first": part.first, "last": part.last, "cause": part.cause}
            for part in written.missing
        ],
    }


def _parts(written: Written) -> int:
    return sum(written.ran.values()) + sum(written.reused.values()) + len(written.missing)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
