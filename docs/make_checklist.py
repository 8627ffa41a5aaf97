"""Makes docs/client-checklist.md: the capabilities of the client library and the tests of each.

A test names the rows that it proves (`@pytest.mark.row("D6")`) and the faults of other libraries
that it excludes (`@pytest.mark.fault("3")`). `tests/faults` brings each fault back and checks that
one of its tests fails.
"""

from __future__ import annotations

import ast
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
        "A9": "parallel calls",
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
        "C12": "validation", "C13": "metadata of a class", "C14": "relations as data",
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
    "1": "an empty list is not sent",
    "2": "a batch creates an object twice",
    "3": "a broken request loses the earlier results, and saving again creates duplicates",
    "4": "a failed side mutation counts as done",
    "5": "a failed read is taken for 'no such object'",
    "5 map_ids": "… and `map_…_ids` creates duplicates",
    "5 get_or_create": "… and `get_or_create` creates duplicates",
    "6 refetch": "a read overwrites an unsaved edit",
    "6 expiry": "an object with an unsaved edit expires",
    "7 favorite": "`Tag.favorite` is not sent",
    "7 ignore_auto_tag": "`Tag.ignore_auto_tag` is not sent",
    "7 stash_ids": "`Performer.stash_ids` are not sent",
    "7 images": "images are not sent",
    "8 omitted": "first reads lack needed fields",
    "8 scenes": "first reads load every scene of every performer",
    "9": "two servers share objects",
    "10 looks loaded": "a relation makes the other end look loaded",
    "10 stale": "a removed object stays at the other end",
    "11 flags": "flags are sent as criteria, which no server takes",
    "11 names": "filters use fields that they do not have",
    "12 retries": "no request is repeated",
    "12 http2": "HTTP/2 is an option without effect",
    "12 tls": "`verify_ssl=False` has no effect",
    "12 failed job": "a FAILED job is polled until the timeout",
    "12 hierarchy": "a hierarchy of studios stops after two levels",
    "12 one by id": "one request for each id",
    "12 one by name": "one request for each name",
    "13 decoding": "decoding validates what the schema of the server has typed",
    "13 quadratic": "the cost of relations grows with the square of their number",
    "13 printing": "documents are parsed and printed again",
    "13 imports": "importing loads everything",
}
"""Known faults by number. Where one number has several faults, each also has a name."""


def tests() -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield every test function with its place, and the rows and faults that it names."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                place = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                yield place, set(_marks(node, "row")), set(_marks(node, "fault"))


def _marks(node: ast.FunctionDef, name: str) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == f"pytest.mark.{name}":
            yield from (str(ast.literal_eval(argument)) for argument in decorator.args)


def page() -> str:
    """Build the page."""
    found = list(tests())
    lines = [
        "# Capabilities of the client library",
        "",
        "<!-- made by docs/make_checklist.py -->",
        "",
        "One row for each capability, with the tests that prove it.",
    ]
    for title, rows in ROWS.items():
        lines += ["", f"## {title}", "", "| | capability | tests |", "|---|---|---|"]
        for row, words in rows.items():
            lines.append(f"| {row} | {words} | {_links(p for p, its, _ in found if row in its)} |")
    lines += ["", "## Faults that must not exist", ""]
    lines += [
        "[A test brings each fault back](../tests/faults/test_faults.py) and checks that one of",
        "its tests fails.",
    ]
    lines += ["", "| | fault | tests |", "|---|---|---|"]
    for fault, words in FAULTS.items():
        proofs = _links(place for place, _, faults in found if fault in faults)
        lines.append(f"| {fault} | {words} | {proofs} |")
    return "\n".join(lines) + "\n"


def _links(places: Iterator[str]) -> str:
    links = []
    for place in places:
        path, name = place.split("::")
        words = name.removeprefix("test_").replace("_", " ")
        links.append(f"[{words}](../{path})")
    return "; ".join(links) or "none"


def pages() -> dict[Path, str]:
    """Return the files of this script."""
    return {PAGE: page()}


if __name__ == "__main__":
    main(pages())
