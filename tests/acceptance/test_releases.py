"""Every release that is supported: what is sent to it is valid there, and works.

The whole run is made against a sandbox of the release, and every document that was sent is then
validated against the introspection of the real server of that release.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from graphql import get_operation_ast, parse, validate
from graphql.execution.values import get_variable_values

from stashsync import applier
from stashsync.client import StashClient
from stashsync.engine import reconcile
from stashsync.errors import PlanError
from stashsync.kinds import KINDS, release_text
from stashsync.manifest import load
from stashsync.sandbox import Sandbox
from stashsync.sandbox.releases import find_release
from tests.support import introspection
from tests.support.introspection import RECORDED
from tests.support.projects import write_project
from tests.support.servers import Tap, assert_complete, plan_for, transport_to

BEFORE: dict[str, dict[str, Any]] = {
    "tag": {
        "name": "Camera",
        "sort_name": "a",
        "description": "How it was filmed",
        "aliases": ["Cam"],
        "ignore_auto_tag": True,
        "favorite": True,
        "stash_ids": {"https://one.example/graphql": "a"},
        "custom_fields": {"agency": "North", "size": 3, "old": "gone"},
        "parents": [],
        "image": "pictures/one.png",
    },
    "studio": {
        "name": "Northlight",
        "aliases": ["NL"],
        "urls": ["https://a.example"],
        "details": "Far places",
        "rating100": 80,
        "favorite": True,
        "organized": True,
        "ignore_auto_tag": True,
        "stash_ids": {"https://one.example/graphql": "a"},
        "tags": ["Camera"],
        "custom_fields": {"agency": "North", "size": 3, "old": "gone"},
        "parent": None,
        "image": "pictures/one.png",
    },
    "performer": {
        "name": "Ada Example",
        "disambiguation": "the elder",
        "aliases": ["A. E."],
        "gender": "FEMALE",
        "birthdate": "1990-05-01",
        "death_date": "2020-01-02",
        **dict.fromkeys(
            ("ethnicity", "country", "eye_color", "hair_color", "measurements", "fake_tits"), "a"
        ),
        **dict.fromkeys(("career_length", "tattoos", "piercings", "details"), "a"),
        "career_start": "2010-05",
        "career_end": "2015",
        "height_cm": 170,
        "weight": 60,
        "penis_length": 1.5,
        "circumcised": "CUT",
        "urls": ["https://a.example"],
        "rating100": 80,
        "favorite": True,
        "ignore_auto_tag": True,
        "stash_ids": {"https://one.example/graphql": "a"},
        "tags": ["Camera"],
        "custom_fields": {"agency": "North", "size": 3, "old": "gone"},
        "image": "pictures/one.png",
    },
    "group": {
        "name": "Around the lake",
        "date": "2019-07-01",
        **dict.fromkeys(("aliases", "director", "synopsis"), "a"),
        "duration": 5400,
        "rating100": 80,
        "urls": ["https://a.example"],
        "studio": "Northlight",
        "tags": ["Camera"],
        "custom_fields": {"agency": "North", "size": 3, "old": "gone"},
        "front_image": "pictures/one.png",
        "back_image": "pictures/one.png",
    },
    "saved_filter": {
        "name": "With a camera",
        "mode": "SCENES",
        "find_filter": {"q": "sea", "sort": "date", "direction": "DESC", "per_page": 40, "page": 1},
        "object_filter": {
            "tags": ["Camera"],
            "performers": ["Ada Example (the elder)"],
            "groups": ["Around the lake (2019-07-01)"],
            "organized": {"value": "true", "modifier": "EQUALS"},
        },
        "ui_options": {"display_mode": 1},
    },
}
"""One object of each kind that speaks of every field."""

KEY = ("name", "disambiguation", "date", "mode")
AFTER = {
    name: {field: value if field in KEY else None for field, value in fields.items()}
    for name, fields in BEFORE.items()
}
"""The same with everything else cleared."""


def assert_valid(release: str, documents: Any) -> None:
    """Check each document and its variables against the schema of a release."""
    schema = introspection.schema(RECORDED[release])
    for text, variables in documents:
        parsed = parse(text)
        assert [str(error) for error in validate(schema, parsed)] == [], text
        operation = get_operation_ast(parsed)
        assert operation is not None
        values = get_variable_values(schema, list(operation.variable_definitions or ()), variables)
        assert not isinstance(values, list), values


def _supported(release: str, objects: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return a manifest of what the release has."""
    schema = introspection.schema(RECORDED[release])
    found = {}
    for name, kind in KINDS.items():
        inputs: Any = schema.get_type(kind.update_input)
        found[kind.plural] = [
            {
                field: value
                for field, value in objects[name].items()
                if kind.fields[field].input in inputs.fields
                and kind.fields[kind.fields[field].replaced_by or "name"].input
                not in inputs.fields.keys() - {"name"}
            }
        ]
    return found


def _everything_sent(root: Path, server: Sandbox) -> list[tuple[str, Any]]:
    """Return what a plan and its run send; it must be accepted, and leave nothing to do."""

    async def run() -> list[tuple[str, Any]]:
        tap = Tap(transport_to(server))
        async with StashClient(tap) as client:
            plan = await reconcile.make_plan(load(root), client)
            assert plan
            assert_complete(await applier.carry_out(plan, client, root=root))
            assert not await reconcile.make_plan(load(root), client)
        return tap.documents

    return asyncio.run(run())


@pytest.mark.parametrize("release", RECORDED)
def test_every_field_of_a_release_is_created_changed_and_cleared_validly(
    release: str, tmp_path: Path
) -> None:
    """Documents and variables alike; on the server's own schema, not on the sandbox's."""
    introspection.schema(RECORDED[release])
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n one")
    with Sandbox(release=release) as server:
        write_project(tmp_path, _supported(release, BEFORE))
        assert_valid(release, _everything_sent(tmp_path, server))
        write_project(tmp_path, _supported(release, AFTER))
        assert_valid(release, _everything_sent(tmp_path, server))


@pytest.mark.parametrize("release", RECORDED)
def test_a_field_that_a_release_lacks_is_an_error_that_names_the_first_release_with_it(
    release: str, tmp_path: Path
) -> None:
    """All are reported at once, each at its place; with `lenient` each is a warning."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(b"\x89PNG\r\n\x1a\n one")
    everything = {KINDS[name].plural: [fields] for name, fields in BEFORE.items()}
    write_project(tmp_path, everything)
    missing = {
        (kind.plural, field)
        for kind in KINDS.values()
        for field in BEFORE[kind.name].keys() - _supported(release, BEFORE)[kind.plural][0].keys()
    }
    with Sandbox(release=release) as server:
        assert len(plan_for(tmp_path, server, lenient=True).warnings) == len(missing)
        if not missing:
            return
        with pytest.raises(PlanError) as caught:
            plan_for(tmp_path, server)
    messages = {problem.message for problem in caught.value.problems}
    assert messages == {
        f"{plural} have no {field} on this server ({find_release(release).version})"
        for plural, field in missing
    }
    for problem in caught.value.problems:
        assert problem.mark is not None
        assert problem.mark.column > 1
    specs = [KINDS[kind].fields[field] for kind, field in _by_kind(missing)]
    hints = " ".join(problem.hint or "" for problem in caught.value.problems)
    assert all(
        f"it has {spec.replaced_by} instead" in hints
        if spec.replaced_by
        else f"it needs Stash {release_text(spec.since)} or newer" in hints
        for spec in specs
    )


def _by_kind(missing: set[tuple[str, str]]) -> list[tuple[str, str]]:
    singular = {kind.plural: name for name, kind in KINDS.items()}
    return [(singular[plural], field) for plural, field in missing]
