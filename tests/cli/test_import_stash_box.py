"""`import stash-box`: into manifests that validate, plan and apply; twice, and from two boxes."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from stashsync.errors import ExitCode
from stashsync.manifest import load
from stashsync.sandbox import Sandbox, running
from stashsync.sandbox.stash_box import Contents, StashBox, generated
from tests.cli.project import Project
from tests.sandbox.client import ask

KEY = "a-key-of-a-stash-box"
IMPORT = ("import", "stash-box")


class Serving:
    """Stash-boxes on ports, for as long as a test runs."""

    def __init__(self, stack: ExitStack, project: Project) -> None:
        self._stack = stack
        self._project = project
        self.settings: dict[str, str] = {}

    def __call__(self, app: Any, name: str = "box", key: str = "") -> str:
        """Serve one, and name it in the settings; return its endpoint."""
        endpoint = f"{self._stack.enter_context(running(app))}/graphql"
        api_key = f", api_key: {key}" if key else ""
        self.settings[name] = f"{{endpoint: {endpoint}, requests_per_minute: 60000{api_key}}}"
        lines = [f"  {each}: {value}\n" for each, value in self.settings.items()]
        self._project.write("stashsync.yaml", "stash_boxes:\n" + "".join(lines))
        return endpoint


@pytest.fixture
def serving(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Serving]:
    """Serve stash-boxes for a project without manifests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (project.root / "manifests/tags.yaml").unlink()
    with ExitStack() as stack:
        yield Serving(stack, project)


def imported(project: Project, *args: str) -> dict[str, Any]:
    """Import without a question; return the document of the command."""
    ran = project.run(*IMPORT, *args, "--auto-approve", "--format", "json", server=None)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def tags_of(project: Project) -> dict[str, dict[str, Any]]:
    """Return the values of the tags in the manifests by name."""
    return {tag.name: dict(tag.values) for tag in load(project.root).state.of("tag")}


def pages(project: Project) -> list[Path]:
    """Return the files of pages that are kept."""
    return list((project.root / ".stashsync").glob("stash-box-*"))


def test_four_thousand_tags_validate_plan_and_apply_and_change_nothing_twice(
    project: Project, serving: Serving
) -> None:
    """With their categories as parents; what collides is reported and left out."""
    box = StashBox(generated(4000))
    serving(box)
    found = imported(project, "--categories-as-parents")
    assert (found["written"], len(found["added"])) == (True, 4010)
    assert box.requests == 40
    assert found["left_out"]
    assert "4,010 tags" in project.run("validate").out
    assert project.run("apply", "--auto-approve", "--concise").code == 0
    assert project.run("plan").out == "No changes. Your library matches the manifests.\n"
    again = imported(project, "--categories-as-parents")
    assert (again["written"], again["files"], again["matched"]) == (False, [], 4010)
    assert pages(project) == []


def test_a_second_stash_box_merges_by_name_and_alias_and_reports_every_collision(
    project: Project, serving: Serving
) -> None:
    """Each name and alias of it is in the manifests at its own tag, or reported."""
    first = serving(StashBox(generated(400, 0, 0)), "first")
    contents = generated(400, 0, 0, other=True)
    second = serving(StashBox(contents), "second")
    imported(project, "--endpoint", "first")
    found = imported(project, "--endpoint", "second")
    assert found["matched"] > 300
    assert found["added"]

    tags = tags_of(project)
    by_id = {ids[0]: tag for tag in tags.values() for ids in [tag["stash_ids"].get(second, [""])]}
    both = [tag for tag in tags.values() if set(tag["stash_ids"]) == {first, second}]
    assert len(both) == found["matched"]
    reported = {(left["name"], word) for left in found["left_out"]
                for word in left["reason"].split('"')}  # fmt: skip
    for row in contents.tags:
        if row["deleted"]:
            continue
        mine = by_id[row["id"]]
        known = {text.lower() for text in (mine["name"], *mine.get("aliases", ()))}
        for text in (row["name"], *row["aliases"]):
            found_in = any((row["name"], word) in reported for word in (text, text.title()))
            assert text.lower() in known or found_in, (row["name"], text)
    assert project.run("validate").code == 0
    assert project.run("apply", "--auto-approve", "--concise").code == 0
    assert imported(project, "--endpoint", "second")["files"] == []
    assert imported(project, "--endpoint", "first")["files"] == []


def test_studios_and_performers_come_with_their_parents_and_ids(
    project: Project, serving: Serving
) -> None:
    """A parent that was deleted at the stash-box is reported, as other things are."""
    endpoint = serving(StashBox(generated(0, 20, 30)))
    found = imported(project, "studios", "performers")
    assert any('"Closed Pictures" was deleted' in left["reason"] for left in found["left_out"])
    state = load(project.root).state
    below = next(studio for studio in state.of("studio") if studio.name == "Berger Pictures 1")
    assert below.values["parent"] == "Abel Pictures 1"
    assert {tuple(each.values["stash_ids"]) for each in state.of("performer")} == {(endpoint,)}
    assert len(state.of("performer")) == 33
    assert project.run("apply", "--auto-approve", "--concise").code == 0
    assert imported(project, "studios", "performers")["files"] == []


def test_the_tags_of_a_category_alone(project: Project, serving: Serving) -> None:
    """Others of the stash-box stay out."""
    contents = Contents()
    light, food = contents.add_category("Light"), contents.add_category("Food")
    contents.add_tag("Candle", category=light)
    contents.add_tag("Bread", category=food)
    serving(StashBox(contents))
    imported(project, "--category", "light", "--categories-as-parents")
    assert sorted(tags_of(project)) == ["Candle", "Light"]
    ran = project.run(*IMPORT, "--category", "Lihgt", "--auto-approve", server=None)
    assert ran.code == 1
    assert "It has: Food, Light." in ran.err
    assert project.run(*IMPORT, "studios", "--category", "Light").code == ExitCode.USAGE


# -- which stash-box ------------------------------------------------------------------------------


def test_it_has_to_be_clear_which_stash_box_is_meant(project: Project, serving: Serving) -> None:
    """Without one in the settings, with several, and with an unknown name."""

    def error(*args: str) -> str:
        ran = project.run(*IMPORT, *args, "--auto-approve", server=None)
        assert ran.code == 1
        return ran.err

    assert "Give --endpoint URL, or --from-server." in error()
    serving(StashBox(), "first")
    serving(StashBox(), "second")
    assert "There are: first, second. Give --endpoint NAME." in error()
    assert 'names no stash-box "third"' in error("--endpoint", "third")
    project.write("stashsync.yaml", "stash_boxes: {a: {endpoint: !env NO_SUCH_BOX}}\n")
    assert "the variable NO_SUCH_BOX is not set" in error()
    project.write("manifests/tags.yaml", "tags: [Camera]\n")
    assert project.run("plan").code == 0


def test_a_stash_box_that_is_not_there_is_an_error_at_once(project: Project) -> None:
    """Long pauses are for one that has answered before; nothing is there to be waited for."""
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    ran = project.run(*IMPORT, "--endpoint", f"http://127.0.0.1:{port}/graphql", "--dry-run")
    assert ran.code == 1
    assert "cannot connect" in ran.err
    assert "asked again" not in ran.err


def test_a_sandbox_stands_in_for_a_stash_box(project: Project) -> None:
    """To try an import without a key and without a network."""
    ran = project.run(*IMPORT, "performers", "--endpoint", "sandbox:", "--auto-approve")
    assert ran.code == 0
    assert "153 performers to add." in ran.err


def test_the_server_names_its_stash_boxes_and_their_keys(
    project: Project, serving: Serving
) -> None:
    """Its own address of them is what stash_ids get: it compares letter by letter."""
    endpoint = serving(StashBox(generated(3, 0, 0), api_key=KEY))
    project.write("stashsync.yaml", "manifests: manifests\n")
    whole = endpoint.replace("127.0.0.1", "localhost")
    configure = "mutation($i: ConfigGeneralInput!) {configureGeneral(input: $i) {username}}"
    with Sandbox() as stash, running(stash) as url:
        boxes = [{"name": "home", "endpoint": whole, "api_key": KEY}]
        ask(stash, configure, i={"stashBoxes": boxes})
        ran = project.run(*IMPORT, "--from-server", "--auto-approve", server=url)
        assert ran.code == 0, ran.err
        assert KEY not in ran.out + ran.err
        assert {tuple(tag["stash_ids"]) for tag in tags_of(project).values()} == {(whole,)}

        boxes.append({"name": "other", "endpoint": "http://other/graphql", "api_key": ""})
        ask(stash, configure, i={"stashBoxes": boxes})
        ran = project.run(*IMPORT, "--from-server", "--auto-approve", server=url)
        assert "There are: home, other." in ran.err
        named = ("--from-server", "--endpoint", "home", "--auto-approve")
        assert project.run(*IMPORT, *named, server=url).code == 0
        wrong = ("--from-server", "--endpoint", "hmoe", "--auto-approve")
        assert 'has no stash-box "hmoe"' in project.run(*IMPORT, *wrong, server=url).err


# -- the key --------------------------------------------------------------------------------------


class Keys:
    """An application around a stash-box that notes which keys it is shown."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner
        self.seen: list[str] = []

    @property
    def app(self) -> ASGIApp:
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += [value.decode() for name, value in scope["headers"] if name == b"apikey"]
        await self.inner(scope, receive, send)


def test_a_key_goes_to_an_address_of_the_project_only_after_approval(
    project: Project, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request that edits the settings cannot have any key of the environment."""
    keys = Keys(StashBox(generated(3, 0, 0), api_key=KEY).app)
    monkeypatch.setenv("STASH_BOX_API_KEY", KEY)
    endpoint = serving(keys)
    ran = project.run(*IMPORT, "--auto-approve", server=None)
    assert ran.code == 1
    assert f"the API key is not sent to {endpoint}" in ran.err
    assert f"--endpoint {endpoint}" in ran.err
    monkeypatch.setenv("STASH_API_KEY", "of-the-server")
    serving(keys, key="env:STASH_API_KEY")
    assert project.run(*IMPORT, "--auto-approve", server=None).code == 1
    assert keys.seen == []
    serving(keys)
    denied = project.at_terminal(*IMPORT, answer="no\n", server=None)
    assert "names the stash-box" in denied.err
    assert keys.seen == []
    assert project.at_terminal(*IMPORT, answer="yes\nyes\n", server=None).code == 0
    assert set(keys.seen) == {KEY}


def test_a_key_goes_to_an_address_of_the_command_line(
    project: Project, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment, or from where the option has it; a wrong one is called so."""
    endpoint = serving(StashBox(generated(3, 0, 0), api_key=KEY))
    project.write("stashsync.yaml", "manifests: manifests\n")
    given = (*IMPORT, "--endpoint", endpoint, "--auto-approve")
    without = project.run(*given, server=None)
    assert without.code == 1
    assert "wants the API key" in without.err
    assert "STASH_BOX_API_KEY" in without.err
    project.write("key.txt", f"{KEY}\n")
    assert project.run(*given, "--key", "file:key.txt", server=None).code == 0
    monkeypatch.setenv("STASH_BOX_API_KEY", "wrong-one")
    wrong = project.run(*given, "--fresh", server=None)
    assert "refused the API key (from environment STASH_BOX_API_KEY)" in wrong.err
    assert "wrong-one" not in wrong.err
    shown = project.run(*given, "--key", KEY, server=None)
    assert shown.code == 64
    assert KEY not in shown.err


# -- cut short ------------------------------------------------------------------------------------


class Closing:
    """An application around a stash-box that lets in so many requests, and then none."""

    def __init__(self, box: StashBox, left: int) -> None:
        self.box = box
        self.left = left

    @property
    def app(self) -> ASGIApp:
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.left -= 1
        app = self.box.app if self.left >= 0 else Response(status_code=403)
        await app(scope, receive, send)


def test_an_import_that_was_cut_short_goes_on_where_it_ended(
    project: Project, serving: Serving
) -> None:
    """Nothing is written before everything is read; pages are kept in between."""
    closing = Closing(StashBox(generated(350, 0, 0)), left=2)
    serving(closing)
    ran = project.run(*IMPORT, "--auto-approve", server=None)
    assert ran.code == 1
    assert "closed to this address" in ran.err
    assert not (project.root / "manifests/imported.yaml").exists()
    (kept,) = pages(project)
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    closing.left = 100
    imported(project)
    assert closing.box.requests == 4
    assert pages(project) == []


def test_what_a_dry_run_has_read_is_written_without_reading_it_again(
    project: Project, serving: Serving
) -> None:
    """So the files are what was shown; `--fresh` reads anew."""
    box = StashBox(generated(150, 0, 0))
    serving(box)
    assert project.run(*IMPORT, "--dry-run", server=None).code == 0
    assert not (project.root / "manifests/imported.yaml").exists()
    assert project.run(*IMPORT, "--dry-run", "--fresh", server=None).code == 0
    assert box.requests == 4
    imported(project)
    assert box.requests == 4
    assert len(tags_of(project)) == 150
