"""Groups of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Group


@dataclass(frozen=True, slots=True)
class FindGroupsResult(Found["Group"]):
    """One page of groups, and how many there are on all pages."""

    @property
    def groups(self) -> list[Group]:
        """The groups of this page."""
        return self.items


class GroupClientMixin(EntitiesMixin):
    """Groups."""

    async def find_group(self, group_id: str | int) -> Group | None:
        """Return the group with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Group

        return await self._find(Group, group_id)

    async def find_groups(
        self,
        group_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindGroupsResult:
        """Return one page of the matching groups, by id; the first 40 by default.

        `group_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Group

        found = await self._page(Group, group_filter, filter_, q, page, per_page)
        return FindGroupsResult(found.count, found.items)

    async def create_group(self, group: Group | Mapping[str, Any]) -> Group:
        """Make a group, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import Group

        return await self._create(Group, group)

    async def update_group(self, group: Group | Mapping[str, Any]) -> Group:
        """Change a group, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Group

        return await self._update(Group, group)

    async def group_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a group: `{"id": "456"}`, or its id. True, where it went well.

        The scenes and groups in it stay (docs/stash-behaviour.md#deletion).

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Group

        return await self._destroy(Group, input_)

    async def groups_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several groups, all or none.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Group

        return await self._destroy_ids(Group, "groupsDestroy", ids)

    async def bulk_group_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Group]:
        """Give many groups the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Group

        return await self._bulk(Group, input_, return_fields)
