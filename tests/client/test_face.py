"""What script writers import: the names, where they live, and that importing costs nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import stashsync
from stashsync import client, errors, store, types

SAMPLE = Path(__file__).with_name("sample_script.py")


@pytest.mark.row("A6", "A8", "B10")
def test_the_three_layers_are_where_the_texts_say() -> None:
    """client, types and store; a mixin for each kind."""
    assert stashsync.StashClient is client.StashClient
    assert stashsync.StashEntityStore is store.StashEntityStore
    assert stashsync.Scene is types.Scene
    assert stashsync.StashBatchError is errors.StashBatchError
    mixins = {one.__name__ for one in stashsync.StashClient.__mro__}
    assert {"SceneClientMixin", "PerformerClientMixin", "TagClientMixin"} <= mixins


def test_every_method_of_the_client_is_listed() -> None:
    """The public face changes on purpose only."""
    kinds = {"scene": "scenes", "performer": "performers", "studio": "studios", "tag": "tags",
             "gallery": "galleries", "image": "images", "group": "groups",
             "scene_marker": "scene_markers", "saved_filter": "saved_filters"}  # fmt: skip
    expected = {
        *(f"find_{one}" for pair in kinds.items() for one in pair),
        *(f"create_{one}" for one in kinds if one != "image"),
        *(f"update_{one}" for one in kinds),
        *(f"{one}_destroy" for one in kinds),
        *(f"{kinds[one]}_destroy" for one in kinds if one not in ("gallery", "saved_filter")),
        *(f"bulk_{one}_update" for one in kinds if one != "saved_filter"),
        *(f"map_{one}_ids" for one in ("tag", "studio", "performer")),
        *(f"subscribe_to_{one}" for one in ("jobs", "logs", "scan_complete")),
        "tags_merge", "performer_merge", "find_studio_hierarchy", "find_studio_root",
        "metadata_scan", "metadata_generate", "find_job", "wait_for_job", "stop_job", "job_queue",
        "execute", "execute_batch", "mutate", "capabilities", "client", "store", "home",
        "transport", "find_one", "find_page", "find_all", "count",
    }  # fmt: skip
    assert {one for one in dir(stashsync.StashClient) if not one.startswith("_")} == expected


def test_everything_public_says_what_it_does() -> None:
    """Docstrings of the client and the store; what can fail says how."""
    for face in (stashsync.StashClient, stashsync.StashEntityStore, stashsync.StashContext):
        for name, one in vars(face).items():
            if not name.startswith("_") and (inspect.isfunction(one) or isinstance(one, property)):
                assert inspect.getdoc(one), f"{face.__name__}.{name}"


@pytest.mark.fault("13 imports")
def test_importing_the_front_door_loads_nothing_of_weight() -> None:
    """Not even the rooms behind it, and of the client neither gql nor httpx (fault 13)."""
    code = (
        "import sys, stashsync\n"
        "rooms = [m for m in sys.modules if m.startswith('stashsync.')]\n"
        "assert not rooms, rooms\n"
        "from stashsync import StashContext, StashEntityStore\n"
        "heavy = {'gql', 'graphql', 'httpx', 'websockets'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_script_passes_mypy_strict() -> None:
    """Written as the texts write; values narrow with `is_set`."""
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(SAMPLE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
