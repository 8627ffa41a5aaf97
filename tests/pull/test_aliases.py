"""Aliases that the server or the plan has changed without anybody's edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.sandbox import Sandbox
from tests.pull.desk import Desk
from tests.support.servers import carry_out


@pytest.mark.parametrize("release", ["0.30.1", "0.31.1"])
@pytest.mark.parametrize(
    "item",
    [
        "{name: Cinema, renamed_from: Film, keep_old_name: true, aliases: {add: [Film]}}",
        "{name: Cinema, renamed_from: Film, keep_old_name: true, aliases: {add: [FILM, Z]}}",
        "{name: Cinema, renamed_from: Film, keep_old_name: true, aliases: [FILM, Kino]}",
        "{name: kino, renamed_from: Film, keep_old_name: true, aliases: {add: [FILM, Kino]}}",
        "{name: Film, aliases: [KINO, Kino, cine]}",
        "{name: Film, merge: [Other], aliases: {add: [other, x]}}",
    ],
)
@pytest.mark.parametrize("remembers", [False, True])
def test_aliases_that_were_applied_are_no_difference(
    tmp_path: Path, release: str, item: str, *, remembers: bool
) -> None:
    """Former names that are listed as well, and repetitions that the server leaves out."""
    with Sandbox(release=release) as server:
        desk = Desk(tmp_path, server)
        desk.create("tag", name="Film", aliases=["Kino"])
        desk.create("tag", name="Other")
        desk.write(f"tags:\n  - {item}\n")
        carry_out(desk.plan(), server, tmp_path)
        if remembers:
            desk.agree()
        pulled = desk.pull()
        assert not pulled.files
        assert not pulled.differences
        desk.edit("tag", item.split()[1].strip(","), aliases=["Kino2"])
        desk.pull(choose=lambda _: True)
        # The merge has left "Other", so "other" is the manifest's own.
        kept = ["other"] if "merge" in item and release == "0.31.1" else []
        assert [change.changes["aliases"].after for change in desk.plan().changes] == [
            ["Kino2", each] for each in kept
        ]


def test_repetitions_are_those_of_the_name_that_is_accepted(tmp_path: Path) -> None:
    """Once the tag has another name, the alias repeats nothing any more."""
    with Sandbox(release="0.31.1") as server:
        desk = Desk(tmp_path, server)
        desk.create("tag", name="Film", aliases=["X"])
        desk.write("tags:\n  - {name: Film, aliases: [film, X]}\n")
        desk.agree()
        desk.edit("tag", "Film", name="Movie")
        pulled = desk.pull()
        assert desk.read() == "tags:\n  - {name: Movie, aliases: [film, X]}\n"
        assert {difference.field for difference in pulled.differences} == {"name", "aliases"}
