# Made by `stashsync plugin`; the next one writes it anew.
"""Start stashsync inside Stash, with the Python that the plugin's settings name.

It replaces this process, where the system can do that, so that Stash stops the right one.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from typing import Any, NoReturn

RUN = ("-m", "stashsync", "plugin", "run")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
QUESTION = 'query Python { configuration { plugins(include: ["stashsync-tasks"]) } }'


def main() -> None:
    """Hand what Stash writes to this process to the right Python."""
    given = sys.stdin.buffer.read()
    try:
        python = settings_of(json.loads(given)["server_connection"]).get("python") or ""
    except (OSError, ValueError, LookupError, TypeError) as error:
        fail(f"Stash does not answer its own plugin: {error}")
    python = os.path.expanduser(python.strip())
    if not python and find_spec("stashsync") is None:
        fail(
            f"{sys.executable} has no stashsync. Install it there, or name a Python that has it: "
            "Settings, Plugins, stashsync, Python."
        )
    command = [python or sys.executable, *RUN]
    try:
        replace(command, given)
    except OSError as error:
        fail(f"cannot start {command[0]}: {error.strerror}. See Settings, Plugins, stashsync.")


def settings_of(connection: dict[str, Any]) -> dict[str, Any]:
    """Return this plugin's settings, which Stash keeps."""
    host = connection.get("Host") or "localhost"
    host = "localhost" if host in ("0.0.0.0", "::", "[::]") else host  # no listening
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    cookie = connection.get("SessionCookie") or {}
    request = urllib.request.Request(
        f"{connection['Scheme']}://{shown}:{connection['Port']}/graphql",
        json.dumps({"query": QUESTION}).encode(),
        {
            "Content-Type": "application/json",
            "Cookie": f"{cookie.get('Name', 'session')}={cookie.get('Value', '')}",
        },
    )
    tls = ssl.create_default_context()
    if host.strip("[]") in LOOPBACK:  # no certificate is made out to it
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls)
    )
    with opener.open(request, timeout=60) as response:
        plugins = json.load(response)["data"]["configuration"]["plugins"]
    return plugins.get("stashsync-tasks") or {}


def replace(command: list[str], given: bytes) -> None:
    """Run a command with this standard input in place of this process; on Windows below it."""
    if os.name == "nt":
        sys.exit(subprocess.run(command, input=given, check=False).returncode)
    reading, writing = os.pipe()
    if os.fork() == 0:  # a pipe holds only so much before it is read
        os.close(reading)
        with os.fdopen(writing, "wb") as stream:
            stream.write(given)
        os._exit(0)
    os.close(writing)
    os.dup2(reading, 0)
    os.execvp(command[0], command)


def fail(message: str) -> NoReturn:
    """Answer Stash with an error."""
    sys.stdout.write(json.dumps({"error": message}))
    sys.exit(0)


main()
