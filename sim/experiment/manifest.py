"""What ran: inputs with their digests, seed, versions, platform, command."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.files import file_digest

#: What every manifest holds.
FIELDS = {
    "batch": str, "digest": str, "inputs": dict, "layout": dict, "parts": list, "missing": list,
    "files": dict,
}  # fmt: skip
#: Files of a batch's folder, or of its draft, that are not results.
NOT_RESULTS = ("manifest.json", "plan.json", "parts.jsonl")
LIBRARIES = ("numpy", "pandas", "pyarrow", "networkx", "mesa", "matplotlib", "pydantic")


#: The floors whose code the numbers depend on; the tables of a region have a digest of their own.
NUMERIC_FLOORS = ("region", "model", "policy", "kpi", "experiment")


def code_digest() -> str:
    """SHA-256 over the Python files that the numbers depend on."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for floor in NUMERIC_FLOORS:
        for path in sorted((package / floor).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of the distribution and of the libraries that the results depend on."""
    found = {"python": platform.python_version()}
    for name in ("digiregion", *LIBRARIES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


@functools.cache
def source_state() -> dict[str, Any]:
    """The commit that the package was run from and whether it was clean, if it is a checkout."""
    package = Path(__file__).resolve().parent.parent

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(package), *words], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        # A checkout that encloses an installed package is not where the package comes from.
        git("ls-files", "--error-unmatch", "--", str(package / "__init__.py"))
        return {
            "commit": git("rev-parse", "HEAD"),
            "clean": not git("status", "--porcelain", "--", str(package)),
        }
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "clean": None}


def file_digests(folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of every file of a batch but its manifest, by path within the folder.

    ``known`` are digests of files that were just written or checked: they are not read again.
    """
    names = (
        path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()
    )
    return {
        name: known.get(name) or file_digest(folder / name)
        for name in names
        if name not in NOT_RESULTS
    }


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a finished batch. Raises InputError when there is none that can be read."""
    path = folder / "manifest.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        remedy = "name a folder that `digiregion run` has written"
        problem = Problem(
            "holds no finished batch (no manifest.json)", file=str(folder), remedy=remedy
        )
        raise InputError([problem]) from None
    except (OSError, ValueError) as error:
        raise InputError([Problem(f"cannot be read: {error}", file=str(path))]) from error
    held = record if isinstance(record, dict) else {}
    wrong = [key for key, kind in FIELDS.items() if not isinstance(held.get(key), kind)]
    if wrong:
        words = f"is no manifest of a batch: {', '.join(wrong)} missing or of the wrong kind"
        raise InputError([Problem(words, file=str(path))])
    return record


def inputs(
    scenarios: list[dict[str, Any]],
    seed: int,
    members: int,
    kpis: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> dict[str, Any]:
    """What the numbers depend on. Its digest names the batch.

    ``kpis`` and ``years`` are what tables are cut down to, None for all.
    """
    return {
        "scenarios": scenarios,
        "seed": int(seed),
        "members": int(members),
        "kpis": None if kpis is None else list(kpis),
        "years": None if years is None else [int(year) for year in years],
        "code": code_digest(),
        "version": metadata.version("digiregion"),
    }


@functools.cache
def made_by() -> Mapping[str, str]:
    """What the last digits may depend on besides the inputs: libraries, machine, processor."""
    here = {**versions(), **machine(), "arithmetic": arithmetic()}
    names = ("python", "numpy", "pyarrow", "machine", "system", "arithmetic")
    return MappingProxyType({name: here[name] for name in names})


@functools.cache
def arithmetic() -> str:
    """A digest of sums whose last digits depend on the processor's vector units and the BLAS."""
    numbers = np.random.Generator(np.random.Philox(1)).standard_normal((64, 32, 32))
    small, positive = numbers / 8, np.abs(numbers) + 0.1
    answers = (
        np.exp(small), np.expm1(small), np.log(positive), np.log1p(positive), np.sqrt(positive),
        np.hypot(small, numbers), positive**0.37, numbers.sum(axis=-1), numbers.sum(axis=0),
        np.matmul(small, numbers), np.matmul(small, numbers[:, :, :1]), np.vecdot(small, numbers),
        np.einsum("ijk,ik->ij", small, numbers[:, 0]), np.linalg.inv(numbers[0]),
    )  # fmt: skip
    return hashlib.sha256(b"".join(answer.tobytes() for answer in answers)).hexdigest()


def machine() -> dict[str, str]:
    """The platform, for a reader who meets different last digits."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "implementation": platform.python_implementation(),
    }
