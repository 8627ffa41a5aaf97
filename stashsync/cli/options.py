"""What stands before the verb, and what several verbs have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from stashsync.config import Flags, Timeouts, TlsSettings

FORMATS = ("text", "json", "markdown", "html", "github", "junit")
_Verb = TypeVar("_Verb", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the group, as given; None is not given."""

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
    api_key_from_environment: bool = False

    def flags(self, prune: frozenset[str] = frozenset()) -> Flags:
        """Return the settings among them, with the kinds to `prune`."""
        return Flags(
            url=self.server,
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
    return Path(text).expanduser() if text else None


class VerbWithFormats(click.Command):
    """A verb that keeps in which order `--format` and `--output` were given."""

    ORDER = "stashsync.formats_and_outputs"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[self.ORDER] = [one.name for one in order if one.name in ("formats", "outputs")]
        return super().parse_args(ctx, args)


def formats(verb: _Verb) -> _Verb:
    """The options that choose formats and where they go; see `output.Outputs`."""
    for decorate in (
        click.option(
            "--redact", is_flag=True,
            help="Pseudonyms in place of names and values, for reports that others may read.",
        ),
        click.option(
            "--output", "outputs", multiple=True, metavar="FILE",
            help="Write the format before this to FILE, not to the standard output.",
        ),
        click.option(
            "--format", "formats", multiple=True, type=click.Choice(FORMATS),
            help="text (default) or another; several at once, each but one with its --output.",
        ),
    ):  # fmt: skip
        verb = decorate(verb)
    return verb


def scope(verb: _Verb) -> _Verb:
    """The options that choose what a plan is about; see `session.Session`."""
    for decorate in (
        click.option(
            "--prune", multiple=True, metavar="KIND",
            help="Delete what no manifest names; may be given again.",
        ),
        click.option(
            "--exclude", multiple=True, metavar="KIND[:NAME]",
            help="Leave these out of the plan; NAME may be a pattern, as in tags:tmp*.",
        ),
        click.option(
            "--target", multiple=True, metavar="KIND[:NAME]",
            help="Plan nothing but these; may be given again.",
        ),
    ):  # fmt: skip
        verb = decorate(verb)
    return verb


def detail(verb: _Verb) -> _Verb:
    """How much of a plan is shown."""
    for decorate in (
        click.option("--full", is_flag=True, help="Hide, group and shorten nothing."),
        click.option("--concise", is_flag=True, help="One line a change."),
    ):
        verb = decorate(verb)
    return verb
