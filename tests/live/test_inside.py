"""The plugin inside a real Stash: its tasks as jobs, with progress; one that is stopped, resumed.

It is written into the server's plugins path, which therefore has to be on this machine, and which
this test may write to. It skips where the server has a plugin of that name already.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stashsync import StashClient
from stashsync.cli import main
from stashsync.cli.inside import ID
from stashsync.types import JobStatus
from tests.live.conftest import Live
from tests.support.real import Server

COUNT = 1500
"""Enough tags for a run to be stopped in it."""


@dataclass
class Tasks:
    """The plugin's tasks on a server, and the project that they are about."""

    live: Live
    root: Path

    def write(self, description: str) -> None:
        """Write manifests of many tags."""
        items = "".join(
            f"  - name: {self.live.prefix}{number}\n    description: {description}\n"
            for number in range(COUNT)
        )
        (self.root / "manifests").mkdir(exist_ok=True)
        (self.root / "manifests/tags.yaml").write_text(f"tags:\n{items}", "utf-8")

    def run(self, task: str, stop_at: float | None = None) -> list[float]:
        """Run a task to its end, or stop it; return the shares of its progress."""
        seen: list[float] = []

        async def story(client: StashClient) -> None:
            job = await client.mutations.run_plugin_task(ID, task_name=task)
            while True:
                found = await client.find_job(job)
                if found is None or found.status not in (JobStatus.READY, JobStatus.RUNNING):
                    return
                seen.append(found.progress or 0.0)
                if stop_at is not None and seen[-1] > stop_at:
                    await client.stop_job(job)
                    return
                await asyncio.sleep(0.05)

        self.live.run(story)
        return seen

    def log(self) -> list[str]:
        """Return the latest messages of the log, newest first."""
        rows: Any = self.live.run(lambda client: client.queries.logs())
        return [row["message"] for row in rows]


@pytest.fixture
def tasks(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Tasks]:
    """Install the plugin for a project of its own; take it away again."""
    live = Live(server, f"stashsync {uuid.uuid4().hex[:8]} ")

    async def configuration(client: StashClient) -> dict[str, Any]:
        return dict(await client.queries.configuration())

    before = live.run(configuration)
    folder = Path(before["general"]["pluginsPath"])
    if not folder.parent.is_dir() or not os.access(folder.parent, os.W_OK):
        pytest.skip(f"the server's plugins path is not on this machine: {folder}")
    if (folder / ID).exists():
        pytest.skip("the server has this plugin already")
    (tmp_path / "stashsync.yaml").write_text("thresholds: {update: 100%, delete: 100%}\n")
    if server.api_key:
        monkeypatch.setenv("STASH_API_KEY", server.api_key.value)
    code = main(["--server", server.url, "-C", str(tmp_path), "plugin", "install"])
    out = capsys.readouterr().out
    try:
        assert code == 0
        assert sys.executable in out
        yield Tasks(live, tmp_path)
    finally:
        shutil.rmtree(folder / ID)
        settings = live.run(configuration)["plugins"].get(ID) or {}
        kept = {name: each for name, each in settings.items() if name not in ("project", "python")}

        async def forget(client: StashClient) -> None:
            await client.mutations.configure_plugin(ID, kept)
            await client.mutations.reload_plugins()

        live.run(forget)
        live.clean_up()


def test_tasks_run_as_jobs_and_one_that_was_stopped_is_resumed(tasks: Tasks) -> None:
    """Progress is the job's, results are in the log, and the journal has what was sent."""
    tasks.write("first")
    tasks.run("Plan")
    assert any(f"Plan: {COUNT} to add" in line for line in tasks.log())
    shares = tasks.run("Apply")
    assert len({share for share in shares if 0 < share < 1}) > 1
    assert shares == sorted(shares)
    assert any(f"Apply complete! Resources: {COUNT} added" in line for line in tasks.log())

    tasks.write("second")
    tasks.run("Apply", stop_at=0.2)
    tasks.run("Apply")
    assert any("was cut short" in line for line in tasks.log())
    tasks.run("Resume")
    assert any(f"Resources: 0 added, {COUNT} changed" in line for line in tasks.log())
    tasks.run("Drift")
    assert "No changes. Your library matches the manifests." in tasks.log()[0]

    async def rename(client: StashClient) -> None:
        (tag,) = (await client.find_tags(tag_filter={"name": {
            "value": f"{tasks.live.prefix}7", "modifier": "EQUALS"}})).tags  # fmt: skip
        tag.description = "by hand"
        await tag.save(client)

    tasks.live.run(rename)
    tasks.run("Pull")
    assert "description: by hand" in (tasks.root / "manifests/tags.yaml").read_text("utf-8")
