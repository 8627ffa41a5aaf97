"""The edits that a script makes, of every form, on either end, and how it takes them back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from stashsync.entities import GroupDescription, SceneGroup
from stashsync.entities.models import model_of
from stashsync.entities.tracked import MISSING
from stashsync.unset import UNSET
from tests.laws.desk import Desk
from tests.laws.shelves import KINDS, VALUES, Bond, plain

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
            lambda item: {"endpoint": f"https://box{item}.example", "stash_id": f"id-{item}"}
        ),
        unique_by=lambda pair: pair["endpoint"],
    ),
}


class Editing(Desk):
    """Steps of a script that edit objects and send nothing."""

    @rule(data=st.data(), kind=st.sampled_from(KINDS), in_place=st.booleans())
    def edit_a_value(self, data: st.DataObject, kind: str, in_place: bool) -> None:
        self.give_a_value(data, self.pick(data, kind), in_place=in_place)

    def give_a_value(self, data: st.DataObject, item: Any, *, in_place: bool) -> None:
        """Give a value to any field of this object."""
        kind = type(item).kind().name
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        value = data.draw(SAMPLES.get(name, TEXTS), label="value")
        if name == "aliases" and kind == "tag":
            value = [f"{word} of {item.name}" for word in value]
        before = getattr(item, name)
        if in_place and isinstance(value, list) and isinstance(before, list):
            before[:] = value
        else:
            setattr(item, name, value)
        self.wish(("value", kind, item, name), plain(value), [(item, name)])

    @rule(data=st.data(), kind=st.sampled_from(KINDS), by_del=st.booleans())
    def take_an_edit_back(self, data: st.DataObject, kind: str, by_del: bool) -> None:
        item = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if name == "title":
            return
        if by_del:
            delattr(item, name)
        else:
            setattr(item, name, UNSET)
        self.wishes.pop(("value", kind, item, name), None)

    @rule(data=st.data(), key=st.sampled_from(["lens", "film"]),
          value=st.sampled_from([None, "macro", 3]))  # fmt: skip
    def edit_a_key(self, data: st.DataObject, key: str, value: Any) -> None:
        item = self.pick(data, "performer")
        if item.custom_fields is UNSET:
            if not item.is_new():
                return
            item.custom_fields = {}
        if value is None:
            item.custom_fields.pop(key, None)
        else:
            item.custom_fields[key] = value
        self.wish(("key", "performer", item, key), value, [(item, "custom_fields")])

    @rule(data=st.data(), how=st.integers(0, 4), joins=st.booleans(), far=st.booleans())
    def edit_a_relation(self, data: st.DataObject, how: int, joins: bool, far: bool) -> None:
        bond = self.pick_bond(data)
        near, other = self.pick(data, bond.near, "near"), self.pick(data, bond.far, "far")
        self.relate(bond, near, other, how, joins=joins, far=far)

    def relate(
        self, bond: Bond, near: Any, other: Any, how: int, *, joins: bool, far: bool
    ) -> None:
        """Relate two objects, or stop, by an edit at this end; `how` is one of 5 ways."""
        if bond.near == bond.far and not self.may_contain(bond, other, near):
            return
        owner, field, member = (other, bond.back, near) if far else (near, bond.field, other)
        if getattr(owner, field) is UNSET:
            if not owner.is_new():
                return
            setattr(owner, field, None if bond.to_one and not far else [])
        if bond.to_one and not far:
            self._set_one(bond, near, other if joins else None, how)
            return
        member = self.as_shown(getattr(owner, field), member)
        if bond.extra and not (far and not bond.settable):
            self._edit_membership(bond, owner, field, member, near, other, joins, how)
            return
        if (member in getattr(owner, field)) == joins:
            return
        self._edit_many(owner, field, member, joins, how)
        self.wish_bond(bond, near, other, joins)

    def as_shown(self, members: Any, member: Any) -> Any:
        """Return the member with this id, which may be another object where one was forgotten."""
        known = [getattr(item, "group", item) for item in members]
        return next((item for item in known if item.id == member.id), member)

    def _set_one(self, bond: Bond, near: Any, other: Any, how: int) -> None:
        if getattr(near, bond.field) is other:
            return  # an edit of the far end may have set it already
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
            rest = [item for item in members if item is not member]
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
            setattr(owner, field, [*(item for item in parts if item is not mine), part])
            wanted = (extra,)
        self.wish_bond(bond, near, far, wanted)

    @rule(data=st.data(), far=st.booleans(), by_del=st.booleans())
    def take_a_relation_back(self, data: st.DataObject, far: bool, by_del: bool) -> None:
        """Take back what was edited at this end; edits at the other end stay."""
        bond = self.pick_bond(data)
        owner = self.pick(data, bond.far if far else bond.near)
        field = bond.back if far else bond.field
        if getattr(owner, field) is UNSET or (far and not editable(owner, field)):
            return
        for other in edited_members(owner, field):
            near, there = (other, owner) if far else (owner, other)
            fact = ("one", bond.name, near) if bond.to_one else ("pair", bond.name, near, there)
            self.wishes.pop(fact, None)
        if by_del:
            delattr(owner, field)
        else:
            setattr(owner, field, UNSET)

    @rule(kind=st.sampled_from(KINDS))
    def build(self, kind: str) -> None:
        self.store.add(self.built(kind))

    @rule(data=st.data(), how=st.integers(0, 4), far=st.booleans())
    def build_at_an_end(self, data: st.DataObject, how: int, far: bool) -> None:
        """Build a new object that the store knows only through what refers to it."""
        bond = self.pick_bond(data)
        owner = self.pick(data, bond.far if far else bond.near)
        if bond.near == bond.far and not far:
            return  # it would have to stand before the owner
        if getattr(owner, bond.back if far else bond.field) is UNSET and not owner.is_new():
            return
        new = self.built(bond.near if far else bond.far)
        self.loose.add(new)
        near, other = (new, owner) if far else (owner, new)
        self.relate(bond, near, other, how, joins=True, far=far)

    def built(self, kind: str) -> Any:
        """Return a new object of the kind."""
        self.made += 1
        name = "title" if kind in ("scene", "gallery") else "name"
        model: Any = model_of(kind)
        item = model.new(**{name: f"new {self.made}"})
        self.held[kind].append(item)
        self.wishes["there", kind, item] = True
        return item

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def mark_dirty(self, data: st.DataObject, kind: str) -> None:
        """Mark an object dirty: everything that it shows is wished for."""
        item = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if getattr(item, name) is not UNSET:
            item.mark_dirty(name)
            self.wishes["value", kind, item, name] = plain(getattr(item, name))
            self.either.add(("value", kind, item, name))  # a reading may find that it is there


def editable(owner: Any, field: str) -> bool:
    """Return whether an edit of this end is saved by its owner."""
    return bool(type(owner).__relationships__[field].saved_here)


def edited_members(owner: Any, field: str) -> set[Any]:
    """Return the objects that were added to this end or removed from it, and not saved yet."""
    relation = type(owner).__relationships__[field]
    now = relation.linked(getattr(owner, field))
    before = relation.spec.meaning.linked_before(owner.snapshots.get(field))
    return {
        key
        for key in now.keys() | before.keys()
        if now.get(key, MISSING) != before.get(key, MISSING)
    }
