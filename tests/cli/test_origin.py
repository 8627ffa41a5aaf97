"""Reports have the server, the time and the command that they come from."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from tests.cli.project import Project

LINE = r"stashsync {} on sandbox:library\.db, \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
FORMATS = ("json", "markdown", "html", "junit")


def written(project: Project, *arguments: str) -> dict[str, str]:
    """Run a command with every format; return what it wrote, the text too."""
    options = [part for form in FORMATS for part in ("--format", form, "--output", f"r.{form}")]
    ran = project.run(*arguments, *options, "--format", "text")
    return {"text": ran.out, **{form: project.read(f"r.{form}") for form in FORMATS}}


def check(found: dict[str, str], command: str) -> None:
    """Make sure that a report has its origin in every format."""
    line = LINE.format(command)
    assert re.search(rf"^`{line}`$", found["markdown"], re.MULTILINE)
    origin = json.loads(found["json"])["origin"]
    assert (origin["command"], origin["server"]) == (command, "sandbox:library.db")
    age = datetime.now(UTC) - datetime.fromisoformat(origin["time"])
    assert timedelta(0) <= age < timedelta(minutes=1)
    assert f'["command","stashsync {command}"],["server","sandbox:library.db"]' in found["html"]
    suite = ElementTree.fromstring(found["junit"]).find("testsuite")
    assert suite is not None
    assert suite.attrib["timestamp"][:10] in origin["time"]
    properties = {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
    assert properties == {"command": f"stashsync {command}", "server": "sandbox:library.db"}


def test_plans_drifts_and_runs_have_their_origin(project: Project) -> None:
    """In every format; in the text of what is read by others than the one who asked for it."""
    plan = written(project, "plan")
    check(plan, "plan")
    assert "stashsync plan on" not in plan["text"]
    drift = written(project, "drift")
    check(drift, "drift")
    assert re.match(LINE.format("drift") + "\n\n", drift["text"])
    run = written(project, "apply", "--auto-approve")
    check(run, "apply")
    assert re.search(f"\n\n{LINE.format('apply')}\n\nApply complete! ", run["text"])


def test_a_run_that_is_shown_later_has_the_origin_of_the_run(project: Project) -> None:
    """By its id and by its report: not the command that shows it, and not the time of that."""
    written(project, "apply", "--auto-approve")
    report = json.loads(project.read("r.json"))
    report["origin"]["time"] = "2001-02-03T04:05:06Z"
    project.write("r.json", json.dumps(report))
    line = "stashsync apply on sandbox:library.db, 2001-02-03 04:05:06 UTC"
    assert project.run("show", "r.json").out.startswith(line)
    run = project.run("runs", server=None).out.split()[0]
    assert re.match(LINE.format("apply"), project.run("show", run).out)
    del report["origin"]
    project.write("r.json", json.dumps(report))
    assert project.run("show", "r.json").out.startswith("Apply complete!")
    project.write("r.json", json.dumps({**report, "origin": {"command": "apply"}}))
    assert "r.json is a report that is damaged" in project.run("show", "r.json").err


def test_a_redacted_report_does_not_name_the_server(project: Project) -> None:
    """The address has a pseudonym, the same in every report."""
    found = written(project, "drift", "--redact")
    assert not any("library.db" in text for text in found.values())
    assert re.match(r"stashsync drift on server-[0-9a-f]{12}, ", found["text"])
