"""What a sandbox and a server are asked, drawn by lot, and what they answer, in common words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type

from stashsync.kinds import ENTITIES, Kind
from stashsync.kinds.registry import NAME_OF_TYPE
from stashsync.sandbox import Sandbox
from stashsync.sandbox.schema import schema_of
from tests.live.inputs import KINDS, Inputs, Made, title_of
from tests.sandbox.client import post

LEFT_OUT = ("created_at", "updated_at", "paths", "image", "image_path", "movie_count",
            "stream", "preview", "screenshot")  # fmt: skip
NESTED = {
    "stash_ids": "stash_ids { endpoint stash_id }",
    "groups": "groups { group { __typename id } scene_index }",
    "sub_groups": "sub_groups { group { __typename id } description }",
    "containing_groups": "containing_groups { group { __typename id } description }",
}
WORDS = ("INCLUDES", "EXCLUDES", "EQUALS", "NOT_EQUALS", "IS_NULL", "NOT_NULL", "MATCHES_REGEX")
NUMBERS = ("EQUALS", "NOT_EQUALS", "GREATER_THAN", "LESS_THAN", "BETWEEN", "IS_NULL", "NOT_NULL")
TIES = ("INCLUDES", "INCLUDES_ALL", "EXCLUDES", "IS_NULL", "NOT_NULL", "EQUALS")
MERGES = {"Tag": "TagsMergeInput", "Performer": "PerformerMergeInput", "Scene": "SceneMergeInput"}
SUB_GROUPS = {
    "addGroupSubGroups": "GroupSubGroupAddInput",
    "removeGroupSubGroups": "GroupSubGroupRemoveInput",
    "reorderSubGroups": "ReorderSubGroupsInput",
}


def table(kind: str) -> Kind:
    """Return the table of a kind by the name of its type."""
    return ENTITIES[NAME_OF_TYPE[kind]]


def is_old(release: str) -> bool:
    """Return whether a release is older than v0.30.0."""
    return release.startswith(("0.27", "0.28", "0.29"))


@dataclass
class Side:
    """One of the two."""

    target: Sandbox | httpx.Client
    ids: dict[Made, str] = field(default_factory=dict)
    unordered: bool = False
    prefix: str = ""

    def named(self, kind: str) -> list[str]:
        """Return the ids of all whose name has the prefix of this test, registered or not."""
        spec, title = table(kind), title_of(kind)
        if not self.prefix:
            return []
        if kind == "SavedFilter":
            _, answer = self.ask("{ rows: findSavedFilters { id name } }", {})
            return [row["id"] for row in answer["data"]["rows"] if self.prefix in row["name"]]
        document = (
            f"query($w: {kind}FilterType) {{ found: {spec.find_many}"
            f"({spec.filter_argument}: $w, filter: {{per_page: -1}}) "
            f"{{ rows: {spec.plural} {{ id }} }} }}"
        )
        where = {title: {"value": f'"{self.prefix}"', "modifier": "INCLUDES"}}
        _, answer = self.ask(document, {"w": where})
        return [row["id"] for row in answer["data"]["found"]["rows"]]

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

        return _in_any_order(of(value))

    def _out(self, value: Any) -> Any:
        if isinstance(value, Made):
            return self.ids[value]
        if isinstance(value, dict):
            return {key: self._out(item) for key, item in value.items()}
        return [self._out(item) for item in value] if isinstance(value, list) else value


def _in_any_order(value: Any) -> Any:
    """Sort what has no order of its own: the database takes it as it finds it quickest.

    Source: docs/stash-behaviour.md#order
    """
    if isinstance(value, list):
        return [_in_any_order(node) for node in value]
    if not isinstance(value, dict):
        return value
    of_performer = value.get("__typename") == "Performer"
    loose = ("stash_ids", "aliases", *(("groups",) if of_performer else ()))
    return {
        name: sorted(node, key=str)
        if name in loose and isinstance(node, list)
        else _in_any_order(node)
        for name, node in value.items()
    }


@dataclass(frozen=True)
class Asked:
    """One mutation of a document: its field, its argument, and what becomes of what was made."""

    field: str
    argument: str
    type: str
    value: Any
    kind: str
    answers: bool = True
    gone: tuple[Any, ...] = ()

    @property
    def creates(self) -> bool:
        """Return whether the answer is a new object."""
        return "Create" in self.field or (self.kind == "SavedFilter" and self.answers)


@dataclass
class Asker(Inputs):
    """Draws what is asked."""

    def mutation(self) -> Asked:
        """Return a mutation of any kind, single or of many."""
        draw = self.draw
        kind = draw.choice(KINDS)
        spec = table(kind)
        if kind == "SavedFilter":
            return self._saved_filter()
        made = len(self.made[kind])
        ways = {
            self._create: 6 if made < 40 else 2, self._update: 5, self._bulk: 4,
            self._destroy: 0.5, self._merge: 0.6 if kind in MERGES else 0,
            self._sub_groups: 2 if kind == "Group" else 0,
        }  # fmt: skip
        (way,) = draw.choices(list(ways), list(ways.values()))
        asked = way(kind, spec)
        there = schema_of(self.release).mutation_type
        assert there is not None
        return asked if asked.field in there.fields else self._update(kind, spec)

    def _create(self, kind: str, spec: Kind) -> Asked:
        given = self.input(spec.create_input, kind)
        return Asked(spec.create_mutation, "input", f"{spec.create_input}!", given, kind)

    def _update(self, kind: str, spec: Kind) -> Asked:
        given = {**self.input(spec.update_input, kind), "id": self.reference(kind)}
        return Asked(spec.update_mutation, "input", f"{spec.update_input}!", given, kind)

    def _bulk(self, kind: str, spec: Kind) -> Asked:
        if spec.bulk_input not in schema_of(self.release).type_map:
            return self._update(kind, spec)
        given = {**self.input(spec.bulk_input, kind), "ids": self.references(kind, 4)}
        return Asked(spec.bulk_mutation, "input", f"{spec.bulk_input}!", given, kind)

    def _destroy(self, kind: str, spec: Kind) -> Asked:
        if spec.destroy_many and not spec.mutations.destroy_options and self.draw.random() < 0.4:
            ids = self.references(kind, 2)
            return Asked(spec.destroy_many, "ids", "[ID!]!", ids, kind, False, tuple(ids))
        target = self.reference(kind)
        argument, type_, value = spec.mutations.destroying([target], {})
        return Asked(spec.mutations.destroy, argument, type_, value, kind, False, (target,))

    def _merge(self, kind: str, spec: Kind) -> Asked:
        sources = self.references(kind, 2)
        given = {"source": sources, "destination": self.reference(kind)}
        gone = tuple(source for source in sources if source != given["destination"])
        return Asked(spec.mutations.merge, "input", f"{MERGES[kind]}!", given, kind, True, gone)

    def _sub_groups(self, kind: str, spec: Kind) -> Asked:  # a way like the others
        name = self.draw.choice(list(SUB_GROUPS))
        given = self.input(SUB_GROUPS[name], kind)
        return Asked(name, "input", f"{SUB_GROUPS[name]}!", given, kind, False)

    def _saved_filter(self) -> Asked:
        kind, draw = "SavedFilter", self.draw
        if draw.random() < 0.15:
            target = self.reference(kind)
            given = {"id": target}
            return Asked(
                "destroySavedFilter", "input", "DestroyFilterInput!", given, kind, False, (target,)
            )
        given = self.input("SaveFilterInput", kind)
        if draw.random() < 0.5:
            given["find_filter"] = {"q": draw.choice(("", "x")), "per_page": draw.choice((0, 40))}
        if draw.random() < 0.5:
            given["object_filter"] = {"title": {"value": "x", "modifier": "EQUALS"}, "n": [1, 2.5]}
        if draw.random() < 0.5 and self.made[kind]:
            given["id"] = self.reference(kind)
        return Asked("saveFilter", "input", "SaveFilterInput!", given, kind)

    # -- finds ----------------------------------------------------------------------------------

    def find(self) -> tuple[str, dict[str, Any]]:
        """Return a find among what was made, and its variables."""
        draw = self.draw
        kind = draw.choice([name for name in KINDS if name not in ("SceneMarker", "SavedFilter")])
        spec = table(kind)
        type_: Any = schema_of(self.release).type_map[spec.filter_type]
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
            f"query($w: {kind}FilterType, $f: FindFilterType) {{ found: {spec.find_many}"
            f"({spec.filter_argument}: $w, filter: $f) "
            f"{{ count {spec.plural} {{ {self.selection(kind)} }} }} }}"
        )
        return document, {"w": where, "f": page}

    def reading(self) -> tuple[str, dict[str, Any]]:
        """Return a reading of one object: what a mutation left of it."""
        kind = self.draw.choice([name for name in KINDS if self.made[name]] or ["Tag"])
        if kind == "SceneMarker":  # which has no search for one
            rows = f"scene_markers {{ {self.selection(kind)} }}"
            text = f"query($i: [ID!]) {{ found: findSceneMarkers(ids: $i) {{ count {rows} }} }}"
            return text, {"i": [self.reference(kind)]}
        text = f"query($i: ID!) {{ found: find{kind}(id: $i) {{ {self.selection(kind)} }} }}"
        return text, {"i": self.reference(kind)}

    def _criterion(self, name: str, field: Any) -> Any:
        draw, type_ = self.draw, get_named_type(field.type).name
        if name in ("favorite", "organized"):
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

    def selection(self, kind: str, *, alone: bool = True) -> str:
        """Return the plain fields of a kind, and who it is related to.

        Custom fields are left out where it is not `alone` in its document: those that the document
        has read before are not read again (docs/stash-behaviour.md#custom-fields).
        """
        type_ = schema_of(self.release).type_map[kind]
        assert isinstance(type_, GraphQLObjectType)
        parts = ["__typename"]
        for name, node in type_.fields.items():
            inner = get_named_type(node.type)
            if node.deprecation_reason or name in LEFT_OUT or name.endswith("_path"):
                continue
            if name == "custom_fields" and not alone:
                continue
            if name in NESTED and not (name == "groups" and kind != "Scene"):
                parts.append(NESTED[name])
            elif not isinstance(inner, GraphQLObjectType | GraphQLUnionType):
                if inner.name != "Time":
                    parts.append(name)
            elif inner.name in KINDS and not node.args:
                parts.append(f"{name} {{ __typename id }}")
        return " ".join(parts)


def essence(error: dict[str, Any]) -> tuple[Any, str]:
    """Return the path of an error, and its message without numbers and SQL statements."""
    message = re.sub(r"executing `.*]]: ", "", error["message"])
    message = message if "constraint failed" not in message else "constraint failed"
    message = re.sub(r"\(.*->.*\)$", "(one of the ways there)", message)
    return tuple(error.get("path") or ()), re.sub(r"\d+", "#", message)


def unordered(value: Any) -> Any:
    """Return the same, with what is related in any order."""
    if isinstance(value, dict):
        return {key: unordered(node) for key, node in value.items()}
    if isinstance(value, list) and all(isinstance(node, dict) and len(node) == 2 for node in value):
        return sorted(value, key=str)
    return [unordered(node) for node in value] if isinstance(value, list) else value
