"""Whole runs of the command line through a proxy that fails, and the checks after each.

    fill ── apply, with one fault ── is the report true? ── resume or apply ── is all as wanted?

The library is a sandbox or any server: only objects whose names contain a prefix are made, read and
deleted. The plan of each run exchanges two names, renames, merges tags and studios with aliases,
deletes, creates a hierarchy, and gives tags to a performer.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import httpx

from stashsync.applier.journal import Run, read_runs
from stashsync.cli import main
from stashsync.outcomes import Outcome, Status
from stashsync.planner import Create, Delete, Merge, Update
from tests.cli.project import Ran, ended, start
from tests.support.proxy import FAULTS, Fault, Proxy

Signals: TypeAlias = Literal[
    "kill before", "kill after", "terminate", "interrupt", "interrupt twice", "hang up twice"
]
SIGNALS: tuple[Signals, ...] = get_args(Signals)
Mishap: TypeAlias = Fault | Signals
MISHAPS: tuple[Mishap, ...] = (*FAULTS, *SIGNALS)
_SENT: Mapping[str, list[signal.Signals]] = {
    "kill before": [signal.SIGKILL],
    "kill after": [signal.SIGKILL],
    "terminate": [signal.SIGTERM],
    "interrupt": [signal.SIGINT],
    "interrupt twice": [signal.SIGINT] * 2,
    "hang up twice": [signal.SIGHUP] * 2,
}
_CLIENT = httpx.Client(timeout=60, trust_env=False, verify=False)
_READ = """{
  findTags(filter: {per_page: -1, sort: "id"}) {
    tags { id name aliases description parents { name } }
  }
  findStudios(filter: {per_page: -1, sort: "id"}) { studios { id name aliases } }
  findPerformers(filter: {per_page: -1, sort: "id"}) { performers { id name tags { name } } }
}"""
_PLURALS = {"tag": "tags", "studio": "studios", "performer": "performers"}


def numbers() -> range:
    """Return the numbers of the runs; STASHSYNC_FAULT_RUNS is a count, or `from-to`."""
    first, dash, last = os.environ.get("STASHSYNC_FAULT_RUNS", str(len(MISHAPS))).partition("-")
    return range(int(first), int(last)) if dash else range(int(first))


def mishap_of(number: int, documents: int) -> tuple[Mishap, int]:
    """Return a mishap and a document by number; all mishaps at all documents come in turn."""
    round_, which = divmod(number, len(MISHAPS))
    return MISHAPS[which], 1 + (round_ + 7 * which) % documents


Rows: TypeAlias = dict[str, dict[str, dict[str, Any]]]
"""Fields of objects by kind and id, with names without the prefix."""
Content: TypeAlias = dict[str, list[dict[str, Any]]]
"""Fields of the objects of each kind, sorted by name."""


@dataclass
class Ground:
    """A project in a folder, and its objects on the server at `url`, reached through `proxy`."""

    root: Path
    url: str
    proxy: Proxy
    proxy_url: str
    prefix: str
    seconds: int = 3
    """Time limit of the commands; a slow answer takes longer."""
    key: str = ""
    """The API key, if the server needs one."""

    # -- the library ----------------------------------------------------------------------------

    def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """Return the answer of the server itself, without the proxy."""
        answer = _CLIENT.post(
            f"{self.url}/graphql",
            json={"query": text, "variables": variables},
            headers={"ApiKey": self.key} if self.key else {},
        ).json()
        assert not answer.get("errors"), answer
        data: dict[str, Any] = answer["data"]
        return data

    def rows(self) -> Rows:
        """Return the objects of this project by kind and id."""
        data = self.ask(_READ)
        found: Rows = {}
        for kind, plural in _PLURALS.items():
            rows = data[f"find{plural.capitalize()}"][plural]
            found[kind] = {
                row["id"]: self._plain(row) for row in rows if self._is_mine(row["name"])
            }
        return found

    def content(self) -> Content:
        """Return the objects of this project by kind, sorted by name, without ids."""
        return {
            kind: sorted(rows.values(), key=lambda row: str(row["name"]))
            for kind, rows in self.rows().items()
        }

    def _is_mine(self, name: str) -> bool:
        return self.prefix in name

    def _plain(self, row: dict[str, Any]) -> dict[str, Any]:
        def bare(value: Any) -> Any:
            if isinstance(value, list):
                return sorted(bare(item) for item in value)
            if isinstance(value, dict):
                return bare(value["name"])
            return value.replace(self.prefix, "") if isinstance(value, str) else value

        return {key: bare(value) for key, value in row.items() if key != "id" and value}

    def clear(self) -> None:
        """Delete the objects of this project, and its local state."""
        for kind, rows in self.rows().items():
            if rows:
                field = f"{_PLURALS[kind]}Destroy"
                self.ask(f"mutation ($ids: [ID!]!) {{ {field}(ids: $ids) }}", ids=list(rows))
        shutil.rmtree(self.root / ".stashsync", ignore_errors=True)

    def fill(self) -> None:
        """Create the objects, and write the manifests that want something else."""
        self.clear()
        tag = {
            name: self._make("tag", name, **more)
            for name, more in {
                "A": {}, "B": {}, "Old": {"description": "old"}, "Gone": {}, "Fork": {},
                "Knife": {"aliases": [f"{self.prefix}Blade"]}, "Last": {},
            }.items()
        }  # fmt: skip
        self._make("studio", "North", aliases=[f"{self.prefix}First"])
        self._make("studio", "Nord", aliases=[f"{self.prefix}Norte"])
        self._make("studio", "Nordic")
        self._make("performer", "Ada", tag_ids=[tag["Knife"]])
        self._write(tag)

    def _make(self, kind: str, name: str, **more: Any) -> str:
        title = kind.capitalize()
        text = f"mutation ($v: {title}CreateInput!) {{ made: {kind}Create(input: $v) {{ id }} }}"
        made: str = self.ask(text, v={"name": f"{self.prefix}{name}", **more})["made"]["id"]
        return made

    def _write(self, tag: Mapping[str, str]) -> None:
        def named(name: str, **more: Any) -> dict[str, Any]:
            return {"name": f"{self.prefix}{name}", **more}

        tree = named("Top", children=[
            named("Middle", children=[named("Leaf", description="new")]), named("Twig"),
        ])  # fmt: skip
        wanted = {
            "tags": [
                named("B", id=tag["A"]), named("A", id=tag["B"]),
                named("New", renamed_from=f"{self.prefix}Old", description="new"),
                named("Gone", state="absent"), named("Last", state="absent"),
                named("Fork", merge=[f"{self.prefix}Knife"]), tree,
            ],
            "studios": [named("North", merge=[f"{self.prefix}Nord", f"{self.prefix}Nordic"])],
            "performers": [named("Ada", tags=[f"{self.prefix}Leaf", f"{self.prefix}Fork"])],
        }  # fmt: skip
        (self.root / "manifests").mkdir(parents=True, exist_ok=True)
        (self.root / "stashsync.yaml").write_text("manifests: manifests\n", "utf-8")
        (self.root / "manifests" / "all.yaml").write_text(json.dumps(wanted), "utf-8")

    # -- commands -------------------------------------------------------------------------------

    def run(self, *args: str) -> Ran:
        """Run a command in this process; return its exit code and output."""
        out, err = io.StringIO(), io.StringIO()
        whole = ["--server", self.proxy_url, "-C", str(self.root), "--timeout", str(self.seconds)]
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*whole, *args])
        return Ran(int(code), out.getvalue(), err.getvalue())

    def interrupted(self, number: int, mishap: Mishap, *args: str) -> Ran:
        """Run a command in a process of its own, which gets signals at a document."""
        process_is_there = threading.Event()

        def send(count: int) -> None:
            if count != number:
                return
            process_is_there.wait(10)
            for signal_ in _SENT[mishap]:
                process.send_signal(signal_)
                threading.Event().wait(0.2)

        if mishap == "kill after":
            self.proxy.after = send
        else:
            self.proxy.before = send
        whole = ("--timeout", str(self.seconds), *args)
        process = start(self.root, *whole, server=self.proxy_url, key=self.key)
        process_is_there.set()
        return ended(process)

    # -- one run --------------------------------------------------------------------------------

    def expected(self, max_batch: int) -> tuple[Content, int]:
        """Return the library after a run without a fault, and the number of its documents."""
        self.fill()
        self._quiet()
        ran = self.run("apply", "--auto-approve", "--force", "--max-batch", str(max_batch))
        assert ran.code == 0, ran.err
        return self.content(), self.proxy.count

    def fault_run(self, mishap: Mishap, number: int, max_batch: int, expected: Content) -> None:
        """Apply with one mishap; check the report, finish the run, and check the library."""
        run, _ = self._with_mishap(mishap, number, max_batch, expected)
        if run.is_in_the_way:
            again = self.run("resume", "--auto-approve")
        else:
            again = self.run("apply", "--auto-approve", "--force")
        assert again.code == 0, again.err
        plan = self.run("plan", "--detailed-exitcode")
        assert plan.code == 0, plan.out
        assert self.content() == expected

    def undone_run(self, mishap: Mishap, number: int, max_batch: int, expected: Content) -> None:
        """Apply with one mishap; check the report, take the run back, and check the library."""
        run, before = self._with_mishap(mishap, number, max_batch, expected)
        if run.sent:
            undone = self.run("undo", "--auto-approve")
            assert undone.code == 0, undone.err
            assert "since the run" not in undone.out
        assert self.content() == before

    def _with_mishap(
        self, mishap: Mishap, number: int, max_batch: int, expected: Content
    ) -> tuple[Run, Content]:
        """Apply with one mishap; return the run, and the library before it."""
        self.fill()
        before = self.content()
        self._quiet()
        args = ("apply", "--auto-approve", "--force", "--max-batch", str(max_batch))
        if mishap in _SENT:
            ran = self.interrupted(number, mishap, *args)
        else:
            self.proxy.faults = {number: mishap}  # type: ignore[dict-item]
            ran = self.run(*args)
        self._quiet()
        assert "Traceback" not in ran.err, ran.err
        assert ran.code in (0, 5, 130, -signal.SIGKILL), (ran.code, ran.err)
        (run,) = read_runs(self.root / ".stashsync" / "runs", _raise)
        if ran.code == 0:
            assert run.report().complete
            assert self.content() == expected
        elif ran.code > 0:
            assert "Apply " in ran.out, "there is an account"
        self._check_account(run)
        if not any(end.status is Status.APPLIED for end in run.outcomes.values()):
            assert run.unknown or self.content() == before
        return run, before

    def _quiet(self) -> None:
        self.proxy.faults = {}
        self.proxy.bodies.clear()
        self.proxy.before = self.proxy.after = lambda _: None

    def _check_account(self, run: Run) -> None:
        """Compare the reported outcome of each operation with the library, by ids and names."""
        rows = self.rows()
        report = run.report()
        last = {step.change: index for index, step in enumerate(run.plan.operations)}
        for index, end in enumerate(report.outcomes):
            step = run.plan.operations[index]
            change = run.plan.changes[step.change]
            if end.status is Status.UNKNOWN or index != last[step.change]:
                continue
            there = rows[change.kind]
            match change:
                case Create():
                    names = [row["name"] for row in there.values()]
                    name = change.label.replace(self.prefix, "")
                    assert names.count(name) < 2, "nothing is made twice"
                    assert (name in names) is (end.status is Status.APPLIED), (change.label, end)
                case Delete():
                    assert (change.id not in there) is (end.status is Status.APPLIED), end
                case Merge():
                    sources = [identifier in there for identifier, _ in change.sources]
                    applied = end.status is Status.APPLIED
                    assert not any(sources) if applied else all(sources), end
                case Update():
                    self._check_update(change, end, there[change.id])

    def _check_update(self, change: Update, end: Outcome, row: Mapping[str, Any]) -> None:
        for name, (value, now) in {
            name: (self._text(change.changes[name].after), row.get(name))
            for name in change.changes.keys() & {"name", "description"}
        }.items():
            assert (value == now) is (end.status is Status.APPLIED), (change.label, name, end)
        if "aliases" in change.changes and end.status is Status.APPLIED:
            wanted = sorted(self._text(alias) for alias in change.changes["aliases"].after)
            assert row.get("aliases", []) == wanted, (change.label, end)

    def _text(self, value: Any) -> Any:
        return value.replace(self.prefix, "") if isinstance(value, str) else value


def _raise(error: Exception) -> None:
    raise error
