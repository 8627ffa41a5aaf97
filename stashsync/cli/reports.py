"""Plans, runs and problems in every format that was asked for, each written to its place.

plan ─────┐            ┌─ text, json, markdown, html, github, junit ──> stdout or a file
report ───┼─ redact? ──┤
problems ─┘            └─ with github: Markdown too, to $GITHUB_STEP_SUMMARY
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from stashsync.cli.output import Outputs, Writer
from stashsync.errors import (
    NoApprovalError,
    Problem,
    Problems,
    SafetyError,
    StashConfigurationError,
    StashError,
)
from stashsync.render.choices import Detail, Purpose
from stashsync.render.style import PLAIN, Style

if TYPE_CHECKING:
    from stashsync.applier.estimate import Estimate
    from stashsync.applier.outcomes import Report
    from stashsync.cli.session import Session
    from stashsync.planner.plan import Plan
    from stashsync.render.attribution import Attribution
    from stashsync.render.origin import ReportOrigin
    from stashsync.render.redact import Redactor


_Content = TypeVar("_Content", "Plan", "Report")
SUMMARY_VARIABLE: Final = "GITHUB_STEP_SUMMARY"
KEY_VARIABLE: Final = "STASHSYNC_REDACT_KEY"
KEY_FILE: Final = Path(".stashsync") / "redact.key"


class Reports:
    """Write plans, runs and problems to their `places`, with pseudonyms if `redact` is given.

    Raises:
        click.UsageError: `concise` and `full` contradict each other.
    """

    def __init__(
        self,
        places: Outputs,
        *,
        command: str = "",
        concise: bool = False,
        full: bool = False,
        redact: bool = False,
    ) -> None:
        if concise and full:
            raise click.UsageError("--concise and --full contradict each other.")
        self.places = places
        self.command = command
        self.detail = Detail.CONCISE if concise else Detail.FULL if full else Detail.NORMAL
        self._redact = redact
        self.redactor: Redactor | None = None
        self.origin: ReportOrigin | None = None
        """Where the next report comes from, if that is known."""
        self._within = ""
        """The project's path below the repository, for GitHub."""

    def redact(self, root: Path) -> None:
        """Use the pseudonyms of the project at `root`, if any are wanted, and its place."""
        self._within = path_in_repository(root)
        if self._redact:
            self.redactor = redactor(root)

    def shown(self, content: _Content) -> _Content:
        """Return a plan or a report as others may see it."""
        from stashsync.planner.plan import Plan

        if self.redactor is None:
            return content
        if isinstance(content, Plan):
            return self.redactor.plan(content)
        return self.redactor.report(content)

    def stamp(self, server: str, command: str = "", time: datetime | None = None) -> ReportOrigin:
        """Let reports have this `server` in them; by default this command, and the time now."""
        from stashsync.render.origin import ReportOrigin

        shown = self.redactor.name("server", server) if self.redactor else server
        self.origin = ReportOrigin(command or self.command, shown, time or datetime.now(UTC))
        return self.origin

    def plan(
        self,
        plan: Plan,
        *,
        purpose: Purpose = Purpose.PLAN,
        estimate: Estimate | None = None,
        attribution: Attribution | None = None,
    ) -> None:
        """Write a plan, or a drift; `estimate` is what applying it takes."""
        writers = self._plan_writers(plan, purpose, estimate, attribution)
        self._write(writers, lambda: writers["markdown"](PLAIN))

    def plan_as(
        self, form: str, plan: Plan, *, purpose: Purpose, attribution: Attribution | None
    ) -> str:
        """Render a plan in one format."""
        return self._plan_writers(plan, purpose, None, attribution)[form](PLAIN)

    def _plan_writers(
        self,
        plan: Plan,
        purpose: Purpose,
        estimate: Estimate | None,
        attribution: Attribution | None,
    ) -> Mapping[str, Writer]:
        """Return a writer for each format; it imports what it needs when it is used."""
        shown, origin = self.shown(plan), self.origin

        def text(style: Style) -> str:
            from stashsync.render.text import plan_text

            return plan_text(
                shown,
                style=style,
                detail=self.detail,
                purpose=purpose,
                estimate=estimate,
                attribution=attribution,
                origin=origin if purpose is Purpose.DRIFT else None,
            )

        def json(_: Style) -> str:
            from stashsync.render.json import plan_json

            return plan_json(shown, estimate, attribution, origin)

        def markdown(_: Style) -> str:
            from stashsync.render.markdown import plan_markdown

            return plan_markdown(shown, purpose=purpose, attribution=attribution, origin=origin)

        def html(_: Style) -> str:
            from stashsync.render.html import plan_html

            return plan_html(shown, purpose=purpose, attribution=attribution, origin=origin)

        def github(_: Style) -> str:
            from stashsync.render.github import plan_github

            return plan_github(shown, self._within)

        def junit(_: Style) -> str:
            from stashsync.render.junit import plan_junit

            return plan_junit(shown, purpose=purpose, origin=origin)

        return {each.__name__: each for each in (text, json, markdown, html, github, junit)}

    def report(self, report: Report) -> None:
        """Write the account of a run."""
        writers = self._run_writers(report)
        self._write(writers, lambda: writers["markdown"](PLAIN))

    def report_as(self, form: str, report: Report) -> str:
        """Render the account of a run in one format."""
        return self._run_writers(report)[form](PLAIN)

    def _run_writers(self, report: Report) -> Mapping[str, Writer]:
        """Return a writer for each format; it imports what it needs when it is used."""
        shown, full, origin = self.shown(report), self.detail is Detail.FULL, self.origin

        def text(style: Style) -> str:
            from stashsync.render.report import report_text

            return report_text(shown, style=style, full=full, origin=origin)

        def json(_: Style) -> str:
            from stashsync.render.json import report_json

            return report_json(shown, origin)

        def markdown(_: Style) -> str:
            from stashsync.render.markdown import report_markdown

            return report_markdown(shown, origin=origin)

        def html(_: Style) -> str:
            from stashsync.render.html import report_html

            return report_html(shown, origin)

        def github(_: Style) -> str:
            from stashsync.render.github import report_github

            return report_github(shown, self._within)

        def junit(_: Style) -> str:
            from stashsync.render.junit import report_junit

            return report_junit(shown, origin)

        return {each.__name__: each for each in (text, json, markdown, html, github, junit)}

    @contextmanager
    def problems(self, session: Session) -> Generator[None]:
        """Write problems from inside in the formats that show them, then raise them again."""
        try:
            self.redact(session.root)
            yield
        except Problems as error:
            shown = self.redactor.error(error) if self.redactor else error
            self._problems(shown.problems, shown.message)
            if shown is not error:
                raise shown from None
            raise
        except NoApprovalError:
            raise
        except SafetyError as error:
            if self.redactor is not None:
                words = self.redactor.words
                error = SafetyError(words(error.message), hint=words(error.hint))
            refused = [Problem(line, hint=error.hint) for line in error.message.split("\n")]
            self._problems(refused, "refused for safety")
            raise error from None
        except StashError as error:
            if self.redactor is None:
                from stashsync.render.json import problems_json

                found, message = [Problem(error.message, hint=error.hint or None)], error.message
                self.places.write({"json": lambda _: problems_json(found, message)})
            raise

    def _problems(self, problems: Sequence[Problem], title: str) -> None:
        from stashsync.render.github import problems_github
        from stashsync.render.json import problems_json
        from stashsync.render.junit import problems_junit
        from stashsync.render.markdown import problems_markdown

        def markdown() -> str:
            return problems_markdown(problems, title)

        self._write(
            {
                "json": lambda _: problems_json(problems, title),
                "markdown": lambda _: markdown(),
                "github": lambda _: problems_github(problems, self._within),
                "junit": lambda _: problems_junit(problems),
            },
            markdown,
        )

    def _write(self, writers: Mapping[str, Writer], markdown: Callable[[], str]) -> None:
        self.places.write(writers)
        summary = os.environ.get(SUMMARY_VARIABLE)
        if summary and "github" in self.places.names:
            try:
                with Path(summary).open("a", encoding="utf-8", errors="replace") as stream:
                    stream.write(markdown() + "\n")
            except OSError as error:
                raise StashConfigurationError(
                    f"cannot write the job summary {summary}: {error.strerror}",
                    hint=f"{SUMMARY_VARIABLE} names the file.",
                ) from error


def path_in_repository(root: Path) -> str:
    """Return the path of a project below the repository that it is in, or ""."""
    try:
        whole = root.resolve()
        folders = (whole, *whole.parents)
        top = next((folder for folder in folders if (folder / ".git").exists()), whole)
    except OSError:
        return ""
    path = whole.relative_to(top).as_posix()
    return "" if path == "." else path


def redactor(root: Path) -> Redactor:
    """Make pseudonyms by the environment's key, else the project's, else one of this run."""
    from stashsync.render.redact import Redactor

    given = os.environ.get(KEY_VARIABLE)
    return Redactor(given.encode() if given else _project_key(root))


def _project_key(root: Path) -> bytes:
    """Read the key of the project; make it where there is a project and it has none."""
    import secrets

    from stashsync.config import SETTINGS_FILE

    path = root / KEY_FILE
    with suppress(OSError):
        if path.stat().st_size:
            return path.read_bytes()
    made = secrets.token_bytes(32)
    if (root / SETTINGS_FILE).is_file():
        with suppress(OSError):  # a folder that cannot be written to: pseudonyms of this run
            path.parent.mkdir(exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(made)
    return made
