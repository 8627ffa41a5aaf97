"""The options of the group, and those that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

if TYPE_CHECKING:
    from pathlib import Path

    from stashsync.cli.inside import StashConnection
    from stashsync.config import Flags

ACTIONS = ("create", "update", "delete", "merge", "rename")
"""What a plan may do to an object; a rename is an update too."""
FORMATS = ("text", "json", "markdown", "html", "github", "junit")
Verb: TypeAlias = Callable[..., Any]
ORDER = "stashsync.formats_and_outputs"
"""Where the context has the names of `--format` and `--output` in the order given."""


class Options(NamedTuple):
    """The options of the group, as given; None is not given.

    `connection` is the server that started this process, which no option names.
    """

    server: str | None = None
    profile: str | None = None
    project: str | None = None
    api_key: str | None = None
    lenient: bool | None = None
    timeout: float | None = None
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    insecure: bool | None = None
    color: bool | None = None
    debug: bool = False
    no_notify: bool = False
    api_key_from_environment: bool = False
    connection: StashConnection | None = None

    def flags(self, prune: frozenset[str] = frozenset()) -> Flags:
        """Return the settings among them, with the kinds to `prune`."""
        from stashsync.config import Flags, Timeouts, TlsSettings  # `--help` needs none of it

        return Flags(
            url=self.connection.url if self.connection else self.server,
            without_key=self.connection is not None,
            api_key=self.api_key,
            api_key_variable="STASHSYNC_API_KEY" if self.api_key_from_environment else None,
            lenient=self.lenient,
            prune=prune,
            tls=TlsSettings(
                verify=False if self.insecure else None,
                ca_bundle=_path(self.ca_bundle),
                client_cert=_path(self.client_cert),
                client_key=_path(self.client_key),
            ),
            timeouts=Timeouts(read=self.timeout, mutation=self.timeout),
            profile=self.profile,
        )


def _path(text: str | None) -> Path | None:
    from pathlib import Path  # nor does it need this

    return Path(text).expanduser() if text else None


class Scope(NamedTuple):
    """What a plan is about: `KIND[:NAME]` patterns, and kinds to prune; all if there is none."""

    target: Sequence[str] = ()
    exclude: Sequence[str] = ()
    prune: Sequence[str] = ()


def offering(what: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function by that name of `completing`, which is imported when a shell asks."""

    def offer(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        completing = import_module("stashsync.cli.completing")
        found: list[str] = getattr(completing, what)(ctx, param, incomplete)
        return found

    return offer


def scope(verb: Verb) -> Verb:
    """Add the options that choose what a plan is about, passed as one `scope`."""

    @wraps(verb)
    def scoped(
        *args: Any, target: Sequence[str], exclude: Sequence[str], prune: Sequence[str], **rest: Any
    ) -> Any:
        return verb(*args, scope=Scope(target, exclude, prune), **rest)

    prune = click.option("--prune", multiple=True, metavar="KIND",
                         shell_complete=offering("kinds"),
                         help="Delete what no manifest names; may be given again.")  # fmt: skip
    return chosen(prune(scoped))


def chosen(verb: Verb) -> Verb:
    """Add the options that choose objects."""
    exclude = click.option("--exclude", multiple=True, metavar="KIND[:NAME]",
                           shell_complete=offering("objects"),
                           help="All but these; NAME may be a pattern: tags:tmp*.")  # fmt: skip
    target = click.option("--target", multiple=True, metavar="KIND[:NAME]",
                          shell_complete=offering("objects"),
                          help="Nothing but these; may be given again.")  # fmt: skip
    return target(exclude(verb))


def counting(verb: Verb) -> Verb:
    """Add the option that chooses what counts as drift, passed as a set `fail_on`."""

    def parsed(_ctx: click.Context, _param: click.Parameter, text: str) -> frozenset[str]:
        found = frozenset(action.strip() for action in text.split(","))
        if not found <= set(ACTIONS):
            raise click.UsageError(f"--fail-on takes {', '.join(ACTIONS)}, with commas between.")
        return found

    return click.option("--fail-on", metavar=",".join(ACTIONS), callback=parsed,
                        default=",".join(ACTIONS), show_default=True,
                        help="The actions that count as drift.")(verb)  # fmt: skip


def reports(verb: Verb) -> Verb:
    """Add the options of formats, their places and detail, passed as one `reports`."""

    @wraps(verb)
    def reporting(
        *args: Any,
        formats: Sequence[str],
        outputs: Sequence[str],
        redact: bool,
        concise: bool,
        full: bool,
        **rest: Any,
    ) -> Any:
        from stashsync.cli.output import Outputs
        from stashsync.cli.reports import Reports

        context = click.get_current_context()
        places = Outputs(formats, outputs, context.obj.color, context.meta.get(ORDER, ()))
        places.check()
        made = Reports(
            places,
            command=context.info_name or "",
            concise=concise,
            full=full,
            redact=redact,
        )
        return verb(*args, reports=made, **rest)

    options = (
        click.option("--redact", is_flag=True,
            help="Pseudonyms in place of names and values, for reports that others may read."),
        click.option("--output", "outputs", multiple=True, metavar="FILE",
            help="Write the format before this to FILE, not to the standard output."),
        click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS),
            help="text (default) or another; several at once, each but one with its --output."),
        click.option("--full", is_flag=True, help="Hide, group and shorten nothing."),
        click.option("--concise", is_flag=True, help="One line a change."),
    )  # fmt: skip
    decorated: Verb = reporting
    for option in options:
        decorated = option(decorated)
    return decorated


class VerbWithFormats(click.Command):
    """A verb that keeps in which order `--format` and `--output` were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and keep the order in the context."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[ORDER] = [option.name for option in order if option.name in ("formats", "outputs")]
        return super().parse_args(ctx, args)
