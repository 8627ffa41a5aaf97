"""Saved filters of one server: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stashsync.client.entities import EntitiesMixin, Found
from stashsync.store.selections import parts

if TYPE_CHECKING:
    from stashsync.entities import SavedFilter


@dataclass(frozen=True, slots=True)
class FindSavedFiltersResult(Found["SavedFilter"]):
    """One page of saved filters, and how many there are on all pages."""

    @property
    def saved_filters(self) -> list[SavedFilter]:
        """The saved filters of this page."""
        return self.items


class SavedFilterClientMixin(EntitiesMixin):
    """Saved filters."""

    async def find_saved_filter(self, saved_filter_id: str | int) -> SavedFilter | None:
        """Return the saved filter with this id, or None if there is none.

        Raises:
            StashGraphQLError: the server refuses the id; it is gql's TransportQueryError too.
            StashConnectionError, StashServerError: no answer, or not one of the API.
        """
        from stashsync.entities import SavedFilter

        return await self._find(SavedFilter, saved_filter_id)

    async def find_saved_filters(self, mode: str | None = None) -> FindSavedFiltersResult:
        """Return all saved filters by id, or those of one `mode` ("SCENES", …) by name; no pages.

        "GROUPS" and "MOVIES" are the same to the server (docs/stash-behaviour.md#criteria).

        Raises:
            StashError: the server refused it, or could not be asked.
        """
        from stashsync.entities import SavedFilter

        kind = SavedFilter.kind()
        chosen = " ".join(["id", *parts(kind, kind.fields, await self.capabilities())])
        text = (
            "query SavedFilters($mode: FilterMode) "
            f"{{ rows: findSavedFilters(mode: $mode) {{ {chosen} }} }}"
        )
        rows = (await self.execute(text, {"mode": mode} if mode else None))["rows"]
        return FindSavedFiltersResult(len(rows), self.identity_map.decode(SavedFilter, rows))

    async def create_saved_filter(
        self, saved_filter: SavedFilter | Mapping[str, Any]
    ) -> SavedFilter:
        """Make a saved filter, from an object or an input: the object as it is then, with its id.

        Raises:
            StashGraphQLError: the server refused it, as where there is one already.
            ValueError: it has an id already, or lacks what it needs.
            TypeError: it is of another kind.
            StashError: the server could not be asked; it may or may not be made.
        """
        from stashsync.entities import SavedFilter

        return await self._create(SavedFilter, saved_filter)

    async def update_saved_filter(
        self, saved_filter: SavedFilter | Mapping[str, Any]
    ) -> SavedFilter:
        """Change a saved filter, by an input with its `id`, or by an object: what it is now.

        Raises:
            ValueError: it has no id, or lacks what it needs.
            StashGraphQLError: the server refused it.
            StashError: it is not there, or could not be asked.
        """
        from stashsync.entities import SavedFilter

        return await self._update(SavedFilter, saved_filter)

    async def saved_filter_destroy(self, input_: Mapping[str, Any] | str | int) -> bool:
        """Delete a saved filter: `{"id": "456"}`, or its id. True, where it went well.

        Raises:
            StashGraphQLError: the server refused it, as where there is no such one.
            StashError: it could not be asked.
        """
        from stashsync.entities import SavedFilter

        return await self._destroy(SavedFilter, input_)
