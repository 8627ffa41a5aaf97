"""What earlier runs measured, so that a change of a tenth is seen.

`history.jsonl` has a line for each run that was written into the page: the day, the machine, and
the ratios by row. Only runs on a machine of the same kind are compared, and a ratio may differ by
some hundredths without a cause.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import Row

FILE = Path(__file__).with_name("history.jsonl")
NOTICED = 0.1
"""The least change of a ratio that is worth a line."""


def machine() -> str:
    """Return what a machine has to have in common with another, so that ratios can be compared."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"Python {version}, {platform.system()}, {os.cpu_count()} cores"


def changes(rows: Sequence[Row]) -> list[str]:
    """Return a line for each ratio that differs by a tenth or more from the last run's."""
    last = _last()
    found = []
    for row in rows:
        before = last.get("ratios", {}).get(_name(row))
        if before and abs(row.ratio / before - 1) >= NOTICED:
            how = "slower" if row.ratio > before else "faster"
            found.append(
                f"{how} than on {last['day']}: {_name(row)}, {before:.2f} -> {row.ratio:.2f}"
            )
    return found


def keep(rows: Sequence[Row]) -> None:
    """Append the ratios of a run."""
    line = {
        "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine(),
        "ratios": {_name(row): round(row.ratio, 3) for row in rows},
    }
    with FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _name(row: Row) -> str:
    return f"{row.case.title}, {row.size:,}"


def _last() -> dict[str, Any]:
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    mine = [line for line in map(json.loads, lines) if line["machine"] == machine()]
    return mine[-1] if mine else {}
