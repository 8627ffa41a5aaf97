"""Laws of merging: for every source and all manifests, in several styles.

`STASHSYNC_EXAMPLES=1000 pytest tests/sources/test_laws.py` tries more examples.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from stashsync.fields.names import fold, trim
from stashsync.kinds import KINDS
from stashsync.sandbox import Sandbox
from stashsync.sources.found import FoundObject
from stashsync.state import Resource, State
from tests.sources.bench import Bench
from tests.support.hostile import HOSTILE
from tests.support.servers import assert_complete, carry_out, plan_for

EXAMPLES = int(os.environ.get("STASHSYNC_EXAMPLES", "30"))
BOXES = ("https://one.example/graphql", "https://two.example/graphql")
WRITTEN = (
    "",
    "# nothing yet\n",
    """\
# Mine
tags:   # a section
  # about A
  - name: A   # on A
    description: Mine   # stays
    aliases: [a1]
    children:
      - B   # on B
      - name: C
        aliases: {add: [c1]}
        parents: [X]
  - {name: D, state: absent}
  - name: E
    renamed_from: e1
    merge: [e2]
    stash_ids:
      https://one.example/graphql: "1"
studios:
  - name: A
    tags: [A, X]
    children:
      - B
performers:
  - name: A
    disambiguation: B
    aliases: []
""",
    """\
tags: [A, {name: B, aliases: [b1], children: [C, {name: D, parents: [A]}]}]
studios: [{name: A, urls: null}]
""",
    """\
tags:
- name: A
  children:
  - name: B
    children:
    - name: C
      children:
      - name: D   # deep
- name: E
  stash_ids: {https://one.example/graphql: ["1", "2"]}
""",
)


def sources(random: Random) -> list[FoundObject]:
    """Return a source whose names collide with others, in other cases too."""
    names = [
        "A",
        "B",
        "C",
        "D",
        "E",
        "F",
        "a",
        "b1",
        "e1",
        "e2",
        "X",
        "x y",
        *random.sample(HOSTILE, 4),
    ]
    names = [name for name in names if trim(name)]

    def several(most: int = 3) -> list[str]:
        return random.sample(names, random.randint(0, most))

    def made(number: int) -> FoundObject:
        kind = random.choice(["tag", "tag", "tag", "studio", "performer", "group"])
        values: dict[str, Any] = {}
        if random.random() < 0.4:
            text = "synopsis" if kind == "group" else "description" if kind == "tag" else "details"
            values[text] = random.choice(["text", "two\nlines", *random.sample(HOSTILE, 2)])
        if kind != "group" and random.random() < 0.5:
            values["aliases"] = several()
        if kind != "group" and random.random() < 0.4:
            ids = random.sample(["1", "2", "3"], random.randint(1, 2))
            values["stash_ids"] = {random.choice(BOXES): ids}
        if kind == "tag" and random.random() < 0.5:
            values["parents"] = several(2)
        if kind == "studio" and random.random() < 0.5:
            values["parent"] = random.choice(names)
        if kind == "group" and random.random() < 0.5:
            values["sub_groups"] = several(2)
        if kind != "tag" and random.random() < 0.4:
            values["tags"] = several()
        if kind == "performer" and random.random() < 0.3:
            values["disambiguation"] = random.choice(names)
        return FoundObject(kind, random.choice(names), values, f"s:{number}")

    return [made(number) for number in range(random.randint(1, 9))]


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_a_merge_loses_nothing(seed: int) -> None:
    """What was written stays, every object is there or left out, and a second merge is empty."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.write(random.choice(WRITTEN))
        for _ in range(random.randint(1, 3)):
            found = sources(random)
            before = bench.state()
            comments = bench.comments()
            merged = bench.merge(*found)
            assert not merged.pulled.manual_steps, merged.pulled.manual_steps
            after = bench.state()
            for resource in before:
                check_kept(resource, after)
            assert comments <= bench.comments()
            left = {(each.kind, fold(each.name)) for each in merged.left_out if not each.field}
            for each in united(found):
                assert is_there(each, after) or (each.kind, fold(label(each))) in left, each


def united(found: list[FoundObject]) -> list[FoundObject]:
    """Return the objects of a source, with the aliases of all places of each."""
    keys = [KINDS[each.kind].key({**each.values, "name": each.name}) for each in found]
    aliases: dict[Any, list[str]] = {}
    for key, each in zip(keys, found, strict=True):
        aliases.setdefault((each.kind, key), []).extend(each.values.get("aliases", ()))
    return [
        replace(each, values={**each.values, "aliases": aliases[each.kind, key]})
        for key, each in zip(keys, found, strict=True)
    ]


def check_kept(resource: Resource, after: State) -> None:
    """Fail unless an object has all that it had."""
    now = next(
        each
        for each in after.of(resource.kind)
        if (each.key, each.id) == (resource.key, resource.id)
    )
    assert (now.absent, now.merge, now.renamed_from) == (
        resource.absent, resource.merge, resource.renamed_from
    )  # fmt: skip
    for name, value in resource.values.items():
        if value and isinstance(value, list):
            assert [each for each in now.values[name] if each in value] == value
        elif value and KINDS[resource.kind].fields[name].meaning.shape == "map":
            assert all(set(ids) <= set(now.values[name][box]) for box, ids in value.items())
        else:
            assert now.values[name] == value


def label(found: FoundObject) -> str:
    """Return what an object is called in messages."""
    values = {**found.values, "name": trim(found.name)}
    further = trim(values.get("disambiguation") or "")
    return KINDS[found.kind].label({**values, "disambiguation": further})


def is_there(found: FoundObject, after: State) -> bool:
    """Whether manifests have an object by its key, its name or one of its ids."""
    kind = KINDS[found.kind]
    key = kind.key({**found.values, "name": found.name})
    for resource in after.of(found.kind):
        names = {fold(alias) for alias in members(resource.values.get("aliases"))}
        names |= {fold(str(name)) for name in (*resource.merge, *resource.renamed_from)}
        if resource.key == key or (kind.shared_names and fold(trim(found.name)) in names):
            return True
        own = {fold(trim(alias)) for alias in found.values.get("aliases", ())}
        if kind.shared_names and resource.key[0] in own:
            return True
        ids = resource.values.get("stash_ids") or {}
        for box, given in found.values.get("stash_ids", {}).items():
            if set(given) & set(ids.get(box, ())):
                return True
    return False


def members(value: Any) -> list[str]:
    """Return the members of a list, or those that are added to one."""
    found: list[str] = value.get("add", []) if isinstance(value, dict) else value or []
    return found if isinstance(found, list) else []


@pytest.mark.parametrize("seed", range(EXAMPLES // 6))
def test_what_is_merged_is_applied(seed: int) -> None:
    """A server takes all of it, and nothing is left to plan."""
    random = Random(10_000 + seed)
    with tempfile.TemporaryDirectory() as folder, Sandbox() as server:
        bench = Bench(Path(folder))
        for _ in range(2):
            bench.merge(*sources(random))
            assert_complete(carry_out(plan_for(bench.root, server), server, bench.root))
            assert not plan_for(bench.root, server).changes
