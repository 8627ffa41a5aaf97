"""Names that look like something else go to the server and back, and never touch the terminal."""

from __future__ import annotations

import json

import pytest

from tests.cli.project import Project

NAMES = [
    "no", "Off", "~", "null", "1.0", "007", "1_000", "12:30", "2024-01-01", "1e3", "=", "#0",
    "- x", "a: b", "[x]", "{x}", "*x", "&x", "!x", "@x", "%x", "`x`", "'x'", '"x"', "a/b", "a\\b",
    "(x)", "|", "<script>", "::error::", "##[error]x", "[bold]x[/bold]", "👩‍👩‍👧 family", "🏳️‍🌈",
    "\x9b31m C1", "\u200fright", "\u202eoverride", "no\u00a0break", "zero\u200bwidth",
    "caf\u00e9", "cafe\u0301", "\u0131", "stra\u00dfe", "Саmеrа", "x" * 300, "two\nlines",
    "tab\tinside", "\x1b[31mred\x1b[0m", "\x1b]8;;https://e.example\x07link", "q_r", "qxr",
    "200%", "200x", "Con", "aux",
]  # fmt: skip


def yaml(text: str) -> str:
    """Quote a scalar, with escapes for what YAML forbids or an editor would hide."""
    escaped = (
        char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in text
    )
    return f'"{"".join(escaped)}"'


@pytest.mark.parametrize("section", ["tags", "studios", "performers"])
def test_hostile_names_arrive_exactly_and_are_printed_inert(project: Project, section: str) -> None:
    """Every one is created as it is written, and what is printed has nothing to obey."""
    items = "\n".join(f"  - name: {yaml(name)}" for name in NAMES)
    project.write("manifests/tags.yaml", f"{section}:\n{items}\n")
    shown = project.run("plan")
    assert shown.code == 0, shown.err
    listed = json.loads(project.run("plan", "--format", "json").out)["changes"]
    assert sorted(row["name"] for row in listed) == sorted(NAMES)
    applied = project.run("apply", "--auto-approve")
    assert applied.code == 0, applied.out[-2000:]
    assert project.run("plan").out.startswith("No changes.")
    for text in (shown.out, applied.out, applied.err):
        assert all(char.isprintable() or char in "\n\u200d" for char in text)
        assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
        assert "##[" not in text
