"""One batch on a cluster, as `cluster_hosts.sh` starts it: when parts arrive, and their bytes."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path

from sim.errors import InputError, Unfinished
from sim.experiment.batch import write_batch
from sim.experiment.cluster import cluster
from sim.files import file_digest
from sim.policy import Scenario


def main() -> int:
    options = _options()
    clock, arrived = time.perf_counter(), []

    def progress(phase: str, done: int, total: int) -> None:
        if phase == "run" and done:
            arrived.append(time.perf_counter() - clock)

    runner = None
    if options.scheduler:
        runner = cluster(options.scheduler, options.exchange, options.parts_per_task)
    try:
        written = write_batch(
            [Scenario.load(path) for path in options.scenarios], options.members,
            workers=options.workers, out=options.out, runner=runner, progress=progress,
        )  # fmt: skip
    except (InputError, Unfinished) as error:
        print(f"{type(error).__name__}: {error}")
        return 1
    took = time.perf_counter() - clock
    ran, found = sum(written.ran.values()), sum(written.reused.values())
    print(f"parts run {ran}, found {found}, missing {len(written.missing)}")
    print("parts arrived after", " ".join(f"{moment:.1f}" for moment in arrived), "s")
    print(f"parts {max(arrived, default=0):.1f} s, tables {took - max(arrived, default=0):.1f} s")
    print(f"digest of all files but the manifest: {digest(written.folder)}")
    return 0


def digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of all files of a batch but its manifest."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            found.update(f"{path.relative_to(folder).as_posix()} {file_digest(path)}\n".encode())
    return found.hexdigest()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="+")
    parser.add_argument("--members", type=int, default=2560)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, help="processes here, without --scheduler")
    parser.add_argument("--scheduler")
    parser.add_argument("--exchange")
    parser.add_argument("--parts-per-task", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
