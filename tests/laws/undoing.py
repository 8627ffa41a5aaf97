"""Random runs that are undone, with and without another client in between.

    library A ── apply, with a journal ──> B ── undo ──> A ── undo of that ──> B ── undo ──> A
                                           └── another client edits ── undo ──> its edits are there

Whatever differs has to be in the warnings of the plan. Every run is decided by its number alone;
`python -m tests.laws.long_run --law undone` does many.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from msgspec import structs

from stashsync.applier import carry_out
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.client import StashClient
from stashsync.engine.undo import plan_undo
from stashsync.errors import PlanError
from stashsync.fields.references import exchanged
from stashsync.kinds import KINDS
from stashsync.planner import Create, Merge, Plan, Update
from stashsync.planner.changes import values_after
from stashsync.sandbox import MediaFile, Sandbox
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.refusals import Refusal
from stashsync.wire.exchange import GraphQLTransport
from tests.laws.journey import Broken, Case, case_of, plan_over, server_of, transport_of
from tests.laws.libraries import fill, sample_of
from tests.laws.looking import EVERYTHING
from tests.support.bearers import BEARERS, everything, rows_of
from tests.support.clock import patience

ORIGIN = RunOrigin("apply", "http://stash.example:9999", "a-library")
RUNS = ".stashsync/runs"
HARMLESS = "gets a new id and new times"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The operations of a run, and the warnings of its undo."""

    operations: int
    warnings: tuple[str, ...]
    edits: int = 0


def add_bearers(server: Sandbox, rnd: Random) -> None:
    """Let markers, images, galleries and groups refer to some of the objects."""
    ids = {kind: [str(row["id"]) for row in rows_of(server, kind)] for kind in KINDS}
    scenes = server.library.query("findScenes", {"filter": {"per_page": -1}})["scenes"]

    def borne(*kinds: str) -> dict[str, Any]:
        given: dict[str, Any] = {"tag_ids": sample_of(rnd, ids["tag"], 3)}
        if "performer" in kinds:
            given["performer_ids"] = sample_of(rnd, ids["performer"], 2)
        if "studio" in kinds and ids["studio"]:
            given["studio_id"] = rnd.choice(ids["studio"])
        return given

    server.library.mutate(
        "galleryCreate", {"input": {"title": "G", **borne("performer", "studio")}}
    )
    server.library.mutate("groupCreate", {"input": {"name": "S", **borne("studio")}})
    server.media.append(MediaFile("/media/i.jpg"))
    server.library.scan()
    for image in rows_of(server, "image")[:1]:
        given = {"id": str(image["id"]), **borne("performer", "studio")}
        server.library.mutate("imageUpdate", {"input": given})
    for number in range(rnd.randint(0, 2) if scenes and ids["tag"] else 0):
        marker = {"title": f"M{number}", "scene_id": str(rnd.choice(scenes)["id"]), "seconds": 1}
        marker |= {"primary_tag_id": rnd.choice(ids["tag"]), **borne()}
        server.library.mutate("sceneMarkerCreate", {"input": marker})


class Undoing:
    """One library, its server and a folder for journals."""

    def __init__(self, case: Case, server: Sandbox, client: StashClient, root: Path) -> None:
        self.case, self.server, self.client, self.root = case, server, client, root

    def content(self) -> Any:
        """Return what is set in the library, as far as a client of this release sees it."""
        found = everything(self.server)
        server = server_of(self.case.release)
        for kind in KINDS.values():
            unknown = {
                spec.name for spec in kind.fields.values() if not kind.supports(spec, server)
            }
            for item in found.get(kind.plural, ()):
                for name in unknown & item.keys():
                    del item[name]
        for items in found.values():
            items.sort(key=repr)
        return found

    async def execute(self, plan: Plan, undoes: str = "") -> Run:
        """Carry a plan out whole; each operation has something to send."""
        for operation in plan.operations:
            change = plan.changes[operation.change]
            if isinstance(change, Update) and not operation.fields and not operation.content:
                raise Broken(f"seed {self.case.seed}: {operation} of {change} sends nothing")
        journal = Journal(self.root / RUNS, structs.replace(ORIGIN, undoes=undoes))
        report = await carry_out(
            plan, self.client, root=self.root, listener=journal, patience=patience(request=0.0)
        )
        if not report.complete:
            raise Broken(f"seed {self.case.seed}: not complete: {report.outcomes} of {plan}")
        return read_run(self.root / RUNS / f"{journal.id}.jsonl")

    async def undo_plan(self, run: Run, *later: Run) -> Plan:
        """Return the plan that takes a run back, after later ones."""
        journal = f"{RUNS}/{run.id}.jsonl"
        try:
            found = await plan_undo(
                run, self.client, journal=journal, later=later, patience=patience()
            )
        except PlanError as error:
            raise Broken(f"seed {self.case.seed}: no undo: {error.problems}") from error
        return found.plan

    async def undo(self, run: Run, expected: Any, *later: Run) -> tuple[Run, list[str]]:
        """Take a run back; without a warning the library has to be the expected one."""
        plan = await self.undo_plan(run, *later)
        warnings = [each.message for each in plan.warnings if HARMLESS not in each.message]
        undoing = await self.execute(plan, run.id)
        now = self.content()
        if now != expected and not warnings:
            raise Broken(f"seed {self.case.seed}: {difference(now, expected)} after {plan}")
        return undoing, warnings


def difference(now: Any, expected: Any) -> str:
    """Return what differs, by section."""
    found = []
    for section in {**now, **expected}:
        have, want = now.get(section, []), expected.get(section, [])
        if have != want:
            more = [each for each in have if each not in want]
            found.append(f"{section}: {more} not {[each for each in want if each not in have]}")
    return "; ".join(found)


def go(seed: int, size: int = 6, *, root: Path) -> Outcome:
    """Apply, undo, undo the undo, undo the run again; or apply, edit, undo.

    Raises:
        Broken: the law does not hold.
    """
    case = case_of(seed, size)
    with Sandbox(release=case.release) as server:
        return asyncio.run(taken_back(case, server, transport_of(case, server), root))


def begin(case: Case, server: Sandbox) -> Random:
    """Fill a server that is empty with library A, and let other kinds refer to its objects."""
    rnd = Random(f"{case.seed} undo")
    fill(server.library, Random(f"{case.seed} A"), case.size)
    for wish in case.wanted:
        if wish.id:
            there = (_ids(library, wish.kind) for library in (case.library, server.library))
            wish.id = dict(zip(*there, strict=True)).get(wish.id, wish.id)
    add_bearers(server, rnd)
    return rnd


async def first_run(undoing: Undoing) -> tuple[Any, Run] | None:
    """Apply the plan of a case; return the library before it, and the run; None without a plan."""
    try:
        plan = await plan_over(undoing.case, undoing.client)
    except PlanError:
        return None  # the law above has it
    before = undoing.content()
    return before, await undoing.execute(plan)


async def taken_back(
    case: Case, server: Sandbox, transport: GraphQLTransport, root: Path
) -> Outcome:
    """Fill a server that is empty with library A, and run there.

    Raises:
        Broken: the law does not hold.
    """
    rnd = begin(case, server)
    async with StashClient(transport) as client:
        undoing = Undoing(case, server, client, root)
        try:
            plan = await plan_over(case, client)
        except PlanError as error:
            if all("the primary tag of marker" in each.message for each in error.problems):
                return Outcome(0, ())  # the server keeps such tags
            raise Broken(f"seed {case.seed}: no plan: {error.problems}") from error
        before = undoing.content()
        done = await undoing.execute(plan)
        if rnd.random() < 0.5:
            return await with_edits(undoing, done, rnd)
        after = undoing.content()
        back, warnings = await undoing.undo(done, before)
        if warnings:
            return Outcome(len(plan.operations), tuple(warnings))
        redone, warnings = await undoing.undo(back, after)
        if not warnings:
            _, warnings = await undoing.undo(done, before, back, redone)
        return Outcome(len(plan.operations), tuple(warnings))


def _ids(library: Library, kind: str) -> list[str]:
    rows = library.query(KINDS[kind].find_many, {} if KINDS[kind].saved_whole else EVERYTHING)
    return [
        str(row["id"]) for row in (rows if KINDS[kind].saved_whole else rows[KINDS[kind].plural])
    ]


async def with_edits(undoing: Undoing, run: Run, rnd: Random, *later: Run) -> Outcome:
    """Let another client edit between the run and its undo: what it wrote is there afterwards.

    Of an operation without an answer no look can tell whether the run or another client has
    written the value that it was to write.
    """
    edits = [edit for _ in range(rnd.randint(1, 4)) if (edit := _edit(undoing.server, rnd))]
    plan = await undoing.undo_plan(run, *later)
    await undoing.execute(plan, run.id)
    whole: dict[tuple[str, str, str], Edit] = {}
    for edit in edits:
        first = whole.setdefault((edit.kind, edit.id, edit.field), edit)
        whole[edit.kind, edit.id, edit.field] = replace(edit, before=first.before)
    for edit in whole.values():
        if edit.before == edit.after:
            continue
        if any(_is_planned(run, index, edit) for index in run.unknown):
            continue
        now = _values(undoing.server, edit.kind, edit.id).get(edit.field, "gone")
        if not edit.is_kept(now):
            raise Broken(f"seed {undoing.case.seed}: {now!r} after {edit}")
    warnings = tuple(each.message for each in plan.warnings)
    return Outcome(len(run.plan.operations), warnings, len(edits))


def _is_planned(run: Run, index: int, edit: Edit) -> bool:
    """Whether an edit has the value that an operation was to write."""
    operation = run.plan.operations[index]
    change = run.plan.changes[operation.change]
    if isinstance(change, Merge):
        return (operation.content, change.id) == (edit.kind, edit.after)
    if not isinstance(change, Update) or (change.kind, change.id) != (edit.kind, edit.id):
        return False
    made = {
        each.token: end.id
        for place, end in run.outcomes.items()
        if isinstance(each := run.plan.changes[run.plan.operations[place].change], Create)
    }
    after = values_after(change).get(edit.field)
    if edit.field in KINDS[change.kind].references:
        after = exchanged(after, lambda token: made.get(token) or token)
    return edit.field in change.changes and bool(edit.after == after)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a field by another client."""

    kind: str
    id: str
    field: str
    before: Any
    after: Any

    def is_kept(self, now: Any) -> bool:
        """Return whether the field has what the edit made; other members of a list may differ."""
        if not isinstance(self.after, list):
            return bool(now == self.after)
        added, removed = set(self.after) - set(self.before), set(self.before) - set(self.after)
        return added <= set(now) and not removed & set(now)


def _edit(server: Sandbox, rnd: Random) -> Edit | None:
    """Change a field of some object."""
    kind = rnd.choice((*(name for name in KINDS if not KINDS[name].saved_whole), *BEARERS))
    rows = rows_of(server, kind)
    if not rows:
        return None
    identifier = str(rnd.choice(rows)["id"])
    tags = [str(row["id"]) for row in rows_of(server, "tag")]
    fields: list[tuple[str, str, Any]] = [("tags", "tag_ids", sample_of(rnd, tags, 2))]
    if kind == "tag":
        fields = [
            ("description", "description", rnd.choice(("theirs", "one"))),
            ("parents", "parent_ids", sample_of(rnd, tags, 1)),
            ("name", "name", f"Theirs {identifier}"),
        ]
    if kind in ("scene", "image", "gallery", "group") and (studios := rows_of(server, "studio")):
        fields.append(("studio", "studio_id", str(rnd.choice(studios)["id"])))
    if kind == "scene":
        groups = sample_of(rnd, [str(row["id"]) for row in rows_of(server, "group")], 2)
        fields.append(("groups", "groups", [{"group_id": each} for each in groups]))
    field, name, value = rnd.choice(fields)
    given, before = {"id": identifier, name: value}, _values(server, kind, identifier)[field]
    try:
        server.library.mutate(f"{kind}Update", {"input": given})
    except Refusal:
        return None
    after = _values(server, kind, identifier)[field]
    return Edit(kind, identifier, field, before, after) if after != before else None


def _values(server: Sandbox, kind: str, identifier: str) -> dict[str, Any]:
    """Return the fields that edits change, references as ids."""
    row = next((row for row in rows_of(server, kind) if str(row["id"]) == identifier), None)
    if row is None:
        return {}
    others = ("tags", "studio", *(["groups"] if kind == "scene" else []))
    names = ("name", "description", "parents") if kind == "tag" else others
    found: dict[str, Any] = {}
    for name in names:
        try:
            value = server.library.resolve(row, name, {})
        except KeyError:
            continue
        if isinstance(value, list):
            value = sorted(str(each.get("group", each)["id"]) for each in value)
        elif name == "studio":
            value = value and str(value["id"])
        found[name] = value
    return found
