"""`completion`: what a shell needs to complete command lines."""

from __future__ import annotations

import click

from stashsync.cli.options import Options

VARIABLE = "_STASHSYNC_COMPLETE"
"""Set by the shell when it asks."""


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_obj
def command(options: Options, *, shell: str) -> None:  # noqa: ARG001
    """Print a script for the completion of command lines.

    The shell completes options then, and kinds, names and profiles of the project.

    \b
    bash    stashsync completion bash > ~/.local/share/bash-completion/completions/stashsync
    zsh     stashsync completion zsh > "${fpath[1]}/_stashsync"
    fish    stashsync completion fish > ~/.config/fish/completions/stashsync.fish
    """  # noqa: D301  # click reads the character
    from click.shell_completion import get_completion_class

    from stashsync.cli.completing import register
    from stashsync.cli.output import result
    from stashsync.cli.program import group

    register()
    kind = get_completion_class(shell)
    assert kind is not None
    result(kind(group, {}, "stashsync", VARIABLE).source())
