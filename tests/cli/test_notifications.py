"""`notify:` in the settings: what is sent, to whom, and what is not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from apprise.decorators import notify

from tests.cli.project import Project
from tests.support.hooks import Webhook

SETTINGS = "manifests: manifests\nnotify:\n  urls: [!secret hook]\n"
SECRETS = ("t0ken", "pa55word")
DRIFT = "stashsync: the library differs from the manifests"


@pytest.fixture
def notified(project: Project, hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Make a project that notifies the webhook of everything, outside of CI."""
    for name in ("GITHUB_RUN_ID", "CI_JOB_URL", "CI_PIPELINE_URL"):
        monkeypatch.delenv(name, raising=False)
    project.write("stashsync.yaml", SETTINGS)
    project.write("secrets.yaml", f"hook: {hook.url()}\n")
    return project


def test_drift_is_reported_and_a_library_in_step_is_not(notified: Project, hook: Webhook) -> None:
    """Drift: the title, the summary, the server and the command; nothing once it is in step."""
    assert notified.run("drift").code == 2
    assert hook.titles == [DRIFT]
    assert hook.messages[0]["type"] == "warning"
    assert hook.last.startswith("Plan: 4 to add, 0 to change, 0 to destroy.\n")
    assert "stashsync drift on sandbox:library.db, 20" in hook.last
    assert notified.run("--no-notify", "apply", "--auto-approve").code == 0
    assert notified.run("drift").code == 0
    assert len(hook.messages) == 1


def test_a_run_is_reported_if_it_did_something(notified: Project, hook: Webhook) -> None:
    """Apply: what it changed. The second one changes nothing, and is no news."""
    assert notified.run("apply", "--auto-approve").code == 0
    assert notified.run("apply", "--auto-approve").code == 0
    assert hook.titles == ["stashsync: apply complete"]
    assert hook.last.startswith("Resources: 4 added, 0 changed, 0 destroyed.\n")
    assert notified.run("undo", "--auto-approve").code == 0
    assert hook.titles[1:] == ["stashsync: undo complete"]


def test_failures_are_reported_with_their_reason(notified: Project, hook: Webhook) -> None:
    """A server that cannot be reached, and manifests with errors."""
    assert notified.run("drift", server="http://127.0.0.1:1").code == 1
    notified.write("manifests/more.yaml", "tags:\n  - name: Pan\n    parnets: [Travel]\n")
    assert notified.run("apply", "--auto-approve").code == 1
    assert hook.titles == ["stashsync: drift failed", "stashsync: apply failed"]
    assert {message["type"] for message in hook.messages} == {"failure"}
    assert "cannot connect to http://127.0.0.1:1" in hook.messages[0]["message"]
    assert "manifests/more.yaml:3: unknown key 'parnets'" in hook.last


def test_a_refused_plan_is_reported_with_its_numbers(notified: Project, hook: Webhook) -> None:
    """Refused: `drift` reports drift and why it may not be applied, `apply` a failure."""
    notified.run("--no-notify", "apply", "--auto-approve")
    notified.write("stashsync.yaml", f"{SETTINGS}protect: {{tags: [Travel]}}\n")
    notified.write("manifests/tags.yaml", "tags:\n  - {name: Travel, state: absent}\n")
    assert notified.run("drift").code == 4
    assert "Refused: " in hook.last
    assert notified.run("apply", "--auto-approve").code == 4
    assert hook.titles == [DRIFT, "stashsync: apply failed"]


def test_a_person_who_declines_is_no_failure(notified: Project, hook: Webhook) -> None:
    """The answer `no`, and a command that has no terminal to ask at."""
    assert notified.at_terminal("apply", answer="no\n").code == 1
    assert notified.run("apply").code == 64
    assert hook.messages == []


def test_only_the_wanted_events_are_reported(notified: Project, hook: Webhook) -> None:
    """`events` chooses; a run that failed is a failure."""
    notified.write("stashsync.yaml", SETTINGS + "  events: failure\n")
    assert notified.run("drift").code == 2
    assert notified.run("apply", "--auto-approve").code == 0
    assert notified.run("drift", server="http://127.0.0.1:1").code == 1
    assert hook.titles == ["stashsync: drift failed"]


def test_a_profile_notifies_others(notified: Project, hook: Webhook) -> None:
    """A profile overrides each setting of `notify`, and can switch it off."""
    profiles = "profiles: {quiet: {notify: {urls: []}}, linked: {notify: {link: see the log}}}\n"
    notified.write("stashsync.yaml", SETTINGS + profiles)
    assert notified.run("--profile", "quiet", "drift").code == 2
    assert notified.run("--profile", "linked", "drift").code == 2
    assert len(hook.messages) == 1
    assert hook.last.endswith("\nsee the log")


def test_the_link_is_that_of_the_ci_run(
    notified: Project, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub and GitLab name the run in the environment; `link` takes precedence."""
    monkeypatch.setenv("CI_JOB_URL", "https://gitlab.example/jobs/7")
    notified.run("drift")
    assert hook.last.endswith("\nhttps://gitlab.example/jobs/7")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/library")
    monkeypatch.setenv("GITHUB_RUN_ID", "42")
    notified.run("drift")
    assert hook.last.endswith("\nhttps://github.example/someone/library/actions/runs/42")
    notified.write("stashsync.yaml", SETTINGS + "  link: !env REPORT\n")
    monkeypatch.setenv("REPORT", "https://reports.example")
    notified.run("drift")
    assert hook.last.endswith("\nhttps://reports.example")
    monkeypatch.delenv("REPORT")
    assert notified.run("drift").code == 2
    assert hook.last.endswith("/actions/runs/42")


def test_the_report_is_attached_and_redacted(notified: Project, hook: Webhook) -> None:
    """`attach`, with names or with pseudonyms; the server has one, too."""
    notified.write("stashsync.yaml", SETTINGS + "  attach: markdown\n")
    notified.run("drift")
    name, text = hook.attached()
    assert name == "stashsync-drift.md"
    assert "Wide shot" in text
    notified.write("stashsync.yaml", SETTINGS + "  attach: html\n")
    notified.run("apply", "--auto-approve", "--redact")
    name, text = hook.attached()
    assert name == "stashsync-apply.html"
    assert "Wide shot" not in text
    assert "library.db" not in hook.last


@pytest.mark.parametrize("settings", ["", "  attach: markdown\n"])
def test_redacted_failures_keep_what_errors_would_tell(
    notified: Project, hook: Webhook, settings: str
) -> None:
    """Neither an address of a server nor a name of an object is in a redacted failure."""
    notified.write("stashsync.yaml", SETTINGS + settings)
    notified.run("drift", "--redact", server="http://127.0.0.1:1")
    assert "127.0.0.1" not in hook.last
    notified.write("manifests/more.yaml", "tags:\n  - name: Pan\n    parents: [Trvel]\n")
    notified.run("drift", "--redact")
    assert "Trvel" not in hook.last
    assert hook.titles == ["stashsync: drift failed"] * 2


def test_names_in_a_notification_call_no_one(notified: Project, hook: Webhook) -> None:
    """What a chat service obeys (`@everyone`, `<!here>`) is inert in a notification."""
    notified.write("manifests/more.yaml", 'tags:\n  - name: Pan\n    parents: ["@here <!all>"]\n')
    notified.run("drift")
    assert "@\u200bhere <\u200b!all>" in hook.last


def test_what_is_not_delivered_is_a_warning(notified: Project, hook: Webhook) -> None:
    """Each fault with its service and place; the others are notified; the exit code stays."""
    secrets = notified.read("secrets.yaml")
    notified.write("secrets.yaml", f"{secrets}odd: no address\ndead: json://127.0.0.1:1/t0ken\n")
    urls = "urls: [!secret odd, !env ABSENT, !secret dead, !secret hook]"
    notified.write("stashsync.yaml", f"notify:\n  {urls}\n")
    ran = notified.run("drift")
    assert ran.code == 2
    assert hook.titles == [DRIFT]
    warnings = [line for line in ran.err.splitlines() if line.startswith("Warning: not notified")]
    assert [line.split(": ", 2)[2] for line in warnings] == [
        "the address in the secret odd of secrets.yaml: it is no address that Apprise knows. Its "
        "page has the addresses of all services: https://github.com/caronc/apprise/wiki",
        "the address in the variable ABSENT: it is not set.",
        "JSON (the secret dead of secrets.yaml): the service does not answer.",
    ]
    hook.status = 403
    refused = notified.run("drift")
    assert refused.code == 2
    assert "JSON (the secret hook of secrets.yaml): the service answered with status 403" in (
        refused.err
    )


def test_without_apprise_there_is_a_warning_with_the_way_to_install_it(
    notified: Project, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an extra: only what notifies needs it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    ran = notified.run("drift")
    assert ran.code == 2
    assert (
        "notifications need the package Apprise. Install it: pip install 'stashsync[notify]'"
        in (ran.err)
    )
    assert notified.run("doctor").code == 0
    assert notified.run("doctor", "--notify").code == 1


def test_a_service_of_ones_own_is_notified(notified: Project, tmp_path: Path) -> None:
    """Apprise's own plugins of a user work as well; an error in one ends no command."""
    seen: list[tuple[str, str, str]] = []

    @notify(on="stashown", name="Own")
    def take(body: str, title: str, *_: object, attach: Any = None, **__: object) -> None:
        seen.append((title, body, Path(attach[0].path).read_text("utf-8")))

    @notify(on="stashbroken", name="Broken")
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("t0ken")

    notified.write("secrets.yaml", "hook: stashown://\nother: stashbroken://pa55word\n")
    notified.write(
        "stashsync.yaml", "notify: {urls: [!secret hook, !secret other], attach: html}\n"
    )
    ran = notified.run("drift")
    assert ran.code == 2
    ((title, body, report),) = seen
    assert title == DRIFT
    assert "4 to add" in body
    assert "Wide shot" in report
    assert "Broken (the secret other of secrets.yaml): Apprise could not deliver it" in ran.err
    assert not any(secret in ran.out + ran.err for secret in SECRETS)


def test_no_address_is_written_anywhere(notified: Project, hook: Webhook) -> None:
    """Addresses hold tokens: they are in no output, plan, journal, report, cache or error."""
    hook.status = 500
    reports = [
        f"--format={form} --output=report.{form}".split()
        for form in ("json", "markdown", "html", "junit", "github")
    ]
    options = [option for pair in reports for option in pair]
    runs = [
        notified.run("plan", "--out", "saved.plan"),
        notified.run("drift", *options),
        notified.run("--debug", "apply", "--auto-approve", "--events", "events.jsonl", *options),
        notified.run("--debug", "drift", server="http://127.0.0.1:1"),
        notified.run("doctor", "--notify", "--format", "json"),
        notified.run("runs"),
        notified.run("--profile", "none", "drift"),
    ]
    assert len(hook.messages) == 4
    assert all(word not in ran.out + ran.err for ran in runs for word in SECRETS)
    files = [path for path in notified.root.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"saved.plan", "events.jsonl", "report.html"}
    holders = {
        path.name for path in files if any(word.encode() in path.read_bytes() for word in SECRETS)
    }
    assert holders == {"secrets.yaml"}


@pytest.mark.parametrize(
    "urls",
    [
        "json://user:pa55word@127.0.0.1/t0ken",
        '["https://chat.example/t0ken/pa55word"]',
        "[!env ABSENT json://pa55word/t0ken]",
        '["https://chat.example/t0ken/pa55word',
    ],
)
def test_an_address_in_the_file_is_refused_unseen(project: Project, urls: str) -> None:
    """The settings are made to be shared. No error has the line."""
    project.write("stashsync.yaml", f"notify:\n  urls: {urls}\n")
    ran = project.run("plan")
    assert ran.code == 1
    assert "stashsync.yaml:2:" in ran.err
    assert not any(secret in ran.err for secret in SECRETS)


def test_settings_of_notifications_have_their_errors(project: Project) -> None:
    """Unknown events, formats and keys, at their places."""
    project.write("stashsync.yaml", "notify:\n  events: [drfit]\n  attach: pdf\n  url: x\n")
    ran = project.run("plan")
    assert ran.code == 1
    assert "'drfit' is no event" in ran.err
    assert "there are: drift, apply, failure" in ran.err
    assert "'pdf' is no format of an attached report" in ran.err
    assert "did you mean `urls`?" in ran.err


def test_doctor_shows_who_is_notified_and_sends_a_test(notified: Project, hook: Webhook) -> None:
    """Without `--notify` nothing is sent; with it, what did not arrive is exit code 1."""
    shown = notified.run("doctor")
    assert "notifications  1 receiver of drift, apply, failure" in shown.out
    assert hook.messages == []
    assert notified.run("doctor", "--notify").code == 0
    assert hook.titles == ["stashsync: a test"]
    hook.status = 404
    failed = notified.run("doctor", "--notify")
    assert failed.code == 1
    assert "JSON (the secret hook of secrets.yaml): the service answered with status 404" in (
        failed.out
    )
    notified.write("stashsync.yaml", "manifests: manifests\n")
    assert "the settings name no receiver" in notified.run("doctor", "--notify").out
