"""Performers of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.types.performer import Performer


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
        """The performer with this id, or None where there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.performer import Performer

        return await self._find(Performer, performer_id)

    async def find_performers(
        self,
        performer_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindPerformersResult:
        """One page of the performers that match; see `EntitiesMixin` for the arguments.

        Raises:
            StashGraphQLError: the server refuses the filter.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.performer import Performer

        found = await self._page(Performer, performer_filter, filter_, q, page, per_page)
        return FindPerformersResult(found.count, found.items)

    async def create_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Make a performer, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            StashError: it could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._create(Performer, performer)

    async def update_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Change a performer, by an input with its `id`, or by an object: what it is now.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._update(Performer, performer)

    async def performer_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a performer: `{"id": "456"}`, or its id.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._destroy(Performer, input_)

    async def performers_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several performers, all or none.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._destroy_ids(Performer, "performersDestroy", ids)

    async def bulk_performer_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Performer]:
        """Give many performers the same values: `{"ids": [...], ...}`; lists are set as a whole.

        All fields of them are read back, or `return_fields` alone ("id"), which is much cheaper.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._bulk(Performer, input_, return_fields)

    async def performer_merge(
        self,
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Performer:
        """Fold performers into another one, which appears in their place; they are gone then.

        Either ids, or the input as the server takes it. `values` is what the other one gets.

        Raises:
            StashCapabilityError: this release cannot merge performers (since v0.31.0).
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.performer import Performer

        return await self._merge(
            Performer, "performerMerge", "PerformerMergeInput!", source, destination, values
        )
