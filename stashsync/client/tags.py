"""Tags of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.types.tag import Tag


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
        """The tag with this id, or None where there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.tag import Tag

        return await self._find(Tag, tag_id)

    async def find_tags(
        self,
        tag_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindTagsResult:
        """One page of the tags that match; see `EntitiesMixin` for the arguments.

        Raises:
            StashGraphQLError: the server refuses the filter.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.tag import Tag

        found = await self._page(Tag, tag_filter, filter_, q, page, per_page)
        return FindTagsResult(found.count, found.items)

    async def create_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Make a tag, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            StashError: it could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._create(Tag, tag)

    async def update_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Change a tag, by an input with its `id`, or by an object: what it is now.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._update(Tag, tag)

    async def tag_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a tag: `{"id": "456"}`, or its id.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._destroy(Tag, input_)

    async def tags_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several tags, all or none.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._destroy_ids(Tag, "tagsDestroy", ids)

    async def bulk_tag_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Tag]:
        """Give many tags the same values: `{"ids": [...], ...}`; lists are set as a whole.

        All fields of them are read back, or `return_fields` alone ("id"), which is much cheaper.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._bulk(Tag, input_, return_fields)

    async def tags_merge(
        self, source: Sequence[str | int] | Mapping[str, Any], destination: str | int | None = None
    ) -> Tag:
        """Fold tags into another one, which takes over all that bore them; they are gone then.

        Either ids, or the input as the server takes it: `{"source": [...], "destination": ...}`.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.tag import Tag

        return await self._merge(Tag, "tagsMerge", "TagsMergeInput!", source, destination)
