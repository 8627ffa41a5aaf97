"""What a script runs on: a client, another client, a connection that breaks, and records.

What the script has asked for is kept as wishes (`shelves`). They are compared with what its
objects show at any time, and with what the server holds once they are saved.
"""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Callable, Coroutine
from threading import Thread
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from stashsync.client import StashClient
from stashsync.entities import Entity
from stashsync.errors import StashConnectionError
from stashsync.kinds import ENTITIES
from stashsync.sandbox import Sandbox
from stashsync.store import CascadeWarning
from stashsync.unset import UNSET
from stashsync.wire.exchange import Answer
from tests.laws.shelves import (
    BONDS,
    KINDS,
    Bond,
    Fact,
    absent,
    by_id,
    facts_of,
    fingerprint,
    same,
    same_shown,
    shown,
)
from tests.support.scripts import Wire
from tests.support.servers import Tap, transport_to

MUTATION = re.compile(r"op\d+: (\w+)")


class Far:
    """Runs the server in an event loop of its own, and waits for it.

    An exchange is thus a single step for a script's tasks, whose order stays the same.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """Stop the event loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Cable(Wire):
    """A wire that breaks before a document arrives, or `after` it was executed.

    `waits` returns for how many turns of the loop a document is on its way, and its answer.
    """

    far: Far
    after = False
    waits: Callable[[], int] = staticmethod(lambda: 0)

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        for _ in range(self.waits()):
            await asyncio.sleep(0)
        breaks = self.breaks(text)
        if breaks and not self.after:
            self.documents.append((text, dict(variables or {})))
            raise StashConnectionError("the cable was pulled")
        answer: Answer = self.far.ask(Tap.send(self, text, variables, **options))
        if breaks:
            raise StashConnectionError("the cable was pulled")
        for _ in range(self.waits()):
            await asyncio.sleep(0)
        return answer


class Desk(RuleBasedStateMachine):
    """The methods that the steps of a script need, and the laws."""

    release = "0.30.1"

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.far = Far()
        self.sandbox = Sandbox(release=self.release)
        self.wire = Cable(transport_to(self.sandbox))
        self.truth = transport_to(self.sandbox)
        self.client = StashClient(self.wire)
        self.wire.far = self.far
        self.other = StashClient(transport_to(self.sandbox))
        self.clock = 0.0
        self.client.identity_map.now = lambda: self.clock  # type: ignore[method-assign]
        self.store = self.client.store
        self.held: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        self.wishes: dict[Fact, Any] = {}
        self.either: set[Fact] = set()
        """Wishes that may be true already without a saving, or lost with their objects."""
        self.news: set[Fact] = set()
        """What another client has changed, so that what is loaded may be older."""
        self.loose: set[Entity] = set()
        """New objects that were not added to the store: others refer to them."""
        self.busy = False
        """Whether savings are under way: then it is unknown what is still to be saved."""
        self.made = 0
        self.bonds: list[Bond] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        for transport in (self.wire, self.truth, self.other.transport):
            self.far.ask(transport.aclose())
        self.far.close()
        self.loop.close()
        self.sandbox.close()

    # -- what the steps need ----------------------------------------------------------------------

    def pick_bond(self, data: st.DataObject) -> Bond:
        return data.draw(st.sampled_from(self.bonds), label="bond")

    def pick(self, data: st.DataObject, kind: str, label: str = "") -> Any:
        return data.draw(st.sampled_from(self.held[kind]), label=label or kind)

    def facts(self) -> dict[Fact, Any]:
        found: dict[Fact, Any] = self.far.ask(facts_of(self.truth))
        return found

    def save_all(self) -> None:
        """Save everything, with new objects that nothing refers to any more."""
        self.saving(self.store.save_all())
        if left := [item for item in self.loose if item.is_new()]:
            for item in left:
                self.store.add(item)
            self.saving(self.store.save_all())
        self.loose.clear()

    def saving(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return the result of a saving; warnings of cascading saves are expected here."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CascadeWarning)
            return self.run(work)

    def may_contain(self, bond: Bond, above: Any, below: Any) -> bool:
        """Return whether a relation keeps the hierarchy free of cycles, as the server wants."""
        order = self.held[bond.near]
        return order.index(above) < order.index(below)

    def wish(self, fact: Fact, wanted: Any, fields: list[tuple[Any, str]]) -> None:
        """Note an edit of the script as something to save, unless the value is as it was."""
        edited = any(name in item.get_changed_fields() for item, name in fields)
        if self.busy and not edited and by_id(fact) in self.news:
            self.either.add(fact)  # it may be as it was read, and another client has changed it
        if self.busy or edited:
            if fact in self.wishes and fact[0] != "value":
                self.either.add(fact)  # perhaps it is back where it was: that depends on readings
            self.wishes[fact] = wanted
            return
        self.wishes.pop(fact, None)
        held = self.facts().get(by_id(fact), absent(fact))
        assert same(wanted, held) or by_id(fact) in self.news, f"{fact}: {wanted} is not noted"

    def wish_bond(self, bond: Bond, near: Any, far: Any, wanted: Any) -> None:
        fields = [(near, bond.field), (far, bond.back)]
        if bond.to_one:
            self.wish(("one", bond.name, near), far if wanted else None, fields)
        else:
            self.wish(("pair", bond.name, near, far), wanted, fields)

    async def directly(self, value: Any) -> None:
        """Save an object alone, unless it refers to new ones, which are saved first."""
        try:
            await value.save(self.client)
        except ValueError as error:
            if "first, or use the store" not in str(error):
                raise

    def by_another(self, kind: str, value: dict[str, Any]) -> None:
        """Change an object as another client, by this input of an update."""
        before = self.facts()
        way = ENTITIES[kind].updating
        assert way is not None
        self.far.ask(self.other.mutate(way.mutation, "input", way.argument_type, value, "id"))
        self.heard_nothing_of(before)

    def heard_nothing_of(self, before: dict[Fact, Any]) -> None:
        """Note what has changed on the server without the script knowing."""
        after = self.facts()
        self.news |= changed(before, after)
        for fact, wanted in self.wishes.items():  # a reading finds that it is there already
            if by_id(fact) in self.news and same(wanted, after.get(by_id(fact), absent(fact))):
                self.either.add(fact)

    # -- what a saving leaves ---------------------------------------------------------------------

    def all_is_there(self) -> None:
        """Check that the server holds the wishes, nothing is unsaved, what is loaded is true."""
        held = self.facts()
        for fact, wanted in self.wishes.items():
            assert fact in self.either or same(wanted, held.get(by_id(fact), absent(fact))), (
                f"{by_id(fact)} should be {wanted}, is {held.get(by_id(fact))}"
            )
        self.wishes.clear()
        self.either.clear()
        dirty = [
            (item, item.get_changed_fields())
            for item in self.client.identity_map.everything()
            if item.is_dirty()
        ]
        assert not dirty, f"still to be saved: {dirty}"
        self.wire.forget()
        self.saving(self.store.save_all())
        assert self.wire.mutations == [], "what was saved is sent again"
        self._all_is_shown(held)

    def _all_is_shown(self, held: dict[Fact, Any]) -> None:
        """Everything that is loaded is as the server has it, but for changes of another client."""
        known = {
            (type(item).kind().name, item.id): item
            for item in self.client.identity_map.everything()
        }
        for fact in self._facts_of_known(held, known):
            if by_id(fact) in self.news:
                continue
            truth = held.get(by_id(fact), absent(fact))
            for seen in shown(fact):
                assert same_shown(truth, seen), f"{fact} shows {seen}, the server has {truth}"

    def _facts_of_known(self, held: dict[Fact, Any], known: dict[Any, Any]) -> set[Fact]:
        found: set[Fact] = set()
        for fact in held:
            if fact[0] in ("value", "key") and (fact[1], fact[2]) in known:
                found.add((*fact[:2], known[fact[1], fact[2]], fact[3]))
            elif fact[0] == "one":
                found |= {
                    (*fact[:2], item)
                    for item in [known.get((BONDS[fact[1]].near, fact[2]))]
                    if item
                }
        for bond in BONDS.values():
            for near in [item for (kind, _), item in known.items() if kind == bond.near]:
                for far in [item for (kind, _), item in known.items() if kind == bond.far]:
                    if bond.to_one:
                        mine = getattr(far, bond.back)
                        truth = held["one", bond.name, near.id] == far.id
                        if mine is not UNSET and by_id(("one", bond.name, near)) not in self.news:
                            shows = near.id in [item.id for item in mine]
                            assert shows == truth, f"{far}.{bond.back} is {mine}"
                    else:
                        found.add(("pair", bond.name, near, far))
        return found

    def nothing_else(self, before: dict[Fact, Any], *, twice: bool = False) -> None:
        """Check that each change was wished for, or belongs to an older list that was sent whole.

        With `twice`, a value may be sent again, because it was changed back meanwhile.
        """
        wished = {by_id(fact) for fact in self.wishes}
        lists = {
            (fact[1], item.id) for fact in self.wishes if fact[0] == "pair" for item in fact[2:]
        }
        for fact in changed(before, self.facts()):
            if fact in wished or (fact[0] == "value" and ("there", *fact[1:3]) in wished):
                continue
            if fact[0] == "one" and ("there", BONDS[fact[1]].near, fact[2]) in wished:
                continue
            listed = fact[0] == "pair" and any((fact[1], item) in lists for item in fact[2:])
            assert listed, f"the script did not ask for {fact}"
            assert fact in self.news, f"neither the script nor another client has changed {fact}"
        sent = [
            (name, fingerprint(value))
            for text, variables in self.wire.documents
            for name, value in zip(MUTATION.findall(text), variables.values(), strict=False)
        ]
        assert twice or len(sent) == len(set(sent)), "sent twice"

    def nothing_is_clean_in_vain(self) -> None:
        """Check that what the server does not have is still to be saved."""
        held = self.facts()
        for fact, wanted in self.wishes.items():
            if same(wanted, held.get(by_id(fact), absent(fact))):
                self.either.add(fact)
            elif fact not in self.either:
                there = [item for item in (*fact, wanted) if isinstance(item, Entity)]
                assert any(item.is_new() or item.is_dirty() for item in there), (
                    f"{fact} is clean, and the server does not have it"
                )

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def every_wish_is_shown_and_waits_to_be_saved(self) -> None:
        for fact, wanted in self.wishes.items():
            if fact[0] == "there" or fact in self.either:
                continue
            seen = [*shown(fact, wanted)]
            if not seen and (wanted is None or wanted is False):
                continue  # neither end is loaded, and so neither shows it
            assert any(same_shown(wanted, item) for item in seen), f"{fact}: {wanted} lost: {seen}"

    @invariant()
    def each_object_is_there_once(self) -> None:
        home = self.client.identity_map
        for item in home.everything():
            assert home.table(type(item))[item.id] is item
            for name, relation in item.__relationships__.items():
                for other in relation.linked(item.__dict__[name]):
                    known = home.table(type(other)).get(other.id)
                    assert known is other or self.may_be_unknown(other), (
                        f"{item}.{name} has another {other}"
                    )

    def may_be_unknown(self, other: Entity) -> bool:
        """Return whether a referenced object may be missing from the store."""
        return other in self.loose or other in self.client.identity_map.gone


def changed(before: dict[Fact, Any], after: dict[Fact, Any]) -> set[Fact]:
    """Return the facts that differ."""
    return {
        fact
        for fact in before.keys() | after.keys()
        if before.get(fact, absent(fact)) != after.get(fact, absent(fact))
    }
