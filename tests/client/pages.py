"""The examples of the pages for script writers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / "docs" / "client"
GENERATED = {"reference.md", "fields.md"}
RUN_BY_STASH = {"plugins.md"}
"""tests/client/test_plugins.py starts what it has."""
WITHOUT_EXAMPLES = {"migrating.md"}
PAGES = sorted(item for item in FOLDER.glob("*.md") if item.name not in GENERATED)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FRAME = """\
from __future__ import annotations
from stashsync import StashClient, StashEntityStore
async def page(client: StashClient, store: StashEntityStore) -> None:
"""


class Example(NamedTuple):
    """A block of Python, its line on the page, and the output that the page shows below it."""

    code: str
    line: int
    output: str

    @property
    def is_script(self) -> bool:
        """Return whether the example is a whole script, which connects by itself."""
        return "asyncio.run(" in self.code


def examples(page: Path) -> Iterator[Example]:
    """Yield the examples of a page in order."""
    text = page.read_text("utf-8")
    found = list(FENCE.finditer(text))
    for item, following in zip_longest(found, found[1:]):
        if item[1] == "python":
            below = following[2] if following is not None and following[1] == "text" else ""
            yield Example(item[2], text.count("\n", 0, item.start()) + 2, below)


def modules(page: Path) -> Iterator[tuple[str, str]]:
    """Return the name and the text of Python modules that have all examples of a page.

    Scripts are modules of their own; everything else is one, inside of a function.
    """
    name = page.stem.replace("-", "_")
    parts = [example for example in examples(page) if not example.is_script]
    if parts:
        body = "\n".join(textwrap.indent(example.code, "    ") for example in parts)
        yield f"{name}_page", _FRAME + body
    for example in examples(page):
        if example.is_script:
            yield f"{name}_{example.line}", example.code
