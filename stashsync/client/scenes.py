"""Scenes of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.types.scene import Scene


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
        """The scene with this id, or None where there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.scene import Scene

        return await self._find(Scene, scene_id)

    async def find_scenes(
        self,
        scene_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindScenesResult:
        """One page of the scenes that match; see `EntitiesMixin` for the arguments.

        Raises:
            StashGraphQLError: the server refuses the filter.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.scene import Scene

        found = await self._page(Scene, scene_filter, filter_, q, page, per_page)
        return FindScenesResult(found.count, found.items)

    async def create_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Make a scene, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            StashError: it could not be asked.
        """
        from stashsync.types.scene import Scene

        return await self._create(Scene, scene)

    async def update_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Change a scene, by an input with its `id`, or by an object: what it is now.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.scene import Scene

        return await self._update(Scene, scene)

    async def scene_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a scene: `{"id": "456"}`, or its id.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.scene import Scene

        return await self._destroy(Scene, input_)

    async def scenes_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several scenes, all or none: `{"ids": [...], "delete_file": True}`, or ids.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.scene import Scene

        return await self._destroy_many(Scene, "scenesDestroy", "ScenesDestroyInput!", input_)

    async def bulk_scene_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Scene]:
        """Give many scenes the same values: `{"ids": [...], ...}`; lists are set as a whole.

        All fields of them are read back, or `return_fields` alone ("id"), which is much cheaper.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.scene import Scene

        return await self._bulk(Scene, input_, return_fields)
