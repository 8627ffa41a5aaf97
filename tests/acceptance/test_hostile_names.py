"""Hostile names arrive exactly, can do nothing to a terminal, and then nothing is left to do."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from stashsync.errors import Problems
from stashsync.manifest import load
from stashsync.planner.saved import dump
from stashsync.planner.saved import load as load_plan
from stashsync.render.problems import problems_text
from stashsync.render.text import Detail, plan_text
from stashsync.sandbox import Sandbox
from tests.support.hostile import DIFFER_BY_CASE, HOSTILE, TRIMMED
from tests.support.libraries import content_of
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for

EVIL = "\x1b[2J\x9b31m\u202e\r\n::error::x"
JOINERS = "\u200c\u200d"


def assert_inert(text: str) -> None:
    """Fail if the text has control characters, or characters that hide or reorder others."""
    for char in text.replace("\n", ""):
        flag = 0xE0020 <= ord(char) <= 0xE007F  # a region's flag is spelt in these
        assert unicodedata.category(char) not in ("Cc", "Zl", "Zp", "Cs"), hex(ord(char))
        assert unicodedata.category(char) != "Cf" or char in JOINERS or flag, hex(ord(char))


def test_every_name_arrives_in_every_kind(tmp_path: Path) -> None:
    """As name, alias, description, url and custom field; saved in a plan and read again, too."""
    tags = [
        {"name": item, "description": f"{item}.", "aliases": [f"alias {item}"]} for item in HOSTILE
    ]
    studios = [{"name": item, "details": f"{item}.", "urls": [f"u {item}"]} for item in HOSTILE]
    performers = [
        {"name": item, "disambiguation": f"{item}!", "tags": [item], "custom_fields": {"it": item}}
        for item in HOSTILE
    ]
    write_project(tmp_path, {"tags": tags}, {"studios": studios}, {"performers": performers})
    with Sandbox() as server:
        plan = plan_for(tmp_path, server)
        for detail in Detail:
            assert_inert(plan_text(plan, detail=detail))
        assert_complete(carry_out(load_plan(dump(plan)), server, tmp_path))
        assert not plan_for(tmp_path, server)
        found = content_of(server)
    by_name = {section: {item["name"]: item for item in found[section]} for section in found}
    assert all(set(items) == set(HOSTILE) for items in by_name.values())
    for item in HOSTILE:
        assert by_name["tags"][item]["description"] == f"{item}."
        assert by_name["tags"][item]["aliases"] == [f"alias {item}"]
        assert by_name["studios"][item]["urls"] == [f"u {item}"]
        assert by_name["performers"][item]["disambiguation"] == f"{item}!"
        assert by_name["performers"][item]["tags"] == [item]
        assert by_name["performers"][item]["custom_fields"] == {"it": item}


def test_white_space_around_a_name_is_trimmed_as_stash_does(tmp_path: Path) -> None:
    """White space as Go knows it; a zero-width space is none."""
    write_project(tmp_path, {"tags": [{"name": item} for item in TRIMMED]})
    with Sandbox() as server:
        assert_complete(carry_out(plan_for(tmp_path, server), server, tmp_path))
        assert not plan_for(tmp_path, server)
        assert {item["name"] for item in content_of(server)["tags"]} == set(TRIMMED.values())


@pytest.mark.parametrize("pair", DIFFER_BY_CASE)
def test_names_that_differ_by_case_live_in_separate_libraries(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    """Each as it is written; the other one's manifests then plan a rename and no second tag."""
    first, second = pair
    write_project(tmp_path / "first", {"tags": [{"name": first}]})
    write_project(tmp_path / "second", {"tags": [{"name": second}]})
    with Sandbox() as first_server, Sandbox() as other:
        for server, project in ((first_server, "first"), (other, "second")):
            assert_complete(carry_out(plan_for(tmp_path / project, server), server, tmp_path))
        assert content_of(first_server) == {"tags": [{"name": first}]}
        assert content_of(other) == {"tags": [{"name": second}]}
        plan = plan_for(tmp_path / "second", first_server)
        assert [change.action for change in plan.changes] == ["update"]


def test_hostile_text_of_the_server_is_inert_in_a_plan(tmp_path: Path) -> None:
    """Names in the library cannot send control sequences to the user's terminal."""
    write_project(
        tmp_path,
        {"tags": [{"id": 1, "name": "plain", "description": "plain", "aliases": []}]},
    )
    with Sandbox() as server:
        given = {"name": f"x{EVIL}", "description": EVIL, "aliases": [f"y{EVIL}"]}
        server.library.mutate("tagCreate", {"input": given})
        text = plan_text(plan_for(tmp_path, server))
    assert_inert(text)
    assert "\\x1b[2J" in text


def test_hostile_text_is_inert_in_problems(tmp_path: Path) -> None:
    """Problems of manifests and of plans alike, source lines included."""
    (tmp_path / "manifests").mkdir()
    path = tmp_path / "manifests" / "a.yaml"
    path.write_text("tags:\n  - name: \u202eevil\u202c\n    colour: red\n", "utf-8")
    with pytest.raises(Problems) as caught:
        load(tmp_path)
    assert_inert(problems_text(caught.value))
    write_project(
        tmp_path, {"performers": [{"name": EVIL, "tags": [f"z{EVIL}"]}]}, names=["a.yaml"]
    )
    with Sandbox() as server, pytest.raises(Problems) as caught:
        plan_for(tmp_path, server)
    assert_inert(problems_text(caught.value))
