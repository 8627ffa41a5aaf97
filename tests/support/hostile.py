"""Names that must pass through everything unharmed: as people, scrapers and vandals write them."""

from __future__ import annotations

HOSTILE = [
    *("no", "Off", "~", "null", "1.0", "007", "1_000", "12:30", "2024-01-01", "1e3", "=", "#0"),
    *("- x", "a: b", "[x]", "{x}", "*x", "&x", "!x", "@x", "%x", "`x`", "'x'", '"x"', "'\"x\"'"),
    *("a/b", "a\\b", "(x)", "|", ">", "<script>alert(1)</script>", "::error::x", "Con", "aux"),
    *("q_r", "qxr", "200%", "200x", "? x", "<<", "---", "...", "# x", "x # y", "x:", "${x}", "$x"),
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 family",  # joined by zero-width joiners
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f flag",
    "c1 \x85 next line",
    "c1 \x9b31m csi",
    "bell \x07 and \x7f delete",
    "\u202eright to left\u202c",
    "mark \u200f and \u2067isolate\u2069",
    "\u05e9\u05dc\u05d5\u05dd and \u0645\u0631\u062d\u0628\u0627",
    "no\u00a0break",
    "zero\u200bwidth",
    "\ufeffmark of byte order",
    "line \u2028 separator \u2029 paragraph",
    "caf\u00e9",  # composed
    "cafe\u0301",  # decomposed
    "d\u0131\u015f",  # dotless i
    "di\u015f",
    "stra\u00dfe",  # sharp s
    "strasse",
    "\u0410lice",  # Cyrillic look-alike
    "Alice",
    "x" * 300,
    "two\nlines",
    "a\ttab",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\U00010ffe plane sixteen \U0001d4b3",
]
"""All different names for a Stash server; trimming changes none of them."""

TRIMMED = {"  around  ": "around", "\u00a0hard\u3000": "hard", "\tkept\u200b\n": "kept\u200b"}
"""Names as written, and as Stash stores them."""

DIFFER_BY_CASE = [("NIGHT", "night"), ("Mixed Case", "mIXED cASE")]
"""Each pair is the same name for a Stash server, so it needs two libraries."""
