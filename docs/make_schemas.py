"""Writes docs/schemas/: the JSON Schemas of what `--format json` writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generated import DOCS, main

from stashsync.cli.schema import SUBJECTS, schema_text

FOLDER = DOCS / "schemas"


def made() -> Mapping[Path, str]:
    """Return the files of this script."""
    return {
        FOLDER / f"{subject}.schema.json": schema_text(subject)
        for subject in SUBJECTS
        if subject not in ("manifest", "settings")
    }


if __name__ == "__main__":
    main(made())
