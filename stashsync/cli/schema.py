"""`schema`: the JSON Schema of the manifests, or of what `--format json` writes."""

from __future__ import annotations

import click

SUBJECTS = ("manifest", "plan", "report", "pull")


@click.command("schema")
@click.option(
    "--of",
    "subject",
    type=click.Choice(SUBJECTS),
    default="manifest",
    show_default=True,
    help="The manifests, or the JSON that plan and drift, apply, or pull write.",
)
def command(*, subject: str) -> None:
    """Print the JSON Schema of the manifests.

    Draft-07, for editors; `init` writes it to a file. Of a plan or a report: for programs that
    read what `--format json` writes.
    """
    from stashsync.cli.output import result

    result(schema_text(subject))


def schema_text(subject: str = "manifest") -> str:
    """Render a schema as it is written to a file."""
    from stashsync.render.json import text_of

    if subject == "manifest":
        from stashsync.manifest import json_schema

        return text_of(json_schema())
    from stashsync.render.documents import plan_schema, pull_schema, report_schema

    made = {"plan": plan_schema, "report": report_schema, "pull": pull_schema}
    return text_of(made[subject]())
