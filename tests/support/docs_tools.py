"""The scripts that generate pages of docs/, as modules."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"


def tool(name: str) -> ModuleType:
    """Return a module of docs/ by name: `tool("make_checklist")`."""
    sys.path.insert(0, str(DOCS))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(DOCS))
