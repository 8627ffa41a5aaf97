"""What a sandbox and a server are asked, drawn by lot, and what they say, in common words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
from graphql import GraphQLObjectType, get_named_type

from stashsync.sandbox import Sandbox
from stashsync.sandbox.schema import schema_of
from tests.sandbox.client import post

KINDS = ("Tag", "Studio", "Performer", "Group", "Scene", "Gallery")
RELATIONS = {
    "parent_id": "Studio",
    "studio_id": "Studio",
    "parent_ids": "Tag",
    "tag_ids": "Tag",
    "performer_ids": "Performer",
    "gallery_ids": "Gallery",
    "scene_ids": "Scene",
}
LISTS = {"Gallery": "galleries"}
LEFT_OUT = ("created_at", "updated_at", "paths", "image", "image_path", "movie_count")
TEXTS = ("Lake", "two words", "100% wool", "M9", "M10", "", " x ")
DATES = ("2020", "2020-05", "2020-01-02", "soon", "")
WORDS = ("INCLUDES", "EXCLUDES", "EQUALS", "NOT_EQUALS", "IS_NULL", "NOT_NULL", "MATCHES_REGEX")
NUMBERS = ("EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN", "BETWEEN", "IS_NULL", "NOT_NULL")
TIES = ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "IS_NULL", "NOT_NULL", "EQUALS")


def title_of(kind: str) -> str:
    """Return the field that holds what an object is called."""
    return "title" if kind in ("Scene", "Gallery") else "name"


def is_old(release: str) -> bool:
    """Whether it is older than v0.30.0."""
    return release.startswith(("0.27", "0.28", "0.29"))


@dataclass(frozen=True)
class Made:
    """Something that both have, each under an id of its own."""

    kind: str
    number: int


@dataclass
class Side:
    """One of the two."""

    target: Sandbox | httpx.Client
    ids: dict[Made, str] = field(default_factory=dict)
    unordered: bool = False
    prefix: str = ""

    def named(self, kind: str) -> list[str]:
        """Return the ids of all whose name begins as those of this test do, registered or not."""
        plural, title = LISTS.get(kind, f"{kind.lower()}s"), title_of(kind)
        document = (
            f"query($w: {kind}FilterType) {{ found: find{plural.capitalize()}"
            f"({kind.lower()}_filter: $w, filter: {{per_page: -1}}) "
            f"{{ rows: {plural} {{ id }} }} }}"
        )
        where = {title: {"value": f'"{self.prefix}"', "modifier": "INCLUDES"}}
        _, answer = self.ask(document, {"w": where})
        return [row["id"] for row in answer["data"]["found"]["rows"]] if self.prefix else []

    def ask(self, document: str, variables: dict[str, Any]) -> tuple[int, Any]:
        """Return the status and the answer, in words that both have in common."""
        variables = self._out(variables)
        if isinstance(self.target, Sandbox):
            response = post(self.target, document, **variables)
        else:
            body = {"query": document, "variables": variables}
            headers = {"Accept": "application/json"}
            response = self.target.post("/graphql", json=body, headers=headers)
        return response.status_code, response.json()

    def translated(self, value: Any) -> Any:
        """`value` with what was made in the place of ids; unknown objects are left out."""
        known = {(made.kind, id_): made for made, id_ in self.ids.items()}

        def of(node: Any) -> Any:
            if isinstance(node, list):
                return [item for item in map(of, node) if item != "unknown"]
            if not isinstance(node, dict):
                return node
            kind = node.get("__typename")
            if "id" in node and kind in KINDS:
                made = known.get((kind, node["id"]))
                return {**{k: of(v) for k, v in node.items()}, "id": made} if made else "unknown"
            return {key: of(item) for key, item in node.items()}

        return of(value)

    def _out(self, value: Any) -> Any:
        if isinstance(value, Made):
            return self.ids[value]
        if isinstance(value, dict):
            return {key: self._out(item) for key, item in value.items()}
        return [self._out(item) for item in value] if isinstance(value, list) else value


@dataclass
class Asker:
    """Draws what is asked."""

    draw: Random
    prefix: str
    release: str
    made: dict[str, list[Made]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def reference(self, kind: str) -> Any:
        there = self.made[kind]
        return self.draw.choice(there) if there and self.draw.random() < 0.97 else "999999"

    def value(self, name: str, type_: str) -> Any:
        draw = self.draw
        if name in RELATIONS:
            if name.endswith("_id"):
                return self.reference(RELATIONS[name])
            return [self.reference(RELATIONS[name]) for _ in range(draw.randrange(3))]
        if name in ("name", "title"):
            return f"{self.prefix}{draw.choice(TEXTS)}{draw.randrange(60)}"
        if name in ("aliases", "alias_list"):
            alias = f"{self.prefix}{draw.choice('abc')}{draw.randrange(99)}"
            return alias if type_ == "String" else [alias]
        if "date" in name:
            return draw.choice(DATES)
        drawn: dict[str, tuple[Any, ...]] = {
            "String": TEXTS,
            "Int": (0, 1, 50, 100, -1),
            "Float": (0, 1.5, 10),
            "Boolean": (True, False),
            "GenderEnum": ("MALE", "FEMALE"),
            "CircumisedEnum": ("CUT", "UNCUT"),
        }
        if name == "urls":
            return [draw.choice(("https://a.example", "https://b.example", ""))]
        return draw.choice(drawn[type_]) if type_ in drawn else None

    def given(self, type_name: str) -> dict[str, Any]:
        """Return an input with some of its fields."""
        fields: Any = schema_of(self.release).type_map[type_name]
        result = {}
        for name, field_ in fields.fields.items():
            type_ = get_named_type(field_.type).name
            if name in ("name", "title") or (not field_.deprecation_reason and self._lucky(name)):
                value = self.value(name, type_)
                if value is not None:
                    result[name] = value
        return result

    def _lucky(self, name: str) -> bool:
        plain = name not in ("id", "image", "child_ids", "play_duration", "resume_time")
        return plain and not name.endswith("_image") and self.draw.random() < 0.3

    def mutation(self) -> tuple[str, str, Any, str]:
        """Return the field, its input's type and value, and the kind."""
        kind = self.draw.choice(KINDS)
        word = kind[0].lower() + kind[1:]
        what = self.draw.choices(("Create", "Update", "Destroy"), (5, 4, 0.5))[0]
        if what == "Destroy":
            ids = self.reference(kind)
            given: Any = {"ids": [ids]} if kind == "Gallery" else {"id": ids}
        else:
            given = self.given(f"{kind}{what}Input")
            if what == "Update":
                given["id"] = self.reference(kind)
        return f"{word}{what}", f"{kind}{what}Input!", given, kind

    def find(self) -> tuple[str, dict[str, Any]]:
        """Return a find among what was made, and its variables."""
        draw = self.draw
        kind = draw.choice(KINDS)
        word, listed = kind.lower(), LISTS.get(kind, f"{kind.lower()}s")
        type_: Any = schema_of(self.release).type_map[f"{kind}FilterType"]
        old = kind == "Studio" and is_old(self.release)
        names = [
            name
            for name in type_.fields
            if self._criterion(name, type_.fields[name]) and not (old and name == "url")
        ]
        name = draw.choice(names)
        title = title_of(kind)
        where = {
            title: {"value": f'"{self.prefix}"', "modifier": "INCLUDES"},
            draw.choice(("AND", "NOT") if name in title else ("AND",)): {
                name: self._criterion(name, type_.fields[name])
            },
        }
        sorts = ("id", title, "rating" if kind != "Tag" else "name", "tag_count")
        sort = draw.choice(sorts[:3] if old else sorts)
        direction = draw.choice(("ASC", "DESC"))
        page: dict[str, Any] = {"sort": sort, "direction": direction, "per_page": -1}
        if draw.random() < 0.3:
            page |= {"per_page": 3, "page": draw.randrange(4)}
        document = (
            f"query($w: {kind}FilterType, $f: FindFilterType) {{ found: find{listed.capitalize()}"
            f"({word}_filter: $w, filter: $f) {{ count {listed} {{ {self.selection(kind)} }} }} }}"
        )
        return document, {"w": where, "f": page}

    def _criterion(self, name: str, field: Any) -> Any:
        draw, type_ = self.draw, get_named_type(field.type).name
        if name == "favorite" or name == "organized":
            return draw.choice((True, False))
        if type_ == "StringCriterionInput" and name not in ("path", "checksum", "phash", "oshash"):
            value = draw.choice((self.prefix, "a", "x y"))
            return {"value": value, "modifier": draw.choice(WORDS)}
        if type_ == "IntCriterionInput" and name in ("rating100", "tag_count", "scene_count"):
            return {
                "value": draw.choice((0, 1, 50)),
                "value2": 60,
                "modifier": draw.choice(NUMBERS),
            }
        if type_ == "HierarchicalMultiCriterionInput" and name == "tags":
            ids = [self.reference("Tag") for _ in range(draw.randrange(3))]
            return {"value": ids, "modifier": draw.choice(TIES)}
        return None

    def selection(self, kind: str) -> str:
        """Return the plain fields of a kind, and who it is related to."""
        type_ = schema_of(self.release).type_map[kind]
        assert isinstance(type_, GraphQLObjectType)
        parts = ["__typename"]
        for name, field_ in type_.fields.items():
            inner = get_named_type(field_.type)
            if field_.deprecation_reason or name in LEFT_OUT or name.endswith("_path"):
                continue
            if not isinstance(inner, GraphQLObjectType):
                if inner.name != "Time":
                    parts.append(name)
            elif inner.name in KINDS and not field_.args:
                parts.append(f"{name} {{ __typename id }}")
        return " ".join(parts)


def essence(error: dict[str, Any]) -> tuple[Any, str]:
    """Where an error is, and its words without numbers and statements."""
    message = re.sub(r"executing `.*]]: ", "", error["message"])
    message = message if "constraint failed" not in message else "constraint failed"
    return tuple(error.get("path") or ()), re.sub(r"\d+", "#", message)


def unordered(value: Any) -> Any:
    """Return the same, with what is related in any order."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, dict) and len(item) == 2 for item in value):
        return sorted(value, key=str)
    return [unordered(item) for item in value] if isinstance(value, list) else value
