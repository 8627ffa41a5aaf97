"""What one server can do, as data that is read once over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from msgspec import Struct, field

from stashsync.errors import StashCapabilityError, StashVersionError

Release: TypeAlias = tuple[int, int, int]

OLDEST: Final[Release] = (0, 27, 2)
"""The oldest release that is supported."""


def parse_release(text: str) -> Release:
    """Parse `0.30.0` to a comparable value."""
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def release_text(release: Release) -> str:
    """`(0, 30, 0)` as people write it: `v0.30.0`."""
    return "v" + ".".join(str(part) for part in release)


class Capabilities(Struct, frozen=True):
    """The types, fields and mutations that a server has, and who it is.

    `release` is None on builds without a version (their version string is empty,
    docs/stash-behaviour.md#capabilities): what such a build can do is known by introspection alone.
    `integers` are the fields of inputs that take a whole number: `PerformerUpdateInput.weight`.
    `settings` are those that the server keeps for us (docs/stash-behaviour.md#identity-mark),
    `paths` is a digest of where the library lies on the server and of the server's address.
    """

    inputs: Mapping[str, frozenset[str]]
    outputs: Mapping[str, frozenset[str]]
    mutations: frozenset[str]
    queries: frozenset[str] = field(default=frozenset())
    integers: frozenset[str] = field(default=frozenset())
    release: Release | None = None
    release_name: str = ""
    app_schema: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    paths: str = ""

    @property
    def mark(self) -> str:
        """The random id that the first apply gave to the library; "" before it."""
        return self.settings.get("library", "")

    @property
    def identity(self) -> str:
        """What tells this library from others: its mark, or where it lies while it has none."""
        return self.mark or self.paths

    def has_output(self, type_name: str, field: str) -> bool:
        """Whether the output type has the field."""
        return field in self.outputs.get(type_name, ())

    def has_input(self, type_name: str, field: str) -> bool:
        """Whether the input type has the field."""
        return field in self.inputs.get(type_name, ())

    def lacks_input(self, type_name: str, field: str) -> bool:
        """Whether introspection covered the input type and it does not have the field."""
        return type_name in self.inputs and field not in self.inputs[type_name]

    def has_mutation(self, name: str) -> bool:
        """Whether the mutation exists."""
        return name in self.mutations

    def has_query(self, name: str) -> bool:
        """Whether the query exists."""
        return name in self.queries

    def lacks(self, what: str, *, hint: str = "") -> StashCapabilityError:
        """Make the error for a missing `what`; it names a release that is too old."""
        message = f"this server has no {what}"
        if self.release is None or self.release >= OLDEST:
            return StashCapabilityError(message, hint=hint)
        return StashVersionError(
            f"{message}: {release_text(self.release)} is older than {release_text(OLDEST)}, "
            "the oldest release that is supported",
            hint="Update the server.",
        )

    @property
    def trims(self) -> bool:
        """Whether names and texts are trimmed on arrival: since v0.30.0.

        Source: docs/stash-behaviour.md#trimming
        """
        return self.has_input("TagUpdateInput", "stash_ids")

    @property
    def partial_dates(self) -> bool:
        """Whether `1990-05` is a date: since v0.30.0 (docs/stash-behaviour.md#dates)."""
        return self.has_input("TagUpdateInput", "stash_ids")

    @property
    def drops_repeated_aliases(self) -> bool:
        """Whether aliases of tags and studios that repeat others are left out: since v0.31.0.

        Source: docs/stash-behaviour.md#aliases
        """
        return self.has_input("TagUpdateInput", "custom_fields")

    @property
    def career_years(self) -> bool:
        """Whether careers are whole years: so in the first builds of v0.31, later they are dates.

        Source: docs/stash-behaviour.md#dates
        """
        return "PerformerUpdateInput.career_start" in self.integers

    def wildcard_names(self, kind: str) -> bool:
        """Whether `_` and `%` in a new name match other names in the server's duplicate check.

        So up to v0.31.0; fixed for tags alone in v0.31.1 (docs/stash-behaviour.md#wildcards). Names
        of groups are never compared, those of saved filters letter by letter.
        """
        if kind in ("group", "saved_filter"):
            return False
        return not (kind == "tag" and self.release is not None and self.release >= (0, 31, 1))

    @property
    def name(self) -> str:
        """The release in words, for messages."""
        return self.release_name or "an unnamed build"
