"""Performers of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Performer


@dataclass(frozen=True, slots=True)
class FindPerformersResult(Found["Performer"]):
    """One page of performers, and how many there are on all pages."""

    @property
    def performers(self) -> list[Performer]:
        """The performers of this page."""
        return self.items


class PerformerClientMixin(EntitiesMixin):
    """Performers."""

    async def find_performer(self, performer_id: str | int) -> Performer | None:
        """Return the performer with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Performer

        return await self._find(Performer, performer_id)

    async def find_performers(
        self,
        performer_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindPerformersResult:
        """Return one page of the matching performers, by id; the first 40 by default.

        `performer_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Performer

        found = await self._page(Performer, performer_filter, filter_, q, page, per_page)
        return FindPerformersResult(found.count, found.items)

    async def create_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Make a performer, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import Performer

        return await self._create(Performer, performer)

    async def update_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Change a performer, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Performer

        return await self._update(Performer, performer)

    async def performer_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a performer: `{"id": "456"}`, or its id. True, where it went well.

        What they appear in stays without them (docs/stash-behaviour.md#deletion).

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Performer

        return await self._destroy(Performer, input_)

    async def performers_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several performers, all or none.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Performer

        return await self._destroy_ids(Performer, "performersDestroy", ids)

    async def bulk_performer_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Performer]:
        """Give many performers the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Performer

        return await self._bulk(Performer, input_, return_fields)

    async def performer_merge(
        self,
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Performer:
        """Fold performers into another one, which appears in their place; they are gone then.

        Either ids, or the input as the server takes it. Scenes, galleries, images and tags come
        together. Everything else is the other one's, and `values`: an input of what it shall have
        then, which the server does not check (docs/stash-behaviour.md#performer-merge).

        Raises:
            StashCapabilityError: this release cannot merge performers (since v0.31.0).
            ValueError: ids without a destination.
            StashGraphQLError: the server refused it, as where one of them is not there.
            StashError: it could not be asked, or nothing was merged.
        """
        from stashsync.entities import Performer

        return await self._merge(Performer, source, destination, values)
