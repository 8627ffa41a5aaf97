"""Tags of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Tag


@dataclass(frozen=True, slots=True)
class FindTagsResult(Found["Tag"]):
    """One page of tags, and how many there are on all pages."""

    @property
    def tags(self) -> list[Tag]:
        """The tags of this page."""
        return self.items


class TagClientMixin(EntitiesMixin):
    """Tags."""

    async def find_tag(self, tag_id: str | int) -> Tag | None:
        """Return the tag with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Tag

        return await self._find(Tag, tag_id)

    async def find_tags(
        self,
        tag_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindTagsResult:
        """Return one page of the matching tags, by id; the first 40 by default.

        `tag_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Tag

        found = await self._page(Tag, tag_filter, filter_, q, page, per_page)
        return FindTagsResult(found.count, found.items)

    async def create_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Make a tag, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import Tag

        return await self._create(Tag, tag)

    async def update_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Change a tag, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Tag

        return await self._update(Tag, tag)

    async def tag_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a tag: `{"id": "456"}`, or its id. True, where it went well.

        Tags below it lose it as a parent, and are kept. A marker's primary tag cannot be deleted
        (docs/stash-behaviour.md#deletion).

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Tag

        return await self._destroy(Tag, input_)

    async def tags_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several tags, all or none.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Tag

        return await self._destroy_ids(Tag, "tagsDestroy", ids)

    async def bulk_tag_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Tag]:
        """Give many tags the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Tag

        return await self._bulk(Tag, input_, return_fields)

    async def tags_merge(
        self, source: Sequence[str | int] | Mapping[str, Any], destination: str | int | None = None
    ) -> Tag:
        """Fold tags into another one, which takes over all that bore them; they are gone then.

        Either ids, or the input as the server takes it: `{"source": [...], "destination": ...}`.
        Names and aliases become aliases of the other one, and parents, children and stash_ids come
        together; its description, image and flags stay its own (docs/stash-behaviour.md#tag-merge).

        Raises:
            ValueError: ids without a destination.
            StashGraphQLError: the server refused it, as where one of them is not there.
            StashError: it could not be asked, or nothing was merged.
        """
        from stashsync.entities import Tag

        return await self._merge(Tag, source, destination)
