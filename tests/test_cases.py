"""Stories: a library, manifests, and what comes of them. Each folder below `cases/` is one.

    library.yaml   what the server has, in a sandbox: sections as in a manifest, each with its
                   objects in order, and `scenes` that bear them; `release`, `lenient`, `prune`
                   (kinds) and `shown_as: drift` are settings
    manifests/     what is wanted
    plan.txt       the plan as people read it, or
    drift.txt      the same as `drift` tells it, or
    errors.txt     every problem, in place of a plan; then nothing may have changed
    after.yaml     the library once the plan has been carried out

Every plan is made over a transport that cannot send a mutation; every operation of it must be
accepted; the next plan must be empty. `STASHSYNC_ACCEPT=1 pytest tests/test_cases.py` writes the
expected files anew: read the difference before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from stashsync.errors import Problems
from stashsync.render.problems import problems_text
from stashsync.render.text import Purpose, plan_text
from stashsync.sandbox import Sandbox
from stashsync.sandbox.releases import RELEASES
from tests.support.libraries import content_of, fill
from tests.support.servers import assert_complete, carry_out, plan_for

CASES = Path(__file__).parent / "cases"
ACCEPT = bool(os.environ.get("STASHSYNC_ACCEPT"))
STORIES = sorted(path.parent.name for path in CASES.glob("*/library.yaml"))
NEWEST = list(RELEASES)[-1]
NOT_ON_THE_NEWEST = {"every_field", "look_like_something_else"}
"""Their performers have a `career_length`, which that release has in two parts."""
ONLY_ON_THE_NEWEST = {
    "merge_performers_on_an_old_release",
    "old_release_strict",
    "wildcards_refused",
}
"""They are about what older releases lack or refuse."""
PICTURE = b"\x89PNG\r\n\x1a\n what lies at any address"


@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_as_it_is_written(story: str) -> None:
    """Plan or errors to the letter; the library afterwards; and then nothing is left to do."""
    root = CASES / story
    library: dict[str, Any] = yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}
    options = {"lenient": library.get("lenient", False), "prune": library.get("prune", ())}
    with Sandbox(release=library.get("release", "0.30.1"), fetch_image=lambda _: PICTURE) as server:
        fill(server, library, root)
        before = content_of(server)
        try:
            plan = plan_for(root, server, **options)
        except Problems as problems:
            _expect(root, "errors.txt", problems_text(problems))
            assert content_of(server) == before
            return
        drift = library.get("shown_as") == "drift"
        shown = plan_text(plan, purpose=Purpose.DRIFT if drift else Purpose.PLAN)
        _expect(root, "drift.txt" if drift else "plan.txt", shown)
        assert_complete(carry_out(plan, server, root))
        after = yaml.safe_dump(content_of(server), allow_unicode=True, sort_keys=False)
        _expect(root, "after.yaml", after)
        again = plan_for(root, server, **options)
        assert not again, plan_text(again)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_ends_well_on_the_newest_release(story: str) -> None:
    """Whatever the plan is there: every operation is accepted, and nothing is left to do."""
    root = CASES / story
    library: dict[str, Any] = yaml.safe_load((root / "library.yaml").read_text("utf-8")) or {}
    options = {"lenient": library.get("lenient", False), "prune": library.get("prune", ())}
    with Sandbox(release=NEWEST, fetch_image=lambda _: PICTURE) as server:
        fill(server, library, root)
        before = content_of(server)
        try:
            plan = plan_for(root, server, **options)
        except Problems:
            assert (root / "errors.txt").exists() != (story in NOT_ON_THE_NEWEST)
            assert content_of(server) == before
            return
        assert (root / "errors.txt").exists() == (story in ONLY_ON_THE_NEWEST)
        assert_complete(carry_out(plan, server, root))
        again = plan_for(root, server, **options)
        assert not again, plan_text(again)


def test_every_folder_is_a_story() -> None:
    """A folder without a library would silently not be run."""
    assert sorted(path.name for path in CASES.iterdir() if path.is_dir()) == STORIES


def _expect(root: Path, name: str, text: str) -> None:
    path = root / name
    if ACCEPT:
        path.write_text(text, "utf-8")
    assert path.exists(), f"this came of it, and no {name} is there:\n{text}"
    assert text == path.read_text("utf-8")
