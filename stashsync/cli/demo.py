"""`demo`: validate, plan and apply on a sandbox in memory."""

from __future__ import annotations

from pathlib import Path

import click

from stashsync.cli.options import Options
from stashsync.errors import ExitCode


@click.command("demo")
@click.pass_obj
def command(options: Options) -> int:
    """Show validate, plan and apply on a sandbox; no server needed.

    The manifests are those of the demo library. The server is in memory and gone afterwards.
    """
    from stashsync.cli.output import result, stdout_style
    from stashsync.cli.running import execute
    from stashsync.cli.sandbox import plant
    from stashsync.cli.session import Session
    from stashsync.cli.validate import valid_text
    from stashsync.manifest import load
    from stashsync.render.report import report_text
    from stashsync.render.text import plan_text
    from stashsync.sandbox import Sandbox

    style = stdout_style(options.color)

    def show(command: str, text: str) -> None:
        result(f"{style.bold}$ stashsync {command}{style.reset}\n{text}\n")

    with Sandbox() as sandbox, Session(options, sandbox=sandbox, writes=True) as session:
        session.run(plant(sandbox, BEFORE))
        result("A sandbox holds a small library, somewhat out of step with the manifests.\n\n")
        root = library()
        desired = load(root)
        show("validate", valid_text(desired, style))
        plan = session.reconcile(desired).plan
        show("plan", plan_text(plan, style=style))
        report = execute(session, plan, root=root)
        show("apply --force" if plan.refusals else "apply", report_text(report, style=style))
        again = session.reconcile(desired).plan
        show("plan", plan_text(again, style=style))
    return report.exit_code if not again else ExitCode.INCOMPLETE


DATA = Path(__file__).parent.parent / "_demo"
BEFORE = DATA / "before"


def library() -> Path:
    """Return the folder above the demo library's manifests: the package's data, or the clone."""
    clone = DATA.parent.parent
    return DATA if (DATA / "manifests").is_dir() else clone
