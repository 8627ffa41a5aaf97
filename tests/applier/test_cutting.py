"""The documents of a run are known before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from stashsync.applier import cutting, dry_run, run, sizes
from stashsync.applier.dry_run import DryRun
from stashsync.errors import Mark
from stashsync.planner import Change, Delete, Matched, Merge, Operation, Plan, Update
from stashsync.planner.changes import FieldChange
from stashsync.sandbox import Sandbox
from tests.applier.fakes import FakeServer, Recorder, carried_out
from tests.applier.test_run import image, many
from tests.planner.build import DEVELOP, SERVER, plan_of, tag
from tests.support.libraries import fill
from tests.support.projects import write_project
from tests.support.servers import carry_out, plan_for


def foreseen(plan: Plan, root: Path = Path(), max_batch: int = 250) -> list[list[int]]:
    """Return the operations of each document of a dry run."""
    return [
        [index for indices, _ in document for index in indices]
        for document in DryRun(plan, SERVER, root, max_batch).documents()
    ]


@pytest.mark.parametrize("max_batch", [1, 60, 250])
def test_a_dry_run_cuts_the_documents_that_are_sent(max_batch: int) -> None:
    """Documents grow as they do on a quick server, and two are in flight at once."""
    plan, listener = many(200), Recorder()
    assert carried_out(plan, FakeServer(), max_batch=max_batch, listener=listener).complete
    assert foreseen(plan, max_batch=max_batch) == listener.sent


def test_a_dry_run_weighs_images_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large image goes alone; a missing one counts as empty, and fails when it is sent."""
    monkeypatch.setattr(cutting, "LARGEST_BYTES", 4_000)
    weights = {"A": 1500, "B": 1400, "C": 9000, "D": 10}
    files = {name: image(tmp_path, f"{name}.png", b"x" * size) for name, size in weights.items()}
    urls = {"E": {"url": "https://pictures.example/e.png"}, "F": None}
    plan = plan_of(
        [tag(name, image=value) for name, value in {**files, **urls}.items()],
        [tag("F", id="1", image={"etag": "old"})],
    )
    (tmp_path / "D.png").unlink()
    assert foreseen(plan, tmp_path) == [[0, 1], [2], [3, 4, 5]]


@pytest.mark.parametrize("max_batch", [7, 250])
def test_a_dry_run_joins_and_splits_as_the_run_does(
    max_batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal changes, deletes of a kind, merges, and what needs an id that is not known yet."""
    for module in (dry_run, run):  # which of two documents is answered first is up to the server
        monkeypatch.setattr(module, "CUT", 1)
    monkeypatch.setattr(sizes, "GOAL_SECONDS", 1e6)
    have = {
        "tags": [{"name": f"T{n}"} for n in range(60)],
        "studios": [{"name": "S"}, {"name": "S2"}],
    }
    want = {
        "tags": [
            {"name": "New"},
            {"name": "Newer", "parents": ["New"]},
            *({"name": f"T{n}", "description": "d"} for n in range(40)),
            {"name": "T40", "merge": ["T41", "T42"]},
            *({"name": f"T{n}", "state": "absent"} for n in range(43, 60)),
        ],
        "studios": [{"name": "S", "merge": "S2"}],
    }
    root, listener = write_project(tmp_path, want), Recorder()
    with Sandbox() as server:
        fill(server, have, root)
        plan = plan_for(root, server)
        assert carry_out(plan, server, root, listener=listener, max_batch=max_batch).complete
    assert foreseen(plan, root, max_batch) == listener.sent


BULK = structs.replace(
    DEVELOP,
    mutations=DEVELOP.mutations | {"bulkTagUpdate"},
    inputs={**DEVELOP.inputs, "BulkTagUpdateInput": DEVELOP.inputs["TagUpdateInput"]},
)
"""A server with a bulk update of tags."""
HERE = Mark("m.yaml", 1, 1)


def delete(kind: str, identifier: str) -> Delete:
    return Delete(kind, identifier, identifier)


def update(kind: str, identifier: str, value: str = "x", field: str = "") -> Update:
    """Return an update of one field."""
    name = field or ("details" if kind == "studio" else "description")
    changes = {name: FieldChange(None, value)}
    return Update(kind, identifier, identifier, changes, HERE, Matched.KEY)


def merge(kind: str, identifier: str, source: str) -> Merge:
    return Merge(kind, identifier, identifier, ((source, source),), HERE)


@pytest.mark.parametrize(
    ("changes", "links", "documents"),
    [
        ([delete("tag", "1"), delete("tag", "2"), delete("studio", "3")], {}, ["0,1", "2"]),
        ([delete("tag", "1"), delete("studio", "2"), delete("tag", "3")], {}, ["0", "1", "2"]),
        ([update("tag", "1"), delete("tag", "2"), delete("tag", "3")], {}, ["0", "1,2"]),
        ([delete("tag", "1"), update("tag", "2"), update("tag", "3", "y")], {}, ["0", "1 2"]),
        ([delete("tag", "1"), delete("tag", "2"), delete("tag", "3")], {2: {"waits": (0,)}},
         ["0,1", "2"]),
        ([delete("group", "1"), delete("group", "2")], {}, ["0,1"]),
        ([delete("saved_filter", "1"), delete("saved_filter", "2")], {}, ["0", "1"]),
        ([update("tag", "1"), update("tag", "2"), update("tag", "3", "y")], {}, ["0,1 2"]),
        ([update("tag", "1"), update("studio", "2"), update("tag", "3")], {}, ["0,2 1"]),
        ([update("tag", "1"), update("tag", "2")], {1: {"waits": (0,)}}, ["0 1"]),
        ([update("tag", "1"), update("tag", "2")], {1: {"after": (0,)}}, ["0 1"]),
        ([update("tag", "1"), update("tag", "2", "y")], {1: {"needs": (0,)}}, ["0", "1"]),
        ([update("tag", "1"), update("tag", "2"), update("tag", "3", "y")], {2: {"waits": (1,)}},
         ["0,1", "2"]),
        ([update("tag", "1", field="name"), update("tag", "2", field="name")], {}, ["0 1"]),
        ([merge("tag", "1", "2"), merge("tag", "3", "4")], {}, ["0 1"]),
        ([merge("performer", "1", "2"), merge("performer", "3", "4")], {}, ["0", "1"]),
        ([update("tag", "1"), merge("performer", "3", "4"), update("tag", "5")], {},
         ["0", "1", "2"]),
    ],
)  # fmt: skip
def test_documents_are_cut_by_what_their_operations_are(
    changes: Sequence[Change], links: Mapping[int, Any], documents: Sequence[str]
) -> None:
    """Operations that one mutation carries out stand with a comma; those of a document together."""
    operations = tuple(
        Operation(
            place,
            tuple(change.changes) if isinstance(change, Update) else (),
            **links.get(place, {}),
        )
        for place, change in enumerate(changes)
    )
    plan = Plan(changes=tuple(changes), operations=operations)
    found = [
        " ".join(",".join(map(str, indices)) for indices, _ in document)
        for document in DryRun(plan, BULK).documents()
    ]
    assert found == documents


@pytest.mark.parametrize(
    ("size", "documents"), [(1, ["0", "1", "2", "3"]), (3, ["0,1,2", "3"]), (4, ["0,1,2,3"])]
)
def test_what_is_joined_counts_as_the_operations_that_it_is(
    size: int, documents: Sequence[str]
) -> None:
    """A bulk update or a plural delete has at most as many objects as a document operations."""
    for make in (delete, update):
        changes = tuple(make("tag", str(place)) for place in range(4))
        fields = () if make is delete else ("description",)
        plan = Plan(
            changes=changes, operations=tuple(Operation(place, fields) for place in range(4))
        )
        found = [
            " ".join(",".join(map(str, indices)) for indices, _ in document)
            for document in DryRun(plan, BULK, max_batch=size).documents()
        ]
        assert found == documents
