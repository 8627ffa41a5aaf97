"""Real taxonomies become a library: every operation accepted, and then nothing is left to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.manifest import load
from stashsync.planner.plan import Plan
from stashsync.sandbox import Sandbox
from tests.support.libraries import content_of, fill
from tests.support.projects import write_project
from tests.support.servers import assert_complete, carry_out, plan_for
from tests.support.taxonomy import Concept, half_of, in_parts, read_concepts, stating_everything

TAXONOMIES = ["music-genres", "food", "artifacts"]


def _brought_about(root: Path, server: Sandbox) -> Plan:
    """Return the plan of the project, carried out, and checked to leave nothing to do."""
    desired = load(root)
    plan = plan_for(desired, server)
    assert_complete(carry_out(plan, server, root))
    again = plan_for(desired, server)
    assert not again, list(again.changes)[:5]
    return plan


def _as_it_should_be(concepts: list[Concept]) -> dict[str, Concept]:
    """Return what the library must have afterwards, by name."""
    return {
        concept["name"]: {
            "name": concept["name"],
            **({"description": concept["description"]} if concept.get("description") else {}),
            **({"aliases": sorted(concept["aliases"])} if concept.get("aliases") else {}),
            **({"parents": sorted(concept["parents"])} if concept.get("parents") else {}),
        }
        for concept in concepts
    }


@pytest.mark.parametrize("name", TAXONOMIES)
def test_a_taxonomy_fills_an_empty_library(name: str, tmp_path: Path) -> None:
    """One create each, in the order of references and in few waves; the library then has it all."""
    concepts = read_concepts(name)
    write_project(tmp_path, *in_parts(concepts))
    with Sandbox() as server:
        plan = _brought_about(tmp_path, server)
        assert plan.count("create") == len(plan.changes) == len(concepts)
        found = {item["name"]: item for item in content_of(server)["tags"]}
    assert found == _as_it_should_be(concepts)


@pytest.mark.parametrize("name", TAXONOMIES)
def test_a_taxonomy_completes_a_library_that_differs(name: str, tmp_path: Path) -> None:
    """Half of it is there with other descriptions, flags and parents; all of it is brought in."""
    concepts = read_concepts(name)
    write_project(tmp_path, *in_parts(stating_everything(concepts)))
    half = half_of(concepts, seed=20)
    with Sandbox() as server:
        fill(server, {"tags": half}, tmp_path)
        plan = _brought_about(tmp_path, server)
        assert plan.count("create") == len(concepts) - len(half)
        assert plan.count("update") > len(half) / 2
        found = {item["name"]: item for item in content_of(server)["tags"]}
    assert found == _as_it_should_be(concepts)
