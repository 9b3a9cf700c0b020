"""Writing files whole or not at all, and finding out whether they changed."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
