"""What may stand in an item of each kind, worked out once from the kind tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from stashsync.fields import Raw
from stashsync.kinds import Kind
from stashsync.kinds.likeness import nearest

SETTINGS: Final = frozenset(
    {
        "ignore",
        "lenient",
        "lists",
        "manifests",
        "mark",
        "memory",
        "notify",
        "profiles",
        "protect",
        "prune",
        "server",
        "thresholds",
    }
)
"""Keys of stashsync.yaml, which people try in manifests."""
EXTRAS: Final = ("id", "renamed_from", "keep_old_name", "merge", "state")
_OF_NAMESPACES: Final = ("keep_old_name", "merge")
"""Keys that need aliases, or objects that can be united."""
_LEGACY: Final = {"url": "urls", "twitter": "urls", "instagram": "urls"}
_MEANT: Final = {
    "born": "birthdate",
    "died": "death_date",
    "height": "height_cm",
    "nationality": "country",
    "sex": "gender",
    "website": "urls",
    "websites": "urls",
}
"""Other words for fields, where the nearest spelling would be another field."""


class ItemLayout(Struct, frozen=True):
    """How an item of a kind is written."""

    kind: Kind
    parsers: Mapping[str, tuple[str, Callable[[Raw], Any], dict[str, Any]]]
    """By the key a field is written under: its name, as one shared string, its meaning, and what
    that made of plain texts so far (see `items`)."""
    keys: tuple[str, ...]
    """All keys that an item may have."""
    instead: Mapping[str, str]
    """The right key for a wrong one that people take from the server's API."""
    images: tuple[str, ...]
    """The fields that may hold the path of a file."""
    required: tuple[str, ...]
    """The keys that no item can do without."""

    @property
    def telling(self) -> frozenset[str]:
        """The keys that say which object is meant: all that an item with `state: absent` has."""
        return frozenset({*self.kind.key_fields, "id", "state"})

    @property
    def nests(self) -> bool:
        """Whether items may have `children`."""
        return self.kind.hierarchy is not None

    def suggest(self, key: str) -> str:
        """Suggest what was meant by an unknown key."""
        right = self.instead.get(key)
        if right is not None:
            return f"write `{right}`"
        near = nearest(key, self.keys)
        if near:
            return f"did you mean `{near}`?"
        return f"a {self.kind.name} may have {', '.join(self.keys)}"


def extras_of(kind: Kind) -> tuple[str, ...]:
    """Return the keys of a kind's items that are no fields."""
    alone = kind.free_names or kind.exact_names
    return tuple(key for key in EXTRAS if not (alone and key in _OF_NAMESPACES))


def layouts(kinds: Mapping[str, Kind]) -> dict[str, ItemLayout]:
    """Return the layouts by the name of their section."""
    return {kind.plural: _layout(kind) for kind in kinds.values()}


def suggest_section(name: str, sections: Mapping[str, ItemLayout]) -> str:
    """Suggest what was meant by an unknown section."""
    if name in SETTINGS:
        return "this is a setting: it belongs into stashsync.yaml"
    from difflib import get_close_matches  # only a wrong name needs it

    near = get_close_matches(name.lower(), sections, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"a manifest may have {', '.join(sections)}"


def _layout(kind: Kind) -> ItemLayout:
    nesting = ("children",) if kind.hierarchy is not None else ()
    instead = {
        wire: name
        for name, spec in kind.fields.items()
        for wire in (spec.input, spec.output)
        if wire != name and wire not in kind.fields
    }
    if kind.hierarchy is not None:
        instead |= {"child_ids": "children", "child_studios": "children"}
        single = kind.hierarchy.name
        instead |= {name: single for name in ("parent", "parents") if name != single}
    words = {**_LEGACY, **_MEANT}
    instead |= {
        word: name
        for word, name in words.items()
        if name in kind.fields and word not in kind.fields
    }
    return ItemLayout(
        kind=kind,
        parsers={name: (name, spec.meaning.parse, {}) for name, spec in kind.fields.items()},
        keys=(*kind.fields, *nesting, *extras_of(kind)),
        instead=instead,
        images=tuple(name for name, spec in kind.fields.items() if spec.meaning.shape == "image"),
        required=tuple(spec.name for spec in kind.required if spec.name in kind.fields),
    )
