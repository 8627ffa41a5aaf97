"""Something is in the way of an undo, and later another one takes back what it had to leave.

Source: docs/undo.md
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stashsync.sandbox import Sandbox
from tests.support.bearers import everything, fill
from tests.support.undoing import apply, edit, undo, undo_plan, warnings

LIBRARY: dict[str, Any] = {
    "tags": [{"name": "Film"}, {"name": "Colour"}],
    "studios": [
        {"name": "East", "tags": ["Film", "Colour"]},
        {"name": "West", "tags": ["Film"]},
    ],
    "performers": [{"name": "Ada Example", "tags": ["Film", "Colour"]}],
}
WANTED: dict[str, Any] = {
    "tags": [{"name": "Film", "state": "absent"}],
    "studios": [{"name": "East", "merge": ["West"], "tags": []}],
    "performers": [{"name": "Ada Example", "tags": []}],
}
IN_THE_WAY = 'tag "Film": "Film" is already the name of the tag "Film" (id 3): it is left as it is'


def test_what_the_first_undo_gave_back_refers_to_what_the_second_makes_again(
    tmp_path: Path,
) -> None:
    """A performer, the destination of a merge, and a studio that the first undo made again."""
    with Sandbox() as server:
        fill(server, LIBRARY, tmp_path)
        before = everything(server)
        run = apply(server, tmp_path, WANTED)
        theirs = edit(server)("tagCreate", name="Film")["id"]
        assert IN_THE_WAY in warnings(undo_plan(run, server, tmp_path))
        first = undo(run, server, tmp_path)
        assert {each["name"] for each in everything(server)["studios"]} == {"East", "West"}
        assert not warnings(undo_plan(run, server, tmp_path, first))[1:]  # it is in the way still
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        assert not warnings(undo_plan(run, server, tmp_path, first))
        second = undo(run, server, tmp_path, first)
        assert everything(server) == before
        assert not undo_plan(run, server, tmp_path, first, second)


def test_what_another_client_changed_between_two_undoes_stays(tmp_path: Path) -> None:
    """A field that the first undo gave back is not that of the run any more."""
    with Sandbox() as server:
        ids = fill(server, LIBRARY, tmp_path)
        run = apply(server, tmp_path, WANTED)
        theirs = edit(server)("tagCreate", name="Film")["id"]
        first = undo(run, server, tmp_path)
        server.library.mutate("tagDestroy", {"input": {"id": theirs}})
        drone = edit(server)("tagCreate", name="Drone")["id"]
        edit(server)("performerUpdate", id=ids["performer", "Ada Example"], tag_ids=[drone])
        (other,) = warnings(undo_plan(run, server, tmp_path, first))
        assert other == 'performer "Ada Example" keeps its tags: it was changed since the run'
        undo(run, server, tmp_path, first)
        now = everything(server)
        assert now["performers"] == [{"name": "Ada Example", "tags": ["Drone"]}]
        assert now["studios"] == [
            {"name": "East", "tags": ["Colour", "Film"]},
            {"name": "West", "tags": ["Film"]},
        ]
