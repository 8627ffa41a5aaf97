"""docs/adding-a-kind.md, carried out on a copy of the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")

SCRIPT = """
import sys
from pathlib import Path

from stashsync.manifest import json_schema, load
from stashsync.planner import decide, pair_up
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from stashsync.state import State
from stashsync.kinds import KINDS
from stashsync.wire import documents
from stashsync.wire.inputs import create_operation, update_operation
from tests.planner.build import server_of

root = Path(sys.argv[1])
group, server = KINDS["group"], server_of()

item = json_schema()["definitions"]["group"]["anyOf"][1]
assert item["properties"]["rating100"]["maximum"] == 100
assert item["properties"]["studio"]["description"] == "The studio that made it."
assert "children" not in item["properties"], "it has no hierarchy"

assert documents.find_one(group, ["name", "studio", "tags"], server) == (
    "query FindOne($id: ID!) { one: findGroup(id: $id) "
    "{ id name studio { id } tags { id } } }"
)
made = create_operation(
    group, {"name": "Lake", "studio": "+studio:0", "tags": ["7"]}, {"+studio:0": "9"}, server
)
assert made.mutation_name == "groupCreate"
assert made.variables == {"input": {"name": "Lake", "studio_id": "9", "tag_ids": ["7"]}}
changed = update_operation(group, "3", [("rating100", 60, 80)], {}, server)
assert changed.variables == {"input": {"id": "3", "rating100": 80}}

desired = load(root)
assert [one.label for one in desired.state.of("group")] == ["007", "Around the lake"]
context, pairs = pair_up(desired.state, State({}), server, locate=desired.locate)
plan = decide(context, pairs)
waves = {plan.changes[one.change].label: one.wave for one in plan.operations}
assert waves == {"Travel": 0, "Northlight Media": 0, "007": 0, "Around the lake": 1}
print(plan_text(plan))

Sandbox().close()
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its tests, with the page's two steps done, and a project."""
    root = tmp_path_factory.mktemp("kind")
    for name in ("stashsync", "tests"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.db")
        )
    new_file, registry_line = _blocks("python")
    path = root / "stashsync" / "kinds" / "group.py"
    path.write_text(new_file, encoding="utf-8")
    registry = root / "stashsync" / "kinds" / "__init__.py"
    text = registry.read_text(encoding="utf-8")
    registered = re.compile(r"KINDS: Final\[.*?\n\)\n", re.DOTALL)
    text, count = registered.subn(lambda _: registry_line, text)
    assert count == 1, "the registry looks otherwise than the page says"
    registry.write_text(text, encoding="utf-8")
    manifests = root / "project" / "manifests"
    manifests.mkdir(parents=True)
    above = "tags: [Travel]\nstudios: [Northlight Media]\n"
    (manifests / "library.yaml").write_text(above + _blocks("yaml")[0], encoding="utf-8")
    return root


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def _run(root: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_kind_of_one_file_and_one_line_is_read_planned_and_written(copy: Path) -> None:
    """Schema, manifest, documents, inputs and plan follow from the table."""
    shown = _run(copy, "-c", SCRIPT, "project")
    assert '+ group "Around the lake" {' in shown
    assert '+ studio    = "Northlight Media"' in re.sub(" +=", "    =", shown)
    assert "groups:" in shown


def test_the_tests_of_documents_take_the_new_kind_up_by_themselves(copy: Path) -> None:
    """Every query and mutation of the new kind is valid on the recorded releases."""
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "group", "-o", "addopts=")
    told = _run(copy, *command, "tests/wire/test_documents.py")
    assert int(re.findall(r"(\d+) passed", told)[0]) >= 10
