"""What is said when an input is wrong: every problem at once, with its place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one input.

    ``file`` and ``line`` say where (line 1 is the first); ``field`` names the entry, such as
    ``levers[0].rural_share``; ``message`` says what is wrong, and ``remedy`` what to write instead.
    """

    message: str
    file: str = ""
    line: int | None = None
    field: str = ""
    value: object = None
    allowed: str = ""
    nearest: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        subject = self.field if self.value is None else f"{self.field} = {_shown(self.value)}"
        parts = [self.message]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.nearest:
            parts.append(f"did you mean {self.nearest}?")
        if self.remedy:
            parts.append(self.remedy)
        return "  ".join(part for part in (place, subject.strip(), "; ".join(parts)) if part)


class InputError(ValueError):
    """Raised for input that cannot be used. Holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class Unfinished(RuntimeError):
    """Raised when a batch had to stop before its end; says why and what is kept."""


class Interrupted(KeyboardInterrupt):
    """Raised when a user interrupted a batch; says what is kept and how to go on."""


def nearest_name(name: object, names: Iterable[str]) -> str:
    """The valid name that is closest to ``name`` (ignoring case), or "" when none is close."""
    by_folded = {candidate.casefold(): candidate for candidate in names}
    found = difflib.get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[found[0]] if found else ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
