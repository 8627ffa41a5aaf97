"""New objects of a kind that a file has no section of, or an empty one, whatever its style."""

from __future__ import annotations

import pytest

from stashsync.pull.export import PullScope
from tests.pull.desk import Desk
from tests.pull.test_splicing import begin, pulled

NEW = PullScope(new=True, into="manifests/tags.yaml")

STYLES = {
    "closed document": (
        "---\ntags:\n- Base\n...\n",
        "---\ntags:\n- Base\n...\n---\nstudios:\n  - New\n",
    ),
    "closed, then a comment": (
        "tags:\n- Base\n...  # so far\n# after\n",
        "tags:\n- Base\n...  # so far\n# after\n---\nstudios:\n  - New\n",
    ),
    "text with dots": (
        "tags:\n- name: Base\n  description: |\n    ...\n",
        "tags:\n- name: Base\n  description: |\n    ...\nstudios:\n  - New\n",
    ),
    "braces": ("{tags: [Base]}\n", "{tags: [Base], studios: [New]}\n"),
    "braces behind the sign": ("--- {tags: [Base]}", "--- {tags: [Base], studios: [New]}"),
    "braces over lines": (
        "{\n  tags: [  # all\n    Base  # base\n  ]  # end\n}\n...\n",
        "{\n  tags: [  # all\n    Base  # base\n  ],  # end\n  studios: [New],\n}\n...\n",
    ),
    "an empty list in braces": (
        "{tags: [Base], studios: []}\n",
        "{tags: [Base], studios: [New]}\n",
    ),
    "an empty list over lines, in braces": (
        "{tags: [Base],\n studios: [ # none\n ]}\n",
        "{tags: [Base],\n studios: [ # none\n New]}\n",
    ),
    "a comment at the end": (
        "tags:\n- Base\n# end\n",
        "tags:\n- Base\n# end\n\nstudios:\n  - New\n",
    ),
    "a comment and a blank line": (
        "tags:\r\n- Base\r\n# end\r\n\r\n",
        "tags:\r\n- Base\r\n# end\r\n\r\nstudios:\r\n  - New\r\n",
    ),
    "a comment on an item": (
        "tags:\n- Base\n  # deep",
        "tags:\n- Base\n  # deep\nstudios:\n  - New",
    ),
    "indented": ("  tags:\n  - Base\n", "  tags:\n  - Base\n  studios:\n    - New\n"),
    "an empty document": ("tags: [Base]\n---\n", "tags: [Base]\n---\nstudios:\n  - New\n"),
    "an empty list": (
        "tags: [Base]\nstudios: []  # none\nperformers: []\n",
        "tags: [Base]\nstudios:  # none\n  - New\nperformers: []\n",
    ),
    "an empty list over lines": (
        "tags: [Base]\nstudios: [  # all\n  # none\n]  # end\n",
        "tags: [Base]\n# end\nstudios:  # all\n  - New\n  # none\n",
    ),
    "an empty list with an anchor": (
        "tags: [Base]\nstudios: &all []\n",
        "tags: [Base]\nstudios: &all\n  - New\n",
    ),
    "no list": (
        "studios:  # none\n  # still none\n\n# next\ntags: [Base]\n",
        "studios:  # none\n  - New\n  # still none\n\n# next\ntags: [Base]\n",
    ),
    "null": ("tags: [Base]\nstudios: null  # c\n", "tags: [Base]\nstudios:  # c\n  - New\n"),
    "null in braces": ("{studios: ~, tags: [Base]}\n", "{studios: [New], tags: [Base]}\n"),
    "nothing in braces": ("{studios: , tags: [Base]}\n", "{studios: [New] , tags: [Base]}\n"),
    "a key alone in braces": ("{tags: [Base], studios}\n", "{tags: [Base], studios: [New]}\n"),
    "a question mark": (
        "? tags\n: - Base\n? studios  # c\n",
        "? tags\n: - Base\n? studios  # c\n:\n  - New\n",
    ),
}


@pytest.mark.parametrize(("text", "after"), STYLES.values(), ids=STYLES)
def test_a_new_object_gets_a_section_in_the_style_of_its_file(
    desk: Desk, text: str, after: str
) -> None:
    """The section is valid where it stands, and comments stay at what they belong to."""
    begin(desk, text)
    desk.create("studio", name="New")
    assert pulled(desk, NEW) == after
