"""The plugin of docs/client/plugins.md, started as Stash starts one, on a sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stashsync.sandbox import Sandbox, running
from tests.sandbox.client import ask
from tests.support.plugin import install

ARGS = {"word": "harbour", "tag": "Harbour"}


def run(script: Path, connection: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what the plugin answers with, and what it writes to the log."""
    fragment = {"server_connection": connection, "args": ARGS}
    done = subprocess.run(
        [sys.executable, str(script)],
        input=json.dumps(fragment), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer, done.stderr


def test_the_plugin_of_the_page_works_with_nothing_but_its_fragment(tmp_path: Path) -> None:
    """It tags what has the word and lacks the tag; a second run finds nothing to do."""
    script = install(tmp_path)
    with Sandbox() as sandbox, running(sandbox) as url:
        for title in ("Harbour at dusk", "Pier", "The old harbour"):
            ask(sandbox, "mutation($t: String) { sceneCreate(input: {title: $t}) { id } }", t=title)
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        connection = {
            "Scheme": "http", "Host": host, "Port": int(port), "SessionCookie": None,
            "Dir": "/config", "PluginDir": str(script.parent),
        }  # fmt: skip
        answer, log = run(script, connection)
        assert answer == {"output": "2 scenes have the tag Harbour now"}
        assert log == "\x01i\x022 scenes to tag\n"
        assert run(script, connection)[0] == {"output": "0 scenes have the tag Harbour now"}
        found = ask(sandbox, "{ allScenes { title tags { name } } }")["data"]["allScenes"]
        tagged = {scene["title"] for scene in found if scene["tags"]}
        assert tagged == {"Harbour at dusk", "The old harbour"}


def test_the_plugin_of_the_page_tells_stash_of_its_errors(tmp_path: Path) -> None:
    """Stash logs them, and `run_plugin_operation` raises them."""
    answer, _ = run(install(tmp_path), {"Host": "127.0.0.1", "Port": 1})
    assert answer["error"].startswith("cannot connect to http://127.0.0.1:1")
