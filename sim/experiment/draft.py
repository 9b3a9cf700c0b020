"""The draft of a batch: built in a hidden room, locked, and published when all is in it."""

from __future__ import annotations

import errno
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
from sim.experiment import finished, manifest
from sim.experiment.finished import ROOM, Part
from sim.experiment.plan import Plan, digest_of
from sim.files import atomic, file_digest, write_text

PLAN = "plan.json"
#: Where a manifest holds its own digest.
SEAL = "manifest_digest"
#: Times that a room is entered which others take down when they leave it.
ROOM_TRIES = 20


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
            self._acquire()
            self._exits.callback(self._release)
            self._holder.write_text(_me(), encoding="utf-8")
            self.folder.mkdir(exist_ok=True)
            self._adopt()
        except Timeout:
            raise InputError([self._taken()]) from None
        except OSError as error:
            self._exits.close()
            raise InputError([_not_writable(self.out, error)]) from error
        except BaseException:
            self._exits.close()
            raise
        return self

    def _acquire(self) -> None:
        """Enter the room and lock it. Raises Timeout or OSError."""
        for tries_left in reversed(range(ROOM_TRIES)):
            try:
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                self._lock.acquire()
                return
            except (FileNotFoundError, FileExistsError):
                if not tries_left:  # else another batch just left the room, and took it down
                    raise

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
        kept = [part for part in finished.read_journal(self.folder) if self._has(part)]
        finished.replace_journal(self.folder, kept)
        wanted = {self.folder / name for name in (finished.JOURNAL, *(part.file for part in kept))}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in wanted:
                path.unlink()
        write_text(self.folder / PLAN, json.dumps(_described(self.plan), indent=1) + "\n")
        self.parts = {part.file: part for part in kept}

    def _has(self, part: Part) -> bool:
        """Whether a part is whole: here, or where it went if publishing was cut short."""
        if finished.is_whole(self.folder / part.file, part):
            return True
        published = self.out / self.plan.name / part.file
        if not finished.is_whole(published, part):
            return False
        finished.link(published, self.folder / part.file)
        return True

    def keep(self, wanted: dict[str, str]) -> None:
        """Forget parts that are not wanted: ``wanted`` are digests of inputs by file."""
        for file, part in list(self.parts.items()):
            if wanted.get(file) != part.inputs:
                del self.parts[file]
                (self.folder / file).unlink()

    def add(self, part: Part) -> None:
        """Enter a finished part in the journal. Raises OSError."""
        self.parts[part.file] = part  # first: an interrupt may come once it is written
        try:
            finished.write_journal(self.folder, part)
        except OSError:
            del self.parts[part.file]
            raise

    def sweep(self) -> None:
        """Take away what workers that were killed left half-written. No worker may run."""
        wanted = {self.folder / file for file in self.parts}
        for path in sorted((self.folder / "members").rglob("*")):
            if path.is_file() and path not in wanted:
                path.unlink()

    def reuse(self, file: str, scenario: str, known: Iterable[tuple[Path, Part]]) -> bool:
        """Take a part of the same inputs from another batch, if its bytes are as written."""
        for source, part in known:
            if not finished.is_whole(source, part):
                continue
            try:
                finished.link(source, self.folder / file)
            except FileNotFoundError:  # another process published or removed it just now
                continue
            self.add(replace(part, file=file, scenario=scenario))
            return True
        return False

    def publish(self, record: dict[str, Any]) -> Path:
        """Let the draft take its place in ``out``, its manifest last; a user's files stay.

        Parts that the record does not list among its files are left out. A kill at any moment
        loses no part: the journal is the last that goes.
        """
        target = self.out / self.plan.name
        record["files"] |= _earlier_files(target, record["files"])
        write_manifest(self.folder, record)
        if target.exists():
            _replace_files(self.folder, target)
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            os.replace(self.folder, target)
        left_out = sorted(set(self.parts) - set(record["files"]))
        self.parts.clear()
        for name in (*left_out, PLAN, finished.JOURNAL):
            (target / name).unlink(missing_ok=True)
        for folder in (*{(target / name).parent for name in left_out}, target / "members"):
            with suppress(OSError):  # files of the user are in it
                folder.rmdir()
        return target


def write_manifest(folder: Path, record: dict[str, Any]) -> None:
    """Write a batch's manifest, all or nothing, with a digest of all that it says."""
    sealed = {**record, SEAL: seal(record)}
    write_text(folder / "manifest.json", json.dumps(sealed, indent=1) + "\n")


def seal(record: dict[str, Any]) -> str:
    """The digest of all that a manifest says but its own digest."""
    return digest_of({key: value for key, value in record.items() if key != SEAL})


def _replace_files(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*"), key=lambda path: path.name == "manifest.json"):
        if path.is_file() and path.name not in (PLAN, finished.JOURNAL):
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            _move(path, place)


def _move(path: Path, place: Path) -> None:
    """Let a file take its place, all or nothing, also on another file system."""
    try:
        os.replace(path, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with atomic(place) as draft:
            shutil.copyfile(path, draft)


def _earlier_files(folder: Path, written: dict[str, str]) -> dict[str, str]:
    """What an earlier run of the same inputs wrote and this one did not: figures, say."""
    try:
        earlier = manifest.read(folder)["files"]
    except InputError:
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
