"""Headings, tables and paragraphs, and how they are written: as plain text or as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.report.words import shortened

#: The width of plain text.
WIDTH = 100


@dataclass(frozen=True)
class Table:
    """A table of texts: in Markdown the first ``left`` columns are set left, the others right.

    In plain text that is the first alone.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


@dataclass(frozen=True)
class Heading:
    """A title, or a line above a part (``level`` 2)."""

    text: str
    level: int


Block = Heading | Table | str


def plain(blocks: Sequence[Block]) -> Iterator[str]:
    """Lines of plain text, at most ``WIDTH`` wide but for tables."""
    for block in blocks:
        if isinstance(block, Heading):
            text = shortened(block.text, WIDTH)
            yield text
            yield ("=" if block.level == 1 else "-") * len(text)
        elif isinstance(block, Table):
            yield from _plain_table(block)
        else:
            yield from textwrap.wrap(block, WIDTH, break_on_hyphens=False)
        if not isinstance(block, Heading) or block.level == 1:
            yield ""


def _plain_table(table: Table) -> Iterator[str]:
    rows = (table.head, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    for row in rows:
        others = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([row[0].ljust(widths[0]), *others]).rstrip()


def markdown(blocks: Sequence[Block]) -> Iterator[str]:
    """Lines of Markdown."""
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * block.level} {_escaped(block.text)}"
        elif isinstance(block, Table):
            yield "| " + " | ".join(_escaped(text) for text in block.head) + " |"
            right = len(block.head) - block.left
            yield "|" + "|".join([":---"] * block.left + ["---:"] * right) + "|"
            for row in block.rows:
                yield "| " + " | ".join(_escaped(text) for text in row) + " |"
        else:
            yield _escaped(block)
        yield ""


def _escaped(text: str) -> str:
    """Text whose characters Markdown does not take for marks."""
    for mark in "\\|*_`$<>[]#":
        text = text.replace(mark, f"\\{mark}")
    return text
