"""Jobs run one after another on the sandbox's clock, and change the library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stashsync.sandbox import MediaFile, Sandbox
from tests.sandbox.client import ask
from tests.sandbox.library.desk import Clock

SCAN = "mutation($i: ScanMetadataInput!) {metadataScan(input: $i)}"
JOB = "{findJob(input: {id: %s}) {id status progress description error startTime endTime}}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as server:
        yield server


def scan(sandbox: Sandbox, **given: Any) -> str:
    return str(ask(sandbox, SCAN, i=given)["data"]["metadataScan"])


def job(sandbox: Sandbox, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(sandbox, JOB % id_)["data"]["findJob"]
    return found


def scenes(sandbox: Sandbox) -> int:
    return int(ask(sandbox, "{findScenes {count}}")["data"]["findScenes"]["count"])


def test_a_scan_brings_in_what_lies_on_the_disk_when_it_is_over(
    sandbox: Sandbox, clock: Clock
) -> None:
    """Until the clock has advanced far enough, the job runs and nothing is in the library."""
    sandbox.media.append(MediaFile("/media/a.mp4"))
    sandbox.jobs.next(seconds=10)
    id_ = scan(sandbox)
    assert (job(sandbox, id_)["status"], job(sandbox, id_)["progress"]) == ("RUNNING", None)
    clock.forward(6)
    assert job(sandbox, id_)["progress"] == 0.5
    assert scenes(sandbox) == 0
    clock.forward(4)
    assert scenes(sandbox) == 1, "without anyone having asked for the job"
    done = job(sandbox, id_)
    assert (done["status"], done["progress"], done["error"]) == ("FINISHED", 1, None)
    assert ask(sandbox, "{jobQueue {id}}") == {"data": {"jobQueue": None}}


def test_a_job_can_be_made_to_fail(sandbox: Sandbox, clock: Clock) -> None:
    """A failed job ends with its error, and changes nothing."""
    sandbox.media.append(MediaFile("/media/a.mp4"))
    sandbox.jobs.next(error="disk is gone")
    id_ = scan(sandbox)
    clock.forward(1)
    failed = job(sandbox, id_)
    assert (failed["status"], failed["error"]) == ("FAILED", "disk is gone")
    assert scenes(sandbox) == 0
    next_ = scan(sandbox)
    clock.forward(1)
    assert job(sandbox, next_)["status"] == "FINISHED", "only the one was to fail"


def test_jobs_wait_for_each_other(sandbox: Sandbox, clock: Clock) -> None:
    """The second job starts when the first ends; the queue lists both in order."""
    for _ in range(2):
        sandbox.jobs.next(seconds=10)
    first, second = scan(sandbox), scan(sandbox)
    queue = ask(sandbox, "{jobQueue {id status}}")["data"]["jobQueue"]
    assert queue == [{"id": first, "status": "RUNNING"}, {"id": second, "status": "READY"}]
    clock.forward(15)
    assert job(sandbox, first)["status"] == "FINISHED"
    assert job(sandbox, second)["status"] == "RUNNING"
    clock.forward(5)
    assert job(sandbox, second)["status"] == "FINISHED"
    assert job(sandbox, second)["startTime"] == job(sandbox, first)["endTime"]


def test_a_running_job_stops_shortly_after_the_request(sandbox: Sandbox, clock: Clock) -> None:
    """A waiting job stops at once; neither job changes anything."""
    sandbox.media.append(MediaFile("/media/a.mp4"))
    sandbox.jobs.next(seconds=10)
    first, second = scan(sandbox), scan(sandbox)
    for id_ in (second, first):
        assert ask(sandbox, f"mutation {{stopJob(job_id: {id_})}}") == {"data": {"stopJob": True}}
    assert job(sandbox, first)["status"] == "STOPPING"
    assert job(sandbox, second)["status"] == "CANCELLED"
    clock.forward(20)
    assert job(sandbox, first)["status"] == "CANCELLED"
    assert scenes(sandbox) == 0


def test_all_jobs_can_be_stopped_at_once(sandbox: Sandbox, clock: Clock) -> None:
    ids = [scan(sandbox) for _ in range(3)]
    assert ask(sandbox, "mutation {stopAllJobs}") == {"data": {"stopAllJobs": True}}
    clock.forward(1)
    assert [job(sandbox, id_)["status"] for id_ in ids] == ["CANCELLED"] * 3


def test_what_a_job_is_asked_for_is_what_it_does(sandbox: Sandbox, clock: Clock) -> None:
    """Paths limit a scan; cleaning, generating and auto-tagging work on existing objects."""
    sandbox.media.extend([MediaFile("/a/Lake.mp4"), MediaFile("/b/Sea.mp4")])
    scan(sandbox, paths=["/a"], scanGeneratePhashes=True)
    clock.forward(1)
    assert scenes(sandbox) == 1
    scan(sandbox)
    ask(sandbox, 'mutation {tagCreate(input: {name: "Sea"}) {id}}')
    started = ask(
        sandbox,
        'mutation {a: metadataAutoTag(input: {tags: ["*"]}) '
        "b: metadataGenerate(input: {phashes: true})}",
    )
    assert started["data"] == {"a": "3", "b": "4"}
    clock.forward(1)
    answer = ask(
        sandbox,
        '{findScenes(filter: {sort: "id"}) {scenes '
        '{tags {name} files {fingerprint(type: "phash")}}}}',
    )
    first, second = answer["data"]["findScenes"]["scenes"]
    assert (first["tags"], second["tags"]) == ([], [{"name": "Sea"}])
    assert first["files"][0]["fingerprint"]
    assert second["files"][0]["fingerprint"]
    del sandbox.media[0]
    ask(sandbox, "mutation {metadataClean(input: {dryRun: true})}")
    clock.forward(1)
    assert scenes(sandbox) == 2
    ask(sandbox, "mutation {metadataClean(input: {dryRun: false})}")
    clock.forward(1)
    assert scenes(sandbox) == 1


def test_statistics_follow_the_files(sandbox: Sandbox) -> None:
    sandbox.library.seed_file(MediaFile("/a.mp4", size=7, duration=2.5))
    sandbox.library.seed_file(MediaFile("/a.jpg", size=3))
    answer = ask(
        sandbox, "{stats {scene_count image_count scenes_size scenes_duration images_size}}"
    )
    assert list(answer["data"]["stats"].values()) == [1, 1, 7, 2.5, 3]
