"""Journals that cannot be written or read, and what a later part of a run adds to one."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier.before import Before, Images, ListPlace
from stashsync.applier.journal import (
    VERSION,
    Journal,
    Run,
    RunOrigin,
    abandon,
    read_run,
    read_runs,
    run_id,
)
from stashsync.errors import StashConfigurationError, StashError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Plan
from tests.planner.build import plan_of, tag

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")


def begun(folder: Path, run: Run | None = None) -> tuple[Journal, Path]:
    """Return a journal in which the plan stands, and its file."""
    journal = Journal(folder, ORIGIN, run)
    journal.started(plan_of([tag("A"), tag("B")]))
    return journal, folder / f"{journal.id}.jsonl"


def test_a_picture_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    """The image that would be overwritten could not be given back."""
    journal, path = begun(tmp_path)
    path.with_suffix(".pictures").write_text("in the way", "utf-8")
    with pytest.raises(StashError, match="cannot be written: ") as caught:
        journal.before(Images((), {"0a": b"png"}))
    assert caught.value.hint == "Nothing more is sent."
    assert str(path) in caught.value.message
    first = journal.failure
    assert first
    path.with_suffix(".pictures").unlink()
    with pytest.raises(StashError) as again:
        journal.sending([0])
    assert first in again.value.message, "nothing is written behind a gap"
    assert b"sending" not in path.read_bytes()


def test_the_first_failure_of_a_journal_is_the_one_that_is_reported(tmp_path: Path) -> None:
    """What fails after it fails for another reason."""
    journal, path = begun(tmp_path)
    journal.failure = "the disk is full"
    path.with_suffix(".pictures").write_text("in the way", "utf-8")
    with pytest.raises(StashError, match="cannot be written: the disk is full"):
        journal.before(Images((), {"0a": b"png"}))


def test_a_journal_is_closed_with_its_last_line_and_closed_once(tmp_path: Path) -> None:
    """What comes after the last line is written nowhere."""
    journal, path = begun(tmp_path)
    journal.close()
    written = path.read_bytes()
    journal.settled(Outcome(0, Status.APPLIED))
    journal.close()
    assert path.read_bytes() == written
    assert read_run(path).is_open


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    """The file and both versions are named, of the journal and of its plan."""
    _, path = begun(tmp_path)
    written = path.read_bytes()
    for before, after, its in (
        (b'"version":1', b'"version":99', f"its version is 99, not {VERSION}"),
        (b'"version":3', b'"version":2', "its plan has format version 2, not 3"),
    ):
        assert before in written
        path.write_bytes(written.replace(before, after, 1))
        with pytest.raises(StashConfigurationError) as caught:
            read_run(path)
        assert caught.value.message == (
            f"the journal {path} was written by another version of stashsync: {its}"
        )
        assert caught.value.hint.startswith("That version can resume the run, or undo it.")


@pytest.mark.parametrize(
    "content",
    [
        b"\n",
        b"[]\n",
        b"[]\n5\n",
        b'{"version":1}\n',
        b'{"version":1,"plan":5',
        b'{"version":1,"plan":5}\n',
    ],
)
def test_a_journal_without_its_first_line_is_damaged(tmp_path: Path, content: bytes) -> None:
    """The error names the file."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(StashConfigurationError, match="is damaged") as caught:
        read_run(path)
    assert str(path) in caught.value.message


@pytest.mark.parametrize(
    ("lines", "damaged"),
    [
        ([b'{"sending":[0]}', b'{"outc'], False),
        ([b'{"outc', b'{"sending":[0]}'], True),
        ([b'{"outc', b'{"outc'], True),
        ([b'{"outc', b"", b'{"resumed":"now"}', b'{"sending":[0]}'], False),
        ([b'{"outc', b"", b'{"resumed":"now"}', b'{"outc'], False),
        ([b'{"outc', b"", b'{"resumed":"now"}', b'{"outc', b'{"sending":[0]}'], True),
        ([b'{"outc', b"", b'{"resumed":"now"}', b'{"outc', b"", b'{"abandoned":"x"}'], False),
    ],
)
def test_only_the_last_line_of_a_part_of_a_run_may_be_cut_off(
    tmp_path: Path, lines: Sequence[bytes], *, damaged: bool
) -> None:
    """A kill cuts off the last line; anywhere else the file is damaged."""
    journal, path = begun(tmp_path)
    journal.close()
    path.write_bytes(path.read_bytes() + b"\n".join(lines))
    if damaged:
        with pytest.raises(StashConfigurationError, match="is damaged"):
            read_run(path)
    else:
        assert read_run(path).id == journal.id


def test_a_run_that_is_resumed_is_open_until_its_new_last_line(tmp_path: Path) -> None:
    """The last line of the first part does not end the second one."""
    journal, path = begun(tmp_path)
    journal.finished(read_run(path).report())
    assert not read_run(path).is_open
    again, same = begun(tmp_path, read_run(path))
    assert same == path
    again.sending([0])
    assert read_run(path).is_open
    again.finished(read_run(path).report())
    found = read_run(path)
    assert found.ended
    assert found.unknown == [0]


def test_journals_that_cannot_be_read_are_given_to_the_caller(tmp_path: Path) -> None:
    """The others are read all the same, the oldest first.

    An empty one, or one that was cut off in its first line, is of no run.
    """
    runs = [begun(tmp_path)[1] for _ in range(2)]
    (tmp_path / "0.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "1.jsonl").mkdir()
    (tmp_path / "1.jsonl" / "x").touch()
    (tmp_path / "2.jsonl").touch()
    (tmp_path / "3.jsonl").write_bytes(b"no journal\n")
    (tmp_path / "5.jsonl").write_bytes(b'{"run":"x","version":1,')
    (tmp_path / "4.txt").write_bytes(b"no journal\n")
    errors: list[StashConfigurationError] = []
    found = read_runs(tmp_path, errors.append)
    assert [run.id for run in found] == sorted(path.stem for path in runs)
    assert [str(error).split(": ", 1)[0] for error in errors] == [
        f"cannot read {tmp_path / '0.jsonl'}",
        f"cannot read {tmp_path / '1.jsonl'}",
        f"the journal {tmp_path / '3.jsonl'} is damaged",
    ]


def test_a_run_whose_journal_cannot_be_written_is_not_given_up(tmp_path: Path) -> None:
    """The error names the run."""
    _, path = begun(tmp_path)
    run = read_run(path)
    with pytest.raises(StashConfigurationError) as caught:
        abandon(tmp_path / "elsewhere", run)
    assert caught.value.message.startswith(
        f"the journal of the run {run.id} cannot be written: No such file"
    )


# -- before-images --------------------------------------------------------------------------------

WHOLE = Before("tag", "1", {"name": "A", "aliases": []}, {"scene.tags": ("7",)}, places={})
IMAGE = Before("tag", "1", {"image": {"md5": "0a"}})
LATER = Before("tag", "1", {"name": "Z", "image": None}, {"scene.tags": ("8",)}, places={})
OTHER = Before("studio", "1", {"name": "S"})


@pytest.mark.parametrize(
    ("images", "values", "bearers"),
    [
        ([WHOLE], {"name": "A", "aliases": []}, {"scene.tags": ("7",)}),
        ([IMAGE], {"image": {"md5": "0a"}}, {}),
        ([IMAGE, WHOLE], {"name": "A", "aliases": [], "image": {"md5": "0a"}},
         {"scene.tags": ("7",)}),
        ([WHOLE, IMAGE], {"name": "A", "aliases": [], "image": {"md5": "0a"}},
         {"scene.tags": ("7",)}),
        ([WHOLE, LATER], {"name": "A", "aliases": [], "image": None}, {"scene.tags": ("7",)}),
        ([OTHER, IMAGE], {"image": {"md5": "0a"}}, {}),
    ],
)  # fmt: skip
def test_what_was_kept_first_of_an_object_stays(
    tmp_path: Path, images: Sequence[Before], values: Mapping[str, Any], bearers: Any
) -> None:
    """A later part of the run sees what the earlier one made of it."""
    journal, path = begun(tmp_path)
    for image in images:
        journal.before(Images([image], {}))
    found = read_run(path).before["tag", "1"]
    assert found.values == values
    assert found.bearers == bearers


def test_a_before_image_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Places in lists, and that there were too many bearers to be kept."""
    journal, path = begun(tmp_path)
    place = {"group.sub_groups": {"4": ListPlace("part one", ("2", "3"))}}
    images = [
        Before("group", "1", {"name": "A"}, {"group.sub_groups": ("4",)}, places=place),
        Before("group", "2", {"name": "B"}, None, places={}),
    ]
    journal.before(Images(images, {"0a": b"png"}))
    assert list(read_run(path).before.values()) == images
    assert (path.with_suffix(".pictures") / "0a").read_bytes() == b"png"


def test_ids_of_runs_are_in_the_order_of_time() -> None:
    """Two runs within one second too."""
    first = datetime(2026, 1, 9, 23, 59, 59, 999_000, tzinfo=UTC)
    times = [first, first + timedelta(microseconds=500), first + timedelta(seconds=1)]
    assert [run_id(time) for time in times] == sorted({run_id(time) for time in times})
    assert run_id(first) == "20260109T235959Z-f3e58"


@pytest.mark.skipif(os.name != "posix", reason="zones and file modes of POSIX")
def test_a_journal_is_named_in_universal_time_in_a_folder_of_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs of machines in different zones are in order, and others cannot read them."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        before = run_id(datetime.now(UTC))
        _, path = begun(tmp_path / "state" / "runs")
        assert before <= path.stem <= run_id(datetime.now(UTC))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    journal, path = begun(tmp_path / "state" / "runs")
    journal.before(Images((), {"0a": b"png"}))
    assert stat.S_IMODE(path.with_suffix(".pictures").stat().st_mode) == 0o700


def test_a_plan_with_nothing_in_it_has_a_journal_too(tmp_path: Path) -> None:
    """It can be read, and is complete."""
    journal = Journal(tmp_path, ORIGIN)
    journal.started(Plan())
    run = read_run(tmp_path / f"{journal.id}.jsonl")
    assert run.origin == ORIGIN
    assert run.report().complete
