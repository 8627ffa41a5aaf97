"""Reading a stash-box: whole or not at all, at a pace, on from where it was cut short."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from stashsync.errors import (
    PagesMovedError,
    StashAuthenticationError,
    StashConfigurationError,
    StashGraphQLError,
    StashServerError,
)
from stashsync.sandbox import Fault, Faults
from stashsync.sandbox.stash_box import StashBox, generated
from stashsync.sources.stash_box.kept_pages import DAY, KeptPages
from tests.sources.stash_box.support import ENDPOINT, names, read
from tests.support.clock import Clock


def test_all_pages_are_read_one_after_another() -> None:
    """A hundred objects at once, and nothing is asked for twice."""
    box = StashBox(generated(430, 7, 0))
    heard: list[tuple[str, int, int]] = []
    rows = read(box.app, heard=lambda *step: heard.append(step))
    assert names(rows) == sorted(tag["name"] for tag in box.contents.tags if not tag["deleted"])
    assert box.requests == 5
    assert heard == [("tags", done, 430) for done in (100, 200, 300, 400, 430)]
    assert len(read(box.app, "studio")) == 8  # one of them belonged to a studio that is deleted


def test_a_stash_box_with_nothing_in_it_has_nothing() -> None:
    """An empty page of no objects is no failure."""
    assert read(StashBox().app) == []


def test_requests_keep_their_distance() -> None:
    """By the time from one to the next, which the answer is part of."""
    clock = Clock()
    read(StashBox(generated(430, 0, 0)).app, clock=clock, per_minute=60)
    assert clock.naps == [1.0] * 4


def test_a_server_that_wants_fewer_requests_is_asked_again_when_it_may_be() -> None:
    """By its Retry-After; nothing is lost, and nothing is read as the end."""
    clock = Clock()
    box = StashBox(generated(430, 0, 0), per_minute=2, clock=clock.time)
    assert len(read(box.app, clock=clock)) == 430
    assert clock.naps == [60.0, 60.0]


def test_the_tags_of_a_category_are_read_alone() -> None:
    """Its name counts in whatever case; of an unknown one, the message lists what there is."""
    box = StashBox(generated(200, 0, 0))
    wanted = [tag["name"] for tag in box.contents.tags
              if tag.get("category") and tag["category"]["name"] == "Light"]  # fmt: skip
    assert names(read(box.app, category="LIGHT")) == sorted(wanted)
    with pytest.raises(StashConfigurationError) as caught:
        read(box.app, category="Lights")
    assert 'has no category "Lights"' in str(caught.value)
    assert "Camera work, Clothing" in caught.value.hint


# -- cut short ------------------------------------------------------------------------------------


def test_what_was_read_before_a_failure_is_not_read_again(tmp_path: Path) -> None:
    """The second attempt goes on at the page where the first one ended."""
    box = StashBox(generated(430, 0, 0))
    broken = Faults(box.app, [Fault("server error", (3, 4))])
    with pytest.raises(StashServerError):
        read(broken, folder=tmp_path, attempts=2)
    assert box.requests == 2
    assert len(read(box.app, folder=tmp_path)) == 430
    assert box.requests == 5


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_pages_on_the_disk_are_their_owners_alone_and_without_the_key(tmp_path: Path) -> None:
    """They tell what a person collects."""
    read(StashBox(generated(10, 0, 0), api_key="a-key").app, key="a-key", folder=tmp_path)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"a-key" not in file.read_bytes()


def test_pages_that_are_spoilt_or_a_day_old_are_read_anew(tmp_path: Path) -> None:
    """A line that was cut off is none; the others still count."""
    clock = Clock()
    box = StashBox(generated(210, 0, 0))
    read(box.app, folder=tmp_path, clock=clock)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-10])
    assert len(read(box.app, folder=tmp_path, clock=clock)) == 210
    assert box.requests == 4
    clock.now += DAY
    assert len(read(box.app, folder=tmp_path, clock=clock)) == 210
    assert box.requests == 7
    file.write_bytes(b"\xff\x00 nothing of ours")
    assert len(read(box.app, folder=tmp_path, clock=clock)) == 210
    kept = KeptPages(tmp_path, ENDPOINT, clock.time)
    assert len(kept) == 3
    kept.discard()
    assert list(tmp_path.iterdir()) == []


# -- moving pages ---------------------------------------------------------------------------------


class Changing:
    """A stash-box that changes before some of its requests."""

    def __init__(self, box: StashBox, deletions: dict[int, int]) -> None:
        self.box = box
        self.deletions = deletions
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        if self.count in self.deletions:
            self.box.contents.tags[self.deletions[self.count]]["deleted"] = True
        await self.box.app(scope, receive, send)


def test_a_deletion_during_the_reading_loses_nothing_else() -> None:
    """The page after it begins one object too late, so all are read once more."""
    box = StashBox(generated(250, 0, 0))
    rows = read(Changing(box, {2: 5}))
    assert names(rows) == sorted(tag["name"] for tag in box.contents.tags if not tag["deleted"])
    assert box.requests == 6


def test_pages_that_never_add_up_are_an_error(tmp_path: Path) -> None:
    """An import of a part would look like one of all; and the pages are of no use."""
    box = StashBox(generated(250, 0, 0))
    with pytest.raises(PagesMovedError, match="changed during every reading"):
        read(Changing(box, {2: 5, 5: 240}), folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def answering(pages: dict[str, list[list[str]]]) -> httpx.MockTransport:
    """Answer with pages of names by direction, as a server whose order is not settled."""
    whole = {name for each in pages.values() for page in each for name in page}

    def handle(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["variables"]["input"]
        found = pages[asked["direction"]]
        page = found[asked["page"] - 1] if asked["page"] <= len(found) else []
        rows = [{"id": name, "name": name, "aliases": []} for name in page]
        return httpx.Response(
            200, json={"data": {"queryTags": {"count": len(whole), "tags": rows}}}
        )

    return httpx.MockTransport(handle)


def test_objects_that_change_places_between_pages_are_found_from_the_other_end() -> None:
    """Those of one moment have no order of their own."""
    handler = answering({"ASC": [["A", "B"], ["B", "C"]], "DESC": [["D", "C"], ["C", "A"]]}).handler
    assert names(read(handler, mock=True)) == ["A", "B", "C", "D"]  # type: ignore[arg-type]  # a handler


# -- refusals -------------------------------------------------------------------------------------


def test_a_missing_and_a_wrong_key_have_their_ways_out() -> None:
    """The hints are those of a stash-box, not of a Stash."""
    box = StashBox(generated(1, 0, 0), api_key="right")
    with pytest.raises(StashAuthenticationError, match="wants the API key") as missing:
        read(box.app)
    with pytest.raises(StashAuthenticationError, match="refused the API key") as wrong:
        read(box.app, key="wrong")
    for caught in (missing, wrong):
        assert "your own page at the stash-box" in caught.value.hint


def test_what_is_no_stash_box_is_called_so() -> None:
    """An address of a Stash, or of something else with a GraphQL API."""

    def refusing(_: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"errors": [{
            "message": 'Unknown type "TagQueryInput".',
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }], "data": None})  # fmt: skip

    def other(_: httpx.Request) -> httpx.Response:
        rows = [{"id": "1", "title": "A"}]
        return httpx.Response(200, json={"data": {"queryTags": {"count": 1, "tags": rows}}})

    with pytest.raises(StashGraphQLError, match="refused a query: Unknown type") as refused:
        read(refusing, mock=True)
    assert "the address of a stash-box" in refused.value.hint
    with pytest.raises(StashServerError, match="answered otherwise than a stash-box"):
        read(other, mock=True)
