"""`schema`: the JSON Schema of the manifests."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the manifests.

    Draft-07, for editors; `init` writes it to a file.
    """
    from stashsync.cli.output import result

    result(schema_text())


def schema_text() -> str:
    """The schema as it is written to a file."""
    from stashsync.manifest import json_schema
    from stashsync.render.json import text_of

    return text_of(json_schema())
