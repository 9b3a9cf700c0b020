"""Reads YAML 1.2 files strictly: plain data and the line of each entry, or a clear problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from sim.errors import InputError, Problem

#: Where an entry stands: keys and positions from the top, such as ("levers", 0, "rural_share").
DataPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_ENTRIES = 20_000
MAX_TEXT = 10_000

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)\Z")
_NOT_A_NUMBER = {".nan", ".NaN", ".NAN"}


@dataclass(frozen=True)
class Document:
    """The content of one file: plain data, and the line on which each path begins (from 1)."""

    data: Any
    lines: Mapping[DataPath, int]
    file: str = ""


def field_name(path: DataPath) -> str:
    """A path as people write it: ``levers[0].rural_share``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_yaml(path: str | Path) -> Document:
    """Read one YAML file whose top level is a mapping.

    Raises InputError, with the line where there is one, for whatever cannot be read so: a missing
    file, a folder, more than 1 MB, bytes that are not UTF-8, broken YAML, duplicate keys, anchors,
    aliases, tags, several documents.
    """
    file = str(path)
    return parse_yaml(_bytes(Path(path), file), file)


def parse_yaml(content: bytes | str, file: str = "") -> Document:
    """Parse the content of a YAML file; ``file`` is its name in problems. Raises InputError."""
    text = content if isinstance(content, str) else _decoded(content, file)
    if len(text) > MAX_BYTES:
        raise InputError([_too_large(file)])
    return _Reader(file).document(text.removeprefix("\ufeff"))


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            _refuse("this is a folder", file, remedy="give a .yaml file")
        if not path.exists():
            _refuse("no such file", file, remedy="check the path and the working folder")
        if not path.is_file():
            _refuse("this is not a regular file", file, remedy="give a .yaml file")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(f"cannot be read: {reason}", file)
    if len(content) > MAX_BYTES:
        raise InputError([_too_large(file)])
    return content


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse("not UTF-8 text", file, line, remedy="save the file as UTF-8")


def _too_large(file: str) -> Problem:
    return Problem("larger than 1 MB", file=file, remedy="a scenario is a few lines of text")


def _refuse(
    message: str, file: str, line: int | None = None, *, field: str = "", remedy: str = ""
) -> NoReturn:
    raise InputError([Problem(message, file=file, line=line, field=field, remedy=remedy)])


class _Reader:
    """Builds plain data from the events of the YAML parser."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[DataPath, int] = {}
        self.problems: list[Problem] = []
        self.entries = 0

    def document(self, text: str) -> Document:
        events = self._events(text)
        data: Any = None
        for event in events:
            if isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                continue
            if isinstance(event, DocumentStartEvent):
                if self.lines:
                    self._refuse("more than one document", event, remedy="remove the line ---")
                continue
            self.lines[()] = _line(event)
            data = self._value(event, events, ())
        if self.problems:
            raise InputError(self.problems)
        if not self.lines or data is None:
            _refuse("the file is empty", self.file, remedy="write at least name, region, horizon")
        if not isinstance(data, dict):
            _refuse("the top level must be a mapping", self.file, 1, remedy="write key: value")
        return Document(data, MappingProxyType(self.lines), self.file)

    def _events(self, text: str) -> Iterator[Event]:
        """The parser's events; every way in which it gives up becomes an InputError."""
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except InputError:
            raise
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            remedy = "indent with blanks, not tabs" if "\\t" in str(error.problem) else ""
            detail = ": ".join(str(part) for part in (error.context, error.problem) if part)
            line = mark.line + 1 if mark else None
            _refuse(f"not valid YAML: {detail}", self.file, line, remedy=remedy)
        except YAMLError as error:
            _refuse(f"not valid YAML: {str(error).splitlines()[0][:120]}", self.file)
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            RecursionError,
        ):
            # the parser stumbles so over some malformed escapes, directives and nesting
            _refuse("not valid YAML", self.file, remedy="compare with the examples in scenarios/")

    def _value(self, event: Event, events: Iterator[Event], path: DataPath) -> Any:
        self._check(event, path)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        self._refuse("unexpected content", event)

    def _check(self, event: Event, path: DataPath) -> None:
        field = field_name(path)
        if isinstance(event, AliasEvent):
            self._refuse("aliases (*) are not allowed", event, field, "write the value out")
        if getattr(event, "anchor", None) is not None:
            self._refuse("anchors (&) are not allowed", event, field, "write the value out")
        if getattr(event, "tag", None) is not None:
            self._refuse("tags (!) are not allowed", event, field, "remove the tag")
        if len(path) > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} levels deep", event, field)
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            self._refuse(f"more than {MAX_ENTRIES} entries", event)

    def _mapping(self, events: Iterator[Event], path: DataPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                return found
            self._check(event, path)
            if not isinstance(event, ScalarEvent):
                self._refuse("a key must be a single word", event, field_name(path))
            key = self._text(event, path)
            here = (*path, key)
            value = self._value(next(events), events, here)
            if key in found:
                self.problems.append(
                    Problem(
                        f"the key {key!r} is already on line {self.lines[here]}",
                        file=self.file,
                        line=_line(event),
                        field=field_name(here),
                        remedy="keep one of them",
                    )
                )
                continue
            found[key] = value
            self.lines[here] = _line(event)
        return found

    def _sequence(self, events: Iterator[Event], path: DataPath) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            here = (*path, len(found))
            self.lines[here] = _line(event)
            found.append(self._value(event, events, here))
        return found

    def _scalar(self, event: ScalarEvent, path: DataPath) -> Any:
        text = self._text(event, path)
        plain = event.style is None or event.style == ""
        return _resolved(text) if plain else text

    def _text(self, event: ScalarEvent, path: DataPath) -> str:
        text = str(event.value)
        if len(text) > MAX_TEXT:
            self._refuse(f"text longer than {MAX_TEXT} characters", event, field_name(path))
        if any("\ud800" <= character <= "\udfff" for character in text):
            self._refuse("half of a surrogate pair is not a character", event, field_name(path))
        return text

    def _refuse(self, message: str, event: Event, field: str = "", remedy: str = "") -> NoReturn:
        _refuse(message, self.file, _line(event), field=field, remedy=remedy)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _resolved(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2: NO is text, 1e-3 is a number."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.match(text):
        return int(text)
    if text.startswith("0o") and re.fullmatch(r"0o[0-7]{1,30}", text):
        return int(text[2:], 8)
    if text.startswith("0x") and re.fullmatch(r"0x[0-9a-fA-F]{1,30}", text):
        return int(text[2:], 16)
    if _FLOAT.match(text):
        return float(text)
    if text in _NOT_A_NUMBER:
        return float("nan")
    if infinite := _INFINITY.match(text):
        return float(f"{infinite[1]}inf")
    return text
