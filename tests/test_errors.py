"""The error tree and its exit codes, as the page at its top draws them."""

from __future__ import annotations

import inspect
import re

import pytest

from stashsync import errors
from stashsync.errors import ExitCode, ManifestError, Mark, PlanError, Problem, StalePlanError

TREE = {name: value for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.StashError)}  # fmt: skip


def test_the_drawn_tree_is_the_tree() -> None:
    """Every class stands there, below its parent, with its exit code."""
    stack: list[tuple[int, str]] = []
    drawn = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ([ │├└─]*)(\w+Error|Problems)\s.*?(\d+)$", line)
        if found:
            depth = len(found[1])
            stack = [entry for entry in stack if entry[0] < depth]
            drawn[found[2]] = (stack[-1][1] if stack else "Exception", int(found[3]))
            stack.append((depth, found[2]))
    assert drawn == {
        name: (error.__mro__[1].__name__, int(error.exit_code)) for name, error in TREE.items()
    }


@pytest.mark.parametrize(
    ("mark", "text"), [(Mark("a.yaml"), "a.yaml"), (Mark("a.yaml", 3, 7), "a.yaml:3:7")]
)
def test_a_mark_is_written_as_editors_read_it(mark: Mark, text: str) -> None:
    """The form is file:line:column, or the file alone."""
    assert str(mark) == text


def test_problems_are_counted() -> None:
    """The message names the manifests, the plan or the saved plan."""
    single, double = [Problem("a")], [Problem("a"), Problem("b")]
    assert str(ManifestError(single)) == "1 problem in the manifests"
    assert str(PlanError(double, hint="h")) == "2 problems in the plan"
    assert PlanError(double, hint="h").hint == "h"
    assert str(StalePlanError(single)) == "1 problem: the saved plan is stale"
    assert StalePlanError(single).exit_code is ExitCode.STALE


def test_errors_carry_what_a_caller_decides_by() -> None:
    """Status, whether it was sent, whether it ran."""
    assert errors.StashConnectionError("x").sent
    assert errors.StashServerError("x", status=502).status == 502
    refused = errors.StashGraphQLError("x", errors=[{"message": "m"}], executed=False)
    assert (refused.errors, refused.data, refused.executed) == ([{"message": "m"}], None, False)
