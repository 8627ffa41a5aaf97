"""Whatever a script does with a client: no edit is lost, none is sent that nobody made.

One client is the script, another one somebody else; between the script and the server the cable
breaks at times. What the script has asked for is kept as wishes (`shelves`); whatever it saved,
the server holds the wishes and has changed in nothing else.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Coroutine
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stashsync.errors import StashBatchError, StashConnectionError
from stashsync.store import CascadeWarning
from stashsync.types import (
    ENTITIES,
    UNSET,
    Entity,
    GroupDescription,
    SceneGroup,
)
from stashsync.types.registry import model_of
from tests.laws.desk import Desk, changed
from tests.laws.shelves import (
    BONDS,
    KINDS,
    VALUES,
    Bond,
    absent,
    by_id,
    plain,
    same,
)
from tests.support.scripts import made

EXAMPLES = int(os.environ.get("STASHSYNC_STORE_LAW_EXAMPLES", "20"))
"""How many scripts are tried; each takes about a third of a second."""
STEPS = int(os.environ.get("STASHSYNC_STORE_LAW_STEPS", "30"))
"""How many steps a script has at most."""

TEXTS = st.sampled_from(["", "a", "harbour", "ünïcode ✓", "50%_off"])
SAMPLES: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["a", "harbour", "ünïcode ✓", "50%_off"]),  # those need one
    "rating100": st.one_of(st.none(), st.integers(0, 100)),
    "duration": st.one_of(st.none(), st.integers(0, 9)),
    "organized": st.booleans(),
    "favorite": st.booleans(),
    "gender": st.sampled_from([None, "FEMALE", "MALE", "NON_BINARY"]),
    "urls": st.lists(st.sampled_from(["http://a.example", "http://b.example/x"]), unique=True),
    "aliases": st.lists(st.sampled_from(["first", "second", "third"]), unique=True).map(sorted),
    "stash_ids": st.lists(
        st.sampled_from(["1", "2"]).map(
            lambda one: {"endpoint": f"https://box{one}.example", "stash_id": f"id-{one}"}
        ),
        unique_by=lambda pair: pair["endpoint"],
    ),
}
START = (
    ("tag", {"name": "Macro"}), ("tag", {"name": "Night", "parent_ids": ["1"]}),
    ("tag", {"name": "100% _"}), ("studio", {"name": "North"}), ("studio", {"name": "South"}),
    ("performer", {"name": "Ada", "custom_fields": {"lens": "wide"}}),
    ("performer", {"name": "Bo", "tag_ids": ["1"]}),
    ("group", {"name": "Tour"}), ("group", {"name": "Day"}),
    ("gallery", {"title": "Prints"}), ("gallery", {"title": "Slides"}),
    ("scene", {"title": "Harbour", "studio_id": "1", "tag_ids": ["1", "2"]}),
    ("scene", {"title": "Fog", "performer_ids": ["2"], "gallery_ids": ["1"]}),
    ("scene", {"title": "Ice", "groups": [{"group_id": "1", "scene_index": 3}]}),
)  # fmt: skip


class Script(Desk):
    """Steps of a script, in any order."""

    @initialize(bonds=st.lists(st.sampled_from(sorted(BONDS)), min_size=1, max_size=3, unique=True),
                loaded=st.booleans())  # fmt: skip
    def start(self, bonds: list[str], loaded: bool) -> None:
        """A script has few relations at heart; so it comes back to what it did."""
        self.bonds = [BONDS[name] for name in bonds]
        self.run(made(self.other, *START))
        self.read_all()
        for bond in self.bonds if loaded else ():
            for one in self.held[bond.far]:
                self.run(self.store.populate(one, [bond.back]))

    # -- reading ----------------------------------------------------------------------------------

    def read_all(self) -> None:
        for kind in KINDS:
            found = self.run(self.store.find(model_of(kind)))
            held = self.held[kind]
            held[:] = [*found, *(one for one in held if one.is_new())]

    @rule()
    def find(self) -> None:
        self.read_all()

    @rule(data=st.data(), kind=st.sampled_from(KINDS), how=st.integers(0, 3))
    def read(self, data: st.DataObject, kind: str, how: int) -> None:
        one = self.pick(data, kind)
        if one.is_new():
            return
        model = type(one)
        if how == 0:
            assert self.run(self.store.get(model, one.id)) is one
        elif how == 1:
            assert self.run(self.store.get_many(model, [one.id, "9999"])) == [one]
        elif how == 2:
            assert self.run(self.store.populate(one, force_refetch=True)) is one
        else:

            async def walk() -> list[Any]:
                return [each async for each in self.store.find_iter(model, query_batch=2)]

            assert one in self.run(walk())

    @rule(data=st.data(), force=st.booleans())
    def load_far_end(self, data: st.DataObject, force: bool) -> None:
        it = self.pick_bond(data)
        one = self.pick(data, it.far)
        self.run(self.store.populate(one, [it.back], force_refetch=force))

    @rule(data=st.data())
    def load_near_end(self, data: st.DataObject) -> None:
        it = self.pick_bond(data)
        self.run(self.store.populate(self.pick(data, it.near), [it.field], force_refetch=True))

    @rule(seconds=st.sampled_from([10, 4000]))
    def time_goes_by(self, seconds: int) -> None:
        self.clock += seconds

    @precondition(lambda self: not self.wishes)
    @rule()
    def forget_all(self) -> None:
        for held in self.held.values():
            if any(one.is_new() for one in held):
                return
        self.store.invalidate_all()
        self.news.clear()
        self.read_all()

    @rule()
    def everything_is_read_again(self) -> None:
        """Twice: who is read first does not know yet what the others will say."""

        groups: dict[Any, list[Entity]] = {}
        for one in self.client.home.everything():
            if not one.is_new():
                loaded = {name for name in one._relations() if getattr(one, name) is not UNSET}
                groups.setdefault((type(one), frozenset(loaded)), []).append(one)

        async def again() -> None:
            for (model, loaded), some in groups.items():
                await self.client.home.load(some, {*VALUES[model.kind().name], *loaded})

        self.run(again())
        self.run(again())
        self.news.clear()

    # -- edits ------------------------------------------------------------------------------------

    @rule(data=st.data(), kind=st.sampled_from(KINDS), in_place=st.booleans())
    def edit_a_value(self, data: st.DataObject, kind: str, in_place: bool) -> None:
        one = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        value = data.draw(SAMPLES.get(name, TEXTS), label="value")
        if name == "aliases" and kind == "tag":
            value = [f"{word} of {one.name}" for word in value]
        before = getattr(one, name)
        if in_place and isinstance(value, list) and isinstance(before, list):
            before[:] = value
        else:
            setattr(one, name, value)
        self.wish(("value", kind, one, name), plain(value), [(one, name)])

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def take_an_edit_back(self, data: st.DataObject, kind: str) -> None:
        one = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if name == "title":
            return
        setattr(one, name, UNSET)
        self.wishes.pop(("value", kind, one, name), None)

    @rule(data=st.data(), key=st.sampled_from(["lens", "film"]),
          value=st.sampled_from([None, "macro", 3]))  # fmt: skip
    def edit_a_key(self, data: st.DataObject, key: str, value: Any) -> None:
        one = self.pick(data, "performer")
        if one.custom_fields is UNSET:
            if not one.is_new():
                return
            one.custom_fields = {}
        if value is None:
            one.custom_fields.pop(key, None)
        else:
            one.custom_fields[key] = value
        self.wish(("key", "performer", one, key), value, [(one, "custom_fields")])

    @rule(data=st.data(), how=st.integers(0, 4), joins=st.booleans(), far=st.booleans())
    def edit_a_relation(self, data: st.DataObject, how: int, joins: bool, far: bool) -> None:
        bond = self.pick_bond(data)
        near, other = self.pick(data, bond.near, "near"), self.pick(data, bond.far, "far")
        if bond.near == bond.far and not self.may_contain(bond, other, near):
            return
        owner, field, member = (other, bond.back, near) if far else (near, bond.field, other)
        if getattr(owner, field) is UNSET:
            if not owner.is_new():
                return
            setattr(owner, field, None if bond.one and not far else [])
        if bond.one and not far:
            self._set_one(bond, near, other if joins else None, how)
            return
        if bond.extra and not (far and not bond.settable):
            self._edit_membership(bond, owner, field, member, near, other, joins, how)
            return
        if (member in getattr(owner, field)) == joins:
            return
        self._edit_many(owner, field, member, joins, how)
        self.wish_bond(bond, near, other, joins)

    def _set_one(self, bond: Bond, near: Any, other: Any, how: int) -> None:
        if (
            how == 0
            and hasattr(type(near), f"{bond.field}_id")
            and (not other or not other.is_new())
        ):
            setattr(near, f"{bond.field}_id", other.id if other else None)
        else:
            setattr(near, bond.field, other)
        self.wish(("one", bond.name, near), other, [(near, bond.field)])

    def _edit_many(self, owner: Any, field: str, member: Any, joins: bool, how: int) -> None:
        members = getattr(owner, field)
        ids = f"{field.removesuffix('ren') if field == 'children' else field[:-1]}_ids"
        ids = "child_ids" if field == "children" else ids
        if how == 0:
            rest = [one for one in members if one is not member]
            setattr(owner, field, [*rest, member] if joins else rest)
        elif how == 1 and hasattr(type(owner), ids) and not member.is_new():
            listed = getattr(owner, ids)
            if joins and member.id not in listed:
                listed.append(member.id)
            elif not joins and member.id in listed:
                listed.remove(member.id)
        elif how == 2 and joins:
            members += [member]
        elif how == 3 and joins:
            members.insert(0, member)
        elif joins:
            members.append(member)
        elif member in members:
            members.remove(member) if how % 2 else members.pop(members.index(member))

    def _edit_membership(
        self, bond: Bond, owner: Any, field: str, member: Any, near: Any, far: Any,
        joins: bool, how: int,
    ) -> None:  # fmt: skip
        extra: Any = (how or None) if bond.extra == "scene_index" else ["", "x", "y"][how % 3]
        parts = getattr(owner, field)
        mine = next((part for part in parts if part.group is member), None)
        wanted: Any = False
        if mine is None and not joins:
            return
        if mine is not None and joins and getattr(mine, bond.extra) == extra:
            return
        if not joins:
            setattr(owner, field, [part for part in parts if part is not mine])
        else:
            build = SceneGroup if bond.extra == "scene_index" else GroupDescription
            part = build(group=member, **{bond.extra: extra})
            setattr(owner, field, [*(one for one in parts if one is not mine), part])
            wanted = (extra,)
        self.wish_bond(bond, near, far, wanted)

    @rule(kind=st.sampled_from(KINDS), add=st.booleans())
    def build(self, kind: str, add: bool) -> None:
        self.made += 1
        name = "title" if kind in ("scene", "gallery") else "name"
        model: Any = model_of(kind)
        one = model.new(**{name: f"new {self.made}"})
        self.store.add(one)
        self.held[kind].append(one)
        self.wishes["there", kind, one] = True

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def mark_dirty(self, data: st.DataObject, kind: str) -> None:
        """What it shows is to be sent: so it is wished for."""
        one = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if getattr(one, name) is not UNSET:
            one.mark_dirty(name)
            self.wishes["value", kind, one, name] = plain(getattr(one, name))
            self.either.add(("value", kind, one, name))  # a reading may find that it is there

    # -- somebody else ----------------------------------------------------------------------------

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def another_changes_a_value(self, data: st.DataObject, kind: str) -> None:
        one = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if one.is_new() or name == "aliases":
            return
        value = data.draw(SAMPLES.get(name, TEXTS), label="value")
        self._by_another(kind, {"id": one.id, ENTITIES[kind].all_fields[name].input: value})

    @rule(data=st.data(), joins=st.booleans())
    def another_changes_a_relation(self, data: st.DataObject, joins: bool) -> None:
        it = self.pick_bond(data)
        near, far = self.pick(data, it.near, "near"), self.pick(data, it.far, "far")
        if near.is_new() or far.is_new():
            return
        if it.near == it.far and not self.may_contain(it, far, near):
            return
        value: Any
        if it.one:
            value = far.id if joins else None
        else:
            there = [
                {f"{it.far}_id": fact[3], it.extra: said[0]} if it.extra else fact[3]
                for fact, said in self.facts().items()
                if fact[:3] == ("pair", it.name, near.id) and fact[3] != far.id
            ]
            mine = [{f"{it.far}_id": far.id} if it.extra else far.id] if joins else []
            value = [*there, *mine]
        self._by_another(
            it.near, {"id": near.id, ENTITIES[it.near].all_fields[it.field].input: value}
        )

    def _by_another(self, kind: str, value: dict[str, Any]) -> None:
        before = self.facts()
        way = ENTITIES[kind].updating
        assert way is not None
        self.run(self.other.mutate(way.mutation, "input", way.argument_type, value, "id"))
        after = self.facts()
        self.news |= changed(before, after)
        for fact, wanted in self.wishes.items():  # a reading finds that it is there already
            if by_id(fact) in self.news and same(wanted, after.get(by_id(fact), absent(fact))):
                self.either.add(fact)

    # -- saving -----------------------------------------------------------------------------------

    @rule(data=st.data(), how=st.sampled_from(["all", "batch", "save", "direct"]))
    def save(self, data: st.DataObject, how: str) -> None:
        """And what was saved stays saved: the rest is done by `save_all` next."""
        before = self.facts()
        some = self.client.home.everything() if how == "all" else [
            self.pick(data, data.draw(st.sampled_from(KINDS))) for _ in range(3)
        ]  # fmt: skip
        self.wire.forget()
        if how == "all":
            self._saving(self.store.save_all())
        elif how == "batch":
            self._saving(self.store.save_batch(some))
        elif how == "save":
            self._saving(self.store.save(some[0]))
        elif not some[0].unsaved_references():
            self._saving(some[0].save(self.client))
        self.nothing_else(before)
        if how != "all":
            self._saving(self.store.save_all())
        self.nothing_else(before)
        self.all_is_there()

    def _saving(self, work: Coroutine[Any, Any, Any]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CascadeWarning)
            self.run(work)

    @rule(data=st.data(), after=st.booleans(), at=st.integers(1, 3))
    def save_while_the_cable_breaks(self, data: st.DataObject, after: bool, at: int) -> None:
        if after and any(fact[0] == "there" for fact in self.wishes):
            after = False  # a creation that nobody heard of is made again
        left = [at]

        def breaks(text: str) -> bool:
            left[0] -= text.startswith("mutation")
            return text.startswith("mutation") and left[0] == 0

        before = self.facts()
        self.wire.forget()
        self.wire.breaks, self.wire.after = breaks, after
        try:
            self._saving(self.store.save_all())
        except (StashBatchError, StashConnectionError):
            pass
        finally:
            self.wire.breaks = lambda text: False
        self.nothing_else(before)
        held = self.facts()
        for fact, wanted in self.wishes.items():
            if same(wanted, held.get(by_id(fact), absent(fact))):
                self.either.add(fact)
            elif fact not in self.either:
                assert any(
                    one.is_new() or one.is_dirty() for one in fact if isinstance(one, Entity)
                ), f"{fact} is clean, and the server does not have it"


def test_no_edit_is_lost_and_none_is_sent_that_nobody_made() -> None:
    """Whatever happens, in whatever order."""
    run_state_machine_as_test(
        Script,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
