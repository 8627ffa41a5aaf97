"""A run as JSON lines, each written and flushed at once, for programs that watch the file.

{"event": "started", "version": 1, "operations": 3, …}
{"event": "sending", "operations": [0, 1]}
{"event": "settled", "operation": 0, "status": "applied", "kind": "tag", "name": …}
{"event": "finished", "summary": {…}}
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from msgspec import to_builtins

from stashsync.applier.listener import Listener
from stashsync.applier.outcomes import Report
from stashsync.outcomes import Outcome
from stashsync.planner.plan import Plan
from stashsync.render.documents import VERSION
from stashsync.render.json import operation_data, run_data, text_of


class Events(Listener):
    """Writes the events of one run to `stream`. `clock` gives seconds since the epoch.

    If that fails, `on_failure` is called once, and no further events are written.
    """

    def __init__(
        self,
        stream: IO[str],
        *,
        clock: Callable[[], float] = time.time,
        on_failure: Callable[[OSError], None] = lambda _: None,
    ) -> None:
        self._stream: IO[str] | None = stream
        self._on_failure = on_failure
        self._clock = clock
        self._plan = Plan()

    def started(self, plan: Plan) -> None:
        """Write the number of operations."""
        self._plan = plan
        self._write("started", {"version": VERSION, "operations": len(plan.operations)})

    def sending(self, operations: Sequence[int]) -> None:
        """Write the operations of the next document."""
        self._write("sending", {"operations": list(operations)})

    def settled(self, outcome: Outcome) -> None:
        """Write how an operation ended."""
        self._write("settled", to_builtins(operation_data(self._plan, outcome)))

    def finished(self, report: Report) -> None:
        """Write the numbers of the run."""
        self._write(
            "finished", {"summary": to_builtins(run_data(report)), "stopped": report.stopped}
        )

    def _write(self, event: str, content: Mapping[str, Any]) -> None:
        line = {"event": event, "time": round(self._clock(), 3), **content}
        if self._stream is None:
            return
        try:
            self._stream.write(text_of(line, indent=False))
            self._stream.flush()
        except OSError as error:
            self._stream = None
            self._on_failure(error)
