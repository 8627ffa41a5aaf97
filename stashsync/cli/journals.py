"""Journals of a project: what was run, what was cut short, and one `apply` at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stashsync.applier.journal import Run, abandon, read_run, read_runs, undone
from stashsync.cli.output import talk
from stashsync.errors import StashConfigurationError, StashError

if TYPE_CHECKING:
    from stashsync.cli.session import Session

RUNS: Final = "runs"
LOCK: Final = "apply.lock"
GRACE: Final = 0.2
"""How many seconds to wait for the lock, which a command holds too that looks who has it."""


def find_run(session: Session, name: str) -> Run:
    """Find a run by the beginning of its id.

    Raises:
        StashConfigurationError: there is none, or several begin so.
    """
    return _named(session.state.folder / RUNS, name)


def find_run_to_resume(session: Session, name: str | None) -> Run:
    """Find a run of which something is left by the beginning of its id, or the latest.

    Without a name, a run is left alone that another one on its library has followed, unless what is
    left of it can be found nowhere else: the later plan was made from what the first had done.

    Raises:
        StashConfigurationError: there is none, or nothing of it is left to be done.
        StashError: it is still going on.
    """
    folder = session.state.folder / RUNS
    named = None if name is None else _named(folder, name)
    runs = read_runs(folder, warn_unreadable)
    over = undone(runs)
    left = [run for run in runs if _why_nothing_is_left(run, over) == ""]
    last = {run.origin.library: run for run in runs}
    eligible = [run for run in left if run.is_in_the_way or run is last[run.origin.library]]
    if named is None and not eligible:
        hint = "`stashsync runs` lists all."
        if left:
            hint = (
                f"Of the run {left[-1].id} something is left, but others came after it. "
                "`stashsync plan` compares anew; `stashsync resume RUN` does the rest of it."
            )
        raise StashConfigurationError("there is no run to resume", hint=hint)
    found = named or eligible[-1]
    why = _why_nothing_is_left(found, over)
    if why:
        raise StashConfigurationError(
            f"the run {found.id} {why}",
            hint="Nothing of it is left to be done. `stashsync plan` compares anew.",
        )
    undoing = undo_begun(found, [run for run in runs if run.id not in over])
    if undoing is not None:
        way_on = f"resume {undoing.id}" if undoing.is_in_the_way else f"undo {found.id}"
        raise StashConfigurationError(
            f"the run {found.id} cannot be resumed: {undoing.id} has begun to take it back",
            hint=f"`stashsync {way_on}` takes back the rest.",
        )
    _require_end(session, [found])
    return found


def undo_begun(run: Run, runs: Iterable[Run]) -> Run | None:
    """Return the last of these runs that has begun to take a run back."""
    begun = [each for each in runs if each.origin.undoes == run.id and each.sent]
    return begun[-1] if begun else None


def _why_nothing_is_left(run: Run, over: Collection[str]) -> str:
    """Return why a run cannot be resumed; `over` are the ids of those that were taken back."""
    if run.id in over:
        return "was taken back"
    if run.abandoned:
        return "was abandoned"
    return "is complete" if run.ended and run.report().complete else ""


def find_run_to_undo(session: Session, name: str | None) -> tuple[Run, list[Run]]:
    """Find a run by the beginning of its id, or the latest that is in effect and no undo itself.

    Also return the runs on the same library since.

    Raises:
        StashConfigurationError: there is none, or several begin so.
    """
    folder = session.state.folder / RUNS
    found = None if name is None else _named(folder, name)
    runs = read_runs(folder, warn_unreadable)
    over = undone(runs)
    for run in reversed(runs) if found is None else ():
        if run.sent and not run.origin.undoes and run.id not in over:
            found = run
            break
    if found is None:
        raise StashConfigurationError("there is no run to undo", hint="`stashsync runs` lists all.")
    library = found.origin.library
    return found, [run for run in runs if run.id > found.id and run.origin.library == library]


def require_last(session: Session, run: str, last: str) -> None:
    """Refuse to undo a run over one that another process began since; `last` is the last known.

    Raises:
        StashConfigurationError: there is one, or a journal cannot be read.
    """
    found, later = find_run_to_undo(session, run)
    if (now := [found, *later][-1].id) != last:
        raise StashConfigurationError(
            f"another process began the run {now} meanwhile",
            hint="Nothing was sent. The same command plans anew.",
        )


def _named(folder: Path, name: str) -> Run:
    found = sorted(folder.glob(f"{name}*.jsonl")) if name.replace("-", "").isalnum() else []
    if len(found) != 1:
        number = f"{len(found)} runs begin" if found else "no run begins"
        raise StashConfigurationError(f"{number} with {name!r}", hint="`stashsync runs` lists all.")
    return read_run(found[0])


def runs_in_the_way(
    session: Session, library: str, on_error: Callable[[StashConfigurationError], None]
) -> list[Run]:
    """Return the runs on this library that have to be resumed or abandoned before the next.

    Warn if another library than at the last run answers at this address.
    """
    runs = read_runs(session.state.folder / RUNS, on_error)
    _warn_of_another_library(session, library, runs)
    over = undone(runs)
    return [
        run
        for run in runs
        if run.origin.library == library and run.is_in_the_way and run.id not in over
    ]


def _warn_of_another_library(session: Session, library: str, runs: Sequence[Run]) -> None:
    """Warn if another library than at the last run answers at this address."""
    known = any(run.origin.library == library for run in runs)
    last = next((run for run in reversed(runs) if run.origin.server == session.server), None)
    if last is not None and not known and session.baseline(library) is None:
        talk(
            f"Warning: at {session.server} is another library than at the run {last.id}, or the "
            "server has lost its configuration. Nothing is remembered of this one."
        )


def warn_of_open_runs(session: Session, library: str) -> None:
    """Say that a run has to be resumed, where one has."""
    found = runs_in_the_way(session, library, warn_unreadable)
    for run in found:
        if undo_begun(run, found) is None and not warn_if_going_on(session, run):
            talk(f"Warning: {describe(run)} `stashsync resume` does the rest of it.")


def warn_if_going_on(session: Session, run: Run) -> bool:
    """Say that a run without an end may be that of another process."""
    other = other_apply(session) if run.is_open else ""
    if other:
        talk(f"Warning: {other}; the run {run.id} may be that one.")
    return bool(other)


def other_apply(session: Session) -> str:
    """Return that another process applies something now; empty where none does."""
    try:
        with only_one(session):
            return ""
    except StashConfigurationError:
        return ""
    except StashError as error:
        return error.message


def require_no_apply(session: Session) -> None:
    """Refuse where another process applies something now: what is read meanwhile is of no use.

    Raises:
        StashError: one does.
    """
    if not (session.state.folder / LOCK).exists():
        return  # nothing has been applied; a pull that fails leaves no folder behind
    if other := other_apply(session):
        raise StashError(other, hint="Wait for its end, or stop it. Nothing was written.")


def _require_end(session: Session, runs: Sequence[Run]) -> None:
    """Leave a run alone that another process carries out now.

    Raises:
        StashError: one of them is.
    """
    if any(run.is_open for run in runs):
        with only_one(session):
            pass


def require_no_open_run(
    session: Session, library: str, *, give_up: bool = False, but: str = ""
) -> None:
    """Refuse to plan anew over a run that has to be resumed; with `give_up` abandon it.

    The run with the id `but` may be one.

    What is left of it may be found nowhere else: the aliases of studios that were merged by hand
    are in the plan alone once their holder is gone.

    Raises:
        StashError: there is one, or a journal cannot be read.
    """
    found = runs_in_the_way(session, library, _refuse_unreadable)
    _require_end(session, found)
    for run in reversed(found):  # the last is the one that `resume` takes
        if run.id == but:
            continue
        if not give_up:
            raise StashError(
                describe(run),
                hint="`stashsync resume` does the rest of it; `stashsync apply --abandon` gives "
                "the rest up.",
            )
        abandon(session.state.folder / RUNS, run)
        talk(f"The run {run.id} is abandoned.")


def warn_unreadable(error: StashConfigurationError) -> None:
    """Say that a journal cannot be read."""
    talk(f"Warning: {error.message}.{' ' if error.hint else ''}{error.hint}")


def _refuse_unreadable(error: StashConfigurationError) -> None:
    raise StashError(
        error.message,
        hint=error.hint
        or "It may be of a run that was cut short. Move the file away to go on without it.",
    )


def describe(run: Run) -> str:
    """Return a sentence on a run that is not complete."""
    end = "ended before its merges were complete" if run.report().half_merged else "is incomplete"
    end = "was cut short" if run.is_open else end
    return (
        f"the run {run.id} {end}: of {len(run.plan.operations):,} operations, "
        f"{len(run.applied):,} were applied, {len(run.unknown):,} are unknown."
    )


@contextmanager
def only_one(session: Session) -> Generator[None]:
    """Let no other `apply` of this project run on this machine.

    Raises:
        StashError: one is running.
    """
    from filelock import FileLock, Timeout

    path = session.state.folder / LOCK
    try:
        session.state.make()
        lock = FileLock(path, timeout=GRACE)
        lock.acquire()
    except Timeout:
        raise StashError(
            f"another apply of this project is running{_holder(path)}",
            hint="Wait for its end, or stop it.",
        ) from None
    except OSError as error:
        raise StashConfigurationError(
            f"cannot write {path}: {error.strerror}", hint="Nothing was sent."
        ) from error
    try:
        with suppress(OSError):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            _about(path).write_text(f"process {os.getpid()}, since {now}\n", "utf-8")
        yield
    finally:
        with suppress(OSError):
            _about(path).unlink()
        lock.release()


def _holder(path: Path) -> str:
    with suppress(OSError):
        return f" ({_about(path).read_text('utf-8').strip()})"
    return ""


def _about(path: Path) -> Path:
    return path.with_suffix(".holder")
