"""What the values of settings mean."""

from __future__ import annotations

from stashsync.fields import Raw, RawList, Wrong
from stashsync.fields.raw import describe, parse_list


def parse_text(raw: Raw) -> str:
    """Read a text that is not blank, trimmed.

    Raises:
        Wrong: it is none.
    """
    if not isinstance(raw, str):
        raise Wrong(f"text is wanted here, not {describe(raw)}")
    text = raw.strip()
    if not text:
        raise Wrong("there is nothing here", "leave the key out")
    return text


def parse_patterns(raw: Raw) -> tuple[str, ...]:
    """One glob pattern or a list of them, without those that stand there twice.

    Raises:
        Wrong: one is no text.
    """
    found = parse_list(raw, parse_text) if isinstance(raw, RawList) else [parse_text(raw)]
    return tuple(dict.fromkeys(found))


def parse_share(raw: Raw) -> float:
    """`30%` or `0.3`, as 0–1.

    Raises:
        Wrong: it is neither.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    number = text.removesuffix("%")
    try:
        share = float(number) / (100 if number != text else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:  # what is no number is not between them either
        raise Wrong(
            f"a share is wanted here, not {repr(text) if text else describe(raw)}",
            "write `30%` or `0.3`; `0%` allows none, `100%` all",
        )
    return share
