"""Every difference is attributed to the side that changed since the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync.engine.attribution import changed_by
from stashsync.kinds import KINDS
from stashsync.sandbox import Sandbox
from stashsync.state import ChangedBy
from tests.engine.support import Bench

SERVER, MANIFEST, BOTH = ChangedBy.SERVER, ChangedBy.MANIFEST, ChangedBy.BOTH


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Make an empty sandbox and an empty project."""
    with Sandbox() as server:
        yield Bench(tmp_path, server)


@pytest.mark.parametrize(
    ("field", "before", "after", "base", "side"),
    [
        ("description", "b", "a", "a", SERVER),
        ("description", "a", "b", "a", MANIFEST),
        ("description", "b", "c", "a", BOTH),
        ("aliases", ["a", "x"], ["a"], ["a"], SERVER),
        ("aliases", ["a"], ["a", "x"], ["a"], MANIFEST),
        ("aliases", ["a", "x"], ["a", "y"], ["a", "z"], BOTH),
        # `{add: [a]}` owns one member: others that came meanwhile are not its concern
        ("aliases", ["x"], ["a", "x"], ["a"], SERVER),
        ("aliases", ["x"], ["a", "x"], [], MANIFEST),
    ],
)
def test_a_difference_is_attributed_to_the_side_that_left_the_baseline(
    field: str, before: Any, after: Any, base: Any, side: ChangedBy
) -> None:
    """Lists are compared by the members that differ."""
    assert changed_by(KINDS["tag"].fields[field], before, after, base) is side


@pytest.mark.parametrize(
    ("before", "after", "base", "side"),
    [
        ({"a": 2}, {"a": 1}, {"a": 1}, SERVER),
        ({"a": 1}, {"a": 2}, {"a": 1}, MANIFEST),
        ({"a": 1}, {}, {"a": 1}, MANIFEST),
        ({"a": 2}, {}, {"a": 1}, BOTH),
        ({"a": 1, "b": 2}, {"a": 1}, {"a": 1}, SERVER),
        ({"a": 2, "b": 5}, {"a": 1, "b": 5}, {"a": 1}, SERVER),
    ],
)
def test_maps_are_compared_key_by_key(before: Any, after: Any, base: Any, side: ChangedBy) -> None:
    """Keys that both sides have alike do not count."""
    field = KINDS["performer"].fields["custom_fields"]
    assert changed_by(field, before, after, base) is side


def test_the_stamps_of_stash_ids_do_not_count() -> None:
    """The server adds them to what was written."""
    field = KINDS["performer"].fields["stash_ids"]
    written = [{"endpoint": "e", "stash_id": "1"}]
    read = [{"endpoint": "e", "stash_id": "1", "updated_at": "2026-01-01T00:00:00Z"}]
    assert changed_by(field, read, [], written) is MANIFEST
    assert changed_by(field, [], written, read) is SERVER


def test_a_value_that_differs_when_it_is_read_back_is_the_servers_change(bench: Bench) -> None:
    """A hook that edits what was written: the baseline has the value as it was written (I10)."""
    inner = bench.server.library.mutate

    def hooked(field: str, args: dict[str, Any]) -> Any:
        given = args["input"]
        if given.get("description"):
            given = {**given, "description": given["description"] + " (x)"}
        return inner(field, {"input": given})

    bench.server.library.mutate = hooked  # type: ignore[method-assign]
    bench.write(tags=[{"name": "A", "description": "d"}])
    bench.apply()
    assert bench.attribution() == {"A": {"description": SERVER}}


def test_what_was_applied_beside_a_failure_is_attributed(bench: Bench) -> None:
    """A is set back on the server after an apply in which B failed (I12)."""
    bench.write(tags=[{"name": "A", "description": "one"}])
    bench.apply()
    bench.write(tags=[{"name": "A", "description": "two"}, {"name": "B", "image": "bad.png"}])
    (bench.root / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    inner = bench.server.library.mutate

    def refusing(field: str, args: dict[str, Any]) -> Any:
        if "image" in args["input"]:
            raise ValueError("no image")
        return inner(field, args)

    bench.server.library.mutate = refusing  # type: ignore[method-assign]
    assert not bench.apply().complete
    bench.server.library.mutate = inner  # type: ignore[method-assign]
    bench.mutate("tagUpdate", id="1", description="one")
    assert bench.attribution() == {"A": {"description": SERVER}, "B": {"": MANIFEST}}


def test_a_reference_whose_target_was_deleted_is_the_servers_change(bench: Bench) -> None:
    """The tag has to be made anew, and still is what the manifest means (I14)."""
    bench.write(tags=[{"name": "A"}], performers=[{"name": "Ada", "tags": ["A"]}])
    bench.apply()
    bench.server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    assert bench.attribution() == {"A": {"": SERVER}, "Ada": {"tags": SERVER}}


def test_a_reference_whose_target_was_renamed_is_the_servers_change(bench: Bench) -> None:
    """The manifest means the object of the former name."""
    bench.write(tags=[{"name": "A"}], performers=[{"name": "Ada", "tags": ["A"]}])
    bench.apply()
    bench.mutate("tagUpdate", id="1", name="B")
    found = bench.attribution()
    assert found["Ada"] == {"tags": SERVER}


def test_an_undeclared_target_that_was_made_anew_is_the_servers_change(bench: Bench) -> None:
    """The baseline has the name of an object that no manifest declares."""
    bench.mutate("tagCreate", name="Elsewhere")
    bench.write(performers=[{"name": "Ada", "tags": ["Elsewhere"]}])
    bench.apply()
    bench.server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    bench.mutate("tagCreate", name="Elsewhere")
    assert bench.attribution() == {"Ada": {"tags": SERVER}}


def test_another_target_in_the_manifest_is_the_manifests_change(bench: Bench) -> None:
    """And both, where the server has another one too."""
    bench.write(
        tags=[{"name": name} for name in "ABC"], performers=[{"name": "Ada", "tags": ["A"]}]
    )
    bench.apply()
    bench.write(
        tags=[{"name": name} for name in "ABC"], performers=[{"name": "Ada", "tags": ["B"]}]
    )
    assert bench.attribution() == {"Ada": {"tags": MANIFEST}}
    bench.mutate("performerUpdate", id="1", tag_ids=["3"])
    assert bench.attribution() == {"Ada": {"tags": BOTH}}


def test_criteria_of_a_filter_are_attributed_one_by_one(bench: Bench) -> None:
    """Also where the tag that one names was deleted, and has to be made anew."""
    tags, organized = {"tags": ["A"]}, {"organized": {"value": "true", "modifier": "EQUALS"}}
    mine: dict[str, Any] = {"name": "F", "mode": "SCENES"}
    bench.write(tags=[{"name": "A"}], saved_filters=[{**mine, "object_filter": tags}])
    bench.apply()
    bench.server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    assert bench.attribution() == {"A": {"": SERVER}, "F (SCENES)": {"object_filter": SERVER}}
    bench.apply()
    bench.write(tags=[{"name": "A"}], saved_filters=[{**mine, "object_filter": tags | organized}])
    assert bench.attribution() == {"F (SCENES)": {"object_filter": MANIFEST}}


def test_members_with_values_are_attributed_one_by_one(bench: Bench) -> None:
    """Values of members that are only named, and members that others own, do not count."""
    owned = {"add": ["C", {"group": "B", "description": "b"}], "remove": ["D"]}
    groups: list[dict[str, Any]] = [{"name": name} for name in "ABCD"]
    bench.write(groups=[*groups[1:], {"name": "A", "sub_groups": ["B", "C"]}])
    bench.apply()
    given = [{"group_id": each, "description": f"new {each}"} for each in "12"]
    bench.mutate("groupUpdate", id="4", sub_groups=given[:1])
    assert bench.attribution() == {"A": {"sub_groups": SERVER}}
    bench.write(groups=[*groups[1:], {"name": "A", "sub_groups": owned}])
    bench.apply()
    bench.mutate("groupUpdate", id="4", sub_groups=[{"group_id": "3"}, *given])
    assert bench.attribution() == {"A": {"sub_groups": SERVER}}


def test_a_member_that_was_deleted_is_the_servers_change(bench: Bench) -> None:
    """Groups and performers have more than their names for a key."""
    bench.write(
        groups=[{"name": "B"}, {"name": "A", "sub_groups": ["B"]}],
        performers=[{"name": "Ada", "disambiguation": "Chef"}],
        saved_filters=[
            {"name": "F", "mode": "SCENES", "object_filter": {"performers": ["Ada (Chef)"]}}
        ],
    )
    bench.apply()
    bench.server.library.mutate("groupDestroy", {"input": {"id": "1"}})
    bench.server.library.mutate("performerDestroy", {"input": {"id": "1"}})
    found = bench.attribution()
    assert found["A"] == {"sub_groups": SERVER}
    assert found["F (SCENES)"] == {"object_filter": SERVER}
