"""Galleries behave differently in older releases."""

from __future__ import annotations

from tests.sandbox.library.desk import Desk


def test_a_gallery_is_created_unorganized_before_0_30() -> None:
    """v0.27.2, v0.28.1 and v0.29.3 ignore `organized` in a create, but not in an update."""
    for release, organized in (("0.29.3", False), ("0.30.1", True)):
        desk = Desk(release=release)
        made = desk.do("galleryCreate", title="Lake", organized=True)
        assert made["organized"] == organized
        updated = desk.do("galleryUpdate", id="1", organized=True)
        assert updated["organized"]
