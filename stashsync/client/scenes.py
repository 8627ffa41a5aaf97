"""Scenes of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Scene


@dataclass(frozen=True, slots=True)
class FindScenesResult(Found["Scene"]):
    """One page of scenes, and how many there are on all pages."""

    @property
    def scenes(self) -> list[Scene]:
        """The scenes of this page."""
        return self.items


class SceneClientMixin(EntitiesMixin):
    """Scenes."""

    async def find_scene(self, scene_id: str | int) -> Scene | None:
        """Return the scene with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Scene

        return await self._find(Scene, scene_id)

    async def find_scenes(
        self,
        scene_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindScenesResult:
        """Return one page of the matching scenes, by id; the first 40 by default.

        `scene_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Scene

        found = await self._page(Scene, scene_filter, filter_, q, page, per_page)
        return FindScenesResult(found.count, found.items)

    async def create_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Make a scene, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import Scene

        return await self._create(Scene, scene)

    async def update_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Change a scene, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Scene

        return await self._update(Scene, scene)

    async def scene_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a scene: `{"id": "456"}`, or its id. True, where it went well.

        With "delete_file" and "delete_generated" in the input its files go as well.

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Scene

        return await self._destroy(Scene, input_)

    async def scenes_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several scenes, all or none: `{"ids": [...], "delete_file": True}`, or ids.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Scene

        return await self._destroy_many(Scene, "scenesDestroy", "ScenesDestroyInput!", input_)

    async def bulk_scene_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Scene]:
        """Give many scenes the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Scene

        return await self._bulk(Scene, input_, return_fields)
