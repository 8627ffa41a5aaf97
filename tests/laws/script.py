"""A script, step by step: it reads, edits and saves, while another client does as well."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from stashsync.entities import Entity
from stashsync.entities.models import model_of
from stashsync.errors import StashBatchError, StashConnectionError
from stashsync.kinds import ENTITIES
from stashsync.unset import UNSET
from tests.laws.editing import SAMPLES, TEXTS, Editing
from tests.laws.shelves import BONDS, KINDS, VALUES
from tests.support.scripts import made

EXAMPLES = int(os.environ.get("STASHSYNC_STORE_LAW_EXAMPLES", "7"))
"""How many scripts are tried with each machine; each takes about a third of a second."""
STEPS = int(os.environ.get("STASHSYNC_STORE_LAW_STEPS", "30"))
"""How many steps a script has at most."""

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


class Script(Editing):
    """Steps of a script, in any order."""

    @initialize(bonds=st.lists(st.sampled_from(sorted(BONDS)), min_size=1, max_size=3, unique=True),
                loaded=st.booleans())  # fmt: skip
    def start(self, bonds: list[str], loaded: bool) -> None:
        """Choose a few relations for a script, so that it edits the same ones repeatedly."""
        self.bonds = [BONDS[name] for name in bonds]
        self.far.ask(made(self.other, *START))
        self.read_all()
        for bond in self.bonds if loaded else ():
            for item in self.held[bond.far]:
                self.run(self.store.populate(item, [bond.back]))

    # -- reading ----------------------------------------------------------------------------------

    def read_all(self) -> None:
        for kind in KINDS:
            found = self.run(self.store.find(model_of(kind)))
            held = self.held[kind]
            held[:] = [*found, *(item for item in held if item.is_new())]

    @rule()
    def find(self) -> None:
        self.read_all()

    @rule(data=st.data(), kind=st.sampled_from(KINDS), how=st.integers(0, 3))
    def read(self, data: st.DataObject, kind: str, how: int) -> None:
        item = self.pick(data, kind)
        if item.is_new():
            return
        model = type(item)
        if how == 0:
            assert self.run(self.store.get(model, item.id)) is item
        elif how == 1:
            assert self.run(self.store.get_many(model, [item.id, "9999"])) == [item]
        elif how == 2:
            assert self.run(self.store.populate(item, force_refetch=True)) is item
        else:

            async def walk() -> list[Any]:
                return [each async for each in self.store.find_iter(model, query_batch=2)]

            assert item in self.run(walk())

    @rule(data=st.data(), force=st.booleans())
    def load_far_end(self, data: st.DataObject, force: bool) -> None:
        it = self.pick_bond(data)
        item = self.pick(data, it.far)
        self.run(self.store.populate(item, [it.back], force_refetch=force))

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
            if any(item.is_new() for item in held):
                return
        self.store.invalidate_all()
        self.news.clear()
        self.read_all()

    @rule()
    def everything_is_read_again(self) -> None:
        """Read everything twice: what is read first does not know yet what the rest will show."""
        groups: dict[Any, list[Entity]] = {}
        for item in self.client.identity_map.everything():
            if not item.is_new():
                loaded = {
                    name for name in item.__relationships__ if getattr(item, name) is not UNSET
                }
                groups.setdefault((type(item), frozenset(loaded)), []).append(item)

        async def again() -> None:
            for (model, loaded), group in groups.items():
                await self.client.identity_map.load(group, {*VALUES[model.kind().name], *loaded})

        self.run(again())
        self.run(again())
        self.news.clear()

    # -- another client ---------------------------------------------------------------------------

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def another_changes_a_value(self, data: st.DataObject, kind: str) -> None:
        item = self.pick(data, kind)
        name = data.draw(st.sampled_from(VALUES[kind]), label="field")
        if item.is_new() or name == "aliases":
            return
        value = data.draw(SAMPLES.get(name, TEXTS), label="value")
        self.by_another(kind, {"id": item.id, ENTITIES[kind].all_fields[name].input: value})

    @rule(data=st.data(), joins=st.booleans())
    def another_changes_a_relation(self, data: st.DataObject, joins: bool) -> None:
        it = self.pick_bond(data)
        near, far = self.pick(data, it.near, "near"), self.pick(data, it.far, "far")
        if near.is_new() or far.is_new():
            return
        if it.near == it.far and not self.may_contain(it, far, near):
            return
        value: Any
        if it.to_one:
            value = far.id if joins else None
        else:
            there = [
                {f"{it.far}_id": fact[3], it.extra: extra[0]} if it.extra else fact[3]
                for fact, extra in self.facts().items()
                if fact[:3] == ("pair", it.name, near.id) and fact[3] != far.id
            ]
            mine = [{f"{it.far}_id": far.id} if it.extra else far.id] if joins else []
            value = [*there, *mine]
        self.by_another(
            it.near, {"id": near.id, ENTITIES[it.near].all_fields[it.field].input: value}
        )

    # -- saving -----------------------------------------------------------------------------------

    @rule(data=st.data(), how=st.sampled_from(["all", "batch", "save", "direct"]))
    def save(self, data: st.DataObject, how: str) -> None:
        """Save some objects, then all: what was saved stays saved."""
        before = self.facts()
        items = self.client.identity_map.everything() if how == "all" else [
            self.pick(data, data.draw(st.sampled_from(KINDS))) for _ in range(3)
        ]  # fmt: skip
        self.wire.forget()
        if how == "all":
            self.save_all()
        elif how == "batch":
            self.saving(self.store.save_batch(items))
        elif how == "save":
            self.saving(self.store.save(items[0]))
        else:
            self.saving(self.directly(items[0]))
        self.nothing_else(before)
        if how != "all":
            self.save_all()
        self.nothing_else(before)
        self.all_is_there()

    @rule(data=st.data(), after=st.booleans(), at=st.integers(1, 3))
    def save_while_the_cable_breaks(self, data: st.DataObject, after: bool, at: int) -> None:
        if after and any(fact[0] == "there" for fact in self.wishes):
            after = False  # a creation whose answer was lost is made again
        left = [at]

        def breaks(text: str) -> bool:
            left[0] -= text.startswith("mutation")
            return text.startswith("mutation") and left[0] == 0

        before = self.facts()
        self.wire.forget()
        self.wire.breaks, self.wire.after = breaks, after
        try:
            self.save_all()
        except (StashBatchError, StashConnectionError):
            pass
        finally:
            self.wire.breaks = lambda text: False
        self.nothing_else(before)
        self.nothing_is_clean_in_vain()
        if after:  # what was done unheard and is taken back by hand then is no edit to the script
            self.heard_nothing_of(before)


def holds(machine: type[Script]) -> None:
    """Try scripts with the steps of this machine.

    Raises:
        AssertionError: a law is broken; the shortest script that does so is shown.
    """
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
