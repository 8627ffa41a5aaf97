"""Read the files of a run: a saved plan or a report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from stashsync.applier.outcomes import Report
from stashsync.errors import StashConfigurationError
from stashsync.outcomes import Outcome, Status
from stashsync.planner import saved
from stashsync.planner.plan import FORMAT, Plan
from stashsync.render.documents import REPORT, VERSION
from stashsync.render.origin import ReportOrigin


def read(content: bytes, name: str) -> Plan | Report:
    """Read the plan (`plan --out`) or the report (`apply --format json`) in a file of that name.

    Raises:
        StashConfigurationError: it is neither, or of another version.
    """
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict) or document.get("format") not in (REPORT, FORMAT):
        raise StashConfigurationError(
            f"{name} is neither a saved plan nor the report of a run",
            hint="Save a plan with `plan --out FILE`, "
            "a report with `apply --format json --output FILE`.",
        )
    if document["format"] == FORMAT:
        return saved.load(content, name)
    if document.get("version") != VERSION:
        raise StashConfigurationError(
            f"{name} is a report of version {document.get('version')}, not {VERSION}",
            hint="It was written by another version of stashsync.",
        )
    try:
        return _report(document, name)
    except (KeyError, TypeError, ValueError) as error:
        raise StashConfigurationError(f"{name} is a report that is damaged: {error!r}") from error


def read_origin(content: bytes, name: str) -> ReportOrigin | None:
    """Read where the report in a file comes from; None where it does not say so."""
    found = orjson.loads(content).get("origin")
    if found is None:
        return None
    try:
        time = datetime.fromisoformat(found["time"])
        return ReportOrigin(found["command"], found["server"], time)
    except (KeyError, TypeError, ValueError) as error:
        raise StashConfigurationError(f"{name} is a report that is damaged: {error!r}") from error


def _report(document: dict[str, Any], name: str) -> Report:
    plan = saved.load(orjson.dumps(document["plan"]), f"the plan in the report {name}")
    outcomes = tuple(
        Outcome(index, Status(row["status"]), row["message"], row["id"], row["because"])
        for index, row in enumerate(document["operations"])
    )
    if len(outcomes) != len(plan.operations):
        raise ValueError("it has not one outcome for each operation")
    return Report(
        plan,
        outcomes,
        requests=document["requests"],
        seconds=document["seconds"],
        interrupted=document["interrupted"],
        stopped=document["stopped"],
    )
