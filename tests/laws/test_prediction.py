"""The planner refuses exactly what the server refuses.

One object is declared, and everything that it meets is in no manifest: names, aliases, what a
wildcard matches, a hierarchy. Its operation is written here by hand and sent whatever the plan
is. The releases are asked for fields and merges that they lack, and for tags that markers need.

In two cases the plan is stricter than the server, and means to be:

- Of all that a pattern matches, the server compares only the first by name with the object itself
  (docs/stash-behaviour.md#wildcards): an object may thus take a name that matches others' as long
  as its own comes before theirs. That depends on the server's natural order and on names that no
  manifest declares.
- Releases since 0.31 leave out of a performer's aliases what repeats the name or another alias.
  They do so without a word, and what such a manifest asks for would never be there.

Source: docs/planning-rules.md#predictions
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.applier.requests import request_for
from stashsync.client import StashClient
from stashsync.engine.impact import observe_impacts
from stashsync.engine.observe import observe, wanted_by
from stashsync.errors import PlanError, StashError
from stashsync.fields.names import fold, has_wildcards, like, trim
from stashsync.kinds import KINDS, FieldSpec, Kind
from stashsync.planner import Create, Pair, Plan, Policy, decide, pair_up, removals
from stashsync.sandbox import Sandbox
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.releases import RELEASES as RELEASES_OF_THE_SANDBOX
from stashsync.state import Resource, State, desired_state
from stashsync.wire.transport import over_app
from tests.laws.journey import RELEASES, no_image, server_of
from tests.laws.libraries import NAMES, WORDS, fill, sample_of
from tests.laws.looking import observed
from tests.support.servers import NO_PAUSES

SIZE = 8
EVERY_RELEASE = tuple(RELEASES_OF_THE_SANDBOX)


@dataclass(frozen=True, slots=True)
class Question:
    """A library, and one object as a manifest would have it."""

    release: str
    library: Library
    before: State
    wish: Resource


def question(seed: int) -> Question:
    """Return the question of this number."""
    rnd = Random(seed)
    release = rnd.choice(RELEASES)
    library = Library(None, release=release)
    fill(library, rnd, SIZE)
    before = observed(library, server_of(release))
    return Question(release, library, before, _wish(rnd, before))


def _wish(rnd: Random, before: State) -> Resource:
    kind = KINDS[rnd.choice(("tag", "studio", "performer"))]
    there = before.of(kind.name)
    values: dict[str, Any] = {"name": rnd.choice(NAMES)}
    chosen = rnd.choice(there) if there and rnd.random() < 0.7 else None
    if chosen is not None and rnd.random() < 0.6:
        values["name"] = chosen.name
    values["name"] = trim(values["name"])
    if kind.name == "performer":
        values["disambiguation"] = rnd.choice(WORDS)
    if rnd.random() < 0.6:
        own = chosen.values["aliases"] if chosen is not None else []
        values["aliases"] = sorted(
            {*sample_of(rnd, own, 2), *map(trim, sample_of(rnd, list(NAMES), 2))}
        )
    if kind.hierarchy is not None and rnd.random() < 0.6:
        # Old releases keep white space, manifests do not: no reference leads to such a name.
        above = [item.name for item in there if item.name == trim(item.name)]
        if kind.name == "tag":
            values["parents"] = sorted(sample_of(rnd, above, 2))
        elif above:
            values["parent"] = rnd.choice(above)
    wish = Resource(kind.name, kind.key(values), values, file="all.yaml", line=1, column=3)
    if chosen is not None:
        wish.id = chosen.id
    return wish


def ask(item: Question) -> tuple[Plan | None, list[str], Pair]:
    """Return the plan, or the problems that forbid it; and the pair of the wish."""
    policy = Policy()
    wanted = desired_state([item.wish], "one")
    context, pairs = pair_up(wanted, item.before, server_of(item.release), policy=policy)
    wrong = list(KINDS[item.wish.kind].check(item.wish.values))
    if wrong:  # such a manifest is refused before planning
        return None, [each.message for each in wrong], pairs[0]
    try:
        return decide(context, pairs, policy), [], pairs[0]
    except PlanError as error:
        return None, [str(each) for each in error.problems], pairs[0]


def by_hand(item: Question, pair: Pair) -> tuple[str, dict[str, Any]]:
    """Return the mutation that a person would send for the wish: what differs, and nothing else."""
    kind, there = KINDS[item.wish.kind], pair.observed
    ids = {each.name: each.id for each in item.before.of(kind.name)}
    given: dict[str, Any] = {}
    for name, wanted in item.wish.values.items():
        value = wanted
        if name == "parents":
            value = sorted(str(ids[each]) for each in wanted)
        elif name == "parent":
            value = ids[wanted]
        if there is None or there.values.get(name) != value:
            given[kind.fields[name].input] = value
    if there is None:
        return f"{kind.name}Create", given
    return f"{kind.name}Update", {"id": there.id, **given}


def is_stricter(item: Question, pair: Pair) -> bool:
    """Return whether this is one of the two cases in the module's docstring."""
    aliases = item.wish.values.get("aliases", ())
    if item.wish.kind == "performer":
        had = pair.observed.values["aliases"] if pair.observed is not None else ()
        texts = [each.lower() for each in (item.wish.name, *(aliases or had))]
        if item.release.startswith("0.31") and len(set(texts)) < len(texts):
            return True
    if pair.observed is None:
        return False
    own = [fold(each) for each in (pair.observed.name, *pair.observed.values["aliases"])]
    patterns = [like(fold(each)) for each in (item.wish.name, *aliases) if has_wildcards(each)]
    return any(pattern.match(text) for pattern in patterns for text in own)


def check(seed: int) -> str:
    """Return the result of a question: "refused" or "accepted" by both, or "stricter"."""
    asked = question(seed)
    plan, problems, pair = ask(asked)
    where = f"seed {seed}, {asked.release}, {asked.wish}, {pair.observed}"
    if plan is not None:
        ids: dict[str, str] = {}
        for index, operation in enumerate(plan.operations):
            request = request_for(plan, index, ids, server_of(asked.release), no_image)
            try:
                row = asked.library.mutate(request.mutation_name, request.variables)
            except Refusal as refusal:
                raise AssertionError(f"{where}: {request}: {refusal}") from refusal
            change = plan.changes[operation.change]
            if isinstance(change, Create):
                ids[change.token] = str(row["id"])
        return "accepted"
    mutation, given = by_hand(asked, pair)
    try:
        asked.library.mutate(mutation, {"input": given})
    except Refusal:
        return "refused"
    assert is_stricter(asked, pair), f"{where}: {problems}, but {mutation} {given} is accepted"
    return "stricter"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**48))
def test_the_plan_refuses_what_the_server_refuses(seed: int) -> None:
    """Whatever name, alias, pattern or place it is that another object has."""
    check(seed)


def test_all_answers_are_given_often() -> None:
    """The random pairs have to cause each answer often, or the law would prove nothing."""
    answers = [check(seed) for seed in range(200)]
    assert answers.count("refused") >= 30
    assert answers.count("accepted") >= 60
    assert answers.count("stricter") <= 10


def test_a_name_that_hides_behind_its_own_is_refused_by_the_plan_alone() -> None:
    """The first of the two cases: the server looks at "AB", which is its own, and not at "Ax"."""
    library = Library(None, release="0.30.1")
    for name in ("AB", "Ax"):
        library.mutate("tagCreate", {"input": {"name": name}})
    wish = Resource("tag", ("a_",), {"name": "A_"}, id="1", file="all.yaml", line=1, column=3)
    asked = Question("0.30.1", library, observed(library, server_of("0.30.1")), wish)
    plan, problems, pair = ask(asked)
    assert plan is None
    assert "for a pattern" in problems[0]
    assert is_stricter(asked, pair)
    library.mutate(*_with_input(by_hand(asked, pair)))


def _with_input(sent: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return sent[0], {"input": sent[1]}


@pytest.mark.parametrize("release", EVERY_RELEASE)
def test_a_field_is_refused_where_the_release_lacks_it(release: str) -> None:
    """Every field of every kind, each in a mutation of its own, over HTTP."""
    fields = [(kind, spec) for kind in KINDS.values() for spec in kind.fields.values()]

    async def sent() -> list[bool]:
        with Sandbox(release=release) as sandbox:
            async with StashClient(over_app(sandbox.app, retry=NO_PAUSES)) as client:
                return [await _knows(client, kind, spec) for kind, spec in fields]

    names = [f"{kind.name}.{spec.name}" for kind, spec in fields]
    planned = [_plans(release, kind, spec) for kind, spec in fields]
    taken = dict(zip(names, asyncio.run(sent()), strict=True))
    for kind, spec in fields:
        if spec.replaced_by and taken[f"{kind.name}.{spec.replaced_by}"]:
            taken[f"{kind.name}.{spec.name}"] = False  # manifests have the other field there
    assert dict(zip(names, planned, strict=True)) == taken


async def _knows(client: StashClient, kind: Kind, spec: FieldSpec) -> bool:
    """Whether the server takes the field of a new object; null there is none.

    Source: docs/stash-behaviour.md#null-and-absent
    """
    name, given_type = kind.create_mutation, kind.create_input
    text = f"mutation($input: {given_type}!) {{ {name}(input: $input) {{ id }} }}"
    given = {"name": f"With {spec.name}", **({"mode": "TAGS"} if kind.saved_whole else {})}
    try:
        await client.execute(text, {"input": {spec.input: None, **given}})
    except StashError:
        return False
    return True


def _plans(release: str, kind: Kind, spec: FieldSpec) -> bool:
    """Return whether the planner accepts it."""
    nothing = {} if spec.name == "stash_ids" else spec.meaning.empty  # by endpoint, there
    values = {spec.name: nothing, "name": "One"}
    wish = Resource(kind.name, kind.key(values), values, file="all.yaml", line=1, column=3)
    context, pairs = pair_up(desired_state([wish], "one"), State({}), server_of(release))
    try:
        decide(context, pairs)
    except PlanError:
        return False
    return True


@pytest.mark.parametrize("release", EVERY_RELEASE)
@pytest.mark.parametrize("kind", ["tag", "performer"])
def test_a_merge_is_refused_where_the_release_has_none(release: str, kind: str) -> None:
    """Performers are merged since 0.31."""
    with Sandbox(release=release) as sandbox:
        for name in ("A", "B"):
            sandbox.library.mutate(f"{kind}Create", {"input": {"name": name}})
        before = observed(sandbox.library, server_of(release))
        values = {"name": "A"}
        wish = Resource(kind, KINDS[kind].key(values), values, file="all.yaml", merge=("B",))
        context, pairs = pair_up(desired_state([wish], "one"), before, server_of(release))
        try:
            decide(context, pairs, removed=removals(context, pairs, Policy()))
        except PlanError:
            planned = False
        else:
            planned = True
        mutation = {"tag": "tagsMerge", "performer": "performerMerge"}[kind]
        text = f'mutation {{ {mutation}(input: {{source: ["2"], destination: "1"}}) {{ id }} }}'

        async def send() -> bool:
            async with StashClient(over_app(sandbox.app, retry=NO_PAUSES)) as client:
                try:
                    await client.execute(text)
                except StashError:
                    return False
                return True

        assert asyncio.run(send()) is planned


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**48))
def test_a_tag_that_a_marker_needs_is_not_deleted(seed: int) -> None:
    """Plan and server both refuse it; other tags of a marker can be deleted."""
    rnd = Random(seed)
    release = rnd.choice(RELEASES)
    server = server_of(release)

    async def decided(sandbox: Sandbox, wish: Resource) -> bool:
        async with StashClient(over_app(sandbox.app, retry=NO_PAUSES)) as client:
            wanted = desired_state([wish], "one")
            now = await observe(wanted_by(wanted, frozenset()), client)
            context, pairs = pair_up(wanted, now, server)
            going = await observe_impacts(removals(context, pairs, Policy()), client)
            try:
                decide(context, pairs, removed=going)
            except PlanError:
                return False
            return True

    with Sandbox(release=release) as sandbox:
        names = [f"T{number}" for number in range(3)]
        for name in names:
            sandbox.library.mutate("tagCreate", {"input": {"name": name}})
        sandbox.library.mutate("sceneCreate", {"input": {"title": "One"}})
        for number in range(rnd.randint(0, 3)):
            marker = {"title": f"M{number}", "seconds": number, "scene_id": "1"}
            primary, other = rnd.sample(("1", "2", "3"), 2)
            marker |= {"primary_tag_id": primary, "tag_ids": [other]}
            sandbox.library.mutate("sceneMarkerCreate", {"input": marker})
        chosen = rnd.randrange(3)
        wish = Resource(
            "tag", (fold(names[chosen]),), {"name": names[chosen]}, absent=True, file="a.yaml"
        )
        planned = asyncio.run(decided(sandbox, wish))
        try:
            sandbox.library.mutate("tagDestroy", {"input": {"id": str(chosen + 1)}})
        except Refusal:
            accepted = False
        else:
            accepted = True
        assert accepted is planned, seed
