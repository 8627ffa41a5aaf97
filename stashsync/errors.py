"""Every error of stashsync on one page, with the exit code that each leads to.

    StashError                              anything this package raises on purpose            1
     ├─ StashConfigurationError             settings: a bad URL, a missing key file            1
     │   └─ KeyOnCommandLineError           the API key itself, where others can read it      64
     ├─ Problems                            a list of problems, each with its place            1
     │   ├─ ManifestError                   what the manifests say cannot be                   1
     │   ├─ PlanError                       what they say cannot be done on this server        1
     │   └─ StalePlanError                  the server moved since the plan was saved          3
     ├─ SafetyError                         a threshold or a protection refuses the plan       4
     ├─ NoApprovalError                     no terminal and no --auto-approve                 64
     ├─ DeclinedError                       the answer to a question was not yes               1
     ├─ StashConnectionError                no answer: refused, reset, time-out, TLS           1
     ├─ StashServerError                    an answer, but not of a GraphQL API                1
     │   ├─ StashAuthenticationError        401 or 403                                         1
     │   └─ PagesMovedError                 the library changed during every reading of it     1
     ├─ StashSystemNotReadyError            waits for set-up or for a migration                1
     ├─ StashGraphQLError                   the API's own `errors`                             1
     │   └─ StashRefusedError               of saving or deleting one object; also ValueError  1
     ├─ StashBatchError                     some operations of a batch failed; has them all    5
     ├─ StashCapabilityError                this release of the server cannot do that          1
     │   └─ StashVersionError               and is older than all that are supported           1
     ├─ StashFilterError                    a filter asks for what cannot be; also ValueError  1
     ├─ StashIntegrationError               what was asked for is not there; also ValueError   1
     ├─ JobTimeoutError                     a job goes on for longer; also TimeoutError        1
     ├─ UnknownJobError                     the server knows no such job; also ValueError      1
     └─ ReadOnlyError                       a mutation over a transport made for reading       1

`wire` raises subclasses of these that are also errors of httpx or gql, so that code written for
those libraries keeps catching them. Nothing else leaves the package: foreign errors are
translated once, where the foreign library is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct, field

if TYPE_CHECKING:
    from stashsync.wire.operations import BatchResult


class ExitCode(IntEnum):
    """Exit codes of commands; scripts rely on them (docs/cli.md)."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    STALE = 3
    REFUSED = 4
    INCOMPLETE = 5
    USAGE = 64
    INTERRUPTED = 130


class Mark(Struct, frozen=True, order=True):
    """A place in a file. `line` and `column` count from 1; 0 stands for the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


class Problem(Struct, frozen=True):
    """One thing that is wrong: what, where, and what would be right.

    `excerpt` is the source line at `mark`, where it is known. `related` are further places that
    belong to the problem, each with a word about it ("first declared here").
    """

    message: str
    mark: Mark | None = None
    hint: str | None = None
    excerpt: str | None = None
    related: tuple[tuple[Mark, str], ...] = field(default=())


class StashError(Exception):
    """The root of everything that stashsync raises on purpose.

    `hint` is a sentence on what to do about it; it may be empty.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.ERROR

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class StashConfigurationError(StashError):
    """A setting is missing, unreadable or contradicts another."""


class KeyOnCommandLineError(StashConfigurationError):
    """An API key itself stands on the command line."""

    exit_code = ExitCode.USAGE

    def __init__(self, hint: str) -> None:
        super().__init__(
            "the API key itself must not stand on the command line, where others can read it",
            hint=hint,
        )


class Problems(StashError):
    """Several problems at once, in the order of their places; `where` is for the message."""

    where: str = ""

    def __init__(
        self, problems: Iterable[Problem], *, hint: str = "", where: str | None = None
    ) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        self.where = self.where if where is None else where
        count = len(self.problems)
        super().__init__(f"{count} problem{'' if count == 1 else 's'}{self.where}", hint=hint)


class ManifestError(Problems):
    """The manifests cannot be what was meant; found without a server."""

    where = " in the manifests"


class PlanError(Problems):
    """What the manifests want cannot be carried out on this server."""

    where = " in the plan"


class StalePlanError(Problems):
    """A saved plan no longer fits the server; nothing was sent. `problems` lists what moved."""

    exit_code = ExitCode.STALE
    where = ": the saved plan is stale"


class SafetyError(StashError):
    """A threshold or a protection refuses the plan."""

    exit_code = ExitCode.REFUSED


class NoApprovalError(StashError):
    """There is no terminal to ask for approval, and it was not given beforehand."""

    exit_code = ExitCode.USAGE


class DeclinedError(StashError):
    """The person at the terminal did not approve."""


class StashConnectionError(StashError):
    """No answer came: the connection was refused, reset or timed out, or TLS failed.

    `sent` is False only where the request provably never left.
    """

    def __init__(self, message: str, *, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent


class StashServerError(StashError):
    """An answer came, but not the one of a GraphQL API. `status` is its HTTP status code.

    `errors` are the API's own, where a failure of the server has some in its body.
    """

    errors: Sequence[dict[str, Any]] = ()

    def __init__(self, message: str, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class StashAuthenticationError(StashServerError):
    """The server wants a key, or another key (401, 403)."""


class PagesMovedError(StashServerError):
    """The library changed during every reading of it."""


class StashSystemNotReadyError(StashError):
    """The server runs but waits for set-up or for a migration of its database."""


class StashGraphQLError(StashError):
    """The API answered with `errors`.

    `errors` are the entries as the server sent them; `data` is what came beside them.
    `executed` is False where the document was refused before anything ran.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[dict[str, Any]] = (),
        data: dict[str, Any] | None = None,
        executed: bool = True,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.errors = errors
        self.data = data
        self.executed = executed


class StashRefusedError(StashGraphQLError, ValueError):
    """The server refused to save or to delete an object."""


class StashBatchError(StashError):
    """At least one operation of a batch failed or has an unknown outcome.

    `batch_result` accounts for every operation of every chunk, the successful ones included.
    """

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, message: str, batch_result: BatchResult) -> None:
        super().__init__(message)
        self.batch_result = batch_result

    @property
    def first_error(self) -> StashError:
        """The error of the first operation that has one."""
        return next((outcome.error for outcome in self.batch_result if outcome.error), self)


class StashCapabilityError(StashError):
    """This release of the server lacks what was asked of it."""


class StashVersionError(StashCapabilityError):
    """It lacks that, and is older than the oldest release that is supported."""


class StashFilterError(StashError, ValueError):
    """A filter names a field or a comparison that there is none of, or a value that is no use."""


class StashIntegrationError(StashError, ValueError):
    """What was asked for does not fit with what is there: too many, none, or another one."""


class JobTimeoutError(StashError, TimeoutError):
    """A job did not get where it was waited for in time; it goes on at the server."""


class UnknownJobError(StashError, ValueError):
    """The server knows no such job."""


class ReadOnlyError(StashError):
    """A mutation was handed to a transport that can only read."""
