"""Real taxonomies are exported and pulled."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.planner import Policy
from stashsync.pull.export import fields_to_export, first_export
from stashsync.sandbox import Sandbox
from tests.pull.desk import Desk
from tests.support.libraries import fill
from tests.support.taxonomy import by_depth, read_concepts


@pytest.mark.parametrize("name", ["music-genres", "artifacts"])
def test_a_taxonomy_is_exported_and_plans_empty(name: str, tmp_path: Path) -> None:
    """Then the plan is empty, and a rename on the server is pulled."""
    concepts = read_concepts(name)
    with Sandbox() as server:
        fill(server, {"tags": by_depth(concepts)}, tmp_path)
        desk = Desk(tmp_path, server)
        observed, _ = desk.look(fields_to_export(Policy()))
        exported = first_export(observed, "manifests", Policy())
        assert exported.count == len(concepts)
        desk.export()
        assert not desk.plan()
        name = sorted(desk.ids("tag"))[7]
        desk.edit("tag", name, name=f"{name} (renamed)")
        assert desk.pull().files
        assert not desk.plan()
