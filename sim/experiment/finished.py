"""Finished parts: found by the digest of their inputs, trusted if their bytes are as written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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
        text = (folder / JOURNAL).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [part for line in text.splitlines() for part in _parsed(line)]


def write_journal(folder: Path, part: Part) -> None:
    """Add a part to a draft's journal; it is on disk when this returns. Raises OSError."""
    with (folder / JOURNAL).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(part)) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def replace_journal(folder: Path, parts: Iterable[Part]) -> None:
    """Let a draft's journal list these parts and no others, all or nothing. Raises OSError."""
    write_text(folder / JOURNAL, "".join(json.dumps(asdict(part)) + "\n" for part in parts))


def _parsed(line: str) -> list[Part]:
    try:
        return parts_of([json.loads(line)])
    except (ValueError, RecursionError):
        return []


def parts_of(listed: Any) -> list[Part]:
    """The parts in a list that was read from a file; what is no part is left out."""
    kinds: dict[str, type] = dict.fromkeys(("scenario", "file", "inputs", "sha256"), str)
    kinds |= dict.fromkeys(("first", "last", "bytes"), int)
    return [
        Part(**item)
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
        and set(item) == set(kinds)
        and all(isinstance(item[field], kind) for field, kind in kinds.items())
        and item["file"].startswith("members/")
        and ".." not in item["file"].split("/")
    ]


def manifest_parts(folder: Path) -> list[Part]:
    """The parts that a manifest lists, if there is one that can be read."""
    try:
        record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []  # not a batch, or one that `verify` names as edited: nothing to reuse
    return parts_of(record.get("parts")) if isinstance(record, dict) else []


def known_parts(out: Path) -> dict[str, list[tuple[Path, Part]]]:
    """Parts that finished or unfinished batches below ``out`` list, with their files, by inputs."""
    found: dict[str, list[tuple[Path, Part]]] = {}
    for folder, part in _listed(out):
        found.setdefault(part.inputs, []).append((folder / part.file, part))
    return found


def _listed(out: Path) -> Iterator[tuple[Path, Part]]:
    for folder in sorted((out / ROOM).glob("*/")):
        yield from ((folder, part) for part in read_journal(folder))
    for path in sorted(out.glob("*/manifest.json")):
        yield from ((path.parent, part) for part in manifest_parts(path.parent))


def is_whole(path: Path, part: Part) -> bool:
    """Whether a part's file has the bytes that were written."""
    try:
        return path.stat().st_size == part.bytes and file_digest(path) == part.sha256
    except (OSError, ValueError):  # ValueError: no path at all
        return False


def link(source: Path, target: Path) -> None:
    """Enter a file of another batch: no byte is copied where the file system can share it.

    Raises OSError, FileNotFoundError when the file is no longer there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic(target) as draft:
        draft.unlink()
        try:
            os.link(source.resolve(strict=True), draft)
        except FileNotFoundError:
            raise
        except OSError:  # another file system, or one without links
            shutil.copyfile(source, draft)
