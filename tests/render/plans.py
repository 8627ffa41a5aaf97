"""Plans for the tests of reports: with every kind of change, with hostile text, and large."""

from __future__ import annotations

from stashsync.applier.outcomes import Report
from stashsync.errors import Mark, Problem
from stashsync.outcomes import Outcome, Status
from stashsync.planner.changes import Create, Delete, FieldChange, Matched, Merge, Update
from stashsync.planner.plan import External, Operation, Origin, Plan

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
    "<!--]]> ``` ~~~ `` ::error::x ##[error] @everyone [a](http://evil.example) | & \"' "
    "\x1b[31m\x85\u202e\u2028\ud800\x00"
)


def mark(line: int, file: str = "manifests/tags.yaml") -> Mark:
    """Return a place in a manifest."""
    return Mark(file, line, 5)


def everything(name: str = "Camera") -> Plan:
    """Return a plan with every kind of change; `name` stands wherever foreign text can."""
    return Plan(
        changes=(
            Create(
                "tag",
                "+tag:1",
                name,
                {"name": name, "description": f"{name}\nsecond line", "aliases": [f"{name} 2"]},
                mark(1),
            ),
            Update(
                "tag",
                "7",
                "Wide angle",
                {
                    "name": FieldChange("Wide angle", "Wide shot"),
                    "parents": FieldChange(["8"], ["+tag:1"]),
                    "ignore_auto_tag": FieldChange(False, True),
                },
                mark(4),
                Matched.RENAME,
                2,
            ),
            Merge("tag", "9", "Bread", (("10", "Breads"), ("11", name)), mark(9)),
            Delete("tag", "12", "Old", None, {"scene": 3}),
            Update(
                "performer",
                "3",
                "Ann Baker (cook)",
                {"custom_fields": FieldChange({"a": 1}, {"a": 2, name: "x"})},
                mark(2, "manifests/people/ann.yaml"),
                Matched.KEY,
            ),
        ),
        operations=(
            Operation(0, ("name", "description", "aliases")),
            Operation(1, ("name", "parents", "ignore_auto_tag"), needs=(0,), wave=1),
            Operation(2, ()),
            Operation(3, ()),
            Operation(4, ("custom_fields",)),
        ),
        labels={"tag": {"+tag:1": name, "8": "Travel"}},
        externals=(External("tag", name, "20", (mark(30),)),),
        warnings=(Problem(f'the server lacks a field of tag "{name}"', mark(5), f"drop {name!r}"),),
        refusals=(Problem(f'tag "{name}" is protected', mark(12), "take it out of `protect`"),),
        unchanged={"tag": 120, "studio": 4},
        source=Origin("0123456789abcdef", "v0.30.0", "abcdef0123456789"),
    )


def run(plan: Plan, message: str = "name is taken") -> Report:
    """Return a report on the plan of `everything`, with every status."""
    return Report(
        plan,
        (
            Outcome(0, Status.FAILED, message),
            Outcome(1, Status.SKIPPED, because=0),
            Outcome(2, Status.UNKNOWN, message),
            Outcome(3, Status.APPLIED, id="12"),
            Outcome(4, Status.APPLIED, id="3"),
        ),
        requests=3,
        seconds=1.5,
    )


def large(count: int) -> Plan:
    """Return a plan of `count` changes to tags and studios; a third are new tags, partly nested."""
    changes: list[Create | Update] = []
    labels = {}
    for number in range(count):
        place = mark(number % 500 * 4 + 1, f"manifests/tags/{number // 500:02}.yaml")
        if number % 3 == 0:
            token = labels[f"+tag:{number}"] = f"Camera {number}"
            values = {
                "name": token,
                "description": f"A camera of model {number}",
                "parents": [f"+tag:{number // 9 * 3}"] if number > 9 else [],
            }
            changes.append(Create("tag", f"+tag:{number}", token, values, place))
        elif number % 3 == 1:
            edits = {
                "description": FieldChange(f"old {number}", "new text\nof lines"),
                "aliases": FieldChange(["a", "b"], ["b", "c"]),
                "parents": FieldChange([], [f"+tag:{number - 1}"]),
            }
            update = Update("tag", str(number), f"Lens {number}", edits, place, Matched.KEY, 2)
            changes.append(update)
        else:
            label = f"Studio {number}"
            edits = {"name": FieldChange(label, f"House {number}")}
            changes.append(Update("studio", str(number), label, edits, place, Matched.RENAME, 1))
    refusals = [Problem("the plan changes 100 % of 20,000 tags; the threshold is 30 %", None)]
    return Plan(changes=changes, labels={"tag": labels}, refusals=refusals)
