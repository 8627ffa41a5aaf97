"""Runs that are disturbed: another client edits the library, and the run is cut and resumed.

    seed ─> library A, wishes ─> plan ─┬─ edits ─┬─ document ─┬─ edits ─┬─ document ╳ cut
                                       │         └────────────┴─────────┘    │
                                       │                 ▲                   ▼
                                       │                 └───── resume ── edits
                                       └─> the account is true; no edit was overwritten unseen;
                                           one more run without edits reaches the wanted library

A `Stage` has the steps: `plan`, `edit`, `apply` and `resume`, which may be cut, and `settle`. What
happens is decided by the seed. Two documents in flight are carried out in turns, an operation of
each; in every second run the server gets one request after the other. A few runs go over HTTP.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from stashsync.applier import Report, Status, carry_out
from stashsync.applier.journal import Journal, Run, RunOrigin, read_run
from stashsync.applier.stepping_back import TAKEN_BACK
from stashsync.client import StashClient
from stashsync.errors import PlanError
from stashsync.fields import Value
from stashsync.kinds import KINDS, Kind
from stashsync.planner import Create, Delete, Merge, Plan, Update
from stashsync.planner.changes import as_list, targets_of, token_of, values_after
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library.refusals import Refusal
from stashsync.state import State
from stashsync.wire.exchange import Answer
from tests.laws import journey
from tests.laws.edits import edit_of
from tests.laws.journey import Broken, Case
from tests.laws.looking import content, observed, sends_nothing
from tests.support.clock import patience
from tests.support.servers import Tap

Identity = tuple[str, str]
Values = dict[Identity, dict[str, Value]]
"""Fields by kind and id, in a form that can be compared."""
MEMORY = Path("/dev/shm")
"""Where journals are flushed at once, if there is such a place."""


class Cut(BaseException):
    """The process is killed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The fields that another client changed, and when; not those of created or removed objects."""

    time: int
    values: Values


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a disturbed run."""

    operations: int = 0
    edits: int = 0
    cuts: int = 0
    moved: int = 0
    unplannable: int = 0
    """1 where the edits contradict the manifests, so that there is no next plan."""


@dataclass
class Stage:
    """A library with a run on it, another client, and a record of both."""

    case: Case
    sandbox: Sandbox
    folder: Path
    rnd: Random
    edits_likely: float
    cut_likely: float
    planned: Plan = field(default_factory=Plan)
    edits: list[Edit] = field(default_factory=list)
    sent_at: dict[int, int] = field(default_factory=dict)
    """When each operation was sent last, by its index; `first_sent` is when it was sent first."""
    first_sent: dict[int, int] = field(default_factory=dict)
    """By operation, when it was last about to be sent."""
    executed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """The mutations of the run that the library carried out."""
    cuts: int = 0
    time: int = 0
    left: int | None = None
    """How many mutations the server carries out of a run that is dead."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Over HTTP the sandbox carries out mutations in threads, which read what was sent."""
    _observed: tuple[int, State] | None = None

    def __post_init__(self) -> None:
        self._mutate = self.sandbox.library.mutate
        self.sandbox.library.mutate = self._on_mutation  # type: ignore[method-assign]

    # -- steps ----------------------------------------------------------------------------------

    async def plan(self) -> None:
        """Plan for the library as it is."""
        async with self._client() as client:
            self.planned = await journey.plan_over(self.case, client)

    def edit(self) -> None:
        """Let another client change something, perhaps."""
        while self.rnd.random() < self.edits_likely:
            with self.lock:
                self._edit_once()

    def _edit_once(self) -> None:
        before = self.observed()
        mutation, args = edit_of(self.rnd, before)
        try:
            self._mutate(mutation, args)
        except Refusal:
            return
        self.time += 1
        old, new = _comparable(before), _comparable(self.observed())
        values = {
            me: {name: value for name, value in fields.items() if old[me][name] != value}
            for me, fields in new.items()
            if me in old and old[me] != fields
        }
        self.edits.append(Edit(self.time, values | {me: {} for me in old.keys() ^ new.keys()}))

    async def apply(self) -> Report | None:
        """Carry out the plan; None where the run was cut."""
        return await self._run(None)

    async def resume(self) -> Report | None:
        """Go on with the run that was cut."""
        (path,) = self.folder.glob("*.jsonl")
        return await self._run(read_run(path))

    async def settle(self) -> bool:
        """Plan and apply without any disturbance; False where there is no plan.

        Raises:
            Broken: the library does not become the wanted one.
        """
        self.edits_likely = self.cut_likely = 0.0
        self.edits.clear()
        async with self._client() as client:
            try:
                plan = await journey.plan_over(self.case, client)
            except PlanError:
                return False
            report = await carry_out(plan, client, root=journey.HERE, patience=patience())
            if not report.complete:
                raise Broken(f"{self.where}: undisturbed: {report.outcomes}")
            again = await journey.plan_over(self.case, client)
        if again.changes:
            raise Broken(f"{self.where}: left to do: {again.changes}")
        return True

    # -- the run --------------------------------------------------------------------------------

    async def _run(self, begun: Run | None) -> Report | None:
        journal = _Disturbed(self.folder, RunOrigin("apply", "sandbox", "library"), begun)
        journal.stage = self
        size = self.rnd.choice((1, 2, 5, 250))
        try:
            async with self._client() as client:
                return await carry_out(
                    self.planned, client, root=journey.HERE, listener=journal,
                    max_batch=size, begun=begun, patience=patience(),
                )  # fmt: skip
        except Cut:
            self.cuts += 1
            return None
        finally:
            self.left = None
            journal.close()

    def _client(self) -> StashClient:
        return StashClient(_Killable(journey.transport_of(self.case, self.sandbox), stage=self))

    def observed(self) -> State:
        changes = self.sandbox.library._db.changes
        if self._observed is None or self._observed[0] != changes:
            server = journey.server_of(self.case.release)
            self._observed = changes, observed(self.sandbox.library, server)
        return self._observed[1]

    def _on_mutation(self, name: str, args: dict[str, Any]) -> Any:
        with self.lock:
            if self.left is not None:
                if not self.left:
                    raise Refusal("the process that wanted this is dead")
                self.left -= 1
            if sends_nothing(name, args):
                raise Broken(f"{self.where}: {name} {args} sends nothing")
            self._expect_no_loss(name, args)
            row = self._mutate(name, args)
            self.executed.append((name, args))
            return row

    # -- what has to hold -----------------------------------------------------------------------

    @property
    def where(self) -> str:
        """Return the seed, and how far the run got."""
        return f"seed {self.case.seed} at {self.time}"

    def _expect_no_loss(self, mutation: str, args: dict[str, Any]) -> None:
        """Check that a mutation of the run overwrites no edit that it could have seen."""
        for me, given in _written(mutation, args):
            indices = [index for index in self.sent_at if self._object(index) == me]
            looked = max((self.sent_at[index] for index in indices), default=0)
            seen = [edit for edit in self.edits if edit.time < looked and me in edit.values]
            for name, value in given.items():
                edit = next((each for each in reversed(seen) if name in each.values[me]), None)
                if edit is None:
                    continue
                last = edit.values[me][name]
                # What the run itself writes for a while explains only what came after it.
                sent = [index for index in indices if self.first_sent[index] <= edit.time]
                expected = [value, *self._expected(me, name, sent)]
                if name == "aliases":
                    expected += [last for index in sent if self._comes_back(index, last, value)]
                if self._left(me, name, last) not in [self._left(me, name, it) for it in expected]:
                    raise Broken(f"{self.where}: {mutation} {args} overwrites {name} {last!r}")

    def _comes_back(self, index: int, last: Value, value: Value) -> bool:
        """Whether a write only adds the aliases that an operation took away for a while."""
        operation = self.planned.operations[index]
        given_up = set(operation.undo.get("aliases", ())).difference(
            operation.detour.get("aliases", ())
        )
        return set(last) <= set(value) <= {*last, *given_up}

    def _object(self, index: int) -> Identity:
        change = self.planned.changes[self.planned.operations[index].change]
        return change.kind, token_of(change)

    def _expected(self, me: Identity, name: str, indices: Sequence[int]) -> Iterator[Value]:
        """Yield the values of a field that the plan knows."""
        for change in self.planned.changes:
            if isinstance(change, Update) and (change.kind, change.id) == me:
                if name in change.changes:
                    yield change.changes[name].before
                elif name in change.kept:
                    yield change.kept[name]
                elif name == "name":
                    yield change.label
            elif name == "name" and isinstance(change, Delete) and (change.kind, change.id) == me:
                yield change.label
            elif name == "name" and isinstance(change, Merge) and change.kind == me[0]:
                yield from (label for source, label in change.sources if source == me[1])
        for index in indices:
            for values in (
                self.planned.operations[index].detour,
                self.planned.operations[index].undo,
            ):
                if name in values:
                    yield values[name]

    def _left(self, me: Identity, name: str, value: Value) -> Value:
        """Return a value as it is once the plan has merged and deleted what it refers to."""
        target = targets_of(me[0]).get(name)
        if target is None or KINDS[me[0]].fields[name].meaning.shape == "list":
            return _plain(value)
        into: dict[str, str | None] = {}
        for change in self.planned.changes:
            if isinstance(change, Delete) and change.kind == target:
                into[change.id] = None
            elif isinstance(change, Merge) and change.kind == target:
                into |= {source: change.id for source, _ in change.sources}
        return {into.get(each, each) for each in as_list(value)} - {None, me[1]}

    def expect_a_true_account(self, report: Report) -> None:
        """Check the outcomes of a run that was not cut against what the library carried out."""
        for index, outcome in enumerate(report.outcomes):
            ran = self._ran(index, report)
            if outcome.status is Status.UNKNOWN:
                raise Broken(f"{self.where}: nothing was lost, and yet: {outcome}")
            if ran and outcome.status is not Status.APPLIED and outcome.message != TAKEN_BACK:
                raise Broken(f"{self.where}: it was carried out, and yet: {outcome}")
            kind, token = self._object(index)
            mine = {(kind, token), (kind, outcome.id or "")}
            touched = any(mine & edit.values.keys() for edit in self.edits)
            if not ran and not touched and outcome.status is Status.APPLIED:
                raise Broken(f"{self.where}: it was never carried out, and yet: {outcome}")

    def _ran(self, index: int, report: Report) -> bool:
        """Return whether the library executed a mutation of this operation."""
        operation = self.planned.operations[index]
        change = self.planned.changes[operation.change]
        kind = KINDS[change.kind]
        if not operation.fields and isinstance(change, Delete):
            return any((change.kind, change.id) in _removed(*each) for each in self.executed)
        if operation.content or isinstance(change, Merge):
            return report.outcomes[index].status is Status.APPLIED
        if isinstance(change, Create) and "name" in operation.fields:
            made = (args for name, args in self.executed if name == kind.create_mutation)
            keys = (kind.key(_fields(kind, args["input"])) for args in made)
            return kind.key(change.values) in keys
        me = (change.kind, report_id(report, index) or token_of(change))
        name = operation.detour.get("name")
        if kind.saved_whole and "name" in operation.fields:
            # All fields are in each of its mutations: what tells them apart is the name.
            name = name or values_after(change).get("name")
        inputs = {kind.fields[each].name for each in operation.fields}
        own = {**values_after(change), **operation.detour}
        # What other pieces of the change write, and what is written where they are taken back: that
        # leaves out what another client has changed.
        aside = [
            values
            for other in self.planned.operations
            if other.change == operation.change and {*other.fields} >= {*operation.fields}
            for whole in (other.detour, other.undo)
            for values in [{name: whole[name] for name in operation.fields if name in whole}]
            if not values.items() <= own.items()
        ]
        # A whole object that is taken back is written as its last piece would write its name.
        taken_back = sum(
            outcome.message == TAKEN_BACK
            and self.planned.operations[other].change == operation.change
            for other, outcome in enumerate(report.outcomes)
            if kind.saved_whole
        )
        writes = [
            given
            for each in self.executed
            for it, given in _written(*each)
            if it == me
            and (kind.saved_whole or inputs == given.keys())
            and name in (None, given.get("name"))
            and not any(_gives_back(values, given, own) for values in aside)
        ]
        return len(writes) > taken_back


def report_id(report: Report, index: int) -> str | None:
    """Return the server's id of the object of an operation, where a create of it was applied."""
    change = report.plan.operations[index].change
    for outcome in report.outcomes:
        if report.plan.operations[outcome.operation].change == change and outcome.id:
            return outcome.id
    return None


class _Disturbed(Journal):
    """A journal; between two documents others edit the library, or the run is killed."""

    stage: Stage

    def sending(self, operations: Sequence[int]) -> None:
        """Note the document. Its objects were looked at; what happens now, later ones can see."""
        super().sending(operations)
        stage = self.stage
        with stage.lock:
            stage.time += 1
            stage.sent_at.update(dict.fromkeys(operations, stage.time))
            stage.first_sent = dict.fromkeys(operations, stage.time) | stage.first_sent
        stage.edit()
        if stage.left is None and stage.rnd.random() < stage.cut_likely:
            if stage.rnd.random() < 0.3:
                raise Cut
            stage.left = stage.rnd.randint(0, len(operations))


class _Killable(Tap):
    """A transport whose process is dead once the run is cut."""

    def __init__(self, inner: Any, stage: Stage) -> None:
        super().__init__(inner)
        self._stage = stage
        one_by_one = stage.rnd.random() < 0.5
        self._turn = asyncio.Semaphore(1 if one_by_one else 100)
        self._slowness = Random(f"{stage.case.seed} slow") if not stage.edits_likely else None

    async def send(self, text: str, *args: Any, **options: Any) -> Answer:
        """Send a document; a killed process gets no answer.

        What is read may be old when it arrives. Where others edit, it is not: what the run could
        have seen would be unknown.
        """
        async with self._turn:
            answer = await self.inner.send(text, *args, **options)
        if self._slowness is not None and not text.startswith("mutation"):
            for _ in range(self._slowness.choice((0, 0, 1, 5, 40))):
                await asyncio.sleep(0)
        if self._stage.left is not None:
            raise Cut
        return answer


# -- comparing ------------------------------------------------------------------------------------


def _plain(value: Value) -> Value:
    """Return a value whose order does not count, in a form that can be compared."""
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        if "endpoint" not in value[0]:
            return repr(value)  # the order and the description of each member count
        return sorted((each["endpoint"], each["stash_id"]) for each in value)
    return sorted(value) if isinstance(value, list | tuple) else value or None


def _comparable(state: State) -> Values:
    return {
        (item.kind, item.id or ""): {name: _plain(value) for name, value in item.values.items()}
        for item in state
    }


def _written(mutation: str, args: Mapping[str, Any]) -> Iterator[tuple[Identity, dict[str, Value]]]:
    """Yield the objects that a mutation changes or removes, with what it writes of each."""
    for kind in KINDS.values():
        if mutation == kind.update_mutation and "id" in args["input"]:
            yield (kind.name, args["input"]["id"]), _fields(kind, args["input"])
        elif mutation == f"bulk{kind.type_name}Update":
            for identifier in args["input"]["ids"]:
                yield (kind.name, identifier), _fields(kind, args["input"])
    for me in _removed(mutation, args):
        yield me, {"name": None}


def _fields(kind: Kind, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the fields of an input; what a bulk update writes of a list is not looked into."""
    found = {spec.name: given[spec.input] for spec in kind.fields.values() if spec.input in given}
    return {name: value["ids"] if isinstance(value, dict) and "ids" in value else value
            for name, value in found.items()}  # fmt: skip


def _gives_back(
    values: Mapping[str, Value], given: Mapping[str, Value], own: Mapping[str, Value]
) -> bool:
    """Whether a write is the one of another piece: `values`, or those beside another's edit.

    What comes back beside an edit are aliases, and then they are not those that the piece writes.
    """
    if values.items() <= given.items():
        return True
    back, now = values.get("aliases"), given.get("aliases")
    return bool(back and now and {*back} <= {*now} and _plain(now) != _plain(own.get("aliases")))


def _removed(mutation: str, args: Mapping[str, Any]) -> list[Identity]:
    for kind in KINDS.values():
        if mutation == kind.mutations.destroy:
            return [(kind.name, args["input"]["id"])]
        if mutation == f"{kind.plural}Destroy":
            return [(kind.name, identifier) for identifier in args["ids"]]
        if mutation == kind.mutations.merge:
            return [(kind.name, identifier) for identifier in args["input"]["source"]]
    return []


# -- a whole run ----------------------------------------------------------------------------------


def go(seed: int, size: int = 6) -> Tally:
    """One disturbed run.

    Raises:
        Broken: something that has to hold does not.
    """
    case = journey.case_of(seed, size)
    rnd = Random(f"{seed} disturbed")
    edits, cut = rnd.choice(((0.0, 0.3), (0.4, 0.0), (0.4, 0.0), (0.3, 0.3)))
    with (
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
        Sandbox(release=case.release) as sandbox,
    ):
        case.fill(sandbox.library)
        return asyncio.run(_go(Stage(case, sandbox, Path(folder), rnd, edits, cut)))


async def _go(stage: Stage) -> Tally:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # a dead run has no end
    await stage.plan()
    stage.edit()
    report = await stage.apply()
    while report is None:
        stage.edit()
        stage.cut_likely /= 2
        report = await stage.resume()
    count = len(stage.edits)
    if not stage.cuts:
        stage.expect_a_true_account(report)
    if not count and not report.complete:
        raise Broken(f"{stage.where}: there was no edit, and yet: {report.outcomes}")
    if not count and content(stage.observed()) != _content_without_cuts(stage.case):
        raise Broken(f"{stage.where}: cut and resumed it becomes another library")
    moved = report.totals()[Status.MOVED]
    planned = await stage.settle()
    if planned and stage.case.exact:
        journey.expect_content(stage.case, _each_stash_id_once(stage.observed()))
    return Tally(len(report.outcomes), count, stage.cuts, moved, int(not planned))


def _each_stash_id_once(state: State) -> State:
    """Return a library without what a merge of the other client may have left twice."""
    for resource in state:
        if "stash_ids" in resource.values:
            pairs = {
                (each["endpoint"], each["stash_id"]): each for each in resource.values["stash_ids"]
            }
            resource.values["stash_ids"] = [*pairs.values()]
    return state


def _content_without_cuts(case: Case) -> dict[str, list[dict[str, Any]]]:
    library = journey.applied_one_by_one(case)
    return content(observed(library, journey.server_of(case.release)))
