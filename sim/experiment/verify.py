"""Whether a folder of results is what was written: every digest of its manifest, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.experiment import manifest
from sim.experiment.draft import SEAL, seal
from sim.experiment.plan import digest_of
from sim.files import file_digest


def verify(folder: str | Path) -> int:
    """Check every file that a batch wrote; return how many there are.

    Files that a user added are not looked at. Raises InputError naming every file that is missing
    or was changed, every part that the batch lacks, and a manifest that is missing, unreadable or
    was edited.
    """
    record = manifest.read(Path(folder))
    path = Path(folder) / "manifest.json"
    problems = list(_edited(record, path))
    if not problems:  # else nothing that it lists need be of its kind
        problems += _lacking(record, path)
    problems += _changed(Path(folder), record["files"])
    if problems:
        raise InputError(problems)
    return len(record["files"])


def _edited(record: dict[str, Any], path: Path) -> Iterator[Problem]:
    if digest_of(record["inputs"]) != record["digest"]:
        yield Problem("its inputs do not have the digest that it states: edited", file=str(path))
    if not record["batch"].endswith(f"-{record['digest'][:8]}"):
        yield Problem("its name and its digest do not belong together: edited", file=str(path))
    if record.get(SEAL) != seal(record):
        yield Problem("it does not have the digest that it states: edited", file=str(path))


def _lacking(record: dict[str, Any], path: Path) -> Iterator[Problem]:
    for part in record["missing"]:
        yield Problem(
            f"members {part['first']} to {part['last']} of {part['scenario']} are missing: "
            f"{part['cause']}",
            file=str(path), remedy="run the batch again with --resume",
        )  # fmt: skip


def _changed(folder: Path, files: dict[str, str]) -> Iterator[Problem]:
    for name, digest in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            yield Problem("is missing", file=str(path), remedy="run the batch again")
        elif file_digest(path) != digest:
            yield Problem("was changed since it was written", file=str(path))
