"""`StashClient`: what people and the upper rooms use to talk to one server."""

from __future__ import annotations

from stashsync.client.core import Core
from stashsync.client.galleries import GalleryClientMixin
from stashsync.client.groups import GroupClientMixin
from stashsync.client.hierarchy import HierarchyMixin
from stashsync.client.images import ImageClientMixin
from stashsync.client.jobs import JobsMixin
from stashsync.client.mapping import MappingMixin
from stashsync.client.performers import PerformerClientMixin
from stashsync.client.saved_filters import SavedFilterClientMixin
from stashsync.client.scene_markers import SceneMarkerClientMixin
from stashsync.client.scenes import SceneClientMixin
from stashsync.client.studios import StudioClientMixin
from stashsync.client.tags import TagClientMixin


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
    MappingMixin,
    HierarchyMixin,
):
    """One server, over one transport; closes the transport when it is left.

        async with StashClient(Transport("http://localhost:9999")) as client:
            scene = await client.find_scene("123")

    Every object that it reads is there once, in `store`. Reads raise where they fail. Over a
    `ReadOnlyTransport` it can only read; that one leaves closing to its maker.
    """
