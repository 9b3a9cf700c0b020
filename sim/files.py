"""Writing files whole or not at all, whether they can be, and whether they changed."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import InputError, Problem


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A path to write to that takes the place of ``path`` only when all went well."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}{path.suffix}")
    draft.touch(exist_ok=False)
    try:
        yield draft
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, all or nothing."""
    with atomic(path) as draft:
        draft.write_bytes(text.encode())


def check_writable(folder: Path, field: str) -> None:
    """Raise InputError unless files can be written to a folder, or it can be made. Writes nothing.

    ``field`` is the option that names the folder. Of a folder that is not there yet, the nearest
    one above it is looked at.
    """
    nearest = next(one for one in (folder, *folder.absolute().parents) if os.path.lexists(one))
    if not nearest.is_dir():
        message = "is a file, not a folder"
    elif not os.access(nearest, os.W_OK | os.X_OK):
        message = "cannot be written: there is no right to"
    else:
        return
    more = "" if nearest == folder else f" ({nearest})"
    remedy = "name another folder"
    raise InputError([Problem(message + more, field=field, value=str(folder), remedy=remedy)])


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
