"""The group of all verbs. `--help` imports click and nothing else that is slow."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from stashsync.cli.options import offering

VERBS = {
    "init": "Start a project in this folder.",
    "validate": "Check the manifests, without a server.",
    "plan": "Show what would change.",
    "apply": "Make the library match the manifests.",
    "runs": "List the runs of this project.",
    "resume": "Do the rest of a run that was cut short.",
    "undo": "Take a run back.",
    "drift": "Compare the library with the manifests, for CI.",
    "watch": "Look for drift again and again, and notify when it changes.",
    "pull": "Bring the server's changes into the manifests.",
    "import": "Bring other sources into the manifests.",
    "fmt": "Give the manifests their canonical style.",
    "mv": "Rename an object in the manifests, or move it in its hierarchy.",
    "rm": "Let the manifests delete objects.",
    "merge": "Let the manifests merge objects into another.",
    "snapshot": "Save what the library holds, to plan against it elsewhere.",
    "show": "Show a saved plan or the report of a run.",
    "graph": "Draw the hierarchies.",
    "doctor": "Check the server: what it is, what it can hold, which plugins will run.",
    "schema": "Print the JSON Schema of the manifests.",
    "sandbox": "Serve a small Stash-compatible server.",
    "plugin": "Put stashsync inside Stash, as a plugin.",
    "completion": "Print a script for the completion of command lines.",
    "demo": "Show validate, plan and apply on a sandbox; no server needed.",
}
"""The first line of each verb's help, by name; its command is in the module of that name."""
_MODULES = {"import": "import_"}
"""Modules of verbs whose name no module can have."""


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are run or their own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        module = import_module(f"stashsync.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        for each in (command, *getattr(command, "commands", {}).values()):
            if not any("-C" in param.opts for param in each.params):
                each.params.append(_project_option())
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name.lower(), VERBS, n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


def _project_option() -> click.Option:
    """Return `-C` for the place after the verb, where a hook's arguments go."""

    def use(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value is not None and ctx.obj is not None:  # there is none while a shell completes
            ctx.obj = ctx.obj._replace(project=value)

    names = ["-C", "--project"]
    return click.Option(names, metavar="DIR", expose_value=False, callback=use, hidden=True)


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import stashsync

        click.echo(f"stashsync {stashsync.__version__}")
        ctx.exit()


@click.group(
    cls=_LazyGroup,
    context_settings={
        "auto_envvar_prefix": "STASHSYNC",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    epilog="Exit codes: 0 done or nothing to do, 1 error, 2 changes pending, "
    "3 saved plan is stale, 4 refused for safety, 5 incomplete, 64 wrong usage, 130 interrupted. "
    "Every option can be set in the environment, as STASHSYNC_SERVER or STASHSYNC_PLAN_OUT.",
)
@click.option("--server", metavar="URL|sandbox:[FILE]|snapshot:FILE",
              help="The Stash server, a sandbox, or a saved library.")  # fmt: skip
@click.option("--profile", metavar="NAME", shell_complete=offering("profiles"),
              help="A profile of stashsync.yaml.")  # fmt: skip
@click.option(
    "-C", "--project", metavar="DIR", help="The project's folder; after the command, too."
)
@click.option("--api-key", metavar="env:NAME|file:PATH", help="Where the API key is.")
@click.option("--lenient/--strict", default=None, help="Fields the server lacks are warnings.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="How long to wait for an answer.")  # fmt: skip
@click.option("--ca-bundle", metavar="PATH", help="Certificates to trust, in PEM form.")
@click.option("--client-cert", metavar="FILE", help="A certificate to show to the server.")
@click.option("--client-key", metavar="FILE", help="Its key, where that is a file of its own.")
@click.option("--insecure", is_flag=True, default=None, help="Trust any certificate.")
@click.option("--color/--no-color", default=None, help="Colour, whatever the terminal.")
@click.option("--no-notify", is_flag=True, help="Send no notifications.")
@click.option("--debug", is_flag=True, help="Tracebacks with errors.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Print the version.")  # fmt: skip
@click.pass_context
def group(ctx: click.Context, /, **options: Any) -> None:
    """Terraform for a Stash library: tags, studios, performers, groups as YAML in git.

    Start with `stashsync demo`, or with `stashsync init` in a folder of your own.
    """
    from stashsync.cli.options import Options

    source = ctx.get_parameter_source("api_key")
    from_environment = source is not None and source.name == "ENVIRONMENT"
    ctx.obj = Options(**options, api_key_from_environment=from_environment, connection=ctx.obj)
