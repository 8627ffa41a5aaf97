"""Conventions of the code: no import cycles, plain words, and one public class for each name."""

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
SOURCES = sorted(
    file
    for file in (*PACKAGE.rglob("*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py"),
                 *ROOT.glob("docs/*.py"), *ROOT.glob("*.py"))
)  # fmt: skip
"""Every Python file of the repository."""


def import_circles(*, types_too: bool) -> list[list[str]]:
    """Return the cycles of imports, each as a list of modules; imports in functions count."""
    graph = grimp.build_graph(
        "stashsync", exclude_type_checking_imports=not types_too, cache_dir=None
    )
    return circles(
        {name: sorted(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    )


def test_no_modules_import_each_other_in_a_cycle_at_run_time() -> None:
    """Imports that a function delays until it is called count as well."""
    assert import_circles(types_too=False) == []


def test_no_cycle_of_types_is_larger_than_that_of_the_entity_classes() -> None:
    """Scenes have performers, who have scenes: these classes name each other in any design."""
    found = import_circles(types_too=True)
    (classes,) = [cycle for cycle in found if "stashsync.kinds.scene" in cycle]
    assert all(module.startswith("stashsync.kinds.") for module in classes)
    assert [cycle for cycle in found if len(cycle) > len(classes)] == []


# -- words ----------------------------------------------------------------------------------------

IN_NAMES = re.compile(
    r"(?:^|_)(outlook|remarks?|carrying|departures?|foldings?|fold_in|kept_before|free_name"
    r"|free_aliases|adopting|underway|opinions?|asking|somebody|nobody|told|says|said"
    r"|spoken|hands)(?:_|$)|^(one|some|turns)$",
    re.IGNORECASE,
)
"""Parts of names of classes, functions, arguments and variables."""

IN_PROSE = re.compile(
    r"\b(outlook|remarks?|departures|foldings?|somebody|nobody|told(?!\s+apart)|says|said"
    r"|spoken\s+of)\b",
    re.IGNORECASE,
)
"""Words of docstrings, comments and messages."""


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each name that a module defines, with its line."""
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
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                yield node.lineno, name
            case ast.alias(asname=str() as name):
                yield node.lineno, name


def prose_in(source: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each line of each comment, and of each text with a space, with its line number."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for number, line in enumerate(node.value.split("\n")):
                yield node.lineno + number, line
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def words_in(source: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a module for which there are better ones, each with its line."""
    tree = ast.parse(source)
    for pattern, texts in ((IN_NAMES, names_in(tree)), (IN_PROSE, prose_in(source, tree))):
        for line, text in texts:
            for found in pattern.finditer(text):
                yield line, f"{found[0].strip('_')}: {text.strip()}"


def package_of(file: Path) -> str:
    """Return the folder that a file is reported under: `stashsync/planner`, `tests`, `docs`."""
    return "/".join(file.relative_to(ROOT).parts[:-1][:2]) or "."


@pytest.mark.parametrize("package", sorted({package_of(file) for file in SOURCES}))
def test_a_package_uses_plain_words(package: str) -> None:
    """Names, docstrings, comments and messages have none of the words that have a better one."""
    assert [
        f"{file.relative_to(ROOT).as_posix()}:{line}: {found}"
        for file in SOURCES
        if package_of(file) == package
        for line, found in words_in(file.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "def {}(): ...",
        "def test_a_plan_that_{}_reads(): ...",
        "class Read{}: ...",
        "[0 for {} in rows]",
        "def f(*, {}=()): ...",
        "plan.{} = []",
        "match rows:\n    case [{}, *_]: ...",
        "import rows as {}",
        "f = 'It is read by {}.'",
        "# Read by {}.\n",
    ],
)
def test_a_word_is_found_wherever_it_stands(source: str) -> None:
    """In each kind of name, in texts and in comments."""
    assert list(words_in(source.format("Nobody")))
    assert not list(words_in(source.format("Reader")))


TWICE = {
    "Entity": "type checkers see the classes of `entities` where kinds are declared (ADR 18)",
    "Record": "as `Entity`",
}
"""Public classes of which there are two, with the reason."""


def test_no_two_public_classes_share_a_name() -> None:
    """A reader who meets a name anywhere knows which class it is."""
    classes = Counter(
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert sorted(name for name, count in classes.items() if count > 1) == sorted(TWICE)


PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/client/*.md")]


def test_the_pages_use_plain_words() -> None:
    """The documentation has none of these words; decision records stay as they were written."""
    assert [
        f"{page.relative_to(ROOT).as_posix()}:{number}: {found[0]}"
        for page in PAGES
        for number, line in enumerate(page.read_text("utf-8").split("\n"), 1)
        for found in IN_PROSE.finditer(line)
    ] == []
