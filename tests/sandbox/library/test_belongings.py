"""Stash ids, custom fields and images, and the time of a change.

Source: docs/stash-behaviour.md#stash-ids, docs/stash-behaviour.md#custom-fields
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from stashsync.sandbox.library import Refusal
from tests.sandbox.library.desk import BOX, PNG, Desk

NOW = "2026-03-04T05:06:07Z"


def entry(stash_id: str, **more: str) -> dict[str, str]:
    return {"endpoint": BOX, "stash_id": stash_id, **more}


@pytest.mark.parametrize("kind", ["tag", "studio", "performer"])
def test_stash_ids_keep_their_order_and_drop_exact_repetitions(desk: Desk, kind: str) -> None:
    time = "2024-06-01T12:00:00.5+02:00"
    given = [entry("b"), entry("a", updated_at=time), entry("b", updated_at=time), entry(" ")]
    desk.create(kind, "One", stash_ids=given)
    assert desk.value(kind, 1, "stash_ids") == [
        entry("b", updated_at=NOW),
        entry("a", updated_at="2024-06-01T10:00:00.5Z"),
        entry(" ", updated_at=NOW),
    ]


@pytest.mark.parametrize(("kind", "field", "table"), [
    ("tag", "aliases", "tag_aliases"), ("studio", "urls", "studio_urls"),
    ("performer", "alias_list", "performer_aliases"),
])  # fmt: skip
def test_a_nul_in_a_list_of_texts_is_refused(desk: Desk, kind: str, field: str, table: str) -> None:
    """SQLite stops reading the statement at a NUL; a name or a description may contain one."""
    words = desk.refusal(f"{kind}Create", name="a", **{field: ["ok", "it's\0y"]})
    assert words.startswith(f"inserting into {table}: executing `INSERT INTO `{table}` (`")
    assert words.endswith("unrecognized token: \"'it''s\"")
    desk.create(kind, "a\0b")
    removed = {field: {"mode": "REMOVE", "values": ["x\0"]}}
    if field == "urls":
        desk.do(f"bulk{kind.title()}Update", ids=["1"], **removed)
    else:
        words = desk.refusal(f"bulk{kind.title()}Update", ids=["1"], **removed)
        assert words.startswith(f"destroying {table}: executing `DELETE FROM `{table}` WHERE ((`")


def test_adding_a_text_twice_in_bulk_keeps_both_or_fails(desk: Desk) -> None:
    """URLs are stored twice, while aliases fail on a constraint of the database."""
    desk.do("tagCreate", name="a", aliases=["x"])
    desk.do("studioCreate", name="a", urls=["https://a.example"])
    added = {"mode": "ADD", "values": ["https://b.example", "https://a.example"] * 2}
    desk.do("bulkStudioUpdate", ids=["1"], urls=added)
    urls = desk.value("studio", 1, "urls")
    assert urls == ["https://a.example", "https://b.example", "https://b.example"]
    words = desk.refusal("bulkTagUpdate", ids=["1"], aliases={"mode": "ADD", "values": ["y", "y"]})
    assert "UNIQUE constraint failed: tag_aliases" in words
    desk.do("bulkTagUpdate", ids=["1"], aliases={"mode": "REMOVE", "values": ["z"]})
    assert desk.value("tag", 1, "aliases") == ["x"]


def test_a_stash_id_sent_again_without_a_time_is_as_of_now(desk: Desk) -> None:
    old = "2023-01-01T00:00:00Z"
    desk.tag("One", stash_ids=[entry("a", updated_at=old)])
    desk.do("tagUpdate", id="1", description="x")
    assert desk.value("tag", 1, "stash_ids") == [entry("a", updated_at=old)]
    desk.do("tagUpdate", id="1", stash_ids=[entry("a")])
    assert desk.value("tag", 1, "stash_ids") == [entry("a", updated_at=NOW)]


def test_nanoseconds_of_a_stash_id_are_kept(desk: Desk) -> None:
    desk.tag("One", stash_ids=[entry("a", updated_at="2023-01-01T00:00:00.123456780Z")])
    kept = entry("a", updated_at="2023-01-01T00:00:00.12345678Z")
    assert desk.value("tag", 1, "stash_ids") == [kept]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2023-01-01T3:04:05Z", "2023-01-01T03:04:05Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00+02:00"),
    ],
)
def test_odd_times_that_go_reads_are_kept(desk: Desk, sent: str, kept: str) -> None:
    desk.tag("One", stash_ids=[entry("a", updated_at=sent)])
    assert desk.value("tag", 1, "stash_ids") == [entry("a", updated_at=kept)]


def test_a_time_of_now_has_its_fraction(desk: Desk) -> None:
    desk.clock.forward(0.25)
    desk.tag("One", stash_ids=[entry("a")])
    assert desk.value("tag", 1, "stash_ids") == [entry("a", updated_at="2026-03-04T05:06:07.25Z")]
    assert desk.get("tag", 1)["created_at"][:19] == desk.get("tag", 1)["updated_at"][:19]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (" text ", " text "),
        ("", ""),
        (5, 5),
        (1.5, 1.5),
        (2.0, 2),
        (True, 1),
        (False, 0),
        (2**70, 2**63 - 1),
        (1e30, 0),
        (1e-7, 0),
        (1.5e-7, 1.5e-7),
    ],
)
def test_values_of_custom_fields(desk: Desk, value: Any, kept: Any) -> None:
    desk.create("performer", "Ada", custom_fields={"k": value})
    stored = desk.value("performer", 1, "custom_fields")
    assert stored == {"k": kept}
    assert type(stored["k"]) is type(kept)


@pytest.mark.parametrize(
    ("value", "shape"), [([1], "[]interface {}"), ({"b": 1}, "map[string]interface {}")]
)
def test_lists_and_objects_are_no_values(desk: Desk, value: Any, shape: str) -> None:
    message = f'getting SQL value for field "a": unsupported custom field value type: {shape}'
    assert desk.refusal("performerCreate", name="Ada", custom_fields={"a": value}) == message


def test_keys_are_checked_in_updates_only(desk: Desk) -> None:
    odd = {"": 1, " lead": 2, "Key": 3, "key": 4, "k" * 70: 5}
    desk.create("performer", "Ada", custom_fields=odd)
    assert desk.value("performer", 1, "custom_fields") == odd
    for key, why in (
        ("", "cannot be empty"),
        (" x", "cannot have leading or trailing whitespace"),
        ("é" * 33, "must be less than 65 characters"),
    ):
        message = f'custom field name "{key}": custom field name {why}'
        given = {"partial": {key: 1}}
        assert desk.refusal("performerUpdate", id="1", custom_fields=given) == message
    desk.do("performerUpdate", id="1", custom_fields={"full": {"k" * 64: 1}})


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, {"a": 1, "b": 2}),
        ({"full": {"x": 1}, "partial": {"y": 2}}, {"x": 1}),
        ({"full": {}}, {}),
        ({"full": {"a": None}}, {}),
        ({"partial": {"b": 3, "c": 4}}, {"a": 1, "b": 3, "c": 4}),
        ({"partial": {"a": None}}, {"a": 1, "b": 2}),
        ({"remove": ["a", "unknown"]}, {"b": 2}),
        ({"partial": {"c": 3}, "remove": ["b"]}, {"a": 1, "c": 3}),
    ],
)
def test_changes_of_custom_fields(desk: Desk, change: dict[str, Any], kept: Any) -> None:
    desk.create("performer", "Ada", custom_fields={"a": 1, "b": 2})
    row = desk.do("performerUpdate", id="1", custom_fields=change)
    assert desk.of(row, "custom_fields") == kept


def test_a_key_is_not_set_and_removed_at_once(desk: Desk) -> None:
    desk.create("performer", "Ada")
    change = {"partial": {"b": 1}, "remove": ["b"]}
    message = 'custom field name "b" cannot be in both values and delete keys'
    assert desk.refusal("performerUpdate", id="1", custom_fields=change) == message


def test_null_custom_fields_are_a_crash_in_an_update(desk: Desk) -> None:
    desk.create("performer", "Ada", custom_fields=None)
    assert desk.refusal("performerUpdate", id="1", custom_fields=None) == (
        "Internal system error. Error "
        "<interface conversion: interface {} is nil, not map[string]interface {}>"
    )


@pytest.mark.parametrize("kind", ["tag", "studio", "performer"])
def test_images_are_stored_as_they_are_and_cleared(desk: Desk, kind: str) -> None:
    base = f"/{kind}/1/image?t={int(desk.clock.now.timestamp())}"
    row = desk.do(f"{kind}Create", name="One", image="data:text/plain;base64,aGVs\nbG8=")
    assert row["image_path"] == base
    assert desk.library.image(kind, 1) == b"hello"
    desk.do(f"{kind}Update", id="1", image=PNG)
    content = desk.library.image(kind, 1) or b""
    assert hashlib.md5(content).hexdigest() == "f829b914fc47cfc9c0747c119c27cf1b"
    for empty in ("", None):
        desk.do(f"{kind}Update", id="1", image=PNG)
        row = desk.do(f"{kind}Update", id="1", image=empty)
        assert row["image_path"] == f"{base}&default=true"
        assert desk.library.image(kind, 1) is None


def test_the_same_bytes_are_stored_once_and_go_with_the_last_who_shows_them(desk: Desk) -> None:
    desk.tag("One", "Two", image=PNG)
    blobs = "SELECT COUNT(*) FROM blobs"
    assert desk.library._db.value(blobs) == 1
    desk.do("tagDestroy", id="1")
    assert desk.library.image("tag", 2) is not None
    desk.do("tagUpdate", id="2", image=None)
    assert desk.library._db.value(blobs) == 0


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("data:image/png;base64,!!!!", "illegal base64 data at input byte 0"),
        ("data:image/png;base64,aGVsb", "illegal base64 data at input byte 4"),
        ("data:image/png;base64,aGV$bG8=", "illegal base64 data at input byte 3"),
        ("data:image/png;base64,a===", "illegal base64 data at input byte 1"),
        ("data:image/png;base64,ab=c", "illegal base64 data at input byte 2"),
        ("camera.png", 'Get "camera.png": unsupported protocol scheme ""'),
        ("ftp://x.example/a", 'Get "ftp://x.example/a": unsupported protocol scheme "ftp"'),
        ("https://x.example/a", "http error 404"),
    ],
)
def test_an_image_that_cannot_be_had_refuses_the_operation(image: str, reason: str) -> None:
    def fetch(_: str) -> bytes:
        raise Refusal("http error 404")

    desk = Desk(fetch_image=fetch)
    assert desk.refusal("tagCreate", name="Lens", image=image) == f"processing image: {reason}"
    assert desk.found("findTags") == []


def test_an_address_is_fetched_by_the_server() -> None:
    desk = Desk(fetch_image=lambda address: address.encode())
    desk.tag("Lens", image="https://x.example/a")
    assert desk.library.image("tag", 1) == b"https://x.example/a"


def test_an_address_without_a_server_is_refused_in_go_words(desk: Desk) -> None:
    message = desk.refusal("tagCreate", name="Lens", image="http://127.0.0.1:1/a")
    assert message.startswith('processing image: Get "http://127.0.0.1:1/a": ')
    assert message.endswith("connect: connection refused")


def test_every_update_moves_its_time_and_only_its_own(desk: Desk) -> None:
    desk.tag("Parent")
    desk.tag("Child", parent_ids=["1"])
    desk.create("performer", "Ada", tag_ids=["1"])
    created = desk.get("tag", 1)["created_at"]
    desk.clock.forward(5)
    desk.do("tagUpdate", id="1")
    desk.do("tagUpdate", id="1", child_ids=[])
    assert desk.get("tag", 1)["created_at"] == created
    assert desk.get("tag", 1)["updated_at"] > created
    assert desk.get("tag", 2)["updated_at"] == created
    desk.do("tagDestroy", id="1")
    assert desk.get("performer", 1)["updated_at"] == created


def test_tags_and_studios_have_custom_fields_since_0_31() -> None:
    desk = Desk(release="0.31.0")
    desk.tag("Camera", custom_fields={"k": 1})
    desk.do("tagUpdate", id="1", custom_fields={"partial": {"m": 2}})
    assert desk.value("tag", 1, "custom_fields") == {"k": 1, "m": 2}
    desk.create("studio", "Northlight", custom_fields={"k": 1})
    desk.do("bulkStudioUpdate", ids=["1"], custom_fields={"remove": ["k"]})
    assert desk.value("studio", 1, "custom_fields") == {}
