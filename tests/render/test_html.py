"""The HTML report: the content of the file, and its behaviour in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Outcome, Status
from stashsync.planner.changes import Create, FieldChange, Matched, Update
from stashsync.planner.plan import Plan
from stashsync.render.graph import Forest
from stashsync.render.graph.html import html_graph
from stashsync.render.html import plan_html, report_html
from tests.render.browser import Page, browser, chromium
from tests.render.plans import HOSTILE, everything, large, run


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Yield a tab of a browser; skip if there is no Chromium."""
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium; CHROMIUM=PATH names one")
    with browser(program, tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def show(page: Page, tmp_path: Path):
    """Return a function that opens a report in the browser and returns the seconds it took."""

    def opened(text: str) -> float:
        path = tmp_path / "report.html"
        path.write_text(text, "utf-8")
        page.requests.clear()
        page.complaints.clear()
        return page.open(path)

    return opened


def data_of(text: str) -> dict:
    """Return the data that a page embeds as JSON."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def rows(page: Page) -> list[str]:
    """Return the names of the changes that are shown."""
    return page.run("[...document.querySelectorAll('#list .name')].map(one => one.textContent)")


def focused(page: Page) -> str:
    """Return the label or the id of the focused element."""
    return page.run(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.id"
    )


# -- the file -------------------------------------------------------------------------------------


def test_the_file_refers_to_nothing_outside() -> None:
    """A report without addresses, imports and links to files can be stored and mailed."""
    text = plan_html(everything())
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#|data:)", text)
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text


def test_foreign_text_is_data_and_nothing_else() -> None:
    """Foreign text cannot end its element, and control characters are escaped."""
    text = plan_html(everything(HOSTILE))
    assert text.count("</script>") == 2
    assert "<img" not in text
    assert all(char.isprintable() or char in "\n\u200d" for char in text)
    names = [change["name"] for change in data_of(text)["changes"]]
    assert names[0].startswith("</script><script>document.title='owned'</script>")
    assert "\\x1b[31m\\x85\\u202e\\u2028" in names[0]


def test_the_data_has_what_the_plan_has() -> None:
    """The data has totals, refusals, warnings, every change, and both hierarchies."""
    data = data_of(plan_html(everything()))
    assert data["summary"] == "Plan: 1 to add, 2 to change, 1 to destroy, 2 to merge."
    assert [note["level"] for note in data["notes"]] == ["refusal", "warning"]
    assert [change["action"] for change in data["changes"]] == [
        "create", "update", "merge", "delete", "update",
    ]  # fmt: skip
    (tree,) = data["trees"]
    before, after = ({node[0] for node in side["nodes"]} for side in tree["sides"])
    assert before == {"Wide angle", "Travel"}
    assert after == {"Wide shot", "Travel", "Camera"}


def test_the_page_of_a_run_shows_how_each_change_ended() -> None:
    """A change has the worst status of its operations, and the message or the needed object."""
    changes = data_of(report_html(run(everything())))["changes"]
    assert [change["status"] for change in changes] == [
        "failed", "skipped", "unknown", "applied", "applied",
    ]  # fmt: skip
    assert changes[0]["said"] == ["name is taken"]
    assert changes[1]["said"] == ['needs tag "Camera"']


def test_a_run_that_was_forced_and_succeeded_is_no_error() -> None:
    """What would have been refused is a warning of what was done; `--force` was the answer."""
    plan = everything()
    done = Report(plan, [Outcome(index, Status.APPLIED) for index in range(len(plan.operations))])
    notes = data_of(report_html(done))["notes"]
    assert [note["level"] for note in notes] == ["warning", "warning"]
    assert notes[0]["message"] == 'applied by force: tag "Camera" is protected'


# -- in a browser ---------------------------------------------------------------------------------


def test_search_and_filters_choose_what_is_shown(page: Page, show) -> None:
    """A search matches all of its words in any field; filters narrow it further."""
    show(plan_html(everything()))
    assert rows(page) == ["Camera", "Wide shot", "Bread", "Old", "Ann Baker (cook)"]
    page.press("/")
    assert focused(page) == "Search the changes"
    page.type("WIDE shot")
    page.wait("document.querySelectorAll('#list .item').length === 1")
    assert rows(page) == ["Wide shot"]
    assert page.run("by('count').textContent") == "1 of 5 changes"
    page.press("Escape")
    page.wait("document.querySelectorAll('#list .item').length === 5")
    page.run("document.querySelector('[data-filter=\"action:update\"]').click()")
    assert rows(page) == ["Wide shot", "Ann Baker (cook)"]
    page.run("document.querySelector('[data-filter=\"kind:performer\"]').click()")
    assert rows(page) == ["Ann Baker (cook)"]
    page.run("document.querySelector('[data-filter=\"action:update\"]').click()")
    page.run("document.querySelector('[data-filter=\"kind:performer\"]').click()")
    page.press("/")
    page.type("nowhere to be found")
    page.wait("!by('none').hidden")


def test_everything_can_be_done_with_the_keyboard(page: Page, show) -> None:
    """Tab reaches every control once; arrow keys move in the list, fold and unfold."""
    show(plan_html(everything()))
    seen = []
    for _ in range(20):
        page.press("Tab")
        seen.append(page.run("document.activeElement.className || document.activeElement.id || "
                             "document.activeElement.textContent"))  # fmt: skip
        if seen[-1] == "item":
            break
    assert seen[:4] == ["skip", "theme", "tab-changes", "search"]
    assert seen[-3:] == ["unfold", "fold", "item"]
    assert focused(page) == "create tag Camera"
    page.press("ArrowDown")
    assert focused(page) == "update tag Wide shot"
    page.press("ArrowRight")
    body = page.run("document.querySelector('#list .body').textContent")
    assert "ignore_auto_tag" in body
    assert "2 unchanged attributes" in body
    assert focused(page) == "update tag Wide shot"
    page.press("ArrowLeft")
    assert not page.run("document.querySelectorAll('#list .body').length")
    page.press("Enter", "End")
    assert page.run("document.querySelectorAll('#list .body').length") == 1
    assert focused(page) == "update performer Ann Baker (cook)"
    page.press("Home")
    assert focused(page) == "create tag Camera"
    assert page.run("document.querySelectorAll('[tabindex=\"0\"]').length") == 2  # a tab, a row


def test_all_can_be_unfolded_and_folded(page: Page, show) -> None:
    """Unfolded changes show old and new values side by side."""
    show(plan_html(everything()))
    page.run("by('unfold').click()")
    assert page.run("document.querySelectorAll('#list .body').length") == 5
    assert page.run("[...document.querySelectorAll('del')].map(one => one.textContent)") == [
        "Wide angle", "false", "- Travel", "- Breads", "- Camera", "a = 1",
    ]  # fmt: skip
    page.run("by('fold').click()")
    assert not page.run("document.querySelectorAll('#list .body').length")


def test_the_hierarchy_is_shown_before_and_after(page: Page, show) -> None:
    """The page shows both hierarchies, and their branches fold."""
    show(plan_html(everything()))
    page.run("by('tab-changes').focus()")
    page.press("ArrowRight")
    sides = page.run(
        "[...document.querySelectorAll('.side')].map(side => [...side.querySelectorAll('.item')]"
        ".map(one => one.ariaLevel + ' ' + one.querySelector('.name').textContent))"
    )
    assert sides == [["1 Travel", "2 Wide angle"], ["1 Camera", "2 Wide shot", "1 Travel"]]
    page.run("document.querySelector('.side .item').focus()")
    page.press("ArrowLeft")
    assert page.run("document.querySelectorAll('.side .item').length") == 4


def test_no_request_leaves_the_page_and_hostile_text_does_nothing(page: Page, show) -> None:
    """Opening and using the page sends nothing and violates no rule of its content policy."""
    show(report_html(run(everything(HOSTILE), HOSTILE)))
    page.run("by('unfold').click()")
    page.run("document.getElementById('tab-hierarchy').click()")
    assert page.run("document.title") == "Run – stashsync"
    assert not page.run("document.querySelectorAll('main img, main a, main script').length")
    assert [
        request for request in page.requests if not request.startswith(("file:", "data:"))
    ] == []
    assert len([request for request in page.requests if request.startswith("file:")]) == 1
    assert page.complaints == []


def test_the_policy_forbids_what_the_page_does_not_need(page: Page, show) -> None:
    """Even an injected script would not run, and could send nothing."""
    show(plan_html(everything()))
    page.run(
        "document.body.append(Object.assign(document.createElement('script'), "
        "{textContent: 'document.title = \"owned\"'}))"
    )
    assert page.run("document.title") == "Plan – stashsync"
    assert page.run("fetch('https://example.invalid/').then(() => 'sent', () => 'stopped')") == (
        "stopped"
    )
    page.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_are_legible(page: Page, show, scheme: str) -> None:
    """The system's theme applies until the button is pressed; all text has enough contrast."""
    page.prefer(scheme)
    show(plan_html(everything()))
    page.run("by('unfold').click()")
    for _ in range(2):
        assert page.run(CONTRAST) == []
        page.press("t")
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(15, 19, 24)") is (scheme == "dark")
    page.run("by('theme').click()")
    assert page.run("getComputedStyle(document.body).backgroundColor") != ground
    page.prefer("light")


CONTRAST = """
(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((one) => one / 255)
      .map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    for (let up = one; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
  };
  const bad = [];
  for (const one of document.querySelectorAll('main *, header *')) {
    if (!one.textContent.trim() || one.children.length || one.closest('[hidden], .zero')) continue;
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(one.className + ': ' + one.textContent);
  }
  return bad;
})()
"""


def test_a_plan_of_20_000_changes_opens_in_under_two_seconds(page: Page, show) -> None:
    """Only the rows near the window are in the document."""
    text = plan_html(large(20_000))
    seconds = min(show(text) for _ in range(2))
    assert seconds < 2
    assert page.run("by('count').textContent") == "20,000 changes"
    assert page.run("document.querySelectorAll('#list .item').length") < 500
    page.press("/")
    page.type("camera 19998")
    page.wait("by('count').textContent.startsWith('2 of')")
    page.press("Escape")
    page.wait("by('count').textContent === '20,000 changes'")
    page.press("ArrowDown", "End")
    assert page.run("document.activeElement.ariaPosInSet") == "20000"
    page.run("document.getElementById('tab-hierarchy').click()")
    assert page.run("document.querySelectorAll('.side').length") == 2


def test_many_problems_do_not_push_the_changes_away(page: Page, show) -> None:
    """The first problems are shown, and the others can be unfolded."""
    plan = structs.replace(
        everything(), warnings=tuple(Problem(f"odd {number}") for number in range(300))
    )
    show(plan_html(plan))
    assert page.run("document.querySelectorAll('#notes > .note').length") == 8
    assert page.run("document.querySelector('#notes summary').textContent") == "293 more"
    assert page.run("document.querySelectorAll('#notes details .note').length") == 293


def test_a_page_of_hierarchies_alone_opens_too(page: Page, show) -> None:
    """`graph --format html` writes no changes, and one hierarchy for each kind."""
    show(html_graph([Forest("tag", {"1": "Camera", "2": "Drone"}, {"2": ["1"]}, {"2": "+"})]))
    names = "[...document.querySelectorAll('.side .name')].map(one => one.textContent)"
    assert page.run(names) == ["Camera", "Drone"]
    assert page.run("by('changes').hidden")
    assert page.complaints == []


NAMES = "[...document.querySelectorAll('.side .name')].map(one => one.textContent)"


def camera_forest() -> Forest:
    """Return a hierarchy in which one object has two parents."""
    names = {
        str(at): name for at, name in enumerate(["Camera", "Drone", "Macro", "Travel", "City"])
    }
    return Forest("tag", names, {"1": ["0", "3"], "2": ["1"], "4": ["3"]})


def test_a_hierarchy_can_be_searched(page: Page, show) -> None:
    """What fits is shown with all that is above it, whatever was folded; Escape shows all."""
    show(html_graph([camera_forest()]))
    assert page.run(NAMES) == ["Camera", "Drone", "Macro", "Travel", "City", "Drone"]
    page.run("[...document.querySelectorAll('.kindtree .row button')][1].click()")
    assert page.run(NAMES) == ["Camera", "Travel"]
    page.press("/")
    assert focused(page) == "Find in tags"
    page.type("CIT")
    page.wait("document.querySelectorAll('.hit').length === 1")
    assert page.run(NAMES) == ["Travel", "City"]
    assert page.run("document.querySelector('.hit').textContent") == "City"
    assert page.run("document.querySelector('.count').textContent") == "1 found"
    page.press("Escape")
    page.wait("document.querySelectorAll('.hit').length === 0")
    assert page.run("document.querySelector('.count').textContent") == ""


def test_one_subtree_can_be_looked_at(page: Page, show) -> None:
    """With a key or a button; the way back is a list of what is above it."""
    show(html_graph([camera_forest()]))
    page.run("document.querySelectorAll('.side .item')[0].focus()")
    page.press("ArrowDown", "f")
    assert page.run(NAMES) == ["Drone", "Macro"]
    buttons = "[...document.querySelectorAll('.trail button')].map(one => one.textContent)"
    assert page.run(buttons) == ["All", "Camera", "Drone"]
    page.run("document.querySelectorAll('.trail button')[1].click()")
    assert page.run(NAMES) == ["Camera", "Drone", "Macro"]
    page.run("document.querySelectorAll('.trail button')[0].click()")
    assert page.run(NAMES) == ["Camera", "Drone", "Macro", "Travel", "City", "Drone"]
    page.run("document.querySelector('.only').click()")
    assert page.run(NAMES) == ["Drone", "Macro"]


def test_a_hierarchy_of_10_000_objects_stays_usable(page: Page, show) -> None:
    """Unfolding everything draws what is near the window; no path is drawn that was before."""
    forest = Forest("tag", {str(number): f"Tag {number}" for number in range(10_000)})
    forest.parents = {
        str(number): [str(number // 4), str((number - 1) // 4)] for number in range(4, 10_000)
    }
    show(html_graph([forest]))
    page.run("document.querySelector('.kindtree .row button').click()")
    assert page.run("document.querySelectorAll('.side .item').length") < 1_000
    page.press("/")
    page.type("tag 9999")
    page.wait("document.querySelector('.count').textContent === '1 found'")
    assert page.run("document.querySelectorAll('.side .item').length") < 100
    assert page.complaints == []


def test_the_picture_of_a_plan_keeps_its_indentation(page: Page) -> None:
    """Browsers keep the white space of a text that asks for it itself."""
    page.open(Path(__file__).parents[2] / "docs" / "plan.svg")
    lines = page.run(
        "[...document.querySelectorAll('text')].map(one => [one.textContent,"
        " one.getSubStringLength(0, one.getNumberOfChars()) / one.getNumberOfChars()])"
    )
    indented = [each for each in lines if each[0].startswith("    ")]
    assert len(indented) > 10
    widths = {round(width) for _, width in indented}
    assert len(widths) == 1, "each character has the width of the font, leading ones too"
    starts = page.run("[...document.querySelectorAll('text')].map(one => one.getNumberOfChars())")
    assert starts == [len(text) for text, _ in lines]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_hierarchy_is_legible_in_both_themes(page: Page, show, scheme: str) -> None:
    """What was found has another ground."""
    page.prefer(scheme)
    show(html_graph([camera_forest()]))
    page.press("/")
    page.type("drone")
    page.wait("document.querySelectorAll('.hit').length === 2")
    assert page.run(CONTRAST) == []
    page.prefer("light")


def test_a_hierarchy_fits_a_small_window(page: Page, show) -> None:
    """A telephone's screen needs no horizontal scrolling."""
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.send("Emulation.setDeviceMetricsOverride", **size)
    forest = camera_forest()
    forest.names["4"] = HOSTILE
    show(html_graph([forest]))
    assert page.run("document.documentElement.scrollWidth") <= 390
    page.send("Emulation.clearDeviceMetricsOverride")


def test_a_small_window_shows_everything_below_each_other(page: Page, show) -> None:
    """A telephone's screen needs no horizontal scrolling."""
    size = {"width": 380, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.send("Emulation.setDeviceMetricsOverride", **size)
    show(plan_html(everything(HOSTILE)))
    page.run("by('unfold').click()")
    assert page.run("document.documentElement.scrollWidth") <= 380
    page.send("Emulation.clearDeviceMetricsOverride")


def test_a_side_is_a_filter(page: Page, show) -> None:
    """Changes show which side made them, and can be filtered by it."""
    from stashsync.render.attribution import Attribution
    from stashsync.state import ChangedBy

    moves = {
        0: {"": ChangedBy.MANIFEST},
        1: {"parents": ChangedBy.SERVER, "name": None},
        4: {"": None},
    }
    show(plan_html(everything(), attribution=Attribution(moves)))
    assert page.run("document.querySelector('.note.attribution b').textContent") == "attribution"
    page.run("document.querySelector('[data-filter=\"changed_by:server\"]').click()")
    assert rows(page) == ["Wide shot"]


BROKEN_WORDS = """
var places = '#list .name, .body .old, .body .new, .field > .label';
[...document.querySelectorAll(places)].flatMap(name => {
  const walker = document.createTreeWalker(name, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    for (const word of walker.currentNode.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, word.index);
      range.setEnd(walker.currentNode, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (tops.size > 1 && word[0].length < 30) found.push(word[0]);
    }
  }
  return found;
})
"""


@pytest.mark.parametrize("width", [390, 760, 1000, 1280])
def test_names_do_not_break_inside_words(page: Page, show, width: int) -> None:
    """Neither a long path beside a name nor a former name takes its room; no row is too wide."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.send("Emulation.setDeviceMetricsOverride", **size)
    file = "manifests/documentaries/northlight-productions/cinematography-and-lighting.yaml"
    names = ["Northlight Documentaries", "Extraordinarily Comprehensive Cinematography", "W" * 200]
    changes = [
        *(Create("tag", f"+tag:{n}", name, {"name": name, "description": name}, Mark(file, 1234, 1))
          for n, name in enumerate(names)),
        Update("studio", "7", "Northlight Entertainment International",
               {"name": FieldChange("Northlight Entertainment International", "Southlight Media"),
                "ignore_auto_tag": FieldChange(False, True)},
               Mark(file, 77, 1), Matched.KEY),
    ]  # fmt: skip
    show(plan_html(Plan(changes=tuple(changes))))
    page.run("document.querySelectorAll('#list .item .head').forEach(head => head.click())")
    assert page.run(BROKEN_WORDS) == []
    assert page.run("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('#list .head')].filter(h => h.scrollWidth > h.clientWidth)"
    assert page.run(f"{cut}.length") == 0
    page.send("Emulation.clearDeviceMetricsOverride")
