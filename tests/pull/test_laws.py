"""Laws of export and pull: for every library, every edit of it, and every exported manifest.

`STASHSYNC_EXAMPLES=1000 pytest tests/pull/test_laws.py` tries more examples; `python -m
tests.laws.long_run --law pulls` runs on with files in random styles.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from stashsync.manifest.nodes import dash_line
from stashsync.pull.export import PullScope
from stashsync.pull.writing.outline import Outline
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from tests.pull import fuzz
from tests.pull.desk import Desk
from tests.support.hostile import HOSTILE
from tests.support.libraries import fill
from tests.support.pairs import PERFORMERS, STUDIOS, TAGS, Pair, pairs

EXAMPLES = int(os.environ.get("STASHSYNC_EXAMPLES", "30"))
SECONDS = float(os.environ.get("STASHSYNC_LAW_SECONDS", "5"))
"""Seconds for pulling files in random styles; CI allows a minute."""
law = settings(
    max_examples=EXAMPLES,
    deadline=None,
    # No shrinking: an example is a library, edits and three readings, so it would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
Edit = tuple[Any, ...]
_NAMES = {"tag": TAGS, "studio": STUDIOS, "performer": PERFORMERS}
_TEXTS = ["", "other", "two\nlines", "No", "a: b # c", "c1 \x85", *HOSTILE[:30]]


@st.composite
def edits(draw: st.DrawFn) -> list[Edit]:
    """Draw edits as Stash's own pages make them; the server refuses some."""
    found: list[Edit] = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["tag", "tag", "tag", "studio", "performer"]))
        name = draw(st.sampled_from(_NAMES[kind]))
        other = draw(st.sampled_from(_NAMES[kind]))
        text = draw(st.sampled_from(_TEXTS))
        what = draw(st.sampled_from(["text", "rename", "aliases", "move", "gone", "flag", "tags"]))
        found.append((what, kind, name, other, text))
    return found


def carry_out(desk: Desk, edit: Edit) -> None:
    """Make one edit on the server; skip it if an object is missing or the server refuses."""
    what, kind, name, other, text = edit
    ids = desk.ids(kind)
    if name not in ids:
        return
    try:
        if what == "gone":
            desk.delete(kind, name)
        elif what == "rename":
            desk.edit(kind, name, name=f"{name} {text}".strip())
        elif what == "aliases":
            field = "alias_list" if kind == "performer" else "aliases"
            desk.edit(kind, name, **{field: [f"{name} one", f"new {text}".strip()]})
        elif what == "flag":
            desk.edit(kind, name, favorite=True, ignore_auto_tag=True)
        elif what == "tags" and kind != "tag":
            desk.edit(kind, name, tag_ids=list(desk.ids("tag").values())[:2])
        elif what == "move" and kind == "tag":
            desk.edit(kind, name, parent_ids=[ids[other]] if other in ids else [])
        elif what == "move" and kind == "studio":
            desk.edit(kind, name, parent_id=ids.get(other))
        elif what == "text":
            field = "description" if kind == "tag" else "details"
            desk.edit(kind, name, **{field: text.strip()})
    except Refusal:
        return


@law
@given(pairs())
def test_what_is_exported_plans_empty(pair: Pair) -> None:
    """After an export the plan is empty, and a pull changes nothing."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        fill(server, pair.library, Path(folder))
        desk = Desk(Path(folder), server)
        if not any(pair.library.values()):
            return
        desk.export()
        assert not desk.plan()
        assert not desk.pull().files


@law
@given(pairs(), edits())
def test_what_changed_on_the_server_is_pulled(pair: Pair, edited: list[Edit]) -> None:
    """After a pull the plan is empty, and a second pull changes nothing."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        fill(server, pair.library, Path(folder))
        desk = Desk(Path(folder), server)
        if not any(pair.library.values()):
            return
        desk.export()
        for edit in edited:
            carry_out(desk, edit)
        if not any(desk.ids(kind) for kind in _NAMES):
            return  # an empty desired state is never assumed
        pulled = desk.pull(PullScope(all_fields=True))
        assert not pulled.manual_steps, pulled.manual_steps
        assert not desk.plan().changes
        assert not desk.pull(PullScope(all_fields=True)).files


def annotated(text: str) -> str:
    """Return a text with a comment above and behind every line outside of block scalars."""
    out: list[str] = []
    block = -1
    for number, line in enumerate(text.splitlines()):
        depth = len(line) - len(line.lstrip(" "))
        if 0 <= block < depth or (block >= 0 and not line.strip()):
            out.append(line)
            continue
        block = depth if line.endswith("|-") else -1
        if line.lstrip().startswith("- ") and line.endswith("|-"):
            block += 2
        out.append(f"{' ' * depth}# above {number}")
        out.append(f"{line}   # behind {number}")
    return "\n".join(out) + "\n"


@law
@given(pairs(), edits(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_comments_and_line_ends_survive(
    pair: Pair, edited: list[Edit], newline: str, mark: bool
) -> None:
    """Every comment stays, but for those of nodes that are gone or left their list.

    Line ends and a byte order mark stay, too.
    """
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        fill(server, pair.library, Path(folder))
        desk = Desk(Path(folder), server)
        if not any(pair.library.values()):
            return
        desk.export()
        before = 0
        for path in (desk.root / "manifests").glob("*.yaml"):
            text = annotated(path.read_bytes().decode())
            before += text.count("# above") + text.count("# behind")
            text = text.replace("\n", newline)
            path.write_bytes(("\ufeff" if mark else "").encode() + text.encode())
        assert not desk.plan()
        whole = [edit for edit in edited if edit[0] in ("text", "rename", "flag", "move")]
        for edit in whole:
            carry_out(desk, edit)
        pulled = desk.pull()
        assert not pulled.manual_steps, pulled.manual_steps
        assert not desk.plan().changes
        after = 0
        for path in (desk.root / "manifests").glob("*.yaml"):
            text = path.read_bytes().decode()
            assert text.startswith("\ufeff") == mark
            if newline == "\r\n":
                assert text.count("\n") == text.count("\r\n")
            after += text.count("# above") + text.count("# behind")
        # A `children:` or `parents:` key is removed with its last member, and so are its comments.
        assert after == before or any(edit[0] == "move" for edit in whole)


def owners(text: str) -> tuple[dict[str, tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the path of each comment's node, and all paths that can have a comment.

    The path of an item is its kind and key, wherever it stands; its fields and their members
    follow.
    """
    outline = Outline(text.removeprefix("\ufeff"))
    lines, starts = outline.lines, dict[int, tuple[str, ...]]()
    for kind, (_, key, _) in outline.sections.items():
        starts[lines.of(key.start)] = (kind,)
    for item in outline.items:
        identity = (item.kind.name, item.key[0])
        starts.setdefault(dash_line(lines, item.container, item.node), identity)
        for key, value in item.node.entries:
            starts.setdefault(lines.of(key.start), (*identity, key.value))
            for inner in [*value.items, *(name for name, _ in value.entries)]:
                if key.value != "children":
                    place = (*identity, key.value, inner.value)
                    starts.setdefault(lines.of(inner.start), place)
    found = {}
    for number in range(len(lines)):
        line = lines.get(number)
        comment = re.search(r"# (above|behind) \d+$", line)
        if comment is not None:
            alone = line.lstrip().startswith("#")
            below = (later for later in range(number + 1, len(lines)) if later in starts)
            found[comment[0]] = starts[next(below) if alone else number]
    return found, set(starts.values())


@law
@given(pairs(), edits())
def test_every_comment_stays_at_its_node(pair: Pair, edited: list[Edit]) -> None:
    """A comment stays at its node or goes with it.

    Renames are left out, since a node then has another path.
    """
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        fill(server, pair.library, Path(folder))
        desk = Desk(Path(folder), server)
        if not any(pair.library.values()):
            return
        desk.export()
        before = {}
        for path in (desk.root / "manifests").glob("*.yaml"):
            path.write_bytes(annotated(path.read_bytes().decode()).encode())
            before[path], _ = owners(path.read_bytes().decode())
        for edit in edited:
            if edit[0] != "rename":
                carry_out(desk, edit)
        if not any(desk.ids(kind) for kind in _NAMES):
            return  # an empty desired state is never assumed
        pulled = desk.pull()
        assert not pulled.manual_steps, pulled.manual_steps
        assert not desk.plan().changes
        for path, known in before.items():
            after, nodes = owners(path.read_bytes().decode())
            assert after.items() <= known.items()
            lost = {comment for comment in known if comment not in after}
            assert not [comment for comment in lost if known[comment] in nodes]


def test_files_in_random_styles_are_pulled(tmp_path: Path) -> None:
    """Seeds count from 0 until the time is over; about one in a hundred may leave a manual step."""
    end, seed, manual = time.monotonic() + SECONDS, 0, []
    while time.monotonic() < end:
        run = fuzz.go(seed, tmp_path)
        manual += [(seed, run.manual)] if run.manual else []
        seed += 1
    assert len(manual) <= 1 + seed / 100, manual


def test_a_random_style_is_decided_by_its_number(tmp_path: Path) -> None:
    """The same seed gives the same run, so that a failure can be repeated."""
    assert fuzz.go(7, tmp_path) == fuzz.go(7, tmp_path)
