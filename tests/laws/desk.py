"""The desk at which a script is tried: a client, somebody else, a cable that breaks, and notes.

What the script has asked for is kept as wishes (`shelves`). They are compared with what its
objects show at any time, and with what the server holds once they are saved.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from stashsync.client import StashClient
from stashsync.errors import StashConnectionError
from stashsync.sandbox import Sandbox
from stashsync.types import UNSET
from stashsync.types.relations import members
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


class Cable(Wire):
    """A wire that breaks before what it carries arrives, or `after` it was done."""

    after = False

    async def send(self, text: str, variables: Any = None, **options: Any) -> Answer:
        if not self.breaks(text):
            return await Tap.send(self, text, variables, **options)
        if self.after:
            await Tap.send(self, text, variables, **options)
        else:
            self.documents.append((text, dict(variables or {})))
        raise StashConnectionError("the cable was pulled")


class Desk(RuleBasedStateMachine):
    """What the steps of a script need, and the laws."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.sandbox = Sandbox()
        self.wire = Cable(transport_to(self.sandbox))
        self.truth = transport_to(self.sandbox)
        self.client = StashClient(self.wire)
        self.other = StashClient(transport_to(self.sandbox))
        self.clock = 0.0
        self.client.home.now = lambda: self.clock  # type: ignore[method-assign]
        self.store = self.client.store
        self.held: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        self.wishes: dict[Fact, Any] = {}
        self.either: set[Fact] = set()
        self.news: set[Fact] = set()
        self.made = 0
        self.bonds: list[Bond] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.client.transport.aclose())
        self.loop.close()
        self.sandbox.close()

    # -- what the steps need ----------------------------------------------------------------------

    def pick_bond(self, data: st.DataObject) -> Bond:
        return data.draw(st.sampled_from(self.bonds), label="bond")

    def pick(self, data: st.DataObject, kind: str, label: str = "") -> Any:
        return data.draw(st.sampled_from(self.held[kind]), label=label or kind)

    def facts(self) -> dict[Fact, Any]:
        found: dict[Fact, Any] = self.run(facts_of(self.truth))
        return found

    def may_contain(self, bond: Bond, above: Any, below: Any) -> bool:
        """Only so that no circle can come about: the server would refuse it."""
        order = self.held[bond.near]
        return order.index(above) < order.index(below)

    def wish(self, fact: Fact, wanted: Any, fields: list[tuple[Any, str]]) -> None:
        """The script has edited this, and there is something to save: not if it is as it was."""
        if any(name in one.get_changed_fields() for one, name in fields):
            if fact in self.wishes and fact[0] != "value":
                self.either.add(fact)  # perhaps it is back where it was: that depends on readings
            self.wishes[fact] = wanted
            return
        self.wishes.pop(fact, None)
        held = self.facts().get(by_id(fact), absent(fact))
        assert same(wanted, held) or by_id(fact) in self.news, f"{fact}: {wanted} is not noted"

    def wish_bond(self, bond: Bond, near: Any, far: Any, wanted: Any) -> None:
        fields = [(near, bond.field), (far, bond.back)]
        if bond.one:
            self.wish(("one", bond.name, near), far if wanted else None, fields)
        else:
            self.wish(("pair", bond.name, near, far), wanted, fields)

    # -- what a saving leaves ---------------------------------------------------------------------

    def all_is_there(self) -> None:
        """The server holds the wishes, nothing waits to be saved, and what is loaded is true."""
        held = self.facts()
        for fact, wanted in self.wishes.items():
            assert fact in self.either or same(wanted, held.get(by_id(fact), absent(fact))), (
                f"{by_id(fact)} should be {wanted}, is {held.get(by_id(fact))}"
            )
        self.wishes.clear()
        self.either.clear()
        dirty = [
            (one, one.get_changed_fields())
            for one in self.client.home.everything()
            if one.is_dirty()
        ]
        assert not dirty, f"still to be saved: {dirty}"
        self.wire.forget()
        self.run(self.store.save_all())
        assert self.wire.mutations == [], "what was saved is sent again"
        self._all_is_shown(held)

    def _all_is_shown(self, held: dict[Fact, Any]) -> None:
        """Everything that is loaded is as the server has it, but for what somebody else did."""
        known = {(type(one).kind().name, one.id): one for one in self.client.home.everything()}
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
                    (*fact[:2], one) for one in [known.get((BONDS[fact[1]].near, fact[2]))] if one
                }
        for bond in BONDS.values():
            for near in [one for (kind, _), one in known.items() if kind == bond.near]:
                for far in [one for (kind, _), one in known.items() if kind == bond.far]:
                    if bond.one:
                        mine = getattr(far, bond.back)
                        truth = held["one", bond.name, near.id] == far.id
                        if mine is not UNSET and by_id(("one", bond.name, near)) not in self.news:
                            assert (near in mine) == truth, f"{far}.{bond.back} is {mine}"
                    else:
                        found.add(("pair", bond.name, near, far))
        return found

    def nothing_else(self, before: dict[Fact, Any]) -> None:
        """What changed was wished for; or it stood in a list that was sent whole, and old."""
        wished = {by_id(fact) for fact in self.wishes}
        lists = {(fact[1], one.id) for fact in self.wishes if fact[0] == "pair" for one in fact[2:]}
        for fact in changed(before, self.facts()):
            if fact in wished or (fact[0] == "value" and ("there", *fact[1:3]) in wished):
                continue
            if fact[0] == "one" and ("there", BONDS[fact[1]].near, fact[2]) in wished:
                continue
            listed = fact[0] == "pair" and any((fact[1], one) in lists for one in fact[2:])
            assert listed, f"nobody asked for {fact}"
            assert fact in self.news, f"nobody asked for {fact}, and nobody else has changed it"
        sent = [
            (name, fingerprint(value))
            for text, variables in self.wire.documents
            for name, value in zip(MUTATION.findall(text), variables.values(), strict=False)
        ]
        assert len(sent) == len(set(sent)), "sent twice"

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def every_wish_is_shown_and_waits_to_be_saved(self) -> None:
        for fact, wanted in self.wishes.items():
            if fact[0] == "there" or fact in self.either:
                continue
            seen = [*shown(fact)]
            assert any(same_shown(wanted, one) for one in seen), f"{fact}: {wanted} lost: {seen}"

    @invariant()
    def each_object_is_there_once(self) -> None:
        home = self.client.home
        for one in home.everything():
            assert home.table(type(one))[one.id] is one
            for name, relation in one._relations().items():
                for other in members(relation, one.__dict__[name]):
                    known = home.table(type(other)).get(other.id)
                    assert known is other, f"{one}.{name} has another {other}"


def changed(before: dict[Fact, Any], after: dict[Fact, Any]) -> set[Fact]:
    """What is another fact than before."""
    return {
        fact
        for fact in before.keys() | after.keys()
        if before.get(fact, absent(fact)) != after.get(fact, absent(fact))
    }
