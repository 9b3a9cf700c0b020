"""Fitted ensembles on disk: which one a region's runs start from, and whether it still fits."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import shlex
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from sim.errors import InputError, Problem
from sim.experiment.posterior import INSTITUTIONS, STATES, Posterior, Record
from sim.files import atomic
from sim.model.parameters import priors
from sim.model.quantities import COHORTS, Array
from sim.policy.places import Place
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
#: Columns of the tables that say which row is which.
DRAW, ECONOMY = "draw", "economy"
AGAIN = "fit again with digiregion calibrate"


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
    if held.about["until"] > region.last_year:
        raise InputError([_beyond(folder, held.about["until"], region)])
    changed = _changed_histories(held, region)
    other_start = held.about["until"] != region.base_year
    unlike: Sequence[str] = region.economies if other_start else ()
    if not other_start and folder == SHIPPED and not region.is_shipped:
        unlike, changed = changed, []  # of the same code, but not that economy's history
    found = held.of(region.economies, but=unlike)
    return Chosen(found, tuple(_warnings(region, found, changed, other_start)), folder)


def _beyond(folder: Path, until: int, region: Region) -> Problem:
    """A fit that ends after the tables of a region."""
    return Problem(
        f"the tables of {region.name} end before", file=str(folder / ABOUT), field="until",
        value=until, allowed=f"{FIRST_YEAR + 1} to {region.last_year}", remedy=AGAIN,
    )  # fmt: skip


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
    """Write a fitted ensemble: two tables and what they are. Raises OSError.

    All is drawn up before anything is replaced, and ``posterior.json`` is gone while the tables
    are: what is cut off in between is no ensemble, and none that is half another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draws, economies = posterior.size, posterior.economies
    shared = {DRAW: np.arange(draws, dtype=np.int32), **posterior.shared}
    own: dict[str, Any] = {
        DRAW: np.repeat(np.arange(draws, dtype=np.int32), len(economies)),
        ECONOMY: pa.array(list(economies) * draws).dictionary_encode(),
    }
    kept = {name: values.astype(np.float32) for name, values in posterior.own.items()}
    for name, values in kept.items():
        if values.ndim == 2:
            own[name] = values.ravel()
        else:
            for place, cohort in enumerate(COHORTS):
                own[f"{name}_{cohort}"] = values[:, :, place].ravel()
    held = replace(
        posterior,
        fitted=np.ones(len(economies), dtype=bool),
        own={name: values.astype(np.float64) for name, values in kept.items()},
    )
    record = {**posterior.about, "economies": list(economies), "digest": held.digest}
    with (  # left, and so put in place, in the reverse order
        atomic(folder / ABOUT) as about_draft,
        atomic(folder / SHARED) as shared_draft,
        atomic(folder / OWN) as own_draft,
    ):
        pq.write_table(pa.table(shared), shared_draft, compression="zstd")
        pq.write_table(pa.table(own), own_draft, compression="zstd")
        about_draft.write_bytes((json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
        (folder / ABOUT).unlink(missing_ok=True)
    return folder


def read(folder: Path) -> Posterior:
    """Read a fitted ensemble. Raises InputError for what is missing, or not as it was written."""
    try:
        stamp = tuple((folder / name).stat().st_mtime_ns for name in FILES)
        return _read(folder.resolve(), stamp)
    except FileNotFoundError as error:
        problem = Problem("is missing from a fitted ensemble", file=str(error.filename))
    except OSError as error:
        problem = Problem(f"is no fitted ensemble: {error}", file=str(folder))
    raise InputError([problem])


@functools.lru_cache(maxsize=4)
def _read(folder: Path, stamp: tuple[int, ...]) -> Posterior:
    about, record = _record(folder / ABOUT)
    economies = tuple(record.economies)
    known = [prior for prior in priors() if prior.name in record.priors.names]
    # Whether it must be there: what the registry has fixed since is warned of, not refused.
    fitted = {prior.name: prior.kind != "fixed" for prior in known}
    common = {prior.name: fitted[prior.name] for prior in known if prior.scope == "global"}
    effects = {prior.name: fitted[prior.name] for prior in known if prior.scope == "economy"}
    users = [f"online_{cohort}" for cohort in COHORTS]
    states = [name for name in STATES if name != "online"]
    shared = _columns(folder / SHARED, common)
    draws = np.arange(len(next(iter(shared.values()))))
    needed = dict.fromkeys([*states, *users], True) | dict.fromkeys(INSTITUTIONS, False)
    held = _columns(folder / OWN, effects | needed,
                    {DRAW: np.repeat(draws, len(economies)),
                     ECONOMY: np.tile(np.array(economies, dtype=object), len(draws))})  # fmt: skip
    own = {name: values.reshape(len(draws), len(economies)) for name, values in held.items()}
    own["online"] = np.stack([own.pop(name) for name in users], axis=-1)
    found = Posterior(
        economies=economies,
        fitted=np.ones(len(economies), dtype=bool),
        shared=shared,
        own=own,
        about=about,
    )
    if found.digest != record.digest:
        raise InputError([Problem(f"is not as it was written: {AGAIN}", file=str(folder))])
    return found


def _record(path: Path) -> tuple[dict[str, Any], Record]:
    """What was fitted to what, as written and as checked. Raises InputError, OSError."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        record = Record.model_validate(held)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise InputError([_wrong(path, detail) for detail in details]) from error
    except (ValueError, RecursionError) as error:
        words = f"is not the JSON of a fitted ensemble: {error}"
        raise InputError([Problem(words, file=str(path), remedy=AGAIN)]) from error
    return {key: held[key] for key in held if key not in ("economies", "digest")}, record


def _wrong(path: Path, detail: Mapping[str, Any]) -> Problem:
    """One finding of pydantic in our words."""
    kinds = {
        "missing": "is missing",
        "model_type": "should be an object with fields",
        "dict_type": "should be an object with fields",
        "string_pattern_mismatch": "is not what calibrate writes",
    }
    message = str(detail["msg"]).removeprefix("Input ").removeprefix("Value error, ")
    value = None if detail["type"] == "missing" else detail["input"]
    here = Place(str(path)).at(*detail["loc"])
    return here.problem(kinds.get(detail["type"], message), value=value, remedy=AGAIN)


def _columns(
    path: Path, known: Mapping[str, bool], rows: Mapping[str, Array] | None = None
) -> dict[str, Array]:
    """The columns of a table but for those that number its rows.

    ``known`` says what columns there may be, and whether they must be; ``rows`` what numbers the
    rows, by default draws. Raises InputError, OSError.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, ValueError) as error:
        words = f"is no table of a fitted ensemble: {error}"
        raise InputError([Problem(words, file=str(path), remedy=AGAIN)]) from error
    rows = {DRAW: np.arange(table.num_rows)} if rows is None else rows
    needed = [*rows, *(name for name, must in known.items() if must)]
    wrong = {name: "is missing" for name in needed if name not in table.column_names}
    for name in table.column_names:
        if name not in known and name not in rows:
            wrong[name] = "is no fitted parameter of this table"
        elif table.column_names.count(name) > 1:
            wrong[name] = "is there twice"
    if not wrong:
        wrong = dict(_wrong_values(table, rows))
    if wrong:
        raise InputError(
            Problem(message, file=str(path), field=name, remedy=AGAIN)
            for name, message in wrong.items()
        )
    names = [name for name in table.column_names if name not in rows]
    return {name: np.asarray(table[name].to_numpy(), dtype=np.float64) for name in names}


def _wrong_values(table: pa.Table, rows: Mapping[str, Array]) -> Iterator[tuple[str, str]]:
    """Columns that do not hold what they should, and why."""
    if not table.num_rows or table.num_columns == len(rows):
        yield DRAW, "there is no draw of any parameter"
    for name in table.column_names:
        values = table[name].to_numpy()
        if name in rows:
            if not np.array_equal(values, rows[name]):
                yield name, "rows are not those that were written"
        elif not pa.types.is_floating(table[name].type):
            yield name, "must be numbers"
        elif not np.isfinite(values).all():
            yield name, "must be finite"
