"""Studios of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.types.studio import Studio


@dataclass(frozen=True, slots=True)
class FindStudiosResult(Found["Studio"]):
    """One page of studios, and how many there are on all pages."""

    @property
    def studios(self) -> list[Studio]:
        """The studios of this page."""
        return self.items


class StudioClientMixin(EntitiesMixin):
    """Studios."""

    async def find_studio(self, studio_id: str | int) -> Studio | None:
        """The studio with this id, or None where there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.studio import Studio

        return await self._find(Studio, studio_id)

    async def find_studios(
        self,
        studio_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindStudiosResult:
        """One page of the studios that match; see `EntitiesMixin` for the arguments.

        Raises:
            StashGraphQLError: the server refuses the filter.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.studio import Studio

        found = await self._page(Studio, studio_filter, filter_, q, page, per_page)
        return FindStudiosResult(found.count, found.items)

    async def create_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Make a studio, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            StashError: it could not be asked.
        """
        from stashsync.types.studio import Studio

        return await self._create(Studio, studio)

    async def update_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Change a studio, by an input with its `id`, or by an object: what it is now.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.studio import Studio

        return await self._update(Studio, studio)

    async def studio_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a studio: `{"id": "456"}`, or its id.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.studio import Studio

        return await self._destroy(Studio, input_)

    async def studios_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several studios, all or none.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.studio import Studio

        return await self._destroy_ids(Studio, "studiosDestroy", ids)

    async def bulk_studio_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Studio]:
        """Give many studios the same values: `{"ids": [...], ...}`; lists are set as a whole.

        All fields of them are read back, or `return_fields` alone ("id"), which is much cheaper.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.studio import Studio

        return await self._bulk(Studio, input_, return_fields)
