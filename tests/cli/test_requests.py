"""A run reads once: one client, one set of capabilities, no second reading, by counted requests."""

from __future__ import annotations

import pytest

from stashsync.sandbox import Sandbox, running
from tests.cli.project import Project
from tests.support.served import Watched

CAPABILITIES, PAGES, PLUGINS, MARK, DOCUMENT = 1, 2, 1, 1, 1
"""A kind with aliases is read as two lists side by side: its columns, and aliases if any."""


def requests(project: Project, server: Sandbox, *verb: str) -> list[str]:
    """Run a verb; returns the bodies that were sent."""
    watched = Watched(server.app)
    with running(watched) as url:
        ran = project.run(*verb, server=url)
    assert ran.code == 0, ran.err
    return [body.decode() for body in watched.bodies]


@pytest.fixture
def pair(project: Project) -> Project:
    """Make a project with two tags that no server has."""
    project.write("manifests/tags.yaml", "tags: [A, B]\n")
    return project


def test_an_apply_of_two_creates_takes_at_most_six_requests(pair: Project) -> None:
    """The baseline is written from plan and outcomes, so nothing is read after the document."""
    with Sandbox() as server:
        sent = requests(pair, server, "apply", "--auto-approve")
        assert len(sent) == CAPABILITIES + PAGES + PLUGINS + MARK + DOCUMENT <= 6
        assert sent[-1].startswith('{"query":"mutation')
        assert len(requests(pair, server, "apply", "--auto-approve")) == CAPABILITIES + PAGES


@pytest.mark.parametrize(
    ("verb", "most"),
    [
        (("plan",), CAPABILITIES + PAGES + PLUGINS),
        (("drift", "--fail-on", "delete"), CAPABILITIES + PAGES),
        (("pull", "--auto-approve"), CAPABILITIES + PAGES),
        (("doctor",), CAPABILITIES + PLUGINS + 7),  # two hierarchies, counts, a page
    ],
)
def test_a_verb_that_reads_asks_for_nothing_twice(
    pair: Project, verb: tuple[str, ...], most: int
) -> None:
    """Even the capabilities are asked for once."""
    with Sandbox() as server:
        sent = requests(pair, server, *verb)
    assert len(sent) <= most
    assert len(set(sent)) == len(sent)


def test_a_saved_plan_is_checked_and_remembered_with_one_reading(pair: Project) -> None:
    """The check for staleness and the baseline need the same rows."""
    with Sandbox() as server:
        server.library.configure_plugin("stashsync", {"library": "known by another run"})
        requests(pair, server, "plan", "--out", "kept.plan")
        assert len(requests(pair, server, "apply", "kept.plan")) == CAPABILITIES + PAGES + DOCUMENT
        ran = requests(pair, server, "drift")
        assert len(ran) == CAPABILITIES + PAGES
