"""A plugin inside a real Stash: the one of docs/client/plugins.md.

It is written into the server's plugins path, which therefore has to be on this machine, and which
this test may write to. It connects with what the server gives it, session included.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stashsync import Scene, StashClient, StashGraphQLError, Tag
from tests.live.conftest import Live
from tests.support.plugin import install
from tests.support.real import Server


@pytest.fixture
def plugin(server: Server) -> Iterator[tuple[Live, str]]:
    """Yield the server with the plugin in it, and the plugin's id."""
    live = Live(server, f"stashsync {uuid.uuid4().hex[:8]} ")
    name = f"stashsync_{uuid.uuid4().hex[:8]}"

    async def plugins_path(client: StashClient) -> str:
        return (await client.queries.configuration())["general"]["pluginsPath"]

    folder = Path(live.run(plugins_path))
    if not folder.parent.is_dir() or not os.access(folder.parent, os.W_OK):
        pytest.skip(f"the server's plugins path is not on this machine: {folder}")
    install(folder, name)
    try:
        live.run(lambda client: client.mutations.reload_plugins())
        yield live, name
    finally:
        shutil.rmtree(folder / name)
        live.run(lambda client: client.mutations.reload_plugins())
        live.run(lambda client: forget_scenes(client, live.prefix))
        live.clean_up()


async def forget_scenes(client: StashClient, prefix: str) -> None:
    await client.scenes_destroy(await client.store.find(Scene, title__contains=prefix))


def test_a_plugin_works_with_nothing_but_what_the_server_gives_it(
    plugin: tuple[Live, str],
) -> None:
    """As an operation, which answers, and as a task, which is a job and writes to the log."""
    live, name = plugin
    args = {"word": f"{live.prefix}harbour", "tag": f"{live.prefix}tag"}

    async def story(client: StashClient) -> None:
        for title in ("harbour at dusk", "pier", "harbour at noon"):
            await client.create_scene({"title": live.prefix + title})
        answer: Any = await client.mutations.run_plugin_operation(name, args=args)
        assert answer == f"2 scenes have the tag {args['tag']} now"
        tag = await Tag.find_by_name(client, args["tag"])
        found = await client.store.find(Scene, tags=tag)
        assert [scene.title for scene in found] == [
            f"{live.prefix}harbour at dusk", f"{live.prefix}harbour at noon",
        ]  # fmt: skip

        await client.create_scene({"title": f"{live.prefix}harbour at night"})
        job = await client.mutations.run_plugin_task(name, task_name="Harbours", args_map=args)
        assert await client.wait_for_job(job, period=0.1, timeout=60)
        assert len(await client.store.find(Scene, tags=tag)) == 3
        log = await client.queries.logs()
        assert any("1 scenes to tag" in line["message"] for line in log)

        with pytest.raises(StashGraphQLError):
            await client.mutations.run_plugin_operation(name, args={**args, "word": None})

    live.run(story)
