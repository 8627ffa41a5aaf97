"""Objects are read again before each document: what another client changed is left alone.

The plan is made, then another client edits the library, then the plan is carried out.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync.applier import Listener, Report, Status, carry_out
from stashsync.client import StashClient
from stashsync.engine.baseline import after_apply
from stashsync.engine.reconcile import Reconciliation
from stashsync.errors import ExitCode, StashServerError
from stashsync.planner import Policy
from stashsync.sandbox import Sandbox
from stashsync.wire.exchange import Answer, GraphQLTransport
from tests.applier.fakes import FakeServer, carried_out
from tests.engine.support import Bench
from tests.planner.build import plan_of, tag
from tests.support.clock import Clock, patience
from tests.support.libraries import content_of
from tests.support.servers import Tap, assert_complete

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Make an empty sandbox and an empty project."""
    with Sandbox() as server:
        yield Bench(tmp_path, server)


def applied(bench: Bench, seen: Reconciliation, **options: Any) -> Report:
    """Carry out a plan that was made before."""
    return bench.run(lambda client: carry_out(seen.plan, client, root=bench.root, **options))


def by_label(report: Report) -> dict[str, tuple[str, str]]:
    """Return status and message of each operation, by the label of its change."""
    changes = report.plan.changes
    return {
        changes[report.plan.operations[each.operation].change].label: (each.status, each.message)
        for each in report.outcomes
    }


def tags_of(bench: Bench) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in content_of(bench.server)["tags"]}


def three_tags(bench: Bench, names: str = "ABC") -> Reconciliation:
    """Plan a new description for A, B and C, or for as many as there are names."""
    for name in names:
        bench.mutate("tagCreate", name=name, description="old")
    bench.write(tags=[{"name": name, "description": f"of {name}"} for name in names])
    return bench.look()


def test_an_object_that_another_client_changed_is_left_alone(bench: Bench) -> None:
    """The others are updated; the report, the exit code and the next plan have the rest."""
    seen = three_tags(bench)
    bench.mutate("tagUpdate", id="2", description="theirs")
    report = applied(bench, seen)
    assert by_label(report) == {
        "A": ("applied", ""),
        "B": ("moved", "its description changed on the server meanwhile"),
        "C": ("applied", ""),
    }
    assert report.exit_code is ExitCode.INCOMPLETE
    assert [tags_of(bench)[name]["description"] for name in "ABC"] == ["of A", "theirs", "of C"]
    (change,) = bench.look().plan.changes
    assert change.label == "B"


def test_a_field_that_the_plan_does_not_change_may_change(bench: Bench) -> None:
    """The update does not overwrite it."""
    seen = three_tags(bench)
    bench.mutate("tagUpdate", id="2", aliases=["Bee"], favorite=True)
    assert_complete(applied(bench, seen))
    assert tags_of(bench)["B"] == {
        "name": "B", "description": "of B", "aliases": ["Bee"], "favorite": True,
    }  # fmt: skip


class Held(Tap):
    """Holds the first two documents until the third is prepared, and `between` has happened."""

    def __init__(self, inner: GraphQLTransport, between: Callable[[], object]) -> None:
        super().__init__(inner)
        self._between = between
        self._looks = 0
        self._prepared = asyncio.Event()

    async def send(self, text: str, *args: Any, **options: Any) -> Answer:
        """Send; a mutation waits."""
        if not text.startswith("mutation"):
            answer = await super().send(text, *args, **options)
            self._looks += "FindByIds" in text
            if self._looks == 3 and not self._prepared.is_set():
                self._between()
                self._prepared.set()
            return answer
        await self._prepared.wait()
        return await super().send(text, *args, **options)


@pytest.mark.parametrize(("waited", "status"), [(0.5, "applied"), (2.0, "moved")])
def test_a_reading_that_has_become_old_is_repeated(
    bench: Bench, waited: float, status: str
) -> None:
    """The third document is prepared while two are in flight, which may take long."""
    seen, clock = three_tags(bench), Clock()
    clock.now = 1000.0

    def between() -> None:
        bench.mutate("tagUpdate", id="3", description="theirs")
        clock.now += waited

    async def apply(client: StashClient) -> Report:
        held = StashClient(Held(client.transport, between))
        return await carry_out(
            seen.plan, held, root=bench.root, max_batch=1, patience=patience(clock)
        )

    assert by_label(bench.run(apply))["C"][0] == status
    assert tags_of(bench)["C"]["description"] == ("theirs" if status == "moved" else "of C")


class Slow(Tap):
    """Passes on what the second document's objects are like only once the first is answered."""

    def __init__(self, inner: GraphQLTransport) -> None:
        super().__init__(inner)
        self._looks = 0
        self._answered = asyncio.Event()

    async def send(self, text: str, *args: Any, **options: Any) -> Answer:
        """Send; the answer to the second look waits."""
        self._looks += "FindByIds" in text
        waits = "FindByIds" in text and self._looks == 2
        answer = await super().send(text, *args, **options)
        if text.startswith("mutation"):
            self._answered.set()
        elif waits:
            await self._answered.wait()
        return answer


def test_a_reading_from_before_a_step_aside_may_arrive_after_it(bench: Bench) -> None:
    """A's alias is given to its new parent; the merge, prepared meanwhile, finds it at A."""
    bench.mutate("studioCreate", name="A", aliases=["X"])
    bench.mutate("studioCreate", name="B", aliases=["N"])
    new = {"name": "N", "renamed_from": "A", "aliases": ["C"], "merge": ["B"], "parent": "X"}
    bench.write(studios=[new, {"name": "X"}])
    seen = bench.look()
    assert seen.plan.operations[0].detour == {"aliases": []}

    async def apply(client: StashClient) -> Report:
        slow = StashClient(Slow(client.transport))
        return await carry_out(seen.plan, slow, root=bench.root, patience=patience())

    assert_complete(bench.run(apply))


def test_an_object_that_another_client_renamed_or_deleted_is_left_alone(bench: Bench) -> None:
    """The plan was approved for an object of another name."""
    seen = three_tags(bench)
    bench.mutate("tagUpdate", id="3", name="Cy")
    bench.server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    report = applied(bench, seen)
    assert by_label(report) == {
        "A": ("moved", "is gone"),
        "B": ("applied", ""),
        "C": ("moved", 'is called "Cy" now'),
    }
    assert tags_of(bench)["Cy"]["description"] == "old"


def test_what_another_client_changed_as_planned_is_no_conflict(bench: Bench) -> None:
    """No change of another client is overwritten."""
    seen = three_tags(bench)
    bench.mutate("tagUpdate", id="2", description="of B")
    assert_complete(applied(bench, seen))


def test_what_depends_on_an_object_that_was_left_alone_is_skipped(bench: Bench) -> None:
    """B waits for the name that A would have given up."""
    bench.mutate("tagCreate", name="A")
    bench.write(tags=[{"name": "Z", "renamed_from": "A"}, {"name": "A", "description": "new"}])
    seen = bench.look()
    assert [change.action for change in seen.plan.changes] == ["create", "update"]
    bench.mutate("tagUpdate", id="1", name="Other")
    report = applied(bench, seen)
    assert sorted(each.status for each in report.outcomes) == ["moved", "skipped"]
    assert list(tags_of(bench)) == ["Other"]


class Meddling(Listener):
    """Another client that edits the library when the document of this number is about to go."""

    def __init__(self, number: int, edit: Callable[[], object]) -> None:
        self._left = number
        self._edit = edit

    def sending(self, operations: Any) -> None:
        if self._left == 0:
            self._edit()
        self._left -= 1


def test_the_objects_of_a_document_are_read_while_the_document_before_is_on_its_way(
    bench: Bench,
) -> None:
    """A change before the first document is sent is seen by the reading for a later document.

    Those for the first three begin at once, and may come before the change.
    """
    seen = three_tags(bench, "ABCDE")
    edit = Meddling(0, lambda: bench.mutate("tagUpdate", id="5", description="theirs"))
    report = applied(bench, seen, listener=edit, max_batch=1)
    assert [each.status for each in report.outcomes] == ["applied"] * 4 + ["moved"]


def test_the_first_documents_are_read_for_at_once(bench: Bench) -> None:
    """On a slow line the first readings, which nothing hides, take one round trip."""
    seen = three_tags(bench)
    texts: list[str] = []

    async def apply(client: StashClient) -> Report:
        tap = Tap(client.transport)
        report = await carry_out(seen.plan, StashClient(tap), root=bench.root, max_batch=1)
        texts.extend(text for text, _ in tap.documents)
        return report

    assert_complete(bench.run(apply))
    first = next(index for index, text in enumerate(texts) if text.startswith("mutation"))
    assert len([text for text in texts[:first] if "FindByIds" in text]) == 3


def test_documents_are_sent_in_the_order_in_which_they_were_cut() -> None:
    """The order holds however long the reading for one of them takes."""
    server = FakeServer(("tag", {"id": "1", "name": "A"}))
    plan = plan_of([tag("A", description="x"), tag("B"), tag("C")], [tag("A", id="1")])
    carried_out(plan, server, max_batch=1)
    labels = [plan.changes[operation.change].label for operation in plan.operations]
    assert [name for document in server.documents for name in document] == labels


class Late(Tap):
    """Answers the first reading late, and fails the second one once."""

    def __init__(self, inner: GraphQLTransport) -> None:
        super().__init__(inner)
        self._readings = 0

    async def send(self, text: str, *args: Any, **options: Any) -> Answer:
        """Send."""
        if "FindByIds" in text:
            self._readings += 1
            if self._readings == 1:
                for _ in range(50):
                    await asyncio.sleep(0)
            elif self._readings == 2:
                raise StashServerError("the server answered with status 503", status=503)
        return await super().send(text, *args, **options)


def test_a_reading_that_fails_before_its_turn_is_made_again_in_its_turn(bench: Bench) -> None:
    """Documents are sent in their order, and those after the first do not wait for a pause."""
    seen, clock = three_tags(bench), Clock()
    sent: list[str] = []

    async def apply(client: StashClient) -> Report:
        late = Late(client.transport)
        report = await carry_out(
            seen.plan, StashClient(late), root=bench.root, max_batch=1, patience=patience(clock)
        )
        sent.extend(
            next(iter(variables.values()))["id"]
            for text, variables in late.documents
            if text.startswith("mut")
        )
        return report

    assert_complete(bench.run(apply))
    assert sent == ["1", "2", "3"]
    assert clock.naps == []


def test_nothing_is_sent_whose_objects_cannot_be_read(bench: Bench) -> None:
    """Where the objects of a document cannot be read, the run ends with that error."""
    server = FakeServer(("tag", {"id": "1", "name": "A"}))
    server.reads = 0
    plan = plan_of([tag("A", description="x")], [tag("A", id="1")])
    report = carried_out(plan, server)
    assert server.documents == []
    assert report.stopped == "still no connection"
    assert [each.status for each in report.outcomes] == [Status.SKIPPED]


def test_a_create_is_sent_without_a_reading() -> None:
    """There is nothing to read."""
    server = FakeServer()
    server.reads = 0
    assert carried_out(plan_of([tag("A"), tag("B", parents=["A"])]), server).complete


# -- what the plan itself does is no move ---------------------------------------------------------


def test_a_name_that_steps_aside_is_expected_to_be_the_temporary_one(bench: Bench) -> None:
    """Another client's name for it, in between, is not."""
    for name in "AB":
        bench.mutate("tagCreate", name=name)
    bench.write(tags=[{"id": 1, "name": "B"}, {"id": 2, "name": "A"}])
    seen = bench.look()
    assert any(operation.detour for operation in seen.plan.operations)
    aside = next(
        seen.plan.changes[operation.change]
        for operation in seen.plan.operations
        if operation.detour
    )
    assert aside.action == "update"
    edit = Meddling(1, lambda: bench.mutate("tagUpdate", id=aside.id, name="Mine"))
    report = applied(bench, seen, listener=edit, max_batch=1)
    assert [each.status for each in report.outcomes] == ["applied", "applied", "moved"]
    assert "Mine" in tags_of(bench)
    bench.mutate("tagUpdate", id=aside.id, name="Elsewhere")


def test_a_reference_that_the_plan_deletes_or_merges_is_no_conflict(bench: Bench) -> None:
    """The referenced object may or may not be gone when the object is read."""
    for name in ("Old", "Older", "Kept"):
        bench.mutate("tagCreate", name=name)
    bench.mutate("performerCreate", name="Ada", tag_ids=["1", "2"])
    bench.write(
        tags=[{"name": "Old", "state": "absent"}, {"name": "Kept", "merge": ["Older"]}],
        performers=[{"name": "Ada", "tags": ["Kept"], "details": "x"}],
    )
    seen = bench.look()
    bench.server.library.mutate("tagsMerge", {"input": {"source": ["2"], "destination": "3"}})
    bench.server.library.mutate("tagDestroy", {"input": {"id": "1"}})
    report = applied(bench, seen)
    statuses = {label: status for label, (status, _) in by_label(report).items()}
    assert statuses["Ada"] == "applied"


def test_the_order_of_united_stash_ids_is_no_conflict(bench: Bench) -> None:
    """The server moves them row by row; the plan begins where the merge ends."""
    endpoint = "https://box.example/graphql"
    pairs = {name: [{"endpoint": endpoint, "stash_id": name.lower()}] for name in "ABC"}
    for name in "CAB":
        bench.mutate("tagCreate", name=name, stash_ids=pairs[name])
    wanted = {"name": "B", "merge": ["A", "C"], "stash_ids": {endpoint: ["a", "b", "c", "d"]}}
    bench.write(tags=[wanted])
    assert_complete(bench.apply())
    assert not bench.look().plan.changes


# -- removals -------------------------------------------------------------------------------------


def test_a_removal_of_an_object_of_another_name_is_left_alone(bench: Bench) -> None:
    """Both a delete and a merge were approved for what they name."""
    for name in ("Gone", "Kept", "Source"):
        bench.mutate("tagCreate", name=name)
    bench.write(tags=[{"name": "Gone", "state": "absent"}, {"name": "Kept", "merge": ["Source"]}])
    seen = bench.look()
    bench.mutate("tagUpdate", id="1", name="Wanted")
    bench.mutate("tagUpdate", id="3", name="Wanted too")
    report = applied(bench, seen)
    assert by_label(report) == {
        "Gone": ("moved", 'is called "Wanted" now'),
        "Kept": ("moved", 'tag "Source" (id 3) is called "Wanted too" now'),
    }
    assert sorted(tags_of(bench)) == ["Kept", "Wanted", "Wanted too"]


def test_a_merge_into_an_object_whose_aliases_changed_is_left_alone(bench: Bench) -> None:
    """The plan writes the aliases that it saw, and those of the others."""
    bench.mutate("tagCreate", name="Kept", aliases=["K"])
    bench.mutate("tagCreate", name="Source")
    bench.write(tags=[{"name": "Kept", "merge": ["Source"], "aliases": ["Kay"]}])
    seen = bench.look()
    bench.mutate("tagUpdate", id="1", aliases=["K", "Theirs"])
    report = applied(bench, seen)
    assert {each.status for each in report.outcomes} == {"moved"}
    assert sorted(tags_of(bench)) == ["Kept", "Source"]


def test_a_studio_is_not_deleted_with_content_that_came_after_the_plan(bench: Bench) -> None:
    """That content would be without a studio."""
    for name in ("Kept", "Source"):
        bench.mutate("studioCreate", name=name)
    bench.mutate("sceneCreate", title="One", studio_id="2")
    bench.write(studios=[{"name": "Kept", "merge": ["Source"]}])
    seen = bench.look()
    bench.mutate("sceneCreate", title="Two", studio_id="2")
    report = applied(bench, seen)
    assert [each.status for each in report.outcomes] == ["applied", "moved", "skipped"]
    assert report.outcomes[1].message == "another scene belongs to those merged into it now"
    assert [item["name"] for item in content_of(bench.server)["studios"]] == ["Kept", "Source"]
    assert_complete(bench.apply())


def test_all_that_another_client_did_to_a_merge_is_reported(bench: Bench) -> None:
    """A new name and new content, each in its words."""
    for name in ("Kept", "Source"):
        bench.mutate("studioCreate", name=name)
    bench.mutate("sceneCreate", title="One", studio_id="2")
    bench.write(studios=[{"name": "Kept", "merge": ["Source"]}])
    seen = bench.look()

    def edit() -> None:
        bench.mutate("studioUpdate", id="2", name="Wanted")
        bench.mutate("sceneCreate", title="Two", studio_id="2")

    report = applied(bench, seen, listener=Meddling(0, edit), max_batch=1)
    assert report.outcomes[1].message == (
        'studio "Source" (id 2) is called "Wanted" now; '
        "another scene belongs to those merged into it now"
    )


def test_an_image_that_another_client_replaced_is_left_alone(bench: Bench) -> None:
    """It is compared by its entity tag, without a transfer."""
    data = {
        name: f"data:image/png;base64,{text}" for name, text in (("one", "b25l"), ("two", "dHdv"))
    }
    for name in "AB":
        bench.mutate("tagCreate", name=name, image=data["one"])
    (bench.root / "new.png").write_bytes(b"\x89PNG\r\n\x1a\nnew")
    bench.write(tags=[{"name": name, "image": "new.png"} for name in "AB"])
    seen = bench.look()
    bench.mutate("tagUpdate", id="2", image=data["two"])
    report = applied(bench, seen)
    assert by_label(report) == {
        "A": ("applied", ""),
        "B": ("moved", "its image changed on the server meanwhile"),
    }


@pytest.mark.parametrize(("content", "status"), [(b"new", "applied"), (b"two", "moved")])
def test_a_first_image_that_another_client_gave_is_compared_with_the_planned_one(
    bench: Bench, content: bytes, status: str
) -> None:
    """The object had none when the plan was made."""
    bench.mutate("tagCreate", name="A")
    (bench.root / "new.png").write_bytes(PNG + b"new")
    bench.write(tags=[{"name": "A", "image": "new.png"}])
    seen = bench.look()
    data = base64.b64encode(PNG + content).decode()
    bench.mutate("tagUpdate", id="1", image=f"data:image/png;base64,{data}")
    (outcome,) = applied(bench, seen).outcomes
    assert outcome.status == status


# -- what is remembered ---------------------------------------------------------------------------


def test_an_object_that_was_left_alone_keeps_its_baseline(bench: Bench) -> None:
    """With the old baseline the next plan can attribute the change."""
    three_tags(bench)
    assert_complete(bench.apply())
    bench.write(tags=[{"name": name, "description": f"now of {name}"} for name in "ABC"])
    seen = bench.look()
    bench.mutate("tagUpdate", id="2", description="theirs")
    report = applied(bench, seen)
    former = bench.baseline
    found = after_apply(report, seen, seen.observed, former)
    assert found.get("tag", "1") == {"name": "A", "description": "now of A"}
    assert found.get("tag", "2") == {"name": "B", "description": "of B"}


def test_a_prune_leaves_alone_what_was_renamed_meanwhile(bench: Bench) -> None:
    """An object that bears a new name may be wanted now."""
    bench.mutate("tagCreate", name="A")
    bench.mutate("tagCreate", name="Extra")
    bench.write(tags=[{"name": "A"}])
    seen = bench.look(Policy(prune=frozenset({"tag"})))
    bench.mutate("tagUpdate", id="2", name="Wanted")
    report = applied(bench, seen)
    assert by_label(report) == {"Extra": ("moved", 'is called "Wanted" now')}
