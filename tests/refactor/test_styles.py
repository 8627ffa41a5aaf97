"""Every command on manifests in the styles that people write: nothing else than meant changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stashsync.refactor.verbs import Refactoring
from tests.refactor.desk import begin, refactoring, write

STYLES = {
    "windows": (
        "\ufefftags:\r\n  # a\r\n  - name: A  # on a\r\n    children:\r\n      - B   # b\r\n"
        "      - name: C\r\n        children: [D, E]\r\n  - F  # f\r\n"
        "performers:\r\n  - {name: P, tags: [B, C, F]}"
    ),
    "braces": (
        "{tags: [{name: A, children: [B, {name: C, children: [D, E]}]}, F], "
        "performers: [{name: P, tags: [B, C, F]}]}\n"
    ),
    "documents": (
        "---\ntags:\n- name: A\n  children:\n  - B # b\n--- # two\ntags:\n- name: C\n"
        "  parents: [A]\n  children: [D,\n    E # e\n    ]\n- F\n...\n---\nperformers:\n- name: P\n"
        "  tags:\n  - B\n  - C # c\n  - F # f\n...\n# bye\n"
    ),
    "question marks": (
        "? tags\n: - ? name\n    : A\n    ? children\n    : - B # b\n      - ? name\n"
        "        : C # c\n        ? children\n        : [D, E]\n  - F\n"
        "? performers\n: - {name: P, ? tags : [B, C, F]}\n"
    ),
    "anchors": (
        "tags: &t\n- &a\n  name: &n A\n  children: &ch\n  - &b B # b\n  - name: C\n"
        "    children: [D, &e E]\n- &f F\n"
        "performers: [{name: P, tags: &l [*b, C, *f]}, {name: P2, tags: *l}]\n"
    ),
    "wide dashes": (
        "tags:\n    -   name:   A\n        children:\n            -   B      # b\n\n"
        "            # c, above\n\n            -   name: C\n                # in c\n"
        "                children:\n                    -    D\n                    # e\n"
        "                    -    E\n    -\n        F\nperformers:\n-\n    name: P\n    tags:\n"
        "    -\n        B\n    -   C\n    - F"
    ),
    "quotes": (
        "tags:\n- name: 'A'\n  'children':\n  - \"B\"\n"
        "  - {\"name\": \"C\", 'children': ['D', \"E\"]}\n- 'F'\n"
        "performers: [{name: P, tags: ['B', \"C\", F]}]\n"
    ),
    "blocks": (
        "tags:\n- name: >-\n    A\n  children:\n  - |2-\n    B\n  - name: |  # c\n      C\n"
        "    children:\n    - >\n      D\n\n    - E\n- |+\n  F\n\n"
        'performers:\n- name: P\n  tags: ["B",\n    C,\n    F]\n'
    ),
    "broken lines": (
        "tags:\n- name: 'A'\n  children:\n  - '\n    B\n    '  # b\n  - name: C\n    children:\n"
        '    - "\\\n     D"\n    - "E\\\n      "\n- \'\n  F\'\n'
        "performers: [{name: P, tags: [B, C, F]}]\n"
    ),
}
COMMANDS: list[Callable[[Refactoring], None]] = [
    lambda command: command.rename("tag", "B", "B: #2"),
    lambda command: command.rename("tag", "C", 'é "c"'),
    lambda command: command.rename("tag", "A", "No"),
    lambda command: command.rename("tag", "F", "Z", keep_old_name=True),
    lambda command: command.move("tag", "C", "F"),
    lambda command: command.move("tag", "B", None),
    lambda command: command.move("tag", "D", "A"),
    lambda command: command.move("tag", "F", "D"),
    lambda command: command.move("tag", "A", "F"),
    lambda command: command.remove("tag", "B"),
    lambda command: command.remove("tag", "C"),
    lambda command: command.remove("tag", "A"),
    lambda command: command.remove("tag", "F"),
    lambda command: command.remove("tag", "A", recursive=True),
    lambda command: command.remove("tag", "C", children_to="F"),
    lambda command: command.merge("tag", ["B"], "C"),
    lambda command: command.merge("tag", ["C"], "B"),
    lambda command: command.merge("tag", ["A"], "F"),
    lambda command: command.merge("tag", ["D", "E"], "F"),
    lambda command: command.merge("tag", ["F"], "A"),
    lambda command: command.merge("tag", ["C"], "A"),
    lambda command: command.remove("performer", "P"),
    lambda command: command.rename("performer", "P", "Q"),
]


@pytest.mark.parametrize("style", STYLES)
def test_commands_change_manifests_in_any_style(tmp_path: Path, style: str) -> None:
    """What is written is valid. Whether it is what was meant, each command checks by itself."""
    before = STYLES[style]
    for number, run in enumerate(COMMANDS):
        begin(tmp_path, tags=before)
        command = refactoring(tmp_path)
        run(command)
        write(tmp_path, command)
        after = (tmp_path / "manifests" / "tags.yaml").read_bytes().decode()
        assert after.endswith("\n") == before.endswith("\n"), number
        assert after.startswith("\ufeff") == before.startswith("\ufeff"), number
        assert after.count("\r") in (0, after.count("\n")), number
        assert ("\r" in after) == ("\r" in before), number
        if 0 < number < 9:
            assert _comments(after) == _comments(before), number


def _comments(text: str) -> list[str]:
    return sorted(re.findall(r"(?<=\s)#[^\r\n]*", text))
