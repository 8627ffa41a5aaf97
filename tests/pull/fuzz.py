"""A random library in a manifest of random style is edited on the server and pulled.

The checks: the plan is empty afterwards, a second pull changes nothing, and lines of fields that no
edit was about stay as they were. With an even seed the file counts as long, so that only the items
that the edits are about are parsed again.

`python -m tests.laws.long_run --law pulls` runs many seeds, `python -m tests.pull.fuzz --seed N`
shows one.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from random import Random
from unittest.mock import patch

from stashsync.engine.baseline import after_pull
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.manifest.nodes import compose_again
from stashsync.planner import Policy, decide, pair_up
from stashsync.pull import excerpts
from stashsync.pull.export import PullScope
from stashsync.pull.pairing import Pairing, Project
from stashsync.pull.update import ManifestUpdate, Pulled
from stashsync.pull.writing.comments import Comments, Path, without_tabs
from stashsync.pull.writing.outline import Outline
from stashsync.sandbox.library import Library
from stashsync.state import State
from tests.laws.journey import server_of
from tests.laws.looking import observed
from tests.pull.random_library import FIELDS, RELEASE, change_library, fill
from tests.pull.styles import Writer

LAST: list[Run] = []
"""The last run; `show` prints it."""


class Broken(AssertionError):
    """The law does not hold for this seed."""


@dataclass
class Run:
    """One seed's manifest before and after, its edits, and the manual steps that were left."""

    seed: int
    before: str = ""
    after: str = ""
    edits: list[str] = field(default_factory=list)
    manual: list[str] = field(default_factory=list)


def go(seed: int, root: FilePath) -> Run:
    """Write a manifest, edit the library, pull, and check the result.

    Raises:
        Broken: the law does not hold for this seed.
    """
    random, run = Random(seed), Run(seed)
    LAST[:] = [run]
    server, library = server_of(RELEASE), Library(None, release=RELEASE)
    content = fill(library, random)
    writer = Writer(random)
    bom = "\ufeff" if random.random() < 0.1 else ""
    run.before = writer.text(content)
    file = root / "manifests" / "library.yaml"
    shutil.rmtree(file.parent, ignore_errors=True)
    file.parent.mkdir()
    file.write_bytes((bom + run.before).encode())
    _check_writer(writer, run.before)
    agreed = observed(library, server, FIELDS)
    desired = load(root)
    context, pairs = pair_up(desired.state, agreed, server)
    wrong = decide(context, pairs).changes
    _want(not wrong, f"the text is not the library: {wrong}")
    baseline = after_pull("x", pairs, agreed, Policy())
    for _ in range(random.randint(1, 4)):
        run.edits.append(change_library(library, random))
    now = observed(library, server, FIELDS)
    scope = PullScope(new=True, into="manifests/library.yaml" if random.random() < 0.7 else None)

    def pull() -> Pulled:
        project = Project(root, "manifests", load(root))
        pairing = Pairing(now, server, baseline, Policy())
        with patch.object(excerpts, "LONG", excerpts.LONG if seed % 2 else 0):
            return ManifestUpdate(project, pairing, scope, lambda _: True).run()

    if not any(now.of(kind) for kind in KINDS):
        return run
    pulled = pull()
    run.manual = [step.message for step in pulled.manual_steps]
    for name, data in pulled.files.items():
        (root / name).write_bytes(data)
    run.after = file.read_bytes().decode()
    _want(run.after.startswith("\ufeff") == bool(bom), "the byte order mark")
    run.after = run.after.removeprefix("\ufeff")
    _want(("\r\n" in run.before) == ("\r\n" in run.after) or "\n" not in run.after, "line ends")
    if "\r\n" in run.before:
        _want(run.after.count("\n") == run.after.count("\r\n"), "mixed line ends")
    _want(run.before.endswith("\n") == run.after.endswith("\n"), "the end of the file")
    if run.manual:
        return run
    _check_after(run, root, now)
    _check_read(pulled, load(root).state)
    _want(not pull().files, "a second pull finds something")
    return run


def _want(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


def _check_writer(writer: Writer, text: str) -> None:
    found = Comments(Outline(without_tabs(Outline(text)), compose_again)).found
    for mine, theirs in zip(writer.comments, found, strict=False):
        _want(mine == theirs, f"{mine[1]} belongs to {mine[0]}, not to {theirs}")
    _want(len(found) == len(writer.comments), "comments were not found")


def _check_read(pulled: Pulled, state: State) -> None:
    """Check that what the pull took over from its first look is what another look finds."""
    read = {id(pair.desired): pair.desired for pair in pulled.pairs}.values()
    names = ("kind", "key", "values", "file", "line", "column", "renamed_from", "merge", "absent")
    mine, wanted = (
        sorted([repr([getattr(item, name) for name in names]) for item in items])
        for items in (read, state)
    )
    _want(mine == wanted, f"the pull read {set(mine) ^ set(wanted)}")


def _check_after(run: Run, root: FilePath, now: State) -> None:
    server = server_of(RELEASE)
    desired = load(root)
    context, pairs = pair_up(desired.state, now, server)
    plan = decide(context, pairs)
    _want(not plan.changes, f"the plan has {len(plan.changes)} changes")
    left = Counter(_words_of(line) for line in run.after.splitlines())
    for line in _untouched(run):
        head, star, alias = line.partition("*")
        found = line
        if star and not left[line]:  # its anchor went, so the alias was replaced by the value
            taken = f"{head}&{alias.split()[0].rstrip(',]}')} "
            found = next((each for each in left if each.startswith(taken) and left[each]), line)
        _want(left[found] > 0, f"the line {line!r} changed")
        left[found] -= 1


def _untouched(run: Run) -> list[str]:
    """Return the lines of fields that no edit was about, without the lines that begin an item."""
    words = {word for edit in run.edits for word in json.loads(edit) if word}
    lines = []
    comments = Comments(Outline(run.before))
    for number, line in enumerate(run.before.splitlines()):
        path: Path = comments._owner[number][0]
        keys = len(KINDS[path[0]].key_fields) if path and path[0] in KINDS else 99
        is_field = len(path) > keys + 1 and path[keys + 1] not in ("children", "parents", "parent")
        plain = line.replace("''", "'")
        if is_field and not words & {*path} and not any(word in plain for word in words):
            lines.append(_words_of(line))
    return lines


def _words_of(line: str) -> str:
    """Return a line without indentation, dashes, wide gaps and a trailing comma."""
    return re.sub(r"^(?:[-?:] )+|,(?=$| #)", "", " ".join(line.split())).strip()


# -- one run --------------------------------------------------------------------------------------


def main() -> None:
    """Show the run of the seed on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.pull.fuzz")
    parser.add_argument("--seed", type=int, required=True)
    show(parser.parse_args().seed)


def show(seed: int) -> None:
    """Run a seed; print its edits and how the file changed."""
    root = FilePath(tempfile.mkdtemp())
    try:
        go(seed, root)
    except Broken as error:
        print(error)
    finally:
        shutil.rmtree(root)
    run = LAST[-1]
    print(run.edits, run.manual)
    before, after = run.before.splitlines(True), run.after.splitlines(True)
    sys.stdout.writelines(difflib.unified_diff(before, after, n=100) if after != before else before)


if __name__ == "__main__":
    main()
