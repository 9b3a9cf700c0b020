"""Checks scenario files without running them: every problem and warning at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sim.errors import Problem
from sim.policy.loading import resolve


def check(path: str | Path) -> tuple[list[Problem], list[Problem]]:
    """The problems and the warnings of a scenario file, or of all ``*.yaml`` files of a folder.

    Each names the file, the line, the entry, the value, what is allowed, the nearest valid name and
    a remedy. Writes nothing and raises nothing for bad input.
    """
    try:
        folder = Path(path).is_dir()
    except (OSError, ValueError) as error:
        return [Problem(f"cannot be read: {error}", file=str(path))], []
    if not folder:
        findings = resolve(path).findings
        return _once(findings.problems), _once(findings.warnings)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    files = sorted(Path(path).glob("*.yaml"))
    if not files:
        problems.append(Problem("no .yaml file in this folder", file=str(path)))
    for file in files:
        findings = resolve(file).findings
        problems.extend(findings.problems)
        warnings.extend(findings.warnings)
    return _once(problems), _once(warnings)


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """In order, without repeats (a file that several extend is read several times)."""
    return list({str(problem): problem for problem in problems}.values())
