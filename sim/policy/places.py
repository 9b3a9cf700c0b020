"""Where an entry stands in a file, and problems that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import Problem
from sim.policy.yaml_reader import DataPath, Document, field_name


@dataclass(frozen=True)
class Place:
    """A file (or none, for what is written in Python), its lines, and a path within it."""

    file: str = ""
    lines: Mapping[DataPath, int] = field(default_factory=dict)
    path: DataPath = ()

    @classmethod
    def top(cls, document: Document) -> Place:
        """The top level of a file."""
        return cls(document.file, document.lines)

    def at(self, *steps: str | int) -> Place:
        """The place of an entry below this one."""
        return replace(self, path=self.path + steps)

    @property
    def line(self) -> int | None:
        """The line of the entry, or of the nearest one above it that has a line."""
        for length in range(len(self.path), 0, -1):
            if self.path[:length] in self.lines:
                return self.lines[self.path[:length]]
        return None

    @property
    def name(self) -> str:
        """The entry as people write it, such as ``levers[0].rural_share``."""
        return field_name(self.path)

    def problem(self, message: str, **details: Any) -> Problem:
        """A problem at this place; ``details`` are further fields of Problem."""
        return Problem(message, file=self.file, line=self.line, field=self.name, **details)


#: The place of what is written in Python.
NOWHERE = Place()
