"""Fitted ensembles on disk: which one a region's runs start from, and whether it still fits."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import shlex
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError, Problem
from sim.experiment.posterior import Posterior
from sim.files import atomic, write_text
from sim.model.parameters import priors
from sim.model.quantities import COHORTS, Array
from sim.region.layout import FIRST_YEAR
from sim.region.region import Region

#: Where a fitted ensemble is looked for in the folder of a region of one's own.
FOLDER = "posterior"
SHIPPED = Path(__file__).parent / "posteriors" / "asean+carec"
ABOUT, SHARED, OWN = "posterior.json", "shared.parquet", "economies.parquet"
FILES = (ABOUT, SHARED, OWN)
#: What runs may start from, besides a folder that holds a fitted ensemble.
POSTERIOR, PRIOR = "posterior", "prior"
#: Economies named in a warning before it only counts.
SHOWN = 8


@dataclass(frozen=True)
class Chosen:
    """What a region's runs start from: the fitted ensemble or None for priors; what to know.

    ``folder`` is where the ensemble was read.
    """

    posterior: Posterior | None
    warnings: tuple[str, ...] = ()
    folder: Path | None = None

    @property
    def digest(self) -> str | None:
        """Digest of the fitted ensemble; None for priors."""
        return None if self.posterior is None else self.posterior.digest


def about(chosen: Chosen) -> dict[str, Any]:
    """What a manifest says of it: kind, and what was fitted to what, with digests."""
    if chosen.posterior is None:
        return {"kind": PRIOR}
    held = chosen.posterior.about
    told = {name: held[name] for name in ("region", "until", "members", "seed", "rounds")}
    digests = {"digest": chosen.digest, "model": held["model"]["digest"]}
    return {"kind": POSTERIOR, "draws": chosen.posterior.size, **told, **digests}


def choose(region: Region, parameters: str | Path = POSTERIOR) -> Chosen:
    """The fitted ensemble that runs of a region start from.

    ``parameters`` is "posterior" for the one in the region's folder, or else the shipped one;
    "prior" for none; or a folder that ``digiregion calibrate`` wrote, or that holds such folders
    by name of region. Raises InputError for a folder without any.
    """
    if parameters == PRIOR:
        return Chosen(None)
    folder = _folder(region, parameters)
    held = read(folder)
    changed = _changed_histories(held, region)
    other_start = held.about["until"] != region.base_year
    unlike: Sequence[str] = region.economies if other_start else ()
    if not other_start and folder == SHIPPED and not region.is_shipped:
        unlike, changed = changed, []  # of the same code, but not that economy's history
    found = held.of(region.economies, but=unlike)
    return Chosen(found, tuple(_warnings(region, found, changed, other_start)), folder)


def _folder(region: Region, parameters: str | Path) -> Path:
    if parameters != POSTERIOR:
        asked = Path(parameters)
        for folder in (asked / region.name, asked):
            if (folder / ABOUT).is_file():
                return folder
        if any(asked.glob(f"*/{ABOUT}")):  # of other regions: this one has the shipped ensemble
            return SHIPPED
        remedy = "fit one with digiregion calibrate --out DIR"
        raise InputError(
            [
                Problem(
                    f"neither a choice nor a folder with a fitted ensemble ({ABOUT})",
                    field="parameters",
                    value=str(parameters),
                    allowed=f"{POSTERIOR}, {PRIOR}, or the path of a folder",
                    remedy=remedy,
                )
            ]
        )
    own = region.folder / FOLDER
    return own if not region.is_shipped and (own / ABOUT).is_file() else SHIPPED


def _warnings(
    region: Region, found: Posterior, changed: Sequence[str], other_start: bool
) -> Iterator[str]:
    """What a user must know of a fitted ensemble, with what to run."""
    asked = region.name if region.is_shipped else shlex.quote(str(region.folder))
    again = f"digiregion calibrate --region {asked}"
    if region.is_shipped:
        again += " --out DIR, then --parameters DIR"
    if other_start:
        yield (
            f"the fitted ensemble ends in {found.about['until']} and {region.name} starts in "
            f"{region.base_year}: only what all economies share is taken from it; run: {again}"
        )
    elif not found.fitted.all():
        missing = [c for c, known in zip(found.economies, found.fitted, strict=True) if not known]
        yield f"not fitted, effects are drawn from the priors: {_named(missing)}; run: {again}"
    if changed:
        words = "history is not what the parameters were fitted to"
        yield f"{words}: {_named(changed)}; run: {again}"
    if model_digest(found.about["model"]["files"]) != found.about["model"]["digest"]:
        yield f"the model changed since the parameters were fitted; run: {again}"
    elif prior_digest(found.about["priors"]["names"]) != found.about["priors"]["digest"]:
        yield f"priors changed since the parameters were fitted; run: {again}"


def _named(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    return ", ".join(codes[:SHOWN]) + more


def _changed_histories(held: Posterior, region: Region) -> list[str]:
    then = held.about["history"]
    now = history_digests(region, then["indicators"], held.about["until"])
    return [code for code in region.economies if then["digests"].get(code, now[code]) != now[code]]


def history_digests(region: Region, indicators: Sequence[str], until: int) -> dict[str, str]:
    """SHA-256 of an economy's published figures of some indicators up to a year, by economy."""
    found = {code: hashlib.sha256() for code in region.economies}
    for name in indicators:
        seen = region.series_observed(name, FIRST_YEAR, until)
        values = np.where(seen, region.series(name, FIRST_YEAR, until), np.nan)
        for row, code in enumerate(region.economies):
            found[code].update(name.encode() + np.ascontiguousarray(values[row]).tobytes())
    return {code: digest.hexdigest() for code, digest in found.items()}


@functools.lru_cache
def _code(path: Path) -> str:
    """The code of a Python file without comments, documentation and layout."""
    words, last = [], tokenize.NEWLINE
    layout = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
    for token in tokenize.tokenize(io.BytesIO(path.read_bytes()).readline):
        is_documentation = token.type == tokenize.STRING and last in layout
        if token.type not in (*layout, tokenize.COMMENT) and not is_documentation:
            words.append("".join(token.string.split()))
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            last = token.type
    return "".join(words)


def model_digest(files: Sequence[str]) -> str:
    """SHA-256 of the code of some files of the package, given by their path in it."""
    package = Path(__file__).resolve().parent.parent
    found = hashlib.sha256()
    for name in files:
        path = package / name
        found.update(f"{name}:{_code(path) if path.is_file() else 'missing'}".encode())
    return found.hexdigest()


def prior_digest(names: Sequence[str]) -> str:
    """SHA-256 of the priors of some parameters."""
    known = {prior.name: prior for prior in priors()}
    told = [(n, known[n].kind, known[n].values, known[n].bounds) for n in names if n in known]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def write(posterior: Posterior, folder: Path) -> Path:
    """Write a fitted ensemble: two tables and what they are. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    draws, economies = posterior.size, posterior.economies
    shared = {"draw": np.arange(draws, dtype=np.int32), **posterior.shared}
    own: dict[str, Any] = {
        "draw": np.repeat(np.arange(draws, dtype=np.int32), len(economies)),
        "economy": pa.array(list(economies) * draws).dictionary_encode(),
    }
    for name, values in posterior.own.items():
        if values.ndim == 2:
            own[name] = values.astype(np.float32).ravel()
        else:
            for place, cohort in enumerate(COHORTS):
                own[f"{name}_{cohort}"] = values[:, :, place].astype(np.float32).ravel()
    for name, columns in ((SHARED, shared), (OWN, own)):
        with atomic(folder / name) as draft:
            pq.write_table(pa.table(columns), draft, compression="zstd")
    about = {**posterior.about, "economies": list(economies)}
    write_text(folder / ABOUT, json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return folder


def read(folder: Path) -> Posterior:
    """Read a fitted ensemble. Raises InputError for files that are missing or no such ensemble."""
    try:
        stamp = tuple((folder / name).stat().st_mtime_ns for name in FILES)
        return _read(folder.resolve(), stamp)
    except FileNotFoundError as error:
        problem = Problem("is missing from a fitted ensemble", file=str(error.filename))
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        problem = Problem(f"is no fitted ensemble: {error}", file=str(folder))
    raise InputError([problem])


@functools.lru_cache(maxsize=4)
def _read(folder: Path, stamp: tuple[int, ...]) -> Posterior:
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    economies = tuple(about.pop("economies"))
    shared = _columns(folder / SHARED)
    own = _columns(folder / OWN)
    shape = (len(next(iter(shared.values()))), len(economies))
    cohorts = [own.pop(f"online_{cohort}").reshape(shape) for cohort in COHORTS]
    held: dict[str, Array] = {name: values.reshape(shape) for name, values in own.items()}
    held["online"] = np.stack(cohorts, axis=-1)
    return Posterior(
        economies=economies,
        fitted=np.ones(len(economies), dtype=bool),
        shared=shared,
        own=held,
        about=about,
    )


def _columns(path: Path) -> dict[str, Array]:
    table = pq.read_table(path)
    names = [name for name in table.column_names if name not in ("draw", "economy")]
    return {name: np.asarray(table[name].to_numpy(), dtype=np.float64) for name in names}
