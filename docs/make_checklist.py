"""Makes docs/client-checklist.md: what the client library can do, and the tests that prove it.

Tests name the rows that they prove (`@pytest.mark.row("D6")`) and, in their docstrings, the faults
of other libraries that they rule out (`(fault 3)`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from generated import DOCS, ROOT, main

PAGE = DOCS / "client-checklist.md"

ROWS = {
    "Connecting": {
        "A1": "a context from a dict or an address", "A2": "`as client` and `as context`",
        "A3": "`context.client`, `context.store`", "A4": "`client.store`",
        "A5": "stores built by hand share the client's objects",
        "A6": "three layers: client, types, store",
        "A7": "transport: retries, TLS, WebSocket when needed", "A8": "names to import",
        "A9": "many calls at once",
    },
    "Finding and changing": {
        "B1": "one object by id, or None", "B2": "an id is an id",
        "B3": "results with a count and a list", "B4": "pages", "B5": "raw filters",
        "B6": "creating", "B7": "destroying", "B8": "bulk updates", "B9": "counts",
        "B10": "a mixin for each kind",
    },
    "Entities": {
        "C1": "UNSET", "C2": "`is_set`", "C3": "temporary ids", "C4": "`is_new`",
        "C5": "`update_id`", "C6": "`save`", "C7": "`get_changed_fields`",
        "C8": "dirty and clean", "C9": "null and UNSET", "C10": "`to_input`", "C11": "`delete`",
        "C12": "validation", "C13": "what a class says of itself", "C14": "relations as data",
        "C15": "a relation to one", "C16": "a relation to many, to none too",
        "C17": "`add_…` and `remove_…`", "C18": "helpers of scenes", "C19": "helpers of tags",
        "C20": "helpers of the others", "C21": "one object for one id", "C22": "received fields",
        "C23": "`Type.new`", "C24": "relations by ids", "C25": "threads",
    },
    "Store": {
        "D1": "time to live", "D2": "constants", "D3": "statistics", "D4": "`get_cached`",
        "D5": "`get`", "D6": "`get_many` in one request", "D7": "`find` and its limit",
        "D8": "`find_one`", "D9": "`find_iter`", "D10": "lookups", "D11": "raw and nested filters",
        "D12": "filters that every release takes", "D13": "`filter`, `all_cached`",
        "D14": "`filter_strict`", "D15": "`filter_and_populate`", "D16": "…with statistics",
        "D17": "`populated_filter_iter`", "D18": "missing fields", "D19": "`populate`",
        "D20": "`invalidate…`", "D21": "`set_ttl`", "D22": "`add`", "D23": "`save` with cascade",
        "D24": "`delete`", "D25": "`get_or_create`", "D26": "`is_cached`",
    },
    "Batches": {
        "E1": "operations as data", "E2": "one document of many", "E3": "chunks", "E4": "results",
        "E5": "errors with the whole account", "E6": "`save_batch`", "E7": "partial failures",
        "E8": "`save_all`", "E9": "side mutations", "E10": "waves by reference",
    },
    "Jobs, names, errors": {
        "F1": "scans", "F2": "`wait_for_job`", "F3": "`find_job`", "F4": "subscriptions",
        "F5": "states of jobs", "G1": "names to ids", "G2": "aliases and namesakes",
        "G3": "studios up to the root", "H1": "GraphQL errors", "H2": "connection errors",
        "H3": "validation errors",
    },
}  # fmt: skip

FAULTS = {
    1: "an empty list is not sent",
    2: "a batch creates an object twice",
    3: "a break loses the results before it",
    4: "a failed side mutation counts as done",
    5: "a failure is taken for nothing",
    6: "a reading or an expiry loses an edit",
    7: "tracked fields are not sent",
    8: "first readings lack what is needed, or read thousands",
    9: "two servers share objects",
    10: "relations look loaded that are not",
    11: "filters that the server refuses",
    12: "options without effect, hanging waits, cut hierarchies, a request for each id",
    13: "slowness",
}


def tests() -> Iterator[tuple[str, set[str], set[int]]]:
    """Every test function with its place, the rows and the faults that it names."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                doc = ast.get_docstring(node) or ""
                named = re.findall(r"\(?[Ff]aults? ([\d, and]+)", doc)
                faults = {int(one) for some in named for one in re.findall(r"\d+", some)}
                place = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                yield place, set(_rows(node)), faults


def _rows(node: ast.FunctionDef) -> Iterator[str]:
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.row":
            yield from (str(ast.literal_eval(argument)) for argument in one.args)


def page() -> str:
    """The page as it should be."""
    found = list(tests())
    lines = [
        "# What the client library can do",
        "",
        "<!-- made by docs/make_checklist.py -->",
        "",
        "One row for each capability, with the tests that prove it.",
    ]
    for title, rows in ROWS.items():
        lines += ["", f"## {title}", "", "| | capability | tests |", "|---|---|---|"]
        for row, words in rows.items():
            lines.append(f"| {row} | {words} | {_links(p for p, its, _ in found if row in its)} |")
    lines += ["", "## Faults that must not exist", "", "| | fault | tests |", "|---|---|---|"]
    for number, words in FAULTS.items():
        proofs = _links(place for place, _, faults in found if number in faults)
        lines.append(f"| {number} | {words} | {proofs} |")
    return "\n".join(lines) + "\n"


def _links(places: Iterator[str]) -> str:
    some = []
    for place in places:
        path, name = place.split("::")
        words = name.removeprefix("test_").replace("_", " ")
        some.append(f"[{words}](../{path})")
    return "; ".join(some) or "none"


def pages() -> dict[Path, str]:
    """All that this script makes."""
    return {PAGE: page()}


if __name__ == "__main__":
    main(pages())
