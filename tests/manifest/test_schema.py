"""The JSON Schemas accept what the loader and the reader of settings accept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml

from stashsync.errors import ManifestError
from stashsync.kinds import KINDS
from stashsync.manifest import json_schema
from stashsync.manifest.settings import KNOWN, parse_settings
from stashsync.manifest.settings_schema import settings_schema

jsonschema = pytest.importorskip("jsonschema", reason="needs the jsonschema package")

BROKEN = Path(__file__).parent / "broken"
SHAPELESS = (
    "bad_dates",
    "children_that_say_nothing",
    "deleted_objects_that_say_more",
    "sections_that_are_no_lists",
    "unknown_keys",
    "unknown_sections",
    "saved_filters",
    "wrong_types",
    "a_list_of_sections",
    "settings_in_a_manifest",
)
"""Cases of `broken/` whose every file has a fault that a schema can express."""

GOOD = """\
tags:
  - Travel
  - 007
  - ~
  - name: Camera
    description: 12
    favorite: true
    aliases: {add: [1990, x], remove: [no]}
    children:
      - Drone
      - {name: Lens, parents: [Travel], renamed_from: [Glass, 12], keep_old_name: true, id: 12}
      - {name: Glider, merge: [Gliders, 007]}
      - {name: Boat, merge: Boats}
  - {name: Old junk, state: absent, id: 7}
studios:
  - {name: Northlight, urls: null, rating100: 50, parent: Big, tags: []}
  - {name: Big, stash_ids: {https://x.example: [a, 1]}, details: null, renamed_from: 7}
performers:
  - name: Ada
    birthdate: 1990
    death_date: 2020-05
    gender: FEMALE
    penis_length: 12.5
    height_cm: null
    custom_fields: {a: 1, b: text, c: null, d: true}
    image: https://x.example/a.png
    renamed_from: {name: Ada, disambiguation: 7}
    merge: [Ada (Chef), {name: 007}, {name: Eva, disambiguation: null}]
saved_filters:
  - name: 12
    mode: SCENES
    find_filter: {q: 1990, page: 1, per_page: -1, sort: date, direction: null}
    object_filter:
      tags: [Travel, 007, {id: 9, label: Gone}]
      studios: {value: {items: [Northlight], excluded: [], depth: -1}, modifier: INCLUDES}
      parents: {value: [Big], modifier: INCLUDES}
      performers: {modifier: IS_NULL}
      groups: {as_is: [1, "2"]}
      any: {thing: [true, null, 1.5, {}]}
    ui_options: {display_mode: 1}
  - {name: Bare, mode: TAGS, object_filter: null, renamed_from: [Old, {name: A, mode: TAGS}]}
  - {name: Gone, mode: TAGS, state: absent}
"""


def documents(text: str) -> Iterator[Any]:
    """Yield the documents of a text as an editor with YAML 1.2 reads them."""
    yaml = ruamel.yaml.YAML(typ="safe", pure=True)
    yaml.constructor.yaml_constructors = {
        **yaml.constructor.yaml_constructors,
        "tag:yaml.org,2002:timestamp": lambda loader, node: loader.construct_scalar(node),
    }
    return iter(yaml.load_all(text))


def validator() -> Any:
    return jsonschema.Draft7Validator(json_schema())


def test_the_schema_is_one() -> None:
    """The schema is valid in draft 7, which editors support."""
    jsonschema.Draft7Validator.check_schema(json_schema())


def test_the_schema_takes_what_the_loader_takes() -> None:
    """The values have the types that an editor's YAML 1.2 gives them."""
    for document in documents(GOOD):
        assert not list(validator().iter_errors(document))


@pytest.mark.parametrize("story", SHAPELESS)
def test_the_schema_refuses_what_is_broken_in_shape(story: str) -> None:
    """Each file of these cases has a fault that a schema can express."""
    for path in (BROKEN / story).rglob("*.yaml"):
        faults = [
            fault
            for document in documents(path.read_text(encoding="utf-8"))
            for fault in validator().iter_errors(document)
        ]
        assert faults, path


def test_every_field_of_every_kind_is_in_the_schema() -> None:
    """The schema is derived from the kinds' tables."""
    definitions = json_schema()["definitions"]
    for kind in KINDS.values():
        definition = definitions[kind.name]
        mapping = definition["anyOf"][1] if "anyOf" in definition else definition
        properties = mapping["properties"]
        assert set(kind.fields) <= set(properties)
        assert ("children" in properties) == (kind.hierarchy is not None)


SETTINGS = """
server:
  url: http://nas:9999
  api_key: env:STASH_API_KEY
  tls: {verify: true, ca_bundle: certs/ca.pem}
  timeouts: {connect: 2.5, read: 30}
manifests: manifests
lists: {tags.aliases: merge}
prune: {tags: true}
protect: {tags: [Travel, "fav:*"], studios: Northlight}
ignore: {performers: ["tmp:*"]}
thresholds: {update: 30%, delete: 0.3}
lenient: false
mark: true
memory: /var/lib/stashsync
profiles: {kids: {server: {url: "http://nas:9998"}}}
"""


def test_the_schema_of_the_settings_knows_every_setting() -> None:
    """The schema accepts what the reader of settings accepts, and has the same keys."""
    schema = settings_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    assert {*schema["properties"]} == {*KNOWN, "profiles"}
    assert parse_settings(SETTINGS.encode())
    jsonschema.validate(ruamel.yaml.YAML(typ="safe").load(SETTINGS), schema)


@pytest.mark.parametrize(
    "text",
    [
        "servr: {}",
        "server: {url: x, key: y}",
        "server: {api_key: abc}",
        "thresholds: {update: 300}",
        "lists: {tags.aliases: some}",
        "prune: {tags: maybe}",
        "profiles: {kids: {profiles: {}}}",
    ],
)
def test_the_schema_of_the_settings_refuses_what_the_reader_refuses(text: str) -> None:
    """An editor then marks the mistake while it is typed."""
    with pytest.raises(ManifestError):
        parse_settings(text.encode())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(ruamel.yaml.YAML(typ="safe").load(text), settings_schema())
