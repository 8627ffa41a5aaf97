"""Shells complete kinds, names and profiles from the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stashsync.cli.completing import last_word
from stashsync.kinds import KINDS
from tests.cli.project import Project

TAGS = """\
tags: [Wide shot, Wide angle, Drone, "Rock: live", "it's"]
performers: [{name: Ada, disambiguation: Chef}]
"""
BASH = """\
source <(stashsync completion bash)
COMP_LINE=$1 COMP_POINT=${#1}
compopt() { printf 'compopt %s %s\\n' "$@"; }
_stashsync_completion stashsync
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def begun(project: Project) -> Project:
    """Give a project with names that a shell has to escape."""
    project.write("manifests/tags.yaml", TAGS)
    settings = "profiles: {kids: {mark: false}, keep: {}}\n"
    boxes = "stash_boxes: {home: {endpoint: 'http://home'}, other: {endpoint: 'http://other'}}\n"
    project.write("stashsync.yaml", settings + boxes)
    return project


def in_bash(project: Project, line: str) -> list[str]:
    """Return what a real bash offers for a command line with the cursor at its end."""
    programs = project.root / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "stashsync"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stashsync "$@"\n')
    program.chmod(0o755)
    root = str(Path(__file__).parents[2])
    environ = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": root,
    }
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH, "bash", line],
        cwd=project.root,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("stashsync comp", ["completion"]),
        ("stashsync --profile k", ["keep", "kids"]),
        ("stashsync import stash-box s", ["studios"]),
        ("stashsync import stash-box --endpoint ho", ["home"]),
        ("stashsync plan --prune s", ["studios", "saved_filters"]),
        ("stashsync rm ", [f"{kind}:" for kind in KINDS]),
        ("stashsync rm dro", []),
        ("stashsync rm perf", [r"performer:Ada\ \(Chef\)"]),
        ("stashsync rm studio", ["compopt -o nospace", "studio:"]),
        ("stashsync rm tag:wi", [r"Wide\ angle", r"Wide\ shot"]),
        (r"stashsync rm tag:Wide\ s", [r"Wide\ shot"]),
        ('stashsync rm "tag:Wide s', ["tag:Wide shot"]),
        (r"stashsync rm tag:Rock:\ l", [r"\ live"]),
        ("stashsync rm tag:i", [r"it\'s"]),
        ("stashsync mv performer:A", [r"Ada\ \(Chef\)"]),
        (r"stashsync mv tag:Drone --under Wide\ s", [r"Wide\ shot"]),
        (r"stashsync mv tag:Drone --top --from Wide\ s", [r"Wide\ shot"]),
        ("stashsync plan --target tags:D", ["Drone"]),
        ("stashsync merge tag:Drone tag:Wide", [r"Wide\ angle", r"Wide\ shot"]),
        ("stashsync -C nowhere rm tag:D", []),
        ("stashsync rm -C . tag:D", ["Drone"]),
    ],
)
def test_bash_offers(begun: Project, line: str, offered: list[str]) -> None:
    """What stands behind a colon alone, as readline takes a colon for the end of a word."""
    assert in_bash(begun, line) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(project: Project, shell: str) -> None:
    """It names the program and the variable by which it asks."""
    ran = project.run("completion", shell, server=None)
    assert ran.code == 0
    assert "_STASHSYNC_COMPLETE" in ran.out
    assert "stashsync" in ran.out


@pytest.mark.parametrize(
    ("line", "word"),
    [("a b", "b"), ("a ", ""), (r"a b\ c", r"b\ c"), ('a "b c', '"b c'), ("a 'b\\' c", "c")],
)
def test_the_last_word_is_found_as_it_is_typed(line: str, word: str) -> None:
    """The word keeps its quotes and escapes."""
    assert last_word(line) == word
