"""`apply`: make the library what the manifests say."""

from __future__ import annotations

import click

from stashsync.cli.options import Options, VerbWithFormats, detail, formats, scope


@click.command("apply", cls=VerbWithFormats)
@click.argument("planfile", metavar="[PLANFILE]", required=False)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option(
    "--max-batch",
    type=click.IntRange(1, 250),
    default=250,
    show_default=True,
    help="The most operations in one document.",
)
@click.option("--events", metavar="FILE", help="Write what happens to FILE as JSON lines.")
@click.option("--force", is_flag=True, help="Carry out what thresholds or protection refuse.")
@click.option("--backup", is_flag=True, help="Have the server copy its database first.")
@scope
@detail
@formats
@click.pass_obj
def command(
    options: Options,
    *,
    planfile: str | None,
    auto_approve: bool,
    max_batch: int,
    events: str | None,
    force: bool,
    backup: bool,
    target: tuple[str, ...],
    exclude: tuple[str, ...],
    prune: tuple[str, ...],
    concise: bool,
    full: bool,
    formats: tuple[str, ...],
    outputs: tuple[str, ...],
    redact: bool,
) -> int:
    """Make the library what the manifests say: plan, show, ask, carry out.

    With PLANFILE, a plan that `plan --out` saved, exactly that plan is carried out, without
    asking. Formats and outputs are those of the account.
    """
    from stashsync.cli.execute import How, apply_manifests, apply_saved
    from stashsync.cli.output import Outputs, detail_of
    from stashsync.cli.prompt import require_terminal
    from stashsync.cli.reports import Reports, redactor
    from stashsync.cli.session import Session

    places = Outputs(formats, outputs, options.color)
    shown = detail_of(concise=concise, full=full)
    if planfile is not None and concise:
        raise click.UsageError("A plan file is carried out without being shown: no --concise.")
    if planfile is not None and (target or exclude or prune):
        raise click.UsageError(
            "A plan file is carried out as it is: no --target, --exclude or --prune."
        )
    if planfile is None and not auto_approve:
        require_terminal("Give --auto-approve, or a plan file: plan --out FILE, then apply FILE.")
    how = How(max_batch, events, force=force, backup=backup)
    with Session(options, writes=True, target=target, exclude=exclude, prune=prune) as session:
        hiding = redactor(redact, session.root)
        reports = Reports(places, detail=shown, redactor=hiding)
        with reports.problems():
            if planfile is not None:
                report = apply_saved(session, planfile, how)
            else:
                asks = not auto_approve
                report = apply_manifests(
                    session, how, detail=shown, asks=asks, places=places, redactor=hiding
                )
    reports.report(report)
    return report.exit_code
