"""Random pairs of a library and manifests without conflicting names and cycles.

    objects  some tags, studios and performers: on the server, in the manifests, or both
    names    no two objects share an alias; an old name belongs to the renamed object alone
    edges    on both sides from a later object to an earlier one, so both together have no cycle
    fields   absent, null or a value; lists also as members to add and remove

Everything else is random. The names are harmless; hostile ones have tests of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Content = dict[str, list[dict[str, Any]]]

TAGS = ["Travel", "camera", "Éclair", "a_b", "B&W", "Drone", "200%", "Wide shot"]
STUDIOS = ["Northlight", "Harbour & Sons", "NL!", "digits 24", "Süd"]
PERFORMERS = ["Ada Example", "Ben Example", "Cleo", "D'Arc", "Ève"]
ENDPOINTS = ["https://one.example/graphql", "https://two.example/graphql"]

_TEXT = st.sampled_from(["", "plain", "two\nlines", "trimmed  ", "ünï", "No", "007"])
_DATES = st.sampled_from(["1980", "1981-02", "1982-03-04"])
_FLAGS = st.booleans()
_RATING = st.integers(0, 100)


@dataclass(frozen=True)
class Pair:
    """The content of the server, and that of the manifests."""

    library: Content
    manifest: Content


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Draw a pair whose manifests declare at least one object."""
    library: Content = {}
    manifest: Content = {}
    for section, names in (("tags", TAGS), ("studios", STUDIOS), ("performers", PERFORMERS)):
        have, want = _section(draw, section, names, library, manifest)
        library[section], manifest[section] = have, want
    if not any(manifest.values()):
        manifest["tags"] = [{"name": "Somewhere"}]
    return Pair(library, {section: group for section, group in manifest.items() if group})


def _section(
    draw: st.DrawFn, section: str, names: list[str], library: Content, manifest: Content
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw both sides of one section, in the order of `names`, so that parents come first."""
    have: list[dict[str, Any]] = []
    want: list[dict[str, Any]] = []
    for name in names:
        where = draw(st.sampled_from(["neither", "server", "manifest", "both", "both", "both"]))
        old = name
        if where == "both" and draw(st.integers(0, 4)) == 0:
            old = f"old {name}"
        if where in ("server", "both"):
            above = [entry["name"] for entry in have]
            tags = [entry["name"] for entry in library.get("tags", have)]
            have.append({"name": old, **_observed(draw, section, name, above, tags)})
        if where in ("manifest", "both"):
            above = [entry["name"] for entry in want]
            tags = [entry["name"] for entry in manifest.get("tags", want)]
            item = {"name": name, **_desired(draw, section, name, above, tags)}
            if old != name:
                item["renamed_from"] = [old, f"older {name}"]
                item["keep_old_name"] = draw(_FLAGS)
            want.append(item)
    return have, want


def _aliases(name: str) -> list[str]:
    return [f"{name} one", f"{name} two", f"{name} three"]


def _values(section: str, name: str, above: list[str], tags: list[str]) -> dict[str, Any]:
    """Return a strategy for each field; lists are drawn as sets of members."""
    some_tags = st.lists(st.sampled_from(tags), unique=True, max_size=3) if tags else st.just([])
    ids = st.dictionaries(st.sampled_from(ENDPOINTS), st.sampled_from([f"{name} a", f"{name} b"]))
    shared: dict[str, Any] = {
        "aliases": st.lists(st.sampled_from(_aliases(name)), unique=True),
        "ignore_auto_tag": _FLAGS,
        "favorite": _FLAGS,
        "stash_ids": ids,
    }
    if section == "tags":
        parents = st.lists(st.sampled_from(above), unique=True, max_size=2)
        return {
            **shared,
            "description": _TEXT,
            "sort_name": _TEXT,
            "parents": parents if above else st.just([]),
        }
    shared |= {
        "urls": st.lists(st.sampled_from(["https://a.example", "https://b.example"]), unique=True),
        "details": _TEXT,
        "rating100": _RATING,
        "tags": some_tags,
    }
    if section == "studios":
        return {**shared, "parent": st.sampled_from(above) if above else st.none()}
    fields = st.dictionaries(
        st.sampled_from(["agency", "size"]), st.sampled_from(["North", 3, 2.5, True])
    )
    return {
        **shared,
        "birthdate": _DATES,
        "gender": st.sampled_from(["FEMALE", "NON_BINARY"]),
        "height_cm": st.integers(100, 220),
        "penis_length": st.sampled_from([1.5, 2.0]),
        "custom_fields": fields,
    }


LISTS = ("aliases", "tags", "parents", "urls")
NULLABLE = ("description", "details", "rating100", "birthdate", "gender", "parent", "custom_fields")


def _observed(
    draw: st.DrawFn, section: str, name: str, above: list[str], tags: list[str]
) -> dict[str, Any]:
    item = {}
    for field, strategy in _values(section, name, above, tags).items():
        if draw(_FLAGS):
            value = draw(strategy)
            if value is not None:
                item[field] = value
    return item


def _desired(
    draw: st.DrawFn, section: str, name: str, above: list[str], tags: list[str]
) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for field, strategy in _values(section, name, above, tags).items():
        form = draw(st.sampled_from(["absent", "value", "value", "null", "members"]))
        if form == "value":
            item[field] = draw(strategy)
        elif form == "null" and field in (*LISTS, *NULLABLE):
            item[field] = None
        elif form == "members" and field in LISTS:
            add, remove = draw(strategy), draw(strategy)
            remove = [entry for entry in remove if entry not in add]
            if add or remove:
                item[field] = {"add": add, "remove": remove}
    return item
