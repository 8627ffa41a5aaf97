"""Errors show the fault, its place with a caret, and what to do."""

from __future__ import annotations

import pytest

from stashsync.errors import ManifestError, Mark, Problem, StashError
from stashsync.render.problems import error_text, excerpt, problems_text


def test_a_problem_has_its_line_its_caret_and_its_way_out() -> None:
    """The text also has the related places and the number of problems."""
    error = ManifestError(
        [
            Problem(
                'there is no tag "Camrea"',
                Mark("manifests/tags.yaml", 12, 15),
                'did you mean "Camera"?',
                "    parents: [Camrea]",
                ((Mark("manifests/b.yaml", 3, 5), "the nearest one"),),
            ),
            Problem("this folder cannot be read", Mark("manifests/x")),
        ]
    )
    assert problems_text(error) == (
        'Error: there is no tag "Camrea"\n'
        "  manifests/tags.yaml:12:15\n"
        "    12 |     parents: [Camrea]\n"
        "       |               ^\n"
        "  manifests/b.yaml:3:5: the nearest one\n"
        '  did you mean "Camera"?\n'
        "\n"
        "Error: this folder cannot be read\n"
        "  manifests/x\n"
        "\n"
        "2 problems in the manifests.\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "before"),
    [
        ("name: x", 7, "name: "),
        ("\tname", 2, "    "),
        ("ラーメン: x", 7, "        : "[:-1] + " "),
        ("e\u0301: x", 5, "   "),
        ("👩‍👩‍👧: x", 8, "    "),
        ("a\u202eb: x", 6, "a\\u202eb: "),
    ],
)
def test_the_caret_stands_under_the_column(line: str, column: int, before: str) -> None:
    """Tabs, wide characters, combining characters and escapes take up their real width."""
    _, caret = excerpt(line, Mark("f", 1, column))
    assert caret.partition("| ")[2] == " " * len(before) + "^"


def test_a_long_line_is_cut_around_the_place() -> None:
    """A minified file does not flood the terminal, and the caret is still in the right place."""
    line = "x" * 500 + "!" + "y" * 500
    shown, caret = excerpt(line, Mark("f", 1, 501))
    assert len(shown) < 130
    assert shown[caret.index("^")] == "!"
    assert shown.rstrip().endswith("…")


def test_messages_that_quote_the_server_are_inert() -> None:
    """A server's answer is foreign text, so it is escaped."""
    text = error_text(StashError("it wrote \x1b[2J\n::error::", hint="look\u202e"))
    assert text == "Error: it wrote \\x1b[2J\n  \\x3a:error::\n  look\\u202e\n"
