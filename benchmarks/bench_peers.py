"""The same job done by another tool: whole processes in turn, by the processor time they take.

    ours     `stashsync plan` of tags in manifests, against a sandbox in a process of its own
    theirs   `octodns-sync` of as many records of a zone in one file, against those in another;
             `terraform plan` of as many resources that live in its state alone

Nothing is to be changed in either. A script that reads all tags runs with our library, and with
that of stash-graphql-client, whose names are the same. octoDNS comes with the extra `bench`; there
are rows only for what is installed. The peak of a row is that of the measured process alone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.bench_startup import STARTED
from benchmarks.data import Object, tag, write_manifests
from benchmarks.harness import Case, Measured

OCTODNS = "octoDNS, as many records"
TERRAFORM = "Terraform, as many resources"
CLIENT = "stash-graphql-client, the same script"
PLAN, WARM = "`stashsync plan`, whole process", "the whole process, cache filled"
SIZES = (10_000,)
SMALLER = (2_000,)
CASES = (
    *(
        (
            Case(PLAN, "cold", "octodns", OCTODNS, SIZES, "prepare_zone", goal=0.1),
            Case(WARM, "warm", "octodns", OCTODNS, SIZES, "prepare_zone", goal=0.1),
        )
        if importlib.util.find_spec("octodns")
        else ()
    ),
    *(
        (
            Case(PLAN, "cold", "terraform", TERRAFORM, SMALLER, "prepare_state"),
            Case(WARM, "warm", "terraform", TERRAFORM, SMALLER, "prepare_state"),
        )
        if shutil.which("terraform")
        else ()
    ),
    *(
        (Case("a script that reads all tags", "script", "their_script", CLIENT, SIZES),)
        if importlib.util.find_spec("stash_graphql_client")
        else ()
    ),
)
_OCTODNS = "from octodns.cmds.sync import main; main()"
_CONFIG = """\
providers:
  wanted: {class: octodns.provider.yaml.YamlProvider, directory: wanted}
  there: {class: octodns.provider.yaml.YamlProvider, directory: there}
zones:
  records.example.: {sources: [wanted], targets: [there]}
"""
_RECORD = "n{n:06}:\n  ttl: 300\n  type: A\n  values: [10.0.{high}.{low}]\n"


_RESOURCE = """\
resource "terraform_data" "tag_{n}" {{
  input = {{
    name        = {name}
    description = {description}
    aliases     = {aliases}
  }}
}}
"""
_QUIET = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
"""No look for newer versions, no advice."""
_SCRIPT = """\
import asyncio
from {library} import StashContext

async def main():
    found, page = [], 1
    server = {{"Scheme": "{scheme}", "Host": "{host}", "Port": {port}}}
    async with StashContext(conn=server) as client:
        while len(found) < {size}:
            asked = {{"page": page, "per_page": 1000, "sort": "id"}}
            rows = (await client.find_tags(filter_=asked)).tags
            assert rows
            found, page = found + rows, page + 1
    assert all(tag.name and tag.description for tag in found)

asyncio.run(main())
"""


def prepare(folder: Path, size: int) -> None:
    """Write a project and a library that is equal to it."""
    (folder / "stashsync.yaml").write_text("{}\n")
    write_manifests(folder, {"tags": [tag(n) for n in range(size)]})
    with _served(folder, "--seed", str(folder)):
        pass


def prepare_zone(folder: Path, size: int) -> None:
    """Write as many records too, twice."""
    prepare(folder, size)
    (folder / "octodns.yaml").write_text(_CONFIG)
    records = "".join(_RECORD.format(n=n, high=n // 256, low=n % 256) for n in range(size))
    for name in ("wanted", "there"):
        (folder / name).mkdir()
        (folder / name / "records.example.yaml").write_text(f"---\n{records}")


def prepare_state(folder: Path, size: int) -> None:
    """Write as many resources too, and the state that has them.

    `terraform_data` is built in: it needs neither a provider nor a server. To apply this many takes
    longer than all benchmarks, as the state is written after each one.
    """
    prepare(folder, size)
    tags = [tag(n) for n in range(size)]
    place = folder / "terraform"
    place.mkdir()
    (place / "main.tf").write_text("".join(
        _RESOURCE.format(n=n, **{name: json.dumps(item[name])
                                 for name in ("name", "description", "aliases")})
        for n, item in enumerate(tags)
    ))  # fmt: skip
    state = {
        "version": 4,
        "terraform_version": "1.4.0",
        "serial": 1,
        "lineage": str(uuid.UUID(int=0)),
        "outputs": {},
        "resources": [_in_state(n, item) for n, item in enumerate(tags)],
    }
    (place / "terraform.tfstate").write_text(json.dumps(state))


def _in_state(n: int, item: Object) -> Object:
    aliases = ["tuple", ["string"] * len(item["aliases"])]
    typed = {
        "value": {name: item[name] for name in ("name", "description", "aliases")},
        "type": ["object", {"name": "string", "description": "string", "aliases": aliases}],
    }
    values = {"id": str(uuid.UUID(int=n)), "input": typed, "output": typed}
    return {
        "mode": "managed",
        "type": "terraform_data",
        "name": f"tag_{n}",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": {**values, "triggers_replace": None}}],
    }


def cold(folder: Path, _: int) -> Measured:
    """Plan with nothing in the cache."""
    with tempfile.TemporaryDirectory() as cache:
        return _plan(folder, cache)


def warm(folder: Path, _: int) -> Measured:
    """Plan with what the last run left in the cache."""
    with tempfile.TemporaryDirectory() as cache:
        _plan(folder, cache)
        return _plan(folder, cache)


def octodns(folder: Path, _: int) -> Measured:
    """Let octoDNS find that there is nothing to do."""
    command = [sys.executable, "-c", _OCTODNS, "--config-file", "octodns.yaml", "--quiet"]
    return _measured(command, folder, dict(os.environ))


def terraform(folder: Path, _: int) -> Measured:
    """Let Terraform find that there is nothing to do."""
    environment = {**os.environ, **_QUIET}
    environment.pop("TF_CLI_CONFIG_FILE", None)
    command = ["terraform", "plan", "-detailed-exitcode", "-input=false", "-no-color"]
    return _measured(command, folder / "terraform", environment)


def script(folder: Path, size: int) -> Measured:
    """Read all tags with our library."""
    return _read(folder, size, "stashsync")


def their_script(folder: Path, size: int) -> Measured:
    """Read all tags with the other library."""
    return _read(folder, size, "stash_graphql_client")


def _read(folder: Path, size: int, library: str) -> Measured:
    with _served(folder) as url:
        place = urlsplit(url)
        text = _SCRIPT.format(library=library, size=size, scheme=place.scheme,
                              host=place.hostname, port=place.port)  # fmt: skip
        return _measured([sys.executable, "-c", text], folder, dict(os.environ))


def _plan(folder: Path, cache: str) -> Measured:
    with _served(folder) as url:
        command = [sys.executable, "-c", STARTED, "--server", url, "plan", "--detailed-exitcode"]
        return _measured(command, folder, {**os.environ, "XDG_CACHE_HOME": cache})


def _measured(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Measured:
    """Return what a process spends and needs, its children included, once it has ended well."""
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Measured(used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


@contextmanager
def _served(folder: Path, *further: str) -> Generator[str]:
    """Serve the library of the folder, and yield where."""
    command = [sys.executable, "-c", STARTED, "sandbox", "--port", "0"]
    with subprocess.Popen(
        [*command, "--db", str(folder / "library.db"), *further],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http")).rstrip(".,")
        finally:
            process.terminate()
