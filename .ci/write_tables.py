"""Writes the tables of the documentation that are generated from the registries; see `make tables`.

A table stands where its first line stands, to the next blank line or the end of the page.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

from sim.cli import main
from sim.report.iamc import variables_markdown


def printed(command: str) -> Callable[[], str]:
    """What a command prints as Markdown."""

    def text() -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            main([command, "--format", "markdown"])
        return out.getvalue().strip()

    return text


#: Page, and what makes its table.
TABLES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("docs/kpis.md", printed("kpis")),
    ("docs/parameters.md", printed("parameters")),
    ("docs/exports.md", variables_markdown),
)


def write(page: Path, table: str) -> None:
    """Put a table where the one with the same first column stands."""
    lines = page.read_text(encoding="utf-8").split("\n")
    cell = table.split("|")[1].strip()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {cell} |"))
    end = next((i for i in range(start, len(lines)) if not lines[i].strip()), len(lines))
    page.write_text("\n".join([*lines[:start], table, *lines[end:]]), encoding="utf-8")


for name, make in TABLES:
    write(Path(name), make())
    print(f"wrote the table of {name}")
