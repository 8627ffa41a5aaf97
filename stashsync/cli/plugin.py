"""`plugin`: stashsync inside Stash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from stashsync.cli.inside import ID
from stashsync.cli.options import Options

if TYPE_CHECKING:
    from datetime import datetime

    from stashsync.cli.session import Session

FOLDER: Final = Path(__file__).parent.parent / "_plugin"
FILES: Final = (f"{ID}.yml", "start.py")
OURS: Final = b"# Made by `stashsync plugin`"
"""How the files begin, so that no other ones are overwritten."""
_LISTED: Final = """\
- id: {id}
  name: stashsync
  version: "{version}"
  date: "{date}"
  path: {id}.zip
  sha256: {sha256}
  metadata:
    description: Compares a library with manifests in git, and makes it match them
"""


@click.group("plugin")
def command() -> None:
    """Put stashsync inside Stash, as a plugin.

    Plan, Apply, Pull, Drift and Resume are then among the tasks of Stash.
    """


@command.command("install")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(file_okay=False))
@click.pass_obj
def install(options: Options, *, folder: str | None) -> int:
    """Write the plugin into the plugins folder of Stash.

    Without DIR, the server names its folder, which has to be on this machine, and gets the plugin's
    settings: this project and this Python. With DIR, nothing is sent.
    """
    from stashsync.cli.output import result
    from stashsync.cli.session import Session

    if folder is not None:
        where = _write(Path(folder))
        result(f"Wrote {where}.\n\n{_BY_HAND}")
        return 0
    with Session(options, writes=True) as session:
        place = session.run(_plugins_folder(session))
        where = _write(place)
        python = session.run(_configure(session))
        result(
            f"Wrote {where}.\n  project  {session.root.resolve()}\n  python   {python}\n\n"
            "The tasks are in Settings, Tasks, Plugin Tasks.\n"
        )
    return 0


_BY_HAND: Final = """\
In Stash: Settings, Plugins, Reload plugins. Then, below stashsync, set the Project and a Python
that has stashsync, both as Stash's own machine or container names them.
"""


@command.command("source")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
def source(*, folder: str) -> int:
    """Write a source of plugins: the zip of the plugin, and the index.yml that Stash reads.

    Serve DIR over HTTP, or name it as file:// where Stash runs on the same machine.
    """
    import os
    from datetime import UTC, datetime

    from stashsync.cli.files import write_all
    from stashsync.cli.output import result

    at = os.environ.get("SOURCE_DATE_EPOCH")
    when = datetime.fromtimestamp(int(at), UTC) if at else datetime.now(UTC)
    place = Path(folder)
    write_all(place, source_files(when))
    result(f"Wrote {place / 'index.yml'} and {place / f'{ID}.zip'}.\n")
    return 0


@command.command("run", hidden=True)
def run() -> int:
    """Run a task for Stash, which writes what it is about to the standard input."""
    import io
    import json
    import sys

    from stashsync.cli.inside import run_task

    for stream in (sys.stdout, sys.stderr):  # what Stash reads, whatever its locale
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    answer = run_task(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


# -- files ----------------------------------------------------------------------------------------


def plugin_files() -> dict[str, bytes]:
    """Return the plugin's files by name, for this version."""
    import stashsync

    found = {name: (FOLDER / name).read_text("utf-8") for name in FILES}
    found[FILES[0]] = found[FILES[0]].replace("{version}", stashsync.__version__)
    return {name: text.encode() for name, text in found.items()}


def source_files(when: datetime) -> dict[str, bytes]:
    """Return the files of a source of plugins; the same for the same moment."""
    import io
    import zipfile
    from hashlib import sha256

    import stashsync

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in plugin_files().items():
            entry = zipfile.ZipInfo(name, when.timetuple()[:6])
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    whole = packed.getvalue()
    listed = _LISTED.format(
        id=ID,
        version=stashsync.__version__,
        date=f"{when:%Y-%m-%d %H:%M:%S}",
        sha256=sha256(whole).hexdigest(),
    )
    return {f"{ID}.zip": whole, "index.yml": listed.encode()}


def _write(plugins: Path) -> Path:
    """Write the plugin into a folder of plugins; return where it is.

    Raises:
        StashConfigurationError: there is no such folder, or another plugin in its place.
    """
    from stashsync.cli.files import write_all
    from stashsync.errors import StashConfigurationError

    if not plugins.parent.is_dir():  # Stash makes its own only for the first plugin
        raise StashConfigurationError(
            f"there is no folder {plugins.parent} on this machine",
            hint="Run this where Stash runs, or give the folder: stashsync plugin install DIR.",
        )
    place = plugins / ID
    for name in FILES:
        path = place / name
        if path.exists() and not path.read_bytes().startswith(OURS):
            raise StashConfigurationError(
                f"{path} is no file of this plugin", hint="Move it away; nothing was written."
            )
    write_all(place, plugin_files())
    return place


# -- the server -----------------------------------------------------------------------------------


async def _plugins_folder(session: Session) -> Path:
    """Return the folder of the server's plugins.

    Raises:
        StashConfigurationError: it is no whole path on this machine, such as one of Windows.
    """
    from stashsync.errors import StashConfigurationError

    text = "query Plugins { configuration { general { pluginsPath } } }"
    data = (await session.client.transport.send(text)).data_or_raise()
    named: str = data["configuration"]["general"]["pluginsPath"]
    if not Path(named).is_absolute():  # it would be written into the current folder
        raise StashConfigurationError(
            f"the server's plugins folder, {named!r}, is no whole path on this machine",
            hint="Run this where Stash runs, or give the folder: stashsync plugin install DIR.",
        )
    return Path(named)


async def _configure(session: Session) -> str:
    """Let the server find the plugin, and set what is not set; return the Python."""
    import sys

    text = f'query Settings {{ configuration {{ plugins(include: ["{ID}"]) }} }}'
    data = (await session.client.transport.send(text)).data_or_raise()
    before = data["configuration"]["plugins"].get(ID) or {}
    chosen = {**before, "project": str(session.root.resolve()), "python": sys.executable}
    document = (
        "mutation Plugin($id: ID!, $settings: Map!) "
        "{ reloadPlugins configurePlugin(plugin_id: $id, input: $settings) }"
    )
    answer = await session.client.transport.send(document, {"id": ID, "settings": chosen})
    answer.data_or_raise()
    return sys.executable
