"""The law of the store where a script lets it forget objects, which others still show.

Then there may be two objects of one id: what is read later is not the one that was read before.
What is saved is right all the same.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from stashsync.entities import Entity
from stashsync.unset import UNSET
from tests.laws.editing import edited_members
from tests.laws.script import Script, holds
from tests.laws.shelves import BONDS, KINDS, Fact


class Forgetful(Script):
    """A script that invalidates, too."""

    def __init__(self) -> None:
        super().__init__()
        self.twice = False
        """Whether objects may be shown that the store does not know any more."""

    @rule(data=st.data(), kind=st.sampled_from(KINDS), how=st.sampled_from(["one", "id", "type"]))
    def forget(self, data: st.DataObject, kind: str, how: str) -> None:
        """Forget objects with their edits; edits of others that refer to them stay."""
        item = self.pick(data, kind)
        if any(each.is_new() for each in self.held[kind]):
            return
        forgotten = self.held[kind][:] if how == "type" else [item]
        left = {fact for each in forgotten for fact in self._edited_there(each)}
        if how == "one":
            self.store.invalidate(item)
        elif how == "id":
            self.store.invalidate(type(item), item.id)
        else:
            self.store.invalidate_type(type(item))
        for fact in left:
            self.wishes.pop(fact, None)
        self.read_all()
        anew = {(type(each), each.id): each for each in self.held[kind]}
        instead = {each: anew[type(each), each.id] for each in forgotten}
        assert not set(instead) & set(instead.values())
        self.wishes = {
            tuple(instead.get(part, part) for part in fact): instead.get(wanted, wanted)
            if isinstance(wanted, Entity) else wanted
            for fact, wanted in self.wishes.items()
        }  # fmt: skip
        self.either = {tuple(instead.get(part, part) for part in fact) for fact in self.either}
        self.twice = True

    def _edited_there(self, value: Any) -> set[Fact]:
        kind = type(value).kind().name
        gone: set[Fact] = {
            fact for fact in self.wishes if fact[0] in ("value", "key") and fact[2] is value
        }
        for bond in BONDS.values():
            for field, near in ((bond.field, True), (bond.back, False)):
                if (bond.near if near else bond.far) != kind or getattr(value, field) is UNSET:
                    continue
                if not type(value).__relationships__[field].saved_here:
                    continue
                for other in edited_members(value, field):
                    ends = (value, other) if near else (other, value)
                    gone.add(("one", bond.name, ends[0]) if bond.to_one else
                             ("pair", bond.name, *ends))  # fmt: skip
        return gone

    def forget_all(self) -> None:
        super().forget_all()
        self.twice = self.twice and bool(self.news)

    def may_be_unknown(self, other: Entity) -> bool:
        return self.twice or super().may_be_unknown(other)

    def _all_is_shown(self, held: dict[Fact, Any]) -> None:
        if not self.twice:
            super()._all_is_shown(held)


@pytest.mark.skipif(
    "STASHSYNC_STORE_LAW_EXAMPLES" not in os.environ,
    reason="some scripts break it (docs/laws.md): STASHSYNC_STORE_LAW_EXAMPLES=50 looks for them",
)
def test_what_is_forgotten_and_still_shown_is_saved_as_what_it_is() -> None:
    """An object that was read again is another one, with the same id."""
    holds(Forgetful)
