"""Times in words, for people who wait."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """`20 s`, `3 min`, `1 h 5 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
