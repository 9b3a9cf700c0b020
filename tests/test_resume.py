"""Parts are found again by what they depend on, and a batch that was stopped goes on."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.experiment import manifest
from sim.experiment.batch import write_batch
from sim.experiment.finished import ROOM, read_journal
from sim.experiment.verify import verify
from sim.region.region import Region
from sim.region.template import copy_tables

MEMBERS = 600  # three parts a scenario
YEARS = (2025, 2025)


def policy(lever: str, value: float, name: str, horizon: int = 2025) -> sim.Scenario:
    base = sim.Scenario.baseline("asean", horizon=horizon)
    return base.plus(sim.lever(lever, value=value, years=YEARS), name=name)


@pytest.fixture(scope="module")
def fibre():
    return policy("broadband_investment", 0.4, "Fibre")


@pytest.fixture(scope="module")
def whole(fibre, tmp_path_factory):
    """An undisturbed batch: no test changes it."""
    return write_batch(fibre, MEMBERS, 3, 1, tmp_path_factory.mktemp("whole")).folder


@pytest.fixture
def copied(whole, tmp_path):
    """A folder for results that holds a copy of the undisturbed batch."""
    shutil.copytree(whole, tmp_path / whole.name)
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    """Digests of a batch's files, which are as they were written."""
    verify(folder)
    return manifest.read(folder)["files"]


def counts(written) -> tuple[int, int]:
    return sum(written.ran.values()), sum(written.reused.values())


def part(folder: Path, scenario: str = "fibre", number: int = 0) -> Path:
    return folder / "members" / scenario / f"part-{number:05d}.parquet"


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


# --- parts of other batches ---------------------------------------------------------------------


def test_parts_of_another_batch_are_used_and_not_copied(fibre, whole, copied):
    skills = policy("basic_skills_programme", 1, "Skills")
    written = write_batch([skills, fibre], MEMBERS, 3, 1, copied)
    assert counts(written) == (3, 6)
    assert written.folder.name != whole.name
    verify(written.folder)
    for number in range(3):
        one, two = (part(f, number=number) for f in (copied / whole.name, written.folder))
        assert os.path.samefile(one, two)


def test_parts_are_used_under_another_name_of_the_scenario(fibre, copied):
    written = write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert counts(written) == (0, 6)
    assert part(written.folder, "cables").exists()
    verify(written.folder)


@pytest.mark.slow
def test_parts_that_are_found_give_the_bytes_of_parts_that_are_run(fibre, copied, tmp_path):
    skills = policy("basic_skills_programme", 1, "Skills")
    found = write_batch([fibre, skills], MEMBERS, 3, 1, copied)
    run = write_batch([fibre, skills], MEMBERS, 3, 1, tmp_path / "other")
    assert counts(found) == (3, 6)
    assert counts(run) == (9, 0)
    assert files(found.folder) == files(run.folder)


def test_a_larger_ensemble_uses_the_full_parts_of_a_smaller_one(fibre, copied, tmp_path):
    more = write_batch(fibre, 700, 3, 1, copied)
    assert counts(more) == (2, 4)
    assert files(more.folder) == files(write_batch(fibre, 700, 3, 1, tmp_path / "other").folder)


def test_a_batch_that_is_there_is_not_run_again(fibre, whole, copied):
    written = write_batch(fibre, MEMBERS, 3, 1, copied)
    assert counts(written) == (0, 6)
    assert files(written.folder) == files(whole)
    assert list(copied.iterdir()) == [written.folder]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"horizon": 2026},
        {"value": 0.5},
        {"made_by": {"numpy": "0.1"}},
        {"code_digest": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_parts_of_other_inputs_are_not_used(copied, monkeypatch, change):
    for name in ("made_by", "code_digest"):
        if name in change:
            monkeypatch.setattr(manifest, name, lambda name=name: change[name])
    one = policy(
        "broadband_investment", change.get("value", 0.4), "Fibre", change.get("horizon", 2025)
    )
    written = write_batch(one, MEMBERS, change.get("seed", 3), 1, copied)
    # Only the lever differs from the baseline: its parts stay what they are.
    assert counts(written) == ((3, 3) if "value" in change else (6, 0))


def test_parts_of_other_columns_are_not_used(fibre, copied):
    from sim.experiment.plan import Selection

    few = Selection(kpis=("internet_users",))
    assert counts(write_batch(fibre, MEMBERS, 3, 1, copied, selection=few)) == (6, 0)


def test_parts_of_other_region_tables_are_not_used(tmp_path):
    own = tmp_path / "own"
    copy_tables("asean", own)

    def run():
        base = sim.Scenario.baseline(Region.load(own), horizon=2025)
        return write_batch(base, 8, out=tmp_path / "results")

    first = run()
    table = own / "indicators.csv"
    before = table.read_text(encoding="utf-8")
    after = re.sub(r"(?<=\nVNM,gdp,2023,)\d", lambda digit: str(int(digit[0]) % 9 + 1), before)
    assert after != before
    table.write_text(after, encoding="utf-8")
    second = run()
    assert counts(first) == counts(second) == (1, 0)
    assert first.folder != second.folder


@pytest.mark.parametrize("damage", ["a bit", "cut short", "empty", "gone"])
def test_a_part_that_was_changed_is_named_and_run_again(fibre, whole, copied, damage):
    path = part(copied / whole.name, number=1)
    if damage == "a bit":
        flip_a_bit(path)
    elif damage == "gone":
        path.unlink()
    else:
        os.truncate(path, 1000 if damage == "cut short" else 0)
    with pytest.raises(sim.InputError, match=r"fibre/part-00001\.parquet"):
        verify(copied / whole.name)
    other = write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert counts(other) == (1, 5)
    verify(other.folder)
    again = write_batch(fibre, MEMBERS, 3, 1, copied)
    assert counts(again) == (0, 6)  # found in the batch in between
    assert files(again.folder) == files(whole)


def test_times_of_files_and_the_clock_do_not_matter(fibre, whole, copied, monkeypatch):
    for number, path in enumerate(sorted(copied.rglob("*"))):
        moment = (0, 2**32)[number % 2]
        os.utime(path, (moment, moment))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    written = write_batch(fibre, MEMBERS, 3, 1, copied)
    assert counts(written) == (0, 6)
    assert files(written.folder) == files(whole)


def test_parts_are_used_whoever_may_write_to_them(fibre, whole, copied):
    """A user protected the results: neither that nor the protection is lost."""
    path = part(copied / whole.name)
    path.chmod(0o444)
    write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_batch_that_vanishes_while_another_looks_for_parts_is_no_error(
    fibre, copied, monkeypatch, whole
):
    from sim.experiment import finished

    seen = finished.is_whole

    def is_whole(path, part):
        found = seen(path, part)
        if copied / whole.name in path.parents:
            path.unlink(missing_ok=True)  # just after it was looked at
        return found

    monkeypatch.setattr(finished, "is_whole", is_whole)
    written = write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert counts(written) == (6, 0)
    verify(written.folder)


def test_parts_are_copied_where_they_cannot_be_linked(fibre, whole, copied, monkeypatch):
    def link(*_, **__):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", link)
    written = write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert counts(written) == (0, 6)
    verify(written.folder)
    one, two = part(copied / whole.name), part(written.folder, "cables")
    assert not os.path.samefile(one, two)


def test_a_part_that_a_user_keeps_elsewhere_by_a_link_is_used(fibre, whole, copied):
    path = part(copied / whole.name)
    (copied / "elsewhere").mkdir()
    path.rename(copied / "elsewhere" / "part")
    path.symlink_to(Path("../../../elsewhere/part"))
    written = write_batch(dataclasses.replace(fibre, name="Cables"), MEMBERS, 3, 1, copied)
    assert counts(written) == (0, 6)
    assert not part(written.folder, "cables").is_symlink()
    verify(written.folder)


# --- batches that were stopped -------------------------------------------------------------------


@pytest.mark.parametrize(("workers", "at"), [(1, 1), (1, 4), (1, 6), (2, 2)])
def test_a_batch_that_was_stopped_goes_on_to_the_same_bytes(fibre, whole, tmp_path, workers, at):
    seen = 0

    def stop(stage: str, done: int, total: int) -> None:
        nonlocal seen
        seen += stage == "run" and done > 0
        if seen == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=f"{at} of 6 parts are kept .* goes on"):
        write_batch(fibre, MEMBERS, 3, workers, tmp_path, stop)
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path, resume=True)
    assert counts(written) == (6 - at, at)
    assert files(written.folder) == files(whole)
    assert list(tmp_path.iterdir()) == [written.folder]


def test_a_batch_that_was_stopped_while_its_tables_were_written_runs_no_part_again(
    fibre, whole, tmp_path
):
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "table" and done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="6 of 6 parts are kept"):
        write_batch(fibre, MEMBERS, 3, 1, tmp_path, stop)
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path, resume=True)
    assert counts(written) == (0, 6)
    assert files(written.folder) == files(whole)


def stopped(scenarios, out: Path, after: int = 2, **options) -> Path:
    """The room of a batch that was stopped after some parts."""
    seen = 0

    def stop(stage: str, done: int, total: int) -> None:
        nonlocal seen
        seen += done > 0
        if seen == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_batch(scenarios, MEMBERS, options.pop("seed", 3), 1, out, stop, **options)
    return max((out / ROOM).glob("*/"), key=os.path.getmtime)


def test_a_line_of_the_journal_that_was_cut_short_costs_one_part(fibre, whole, tmp_path):
    journal = stopped(fibre, tmp_path, 3) / "parts.jsonl"
    os.truncate(journal, journal.stat().st_size - 20)
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path)
    assert counts(written) == (4, 2)
    assert files(written.folder) == files(whole)


@pytest.mark.parametrize(
    "text",
    [b"\xff\xfe\x00garbage\n", b"null\n[]\n3\n", b'{"scenario": 1}\n', b"\0" * 4096, b"[" * 9999],
    ids=["no text", "no part", "another part", "zeros", "deep"],
)
def test_a_journal_that_was_destroyed_costs_time_and_nothing_else(fibre, whole, tmp_path, text):
    journal = stopped(fibre, tmp_path) / "parts.jsonl"
    line = json.loads(journal.read_text().splitlines()[0])
    strange = [
        line | {"file": 3}, line | {"file": None}, line | {"file": "a\0b"}, line | {"inputs": []},
        line | {"bytes": "9"}, line | {"file": "../../../etc"}, line | {"more": 1},
    ]  # fmt: skip
    journal.write_bytes(text + "\n".join(map(json.dumps, strange)).encode())
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path)
    assert counts(written) == (6, 0)
    assert files(written.folder) == files(whole)
    assert list(tmp_path.iterdir()) == [written.folder]


def test_a_part_whose_file_is_gone_or_changed_is_run_again(fibre, whole, tmp_path):
    room = stopped(fibre, tmp_path, 4)
    one, two, *_ = read_journal(room)
    (room / one.file).unlink()
    flip_a_bit(room / two.file)
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path)
    assert counts(written) == (4, 2)
    assert files(written.folder) == files(whole)


def test_parts_of_a_batch_that_was_stopped_serve_another_batch(fibre, tmp_path):
    stopped(fibre, tmp_path, 6)
    skills = policy("basic_skills_programme", 1, "Skills")
    written = write_batch([fibre, skills], MEMBERS, 3, 1, tmp_path)
    assert counts(written) == (3, 6)
    verify(written.folder)


def test_parts_that_other_libraries_made_are_not_mixed_in(fibre, whole, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "made_by", lambda: {"numpy": "0.1"})
        stopped(fibre, tmp_path, 4)
    written = write_batch(fibre, MEMBERS, 3, 1, tmp_path, resume=True)
    assert counts(written) == (6, 0)
    assert files(written.folder) == files(whole)


def test_folders_with_the_characters_of_patterns_are_folders(fibre, whole, tmp_path):
    out = tmp_path / "re[su]lts *?"
    stopped(fibre, out)
    written = write_batch(fibre, MEMBERS, 3, 1, out, resume=True)
    assert counts(written) == (4, 2)
    assert files(written.folder) == files(whole)


@pytest.mark.slow
def test_no_step_at_which_a_batch_is_killed_loses_a_part(tmp_path):
    script = Path(__file__).parent / "trials" / "crash_points.py"
    done = subprocess.run(
        [sys.executable, str(script), "53", "30"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- resume refuses what changed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 0.5}, "Fibre.*its levers"),
        ({"horizon": 2026}, "horizon"),
        ({"seed": 4}, "3 before, 4 now"),
        ({"members": 601}, "600 before, 601 now"),
        ({"code_digest": "0" * 64}, "code"),
        ({"more": True}, "Skills.*is new"),
    ],
)
def test_resuming_with_other_inputs_says_what_changed(fibre, tmp_path, monkeypatch, change, words):
    room = stopped(fibre, tmp_path)
    before = read_journal(room)
    if "code_digest" in change:
        monkeypatch.setattr(manifest, "code_digest", lambda: change["code_digest"])
    one = policy(
        "broadband_investment", change.get("value", 0.4), "Fibre", change.get("horizon", 2025)
    )
    more = [policy("basic_skills_programme", 1, "Skills")] if "more" in change else []
    members, seed = change.get("members", MEMBERS), change.get("seed", 3)
    with pytest.raises(sim.InputError, match=words):
        write_batch([one, *more], members, seed, 1, tmp_path, resume=True)
    assert read_journal(room) == before


def test_resuming_in_another_order_of_scenarios_goes_on(fibre, tmp_path):
    pair = [fibre, policy("basic_skills_programme", 1, "Skills")]
    stopped(pair, tmp_path)
    written = write_batch(pair[::-1], MEMBERS, 3, 1, tmp_path, resume=True)
    assert sum(written.reused.values()) > 0
    assert not written.missing


def test_resuming_where_nothing_was_begun_says_so(fibre, tmp_path):
    with pytest.raises(sim.InputError, match="nothing to resume there"):
        write_batch(fibre, MEMBERS, 3, 1, tmp_path, resume=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["", "null", "[]", '{"batch": 1, "digest": 2, "inputs": 3}', '{"inputs": {}}',
             '{"batch": "a", "digest": "b", "inputs": {"scenarios": [1]}}', "\udcff"],
)  # fmt: skip
def test_a_plan_that_cannot_be_read_is_passed_over(fibre, tmp_path, text):
    other = tmp_path / ROOM / "other-12345678"
    other.mkdir(parents=True)
    (other / "plan.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(sim.InputError, match="nothing to resume there"):
        write_batch(fibre, MEMBERS, 3, 1, tmp_path, resume=True)
