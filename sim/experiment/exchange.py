"""Where workers of other machines put parts: the results folder itself, or a place to fetch from.

Both kinds of place know four moments: the client opens it and leaves a mark, a worker looks for
the mark, a worker puts a part there, the client takes the part into the draft of the batch.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from sim.errors import InputError, Problem
from sim.experiment import engine, manifest, store
from sim.experiment.finished import Part
from sim.experiment.work import Job, run_job
from sim.files import atomic, file_digest

#: Seconds that a network file system has to show a part that a worker has written.
LATEST = 60.0


class Place(Protocol):
    """Where parts go from a worker to the client. It crosses to the workers by pickle."""

    def open(self, mark: str) -> None:
        """On the client: leave a mark for workers to find. Raises InputError."""

    def unseen(self, mark: str) -> str:
        """On a worker: why it cannot put parts here, or "" when it can."""

    def waiting(self, jobs: Iterable[Job]) -> list[Part]:
        """On the client: parts of these jobs that an interrupted run left here."""

    def put(self, job: Job) -> Part:
        """On a worker: run a job, and put its part here. Raises OSError, or what the model does."""

    def take(self, part: Part, job: Job) -> Part:
        """On the client: bring a part into the draft. Raises OSError, Spoilt if bytes differ."""

    def forget(self, part: Part) -> None:
        """On the client: the part is safe in the draft and needs no other place."""

    def close(self, mark: str, taken: Iterable[Part]) -> None:
        """On the client: take the mark away; see that all that was taken can be read."""


class Spoilt(OSError):
    """A part that did not arrive as it was written."""


@dataclass(frozen=True)
class SharedFolder:
    """The draft's folder, which client and workers see under the same path."""

    folder: Path

    def open(self, mark: str) -> None:
        """Leave the mark. Raises OSError."""
        (self.folder / mark).touch()

    def unseen(self, mark: str) -> str:
        """Whether this machine sees the folder, and not another of that name."""
        if (self.folder / mark).exists():
            return ""
        return (
            f"does not see the results folder {self.folder}; use a folder that every machine "
            "shares under the same path, or --exchange"
        )

    def waiting(self, jobs: Iterable[Job]) -> list[Part]:
        """None: parts in the draft's folder are found by the draft."""
        return []

    def put(self, job: Job) -> Part:
        """Run a job, and write its part where the batch wants it."""
        return run_job(job, self.folder)

    def take(self, part: Part, job: Job) -> Part:
        """Nothing to bring: only see that it is there, and whole in length."""
        path, last = self.folder / part.file, time.monotonic() + LATEST
        while not path.exists() and time.monotonic() < last:
            time.sleep(0.2)
        if not path.exists() or path.stat().st_size != part.bytes:
            raise Spoilt(f"{part.file} is not in {self.folder} as the worker wrote it")
        return part

    def forget(self, part: Part) -> None:
        """Nothing: the part stays where it is."""

    def close(self, mark: str, taken: Iterable[Part]) -> None:
        """Clear away what killed workers left half written. Raises OSError for unlisted parts."""
        (self.folder / mark).unlink(missing_ok=True)
        for path in self.folder.glob("members/*/.part-*"):
            path.unlink(missing_ok=True)
        wanted, last = {self.folder / part.file for part in taken}, time.monotonic() + LATEST
        while unlisted := wanted - set(self.folder.glob("members/*/part-*")):
            if time.monotonic() > last:
                raise OSError(f"{len(unlisted)} parts are not listed in {self.folder}")
            time.sleep(0.2)


@dataclass(frozen=True)
class Exchange:
    """A folder or a bucket that fsspec can reach. A part lies there until the client has it.

    Its name is the digest of its inputs and of the arithmetic that made it; a note beside it,
    written last, says that it is whole.
    """

    url: str
    folder: Path

    def open(self, mark: str) -> None:
        """Leave the mark. Raises InputError for a place that is unknown or cannot be written to."""
        files, root = reach(self.url)
        try:
            if "file" in files.protocol:  # elsewhere a slip of the pen would make a bucket
                files.makedirs(root, exist_ok=True)
            files.pipe_file(f"{root}/{mark}", b"digiregion")
        except Exception as error:
            words = f"cannot be written to: {type(error).__name__}: {error}"
            raise InputError([Problem(words, field="exchange", value=self.url)]) from error

    def unseen(self, mark: str) -> str:
        """Whether this machine reaches the exchange, and not another of that name."""
        try:
            files, root = reach(self.url)
            files.invalidate_cache()
            found = files.exists(f"{root}/{mark}")
        except Exception as error:
            return f"does not reach the exchange {self.url}: {type(error).__name__}: {error}"
        return "" if found else f"does not see what the client wrote to the exchange {self.url}"

    def waiting(self, jobs: Iterable[Job]) -> list[Part]:
        """Parts of these jobs that lie here with their notes."""
        files, root = reach(self.url)
        files.invalidate_cache()
        names = {str(name).rsplit("/", 1)[-1] for name in files.ls(root, detail=False)}
        notes = (self._noted(job.inputs) for job in jobs if f"{_name(job.inputs)}.json" in names)
        return [part for part in notes if part is not None]

    def put(self, job: Job) -> Part:
        """Run a job and put its part here, unless it lies here already."""
        if (found := self._noted(job.inputs)) is not None:
            return found
        files, root = reach(self.url)
        measured = engine.run_task(job.task)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "part.parquet"
            digest, size = store.write_part(path, job.task, measured)
            files.put_file(str(path), f"{root}/{_name(job.inputs)}.parquet")
        members = job.task.members
        part = Part(
            job.task.case.name, members.start, members.stop - 1, job.file, job.inputs, digest, size
        )
        files.pipe_file(f"{root}/{_name(job.inputs)}.json", json.dumps(asdict(part)).encode())
        return part

    def take(self, part: Part, job: Job) -> Part:
        """Fetch a part into the draft, all or nothing. Raises Spoilt when its bytes differ."""
        files, root = reach(self.url)
        files.invalidate_cache()
        target = self.folder / job.file
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic(target) as draft:
            try:
                files.get_file(f"{root}/{_name(part.inputs)}.parquet", str(draft))
            except FileNotFoundError as error:
                raise Spoilt(
                    f"{_name(part.inputs)}.parquet is not in {self.url} any more"
                ) from error
            if file_digest(draft) != part.sha256:
                self.forget(part)
                raise Spoilt(
                    f"{_name(part.inputs)}.parquet did not arrive from {self.url} as written"
                )
        return replace(part, scenario=job.task.case.name, file=job.file)

    def forget(self, part: Part) -> None:
        """Delete a part here, its note first."""
        files, root = reach(self.url)
        for kind in ("json", "parquet"):
            with suppress(FileNotFoundError):
                files.rm_file(f"{root}/{_name(part.inputs)}.{kind}")

    def close(self, mark: str, taken: Iterable[Part]) -> None:
        """Take the mark away."""
        files, root = reach(self.url)
        with suppress(FileNotFoundError):
            files.rm_file(f"{root}/{mark}")

    def _noted(self, inputs: str) -> Part | None:
        files, root = reach(self.url)
        try:
            return Part(**json.loads(files.cat_file(f"{root}/{_name(inputs)}.json")))
        except (FileNotFoundError, ValueError, TypeError):
            return None


def _name(inputs: str) -> str:
    return f"{inputs}-{manifest.arithmetic()[:12]}"


def reach(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path on it.

    Raises InputError for a protocol that is not known, or whose library is not installed.
    """
    try:
        import fsspec

        files, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError, TypeError) as error:
        problem = Problem(
            str(error), field="exchange", value=url,
            allowed="a URL that fsspec knows, such as s3://bucket/folder or file:///shared/folder",
        )  # fmt: skip
        raise InputError([problem]) from error
    return files, str(root).rstrip("/")
