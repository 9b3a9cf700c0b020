"""Finished parts: found by the digest of their inputs, trusted if their bytes are as written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.files import atomic, file_digest, write_text

#: Below a folder for results: the hidden room in which batches are built.
ROOM = ".digiregion"
JOURNAL = "parts.jsonl"


@dataclass(frozen=True)
class Part:
    """A part on disk: what it holds, of what inputs, in which file, with which bytes.

    ``first`` and ``last`` are its ensemble members, both included. ``inputs`` is the digest of all
    that its bytes depend on, ``sha256`` that of its bytes.
    """

    scenario: str
    first: int
    last: int
    file: str
    inputs: str
    sha256: str
    bytes: int


def read_journal(folder: Path) -> list[Part]:
    """The parts that a draft's journal lists; a line that a kill cut short is left out."""
    try:
        lines = (folder / JOURNAL).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [part for line in lines if (part := _parsed(line)) is not None]


def write_journal(folder: Path, part: Part) -> None:
    """Add a part to a draft's journal; it is on disk when this returns. Raises OSError."""
    with (folder / JOURNAL).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(part)) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def replace_journal(folder: Path, parts: Iterable[Part]) -> None:
    """Let a draft's journal list these parts and no others, all or nothing. Raises OSError."""
    write_text(folder / JOURNAL, "".join(json.dumps(asdict(part)) + "\n" for part in parts))


def _parsed(line: str) -> Part | None:
    try:
        return Part(**json.loads(line))
    except (ValueError, TypeError):
        return None


def known_parts(out: Path) -> dict[str, list[tuple[Path, Part]]]:
    """Parts that finished or unfinished batches below ``out`` list, with their files, by inputs."""
    found: dict[str, list[tuple[Path, Part]]] = {}
    for folder, part in _listed(out):
        found.setdefault(part.inputs, []).append((folder / part.file, part))
    return found


def _listed(out: Path) -> Iterator[tuple[Path, Part]]:
    for folder in sorted((out / ROOM).glob("*/")):
        for part in read_journal(folder):
            yield folder, part
    for path in sorted(out.glob("*/manifest.json")):
        try:
            listed = json.loads(path.read_text(encoding="utf-8"))["parts"]
            yield from ((path.parent, Part(**item)) for item in listed)
        except (OSError, ValueError, TypeError, KeyError):
            continue  # not a batch, or one that `verify` names as edited: nothing to reuse


def is_whole(path: Path, part: Part) -> bool:
    """Whether a part's file has the bytes that were written."""
    try:
        return path.stat().st_size == part.bytes and file_digest(path) == part.sha256
    except OSError:
        return False


def link(source: Path, target: Path) -> None:
    """Enter a file of another batch: no byte is copied where the file system can share it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic(target) as draft:
        draft.unlink()
        try:
            os.link(source, draft)
        except OSError:
            shutil.copyfile(source, draft)
