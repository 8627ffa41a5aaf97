"""`drift`: `plan` for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stashsync.cli.options import Options, Scope, VerbWithFormats, counting, reports, scope

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports


@click.command("drift", cls=VerbWithFormats)
@counting
@scope
@reports
@click.pass_obj
def command(options: Options, *, fail_on: frozenset[str], scope: Scope, reports: Reports) -> int:
    """Compare the library with the manifests, for CI: exit 0 if it is in step, 2 if it drifted.

    A rename is an update too. A plan that a threshold or a protection refuses ends in exit code 4.
    """
    from stashsync.cli.drifting import find_drift
    from stashsync.cli.notifying import notifying
    from stashsync.cli.session import Session

    with Session(options, scope) as session, notifying(session, reports) as notifier:
        found = find_drift(session, reports, fail_on)
        found.write(reports)
        if found.counts:
            notifier.drift(found.plan, found.attribution)
    return found.exit_code
