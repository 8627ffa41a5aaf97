"""`python -m benchmarks [NAME …] [--write | --large]`: measure, and print the table.

With `--write`, write it into the page. `python -m benchmarks real --stash-url URL` measures a
server that is given.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib.metadata import version

from benchmarks import history
from benchmarks.harness import ROOT, Row, measure, table

NAMES = (
    "startup",
    "loading",
    "planning",
    "ordering",
    "operations",
    "applying",
    "entities",
    "reading",
    "pulling",
    "saving",
    "peers",
)
REAL = "real"
PAGE = ROOT / "docs" / "benchmarks.md"
PACKAGES = ("PyYAML", "orjson", "httpx")


def main() -> int:
    """0 where every goal was reached, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*NAMES, REAL)))
    only_one = parser.add_mutually_exclusive_group()
    only_one.add_argument("--write", action="store_true", help="write the table into docs/")
    only_one.add_argument(
        "--large", action="store_true", help="a million objects, too: many minutes and gigabytes"
    )
    server = parser.add_argument_group("a real server, for `real`")
    server.add_argument("--stash-url", metavar="URL", help="its address; it has no tags")
    server.add_argument("--stash-api-key", metavar="KEY", help="its API key, if it wants one")
    server.add_argument("--beside-tags", action="store_true", help="it may have tags")
    given = parser.parse_args()
    if given.names == [REAL]:
        if not given.stash_url:
            parser.error("`real` needs a server: give --stash-url, and none that is in use")
        return _measure_real(parser, given)
    if given.stash_url:
        parser.error("--stash-url is for `real`, which is measured alone")
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}")
    if given.write and given.names:
        parser.error("--write takes the whole table: give no names")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    rows: list[Row] = []
    for name in given.names or NAMES:
        rows += measure(f"benchmarks.bench_{name}", _say, large=given.large)
    _say("")
    text = f"{table(rows)}\n\n{_machine()}\n"
    print(text)
    for line in history.changes(rows):
        print(line)
    if given.write:
        _write("table", text)
        history.keep(rows)
    return 0 if all(row.reached for row in rows) else 1


def _measure_real(parser: argparse.ArgumentParser, given: argparse.Namespace) -> int:
    from benchmarks import real  # loads httpx

    try:
        rows, profile = real.measure(
            given.stash_url,
            say=_say,
            api_key=given.stash_api_key,
            beside_tags=given.beside_tags,
        )
    except real.RefusedError as error:
        parser.error(str(error))
    _say("")
    text = f"{real.table(rows)}\n\n{real.profile_table(profile)}\n\n{_machine()}\n"
    print(text)
    if given.write:
        _write("real", text)
    return 0 if all(row.reached for row in rows) else 1


def _write(part: str, text: str) -> None:
    from docs.generated import with_part

    PAGE.write_text(with_part(PAGE.read_text("utf-8"), part, text), "utf-8")


def _say(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")
        sys.stderr.flush()


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()}, {os.cpu_count()} cores"
    return f"Measured with Python {platform.python_version()}, {packages}, on {system}."


if __name__ == "__main__":
    sys.exit(main())
