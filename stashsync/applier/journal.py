"""The journal of a run: what was about to be sent, and what became of it, flushed as it happens.

    {"run": "20261129T101500Z-3f2a", "version": 1, "library": …, "plan": {…}}
    {"before": {"kind": "tag", "id": "7", …}}   what the next document removes or overwrites
    {"sending": [0, 1, 2]}                     on the disk before the document is sent
    {"outcome": {"operation": 0, "status": "applied", "id": "7"}}
    {"finished": {"stopped": ""}}              the last line; a run without it was cut short

It is append-only. What is about to be sent once more has no outcome until there is a new one. A
run that is resumed goes on in the same file, on a line of its own: the last one may be cut off.
Pictures that are overwritten lie beside it, in a folder of the run's name, each by its MD5.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field, structs
from msgspec.structs import replace

from stashsync.applier.before import Before, Images
from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Report, incomplete
from stashsync.errors import StashConfigurationError, StashError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Plan, saved
from stashsync.planner.plan import VERSION as PLAN_VERSION

VERSION: Final = 1
PICTURES: Final = ".pictures"
"""The end of the name of a run's folder of pictures."""
CUT_SHORT: Final = "the run was cut short"
_LATER: Final = frozenset({"resumed", "abandoned"})
"""Entries that another process wrote than the one before them."""


class RunOrigin(Struct, frozen=True):
    """Where a run comes from: the command, the server's address and the library's identity.

    `undoes` is the id of the run that it takes back, if any; `partly` is whether it had to leave
    something of that run, as something was in the way.
    """

    command: str
    server: str
    library: str
    undoes: str = ""
    partly: bool = False


class Run(Struct, frozen=True):
    """What the journal knows of a run.

    `sent` are the operations that were about to be sent, `outcomes` the last known outcome of
    each. `before` has what was removed or overwritten, by kind and id; journals of earlier versions
    have none. `ended` is whether the last line is there, `abandoned` whether a person gave
    it up.
    """

    id: str
    started: str
    origin: RunOrigin
    plan: Plan
    sent: frozenset[int] = frozenset()
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    before: Mapping[tuple[str, str], Before] = field(default_factory=dict)
    ended: bool = False
    abandoned: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it was cut short and neither resumed nor abandoned since."""
        return not self.ended and not self.abandoned

    @property
    def is_in_the_way(self) -> bool:
        """Whether a new plan may lose what is left of it."""
        return not self.abandoned and (not self.ended or self.report().holds_values)

    @property
    def applied(self) -> dict[int, Outcome]:
        """The operations that are known to be applied."""
        return {
            index: outcome
            for index, outcome in self.outcomes.items()
            if outcome.status is Status.APPLIED
        }

    @property
    def unknown(self) -> list[int]:
        """The operations that were sent and whose outcome is not known."""
        answered = {
            index
            for index, outcome in self.outcomes.items()
            if outcome.status is not Status.UNKNOWN
        }
        return sorted(self.sent - answered)

    def report(self) -> Report:
        """Make the report of the run as far as the journal knows it."""
        stopped = "" if self.ended else CUT_SHORT
        known = incomplete(self.plan, self.outcomes, self.unknown, CUT_SHORT, stopped)
        return replace(known, interrupted=False, unfinished=self.is_open)


def run_id(now: datetime) -> str:
    """Return the id of a run that begins now; ids are in the order of time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{now.microsecond:05x}"


class Journal(Listener):
    """Writes the journal of one run. `sending` raises StashError once it cannot be written."""

    def __init__(self, folder: Path, origin: RunOrigin, run: Run | None = None) -> None:
        self._origin = origin
        self._resumed = run
        now = datetime.now(UTC)
        # By their names they are in order; a lock keeps two from beginning at one moment.
        self.id = run.id if run else run_id(now)
        self._path = folder / f"{self.id}.jsonl"
        self._file: int | None = None
        self.failure = ""
        """Why it cannot be written, in the system's words."""
        self.begun = False
        """Whether its first line is on the disk."""

    def started(self, plan: Plan) -> None:
        """Open the file and write the plan.

        Raises:
            StashError: it cannot be written; nothing has been sent.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        first: dict[str, Any] = {"resumed": now}
        if self._resumed is None:
            first = {"run": self.id, "version": VERSION, "started": now}
            first |= {"origin": self._origin, "plan": plan}
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._file = os.open(self._path, flags, 0o600)
        except OSError as error:
            self.failure = error.strerror or str(error)
        self._write(first, sync=True, apart=self._resumed is not None)
        if self.failure and self._resumed is None:
            with suppress(OSError):
                self._path.unlink()
        self._raise_failure("Nothing was sent.")
        self.begun = True

    @property
    def keeps_before(self) -> bool:
        """A run can be undone by what it keeps."""
        return True

    def before(self, images: Images) -> None:
        """Write before-images; they are on the disk before `sending` returns.

        Raises:
            StashError: they cannot be written; the document must not be sent.
        """
        folder = self._path.with_suffix(PICTURES)
        try:
            for digest, content in images.pictures.items():
                folder.mkdir(mode=0o700, exist_ok=True)
                write_private(folder / digest, content)
        except OSError as error:
            self.failure = self.failure or error.strerror or str(error)
        for image in images.objects:
            self._write({"before": image})
        self._raise_failure("Nothing more is sent.")

    def sending(self, operations: Sequence[int]) -> None:
        """Write what is about to be sent, through to the disk.

        Raises:
            StashError: it cannot be written; the document must not be sent.
        """
        self._write({"sending": list(operations)}, sync=True)
        self._raise_failure("Nothing more is sent.")

    def settled(self, outcome: Outcome) -> None:
        """Write an outcome."""
        self._write({"outcome": outcome})

    def finished(self, report: Report) -> None:
        """Write the last line."""
        self._write({"finished": {"stopped": report.stopped}}, sync=True)
        self.close()

    def close(self) -> None:
        """Close the file; without a last line the run counts as cut short."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, entry: Mapping[str, Any], *, sync: bool = False, apart: bool = False) -> None:
        if self._file is None or self.failure:
            return
        line = (b"\n" if apart else b"") + msgspec.json.encode(entry) + b"\n"
        try:
            while line:
                line = line[os.write(self._file, line) :]
            if sync:
                os.fsync(self._file)
        except OSError as error:
            self.failure = error.strerror or str(error)

    def _raise_failure(self, hint: str) -> None:
        if self.failure:
            raise StashError(
                f"the journal {self._path} cannot be written: {self.failure}", hint=hint
            )


def read_run(path: Path) -> Run:
    """Read the journal of a run. A last line that was cut off is left out.

    Raises:
        StashConfigurationError: it cannot be read, or was written by another version.
    """
    try:
        lines = path.read_bytes().split(b"\n")
        entries = list(_entries(lines))
        first = entries[0]
        if first.get("version") != VERSION:
            raise _of_another_version(path, f"its version is {first.get('version')}, not {VERSION}")
        format_version = first["plan"].get("version")
        if format_version != PLAN_VERSION:
            its = f"its plan has format version {format_version}, not {PLAN_VERSION}"
            raise _of_another_version(path, its)
        plan = saved.load(msgspec.json.encode(first["plan"]), f"the plan in the journal {path}")
        origin = msgspec.convert(first["origin"], RunOrigin)
        sent: set[int] = set()
        outcomes: dict[int, Outcome] = {}
        before: dict[tuple[str, str], Before] = {}
        ended = abandoned = False
        for entry in entries[1:]:
            for index in entry.get("sending", ()):
                sent.add(index)
                outcomes.pop(index, None)
            if "before" in entry:
                _add(before, msgspec.convert(entry["before"], Before))
            if "outcome" in entry:
                outcome = msgspec.convert(entry["outcome"], Outcome)
                outcomes[outcome.operation] = outcome
            ended = "finished" in entry or (ended and "resumed" not in entry)
            abandoned = abandoned or "abandoned" in entry
    except OSError as error:
        raise StashConfigurationError(f"cannot read {path}: {error.strerror}") from error
    except (AttributeError, LookupError, TypeError, ValueError, msgspec.MsgspecError) as error:
        raise StashConfigurationError(f"the journal {path} is damaged: {error}") from error
    return Run(
        first["run"],
        first["started"],
        origin,
        plan,
        frozenset(sent),
        outcomes,
        before,
        ended,
        abandoned,
    )


def _of_another_version(path: Path, why: str) -> StashConfigurationError:
    return StashConfigurationError(
        f"the journal {path} was written by another version of stashsync: {why}",
        hint="That version can resume the run, or undo it. Move the file away to go on without it.",
    )


def _add(known: dict[tuple[str, str], Before], image: Before) -> None:
    """Add a before-image; of an object that is there already, only what is not known yet."""
    first = known.get((image.kind, image.id))
    if first is not None:
        whole = image if first.bearers == {} else first
        image = structs.replace(whole, values={**image.values, **first.values})
    known[image.kind, image.id] = image


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, through to the disk.

    Raises:
        OSError: it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _entries(lines: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the entries; the last line before a kill or a later part of the run may be cut off."""
    torn: msgspec.DecodeError | None = None
    for line in filter(None, lines):
        try:
            entry = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError as error:
            if torn is not None:
                raise
            torn = error
            continue
        if torn is not None and entry.keys().isdisjoint(_LATER):
            raise torn
        torn = None
        yield entry


def read_runs(folder: Path, on_error: Callable[[StashConfigurationError], None]) -> list[Run]:
    """Read all journals of a folder, the oldest run first.

    One that cannot be read is given to `on_error`; one without a whole first line is of a run that
    sent nothing.
    """
    runs = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            if has_begun(path):
                runs.append(read_run(path))
        except OSError as error:
            on_error(StashConfigurationError(f"cannot read {path}: {error.strerror}"))
        except StashConfigurationError as error:
            on_error(error)
    return runs


def has_begun(path: Path) -> bool:
    """Whether a journal has its first line, which is on the disk before anything is sent.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.readline().endswith(b"\n")


def abandon(folder: Path, run: Run) -> None:
    """Give up a run that was cut short: it is neither resumed nor in the way any more.

    Raises:
        StashConfigurationError: the journal cannot be written.
    """
    entry = {"abandoned": datetime.now(UTC).isoformat(timespec="seconds")}
    try:
        with (folder / f"{run.id}.jsonl").open("ab") as stream:
            stream.write(b"\n" + msgspec.json.encode(entry) + b"\n")
    except OSError as error:
        raise StashConfigurationError(
            f"the journal of the run {run.id} cannot be written: {error.strerror}"
        ) from error


def undone(runs: Sequence[Run]) -> Mapping[str, bool]:
    """Return the ids of the runs that another run has taken back, which stays in effect.

    With each comes whether all of it was taken back.
    """
    found: dict[str, bool] = {}
    for run in reversed(runs):
        if run.origin.undoes and run.id not in found and run.report().complete:
            found.setdefault(run.origin.undoes, not run.origin.partly)
    return found
