"""The law of the store where objects are deleted and merged while others still show them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from stashsync.entities import Entity
from stashsync.errors import StashGraphQLError
from tests.laws.script import Script, holds
from tests.laws.shelves import BONDS, KINDS, Fact, absent

MERGED = {"tag": "tags_merge", "performer": "performer_merge"}


class Vanishing(Script):
    """A script that deletes and merges, too."""

    release = "develop"

    @rule(data=st.data(), kind=st.sampled_from(KINDS),
          how=st.sampled_from(["delete", "store", "client", "input"]))  # fmt: skip
    def delete(self, data: st.DataObject, kind: str, how: str) -> None:
        """Delete an object; others show it until they are read again, and do not send it."""
        item = self.pick(data, kind)
        if item.is_new() or len(self.held[kind]) < 3:
            return
        before = self.facts()
        destroy = getattr(self.client, f"{kind}_destroy")
        if how == "delete":
            done = self.run(item.delete(self.client))
        elif how == "store":
            done = self.run(self.store.delete(item))
        elif kind == "gallery":
            done = self.run(destroy({"ids": [item.id]}))
        else:
            done = self.run(destroy(item.id if how == "client" else {"id": item.id}))
        assert done
        self.held[kind].remove(item)
        self._lost_sight_of(item, None)
        self.heard_nothing_of(before)

    @rule(data=st.data(), kind=st.sampled_from([*MERGED]))
    def merge(self, data: st.DataObject, kind: str) -> None:
        """Merge objects: others that showed the source show the destination."""
        source, into = self.pick(data, kind, "source"), self.pick(data, kind, "destination")
        if source.is_new() or into.is_new() or source is into:
            return
        if kind == "tag" and self._in_a_hierarchy(source, into):
            return  # a circle might come of it, now or with an edit that is still to be saved
        before = self.facts()
        try:
            merged = self.run(getattr(self.client, MERGED[kind])([source.id], into.id))
        except StashGraphQLError:
            assert self.facts() == before
            return
        assert merged is into
        self.held[kind].remove(source)
        self._lost_sight_of(source, into)
        self.heard_nothing_of(before)

    def _in_a_hierarchy(self, *tags: Any) -> bool:
        return any(bond.name == "under" for bond in self.bonds) or any(
            fact[:2] == ("pair", "under") and {*fact[2:]} & {tag.id for tag in tags}
            for fact in self.facts()
        )

    def _lost_sight_of(self, gone: Entity, into: Entity | None) -> None:
        """Drop the wishes for an object; where others shall refer to it, `into` stands for it."""
        self.loose.discard(gone)
        for fact, wanted in [*self.wishes.items()]:
            if gone in fact:
                del self.wishes[fact]
                self.either.discard(fact)
                if into is not None and fact[0] == "pair" and fact[3] is gone:
                    self._moved_on(fact, wanted, into)
            elif wanted is gone:
                self.wishes[fact] = into
                self.either.add(fact)

    def _moved_on(self, fact: Fact, wanted: Any, into: Entity) -> None:
        """Keep the wish at the near end if it was edited there."""
        near, moved = fact[2], (*fact[:3], into)
        if BONDS[fact[1]].field not in near.get_changed_fields() or moved in self.wishes:
            self.either.add(moved)
            return
        self.wishes[moved] = wanted
        if wanted is False or wanted == absent(fact):
            self.either.add(moved)  # it may be there on its own account


def test_what_is_gone_is_not_sent_and_nothing_is_lost_with_it() -> None:
    """Deleted objects and merged ones stay in lists that were read before."""
    holds(Vanishing)
