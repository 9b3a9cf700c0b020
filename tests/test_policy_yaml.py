"""The YAML reader: YAML 1.2 to plain data with lines, and a clear problem for everything else."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.policy.yaml_reader import MAX_BYTES, field_name, parse_yaml, read_yaml


def problem(content):
    with pytest.raises(InputError) as caught:
        parse_yaml(content, "f.yaml")
    return caught.value.problems[0]


def test_scalars_follow_yaml_1_2():
    text = "a: 1e-3\nb: [NO, on, y, 1_000, 010, 0x10, 0o17, .5, +1.5e3, ~, true, 'true', 12:30]\n"
    data = parse_yaml(text).data
    assert data["a"] == 0.001
    assert data["b"][:5] == ["NO", "on", "y", "1_000", 10]
    assert data["b"][5:] == [16, 15, 0.5, 1500.0, None, True, "true", "12:30"]
    assert isinstance(data["b"][4], int)


def test_keys_stay_text():
    assert parse_yaml("NO: 1\n2030: 2\n").data == {"NO": 1, "2030": 2}


def test_every_entry_has_its_line():
    lines = parse_yaml("a: 1\nb:\n  - c: 2\n    d: [x,\n        z]\n").lines
    assert lines["a",] == 1
    assert lines["b", 0, "c"] == 3
    assert lines["b", 0, "d"] == 4
    assert lines["b", 0, "d", 1] == 5


def test_byte_order_mark_and_windows_line_ends_are_accepted():
    assert parse_yaml(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").data == {"a": 1, "b": 2}


def test_duplicate_keys_are_all_reported_with_both_lines():
    with pytest.raises(InputError) as caught:
        parse_yaml("a: 1\nb: 2\na: 3\nb: 4\n", "f.yaml")
    first, second = caught.value.problems
    assert (first.line, first.field) == (3, "a")
    assert "line 1" in first.message
    assert second.line == 4


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (BOMB, "anchors", 1),
        ("a: 1\nb: *x\n", "aliases", 2),
        ("a: 1\nb: !!python/object:os.system x\n", "tags", 2),
        ("a: !!str 1\n", "tags", 1),
        ("a: 1\n---\nb: 2\n", "more than one document", 2),
        ("\ta: 1\n", "not valid YAML", 1),
        ("a:\n\tb: 1\n", "not valid YAML", 2),
        ("", "empty", None),
        ("# only a comment\n", "empty", None),
        ("~\n", "empty", None),
        ("- 1\n", "top level", 1),
        ("just text\n", "top level", 1),
        ("a: [1, 2\n", "not valid YAML", 2),
        ("a: 1\n? [b, c]\n: d\n", "single word", 2),
        (b"a: 1\nb: \xff\xfe\n", "UTF-8", 2),
        ("a: " + "[" * 5000, "nested", 1),
        ('a: "\\ud800"\n', "surrogate", 1),
        ("a: " + "x" * 20_000 + "\n", "longer than", 1),
        ("a: [" + "1," * 30_000 + "]\n", "entries", 1),
        ("a: \x07\n", "not valid YAML", None),
        ("a: 1\n" + "#" * MAX_BYTES, "1 MB", None),
    ],
)
def test_what_is_refused(content, message, line):
    found = problem(content)
    assert message in found.message
    assert found.line == line
    assert found.file == "f.yaml"


def test_tabs_are_named_as_the_cause():
    assert "tabs" in problem("a:\n\tb: 1\n").remedy


def test_files_that_cannot_be_read(tmp_path):
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    for path, message in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "folder"),
        (large, "1 MB"),
        ("a\0b", None),
        ("x" * 5000, None),
        (os.devnull, "regular"),
    ):
        with pytest.raises(InputError, match=message):
            read_yaml(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs file permissions")
def test_unreadable_file(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text("a: 1\n")
    file.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(file)


def test_field_names_read_like_code():
    assert (
        field_name(("levers", 0, "provisions", "data_flows")) == "levers[0].provisions.data_flows"
    )


def reads_or_refuses(content):
    try:
        data = parse_yaml(content).data
    except InputError as error:
        data = dict.fromkeys(str(found) for found in error.problems)
    assert isinstance(data, dict)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_data_or_a_problem(content):
    reads_or_refuses(content)


TOKENS = ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x", "*x", "!t", "!!int", "'", '"']
TOKENS += ["|", ">", "#", "%YAML 1.1", "---", "...", "?", "\t", "\\", "\\u12", "1", ".nan", "<<"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_like_yaml_gives_data_or_a_problem(content):
    reads_or_refuses(content)
