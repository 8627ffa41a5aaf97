"""Markers of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import SceneMarker


@dataclass(frozen=True, slots=True)
class FindSceneMarkersResult(Found["SceneMarker"]):
    """One page of markers, and how many there are on all pages."""

    @property
    def scene_markers(self) -> list[SceneMarker]:
        """The markers of this page."""
        return self.items


class SceneMarkerClientMixin(EntitiesMixin):
    """Markers."""

    async def find_scene_marker(self, scene_marker_id: str | int) -> SceneMarker | None:
        """Return the marker with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import SceneMarker

        return await self._find(SceneMarker, scene_marker_id)

    async def find_scene_markers(
        self,
        scene_marker_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindSceneMarkersResult:
        """Return one page of the matching markers, by id; the first 40 by default.

        `scene_marker_filter` is the server's filter, `q` words to look for. `page` counts from 1,
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import SceneMarker

        found = await self._page(SceneMarker, scene_marker_filter, filter_, q, page, per_page)
        return FindSceneMarkersResult(found.count, found.items)

    async def create_scene_marker(
        self, scene_marker: SceneMarker | Mapping[str, Any]
    ) -> SceneMarker:
        """Make a marker, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import SceneMarker

        return await self._create(SceneMarker, scene_marker)

    async def update_scene_marker(
        self, scene_marker: SceneMarker | Mapping[str, Any]
    ) -> SceneMarker:
        """Change a marker, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import SceneMarker

        return await self._update(SceneMarker, scene_marker)

    async def scene_marker_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a marker: `{"id": "456"}`, or its id. True, where it went well.

        Raises:
            ValueError: there is more in the input than an id: the server takes nothing else.
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import SceneMarker

        return await self._destroy(SceneMarker, input_)

    async def scene_markers_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several markers, all or none.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import SceneMarker

        return await self._destroy_ids(SceneMarker, "sceneMarkersDestroy", ids)

    async def bulk_scene_marker_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[SceneMarker]:
        """Give many markers the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import SceneMarker

        return await self._bulk(SceneMarker, input_, return_fields)
