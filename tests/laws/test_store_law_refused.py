"""The law of the store with refused operations, and with ids that the script has set."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from stashsync.entities.models import model_of
from stashsync.errors import StashBatchError, StashError
from tests.laws.desk import changed
from tests.laws.editing import SAMPLES, TEXTS
from tests.laws.script import Script, holds
from tests.laws.shelves import KINDS, VALUES, plain, same


class Refused(Script):
    """A script with operations that the server refuses."""

    @rule(data=st.data(), kind=st.sampled_from(["tag", "studio", "performer"]),
          how=st.sampled_from(["all", "batch", "save"]))  # fmt: skip
    def take_a_name_that_is_taken(self, data: st.DataObject, kind: str, how: str) -> None:
        """Take a used name: it is refused with what waits for it; everything else is saved."""
        item, other = self.pick(data, kind, "one"), self.pick(data, kind, "other")
        if item is other or other.is_new():
            return
        name, before = item.name, self.facts()
        item.name = other.name
        self.wire.forget()
        match how:
            case "all":
                work: Coroutine[Any, Any, Any] = self.store.save_all()
            case "batch":
                work = self.store.save_batch([item, *self.held["scene"]])
            case _:
                work = self.store.save(item)
        with pytest.raises((StashBatchError, StashError)):
            self.saving(work)
        self.nothing_else(before)
        assert "name" in item.get_changed_fields()
        if how == "all":
            self._all_is_saved_but_for(item)
        self.nothing_is_clean_in_vain()
        item.name = name
        assert item.is_new() or "name" not in item.get_changed_fields()
        if data.draw(st.booleans(), label="at once"):
            self.save_all()
            self.nothing_else(before)
            self.all_is_there()

    def _all_is_saved_but_for(self, value: Any) -> None:
        for other in self.client.identity_map.everything():
            if other is not value and (other.is_new() or other.is_dirty()):
                edited = other.get_changed_fields()
                assert value.is_new(), (
                    f"{other} was not saved, and does not wait for {value}: {edited}"
                )

    @rule(data=st.data(), kind=st.sampled_from(KINDS), direct=st.booleans())
    def save_one_that_was_built_with_its_id(
        self, data: st.DataObject, kind: str, direct: bool
    ) -> None:
        """Save an object that was built with a known id: only its given fields are sent."""
        known = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if known.is_new() or name == "aliases":
            return
        value = data.draw(SAMPLES.get(name, TEXTS), label="value")
        model: Any = model_of(kind)
        item = model(id=known.id, **{name: value})
        with pytest.raises(ValueError, match="another object"):
            self.store.add(item)
        before = self.facts()
        self.run(item.save(self.client) if direct else self.store.save(item))
        assert not item.is_dirty()
        fact = ("value", kind, known.id, name)
        after = self.facts()
        assert changed(before, after) <= {fact}
        assert same(plain(value), after[fact])
        self.heard_nothing_of(before)

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def give_a_new_one_its_id(self, data: st.DataObject, kind: str) -> None:
        """Another client has created it: it is known by that id, and changed from now on."""
        item = self.pick(data, kind)
        if not item.is_new() or item in self.loose:
            return
        name = "title" if kind in ("scene", "gallery") else "name"
        before = self.facts()
        kind_ = type(item).kind()
        made = self.far.ask(
            self.other.mutate(
                kind_.create_mutation, "input", f"{kind_.create_input}!",
                {name: getattr(item, name)}, "id",
            )
        )  # fmt: skip
        del self.wishes["there", kind, item]
        if data.draw(st.booleans(), label="update_id"):
            item.update_id(made["id"])
        else:
            item.id = made["id"]
        assert self.client.identity_map.table(type(item))[made["id"]] is item
        self.heard_nothing_of(before)


def test_what_is_refused_stays_to_be_saved_and_keeps_nothing_else_back() -> None:
    """Names that are taken, ids that a script has given."""
    holds(Refused)
