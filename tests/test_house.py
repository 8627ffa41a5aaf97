"""The house keeps its order: no circles of imports, and plain words in every room."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from stashsync.graph import circles

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "stashsync"


def import_circles(*, types_too: bool) -> list[list[str]]:
    """Return the modules that import each other, in circles; imports inside of functions count."""
    graph = grimp.build_graph(
        "stashsync", exclude_type_checking_imports=not types_too, cache_dir=None
    )
    return circles(
        {name: sorted(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    )


def test_no_modules_import_each_other_in_a_circle_at_run_time() -> None:
    """Not even where a function delays an import until it is called."""
    assert import_circles(types_too=False) == []


def test_no_circle_of_types_is_larger_than_that_of_the_classes_of_kinds() -> None:
    """Scenes have performers, who have scenes: these classes name each other in any design."""
    found = import_circles(types_too=True)
    (classes,) = [one for one in found if "stashsync.kinds.scene" in one]
    assert all(one.startswith("stashsync.kinds.") for one in classes)
    assert [one for one in found if len(one) > len(classes)] == []


# -- words ----------------------------------------------------------------------------------------

IN_NAMES = re.compile(
    r"(?:^|_)(outlook|remarks?|carrying|departures?|foldings?|fold_in|kept_before|free_name"
    r"|free_aliases|adopting|underway|opinions?|asking|somebody|nobody|told|says|said"
    r"|spoken|hands)(?:_|$)|^(one|some|turns)$",
    re.IGNORECASE,
)
"""Parts of names of classes, functions, arguments and variables."""

IN_PROSE = re.compile(
    r"\b(outlook|remarks?|departures|foldings?|somebody|nobody|told(?! apart)|says|said"
    r"|spoken of)\b",
    re.IGNORECASE,
)
"""Words of docstrings, comments and messages."""

ALLOWED: dict[tuple[str, str], str] = {}
"""(file, word) that stay, with the reason."""


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name that a module gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name)
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def prose_in(source: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every comment and every text with a space in it, docstrings too, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for number, line in enumerate(node.value.split("\n")):
                yield node.lineno + number, line
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def words_of(file: Path) -> Iterator[str]:
    """Yield where a file uses a word for which there is a better one."""
    source = file.read_text("utf-8")
    tree = ast.parse(source)
    shown = file.relative_to(ROOT).as_posix()
    for pattern, texts in ((IN_NAMES, names_in(tree)), (IN_PROSE, prose_in(source, tree))):
        for line, text in texts:
            for found in pattern.finditer(text):
                word = next(filter(None, found.groups())).lower()
                if (shown, word) not in ALLOWED:
                    yield f"{shown}:{line}: {word}: {text.strip()}"


@pytest.mark.parametrize(
    "room", sorted({one.relative_to(PACKAGE).parts[0] for one in PACKAGE.rglob("*.py")})
)
def test_a_room_speaks_plainly(room: str) -> None:
    """The words for which there are better ones are gone from names, docstrings and messages."""
    files = [PACKAGE / room] if room.endswith(".py") else sorted((PACKAGE / room).rglob("*.py"))
    assert [found for file in files for found in words_of(file)] == []


TWICE = {
    "Entity": "type checkers see the classes of `entities` where kinds are declared (ADR 18)",
    "Record": "as `Entity`",
}
"""Public classes of which there are two, with the reason."""


def test_no_two_public_classes_share_a_name() -> None:
    """A reader who meets a name anywhere knows what it means."""
    classes = Counter(
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert sorted(name for name, count in classes.items() if count > 1) == sorted(TWICE)


PAGES = [
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/client/*.md"))
    if page.name != "client-checklist.md"  # made of the names of tests
]


def test_the_pages_speak_plainly() -> None:
    """The same words in what people read; decision records are as they were written."""
    assert [
        f"{page.relative_to(ROOT).as_posix()}:{number}: {found[0]}"
        for page in PAGES
        for number, line in enumerate(page.read_text("utf-8").split("\n"), 1)
        for found in IN_PROSE.finditer(line)
    ] == []
