"""The draft of a batch: built in a hidden room, locked, and published when all is in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from sim.errors import InputError, Problem
from sim.experiment import finished
from sim.experiment.finished import ROOM, Part
from sim.experiment.plan import Plan
from sim.files import file_digest, write_text

PLAN = "plan.json"


class Draft:
    """A folder ``out/.digiregion/<name>`` in which one process at a time builds a batch.

    Finished parts stay in it when the process is killed; ``with Draft(...)`` finds them again.
    Raises InputError when ``out`` cannot be written to, or another process builds the same batch.
    """

    def __init__(self, out: Path, plan: Plan) -> None:
        self.out, self.plan = out, plan
        self.folder = out / ROOM / plan.name
        self.parts: dict[str, Part] = {}
        self._holder = self.folder.with_name(f"{plan.name}.holder")
        self._lock = FileLock(self.folder.with_name(f"{plan.name}.lock"), timeout=0)
        self._exits = ExitStack()

    def __enter__(self) -> Draft:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._exits.callback(self._release)
            self._holder.write_text(_me(), encoding="utf-8")
            self.folder.mkdir(exist_ok=True)
            self._adopt()
        except Timeout:
            raise InputError([self._taken()]) from None
        except OSError as error:
            self._exits.close()
            raise InputError([_not_writable(self.out, error)]) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if not self.parts:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._exits.close()

    def _release(self) -> None:
        """Let go, and leave no empty room behind."""
        self._holder.unlink(missing_ok=True)
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()
        with suppress(OSError):  # another batch is in it
            self.folder.parent.rmdir()

    def _taken(self) -> Problem:
        try:
            holder = self._holder.read_text(encoding="utf-8")
        except OSError:
            holder = "another process"
        return Problem(
            f"{holder} is writing this batch there", field="out", value=str(self.out),
            remedy="wait for it, or name another folder with --out",
        )  # fmt: skip

    def _adopt(self) -> None:
        """Keep the parts that an earlier process finished, and nothing else of its work."""
        listed = finished.read_journal(self.folder)
        kept = [part for part in listed if finished.is_whole(self.folder / part.file, part)]
        finished.replace_journal(self.folder, kept)
        wanted = {self.folder / name for name in (finished.JOURNAL, *(part.file for part in kept))}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in wanted:
                path.unlink()
        write_text(self.folder / PLAN, json.dumps(_described(self.plan), indent=1) + "\n")
        self.parts = {part.file: part for part in kept}

    def keep(self, wanted: dict[str, str]) -> None:
        """Forget parts that are not wanted: ``wanted`` are digests of inputs by file."""
        for file, part in list(self.parts.items()):
            if wanted.get(file) != part.inputs:
                del self.parts[file]
                (self.folder / file).unlink()

    def add(self, part: Part) -> None:
        """Enter a finished part in the journal. Raises OSError."""
        finished.write_journal(self.folder, part)
        self.parts[part.file] = part

    def reuse(self, file: str, scenario: str, known: Iterable[tuple[Path, Part]]) -> bool:
        """Take a part of the same inputs from another batch, if its bytes are as written."""
        for source, part in known:
            if finished.is_whole(source, part):
                finished.link(source, self.folder / file)
                self.add(replace(part, file=file, scenario=scenario))
                return True
        return False

    def publish(self, record: dict[str, Any]) -> Path:
        """Let the draft take its place in ``out``, its manifest last; a user's files stay."""
        for name in (PLAN, finished.JOURNAL):
            (self.folder / name).unlink(missing_ok=True)
        target = self.out / self.plan.name
        record["files"] |= _earlier_files(target, record["files"])
        write_manifest(self.folder, record)
        if target.exists():
            _replace_files(self.folder, target)
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            os.replace(self.folder, target)
        self.parts.clear()
        return target


def write_manifest(folder: Path, record: dict[str, Any]) -> None:
    """Write a batch's manifest, all or nothing."""
    write_text(folder / "manifest.json", json.dumps(record, indent=1) + "\n")


def _replace_files(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*"), key=lambda path: path.name == "manifest.json"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)


def _earlier_files(folder: Path, written: dict[str, str]) -> dict[str, str]:
    """What an earlier run of the same inputs wrote and this one did not: figures, say."""
    try:
        earlier = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return {}
    return {
        name: digest
        for name, digest in earlier.items()
        if name not in written
        and (folder / name).is_file()
        and file_digest(folder / name) == digest
    }


def _described(plan: Plan) -> dict[str, Any]:
    scenarios = {entry.name: entry.scenario.to_yaml() for entry in plan.batch}
    return {
        "batch": plan.name,
        "digest": plan.digest,
        "inputs": plan.inputs,
        "parts": len(plan.tasks),
        "scenarios": scenarios,
    }


def _me() -> str:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"process {os.getpid()} on {socket.gethostname()} (since {since})"


def _not_writable(out: Path, error: OSError) -> Problem:
    return Problem(
        f"cannot write results there: {error.strerror or error}", field="out", value=str(out),
        remedy="name a folder that can be written to",
    )  # fmt: skip
