"""Random libraries as nested items, and random edits of them on the server."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from stashsync.kinds import KINDS
from stashsync.sandbox.library import Library
from stashsync.sandbox.library.refusals import Refusal

RELEASE = "0.30.1"
FIELDS = {
    "tag": ("name", "description", "aliases", "favorite", "parents"),
    "studio": ("name", "details", "aliases", "urls", "parent", "tags"),
    "performer": ("name", "disambiguation", "details", "aliases", "urls", "tags", "custom_fields"),
    "group": ("name", "date", "synopsis", "urls", "tags", "sub_groups"),
}
NAMES = {
    "tag": ["Camera", "Wide shot", "Drone", "No", "12:30", "a: b", "B&W", "Éclair", "it's", "200%"],
    "studio": ["Northlight", "Harbour & Sons", "NL!", "digits 24"],
    "performer": ["Ada Example", "Ben", "D'Arc", "Ève"],
    "group": ["Walks", "Around: the lake", "Swim", "Run #2", "Jump"],
}
TEXT = {"tag": "description", "studio": "details", "performer": "details", "group": "synopsis"}
DATES = ["2019", "2020-05", "2020-05-01"]
TEXTS = [
    "how it was filmed", "one", "two\nlines", "three\n\nlines\nhere", "a: b # c", "No",
    "it's \"so\"",
    "a long text of several words that goes on and on", "#no comment", "- x", "'quoted'", "007",
    "the same", "the same", "a first line of words\nand a second of more\n\nand a third",
]  # fmt: skip
WORDS = ["Cam", "Lens", "x, y", "Tight", "far", "no", "1", "[z]", "üb", "a #1"]
URLS = [f"https://{name}.example" for name in ("a", "b", "c", "d?x=1&y=#z")]


def fill(library: Library, random: Random) -> dict[str, list[Any]]:
    """Fill a library at random; return its content as nested items."""
    content: dict[str, list[Any]] = {}
    ids: dict[str, dict[str, str]] = {kind: {} for kind in NAMES}
    for kind, names in NAMES.items():
        items: dict[str, dict[str, Any]] = {}
        outer: list[dict[str, Any]] = []
        most = {"tag": 8, "group": 5}.get(kind, 3)
        count = random.randint(2 if kind == "tag" else 0, most)
        for name in random.sample(names, min(count, len(names))):
            item: dict[str, Any] = {"name": name}
            given: dict[str, Any] = {"name": name}
            item |= _some_fields(kind, name, random)
            given |= _as_input(kind, item)
            if "tags" in item:
                item["tags"] = random.sample(sorted(ids["tag"]), min(2, len(ids["tag"])))
                given["tag_ids"] = [ids["tag"][each] for each in item["tags"]]
            above = random.choice(sorted(items)) if items and random.random() < 0.6 else None
            if kind in ("performer", "group"):
                above = None
            if kind == "group":
                _fill_group(item, given, list(items.values()), ids[kind], random)
            siblings = outer
            if above is not None:
                siblings = items[above].setdefault("children", [])
                parent = ids[kind][above]
                given |= {"parent_ids": [parent]} if kind == "tag" else {"parent_id": parent}
                second = random.choice(sorted(items))
                if kind == "tag" and second != above and random.random() < 0.2:
                    item["parents"] = [second]
                    given["parent_ids"].append(ids[kind][second])
            _own_some(kind, item, given, random)
            made: Any = library.mutate(KINDS[kind].create_mutation, {"input": given})
            ids[kind][name] = str(made["id"])
            items[name] = item
            siblings.append(item)
        if outer:
            content[KINDS[kind].plural] = [_shortened(item, random) for item in outer]
    return content


def _fill_group(
    item: dict[str, Any],
    given: dict[str, Any],
    others: list[dict[str, Any]],
    ids: dict[str, str],
    random: Random,
) -> None:
    """Give a group a date, and members with descriptions or without."""
    if random.random() < 0.3:
        item["date"] = given["date"] = random.choice(DATES)
    if not others or random.random() < 0.4:
        return
    item["sub_groups"], given["sub_groups"] = [], []
    for other in random.sample(others, random.randint(1, len(others))):
        name = KINDS["group"].label(other) if random.random() < 0.3 else other["name"]
        text = random.choice(TEXTS) if random.random() < 0.5 else ""
        managed = text and random.random() < 0.8
        item["sub_groups"].append({"group": name, "description": text} if managed else name)
        given["sub_groups"].append({"group_id": ids[other["name"]], "description": text})


def _shortened(item: dict[str, Any], random: Random) -> Any:
    if "children" in item:
        item["children"] = [_shortened(child, random) for child in item["children"]]
    return item["name"] if len(item) == 1 and random.random() < 0.8 else item


def _some_fields(kind: str, name: str, random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if random.random() < 0.5:
        found[TEXT[kind]] = random.choice(TEXTS)
    if kind != "group" and random.random() < 0.5:
        found["aliases"] = [f"{name} {word}" for word in random.sample(WORDS, random.randint(1, 3))]
    if kind == "tag" and random.random() < 0.3:
        found["favorite"] = True
    if kind != "tag" and random.random() < 0.5:
        found["urls"] = random.sample(URLS, random.randint(1, 4))
    if kind != "tag" and random.random() < 0.5:
        found["tags"] = []
    if kind == "performer" and random.random() < 0.4:
        found["custom_fields"] = {word: random.choice(TEXTS) for word in random.sample(WORDS, 2)}
    return found


def _own_some(kind: str, item: dict[str, Any], given: dict[str, Any], random: Random) -> None:
    """Write some lists as owned in part: `{add: [...], remove: [...]}`."""
    owned = [("aliases", WORDS), ("urls", URLS), ("tags", NAMES["tag"])]
    for name, others in [*owned, ("sub_groups", ["Jump", "Swim"])]:
        members = item.get(name)
        if not members or random.random() > 0.15:
            continue
        other = random.choice(others)
        other = f"{item['name']} {other}" if name == "aliases" else other
        item[name] = {"add": members}
        if other in members:
            continue
        if name == "sub_groups":
            named = [each if isinstance(each, str) else each["group"] for each in members]
            if other not in [item["name"], *(each.partition(" (")[0] for each in named)]:
                item[name]["remove"] = [other]
        elif name != "tags" and random.random() < 0.3:  # a member that the manifest does not own
            given[KINDS[kind].fields[name].input].append(other)
        elif random.random() < 0.5:
            item[name]["remove"] = [other]


def _as_input(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        KINDS[kind].fields[name].input: list(value) if isinstance(value, list) else value
        for name, value in item.items()
        if name not in ("tags", "children", "parents", "date", "sub_groups")
    }


def change_library(library: Library, random: Random) -> str:
    """Make one random edit; return the words of the lines that may change by it, as JSON."""
    kind = random.choice(["tag", "tag", "tag", "studio", "performer", "group"])
    answer: Any = library.query(KINDS[kind].find_many, {"filter": {"per_page": -1, "sort": "id"}})
    rows = {library.resolve(row, "name", {}): row for row in answer[KINDS[kind].plural]}
    whats = ["text", "text", "rename", "aliases", "move", "gone", "flag", "list", "new"]
    what = random.choice([*whats, "members", "members", "date"] if kind == "group" else whats)
    if not rows and what == "new":  # the kind has no section yet
        library.mutate(KINDS[kind].create_mutation, {"input": {"name": "First"}})
    if not rows:
        return "[]"
    name = random.choice(sorted(rows))
    row = rows[name]
    fields: dict[str, Any] = {"id": str(row["id"])}
    words = [name, name.lower()]
    try:
        if what == "gone":
            library.mutate(KINDS[kind].mutations.destroy, {"input": {"id": fields["id"]}})
            return json.dumps([*words, "children", "tags", "sub_groups"])
        if what == "new":
            new = f"New {random.randint(1, 999)}"
            above = {"parent_ids": [fields["id"]]} if kind == "tag" else {}
            library.mutate(KINDS[kind].create_mutation, {"input": {"name": new, **above}})
            return json.dumps([*words, "children"] if above else [])
        words += _change(library, random, kind, what, rows, name, fields)
        library.mutate(KINDS[kind].update_mutation, {"input": fields})
    except Refusal:
        return "[]"
    return json.dumps(words)


def _change(
    library: Library, random: Random, kind: str, what: str, rows: Any, name: str, fields: Any
) -> list[str]:
    text, alias = TEXT[kind], KINDS[kind].fields["aliases"]
    if what == "rename":
        fields["name"] = name + random.choice([" 2", " it's", ": x", " (new)"])
        return []
    if what == "move" and kind in ("tag", "studio"):
        other = random.choice([*sorted(rows), ""])
        target = str(rows[other]["id"]) if other and other != name else None
        fields |= (
            {"parent_ids": [target] if target else []} if kind == "tag" else {"parent_id": target}
        )
        return [other, other.lower(), "children"]
    if what == "members":
        fields["sub_groups"] = _other_members(library, rows, name, random)
        return ["sub_groups", *rows, *map(str.lower, rows)]
    if what == "date":
        fields["date"] = random.choice([*DATES, ""])
        return ["date", "sub_groups"]
    if what == "aliases" and kind != "group":
        old = list(library.resolve(rows[name], alias.output, {}))
        fields[alias.input] = _shuffled(old, [f"{name} {word}" for word in WORDS], random)
        return ["aliases"]
    if what == "list" and kind != "tag":
        old = list(library.resolve(rows[name], "urls", {}))
        fields["urls"] = _shuffled(old, URLS, random, keep=False)
        return ["urls"]
    if what == "flag" and kind == "tag":
        fields["favorite"] = random.random() < 0.5
        return ["favorite"]
    old_text: str = library.resolve(rows[name], text, {}) or ""
    kept: list[str] = old_text.split(" ")
    kept[random.randrange(len(kept))] = random.choice(["word", "other words", "", "x\ny", "\n\n"])
    fields[text] = random.choice([" ".join(kept).strip(), random.choice(TEXTS), ""])
    return [text]


def _other_members(
    library: Library, rows: dict[str, Any], name: str, random: Random
) -> list[dict[str, str]]:
    """Return the members of a group, some gone, some new, in another order or described anew."""
    found = [
        {"group_id": str(member["group"]["id"]), "description": member["description"] or ""}
        for member in library.resolve(rows[name], "sub_groups", {})
        if random.random() < 0.7
    ]
    known = {member["group_id"] for member in found}
    for other in random.sample(sorted(rows), random.randint(0, len(rows))):
        identifier = str(rows[other]["id"])
        if other != name and identifier not in known and random.random() < 0.4:
            found.append({"group_id": identifier, "description": random.choice(["", *TEXTS])})
    for member in found:
        if random.random() < 0.3:
            member["description"] = random.choice(["", *TEXTS])
    if random.random() < 0.4:
        random.shuffle(found)
    return found


def _shuffled(old: list[str], new: list[str], random: Random, *, keep: bool = True) -> list[str]:
    found = [each for each in old if random.random() < 0.7]
    if not keep and random.random() < 0.5:
        random.shuffle(found)
    for each in random.sample(new, random.randint(0, 2)):
        if each not in found:
            found.insert(random.randint(0, len(found)) if not keep else len(found), each)
    return found
