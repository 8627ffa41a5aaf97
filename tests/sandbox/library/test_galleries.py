"""Galleries on releases that differ."""

from __future__ import annotations

from tests.sandbox.library.desk import Desk


def test_a_gallery_is_created_unorganized_before_0_30() -> None:
    """v0.27.2, v0.28.1 and v0.29.3 do not look at it; an update does it."""
    for release, organized in (("0.29.3", False), ("0.30.1", True)):
        desk = Desk(release=release)
        made = desk.do("galleryCreate", title="Lake", organized=True)
        assert made["organized"] == organized
        updated = desk.do("galleryUpdate", id="1", organized=True)
        assert updated["organized"]
