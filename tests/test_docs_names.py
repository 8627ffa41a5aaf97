"""What the documents name exists: files, options, settings, variables, commands and code."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import stashsync
from stashsync import errors
from stashsync.cli.program import VERBS, group
from stashsync.fields.object_filter import AS_IS
from stashsync.kinds import KINDS
from stashsync.manifest.layout import EXTRAS, SETTINGS
from tests.test_docs import DOCS, PAGES, ROOT, blocks, options_of, prose, verbs

sys.path.insert(0, str(ROOT))
import dev  # a script at the root, found by the line above

RECORDS = DOCS / "adr"
LIVING = [page for page in PAGES if page.parent != RECORDS and page.name != "CHANGELOG.md"]
"""The pages about the current state; records of decisions and changes are about the past."""
NAMES = [str(page.relative_to(ROOT)) for page in LIVING]

ELSEWHERE = {
    "place.py": "a kind that no server has, in docs/adding-a-kind.md",
    "report.md": "what the Action writes",
    "spec/": "a folder beside the repository",
    "introspection/": "in the README of its own folder",
    "taxonomies/": "in the README of its own folder",
    "transcripts/": "in the README of its own folder",
}
"""Names of files outside of this repository, with what they are."""
FOREIGN = {"--user": "of docker"}
"""Options of other programs."""
FREE_KEYS = {"add", "agency", "array", "field", "null", "since", "type"}
"""Keys of YAML in examples, which are free, and words before a colon."""


def spans(page: Path) -> list[str]:
    """Find the `code` in the text of a page, outside of blocks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(page))


@cache
def tracked() -> tuple[str, ...]:
    """List the files of the repository, each with a slash in front."""
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("not a git clone")
    return tuple(f"/{line}" for line in done.stdout.splitlines())


def exists(name: str) -> bool:
    """Tell whether the path of a file or a folder of the repository ends in this."""
    if name in ELSEWHERE or name.startswith(".stashsync/"):  # in a user's project
        return True
    if "*" in name:
        return any(ROOT.glob(name))
    if name.endswith("/"):
        return any(f"/{name}" in path for path in tracked())
    return any(path.endswith(f"/{name}") for path in tracked())


@pytest.mark.parametrize("page", LIVING, ids=NAMES)
def test_every_file_exists(page: Path) -> None:
    """Files of code, pages and folders, by their path or the end of it."""
    for span in spans(page):
        name = span.partition("#")[0]
        if re.fullmatch(r"[\w.*/-]+\.(?:py|pyi|md|toml|svg)|[\w.-]+(?:/[\w.-]+)*/", name):
            assert exists(name), span
    for block in blocks(page, "sh"):
        for name in re.findall(r"(?<!\S)((?:docs|tests|benchmarks|stashsync)/[\w./-]*)", block):
            assert exists(name) or (ROOT / name).exists(), name


def test_records_that_still_hold_name_files_that_exist() -> None:
    """A record that was overtaken in whole or in part may name what is gone."""
    for record in sorted(RECORDS.glob("0*.md")):
        if replaced_by(record):
            continue
        for span in spans(record):
            if re.fullmatch(r"[\w.*/-]+\.(?:py|pyi|md|toml)|(?:[\w-]+/)+", span):
                assert exists(span), f"{record.name}: {span}"


def replaced_by(record: Path) -> set[str]:
    """Find the lines of a record about the records that replaced it."""
    return set(re.findall(r"^(?:Replaced|Partly replaced) by .*$", head(record), re.MULTILINE))


def head(record: Path) -> str:
    """Return the text between the title of a record and its first part."""
    return record.read_text("utf-8").split("\n**Context", 1)[0]


def test_a_record_and_the_one_that_replaced_it_name_each_other() -> None:
    """A reader of an old decision learns of the new one."""
    for record in sorted(RECORDS.glob("0*.md")):
        text = head(record)
        for words, back in (
            ("eplaced by ", "Takes the place of"),
            ("Takes the place of ", "eplaced by"),
        ):
            for line in (row for row in text.splitlines() if words in row):
                others = re.findall(r"\]\((\d{4}[\w-]+\.md)\)", line)
                assert others, f"{record.name}: {line}"
                for other in others:
                    answer = [row for row in head(RECORDS / other).splitlines() if back in row]
                    assert any(record.name in row for row in answer), f"{record.name}, {other}"


def options() -> set[str]:
    """Collect every option of the program, the tests and the scripts."""
    found = options_of(group).union(*map(options_of, verbs().values()))
    for script in ("dev.py", "benchmarks/__main__.py", "docs/generated.py", "tests/conftest.py"):
        found |= set(re.findall(r'"(--[a-z][a-z-]+)"', (ROOT / script).read_text("utf-8")))
    return found


@pytest.mark.parametrize("page", LIVING, ids=NAMES)
def test_every_option_exists(page: Path) -> None:
    """This checks options in the text; commands in code blocks are parsed by another test."""
    known = options() | FOREIGN.keys()
    for span in spans(page):
        for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", span):
            assert name in known, span


@pytest.mark.parametrize("page", LIVING, ids=NAMES)
def test_every_key_of_yaml_exists(page: Path) -> None:
    """`key: value` in the text is a setting, a section, or a key of an item."""
    keys = {*SETTINGS, *EXTRAS, *FREE_KEYS, "children", "args", AS_IS}
    keys |= {kind.plural for kind in KINDS.values()}
    keys |= {name for kind in KINDS.values() for name in kind.fields}
    for span in spans(page):
        found = re.match(r"([a-z_]+): (?!\[?[A-Z]\w+!?)", span)
        if found and page.parent.name != "client" and page.name != "stash-behaviour.md":
            assert found[1] in keys, span


def test_every_setting_is_in_the_example() -> None:
    """docs/manifest.md shows all of stashsync.yaml."""
    *_, text = blocks(DOCS / "manifest.md", "yaml")
    shown = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert shown == SETTINGS


def automatic() -> Iterator[str]:
    """Yield the variables that stand for options: STASHSYNC_SERVER, STASHSYNC_PLAN_OUT."""
    for param in group.params:
        yield f"STASHSYNC_{param.name}".upper()
    for name, verb in verbs().items():
        for param in verb.params:
            if isinstance(param, click.Option):
                yield f"STASHSYNC_{name}_{param.name}".upper()


_VARIABLE = re.compile(r"\bSTASH(?:SYNC|APP)?_[A-Z][A-Z_]*[A-Z]\b")


def used(folder: str) -> set[str]:
    """Find the variables in the string constants of a folder's code."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(_VARIABLE.findall(node.value) if node.value.isupper() else ())
    return found


def named() -> dict[str, str]:
    """Map the variables of the current pages to a page of each."""
    return {
        name: str(page.relative_to(ROOT))
        for page in LIVING
        for name in _VARIABLE.findall(page.read_text("utf-8"))
    }


def test_every_variable_exists() -> None:
    """The package, its tests or the benchmarks read it, or it stands for an option."""
    known = used("stashsync") | used("tests") | used("benchmarks") | set(automatic())
    assert {name: page for name, page in named().items() if name not in known} == {}


def test_every_variable_is_documented() -> None:
    """Some page names each variable that the package or its tests read."""
    documented = named().keys() | set(automatic())
    assert used("stashsync") | used("tests") | used("benchmarks") <= documented


def test_the_commands_of_the_developer_script_are_those_that_are_named() -> None:
    """README, CONTRIBUTING and docs/ name commands of dev.py that exist, and all of them."""
    found = {
        name
        for page in LIVING
        for name in re.findall(r"dev\.py ([a-z-]+)", page.read_text("utf-8"))
    }
    assert found == set(dev.COMMANDS)


def test_every_verb_has_a_name_in_the_documents() -> None:
    """Each verb is shown as a command."""
    text = "\n".join(page.read_text("utf-8") for page in LIVING)
    for verb in VERBS:
        assert re.search(rf"stashsync (?:-\S+ \S+ )*{verb}\b|^\| `{verb}\b", text, re.MULTILINE)


@pytest.mark.parametrize("page", LIVING, ids=NAMES)
def test_every_name_of_the_code_exists(page: Path) -> None:
    """Dotted names of the package, methods of client and store, and errors."""
    faces = {"client": stashsync.StashClient, "store": stashsync.StashEntityStore}
    for span in spans(page):
        dotted = re.fullmatch(r"(stashsync(?:\.\w+)+)(?:\(.*\))?", span)
        if dotted and dotted[1].rpartition(".")[2] not in ("yaml", "json"):
            assert found_in_code(dotted[1]), span
        method = re.fullmatch(r"(client|store)\.(\w+)(?:\(.*\))?", span)
        if method and method[2] != "py":
            assert hasattr(faces[method[1]], method[2]), span
        if re.fullmatch(r"Stash\w*Error|\w+PlanError", span):
            assert hasattr(errors, span), span


def found_in_code(dotted: str) -> bool:
    """Tell whether a dotted name is a module or a name in one."""
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        home, _, name = dotted.rpartition(".")
        return (
            "." in dotted and found_in_code(home) and hasattr(importlib.import_module(home), name)
        )
    return True


def words_of(schema: str) -> set[str]:
    """Collect the properties and the values of a JSON Schema in docs/schemas."""
    found: set[str] = set()
    waiting = [json.loads((DOCS / "schemas" / schema).read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found |= set(node.get("properties", ()))
            found |= {value for value in node.get("enum", ()) if isinstance(value, str)}
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found


@pytest.mark.parametrize(
    ("heading", "schema"),
    [("For programs", "pull.schema.json"), ("Who changed what", "plan.schema.json")],
)
def test_the_keys_of_json_are_those_of_the_schemas(heading: str, schema: str) -> None:
    """docs/pull.md names keys and values that the formats have."""
    section = prose(DOCS / "pull.md").split(f"## {heading}\n")[1].split("\n## ")[0]
    shown = [span for span in re.findall(r"`([a-z_]+)`", section) if span not in VERBS]
    assert shown
    assert set(shown) <= words_of(schema)


DIALECT = re.compile(r"\b(?:anybody|whose move|who moved|of one's own)\b")
"""Words of the pages for which there are better ones, besides those of test_conventions.py."""
GENERATED = {"reference.md", "fields.md", "client-checklist.md"}


@pytest.mark.parametrize("page", LIVING, ids=NAMES)
def test_a_page_uses_plain_words(page: Path) -> None:
    """Generated pages are checked where their texts stand in the code."""
    if page.name not in GENERATED:
        found = DIALECT.search(prose(page))
        assert found is None, found


def messages() -> str:
    """Return all texts of the package, one a line; what they are filled with is an ellipsis."""
    texts: list[str] = []
    for path in sorted((ROOT / "stashsync").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", None) for part in node.values]
                texts.append("".join(part if isinstance(part, str) else "…" for part in parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_each_message_that_the_page_of_troubles_begins_with_exists() -> None:
    """A user searches for the message that they see."""
    page = (DOCS / "when-something-goes-wrong.md").read_text("utf-8")
    firsts = re.findall(r"^\| (`.*?) \| ", page, flags=re.MULTILINE)
    seen = [span for first in firsts for span in re.findall(r"`([^`]+)`", first)]
    assert len(seen) > 25
    known = messages()
    for span in seen:
        for part in re.split(r"…|\d+(?:\.\d+)?", span):
            words = part.strip(" ():;.,")
            assert words in known, f"no message has {words!r}"
