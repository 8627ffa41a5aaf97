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
from typing import Any
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
from stashsync.sandbox.library.refusals import Refusal
from stashsync.state import State
from tests.laws.journey import server_of
from tests.laws.looking import observed
from tests.pull.styles import Writer

RELEASE = "0.30.1"
FIELDS = {
    "tag": ("name", "description", "aliases", "favorite", "parents"),
    "studio": ("name", "details", "aliases", "urls", "parent", "tags"),
    "performer": ("name", "disambiguation", "details", "aliases", "urls", "tags", "custom_fields"),
}
NAMES = {
    "tag": ["Camera", "Wide shot", "Drone", "No", "12:30", "a: b", "B&W", "Éclair", "it's", "200%"],
    "studio": ["Northlight", "Harbour & Sons", "NL!", "digits 24"],
    "performer": ["Ada Example", "Ben", "D'Arc", "Ève"],
}
TEXTS = [
    "how it was filmed", "one", "two\nlines", "three\n\nlines\nhere", "a: b # c", "No",
    "it's \"so\"",
    "a long text of several words that goes on and on", "#no comment", "- x", "'quoted'", "007",
    "the same", "the same",
]  # fmt: skip
WORDS = ["Cam", "Lens", "x, y", "Tight", "far", "no", "1", "[z]", "üb", "a #1"]
URLS = [f"https://{name}.example" for name in ("a", "b", "c", "d?x=1&y=#z")]


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
    content = _fill(library, random)
    writer = Writer(random)
    bom = "\ufeff" if random.random() < 0.1 else ""
    run.before = writer.text(content)
    file = root / "manifests" / "library.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes((bom + run.before).encode())
    _check_writer(writer, run.before)
    agreed = observed(library, server, FIELDS)
    desired = load(root)
    context, pairs = pair_up(desired.state, agreed, server)
    wrong = decide(context, pairs).changes
    _want(not wrong, f"the text is not the library: {wrong}")
    baseline = after_pull("x", pairs, agreed, Policy())
    for _ in range(random.randint(1, 4)):
        run.edits.append(_edit(library, random))
    now = observed(library, server, FIELDS)
    scope = PullScope(new=True)

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


# -- libraries and edits --------------------------------------------------------------------------


def _fill(library: Library, random: Random) -> dict[str, list[Any]]:
    """Fill a library at random; return its content as nested items."""
    content: dict[str, list[Any]] = {}
    ids: dict[str, dict[str, str]] = {kind: {} for kind in NAMES}
    for kind, names in NAMES.items():
        items: dict[str, dict[str, Any]] = {}
        outer: list[dict[str, Any]] = []
        count = random.randint(2, 8) if kind == "tag" else random.randint(0, 3)
        for name in random.sample(names, min(count, len(names))):
            item: dict[str, Any] = {"name": name}
            given: dict[str, Any] = {"name": name}
            item |= _some_fields(kind, name, random)
            given |= _as_input(kind, item)
            if "tags" in item:
                item["tags"] = random.sample(sorted(ids["tag"]), min(2, len(ids["tag"])))
                given["tag_ids"] = [ids["tag"][each] for each in item["tags"]]
            above = random.choice(sorted(items)) if items and random.random() < 0.6 else None
            if kind == "performer":
                above = None
            siblings = outer
            if above is not None:
                siblings = items[above].setdefault("children", [])
                parent = ids[kind][above]
                given |= {"parent_ids": [parent]} if kind == "tag" else {"parent_id": parent}
                second = random.choice(sorted(items))
                if kind == "tag" and second != above and random.random() < 0.2:
                    item["parents"] = [second]
                    given["parent_ids"].append(ids[kind][second])
            _own_some(kind, item, given, random)
            made: Any = library.mutate(KINDS[kind].create_mutation, {"input": given})
            ids[kind][name] = str(made["id"])
            items[name] = item
            siblings.append(item)
        if outer:
            content[KINDS[kind].plural] = [_shortened(item, random) for item in outer]
    return content


def _shortened(item: dict[str, Any], random: Random) -> Any:
    if "children" in item:
        item["children"] = [_shortened(child, random) for child in item["children"]]
    return item["name"] if len(item) == 1 and random.random() < 0.8 else item


def _some_fields(kind: str, name: str, random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    text = "description" if kind == "tag" else "details"
    if random.random() < 0.5:
        found[text] = random.choice(TEXTS)
    if random.random() < 0.5:
        found["aliases"] = [f"{name} {word}" for word in random.sample(WORDS, random.randint(1, 3))]
    if kind == "tag" and random.random() < 0.3:
        found["favorite"] = True
    if kind != "tag" and random.random() < 0.5:
        found["urls"] = random.sample(URLS, random.randint(1, 4))
    if kind != "tag" and random.random() < 0.5:
        found["tags"] = []
    if kind == "performer" and random.random() < 0.4:
        found["custom_fields"] = {word: random.choice(TEXTS) for word in random.sample(WORDS, 2)}
    return found


def _own_some(kind: str, item: dict[str, Any], given: dict[str, Any], random: Random) -> None:
    """Write some lists as owned in part: `{add: [...], remove: [...]}`."""
    for name, others in (("aliases", WORDS), ("urls", URLS), ("tags", NAMES["tag"])):
        members = item.get(name)
        if not members or random.random() > 0.15:
            continue
        other = random.choice(others)
        other = f"{item['name']} {other}" if name == "aliases" else other
        item[name] = {"add": members}
        if other in members:
            continue
        if name != "tags" and random.random() < 0.3:  # a member that the manifest does not own
            given[KINDS[kind].fields[name].input].append(other)
        elif random.random() < 0.5:
            item[name]["remove"] = [other]


def _as_input(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        KINDS[kind].fields[name].input: list(value) if isinstance(value, list) else value
        for name, value in item.items()
        if name not in ("tags", "children", "parents")
    }


def _edit(library: Library, random: Random) -> str:
    """Make one random edit; return the words of the lines that may change by it, as JSON."""
    kind = random.choice(["tag", "tag", "tag", "studio", "performer"])
    answer: Any = library.query(KINDS[kind].find_many, {"filter": {"per_page": -1, "sort": "id"}})
    rows = {library.resolve(row, "name", {}): row for row in answer[KINDS[kind].plural]}
    if not rows:
        return "[]"
    name = random.choice(sorted(rows))
    row = rows[name]
    fields: dict[str, Any] = {"id": str(row["id"])}
    what = random.choice(
        ["text", "text", "rename", "aliases", "move", "gone", "flag", "list", "new"]
    )
    words = [name, name.lower()]
    try:
        if what == "gone":
            library.mutate(KINDS[kind].mutations.destroy, {"input": {"id": fields["id"]}})
            return json.dumps([*words, "children", "tags"])
        if what == "new":
            new = f"New {random.randint(1, 999)}"
            above = {"parent_ids": [fields["id"]]} if kind == "tag" else {}
            library.mutate(KINDS[kind].create_mutation, {"input": {"name": new, **above}})
            return json.dumps([*words, "children"] if above else [])
        words += _change(library, random, kind, what, rows, name, fields)
        library.mutate(KINDS[kind].update_mutation, {"input": fields})
    except Refusal:
        return "[]"
    return json.dumps(words)


def _change(
    library: Library, random: Random, kind: str, what: str, rows: Any, name: str, fields: Any
) -> list[str]:
    spec = KINDS[kind]
    text, alias = ("description" if kind == "tag" else "details"), spec.fields["aliases"]
    if what == "rename":
        fields["name"] = name + random.choice([" 2", " it's", ": x", " (new)"])
        return []
    if what == "move" and kind != "performer":
        other = random.choice([*sorted(rows), ""])
        target = str(rows[other]["id"]) if other and other != name else None
        fields |= (
            {"parent_ids": [target] if target else []} if kind == "tag" else {"parent_id": target}
        )
        return [other, other.lower(), "children"]
    if what == "aliases":
        old = list(library.resolve(rows[name], alias.output, {}))
        fields[alias.input] = _shuffled(old, [f"{name} {word}" for word in WORDS], random)
        return ["aliases"]
    if what == "list" and kind != "tag":
        old = list(library.resolve(rows[name], "urls", {}))
        fields["urls"] = _shuffled(old, URLS, random, keep=False)
        return ["urls"]
    if what == "flag" and kind == "tag":
        fields["favorite"] = random.random() < 0.5
        return ["favorite"]
    old_text: str = library.resolve(rows[name], text, {}) or ""
    kept: list[str] = old_text.split(" ")
    kept[random.randrange(len(kept))] = random.choice(["word", "other words", ""])
    fields[text] = random.choice([" ".join(kept).strip(), random.choice(TEXTS), ""])
    return [text]


def _shuffled(old: list[str], new: list[str], random: Random, *, keep: bool = True) -> list[str]:
    found = [each for each in old if random.random() < 0.7]
    if not keep and random.random() < 0.5:
        random.shuffle(found)
    for each in random.sample(new, random.randint(0, 2)):
        if each not in found:
            found.insert(random.randint(0, len(found)) if not keep else len(found), each)
    return found


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
