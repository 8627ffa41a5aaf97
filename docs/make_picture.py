"""Makes the pictures of a plan, for the README and as docs/plan.svg, from a real one.

A sandbox gets the library of `BEFORE`, then `AFTER` is planned against it.
"""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from pathlib import Path

from generated import DOCS, ROOT, main, with_part

from stashsync.applier import carry_out
from stashsync.client import StashClient
from stashsync.engine.reconcile import make_plan
from stashsync.manifest import load
from stashsync.planner import Plan
from stashsync.render.style import COLOUR
from stashsync.render.text import plan_text
from stashsync.sandbox import Sandbox
from stashsync.wire.httpx_door import httpx
from stashsync.wire.transport import Transport

BEFORE = """\
tags:
  - Travel
  - name: Camera
    children: [Wide angle, Close-up]
studios:
  - name: Northlight Media
    rating100: 60
"""
AFTER = """\
tags:
  - Travel
  - name: Camera
    description: How it was filmed
    children:
      - name: Wide shot
        renamed_from: Wide angle
        aliases: [Establishing shot]
      - Close-up
      - name: Drone
        parents: [Travel]
studios:
  - name: Northlight Media
    rating100: 80
    tags: {add: [Travel]}
"""

COLOURS = {"32": "#3fb950", "33": "#d29922", "31": "#f85149", "36": "#39c5cf"}
INK, PAPER, FAINT = "#e6edf3", "#0d1117", "#8b949e"
SIZE, LINE, WIDTH, EDGE = 13, 18, 7.83, 16
"""Of a character and a line of a terminal, in pixels."""


def plan() -> Plan:
    """Plan the changes from `BEFORE` to `AFTER`."""
    return asyncio.run(_plan())


async def _plan() -> Plan:
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        transport = Transport("http://sandbox", inner=httpx.ASGITransport(sandbox.app))
        file = Path(folder) / "manifests" / "library.yaml"
        file.parent.mkdir()
        async with StashClient(transport) as client:
            file.write_text(BEFORE, encoding="utf-8")
            first = await make_plan(load(Path(folder)), client)
            await carry_out(first, client, root=Path(folder))
            file.write_text(AFTER, encoding="utf-8")
            return await make_plan(load(Path(folder)), client)


def svg(text: str) -> str:
    """Draw the text of a terminal, with its colours."""
    lines = text.rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[\d+m", "", line) for line in lines]
    width = round(max(map(len, plain)) * WIDTH + 2 * EDGE)
    height = len(lines) * LINE + 2 * EDGE
    rows = [
        f'  <text x="{EDGE}" y="{EDGE + (number + 1) * LINE - 5}" xml:space="preserve">'
        f"{_spans(line)}</text>"
        for number, line in enumerate(lines)
        if line
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-label="A plan of stashsync">',
            f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
            f'<g fill="{INK}" font-size="{SIZE}" '
            'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">',
            *rows,
            "</g>",
            "</svg>\n",
        ]
    )


def _spans(line: str) -> str:
    """One line: every run of characters of one look as a span."""
    found, colour, bold, dim = [], "", False, False
    for part in re.split(r"(\x1b\[\d+m)", line):
        sequence = re.fullmatch(r"\x1b\[(\d+)m", part)
        if not sequence:
            look = f' fill="{colour or FAINT}"' if colour or dim else ""
            look += ' font-weight="bold"' if bold else ""
            text = html.escape(part)
            found.append(f"<tspan{look}>{text}</tspan>" if look else text)
            continue
        code = sequence[1]
        bold, dim = (bold or code == "1", dim or code == "2") if code != "0" else (False, False)
        colour = "" if code == "0" else COLOURS.get(code, colour)
    return "".join(found)


def pages() -> dict[Path, str]:
    """Return the files of this script."""
    made = plan()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    manifest = f"```yaml\n{AFTER}```"
    shown = f"```text\n{plan_text(made)}```"
    readme = with_part(with_part(readme, "manifest", manifest), "plan", shown)
    return {ROOT / "README.md": readme, DOCS / "plan.svg": svg(plan_text(made, style=COLOUR))}


if __name__ == "__main__":
    main(pages())
