"""What the values of settings mean."""

from __future__ import annotations

from collections.abc import Sequence

from stashsync.config import ATTACHED, EVENTS
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


def parse_events(raw: Raw) -> frozenset[str]:
    """Read what notifications are about: one event or a list of them.

    Raises:
        Wrong: one is none, or the list is empty.
    """
    found = parse_list(raw, _event) if isinstance(raw, RawList) else [_event(raw)]
    if not found:
        raise Wrong("there is no event in this list", f"there are: {', '.join(EVENTS)}")
    return frozenset(found)


def _event(raw: Raw) -> str:
    return _one_of(EVENTS, raw, "event")


def parse_attached(raw: Raw) -> str:
    """Read the format of an attached report.

    Raises:
        Wrong: it is none.
    """
    return _one_of(ATTACHED, raw, "format of an attached report")


def _one_of(known: Sequence[str], raw: Raw, what: str) -> str:
    text = parse_text(raw)
    if text not in known:
        raise Wrong(f"{text!r} is no {what}", f"there are: {', '.join(known)}")
    return text


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
