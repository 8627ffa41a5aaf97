"""`watch`: `drift` in a loop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import click

from stashsync.cli.options import Options, Scope, VerbWithFormats, counting, reports, scope

if TYPE_CHECKING:
    from stashsync.cli.reports import Reports

_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def _seconds(_ctx: click.Context, _param: click.Parameter, text: str) -> float:
    """Read a time span: `90s`, `15m`, `1h`, `1h30m`, `1d`."""
    if not re.fullmatch(r"(\d{1,6}[dhms])+", text.strip()):
        raise click.BadParameter(f"{text!r} is no time span: write 90s, 15m, 1h, 1h30m or 1d.")
    found = sum(int(part[:-1]) * _UNITS[part[-1]] for part in re.findall(r"\d+.", text))
    if not found:
        raise click.BadParameter("the time between two looks is at least 1s.")
    return float(found)


def _share(_ctx: click.Context, _param: click.Parameter, text: str) -> float:
    """Read a share in percent as 0–1."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d+)?)%\s*", text)
    if found is None or float(found[1]) > 100:
        raise click.BadParameter(f"{text!r} is no share: write 0% to 100%.")
    return float(found[1]) / 100


@click.command("watch", cls=VerbWithFormats)
@click.option("--every", callback=_seconds, metavar="TIME", default="1h", show_default=True,
              help="The time between two looks: 90s, 15m, 1h, 1h30m, 1d.")  # fmt: skip
@click.option("--jitter", callback=_share, metavar="SHARE", default="10%", show_default=True,
              help="By how much of it a wait may be shorter or longer.")  # fmt: skip
@click.option("--health", metavar="FILE", help="Write the result of each look to FILE.")
@click.option("--check-health", "checked", metavar="FILE",
              help="Do not watch: exit 0 if FILE is of a watch that works, else 1.")  # fmt: skip
@counting
@scope
@reports
@click.pass_obj
def command(
    options: Options,
    *,
    every: float,
    jitter: float,
    health: str | None,
    checked: str | None,
    fail_on: frozenset[str],
    scope: Scope,
    reports: Reports,
) -> int:
    """Look for drift again and again, and notify when it changes or ends.

    A look is what `drift` does; manifests and settings are read anew for each. Reports are written
    when the drift changed. A server that cannot be reached is looked at again, sooner at first,
    and is reported once. SIGINT (Ctrl-C) and SIGTERM end it with exit code 0.
    """
    from stashsync.cli.health import HealthFile
    from stashsync.cli.watching import Watch, until_stopped

    if checked is not None:
        return HealthFile(checked).check()
    for form in reports.places.names - {"text"}:
        if reports.places.has(form):
            raise click.UsageError(f"watch writes more than once: give {form} an --output.")
    watch = Watch(
        options, scope, reports, fail_on,
        every=every, jitter=jitter, health=HealthFile(health) if health else None,
    )  # fmt: skip
    return until_stopped(watch)
