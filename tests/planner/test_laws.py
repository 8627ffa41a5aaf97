"""Laws of planning: idempotence, only mentioned fields, and bytes that depend on nothing else."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stashsync.errors import PlanError
from stashsync.fields import Value
from stashsync.kinds import KINDS
from stashsync.planner import Create, Plan, decide, pair_up
from stashsync.planner.saved import dump, load
from stashsync.state import Resource, State, desired_state
from tests.planner.build import observed_state, performer, resource, server_of, studio, tag
from tests.planner.model import applied

SERVER = server_of((0, 31, 1))
NAMES = {
    "tag": [f"Tag {number}" for number in range(7)],
    "studio": [f"Studio {number}" for number in range(5)],
    "performer": [f"Performer {number}" for number in range(5)],
}
text = st.sampled_from([None, "x", "Ärger", "a\nb"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "Text": text,
    "Flag": st.booleans(),
    "Integer": st.sampled_from([None, 0, 5, 100]),
    "Number": st.sampled_from([None, 0.0, 1.5]),
    "Choice": st.sampled_from([None, "MALE", "FEMALE"]),
    "Date": st.sampled_from([None, "1990", "1990-05", "1990-05-01"]),
    "TextList": st.lists(st.sampled_from(["u1", "u2"]), max_size=3),
}
STASH_IDS = st.lists(st.sampled_from(["1", "2"]), unique=True).map(sorted)


@st.composite
def held_values(draw: st.DrawFn, kind: str, position: int) -> dict[str, Value]:
    """Draw the fields that the server holds of an object, without its references."""
    values: dict[str, Value] = {}
    for name, spec in KINDS[kind].fields.items():
        meaning = type(spec.meaning).__name__
        left_out = ("disambiguation", "circumcised", "death_date", "career_length")
        if meaning in VALUES and name not in left_out:
            values[name] = draw(VALUES[meaning])
    if KINDS[kind].aliases:
        numbers = draw(st.lists(st.integers(0, 2), unique=True))
        values["aliases"] = sorted(f"{kind} {position} alias {number}" for number in numbers)
    values["stash_ids"] = [
        {"endpoint": "e", "stash_id": f"{kind} {position} {item}", "updated_at": "t"}
        for item in draw(STASH_IDS)
    ]
    return values


@st.composite
def wanted_values(draw: st.DrawFn, kind: str, position: int) -> dict[str, Value]:
    """Draw the fields that a manifest mentions of an object, with lists whole or in part."""
    held = draw(held_values(kind, position))
    held["stash_ids"] = draw(
        st.sampled_from(
            [None, {}, {"e": []}, {"e": [f"{kind} {position} 1"], "f": [f"{kind} {position}"]}]
        )
    )
    if draw(st.booleans()):
        removed = f"{kind} {position} alias 2"
        members = [item for item in held["aliases"] if item != removed]
        held["aliases"] = {"add": members, "remove": [removed]}
    names = draw(st.sets(st.sampled_from(sorted(held))))
    return {name: held[name] for name in sorted(names)}


@st.composite
def libraries(draw: st.DrawFn) -> tuple[list[Resource], list[Resource]]:
    """Draw a desired and an observed side without conflicting names and without cycles."""
    desired: list[Resource] = []
    observed: list[Resource] = []
    ids: dict[str, list[str]] = {name: [] for name in KINDS}
    for kind, names in NAMES.items():
        for position, name in enumerate(names):
            there, want = draw(st.booleans()), draw(st.booleans())
            if there:
                values = draw(held_values(kind, position))
                values |= _references(draw, kind, ids, ids, position)
                number = str(position + 7)
                observed.append(resource(kind, name, id=number, **values))
                ids[kind].append(number)
            if want:
                values = draw(wanted_values(kind, position))
                desired.append(resource(kind, name, **values))
    known = {kind: [item.name for item in desired if item.kind == kind] for kind in KINDS}
    for item in desired:
        position = known[item.kind].index(item.name)
        values = _references(draw, item.kind, known, known, position)
        item.values |= {name: values[name] for name in values if draw(st.booleans())}
    return desired, observed


def _references(
    draw: st.DrawFn, kind: str, pool: dict[str, list[str]], own: dict[str, list[str]], position: int
) -> dict[str, Value]:
    """Draw references into `pool`; within a hierarchy only to objects with earlier names."""
    found: dict[str, Value] = {}
    for name, spec in KINDS[kind].references.items():
        target = spec.meaning.references() or ""
        names = pool[target][:position] if target == kind else pool[target]
        if not names:
            continue
        if spec.meaning.shape == "set":
            found[name] = sorted(draw(st.sets(st.sampled_from(names), max_size=3)))
        else:
            found[name] = draw(st.sampled_from([None, *names]))
    return found


def plan(desired: list[Resource], observed: State) -> Plan:
    """Return the plan; reject the example if its hierarchy would have a cycle."""
    try:
        return decide(*pair_up(desired_state(desired, "digest"), observed, SERVER))
    except PlanError as error:
        assume(
            all(
                "cannot move below" not in problem.message
                and "would have a cycle" not in problem.message
                for problem in error.problems
            )
        )
        raise


def as_desired(observed: State) -> list[Resource]:
    """Return the manifests that describe what the server holds."""
    names = {(item.kind, item.id): item.name for item in observed}
    found = []
    for item in observed:
        values = dict(item.values)
        for name, spec in KINDS[item.kind].references.items():
            target, value = spec.meaning.references(), values[name]
            values[name] = (
                sorted(names[target or "", each] for each in value)
                if isinstance(value, list)
                else value and names[target or "", value]
            )
        ids: dict[str, list[str]] = {}
        for each in values["stash_ids"]:
            ids.setdefault(each["endpoint"], []).append(each["stash_id"])
        values["stash_ids"] = ids
        for left_out in ("name", "career_length"):
            values.pop(left_out, None)
        found.append(resource(item.kind, item.name, **values))
    return found


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_a_plan_from_a_library_to_itself_is_empty(sides: tuple[Any, Any]) -> None:
    """For every library x, plan(x, x) has no changes."""
    observed = observed_state(sides[1])
    assert not plan(as_desired(observed), observed)


@settings(max_examples=120, deadline=None)
@given(libraries())
def test_once_applied_there_is_nothing_left_to_do(sides: tuple[Any, Any]) -> None:
    """Applying a plan reaches the desired state, so the next plan is empty."""
    desired, observed = sides[0], observed_state(sides[1])
    first = plan(desired, observed)
    afterwards = applied(first, observed)
    again = decide(*pair_up(desired_state(desired), afterwards, SERVER))
    assert not again, again.changes
    assert sum(again.unchanged.values()) == len(desired)


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_operations_hold_only_what_the_manifest_mentions(sides: tuple[Any, Any]) -> None:
    """Fields that are not written are not sent, and new ids are used only after their create."""
    desired, observed = sides[0], observed_state(sides[1])
    mentioned = {(item.kind, item.name): item.values.keys() for item in desired}
    made = plan(desired, observed)
    for operation in made.operations:
        change = made.changes[operation.change]
        assert set(operation.fields) <= mentioned[change.kind, change.label]
    for index, operation in enumerate(made.operations):
        earlier = {create.token for create in _creates(made, index)}
        for change in [made.changes[operation.change]]:
            values = change.values if isinstance(change, Create) else {
                name: item.after for name, item in change.changes.items()
            }  # fmt: skip
            used = {
                token
                for name in KINDS[change.kind].references
                for token in _tokens(values.get(name))
                if token.startswith("+")
            }
            assert used <= earlier


def _creates(made: Plan, before: int) -> list[Create]:
    changes = [made.changes[operation.change] for operation in made.operations[:before]]
    return [item for item in changes if isinstance(item, Create)]


def _tokens(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


@settings(max_examples=60, deadline=None)
@given(libraries(), st.randoms(use_true_random=False))
def test_the_order_of_neither_side_shows_in_the_bytes(
    sides: tuple[Any, Any], chance: random.Random
) -> None:
    """Neither the order of objects nor of keys changes a saved plan, and it reads back equal."""
    desired, observed = sides
    first = plan(desired, observed_state(observed))
    shuffled = [*desired]
    chance.shuffle(shuffled)
    for item in shuffled:
        items = list(item.values.items())
        chance.shuffle(items)
        item.values = dict(items)
    rows = observed_state(observed)
    for kind in KINDS:
        chance.shuffle(rows.of(kind))
    second = plan(shuffled, rows)
    assert dump(first) == dump(second)
    assert load(dump(first)) == first


PROGRAM = """
import hashlib, random, sys
from tests.planner.test_laws import a_busy_pair, plan
from tests.planner.build import observed_state
from stashsync.planner.saved import dump
desired, observed = a_busy_pair()
sys.stdout.write(hashlib.sha256(dump(plan(desired, observed_state(observed)))).hexdigest())
"""


def a_busy_pair() -> tuple[list[Resource], list[Resource]]:
    """Return two sides with creates, updates, wildcards, renames, references and warnings."""
    desired = [tag(f"T{number}", parents=[f"T{number // 2}"] if number > 1 else [], line=number + 1)
               for number in range(40)]  # fmt: skip
    desired += [tag("A_"), tag("AB"), tag("New", renamed_from="Old"), tag("X", renamed_from="Y")]
    desired += [studio("S", tags=["T1", "Out", "Out 2"], line=3, stash_ids={"e": ["1"], "f": []})]
    desired += [performer("P", tags={"add": ["T3"], "remove": ["T4", "No"]}, line=4)]
    for line, item in enumerate(desired):
        item.line = line + 1
    observed = [tag(f"T{number}", id=str(number + 1)) for number in range(0, 40, 3)]
    observed += [tag("Old", id="90"), tag("X", id="91"), tag("Y", id="92"), tag("Out", id="93")]
    observed += [tag("Out 2", id="94"), performer("P", id="1", tags=["1", "91"])]
    return desired, observed


def test_the_hash_seed_does_not_show_in_the_bytes() -> None:
    """The same two sides give the same saved plan in every process."""
    root = Path(__file__).parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }  # fmt: skip
    assert len(found) == 1
    assert found.pop()
