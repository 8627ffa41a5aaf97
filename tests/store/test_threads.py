"""The cache on many threads, while one event loop reads and decodes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stashsync.client import StashClient
from stashsync.entities import Scene, Tag
from tests.support.scripts import Wire, made, play

ROUNDS = 40


@pytest.fixture(autouse=True)
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_two_threads_that_name_the_same_ids_mean_the_same_objects() -> None:
    """Objects of which only the id is known are made under the cache's lock, too."""

    async def story(client: StashClient, wire: Wire) -> None:
        await made(client, ("scene", {"title": "Harbour"}), ("scene", {"title": "Fog"}))
        found: list[Any] = await client.store.find(Scene)
        ids = [str(n) for n in range(1, 60)]

        def name(scene: Any) -> Callable[[], None]:
            return lambda: setattr(scene, "tag_ids", ids)

        for _ in range(ROUNDS):
            client.store.invalidate_type(Tag)
            with _on_threads([name(scene) for scene in found]):
                pass
            assert all(item is other for item, other in zip(*(s.tags for s in found), strict=True))
            for scene in found:
                scene.tags = []

    play(story)


@pytest.mark.row("C25")
@pytest.mark.parametrize("ttl", [None, 0], ids=["fresh", "expired"])
def test_threads_look_through_the_cache_while_it_is_read_and_forgotten(ttl: int | None) -> None:
    """They filter, count, add and invalidate; no thread gets an object that is half made."""

    async def story(client: StashClient, wire: Wire) -> None:
        store = client.store
        await made(client, *(("tag", {"name": f"tag {n}"}) for n in range(40)))
        store.set_ttl(Tag, ttl)
        stop, failures = threading.Event(), list[BaseException]()

        def look() -> None:
            try:
                while not stop.is_set():
                    store.filter(Tag, lambda tag: tag.name == "tag 3")
                    store.cache_stats()
                    store.add(Tag.new(name="new"))
                    Scene.new(title="x")
                    store.invalidate(Tag, "7")
            except BaseException as failure:
                failures.append(failure)

        with _on_threads([look] * 3):
            try:
                for _ in range(ROUNDS):
                    assert len(await store.find(Tag)) == 40
                    store.invalidate_type(Tag)
            finally:
                stop.set()
        assert failures == []

    play(story)


@contextmanager
def _on_threads(works: list[Callable[[], None]]) -> Iterator[None]:
    """Run each function on a thread of its own, until all are done."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
