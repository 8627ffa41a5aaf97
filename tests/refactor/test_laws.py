"""Laws of the commands `mv`, `rm` and `merge` on every library that was exported.

`STASHSYNC_EXAMPLES=1000 pytest tests/refactor/test_laws.py` tries more examples.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from stashsync.errors import StashIntegrationError
from stashsync.fields.names import fold
from stashsync.kinds import KINDS
from stashsync.planner import Create, Delete, Merge, Plan, Update
from stashsync.refactor.naming import subject
from stashsync.refactor.places import ancestors, parents, removed_with
from stashsync.refactor.verbs import Refactoring
from stashsync.refactor.writing import RefactoringError
from stashsync.sandbox import Sandbox
from stashsync.state import Resource
from tests.pull.desk import Desk
from tests.pull.test_laws import annotated, law, owners
from tests.refactor.desk import begin, refactoring, write
from tests.support.libraries import fill
from tests.support.pairs import Pair, pairs
from tests.support.servers import assert_complete, carry_out

NEW = "Another name"


def texts(root: Path) -> dict[str, bytes]:
    """Return the bytes of every manifest by file name."""
    return {path.name: path.read_bytes() for path in (root / "manifests").rglob("*.yaml")}


def choose(data: st.DataObject, command: Refactoring, kinds: tuple[str, ...]) -> Resource | None:
    """Draw an object of one of these kinds; return None if there is none."""
    found = [resource for resource in command.state if resource.kind in kinds]
    return data.draw(st.sampled_from(found)) if found else None


def fields(plan: Plan, but: str = "") -> set[tuple[str, str]]:
    """Return the kinds and fields that a plan updates, leaving out the object labelled `but`."""
    return {
        (change.kind, name)
        for change in plan.changes
        if isinstance(change, Update) and change.label != but
        for name in change.changes
    }


def comments(
    root: Path, renamed: tuple[str, str, str] | None = None
) -> tuple[dict[str, tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the node of each comment, and all nodes that can have one.

    `renamed` is a kind, the old name and the new: comments on that object are given under its new
    name.
    """
    found: dict[str, tuple[str, ...]] = {}
    nodes: set[tuple[str, ...]] = set()
    for name, content in texts(root).items():
        known, there = owners(content.decode())
        found |= {f"{name} {comment}": place for comment, place in known.items()}
        nodes |= there
    if renamed is not None:
        found = {comment: _renamed(place, *renamed) for comment, place in found.items()}
    return found, nodes


def _renamed(place: tuple[str, ...], kind: str, old: str, new: str) -> tuple[str, ...]:
    """Return the path of a node after an object was renamed."""
    if place[:2] == (kind, fold(old)):
        return (kind, fold(new), *place[2:])
    spec = KINDS[place[0]].references.get(place[2]) if len(place) > 3 else None
    if spec is not None and spec.meaning.references() == kind and fold(place[3]) == fold(old):
        return (*place[:3], new)
    return place


@law
@given(pairs(), st.booleans(), st.data())
def test_a_command_plans_what_it_announces(
    pair: Pair, commented: bool, data: st.DataObject
) -> None:
    """On a library in step, the plan after a command has exactly what the command announced.

    Once it is applied, nothing is left to plan. Every comment stays at its node, or goes with it.
    """
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        root = Path(folder)
        fill(server, pair.library, root)
        desk = Desk(root, server)
        if not any(pair.library.values()):
            return
        desk.export()
        if commented:
            for path in (root / "manifests").glob("*.yaml"):
                path.write_bytes(annotated(path.read_bytes().decode()).encode())
        before = texts(root)
        verb = data.draw(st.sampled_from(["rename", "move", "remove", "merge"]))
        command = refactoring(root)
        # Older servers merge no performers.
        kinds = ("tag", "studio") if verb in ("move", "merge") else tuple(KINDS)
        chosen = choose(data, command, kinds)
        if chosen is None:
            return
        check = globals()[f"_{verb}"]
        try:
            done = check(data, desk, command, chosen)
        except RefactoringError as error:
            whole = b"".join(before.values()).decode()
            raise AssertionError(f"{error.problems}\n{whole}") from error
        if not done:
            assert not command.files()
            return
        assert texts(root) != before
        plan = desk.plan()
        assert not any(isinstance(change, Create) for change in plan.changes)
        assert_complete(carry_out(plan, server, root))
        assert not desk.plan().changes


def _rename(data: st.DataObject, desk: Desk, command: Refactoring, chosen: Resource) -> bool:
    before = texts(desk.root)
    known, _ = comments(desk.root, (chosen.kind, chosen.name, NEW))
    command.rename(chosen.kind, chosen.label, NEW)
    write(desk.root, command)
    plan = desk.plan()
    (change,) = plan.changes
    assert isinstance(change, Update)
    assert set(change.changes) == {"name"}
    assert comments(desk.root)[0] == known
    there = texts(desk.root)
    back = refactoring(desk.root)
    label = KINDS[chosen.kind].label({**chosen.values, "name": NEW})
    back.rename(chosen.kind, label, chosen.label)
    write(desk.root, back)
    assert texts(desk.root) == before
    for name, content in there.items():
        (desk.root / "manifests" / name).write_bytes(content)
    return True


def _move(data: st.DataObject, desk: Desk, command: Refactoring, chosen: Resource) -> bool:
    others = [
        other
        for other in command.state.of(chosen.kind)
        if chosen.key not in ancestors(command.state, other)
    ]
    if not others:
        return False
    under = data.draw(st.sampled_from(others))
    known, _ = comments(desk.root)
    try:
        command.move(chosen.kind, chosen.name, under.name, parents(chosen)[:1])
    except StashIntegrationError:
        return False
    write(desk.root, command)
    _assert_stay(desk.root, known)
    spec = KINDS[chosen.kind].hierarchy
    assert spec is not None
    assert fields(desk.plan()) == {(chosen.kind, spec.name)}
    assert len(desk.plan().changes) == 1
    return True


def _remove(data: st.DataObject, desk: Desk, command: Refactoring, chosen: Resource) -> bool:
    recursive = data.draw(st.booleans())
    going = {chosen.label}
    if recursive:
        going |= {below.label for below in removed_with(command.state, chosen)}
    known, _ = comments(desk.root)
    command.remove(chosen.kind, chosen.label, recursive=recursive)
    write(desk.root, command)
    gone = {fold(label) for label in going}
    _assert_stay(desk.root, known, {(chosen.kind, name) for name in gone})
    plan = desk.plan()
    assert {each.label for each in plan.changes if isinstance(each, Delete)} == going
    assert fields(plan) <= references(chosen.kind)
    return True


def _merge(data: st.DataObject, desk: Desk, command: Refactoring, chosen: Resource) -> bool:
    others = [other for other in command.state.of(chosen.kind) if other is not chosen]
    if not others:
        return False
    into = data.draw(st.sampled_from(others))
    known, _ = comments(desk.root, (chosen.kind, chosen.name, into.name))
    command.merge(chosen.kind, [chosen.label], into.label)
    write(desk.root, command)
    plan = desk.plan()
    after, _ = comments(desk.root)
    assert after.items() <= known.items()
    merges = [change for change in plan.changes if isinstance(change, Merge)]
    assert [change.label for change in merges] == [into.label]
    assert fields(plan, but=into.label) <= references(chosen.kind)
    return True


def references(kind: str) -> set[tuple[str, str]]:
    """Return the kinds and fields that refer to objects of a kind."""
    return {
        (other.name, name)
        for other in KINDS.values()
        for name, spec in other.references.items()
        if spec.meaning.references() == kind
    }


def _assert_stay(
    root: Path,
    known: dict[str, tuple[str, ...]],
    gone: Collection[tuple[str, ...]] = (),
) -> None:
    """Check that every comment is where it was, or went with its node.

    Comments on the objects in `gone` may be lost while their nodes remain.
    """
    after, nodes = comments(root)
    assert after.items() <= known.items()
    lost = [place for comment, place in known.items() if comment not in after]
    assert not [place for place in lost if place in nodes and place[:2] not in gone]


@law
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from("ABCTU"), st.booleans()), max_size=8
    ),
    st.booleans(),
)
def test_names_in_turn_mean_the_objects_that_were_renamed(
    renames: list[tuple[str, str, bool]], known: bool
) -> None:
    """Whichever names are free meanwhile, and whatever was applied on the way.

    Each of them is refused or the plan renames just these objects. One that adds a former name is
    taken back to the byte, unless it is itself a return to a former name.
    """
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        desk = Desk(Path(folder), server)
        begin(
            desk.root,
            tags="tags:\n  - name: A\n    description: a\n  - {name: B, favorite: true}\n  - C\n",
        )
        assert_complete(carry_out(desk.plan(), server, desk.root))
        ids = desk.ids("tag")
        names = {letter: letter for letter in "ABC"}
        for letter, new, applies in renames:
            there = {identifier: name for name, identifier in desk.ids("tag").items()}
            servers = [there] if known else []
            before, command = texts(desk.root), refactoring(desk.root, *servers)
            left = subject(command.state, "tag", names[letter]).renamed_from
            try:
                command.rename("tag", names[letter], new)
            except StashIntegrationError:
                continue
            write(desk.root, command)
            now = subject(command.state, "tag", new).renamed_from
            if names[letter] in now and new not in left:
                back = refactoring(desk.root, *servers)
                back.rename("tag", new, names[letter])
                files = {Path(name).name: data for name, data in back.files().items()}
                assert {**texts(desk.root), **files} == before
            names[letter] = new
            if applies and known:  # else no command can know what the server has by now
                assert_complete(carry_out(desk.plan(), server, desk.root))
        plan = desk.plan()
        assert fields(plan) <= {("tag", "name")}
        assert all(isinstance(change, Update) for change in plan.changes)
        assert_complete(carry_out(plan, server, desk.root))
        assert desk.ids("tag") == {names[letter]: ids[letter] for letter in "ABC"}
