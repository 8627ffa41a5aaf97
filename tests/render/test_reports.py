"""Reports as Markdown, annotations, JUnit and JSON, and all formats with pseudonyms."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.applier.outcomes import Report
from stashsync.errors import ManifestError, Problem
from stashsync.outcomes import Outcome, Status
from stashsync.planner.plan import Operation, Plan
from stashsync.render.documents import plan_schema, report_schema
from stashsync.render.github import plan_github, problems_github, report_github
from stashsync.render.html import plan_html, report_html
from stashsync.render.json import plan_json, report_json
from stashsync.render.junit import plan_junit, problems_junit, report_junit
from stashsync.render.markdown import LIMIT, plan_markdown, problems_markdown, report_markdown
from stashsync.render.redact import Redactor
from stashsync.render.report import report_text
from stashsync.render.text import Purpose, plan_text
from tests.render.plans import HOSTILE, everything, large, mark, run

PLANS: list[Callable[[Plan], str]] = [
    plan_text, plan_json, plan_markdown, plan_html, plan_github, plan_junit,
]  # fmt: skip
REPORTS: list[Callable[[Report], str]] = [
    report_text, report_json, report_markdown, report_html, report_github, report_junit,
]  # fmt: skip


# -- Markdown -------------------------------------------------------------------------------------


def test_a_small_plan_is_whole_in_markdown() -> None:
    """Numbers, refusals and warnings come first, then every change with its values."""
    text = plan_markdown(everything())
    lines = text.split("\n")
    assert lines[0] == "## Plan"
    assert lines[2] == "**Plan: 1 to add, 2 to change, 1 to destroy, 2 to merge.**"
    assert "| tags | 1 | 1 | 2 | 1 | 120 |" in lines
    assert "**⛔ Refused (1):**" in lines
    assert "<details><summary>4 tags</summary>" in lines
    assert '+  tag "Camera" {' in lines
    assert '-  tag "Old"' in text


@pytest.mark.parametrize("count", [40, 300, 3_000, 20_000])
def test_a_comment_holds_a_plan_of_any_size(count: int) -> None:
    """A comment always has the plan's numbers and refusals; lines that are cut are counted."""
    text = plan_markdown(large(count))
    assert len(text) <= LIMIT
    assert "**⛔ Refused (1):**" in text
    assert "the threshold is 30 %" in text
    assert text.count("<details") == text.count("</details>")
    assert text.count("```diff") == len(re.findall("^```$", text, re.MULTILINE))
    if count == 20_000:
        assert len(text) > LIMIT - 2_000
        assert "lines of changes are cut here" in text
        assert 'tag "Camera 0"' in text
        assert '"House 19997"' in text


def test_a_run_with_many_failures_keeps_the_numbers() -> None:
    """Failures are listed until the comment is full, and the others are counted."""
    plan = large(5_000)
    operations = [Operation(index, ()) for index in range(5_000)]
    outcomes = [Outcome(index, Status.FAILED, "refused " * 300) for index in range(5_000)]
    plan = Plan(changes=plan.changes, operations=operations, labels=plan.labels)
    text = report_markdown(Report(plan, outcomes))
    assert len(text) <= LIMIT
    assert "**Failed (5,000):**" in text
    assert re.search(r"- … and [\d,]+ more", text)


def test_problems_fit_a_comment_too() -> None:
    """Problems fit into one comment, however many and however long they are."""
    problems = [Problem("no such tag " * 500, mark(line)) for line in range(2_000)]
    text = problems_markdown(problems, "2000 problems in the manifests")
    assert len(text) <= LIMIT
    assert "`manifests/tags.yaml:1`" in text
    assert "more" in text.split("\n")[-2]


def outside_of_code(text: str) -> str:
    """Return Markdown without its code blocks and code spans."""
    text = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


def test_foreign_text_is_code_in_markdown() -> None:
    """A name cannot become a link, a mention, an element or a code fence."""
    report = run(everything(HOSTILE), HOSTILE)
    problems = problems_markdown([Problem(HOSTILE, mark(1), HOSTILE)], "1 problem")
    for text in (plan_markdown(everything(HOSTILE)), report_markdown(report), problems):
        left = outside_of_code(text)
        assert "evil" not in left
        assert "<img" not in left
        assert "@everyone" not in left
        assert all(char.isprintable() or char == "\n" for char in text)


# -- GitHub ---------------------------------------------------------------------------------------

_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the workflow commands of a log, as GitHub's runner reads them."""
    found = []
    for line in text.splitlines():
        if match_ := _COMMAND.fullmatch(line):
            pairs = dict(part.split("=", 1) for part in match_[2].split(","))
            values = {name: unescaped(value) for name, value in pairs.items()}
            found.append((match_[1], values, unescaped(match_[3])))
    return found


def unescaped(text: str) -> str:
    """Undo the escapes of workflow commands."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_annotations_stand_at_the_lines_of_the_manifests() -> None:
    """Errors come first, then warnings, then a notice for each change at its line."""
    found = commands(plan_github(everything()))
    annotations = [(level, pairs.get("file"), pairs.get("line")) for level, pairs, _ in found]
    assert annotations == [
        ("error", "manifests/tags.yaml", "12"),
        ("warning", "manifests/tags.yaml", "5"),
        ("notice", "manifests/tags.yaml", "1"),
        ("notice", "manifests/tags.yaml", "4"),
        ("notice", "manifests/tags.yaml", "9"),
        ("notice", None, None),
        ("notice", "manifests/people/ann.yaml", "2"),
    ]
    assert found[3][2] == (
        'tag "Wide shot" will be updated in-place (renamed from "Wide angle"): '
        "ignore_auto_tag, parents +1 -1"
    )


def test_annotations_of_a_run_are_about_what_is_not_done() -> None:
    """Failed and unknown operations are errors, and skipped ones are warnings."""
    found = commands(report_github(run(everything(), "50% taken,\nby: the server")))
    assert [(level, pairs["line"]) for level, pairs, _ in found] == [
        ("error", "1"), ("error", "9"), ("warning", "4"),
    ]  # fmt: skip
    assert found[0][2].endswith("50% taken,\nby: the server")


def test_foreign_text_gives_no_commands() -> None:
    """Foreign text cannot start another workflow command, nor forge a property of one."""
    odd = mark(3, "manifests/a,line=9::b%0A.yaml")
    texts = [
        plan_github(everything(HOSTILE)),
        report_github(run(everything(HOSTILE), f"{HOSTILE}\n::error::forged\r::error::too")),
        problems_github([Problem(f"{HOSTILE}\n::error::forged", odd, HOSTILE)]),
    ]
    for text in texts:
        assert "forged" not in [message for _, _, message in commands(text)]
        assert not re.search(r"^::error::", text, re.MULTILINE)
        assert "##[" not in text
    (_, values, _), *rest = commands(texts[-1])
    assert (values["file"], values["line"], rest) == (odd.file, "3", [])


# -- JUnit ----------------------------------------------------------------------------------------


def suites(text: str) -> dict[str, list[tuple[str, str]]]:
    """Return the tests of each suite with their results; check the counts on the way."""
    root = ET.fromstring(text)
    for suite in (root, *root):
        cases = list(suite.iter("testcase"))
        assert int(suite.attrib["tests"]) == len(cases)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[name]) == sum(case.find(tag) is not None for case in cases)
    return {
        suite.attrib["name"]: [
            (case.attrib["name"], case[0].tag if len(case) else "") for case in suite
        ]
        for suite in root
    }


def test_a_change_is_a_test() -> None:
    """A change is a skipped test in a plan and a failed one in a drift; objects in step pass."""
    plan = suites(plan_junit(everything()))
    drift = suites(plan_junit(everything(), purpose=Purpose.DRIFT))
    assert plan["plan"] == [('tag "Camera" is protected', "error")]
    assert plan["tag"] == [
        ("120 tags in step", ""),
        ("create tag Camera", "skipped"),
        ("update tag Wide shot", "skipped"),
        ("merge tag Bread", "skipped"),
        ("delete tag Old", "skipped"),
    ]
    assert plan["studio"] == [("4 studios in step", "")]
    assert drift["performer"] == [("update performer Ann Baker (cook)", "failure")]


def test_the_tests_of_a_run_end_as_its_operations_did() -> None:
    """Operations are reported as failed, error if unknown, skipped, or passed."""
    found = suites(report_junit(run(everything())))
    assert [end for _, end in found["tag"]] == ["", "failure", "skipped", "error", ""]
    assert suites(problems_junit([Problem("no", mark(1))])) == {"manifests": [("no", "error")]}


def test_any_text_is_well_formed_xml() -> None:
    """XML forbids control characters and lone surrogates, so they are escaped."""
    text = report_junit(run(everything(HOSTILE), HOSTILE))
    assert "\\x1b[31m" in ET.fromstring(text).findall(".//failure")[0].attrib["message"]
    suites(plan_junit(everything(HOSTILE)))


# -- JSON -----------------------------------------------------------------------------------------


def closed(schema: Any) -> Any:
    """Return a schema that forbids every field it does not name."""
    if isinstance(schema, list):
        return [closed(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(entry) for name, entry in schema.items()}
    saved_plan = "required" in schema and schema["required"] == ["format", "version"]
    if schema.get("type") == "object" and "required" in schema and not saved_plan:
        found["additionalProperties"] = False
    return found


@pytest.mark.parametrize("plan", [everything(), everything(HOSTILE), large(50), Plan()])
def test_the_json_of_a_plan_matches_its_schema(plan: Plan) -> None:
    """The schema describes every field that is written."""
    jsonschema.Draft7Validator.check_schema(plan_schema())
    document = json.loads(plan_json(plan))
    jsonschema.validate(document, plan_schema())
    jsonschema.validate(document, closed(plan_schema()))


def test_the_json_of_a_run_matches_its_schema() -> None:
    """The schema describes every field, and refuses a status that does not exist."""
    jsonschema.Draft7Validator.check_schema(report_schema())
    document = json.loads(report_json(run(everything())))
    jsonschema.validate(document, report_schema())
    jsonschema.validate(document, closed(report_schema()))
    document["operations"][0]["status"] = "done"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, report_schema())


# -- pseudonyms -----------------------------------------------------------------------------------

PRIVATE = ["Zanzibar", "Wide angle", "Wide shot", "Travel", "Bread", "Old", "Ann", "Baker", "cook",
           "second line", "0123456789abcdef", "people", "taken"]  # fmt: skip


@pytest.mark.parametrize("tell", PLANS, ids=lambda tell: tell.__name__)
def test_no_format_of_a_redacted_plan_has_anything_private(tell: Callable[[Plan], str]) -> None:
    """Names, values and paths are replaced; kinds, lines and numbers stay."""
    plan = everything("Zanzibar")
    text = tell(Redactor(b"key").plan(plan))
    assert [word for word in PRIVATE if word in text and word != "people"] == []
    assert "tag" in text


@pytest.mark.parametrize("tell", REPORTS, ids=lambda tell: tell.__name__)
def test_no_format_of_a_redacted_run_has_anything_private(tell: Callable[[Report], str]) -> None:
    """Server messages are replaced as a whole, since they may contain names in any form."""
    report = run(everything("Zanzibar"), "Zanzibar is taken")
    text = tell(Redactor(b"key").report(report))
    assert [word for word in PRIVATE if word in text] == []


def test_pseudonyms_are_stable_and_unique() -> None:
    """A name has one pseudonym per key in every plan, and no other name has the same."""
    first, again, other = Redactor(b"a"), Redactor(b"a"), Redactor(b"b")
    assert first.name("tag", "Camera") == again.name("tag", "Camera")
    assert first.name("tag", "Camera") != other.name("tag", "Camera")
    assert len({first.name("tag", str(number)) for number in range(5_000)}) == 5_000


def test_a_redacted_plan_still_shows_what_belongs_together() -> None:
    """A name has the same pseudonym as a parent, as a former name and as a source of a merge."""
    hidden = Redactor(b"key")
    document = json.loads(plan_json(hidden.plan(everything())))
    camera = hidden.name("tag", "Camera")
    create, update, merge = document["changes"][:3]
    assert create["name"] == camera
    assert update["name"] == hidden.name("tag", "Wide shot")
    assert update["previous_name"] == hidden.name("tag", "Wide angle")
    assert update["attributes"]["parents"]["added"] == [camera]
    assert camera in merge["sources"]
    assert document["summary"]["update"] == 2


def test_problems_are_redacted_with_the_words_that_help_kept() -> None:
    """Quoted names and the source line are removed; names of fields and the line number stay."""
    problem = Problem('there is no tag "Zanzibar"', mark(3, "manifests/tags.yaml"),
                      "did you mean `parents` or 'Zanzi'?", "  parents: [Zanzibar]")  # fmt: skip
    (found,) = Redactor(b"key").error(ManifestError([problem])).problems
    assert "Zanzi" not in f"{found.message}{found.hint}{found.excerpt}"
    assert "`parents`" in (found.hint or "")
    assert found.mark == mark(3)


# -- a law ----------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["`", "```", "~~~", "\n", "\r", "\x85", "\u2028", "\u202e", "\ud800", "\x00", "\x1b[0m", "<",
     "</script>", "<!--", "]]>", "&", '"', "'", "::error::", "##[group]", "%0A", ",", "|", "@all"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.text(max_size=4), min_size=1, max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_whatever_a_name_is_every_format_stays_what_it_is(name: str) -> None:
    """For any name each format stays well-formed, and the name stays data."""
    plan = everything(name)
    report = run(plan, name)
    for text in (plan_github(plan), report_github(report)):
        for line in text.rstrip("\n").split("\n"):
            assert line.startswith(
                ("::error file=", "::warning file=", "::notice ", "Plan:", "Apply")
            )
    suites(plan_junit(plan))
    suites(report_junit(report))
    jsonschema.validate(json.loads(plan_json(plan)), plan_schema())
    assert plan_html(plan).count("</script") == 2
    assert "<!--" not in plan_html(plan)
    for text in (plan_markdown(plan), report_markdown(report)):
        left = outside_of_code(text)
        assert "@all" not in left
        assert "</script>" not in left
