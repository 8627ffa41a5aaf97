"""Saved filters are exported and pulled with names in place of ids, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync.planner import Policy
from stashsync.pull.export import PullScope, fields_to_export, first_export
from stashsync.sandbox import Sandbox
from tests.pull.desk import Desk

NAME = "saved_filters.yaml"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty project beside a server with tags, studios and performers."""
    with Sandbox() as server:
        desk = Desk(tmp_path, server)
        for name in ("Travel", "Food", "Sea"):
            desk.create("tag", name=name)
        desk.create("studio", name="Northlight Media")
        desk.create("performer", name="Ada Example", disambiguation="Chef")
        desk.create("performer", name="Ada Example", disambiguation="Pilot")
        desk.create("group", name="Walks")
        yield desk


def member(identifier: str, label: str) -> dict[str, str]:
    """Return a criterion's member in the form that the server's pages write."""
    return {"id": identifier, "label": label}


def criterion(*items: dict[str, str], modifier: str = "INCLUDES_ALL", **more: Any) -> Any:
    """Return a criterion in the form that the server's pages write."""
    value = {"items": list(items), "excluded": [], "depth": 0, **more}
    return {"value": value, "modifier": modifier}


TRAVEL, FOOD, SEA = member("1", "Travel"), member("2", "Food"), member("3", "Sea")
ADA = {"value": {"items": [member("2", "Ada Example")], "excluded": []}, "modifier": "INCLUDES_ALL"}
WRITTEN: dict[str, Any] = {
    "find_filter": {"q": "", "page": 1, "per_page": 40, "sort": "date", "direction": "DESC"},
    "object_filter": {
        "tags": criterion(TRAVEL, SEA, excluded=[FOOD], depth=-1),
        "performer_tags": criterion(SEA),
        "performers": ADA,
        "studios": criterion(member("1", "Northlight Media"), modifier="INCLUDES"),
        "groups": criterion(member("1", "Walks"), modifier="EXCLUDES"),
        "galleries": {"value": [member("7", "Album")], "modifier": "INCLUDES"},
        "rating100": {"value": {"value": 60}, "modifier": "GREATER_THAN"},
        "organized": {"value": "true", "modifier": "EQUALS"},
        "is_missing": {"value": "No", "modifier": "EQUALS"},
        "resolution": {"value": None, "modifier": "NOT_NULL"},
        "custom_fields": [{"field": "12", "modifier": "EQUALS", "value": ["12", 12, 1.5, True]}],
    },
    "ui_options": {"display_mode": 0, "zoom_index": 1},
}
EXPORTED = """\
# yaml-language-server: $schema=../stashsync.schema.json
saved_filters:
  - name: All of it
    mode: SCENES
    find_filter:
      page: 1
      per_page: 40
      sort: date
      direction: DESC
    object_filter:
      custom_fields: [{field: '12', modifier: EQUALS, value: ['12', 12, 1.5, true]}]
      galleries:
        modifier: INCLUDES
        value: [{id: '7', label: Album}]
      groups:
        modifier: EXCLUDES
        value:
          depth: 0
          excluded: []
          items: [Walks]
      is_missing:
        modifier: EQUALS
        value: 'No'
      organized:
        modifier: EQUALS
        value: 'true'
      performer_tags: [Sea]
      performers: [Ada Example (Pilot)]
      rating100:
        modifier: GREATER_THAN
        value:
          value: 60
      resolution:
        modifier: NOT_NULL
        value: null
      studios: [Northlight Media]
      tags:
        modifier: INCLUDES_ALL
        value:
          depth: -1
          excluded: [Food]
          items: [Sea, Travel]
    ui_options:
      display_mode: 0
      zoom_index: 1
"""


def test_what_the_pages_write_is_exported_by_names(desk: Desk) -> None:
    """Every form of the server's pages is exported; then the plan is empty."""
    desk.create("saved_filter", mode="SCENES", name="All of it", **WRITTEN)
    desk.export()
    assert desk.read(NAME) == EXPORTED
    assert not desk.plan().changes
    assert not desk.pull().files


def test_what_a_manifest_cannot_name_stays_as_it_is(desk: Desk) -> None:
    """Deleted objects, forms that no page writes, and texts that look like a name are kept."""
    filters = {
        "tags": criterion(TRAVEL, member("99", "Gone")),
        "performers": {"value": [member("1", "Ada Example")], "modifier": "INCLUDES"},
        "studios": {"value": ["1"], "modifier": "INCLUDES", "depth": 0},
        "groups": ["1"],
        "scene_tags": {"value": {"items": [{"id": 1}]}, "modifier": "INCLUDES"},
        "children": {"as_is": 1},
        "containing_groups": "1",
        "sub_groups": {"modifier": "IS_NULL"},
    }
    desk.create("saved_filter", mode="SCENES", name="Odd", object_filter=filters)
    observed, _ = desk.look(fields_to_export(Policy()))
    exported = first_export(observed, "manifests", Policy())
    assert exported.notes == ()
    for name, text in exported.files.items():
        desk.write(text, Path(name).name)
    assert "      tags: [Travel, {id: '99', label: Gone}]\n" in desk.read(NAME)
    plan = desk.plan()
    assert not plan.changes
    assert [problem.message for problem in plan.warnings] == [
        'saved_filter "Odd (SCENES)" names the tag with the id 99, and there is none: it finds '
        "nothing by it"
    ]
    assert not desk.pull().files


def test_a_new_filter_comes_with_the_others(desk: Desk) -> None:
    """A new filter is written to the end of its section."""
    desk.create("saved_filter", mode="SCENES", name="One", object_filter={})
    desk.export()
    desk.create("saved_filter", mode="TAGS", name="One", object_filter={"tags": criterion(SEA)})
    desk.pull(PullScope(new=True))
    assert desk.read(NAME).endswith("""\
  - name: One
    mode: SCENES
  - name: One
    mode: TAGS
    object_filter:
      tags: [Sea]
""")
    assert not desk.plan().changes


BEGUN = """\
saved_filters:
  # what I look at
  - name: Mine
    mode: SCENES
    object_filter:
      # where
      tags: [travel, Food]  # not only
      # who
      performers: [Ada Example (Pilot)]
      # how
      organized: {value: "true", modifier: EQUALS}
"""


def start(desk: Desk, text: str = BEGUN) -> dict[str, Any]:
    """Write a filter to both sides and make a baseline; return its object filter on the server."""
    filters = {
        "tags": criterion(TRAVEL, FOOD),
        "performers": ADA,
        "organized": {"value": "true", "modifier": "EQUALS"},
    }
    desk.create("saved_filter", mode="SCENES", name="Mine", object_filter=filters)
    desk.write(text, NAME)
    assert not desk.plan().changes
    desk.agree()
    assert not desk.pull().files
    return filters


def save(desk: Desk, filters: dict[str, Any]) -> None:
    """Save the filter as the server's pages do."""
    desk.edit("saved_filter", "Mine", mode="SCENES", name="Mine", object_filter=filters)


def test_only_the_criteria_that_changed_are_written(desk: Desk) -> None:
    """The criteria that did not change keep their text and comments."""
    filters = start(desk)
    filters["organized"] = {"value": "false", "modifier": "EQUALS"}
    filters["studios"] = criterion(member("1", "Northlight Media"), modifier="INCLUDES")
    del filters["performers"]
    save(desk, filters)
    assert not desk.pull().manual_steps
    wanted = BEGUN.replace('"true"', '"false"')
    wanted = wanted.replace("      # who\n      performers: [Ada Example (Pilot)]\n", "")
    assert desk.read(NAME) == wanted + "      studios: [Northlight Media]\n"
    assert not desk.plan().changes


STYLES = """\
saved_filters:
- name: Mine
  mode: SCENES
  object_filter: {
    organized: {value: "true",   modifier: EQUALS},  # how
    performers: ["Ada Example (Pilot)"],
    tags: {modifier: "INCLUDES_ALL", value: {items: [travel, Food], excluded: [], depth: 0}},
  }
- name: Other
  mode: SCENES
  object_filter:
    tags:
      # of all of these
      modifier: INCLUDES_ALL
      value:
        excluded: []  # none
        depth: 0
        items:
        # far away
        - travel
        # at home
        - 'Food'   # eaten
    rating100:
      modifier: BETWEEN
      value: {value: 60, value2: 80}   # of 100
    custom_fields:
    # one by one
    - {field: 'Shot', value: [day,  night], modifier: EQUALS}
    - {field: Take, modifier: IS_NULL}
"""


def test_criteria_keep_their_style(desk: Desk) -> None:
    """Braces, order of keys, quotes, gaps and comments, in every criterion that changes."""
    first: dict[str, Any] = {
        "tags": criterion(TRAVEL, FOOD),
        "performers": ADA,
        "organized": {"value": "true", "modifier": "EQUALS"},
    }
    other: dict[str, Any] = {
        "tags": criterion(TRAVEL, FOOD),
        "rating100": {"value": {"value": 60, "value2": 80}, "modifier": "BETWEEN"},
        "custom_fields": [
            {"field": "Shot", "modifier": "EQUALS", "value": ["day", "night"]},
            {"field": "Take", "modifier": "IS_NULL"},
        ],
    }
    for name, filters in (("Mine", first), ("Other", other)):
        desk.create("saved_filter", mode="SCENES", name=name, object_filter=filters)
    desk.write("tags: [Travel]\n")
    desk.write(STYLES, NAME)
    assert not desk.plan().changes
    desk.agree()
    first["organized"]["value"] = "false"
    del first["performers"]
    first["tags"] = criterion(TRAVEL, FOOD, SEA, depth=-1)
    first["groups"] = criterion(member("1", "Walks"), modifier="EXCLUDES")
    other["tags"] = criterion(FOOD, SEA, excluded=[TRAVEL], modifier="INCLUDES")
    other["rating100"]["value"]["value2"] = 90
    other["custom_fields"][0]["value"] = ["day", "dusk"]
    for name, filters in (("Mine", first), ("Other", other)):
        desk.edit("saved_filter", name, mode="SCENES", name=name, object_filter=filters)
    assert not desk.pull().manual_steps
    new = "{modifier: EXCLUDES, value: {depth: 0, excluded: [], items: [Walks]}}"
    wanted = STYLES
    for before, after in [
        ('"true"', '"false"'),
        ('    performers: ["Ada Example (Pilot)"],\n', ""),
        (
            "[travel, Food], excluded: [], depth: 0}}",
            "[travel, Food, Sea], excluded: [], depth: -1}}",
        ),
        ("  }\n-", f"    groups: {new},\n  }}\n-"),
        ("modifier: INCLUDES_ALL\n", "modifier: INCLUDES\n"),
        ("excluded: []  # none", "excluded: [travel]  # none"),
        ("        # far away\n        - travel\n", ""),
        ("'Food'   # eaten\n", "'Food'   # eaten\n        - Sea\n"),
        ("value2: 80}   #", "value2: 90}   #"),
        ("[day,  night]", "[day, dusk]"),
    ]:
        assert wanted.count(before) == 1, before
        wanted = wanted.replace(before, after)
    assert desk.read(NAME) == wanted
    assert not desk.plan().changes


def test_a_renamed_tag_keeps_its_comment_in_a_filter(desk: Desk) -> None:
    """The name changes where it stands, in its quotes."""
    text = BEGUN.replace(
        "tags: [travel, Food]  # not only",
        "tags:\n      # far away\n      - 'Travel'  # by train\n      - Food",
    )
    start(desk, text)
    desk.write("tags: [Travel]\n")
    desk.agree()
    desk.edit("tag", "Travel", name="Trips")
    assert not desk.pull().manual_steps
    assert desk.read(NAME) == text.replace("'Travel'", "'Trips'")
    assert not desk.plan().changes


def test_both_sides_edit_different_criteria(desk: Desk) -> None:
    """The pull writes the server's edit, and the plan has the manifest's."""
    filters = start(desk)
    desk.write(BEGUN.replace("[travel, Food]", "[travel, Sea]"), NAME)
    filters["organized"] = {"value": "false", "modifier": "EQUALS"}
    save(desk, filters)
    desk.pull()
    assert "[travel, Sea]  # not only" in desk.read(NAME)
    assert '"false"' in desk.read(NAME)
    (change,) = desk.plan().changes
    assert change.label == "Mine (SCENES)"


@pytest.mark.parametrize("names", [["tags"], ["performers"], ["tags", "performers"]])
@pytest.mark.parametrize("flow", [False, True])
def test_criteria_can_go_in_any_number(desk: Desk, names: list[str], flow: bool) -> None:
    """Removed criteria leave the file, whether it is in block or in flow style."""
    text = BEGUN
    if flow:
        text = (
            "saved_filters:\n- {name: Mine, mode: SCENES, object_filter: {tags: [Travel, Food], "
            'performers: [Ada Example (Pilot)], organized: {value: "true", modifier: EQUALS}}}\n'
        )
    filters = start(desk, text)
    save(desk, {name: each for name, each in filters.items() if name not in names})
    assert not desk.pull().manual_steps
    assert not any(f"{name}:" in desk.read(NAME) for name in names)
    assert not desk.plan().changes


def test_a_filter_without_criteria_is_pulled(desk: Desk) -> None:
    """`object_filter: null` is written, and the next plan is empty."""
    start(desk)
    save(desk, {})
    assert not desk.pull().manual_steps
    assert desk.read(NAME).endswith("    object_filter: null\n")
    assert not desk.plan().changes


def test_names_of_objects_follow_the_server(desk: Desk) -> None:
    """A criterion gets a renamed tag's new name, whether a manifest declares the tag or not."""
    start(desk)
    desk.write("tags: [Travel]\n")
    desk.agree()
    desk.edit("tag", "Travel", name="Trips")
    desk.edit("tag", "Food", name="Meals")
    assert not desk.pull().manual_steps
    assert desk.read() == "tags: [Trips]\n"
    assert "tags: [Trips, Meals]  # not only" in desk.read(NAME)
    assert not desk.plan().changes
    assert not desk.pull().files


def test_what_was_deleted_on_the_server_is_kept_by_its_id(desk: Desk) -> None:
    """The server keeps a deleted tag in the criterion, so the manifest shows its id and label."""
    start(desk)
    desk.write("tags: [Travel]\n")
    desk.agree()
    desk.delete("tag", "Travel")
    desk.delete("tag", "Food")
    assert not desk.pull().manual_steps
    assert "{id: '1', label: Travel}" in desk.read(NAME)
    assert "{id: '2', label: Food}" in desk.read(NAME)
    assert not desk.plan().changes
    assert not desk.pull().files


def test_filters_that_are_not_compared_follow_names(desk: Desk) -> None:
    """A filter that only the manifest has gets the new names, too."""
    start(desk)
    desk.write("tags: [Travel]\n")
    more = BEGUN.replace("Mine", "New").replace("saved_filters:\n", "")
    desk.write(BEGUN + more, NAME)
    desk.agree()
    desk.edit("tag", "Travel", name="Trips")
    assert not desk.pull().manual_steps
    assert "tags: [Trips, Food]  # not only" in desk.read(NAME)
    (change,) = desk.plan().changes
    assert (change.action, change.label) == ("create", "New (SCENES)")
