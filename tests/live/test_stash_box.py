"""`import stash-box --from-server` with a real Stash, and what it brings, applied."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from stashsync import StashClient
from stashsync.cli import main
from stashsync.sandbox import running
from stashsync.sandbox.stash_box import Contents, StashBox
from tests.live.conftest import Live
from tests.support.real import Server

KEY = "a-key-of-a-stash-box"


def test_what_stash_has_in_its_settings_is_imported_and_applied(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The address and the key are Stash's own; the plan after the apply is empty."""
    live = Live(server, f"stashsync {uuid.uuid4().hex[:8]} ")
    contents = Contents(live.prefix)
    category = contents.add_category(f"{live.prefix}Light", description="Lamps and suns.")
    contents.add_tag(f"{live.prefix}Candle", category=category, aliases=[f"{live.prefix}Taper"])
    top = contents.add_studio(f"{live.prefix}Top", urls=["https://top.example/"])
    contents.add_studio(f"{live.prefix}Below", parent=top)
    contents.add_performer(f"{live.prefix}Ada", disambiguation="the baker", birth_date="1970-05")
    if server.api_key:
        monkeypatch.setenv("STASH_API_KEY", server.api_key.value)

    async def boxes(client: StashClient) -> Any:
        return (await client.queries.configuration())["general"]["stashBoxes"]

    before = live.run(boxes)

    def run(*args: str) -> str:
        code = main(["--server", server.url, "-C", str(tmp_path), *args])
        out, err = capsys.readouterr()
        assert code == 0, err
        assert KEY not in out + err
        return out

    with running(StashBox(contents, api_key=KEY)) as url:
        ours = {"name": live.prefix, "endpoint": f"{url}/graphql", "api_key": KEY}
        try:
            live.run(
                lambda client: client.mutations.configure_general({"stashBoxes": [*before, ours]})
            )
            (tmp_path / "manifests").mkdir()
            kinds = ("tags", "studios", "performers", "--categories-as-parents")
            for _ in range(2):
                run("import", "stash-box", *kinds, "--from-server", "--endpoint", live.prefix,
                    "--auto-approve")  # fmt: skip
            run("apply", "--auto-approve")
            assert "No changes." in run("plan")
            text = (tmp_path / "manifests/imported.yaml").read_text("utf-8")
            assert f"{url}/graphql: {contents.tags[0]['id']}" in text
        finally:
            live.run(lambda client: client.mutations.configure_general({"stashBoxes": before}))
            live.clean_up()
