"""`init`: a project in this folder."""

from __future__ import annotations

from pathlib import Path

import click

from stashsync.cli.options import Options

SETTINGS = """\
# yaml-language-server: $schema=./stashsync.settings.schema.json
# Settings of this project. A flag beats the environment, the environment beats this file.

server:
  url: {url}
  api_key: env:STASH_API_KEY    # set in .env, or file:/run/secrets/stash_key; never the key itself

manifests: manifests

# lists: {{tags.aliases: merge}}   # own only the members that are written; the default is exact
# prune: {{tags: true}}            # delete what no manifest names
# protect: {{tags: [Travel]}}      # what is never to be deleted or merged; patterns will do
# lenient: true                  # fields that the server lacks are warnings
# profiles: {{kids: {{server: {{url: "http://nas:9998"}}}}}}
"""
MANIFEST = """\
# yaml-language-server: $schema=../stashsync.schema.json
#
# What the library should hold. Remove the signs and write your own:
#
# tags:
#   - Travel                          # a bare string is a name
#   - name: Camera
#     description: How it was filmed
#     children:                       # nesting is the hierarchy
#       - name: Wide shot
#         aliases: [Long shot]
#       - name: Drone
#         parents: [Travel]           # a second parent
#
# studios:
#   - name: Northlight Media
#     urls: ["https://northlight.example"]
#
# performers:
#   - name: Ada Example
#     birthdate: 1990-05              # partial dates are fine
"""
IGNORED = (".stashsync/", ".env", "secrets.yaml")
NEXT = (
    "Next, one of these:",
    "  stashsync pull    # a library that is there already, into manifests",
    "  stashsync import  # an export of Stash, a table, a list or a stash-box, into manifests",
    "  stashsync plan    # manifests that you wrote, against the server",
    "`stashsync doctor` checks whether the server can be reached.",
)


GALLERY = Path(__file__).parent.parent / "gallery"
BEGINNINGS = ("cameras", "food", "genres", "workflow")
"""The manifests in `GALLERY`."""


@click.command("init")
@click.option(
    "--from",
    "beginnings",
    type=click.Choice(BEGINNINGS),
    multiple=True,
    help="Begin with these tags, as manifests/NAME.yaml. Repeatable.",
)
@click.pass_obj
def command(options: Options, beginnings: tuple[str, ...]) -> None:
    """Start a project in this folder.

    Writes stashsync.yaml, manifests/, the schemas for editors and .gitignore. What is there already
    is left alone, but for the schemas, which are this version's.
    """
    import json
    import os

    from stashsync.cli.output import result
    from stashsync.cli.schema import schema_text
    from stashsync.config import DEFAULT_URL, URL_VARIABLES

    root = Path(options.project).expanduser() if options.project else Path.cwd()
    known = (os.environ.get(name) for name in URL_VARIABLES)
    url = options.server or next(filter(None, known), None) or DEFAULT_URL
    files = {
        "stashsync.yaml": SETTINGS.format(url=json.dumps(_without_secrets(url))),
        "stashsync.schema.json": schema_text(),
        "stashsync.settings.schema.json": schema_text("settings"),
        ".gitignore": "".join(f"{line}\n" for line in IGNORED),
    }
    for name in beginnings:
        files[f"manifests/{name}.yaml"] = (GALLERY / f"{name}.yaml").read_text("utf-8")
    if not beginnings and not any((root / "manifests").glob("**/*.y*ml")):
        files["manifests/library.yaml"] = MANIFEST
    lines = [_write(root, name, text) for name, text in files.items()]
    result("\n".join([*lines, "", *NEXT]) + "\n")


def _write(root: Path, name: str, text: str) -> str:
    """Write a file that is missing, or add to `.gitignore`; return a line that reports it."""
    from stashsync.cli.files import write_file
    from stashsync.errors import StashConfigurationError

    path = root / name
    if name == ".gitignore" and path.is_file():
        present = path.read_text("utf-8", "surrogateescape")
        missing = [line for line in IGNORED if line not in present.split("\n")]
        if not missing:
            return f"  kept     {name}"
        joined = present + ("" if present.endswith("\n") or not present else "\n")
        joined += "".join(f"{line}\n" for line in missing)
        write_file(path, joined.encode("utf-8", "surrogateescape"))
        return f"  extended {name}"
    # The schemas are ours: a newer version of the program writes newer ones.
    if path.exists() and not name.endswith(".schema.json"):
        return f"  kept     {name}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StashConfigurationError(f"cannot make {path.parent}: {error.strerror}") from error
    write_file(path, text.encode())
    return f"  wrote    {name}"


def _without_secrets(url: str) -> str:
    """Remove the key or the password that an address may carry.

    Raises:
        StashConfigurationError: it is not an address.
    """
    if url.startswith("sandbox:"):
        return url
    from stashsync.wire.url import parse_endpoint

    return parse_endpoint(url).base
