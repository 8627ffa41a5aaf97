"""`schema`: the JSON Schema of the manifests, or of what `--format json` writes."""

from __future__ import annotations

import click

SUBJECTS = ("manifest", "settings", "plan", "report", "pull", "import", "problems")


@click.command("schema")
@click.option(
    "--of",
    "subject",
    type=click.Choice(SUBJECTS),
    default="manifest",
    show_default=True,
    help="The manifests, stashsync.yaml, or JSON: of plan, apply, pull, import, or of failures.",
)
def command(*, subject: str) -> None:
    """Print the JSON Schema of the manifests.

    Draft-07, for editors; `init` writes it to a file. Of a plan or a report: for programs that
    read what `--format json` writes.
    """
    from stashsync.cli.output import result

    result(schema_text(subject), machine=True)


def schema_text(subject: str = "manifest") -> str:
    """Render a schema as it is written to a file."""
    from stashsync.render.json import text_of

    if subject == "manifest":
        from stashsync.manifest import json_schema

        return text_of(json_schema())
    if subject == "settings":
        from stashsync.manifest.settings_schema import settings_schema

        return text_of(settings_schema())
    from stashsync.render import documents

    made = getattr(documents, f"{subject}_schema")
    return text_of(made())
