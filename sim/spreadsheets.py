"""Text in tables that spreadsheets open: none of it is taken for a formula, none of it is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

#: Text that a spreadsheet may take for a formula, or that already carries the guard before such.
#: The guarded text matches too, so that taking one apostrophe away is the exact inverse.
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
GUARDED = re.compile(r"'" + RISKY.pattern)


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before text that a spreadsheet could run as a formula.

    Such text begins with ``=``, ``+``, ``-``, ``@``, a tab or the end of a line. Values and
    categories of text columns are looked at; numbers, blanks, the index and the names of the
    columns stay. ``restored`` is the exact inverse.
    """
    return _changed(frame, harmless_text)


def restored(frame: pd.DataFrame) -> pd.DataFrame:
    """The table as it was before ``harmless``."""
    return _changed(frame, restored_text)


def harmless_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could run it."""
    return f"'{text}" if RISKY.match(text) else text


def restored_text(text: str) -> str:
    """The text as it was before ``harmless_text``."""
    return text[1:] if GUARDED.match(text) else text


def _changed(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    result = frame.copy()
    for position in range(frame.shape[1]):
        column = frame.iloc[:, position]
        if isinstance(column.dtype, pd.CategoricalDtype):
            held = column.cat.categories
            categories = pd.Index([_cell(value, change) for value in held], dtype=held.dtype)
            result.isetitem(position, column.cat.rename_categories(categories))
        elif column.dtype == object or isinstance(column.dtype, pd.StringDtype):
            values = [_cell(value, change) for value in column]
            result.isetitem(position, pd.Series(values, index=frame.index, dtype=column.dtype))
    return result


def _cell(value: object, change: Callable[[str], str]) -> object:
    return change(value) if isinstance(value, str) else value
