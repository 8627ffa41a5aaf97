"""Inputs drawn by lot, by the schema: for every kind, single and bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, get_named_type

from stashsync.sandbox.schema import schema_of

KINDS = (
    "Tag", "Studio", "Performer", "Group", "Scene", "Gallery", "SceneMarker", "SavedFilter",
)  # fmt: skip
RELATIONS = {
    "parent": "Studio", "studio": "Studio", "tag": "Tag", "primary_tag": "Tag", "child": "Tag",
    "performer": "Performer", "gallery": "Gallery", "scene": "Scene", "group": "Group",
    "containing_group": "Group", "insert_at": "Group", "sub_group": "Group",
}  # fmt: skip
TITLES = {"Scene": "title", "Gallery": "title", "SceneMarker": "title"}
NEVER = {
    "id", "ids", "image", "front_image", "back_image", "cover_image", "clientMutationId",
    "file_ids",    "play_duration", "resume_time", "primary_file_id", "cover_image_id", "tag_names",
    "play_history", "o_history", "values", "find_filter", "object_filter", "ui_options",
}  # fmt: skip
"""What would need files, or is drawn by hand."""

TEXTS = ("Lake", "two words", "100% wool", "M9", "m9", "", " x ", "Ä")
DATES = ("2020", "2020-05", "2020-01-02", "soon", "")
URLS = ("https://a.example", "https://b.example", "https://c.example", "")
WHOLE = (0, 1, 50, 100, -1, 1000)
FRACTIONS = (0, 1.5, 10, -2.25)
CUSTOM = ("note", "text", 5, 2.5, True, None, "", 1e-7, 10**12)
KEYS = ("a", "b", "C", "c")
NUL = 0.004
"""How often a text has a NUL in it."""


def title_of(kind: str) -> str:
    """Return the field that holds what an object is called."""
    return TITLES.get(kind, "name")


@dataclass(frozen=True)
class Made:
    """Something that both have, each under an id of its own."""

    kind: str
    number: int


@dataclass
class Inputs:
    """Draws inputs that refer to what was made."""

    draw: Random
    prefix: str
    release: str
    made: dict[str, list[Made]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def reference(self, kind: str) -> Any:
        """Return an object of this kind; now and then one that there is not."""
        there = self.made[kind]
        return self.draw.choice(there) if there and self.draw.random() < 0.98 else "999999"

    def references(self, kind: str, most: int = 3) -> list[Any]:
        """Return some, perhaps one of them twice."""
        return [self.reference(kind) for _ in range(self.draw.randrange(most + 1))]

    def input(self, type_name: str, kind: str, *, luck: float = 0.25) -> dict[str, Any]:
        """Return an input with what it needs, and some of its other fields."""
        type_: Any = schema_of(self.release).type_map[type_name]
        nullable = "Update" in type_name
        result = {}
        for name, spec in type_.fields.items():
            needed = isinstance(spec.type, GraphQLNonNull)
            if name in NEVER or spec.deprecation_reason:
                continue
            if not needed and name != title_of(kind) and self.draw.random() > luck:
                continue
            if not needed and nullable and self.draw.random() < 0.1:
                result[name] = None
                continue
            result[name] = self.value(name, spec.type, kind)
        if "parent_ids" in result:
            result.pop("child_ids", None)  # a circle of both hangs a real server for good
        return result

    def value(self, name: str, type_: Any, kind: str) -> Any:
        """Return a value for a field of this name and type."""
        inner = get_named_type(type_)
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList) and inner.name != "ID":
            count = self.draw.randrange(4)
            return [self.value(name, type_.of_type, kind) for _ in range(count)]
        if inner.name == "ID":
            many = isinstance(type_, GraphQLList)
            related = RELATIONS[name.removesuffix("_ids" if many else "_id")]
            related = kind if name in ("parent_ids", "parent_id") else related
            return self.references(related) if many else self.reference(related)
        if isinstance(inner, GraphQLEnumType):
            return self.draw.choice(list(inner.values))
        return self._object(name, inner.name, kind)

    def _object(self, name: str, type_name: str, kind: str) -> Any:
        draw = self.draw
        match type_name:
            case "String":
                text = self.text(name, kind)
                return text if name in ("name", "title") else self._nul(text)
            case "Int":
                return draw.choice(WHOLE)
            case "Float":
                return draw.choice(FRACTIONS)
            case "Boolean":
                return draw.choice((True, False))
            case "BulkUpdateIds":
                related = RELATIONS[name.removesuffix("_ids")]
                related = kind if name == "parent_ids" else related
                return {"mode": self._mode(), "ids": self.references(related)}
            case "BulkUpdateStrings":
                values = [self.text(name, kind) for _ in range(draw.randrange(4))]
                return {"mode": self._mode(), "values": [self._nul(text) for text in values]}
            case "BulkUpdateGroupDescriptionsInput":
                groups = [self._object(name, "GroupDescriptionInput", kind)
                          for _ in range(draw.randrange(3))]  # fmt: skip
                return {"mode": self._mode(), "groups": groups}
            case "GroupDescriptionInput":
                text = {"description": draw.choice(TEXTS)} if draw.random() < 0.5 else {}
                return {"group_id": self.reference("Group"), **text}
            case "SceneGroupInput":
                index = {"scene_index": draw.choice((0, 1, 2, None))} if draw.random() < 0.7 else {}
                return {"group_id": self.reference("Group"), **index}
            case "StashIDInput":
                return {"endpoint": draw.choice(URLS[:2]), "stash_id": draw.choice("xyz")}
            case "CustomFieldsInput":
                return self._custom_fields()
            case "Map":
                return self._custom_values()
            case _:
                raise NotImplementedError(f"{name}: {type_name}")

    def _custom_fields(self) -> dict[str, Any]:
        draw = self.draw
        values = self._custom_values()
        if draw.random() < 0.4:
            return {"full": values}
        removed = [draw.choice(KEYS)] if draw.random() < 0.3 else None
        return {"partial": values, **({"remove": removed} if removed else {})}

    def _custom_values(self) -> dict[str, Any]:
        draw = self.draw
        return {draw.choice(KEYS): draw.choice(CUSTOM) for _ in range(draw.randrange(3))}

    def _mode(self) -> str:
        return self.draw.choice(("SET", "ADD", "ADD", "REMOVE"))

    def _nul(self, text: str) -> str:
        return f"{text}\0" if self.draw.random() < NUL else text

    def text(self, name: str, kind: str) -> str:
        """Return a text; names and aliases come from one shelf, so that they meet."""
        draw = self.draw
        if name in ("name", "title", "aliases", "alias_list"):
            text = f"{self.prefix}{draw.choice(TEXTS)}{draw.randrange(25)}"
            return draw.choice((text, text, text, text.upper(), f" {text} "))
        if name == "sort_name":  # equal ones have no order of their own
            return f"{draw.choice(TEXTS)}{draw.randrange(10_000)}"
        if "date" in name:
            return draw.choice(DATES)
        if name in ("url", "urls"):
            return draw.choice(URLS)
        return draw.choice(TEXTS)
