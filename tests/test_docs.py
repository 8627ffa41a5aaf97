"""The documents are right: links, commands, examples, tables, and generated parts."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from stashsync.cli.program import VERBS, group
from stashsync.config import URL_VARIABLES
from stashsync.errors import ExitCode
from stashsync.fields import Choice, Meaning
from stashsync.keys import KEY_FILE_VARIABLE, KEY_VARIABLES
from stashsync.kinds import KINDS
from stashsync.manifest import load
from stashsync.manifest.reader import read_values
from stashsync.manifest.settings import parse_settings
from stashsync.manifest.source import Source
from stashsync.manifest.variables import Variables
from tests.support.docs_tools import tool

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "manifests").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CITATION = re.compile(r"\b(docs/[\w/-]+\.md)(?:#([\w-]+))?")
_NUMBERED = re.compile(
    r"\b(?:behaviour|planning|design|memory)[,:]?\s+(?:#\s*)?(?:section\s+)?\d(?![,\d])"
    r"|(?<!5892, )\bappendix [A-Z]\b|\N{SECTION SIGN}",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page: Path, *languages: str) -> list[str]:
    """Return the fenced blocks of a page in these languages."""
    return [text for name, text in _FENCE.findall(page.read_text("utf-8")) if name in languages]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


@cache
def anchors(page: Path) -> set[str]:
    """Collect the explicit anchors of a page, and its headings as GitHub names them in links."""
    text = prose(page)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return named | set(re.findall(r'<a id="([\w-]+)"></a>', text))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """To a file of the repository, and to a heading where it names one."""
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


def sources() -> list[Path]:
    """List the tracked files that hold code, tests, documents or configuration."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git clone")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    data = ROOT / "tests" / "data"
    return [path for path in paths if path.is_file() and not path.is_relative_to(data)]


def test_every_citation_of_a_page_leads_somewhere() -> None:
    """Code cites a page by its path and an anchor: the file exists, and so does the anchor."""
    cited = 0
    for path in sources():
        if path.suffix in (".md", ".svg", ".json"):
            continue
        for name, anchor in _CITATION.findall(path.read_text("utf-8", "replace")):
            target = ROOT / name
            assert target.is_file(), f"{path.relative_to(ROOT)} cites {name}"
            assert not anchor or anchor in anchors(target), f"{path.relative_to(ROOT)}: {anchor}"
            cited += 1
    assert cited > 100


def test_no_section_is_cited_by_its_number() -> None:
    """Numbers of sections change, and those of pages elsewhere lead nowhere."""
    for path in sources():
        if path.suffix in (".py", ".pyi", ".md", ".toml", ".yml", ".yaml"):
            found = _NUMBERED.search(path.read_text("utf-8", "replace"))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the `stashsync …` commands of a page, in blocks and text, without placeholders."""
    lines = [line for block in blocks(page, "sh", "yaml", "") for line in block.splitlines()]
    lines += re.findall(r"(?<!`)`([^`\n]+)`(?!`)", prose(page))
    for line in lines:
        words = shlex.split(line.strip().removeprefix("$ "), comments=True) if line else []
        if words[:1] == ["stashsync"] and "COMMAND" not in words and not re.search(r"[\[…]", line):
            yield words[1:]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_parses(page: Path) -> None:
    """Verbs and options are those of the command line; nothing is run."""
    for words in commands(page):
        try:
            context = group.make_context("stashsync", list(words), resilient_parsing=False)
        except click.exceptions.Exit:  # --help or --version, which did its work
            continue
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        if rest:
            name, verb, given = group.resolve_command(context, rest)
            while isinstance(verb, click.Group):
                context = verb.make_context(name, list(given), parent=context)
                rest = [*getattr(context, "_protected_args", ()), *context.args]
                name, verb, given = verb.resolve_command(context, rest)
            assert verb is not None, words
            verb.make_context(name, list(given), parent=context)


def test_the_documents_have_commands_to_check() -> None:
    """The test above is not empty."""
    assert sum(1 for page in PAGES for _ in commands(page)) > 12


def options_of(command: click.Command) -> set[str]:
    """Return all spellings of the options of a command."""
    return {option for param in command.params for option in (*param.opts, *param.secondary_opts)}


def verbs() -> dict[str, click.Command]:
    """Return all commands by name, those of a group too."""
    context = click.Context(group)
    found: dict[str, click.Command] = {}
    for name in VERBS:
        verb = group.get_command(context, name)
        assert verb is not None, name
        found[name] = verb
        below = verb.commands if isinstance(verb, click.Group) else {}
        found |= {f"{name} {each}": target for each, target in below.items()}
    return found


def test_the_command_line_page_names_every_verb_and_only_options_that_exist() -> None:
    """docs/cli.md: a row for each verb; each option it mentions is one."""
    text = (DOCS / "cli.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)[^|]*` \| ([^|]+(?:\\\|[^|]*)*)", text, re.MULTILINE)
    assert [name for name, _ in rows if name in VERBS] == list(VERBS)
    known = options_of(group).union(*map(options_of, verbs().values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known


def test_every_option_is_on_the_command_line_page() -> None:
    """docs/cli.md: no option is left out, but for help and version."""
    text = (DOCS / "cli.md").read_text("utf-8")
    for name, verb in [("", group), *verbs().items()]:
        for param in verb.params:
            long = [option for option in param.opts if option.startswith("--")]
            if long and not {"--help", "--version"} & set(long):
                assert any(option in text for option in long), (name, long)


def test_the_exit_codes_are_those_of_the_code() -> None:
    """docs/cli.md: the table lists every exit code, and no other."""
    section = (DOCS / "cli.md").read_text("utf-8").split("## Exit codes")[1].split("\n## ")[0]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)] == [*ExitCode]


def test_the_variables_are_those_of_the_code() -> None:
    """docs/cli.md: every variable that settings read is in the table."""
    section = (DOCS / "cli.md").read_text("utf-8").split("## Settings")[1].split("\n## ")[0]
    for name in (*URL_VARIABLES, *KEY_VARIABLES, KEY_FILE_VARIABLE):
        assert f"`{name}`" in section


def test_the_manifests_of_the_readme_are_valid(tmp_path: Path) -> None:
    """Each YAML block of the README loads as a project of its own."""
    found = blocks(ROOT / "README.md", "yaml")
    assert len(found) >= 2
    for number, text in enumerate(found):
        root = tmp_path / str(number)
        (root / "manifests").mkdir(parents=True)
        (root / "manifests" / "library.yaml").write_text(text, encoding="utf-8")
        assert len(load(root).state) > 2


def test_the_examples_of_the_reference_are_valid(tmp_path: Path) -> None:
    """The manifests in docs/manifest.md are what the loader takes."""
    *examples, _ = blocks(DOCS / "manifest.md", "yaml")
    assert examples
    for number, text in enumerate(examples):
        folder = tmp_path / str(number) / "manifests"
        folder.mkdir(parents=True)
        (folder / "example.yaml").write_text(text, encoding="utf-8")
        load(folder.parent)


def test_the_settings_of_the_reference_are_valid() -> None:
    """The stashsync.yaml in docs/manifest.md is read without a problem, every key of it."""
    *_, text = blocks(DOCS / "manifest.md", "yaml")
    settings = parse_settings(text.encode(), Variables(DOCS))
    assert settings.api_key == "env:STASH_API_KEY"
    assert settings.tls.client_key is not None
    assert settings.timeouts.mutation == 600
    assert settings.thresholds == {"update": 0.3, "delete": 0.3}
    assert settings.protect == {"tag": ("Travel", "fav:*")}
    assert settings.profiles["kids"].url == "http://nas:9998"


@pytest.mark.parametrize("script", ["make_reference.py", "make_picture.py", "make_schemas.py"])
def test_what_is_generated_is_fresh(script: str) -> None:
    """`python3 dev.py docs` would change nothing."""
    done = subprocess.run(
        [sys.executable, str(DOCS / script), "--check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def meanings() -> dict[type[Meaning], Meaning]:
    """Return one meaning of each class that a field has."""
    specs = [spec for kind in KINDS.values() for spec in kind.fields.values()]
    return {type(spec.meaning): spec.meaning for spec in specs}


def test_the_reference_describes_every_meaning() -> None:
    """A meaning that a field has is described, and none that no field has."""
    assert set(tool("make_reference").FORMS) == set(meanings())


def examples() -> Iterator[Any]:
    for meaning, form in tool("make_reference").FORMS.items():
        for text in form.examples:
            yield pytest.param(meaning, text, id=f"{form.word}: {text}")


@pytest.mark.parametrize(("meaning", "example"), list(examples()))
def test_every_example_of_a_form_is_accepted(meaning: type[Meaning], example: str) -> None:
    """What the reference calls a form of a field, the field takes."""
    source = Source("example.yaml", f"field: {example}\n".encode())
    problems: list[Any] = []
    (document,) = read_values(source, problems.append)
    assert problems == []
    assert isinstance(document, dict)
    meanings()[meaning].parse(document["field"])


def test_a_null_is_text_in_a_name_and_clears_elsewhere() -> None:
    """An empty name is an error (docs/adr/0004-text-as-written.md)."""
    by_class = {type(meaning).__name__: meaning for meaning in meanings().values()}
    assert by_class["Name"].parse("null") == "null"
    assert by_class["Text"].parse("null") is None
    with pytest.raises(ValueError, match="blank"):
        by_class["Name"].parse("")


def test_the_values_of_choices_are_on_the_page() -> None:
    """docs/manifest.md lists what a choice may be."""
    text = (DOCS / "manifest.md").read_text("utf-8")
    for meaning in [spec.meaning for kind in KINDS.values() for spec in kind.fields.values()]:
        if isinstance(meaning, Choice):
            assert all(f"`{value}`" in text for value in meaning.values)


def test_every_decision_is_listed() -> None:
    """docs/adr/README.md has each record by its title, in order."""
    listed = re.findall(
        r"^\| \[(\d{4})\]\(([^)]+)\) \| (.+) \|$",
        (DOCS / "adr" / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    records = sorted(path for path in (DOCS / "adr").glob("*.md") if path.name != "README.md")
    assert [name for _, name, _ in listed] == [path.name for path in records]
    for (number, _, title), record in zip(listed, records, strict=True):
        assert record.read_text("utf-8").startswith(f"# {int(number)}. {title}\n")


def test_nothing_names_the_place_where_it_was_written() -> None:
    """No tracked file has an absolute path of a home directory or a workplace."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git clone")
    parts = ("home", "Users", "root", "work", "mnt", "tmp")
    place = re.compile(rf"(?<![\w.:/~-])/(?:{'|'.join(parts)})/[\w.-]+|[A-Z]:\\+Users\\".encode())
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__):
            found = place.search(path.read_bytes())
            assert found is None, f"{name}: {found and found[0].decode()}"
