"""Names that scripts for the older library use: each exists, with its parameters.

A script moves over by changing its import. What is checked here is the promise itself, written
down by hand; the generated list of everything is checked in `test_face.py`.
"""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest

import stashsync
from stashsync import errors, types
from stashsync.entities import Entity

KINDS = {
    "scene": "scenes", "performer": "performers", "studio": "studios", "tag": "tags",
    "gallery": "galleries", "image": "images", "group": "groups", "scene_marker": "scene_markers",
}  # fmt: skip

TOP = [
    "StashContext", "StashClient", "StashEntityStore", "BatchOperation", "BatchResult",
    "UNSET", "UnsetType", "is_set", "Scene", "Performer", "Studio", "Tag", "Gallery", "Image",
    "Group", "SceneMarker", "SavedFilter", "Job", "OnMultipleMatch", "CacheStats",
]  # fmt: skip

ERRORS = {
    "StashGraphQLError": ("StashError",),
    "StashConnectionError": ("StashError",),
    "StashServerError": ("StashError",),
    "StashIntegrationError": ("StashError", "ValueError"),
    "StashBatchError": ("StashError",),
    "StashVersionError": ("StashError",),
    "StashCapabilityError": ("StashError",),
    "StashSystemNotReadyError": ("StashError",),
    "StashConfigurationError": ("StashError",),
}

CLIENT = [
    *(f"find_{kind}({kind}_id)" for kind in KINDS),
    *(
        f"find_{many}({kind}_filter=None, filter_=None, q=None, page=None, per_page=None)"
        for kind, many in KINDS.items()
    ),
    *(f"create_{kind}({kind})" for kind in KINDS if kind != "image"),
    *(f"update_{kind}({kind})" for kind in KINDS),
    *(f"{kind}_destroy(input_)" for kind in KINDS),
    *(f"bulk_{kind}_update(input_, return_fields=None)" for kind in KINDS),
    "find_saved_filter(saved_filter_id)",
    "find_saved_filters(mode=None)",
    "create_saved_filter(saved_filter)",
    "update_saved_filter(saved_filter)",
    "saved_filter_destroy(input_)",
    "scenes_destroy(input_)",
    "tags_destroy(ids)",
    "performers_destroy(ids)",
    "studios_destroy(ids)",
    "groups_destroy(ids)",
    "images_destroy(input_)",
    "tags_merge(source, destination=None)",
    "performer_merge(source, destination=None, values=None)",
    *(
        f"map_{item}_ids(items, create=False, on_multiple={types.OnMultipleMatch.RETURN_FIRST!r})"
        for item in ("tag", "studio", "performer")
    ),
    "find_studio_hierarchy(studio_id)",
    "find_studio_root(studio_id)",
    "execute(query, variables=None, result_type=None)",
    "execute_batch(operations, max_batch_size=250)",
    "metadata_scan(paths=None, options=None)",
    "metadata_generate(options=None)",
    "find_job(job_id)",
    f"wait_for_job(job_id, status={types.JobStatus.FINISHED!r}, period=1.5, timeout=120.0)",
    "stop_job(job_id)",
    "job_queue()",
    "subscribe_to_jobs()",
    "subscribe_to_logs()",
    "subscribe_to_scan_complete()",
]

ENTITY = [
    "save(client)",
    "delete(client, **options)",
    "to_input()",
    "is_new()",
    "is_dirty()",
    "get_changed_fields()",
    "mark_clean()",
    "mark_dirty()",
    "update_id(server_id)",
    "new(**values)",
    "from_graphql(row)",
]

STORE = [
    "get_cached(entity_type, entity_id)",
    "get(entity_type, entity_id, fields=None)",
    "get_many(entity_type, ids)",
    "find(entity_type, **filters)",
    "find_one(entity_type, **filters)",
    "find_iter(entity_type, query_batch=40, **filters)",
    "filter(entity_type, predicate)",
    "all_cached(entity_type)",
    "filter_strict(entity_type, required_fields, predicate)",
    "filter_and_populate(entity_type, required_fields, predicate, batch_size=50)",
    "filter_and_populate_with_stats(entity_type, required_fields, predicate, batch_size=50)",
    "populated_filter_iter(entity_type, required_fields, predicate, populate_batch=50,"
    " yield_batch=10)",
    "missing_fields_nested(obj, *field_specs)",
    "populate(obj, fields=None, force_refetch=False)",
    "has_fields(obj, *fields)",
    "missing_fields(obj, *fields)",
    "invalidate(entity_type_or_obj, entity_id=None)",
    "invalidate_type(entity_type)",
    "invalidate_all()",
    "set_ttl(entity_type, ttl)",
    "add(obj)",
    "save(obj, _cascade_depth=0)",
    "save_batch(objs)",
    "save_all()",
    "delete(obj, **kwargs)",
    "get_or_create(entity_type, create_if_missing=True, **search_params)",
    "is_cached(entity_type, entity_id)",
    "cache_stats()",
]


def shown(parameter: inspect.Parameter) -> str:
    """Return a parameter as the lists above write it."""
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    if parameter.default is parameter.empty:
        return stars + parameter.name
    return f"{parameter.name}={parameter.default!r}"


@pytest.mark.parametrize(
    ("owner", "wanted"),
    [
        (owner, item)
        for owner, items in (
            (stashsync.StashClient, CLIENT),
            (stashsync.StashEntityStore, STORE),
            (Entity, ENTITY),
        )
        for item in items
    ],
)
def test_a_call_has_the_parameters_that_scripts_give_it(owner: type[Any], wanted: str) -> None:
    """In this order and with these defaults; more may follow, if they need not be given."""
    name, _, rest = wanted.removesuffix(")").partition("(")
    parameters = list(inspect.signature(getattr(owner, name)).parameters.values())
    if parameters and parameters[0].name == "self":
        del parameters[0]
    expected = [item.strip() for item in rest.split(", ") if item]
    assert [shown(parameter) for parameter in parameters[: len(expected)]] == expected
    for further in parameters[len(expected) :]:
        assert further.default is not further.empty or further.kind in (
            further.VAR_POSITIONAL,
            further.VAR_KEYWORD,
        )


@pytest.mark.row("A8")
def test_the_names_to_import_are_at_the_front_door() -> None:
    """And entities, UNSET and enums also in `types`, errors in `errors`."""
    for name in TOP:
        assert name in stashsync.__all__
        assert getattr(stashsync, name) is not None
    for name in TOP[5:19]:
        assert getattr(types, name) is getattr(stashsync, name)
    from stashsync.unset import UnsetType

    assert UnsetType is stashsync.UnsetType


def test_errors_stand_in_the_tree_that_scripts_catch_by() -> None:
    """Each is importable from both places, and is what it was."""
    for name, bases in ERRORS.items():
        error = getattr(errors, name)
        assert getattr(stashsync, name) is error
        assert {base.__name__ for base in error.__mro__} >= {*bases, "Exception"}


def test_the_attributes_of_entities_that_scripts_use_have_their_names() -> None:
    """Received fields, whether an object is new, and the tables of its class."""
    tag = types.Tag(name="Macro")
    assert tag._received_fields == frozenset()
    assert tag._is_new is True
    for name in (
        "__tracked_fields__", "__field_conversions__", "__relationships__", "__side_mutations__",
        "__destroy_input_type__", "__create_input_type__", "__update_input_type__",
        "__type_name__", "__short_repr_fields__",
    ):  # fmt: skip
        assert getattr(types.Tag, name) is not None


def test_constants_and_results_have_their_names_and_values() -> None:
    """The store's constants, a batch's account, the statistics, the news of a job."""
    store = stashsync.StashEntityStore
    assert store.DEFAULT_QUERY_BATCH == 40
    assert timedelta(minutes=30) == store.DEFAULT_TTL
    assert store.FIND_LIMIT == 1000
    assert isinstance(inspect.getattr_static(store, "cache_size"), property)
    stats = inspect.signature(stashsync.CacheStats).parameters
    assert list(stats) == ["total_entries", "by_type", "expired_count"]
    result = stashsync.BatchResult([])
    assert (result.all_succeeded, result.succeeded, result.failed, len(result)) == (True, [], [], 0)
    assert result.raw_response == ()
    operation = stashsync.BatchOperation("tagCreate", "TagCreateInput!", {"input": {}})
    assert (operation.return_fields, operation.result, operation.error) == (
        "id __typename", None, None,
    )  # fmt: skip
    for name in ("status", "progress"):
        assert isinstance(inspect.getattr_static(stashsync.JobStatusUpdate, name), property)
    assert [item.name for item in types.OnMultipleMatch] == [
        "RETURN_NONE", "RETURN_LIST", "RETURN_FIRST",
    ]  # fmt: skip
    assert {item.value for item in types.JobStatus} == {
        "READY", "RUNNING", "FINISHED", "STOPPING", "CANCELLED", "FAILED",
    }  # fmt: skip
