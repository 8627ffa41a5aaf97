"""Images of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.entities import Image


@dataclass(frozen=True, slots=True)
class FindImagesResult(Found["Image"]):
    """One page of images, and how many there are on all pages."""

    @property
    def images(self) -> list[Image]:
        """The images of this page."""
        return self.items


class ImageClientMixin(EntitiesMixin):
    """Images."""

    async def find_image(self, image_id: str | int) -> Image | None:
        """Return the image with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Image

        return await self._find(Image, image_id)

    async def find_images(
        self,
        image_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindImagesResult:
        """Return one page of the matching images, by id; the first 40 by default.

        `image_filter` is the server's filter, `q` words to look for. `page` counts from 1 and
        `per_page` is how many on a page, -1 for all. `filter_` has these and the order: {"q",
        "page", "per_page", "sort", "direction"} (docs/stash-behaviour.md#paging); what is named
        counts first.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import Image

        found = await self._page(Image, image_filter, filter_, q, page, per_page)
        return FindImagesResult(found.count, found.items)

    async def update_image(self, image: Image | Mapping[str, Any]) -> Image:
        """Change an image, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import Image

        return await self._update(Image, image)

    async def image_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete an image: `{"id": "456"}`, or its id. True, where it went well.

        With "delete_file" and "delete_generated" in the input its files go as well.

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import Image

        return await self._destroy(Image, input_)

    async def images_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several images, all or none: `{"ids": [...], "delete_file": True}`, or ids.

        Raises:
            StashGraphQLError: the server refused it, as where one is not there; none is gone then.
            StashError: it could not be asked.
        """
        from stashsync.entities import Image

        return await self._destroy_many(Image, "imagesDestroy", "ImagesDestroyInput!", input_)

    async def bulk_image_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Image]:
        """Give many images the same values: `{"ids": [...], "field": value}`.

        A list for a field of many replaces what was there; {"ids": [...], "mode": "ADD"} adds to it
        ("values" in place of "ids" for texts), "REMOVE" takes away. All fields are read back, or
        `return_fields` alone ("id"), which is much cheaper; what was not read back is then stale.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            StashError: it could not be asked.
        """
        from stashsync.entities import Image

        return await self._bulk(Image, input_, return_fields)
