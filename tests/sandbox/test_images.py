"""The addresses of images, and how the server serves them (docs/stash-behaviour.md#images)."""

from __future__ import annotations

import base64
import hashlib

import pytest

from stashsync.sandbox import Sandbox
from tests.sandbox.client import BASE, ask, create, request

PNG = b"\x89PNG\r\n\x1a\n and the rest"


def data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


@pytest.fixture
def tag(sandbox: Sandbox) -> Sandbox:
    """Return a sandbox whose tag 1 has an image, and tag 2 has none."""
    create(sandbox, "With", "Without")
    answer = ask(
        sandbox,
        "mutation($i: TagUpdateInput!) {tagUpdate(input: $i) {image_path}}",
        i={"id": 1, "image": data_url(PNG)},
    )
    assert "errors" not in answer
    return sandbox


def test_an_image_is_addressed_below_the_server(tag: Sandbox) -> None:
    """The address has the time of the last change, and marks a default image."""
    found = ask(tag, '{findTags(filter: {sort: "id"}) {tags {image_path}}}')
    first, second = (row["image_path"] for row in found["data"]["findTags"]["tags"])
    assert first.startswith(f"{BASE}/tag/1/image?t=")
    assert second.startswith(f"{BASE}/tag/2/image?t=")
    assert second.endswith("&default=true")


def test_the_etag_is_the_quoted_md5_of_the_stored_bytes(tag: Sandbox) -> None:
    """One conditional request shows whether an image has changed."""
    response = request(tag, "GET", "/tag/1/image")
    assert (response.content, response.headers["Content-Type"]) == (PNG, "image/png")
    etag = response.headers["ETag"]
    assert etag == f'"{hashlib.md5(PNG, usedforsecurity=False).hexdigest()}"'
    again = request(tag, "GET", "/tag/1/image", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    other = request(tag, "GET", "/tag/1/image", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_an_object_without_an_image_has_a_default_one(tag: Sandbox) -> None:
    """An object that does not exist has no image at all."""
    assert request(tag, "GET", "/tag/2/image").headers["Content-Type"] == "image/svg+xml"
    default = request(tag, "GET", "/tag/1/image?default=true")
    assert default.content == request(tag, "GET", "/tag/2/image").content
    for path in ("/tag/3/image", "/tag/x/image", "/studio/1/image"):
        assert request(tag, "GET", path).status_code == 404


def test_head_is_not_allowed(tag: Sandbox) -> None:
    """Images can be requested only by GET."""
    assert request(tag, "HEAD", "/tag/1/image").status_code == 405


def test_text_is_served_as_a_drawing(tag: Sandbox) -> None:
    """Any bytes are stored, and their type is guessed when they are served."""
    ask(
        tag,
        "mutation($i: TagUpdateInput!) {tagUpdate(input: $i) {id}}",
        i={"id": 1, "image": data_url(b"hello")},
    )
    response = request(tag, "GET", "/tag/1/image")
    assert (response.content, response.headers["Content-Type"]) == (b"hello", "image/svg+xml")


def test_groups_and_scenes_show_their_images_too(sandbox: Sandbox) -> None:
    """Their addresses serve the images, or a default one if there is none."""
    png = "data:image/png;base64,iVBORw0KGgo="
    made = ask(
        sandbox,
        "mutation($g: GroupCreateInput!, $s: SceneCreateInput!) {"
        "groupCreate(input: $g) {front_image_path back_image_path} "
        "sceneCreate(input: $s) {paths {screenshot}}}",
        g={"name": "Series", "front_image": png},
        s={"title": "Walk", "cover_image": png},
    )["data"]
    assert made["groupCreate"]["back_image_path"] is None
    for address in (
        made["groupCreate"]["front_image_path"],
        made["sceneCreate"]["paths"]["screenshot"],
    ):
        assert request(sandbox, "GET", address.removeprefix(BASE)).content == b"\x89PNG\r\n\x1a\n"
    assert b"svg" in request(sandbox, "GET", "/group/1/backimage").content
    assert request(sandbox, "GET", "/group/1/image").text.startswith("<!doctype html>")
    assert request(sandbox, "GET", "/group/9/frontimage").status_code == 404
