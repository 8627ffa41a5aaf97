"""`doctor` and `graph` on the command line, and reports as CI asks for them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stashsync.cli.checks import Level, check_plugins, check_release, check_server, check_speed
from stashsync.client import StashClient
from stashsync.errors import ExitCode, StashGraphQLError
from stashsync.keys import Key
from stashsync.kinds.capabilities import Capabilities
from stashsync.render.documents import plan_schema, pull_schema, report_schema
from stashsync.sandbox import Sandbox
from stashsync.wire.httpx_door import httpx
from stashsync.wire.transport import Transport
from tests.cli.project import Project


def looked_over(release: str, key: Key | None = None, names: Any = None) -> dict[str, Any]:
    """Check a sandbox of a release; return the findings by what they are about."""

    async def main() -> list[Any]:
        with Sandbox(release=release) as sandbox:
            inner = httpx.ASGITransport(sandbox.app)
            async with StashClient(Transport("http://sandbox", inner=inner)) as client:
                return await check_server(client, key, names or {})

    return {finding.about: finding for finding in asyncio.run(main())}


def test_doctor_reports_what_a_new_server_can_hold() -> None:
    """Connection, key, release, kinds, texts, hooks, speed: all of it looked at."""
    found = looked_over("0.31.1")
    assert {finding.level for finding in found.values()} == {Level.GOOD, Level.NOTE}
    assert found["release"].text.startswith("v0.31.1")
    assert found["API key"].level is Level.NOTE
    assert "all" in found["tags"].text
    assert "no plugin" in found["hooks"].text


def test_doctor_reports_what_an_old_server_lacks_and_since_when_it_exists() -> None:
    """Missing fields are listed by kind, with the release that has them."""
    found = looked_over("0.27.2", Key("secret", "environment STASH_API_KEY"))
    assert "stash_ids (since v0.30.0)" in found["tags"].text
    assert "untrimmed" in found["white space"].text
    assert "whole dates" in found["dates"].text
    assert found["API key"].text == "the one of environment STASH_API_KEY is accepted"


def test_doctor_knows_the_names_that_are_patterns() -> None:
    """`_` and `%` match other names in the server's check."""
    found = looked_over("0.30.1", names={"tag": ["a_b", "plain", "100%"]})
    assert '"a_b", "100%"' in found["wildcards"].text


class Answering:
    """A client whose server answers one document."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def execute(self, *_: object) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_doctor_names_the_hooks_that_will_fire() -> None:
    """Those that are on, of kinds that stashsync changes; a server may keep them to itself."""
    rows = [
        {"name": "Tagger", "enabled": True,
         "hooks": [{"name": "h", "hooks": ["Tag.Create.Post", "Scene.Update.Post"]}]},
        {"name": "Off", "enabled": False, "hooks": [{"name": "h", "hooks": ["Tag.Update.Post"]}]},
    ]  # fmt: skip
    (found,) = asyncio.run(check_plugins(Answering({"plugins": rows})))  # type: ignore[arg-type]
    assert found.level is Level.WARN
    assert found.text == 'every change of tags calls plugins: Tag.Create.Post: "Tagger"'
    refused = Answering(StashGraphQLError("no"))
    (unknown,) = asyncio.run(check_plugins(refused))  # type: ignore[arg-type]
    assert unknown.level is Level.NOTE


def test_doctor_measures_a_read() -> None:
    """The time of the largest kind is measured."""
    with Sandbox() as sandbox:
        client = StashClient(Transport("http://sandbox", inner=httpx.ASGITransport(sandbox.app)))
        found = asyncio.run(check_speed(client))
    assert found.level is Level.GOOD
    assert found.text.endswith(" ms")


@pytest.mark.parametrize(("release", "level"), [((0, 20, 0), Level.WARN), (None, Level.NOTE)])
def test_an_unsupported_release_is_reported(release: Any, level: Level) -> None:
    """The release may be too old, or not known at all."""
    server = Capabilities({}, {}, frozenset(), release=release)
    assert check_release(server).level is level


def test_doctor_exits_0_where_all_is_well_and_1_where_nothing_is(project: Project) -> None:
    """Text for people, JSON for programs; an error is a finding too."""
    well = project.run("doctor")
    assert (well.code, well.out.splitlines()[-1]) == (ExitCode.OK, "All is well.")
    document = json.loads(project.run("doctor", "--format", "json").out)
    assert document["format"] == "stashsync-doctor"
    assert {finding["level"] for finding in document["findings"]} <= {"good", "note"}
    ill = project.run("doctor", server="http://127.0.0.1:1")
    assert ill.code == ExitCode.ERROR
    assert "cannot connect" in ill.out


def test_graph_draws_manifests_and_the_server(project: Project, tmp_path: Path) -> None:
    """With a saved plan, marked."""
    assert "│   ├── Drone" in project.run("graph", server=None).out
    project.run("plan", "--out", "saved.plan")
    assert "+ Drone (new)" in project.run("graph", "--observed", "saved.plan").out
    project.run("graph", "--format", "svg", "--output", "graph.svg", server=None)
    assert project.read("graph.svg").startswith("<svg ")
    assert "Drone" not in project.run("graph", "--redact", server=None).out
    assert project.run("graph", "--kind", "performers", server=None).code == ExitCode.USAGE
    assert "Drone" in project.run("graph", "--below", "camera", server=None).out
    ran = project.run("graph", "--below", "Nowhere", server=None)
    assert (ran.code, 'called "Nowhere"' in ran.err) == (ExitCode.ERROR, True)


def test_graph_announces_that_mermaid_needs_several_charts(project: Project) -> None:
    """Otherwise the reader learns it from a page that shows an error in place of the chart."""
    tags = "".join(f"\n  - {{name: T{number}, parents: [Camera]}}" for number in range(600))
    project.write("manifests/many.yaml", f"tags:{tags}\n")
    ran = project.run("graph", "--format", "mermaid", server=None)
    assert ran.out.startswith("```mermaid\n")
    assert "more than 500 edges" in ran.err
    assert "--below NAME" in ran.err


def test_formats_go_to_their_files_at_once(project: Project) -> None:
    """One run, six reports; the JSON matches its schema."""
    names = ("json", "markdown", "html", "github", "junit")
    pairs = [word for name in names for word in ("--format", name, "--output", f"out.{name}")]
    ran = project.run("drift", "--format", "text", *pairs)
    assert ran.code == ExitCode.CHANGES
    assert "Plan: 4 to add" in ran.out
    jsonschema.validate(json.loads(project.read("out.json")), plan_schema())
    assert project.read("out.markdown").startswith("## Drift")
    assert project.read("out.html").startswith("<!DOCTYPE html>")
    assert project.read("out.github").startswith("::notice file=manifests/tags.yaml,line=")
    assert "<failure " in project.read("out.junit")
    applied = project.run("apply", "--auto-approve", "--format", "json")
    jsonschema.validate(json.loads(applied.out), report_schema())


def test_the_schemas_can_be_printed(project: Project) -> None:
    """Programs that read the output of `--format json` can validate it."""
    made = {"plan": plan_schema(), "report": report_schema(), "pull": pull_schema()}
    for subject, schema in made.items():
        assert json.loads(project.run("schema", "--of", subject, server=None).out) == schema


def test_with_github_the_job_gets_a_summary(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markdown is added to the file that the runner names; other formats leave it alone."""
    summary = project.write("summary.md", "before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    project.run("plan")
    assert summary.read_text() == "before\n"
    project.run("plan", "--format", "github")
    assert summary.read_text().startswith("before\n## Plan\n")


def test_problems_are_annotations_too(project: Project) -> None:
    """Each annotation is at its line; exit code and standard error are as without it."""
    project.write("manifests/tags.yaml", "tags:\n  - name: Camera\n    parnets: [Travel]\n")
    ran = project.run("plan", "--format", "github", "--format", "junit", "--output", "out.xml")
    assert ran.code == ExitCode.ERROR
    assert ran.out.startswith("::error file=manifests/tags.yaml,line=3,")
    assert "<error " in project.read("out.xml")
    assert "parnets" in ran.err
    hidden = project.run("plan", "--redact", "--format", "github")
    assert "Travel" not in hidden.err + hidden.out


def test_pseudonyms_stay_the_same_from_run_to_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the project's own key, which only its owner can read, or that of the environment."""
    first = project.run("plan", "--redact").out
    assert "Camera" not in first
    assert project.run("plan", "--redact").out == first
    assert (project.root / ".stashsync/redact.key").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("STASHSYNC_REDACT_KEY", "another")
    assert project.run("plan", "--redact").out != first
    applied = project.run("apply", "--redact", "--auto-approve")
    assert applied.code == ExitCode.OK
    assert "Camera" not in applied.out + applied.err


def test_what_is_refused_is_an_annotation_and_redacted(project: Project) -> None:
    """A protection names what it protects, so under pseudonyms its words are others."""
    project.run("apply", "--auto-approve")
    project.write("stashsync.yaml", "manifests: manifests\nprotect:\n  tags: [Travel]\n")
    tags = "tags:\n  - {name: Camera, state: absent}\n  - {name: Travel, state: absent}\n"
    project.write("manifests/tags.yaml", tags)
    refused = project.run("apply", "--auto-approve", "--format", "github")
    assert refused.code == ExitCode.REFUSED
    assert "::error title=stashsync::" in refused.out
    assert "Travel" in refused.out
    hidden = project.run("apply", "--auto-approve", "--format", "github", "--redact")
    assert hidden.code == ExitCode.REFUSED
    assert "Travel" not in hidden.out + hidden.err
