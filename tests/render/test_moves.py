"""The tree of moves: what comes to a place, what leaves one, and under which name."""

from __future__ import annotations

from stashsync.errors import Mark
from stashsync.planner.changes import Delete, FieldChange, Matched, Update
from stashsync.planner.plan import Plan
from stashsync.render.choices import Detail
from stashsync.render.moves import moves
from stashsync.render.style import PLAIN
from stashsync.render.text import plan_text

MARK = Mark("manifests/tags.yaml", 1, 1)
LABELS = {"1": "Camera", "2": "Shots", "3": "Old", "4": "Wide angle", "5": "Drone", "6": "Travel"}


def update(token: str, **changes: tuple[object, object]) -> Update:
    """Return an update of a tag."""
    found = {name: FieldChange(before, after) for name, (before, after) in changes.items()}
    return Update("tag", token, LABELS[token], found, MARK, Matched.KEY)


PLAN = Plan(
    changes=(
        update("2", name=("Shots", "Shot")),
        update("4", name=("Wide angle", "Wide shot"), parents=(["1"], ["2"])),
        update("5", parents=(["3", "6"], ["6"])),
        Delete("tag", "3", "Old", MARK, {"child": 3}),
    ),
    labels={"tag": LABELS},
)


def test_moves_have_former_names_and_what_is_lost() -> None:
    """Renamed parents and children, a parent that is only lost, and children left without it."""
    ((title, lines),) = moves(PLAN, PLAIN)
    assert title == "tags"
    assert lines == [
        '"Shot" (renamed from "Shots")',
        '└── + "Wide shot" (renamed from "Wide angle"; from "Camera")',
        '"Drone" stays below "Travel", no longer below "Old" (destroyed)',
        '"Old" is destroyed: 2 children lose this parent',
    ]


def test_one_line_a_change_has_lost_children() -> None:
    """`--concise` leaves values out, and not what a deletion does to others."""
    assert (
        '  - tag "Old": 2 children lose this parent  (manifests/tags.yaml:1)'
        in plan_text(PLAN, detail=Detail.CONCISE).splitlines()
    )


def test_several_deletions_on_one_line_have_lost_children() -> None:
    """What `prune` deletes is grouped by what it touches."""
    deletes = tuple(Delete("tag", f"{n}", f"Old {n}", None, {"child": 1}) for n in range(3))
    text = plan_text(Plan(changes=deletes), detail=Detail.CONCISE)
    assert "  - 3 tags: each 1 child loses this parent  (prune: no manifest names it)" in text
