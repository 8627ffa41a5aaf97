"""Images of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found

if TYPE_CHECKING:
    from stashsync.types.image import Image


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
        """The image with this id, or None where there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.image import Image

        return await self._find(Image, image_id)

    async def find_images(
        self,
        image_filter: Mapping[str, Any] | None = None,
        filter_: Mapping[str, Any] | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindImagesResult:
        """One page of the images that match; see `EntitiesMixin` for the arguments.

        Raises:
            StashGraphQLError: the server refuses the filter.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.types.image import Image

        found = await self._page(Image, image_filter, filter_, q, page, per_page)
        return FindImagesResult(found.count, found.items)

    async def update_image(self, image: Image | Mapping[str, Any]) -> Image:
        """Change an image, by an input with its `id`, or by an object: what it is now.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.image import Image

        return await self._update(Image, image)

    async def image_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete an image: `{"id": "456"}`, or its id.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.image import Image

        return await self._destroy(Image, input_)

    async def images_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several images, all or none: `{"ids": [...], "delete_file": True}`, or ids.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.image import Image

        return await self._destroy_many(Image, "imagesDestroy", "ImagesDestroyInput!", input_)

    async def bulk_image_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Image]:
        """Give many images the same values: `{"ids": [...], ...}`; lists are set as a whole.

        All fields of them are read back, or `return_fields` alone ("id"), which is much cheaper.

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.types.image import Image

        return await self._bulk(Image, input_, return_fields)
