# Made by docs/make_client_stubs.py

from abc import ABCMeta
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stashsync.client.entities import EntitiesMixin
from stashsync.client.found import Found
from stashsync.entities import (
    Gallery,
    Group,
    Image,
    Performer,
    SavedFilter,
    Scene,
    SceneMarker,
    Studio,
    Tag,
)
from stashsync.types.api import (
    FindFilterType,
    GalleryFilterType,
    GroupFilterType,
    ImageFilterType,
    PerformerFilterType,
    SceneFilterType,
    SceneMarkerFilterType,
    StudioFilterType,
    TagFilterType,
)

NAMES: Final[tuple[str, ...]]

class FindScenesResult(Found[Scene], frozen=True):
    """One page of scenes, and how many there are on all pages."""

    @property
    def scenes(self) -> list[Scene]:
        """The scenes of this page."""

class SceneClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Scenes."""

    async def find_scene(self, scene_id: str | int) -> Scene | None:
        """Return the scene with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_scenes(
        self,
        scene_filter: SceneFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindScenesResult:
        """Return one page of the matching scenes, by id; the first 40 by default.

        `scene_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text
        to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for
        all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Create a scene from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_scene(self, scene: Scene | Mapping[str, Any]) -> Scene:
        """Update a scene by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def scene_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a scene by its id, or by an input: `{"id": "456", "delete_file": True}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def scenes_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several scenes, all or none, by ids or `{"ids": [...], "delete_file": True}`.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_scene_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Scene]:
        """Give several scenes the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

    async def scene_merge(
        self,
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Scene:
        """Merge scenes into another one, which replaces them everywhere; they are deleted.

        Takes ids, or the server's input: `{"source": [...], "destination": ...}`. The destination
        gets the files and scene markers of all (docs/stash-behaviour.md#scene-merge). `values` is
        an update input for it, which the server does not check; not every release takes it. A
        hierarchy is always united.

        Raises:
            StashCapabilityError: this release has no such merge, or takes no `values`.
            ValueError: ids without a destination.
            StashGraphQLError: the server refused it, for example because one does not exist.
            StashError: no answer, or nothing was merged.
        """

class FindPerformersResult(Found[Performer], frozen=True):
    """One page of performers, and how many there are on all pages."""

    @property
    def performers(self) -> list[Performer]:
        """The performers of this page."""

class PerformerClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Performers."""

    async def find_performer(self, performer_id: str | int) -> Performer | None:
        """Return the performer with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_performers(
        self,
        performer_filter: PerformerFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindPerformersResult:
        """Return one page of the matching performers, by id; the first 40 by default.

        `performer_filter` is the server's filter; a flag in it may also be a criterion. `q` is a
        text to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1
        for all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Create a performer from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_performer(self, performer: Performer | Mapping[str, Any]) -> Performer:
        """Update a performer by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def performer_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a performer by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def performers_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several performers by their ids, all or none.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_performer_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Performer]:
        """Give several performers the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

    async def performer_merge(
        self,
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Performer:
        """Merge performers into another one, which replaces them everywhere; they are deleted.

        Takes ids, or the server's input: `{"source": [...], "destination": ...}`. The destination
        gets the tags of all (docs/stash-behaviour.md#performer-merge). `values` is an update input
        for it, which the server does not check; not every release takes it. A hierarchy is always
        united.

        Raises:
            StashCapabilityError: this release has no such merge, or takes no `values`.
            ValueError: ids without a destination.
            StashGraphQLError: the server refused it, for example because one does not exist.
            StashError: no answer, or nothing was merged.
        """

class FindStudiosResult(Found[Studio], frozen=True):
    """One page of studios, and how many there are on all pages."""

    @property
    def studios(self) -> list[Studio]:
        """The studios of this page."""

class StudioClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Studios."""

    async def find_studio(self, studio_id: str | int) -> Studio | None:
        """Return the studio with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_studios(
        self,
        studio_filter: StudioFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindStudiosResult:
        """Return one page of the matching studios, by id; the first 40 by default.

        `studio_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text
        to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for
        all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Create a studio from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_studio(self, studio: Studio | Mapping[str, Any]) -> Studio:
        """Update a studio by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def studio_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a studio by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def studios_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several studios by their ids, all or none.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_studio_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Studio]:
        """Give several studios the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

class FindTagsResult(Found[Tag], frozen=True):
    """One page of tags, and how many there are on all pages."""

    @property
    def tags(self) -> list[Tag]:
        """The tags of this page."""

class TagClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Tags."""

    async def find_tag(self, tag_id: str | int) -> Tag | None:
        """Return the tag with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_tags(
        self,
        tag_filter: TagFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindTagsResult:
        """Return one page of the matching tags, by id; the first 40 by default.

        `tag_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text to
        search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for all.
        `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Create a tag from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_tag(self, tag: Tag | Mapping[str, Any]) -> Tag:
        """Update a tag by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def tag_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a tag by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def tags_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several tags by their ids, all or none.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_tag_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Tag]:
        """Give several tags the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

    async def tags_merge(
        self,
        source: Sequence[str | int] | Mapping[str, Any],
        destination: str | int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Tag:
        """Merge tags into another one, which replaces them everywhere; they are deleted.

        Takes ids, or the server's input: `{"source": [...], "destination": ...}`. The destination
        gets the aliases and stash ids of all (docs/stash-behaviour.md#tag-merge). `values` is an
        update input for it, which the server does not check; not every release takes it. A
        hierarchy is always united.

        Raises:
            StashCapabilityError: this release has no such merge, or takes no `values`.
            ValueError: ids without a destination.
            StashGraphQLError: the server refused it, for example because one does not exist.
            StashError: no answer, or nothing was merged.
        """

class FindGalleriesResult(Found[Gallery], frozen=True):
    """One page of galleries, and how many there are on all pages."""

    @property
    def galleries(self) -> list[Gallery]:
        """The galleries of this page."""

class GalleryClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Galleries."""

    async def find_gallery(self, gallery_id: str | int) -> Gallery | None:
        """Return the gallery with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_galleries(
        self,
        gallery_filter: GalleryFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindGalleriesResult:
        """Return one page of the matching galleries, by id; the first 40 by default.

        `gallery_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text
        to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for
        all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_gallery(self, gallery: Gallery | Mapping[str, Any]) -> Gallery:
        """Create a gallery from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_gallery(self, gallery: Gallery | Mapping[str, Any]) -> Gallery:
        """Update a gallery by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def gallery_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a gallery by its id, or by an input: `{"ids": [...], "delete_file": True}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def bulk_gallery_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Gallery]:
        """Give several galleries the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

class FindImagesResult(Found[Image], frozen=True):
    """One page of images, and how many there are on all pages."""

    @property
    def images(self) -> list[Image]:
        """The images of this page."""

class ImageClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Images."""

    async def find_image(self, image_id: str | int) -> Image | None:
        """Return the image with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_images(
        self,
        image_filter: ImageFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindImagesResult:
        """Return one page of the matching images, by id; the first 40 by default.

        `image_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text
        to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for
        all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def update_image(self, image: Image | Mapping[str, Any]) -> Image:
        """Update an image by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def image_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete an image by its id, or by an input: `{"id": "456", "delete_file": True}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def images_destroy(self, input_: Mapping[str, Any] | Sequence[str | int]) -> bool:
        """Delete several images, all or none, by ids or `{"ids": [...], "delete_file": True}`.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_image_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Image]:
        """Give several images the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

class FindGroupsResult(Found[Group], frozen=True):
    """One page of groups, and how many there are on all pages."""

    @property
    def groups(self) -> list[Group]:
        """The groups of this page."""

class GroupClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Groups."""

    async def find_group(self, group_id: str | int) -> Group | None:
        """Return the group with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_groups(
        self,
        group_filter: GroupFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindGroupsResult:
        """Return one page of the matching groups, by id; the first 40 by default.

        `group_filter` is the server's filter; a flag in it may also be a criterion. `q` is a text
        to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1 for
        all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_group(self, group: Group | Mapping[str, Any]) -> Group:
        """Create a group from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_group(self, group: Group | Mapping[str, Any]) -> Group:
        """Update a group by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def group_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a group by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def groups_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several groups by their ids, all or none.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_group_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[Group]:
        """Give several groups the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

class FindSceneMarkersResult(Found[SceneMarker], frozen=True):
    """One page of scene markers, and how many there are on all pages."""

    @property
    def scene_markers(self) -> list[SceneMarker]:
        """The scene markers of this page."""

class SceneMarkerClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Scene markers."""

    async def find_scene_marker(self, scene_marker_id: str | int) -> SceneMarker | None:
        """Return the scene marker with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_scene_markers(
        self,
        scene_marker_filter: SceneMarkerFilterType | None = None,
        filter_: FindFilterType | None = None,
        q: str | None = None,
        page: int | None = None,
        per_page: int | None = None,
    ) -> FindSceneMarkersResult:
        """Return one page of the matching scene markers, by id; the first 40 by default.

        `scene_marker_filter` is the server's filter; a flag in it may also be a criterion. `q` is a
        text to search for, `page` counts from 1, and `per_page` is how many objects a page has, -1
        for all. `filter_` has these and the order: {"q", "page", "per_page", "sort", "direction"}
        (docs/stash-behaviour.md#paging); the named arguments take precedence.

        Raises:
            ValueError: a page below 1.
            StashGraphQLError: the server refuses the filter or the order.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def create_scene_marker(
        self, scene_marker: SceneMarker | Mapping[str, Any]
    ) -> SceneMarker:
        """Create a scene marker from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_scene_marker(
        self, scene_marker: SceneMarker | Mapping[str, Any]
    ) -> SceneMarker:
        """Update a scene marker by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def scene_marker_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a scene marker by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """

    async def scene_markers_destroy(self, ids: Sequence[str | int]) -> bool:
        """Delete several scene markers by their ids, all or none.

        Returns:
            Whether the server did it.

        Raises:
            StashGraphQLError: the server refused it and deleted none, for example because one of
                them does not exist.
            StashError: no answer.
        """

    async def bulk_scene_marker_update(
        self, input_: Mapping[str, Any], return_fields: str | None = None
    ) -> list[SceneMarker]:
        """Give several scene markers the same values: `{"ids": [...], "field": value}`.

        A list replaces the former one; {"ids": [...], "mode": "ADD"} adds to it ("values" in place
        of "ids" for texts), "REMOVE" removes from it. All fields are read back, or only
        `return_fields` ("id"), which is much cheaper; the other fields are stale then.

        Raises:
            StashGraphQLError: the server refused it, and changed none of them.
            ValueError, TypeError: the input has no ids, or `return_fields` is not a text.
            StashError: no answer.
        """

class FindSavedFiltersResult(Found[SavedFilter], frozen=True):
    """One page of saved filters, and how many there are on all pages."""

    @property
    def saved_filters(self) -> list[SavedFilter]:
        """The saved filters of this page."""

class SavedFilterClientMixin(EntitiesMixin, metaclass=ABCMeta):
    """Saved filters."""

    async def find_saved_filter(self, saved_filter_id: str | int) -> SavedFilter | None:
        """Return the saved filter with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """

    async def find_saved_filters(self, mode: str | None = None) -> FindSavedFiltersResult:
        """Return all saved filters by id, or those of one `mode` by name; there are no pages.

        Modes are "SCENES", "TAGS" and so on. "GROUPS" and "MOVIES" are the same to the server
        (docs/stash-behaviour.md#criteria).

        Raises:
            StashError: the server refused it, or gave no answer.
        """

    async def create_saved_filter(
        self, saved_filter: SavedFilter | Mapping[str, Any]
    ) -> SavedFilter:
        """Create a saved filter from an object or an input; return the object with its id.

        Raises:
            StashGraphQLError: the server refused it, for example because the name is taken.
            ValueError: it has an id already, or lacks a required value.
            TypeError: it is of another kind.
            StashError: no answer; it may or may not have been created.
        """

    async def update_saved_filter(
        self, saved_filter: SavedFilter | Mapping[str, Any]
    ) -> SavedFilter:
        """Update a saved filter by an edited object or an input with an `id`; return the object.

        Raises:
            ValueError: it has no id, or lacks a required value.
            StashGraphQLError: the server refused it.
            StashError: there is no such object, or no answer.
        """

    async def saved_filter_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a saved filter by its id, or by an input: `{"id": "456"}`.

        Objects that refer to it lose the reference and stay (docs/stash-behaviour.md#deletion).

        Returns:
            Whether the server did it.

        Raises:
            ValueError: the input has options, and the mutation takes none.
            StashGraphQLError: the server refused it, for example because there is no such object.
            StashError: no answer.
        """
