"""Stories of a pull: each folder below `cases/` is one.

    manifests/   the state of both sides at first: it is applied to an empty server
    edits.yaml   edits that are then made on the server, in this order
    pull.diff    the expected difference of the manifests: exactly those edits

`STASHSYNC_ACCEPT=1 pytest tests/pull/test_cases.py` rewrites each `pull.diff`; read them before you
commit.
"""

from __future__ import annotations

import difflib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from stashsync.pull.export import PullScope
from stashsync.sandbox import Sandbox
from tests.pull.desk import Desk
from tests.support.servers import assert_complete, carry_out, plan_for

CASES = Path(__file__).parent / "cases"
ACCEPT = bool(os.environ.get("STASHSYNC_ACCEPT"))


@pytest.mark.parametrize("story", sorted(path.parent.name for path in CASES.glob("*/edits.yaml")))
def test_the_difference_is_exactly_the_edits(story: str, tmp_path: Path) -> None:
    """The manifests change only by the edits; then the plan is empty and a pull changes nothing."""
    shutil.copytree(CASES / story / "manifests", tmp_path / "manifests")
    edits: list[dict[str, Any]] = yaml.safe_load((CASES / story / "edits.yaml").read_text("utf-8"))
    wanted = PullScope(new=True)
    with Sandbox() as server:
        desk = Desk(tmp_path, server)
        assert_complete(carry_out(plan_for(tmp_path, server), server, tmp_path))
        desk.agree()
        for edit in edits:
            _happen(desk, edit)
        found = desk.pull(wanted)
        assert not found.manual_steps, found.manual_steps
        assert not desk.plan().changes
        assert not desk.pull(wanted).files
    _expect(CASES / story / "pull.diff", _difference(CASES / story, tmp_path))


def _happen(desk: Desk, edit: dict[str, Any]) -> None:
    """Make one edit of `edits.yaml` on the server.

    It is `create: fields`, `delete: name`, or `edit: name` with `set: fields`; parents are given by
    name.
    """
    if "delete" in edit:
        desk.delete("tag", edit["delete"])
        return
    fields = dict(edit.get("create") or edit["set"])
    if "parents" in fields:
        ids = desk.ids("tag")
        fields["parent_ids"] = [ids[name] for name in fields.pop("parents")]
    if "create" in edit:
        desk.create("tag", **fields)
    else:
        desk.edit("tag", edit["edit"], **fields)


def _difference(before: Path, after: Path) -> str:
    lines: list[str] = []
    for path in sorted((after / "manifests").rglob("*.yaml")):
        name = path.relative_to(after).as_posix()
        old = (before / name).read_text("utf-8").splitlines()
        new = path.read_text("utf-8").splitlines()
        lines += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="", n=1)
    return "\n".join(lines) + "\n"


def _expect(path: Path, text: str) -> None:
    if ACCEPT:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
