"""The public API for scripts: its names, their modules, and quick imports."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stashsync
from stashsync import client, entities, errors, store, types
from tests.support.docs_tools import DOCS, tool

REFERENCE, FIELDS = DOCS / "client" / "reference.md", DOCS / "client" / "fields.md"
SAMPLE = Path(__file__).with_name("sample_script.py")


@pytest.mark.row("A6", "A8", "B10")
def test_the_three_layers_are_importable_as_the_texts_write() -> None:
    """client, types and store; a mixin for each kind."""
    assert stashsync.StashClient is client.StashClient
    assert stashsync.StashEntityStore is store.StashEntityStore
    assert stashsync.Scene is types.Scene
    assert stashsync.StashBatchError is errors.StashBatchError
    mixins = {item.__name__ for item in stashsync.StashClient.__mro__}
    assert {"SceneClientMixin", "PerformerClientMixin", "TagClientMixin"} <= mixins


@pytest.mark.row("A8", "G2", "C20", "C18", "C19")
def test_names_that_scripts_know_are_where_they_look_for_them() -> None:
    """A script for the library that the texts describe changes its imports, and nothing else."""
    from stashsync.unset import UnsetType

    front = "StashContext StashClient StashEntityStore BatchOperation BatchResult UNSET UnsetType"
    kinds = "Scene Performer Tag Studio Gallery Image Group SceneMarker SavedFilter"
    for place, names in (
        (stashsync, f"{front} is_set {kinds} StashError StashGraphQLError StashBatchError"),
        (types, f"{kinds} UNSET UnsetType is_set OnMultipleMatch"),
        (
            errors,
            "StashError StashGraphQLError StashConnectionError StashServerError StashBatchError"
            " StashIntegrationError StashVersionError StashCapabilityError"
            " StashSystemNotReadyError StashConfigurationError",
        ),
        (
            types.Entity,
            "save delete to_input is_new is_dirty get_changed_fields mark_clean mark_dirty"
            " update_id new from_graphql __tracked_fields__ __field_conversions__"
            " __relationships__ __side_mutations__ __destroy_input_type__ __short_repr_fields__",
        ),
        (store, "CacheStats"),
        (
            types.Scene,
            "add_to_gallery remove_from_gallery add_performer remove_performer add_tag remove_tag"
            " set_studio",
        ),
        (
            types.Tag,
            "add_parent remove_parent add_child remove_child get_all_descendants get_all_ancestors",
        ),
    ):
        assert [item for item in names.split() if not hasattr(place, item)] == [], place
    assert types.UnsetType is stashsync.UnsetType is UnsetType
    assert {item.name: item.value for item in types.OnMultipleMatch} == {
        "RETURN_NONE": 0, "RETURN_LIST": 1, "RETURN_FIRST": 2,
    }  # fmt: skip


def test_every_method_of_the_client_is_listed() -> None:
    """A change of the public methods has to be made here as well."""
    kinds = {"scene": "scenes", "performer": "performers", "studio": "studios", "tag": "tags",
             "gallery": "galleries", "image": "images", "group": "groups",
             "scene_marker": "scene_markers", "saved_filter": "saved_filters"}  # fmt: skip
    expected = {
        *(f"find_{item}" for pair in kinds.items() for item in pair),
        *(f"create_{kind}" for kind in kinds if kind != "image"),
        *(f"update_{kind}" for kind in kinds),
        *(f"{kind}_destroy" for kind in kinds),
        *(f"{kinds[kind]}_destroy" for kind in kinds if kind not in ("gallery", "saved_filter")),
        *(f"bulk_{kind}_update" for kind in kinds if kind != "saved_filter"),
        *(f"map_{item}_ids" for item in ("tag", "studio", "performer")),
        *(f"subscribe_to_{item}" for item in ("jobs", "logs", "scan_complete")),
        "tags_merge", "performer_merge", "find_studio_hierarchy", "find_studio_root",
        *(f"metadata_{item}" for item in ("scan", "generate", "auto_tag", "identify", "clean")),
        "scene_merge", "find_job", "wait_for_job", "stop_job", "job_queue",
        "execute", "execute_batch", "mutate", "capabilities", "mark_library", "client", "store",
        "identity_map", "unit_of_work", "transport", "find_one", "find_page", "find_all", "count",
        "queries", "mutations", "schema", "create_marker",
    }  # fmt: skip
    assert {item for item in dir(stashsync.StashClient) if not item.startswith("_")} == expected


def test_every_public_name_is_listed() -> None:
    """docs/client/reference.md and fields.md have every name that can be imported or called.

    One that comes or goes makes them stale, and so shows in the change that makes it come or go.
    """
    stale = [
        path.name
        for path, text in tool("make_client_reference").pages().items()
        if path.read_text("utf-8") != text
    ]
    assert stale == [], "look at what has changed, then run `python3 dev.py docs`"


def test_the_list_has_every_call_of_every_class() -> None:
    """The list is made from the code; this test fails if it misses calls."""
    face, pages = tool("client_face"), [REFERENCE.read_text("utf-8"), FIELDS.read_text("utf-8")]
    for name in [*stashsync.__all__[1:], *entities.__all__]:
        assert f"| `{name}` |" in pages[0]
    for owner in (stashsync.StashClient, stashsync.StashEntityStore):
        calls = {item for item in dir(owner) if not item.startswith("_")}
        assert {call for call in calls if not re.search(rf"\b{call}\b[(:]", pages[0])} == set()
    for model in face.RECORDS:
        part = pages[1].split(f"\n### {model.__name__}\n")[1].split("\n### ")[0]
        for name in face.fields_of(model):
            assert f"| `{name}` |" in part
        for member in face.members(model):
            assert re.search(rf"\b{member.name}[(:]", part), member


def test_the_package_and_its_stub_agree() -> None:
    """`__init__.py` and `__init__.pyi` have the same names from the same places."""
    declared: dict[str, str] = {}
    text = Path(stashsync.__file__).with_suffix(".pyi").read_text("utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            (alias,) = node.names
            assert alias.asname == alias.name  # or type checkers would not export it
            declared[alias.name] = str(node.module)
        else:
            assert ast.unparse(node) == "__version__: str"
    assert declared == stashsync._HOME_OF
    assert sorted([*declared, "__version__"]) == sorted(stashsync.__all__)
    for name in stashsync.__all__:
        assert getattr(stashsync, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Movie'"):
        stashsync.Movie  # noqa: B018  # type: ignore[attr-defined]


def test_the_classes_that_load_late_are_those_that_checkers_see() -> None:
    """`entities/__init__.py` gives each name once to Python and once to type checkers."""
    seen = {
        alias.asname
        for node in ast.walk(ast.parse(Path(entities.__file__).read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert seen == set(entities.__all__)
    for name in entities.__all__:
        assert getattr(entities, name) is not None


@pytest.mark.fault("13 imports")
def test_no_call_returns_any_where_it_has_a_type() -> None:
    """Only the result of a mutation, and a `result_type` without a static type, are `Any`."""
    untyped = {
        member.name
        for owner in tool("client_face").ALL
        for member in tool("client_face").members(owner)
        for call in member.calls
        if inspect.signature(call).return_annotation in ("Any", Any, inspect.Signature.empty)
    }
    assert untyped == {"mutate", "execute"}


def test_importing_the_package_loads_nothing_large() -> None:
    """The package loads none of its subpackages; the client loads neither gql nor httpx."""
    code = (
        "import sys, stashsync\n"
        "loaded = [m for m in sys.modules if m.startswith('stashsync.')]\n"
        "assert not loaded, loaded\n"
        "from stashsync import StashClient, StashContext\n"
        "assert 'pydantic' not in sys.modules, 'plans need no objects'\n"
        "from stashsync import StashEntityStore\n"
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
