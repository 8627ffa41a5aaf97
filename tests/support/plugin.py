"""Installs the plugin of docs/client/plugins.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.support.docs_tools import DOCS

PAGE = DOCS / "client" / "plugins.md"
NAME = "by_title"


def install(folder: Path, name: str = NAME) -> Path:
    """Write the plugin into a folder of plugins; return the path of its script.

    It runs with this Python, whichever one the server would use.
    """
    page = PAGE.read_text("utf-8")
    parts = dict(re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    place = folder / name
    place.mkdir(parents=True)
    script = place / f"{NAME}.py"
    script.write_text(parts["python"], encoding="utf-8")
    described = parts["yaml"].replace("  - python\n", f"  - {sys.executable}\n")
    assert described != parts["yaml"]
    (place / f"{name}.yml").write_text(described, encoding="utf-8")
    return script
