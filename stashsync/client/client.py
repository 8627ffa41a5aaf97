"""`StashClient`: what scripts and the upper packages use to talk to one server."""

from __future__ import annotations

from stashsync.client.core import Core
from stashsync.client.hierarchy import HierarchyMixin
from stashsync.client.jobs import JobsMixin
from stashsync.client.kinds import (
    GalleryClientMixin,
    GroupClientMixin,
    ImageClientMixin,
    PerformerClientMixin,
    SavedFilterClientMixin,
    SceneClientMixin,
    SceneMarkerClientMixin,
    StudioClientMixin,
    TagClientMixin,
)
from stashsync.client.mapping import MappingMixin
from stashsync.client.tasks import TasksMixin


class StashClient(
    Core,
    SceneClientMixin,
    PerformerClientMixin,
    StudioClientMixin,
    TagClientMixin,
    GalleryClientMixin,
    ImageClientMixin,
    GroupClientMixin,
    SceneMarkerClientMixin,
    SavedFilterClientMixin,
    JobsMixin,
    TasksMixin,
    MappingMixin,
    HierarchyMixin,
):
    """One server, over one transport; closes the transport when it is left.

        async with StashClient(Transport("http://localhost:9999")) as client:
            scene = await client.find_scene("123")

    Every object that it reads is there once, in `store`. Reads raise where they fail. Over a
    `ReadOnlyTransport` it can only read; that one leaves closing to its maker.
    """

    create_marker = SceneMarkerClientMixin.create_scene_marker
