"""The overview of the architecture: what each block does."""

from __future__ import annotations

from tests.spec.blocks import Run, block
from tests.support.scripts import made

TEXT = "architecture-overview"


@block(TEXT, 30, 35, shape="001111")
async def client_layer(run: Run) -> None:
    await run.media.scans()
    names = await run()
    assert names["scenes"].count == 0
    assert names["performer"].name == "Alice"
    assert not names["performer"].is_new()
    assert await run.client.wait_for_job(names["job_id"])


@block(TEXT, 47, 59)
async def types_layer(run: Run) -> None:
    names = await run()
    new, is_new, server, still = run.out
    assert len(new.removeprefix("New object ID: ")) == 32
    assert is_new == "Is new: True"
    assert server == f"Server ID: {names['scene'].id}"
    assert still == "Is new: False"
    assert names["changed"] == {"rating100": 90}
    assert list(run.wire.inputs()) == [
        {"title": "My Scene", "rating100": 85},
        {"id": names["scene"].id, "rating100": 90},
    ]


@block(TEXT, 72, 83)
async def store_layer(run: Run) -> None:
    await run.place("performer", "123")
    await made(run.client, ("scene", {"title": "a", "rating100": 80}), ("scene", {"title": "b"}))
    names = await run()
    assert [item.title for item in names["top_rated"]] == ["a"]
    assert [item.title for item in names["unrated"]] == ["b"]
    assert {"scenes", "images"} <= names["performer"]._received_fields
    assert names["tag"].is_new()
    assert names["tag"].name == "Action"
