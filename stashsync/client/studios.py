"""Studios of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Studio


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
        """Return the studio with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Studio

        return await self._find(Studio, studio_id)

    async def find_studios(
        self,
        studio_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindStudiosResult:
        """Return one page of the matching studios, by id; the first 40 by default.

        `studio_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Studio

        found = await self._page(Studio, studio_filter, filter_, q, page, per_page)
        return FindStudiosResult(found.count, found.items)

    async def create_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Make a studio, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import Studio

        return await self._create(Studio, studio)

    async def update_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Change a studio, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Studio

        return await self._update(Studio, studio)

    async def studio_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a studio: `{"id": "456"}`, or its id. True, where it went well.

        Studios that belong to it, and what it made, stay without it
        (docs/stash-behaviour.md#deletion).

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Studio

        return await self._destroy(Studio, input_)

    async def studios_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several studios, all or none.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Studio

        return await self._destroy_ids(Studio, "studiosDestroy", ids)

    async def bulk_studio_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Studio]:
        """Give many studios the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Studio

        return await self._bulk(Studio, input_, return_fields)
