"""One run of a verb: the project, its settings, and the way to the server."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Coroutine
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from stashsync.cli.options import Options
from stashsync.config import SETTINGS_FILE, Settings, settle
from stashsync.errors import StashConfigurationError

if TYPE_CHECKING:
    from stashsync.applier.estimate import Estimate
    from stashsync.client import StashClient
    from stashsync.engine.baseline import Baseline
    from stashsync.engine.observe import Reading
    from stashsync.engine.reconcile import Observer
    from stashsync.manifest import Desired
    from stashsync.planner.plan import Plan
    from stashsync.sandbox import Sandbox
    from stashsync.wire.transport import Transport

_T = TypeVar("_T")
SANDBOX = "sandbox:"
SNAPSHOT = "snapshot:"
STATE = Path(".stashsync")
"""What is kept beside a project and is nobody else's business; git does not see it."""
CACHE = STATE / "cache"


class Session:
    """What verbs share. One event loop and one transport for all that a verb does.

    Enter it before `run`; leaving gives the connections and the sandbox back. A `sandbox` that is
    handed in is the server, whatever the settings say, and stays its maker's.
    """

    def __init__(self, options: Options, sandbox: Sandbox | None = None) -> None:
        self._options = options
        self._given = sandbox
        self._stack = ExitStack()
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._stack.enter_context(self._runner)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def root(self) -> Path:
        """The project's folder: the nearest one upwards with a settings file, else this one.

        Raises:
            StashConfigurationError: the folder that was named does not exist.
        """
        if self._options.project:
            root = Path(self._options.project).expanduser()
            if not root.is_dir():
                raise StashConfigurationError(f"there is no folder {root}")
            return root
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / SETTINGS_FILE).is_file():
                return folder
        return here

    @cached_property
    def settings(self) -> Settings:
        """The settings that count.

        Raises:
            ManifestError: `stashsync.yaml` has problems.
            StashConfigurationError: settings that lead nowhere.
        """
        from stashsync.manifest.settings import read_settings

        return settle(self.root, read_settings(self.root), self._options.flags(), os.environ)

    def load(self) -> Desired:
        """The desired state.

        Raises:
            ManifestError: with every problem of every file.
        """
        from stashsync.manifest import load
        from stashsync.manifest.settings import merge_lists

        settings = self.settings
        # No cache where there is no project: a folder that is only looked at is not written to.
        project = (self.root / SETTINGS_FILE).is_file()
        cache = self.root / CACHE if project else None
        desired = load(self.root, folder=settings.manifests, cache_dir=cache)
        merge_lists(desired.state, settings.lists)
        return desired

    @property
    def options(self) -> Options:
        """The options, as given."""
        return self._options

    @property
    def color(self) -> bool | None:
        """What the flag says about colour."""
        return self._options.color

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """What the coroutine gives, run in the session's loop."""
        return self._runner.run(coroutine)

    def plan(self, desired: Desired) -> Plan:
        """The plan for this server; it is only read.

        Raises:
            PlanError: what cannot be carried out.
            StashError: anything that kept the library from being read.
        """
        from msgspec import structs

        from stashsync.cli.scope import policy_of
        from stashsync.cli.warnings import further_warnings
        from stashsync.engine.reconcile import make_plan
        from stashsync.render.progress import working

        policy = policy_of(self.settings, self._options)
        with working(f"Reading {self.server} …", sys.stderr) as told:
            library = self.observer(told.hear)
            plan = self.run(make_plan(desired, library, policy=policy))
        baseline = self.baseline(plan.source.identity)
        further = list(further_warnings(plan, desired.state, policy, baseline))
        return structs.replace(plan, warnings=(*plan.warnings, *further)) if further else plan

    def estimate(self, plan: Plan, max_batch: int = 250) -> Estimate | None:
        """What it will take to carry the plan out, where there is a server to ask.

        Raises:
            StashError: the server gave no answer.
        """
        from stashsync.applier.estimate import estimate

        if not plan or self.is_snapshot:
            return None
        return self.run(estimate(plan, self.reader(), max_batch=max_batch))

    @property
    def server(self) -> str:
        """The server's address for people, without secrets."""
        if self._given is not None:
            return "the sandbox"
        url = self.settings.url
        return url if url.startswith((SANDBOX, SNAPSHOT)) else str(self.transport.endpoint)

    @property
    def is_snapshot(self) -> bool:
        """Whether the library is one that was saved, not one that can be changed."""
        return self._given is None and self.settings.url.startswith(SNAPSHOT)

    def observer(self, reading: Reading | None = None) -> Observer:
        """Who is asked what the library holds: the server, or a snapshot.

        `reading` hears how far a reading of a server is.

        Raises:
            StashConfigurationError: the snapshot cannot be read, or the address is of no use.
        """
        if self.is_snapshot:
            from stashsync.cli.output import read_file
            from stashsync.engine.snapshot import load

            path = Path(self.settings.url.removeprefix(SNAPSHOT)).expanduser()
            return load(read_file(str(path)))
        from stashsync.engine.reconcile import Live

        return Live(self.reader(), reading)

    def baseline(self, identity: str) -> Baseline | None:
        """What both sides agreed on after the last apply or pull, where that is known."""
        from stashsync.engine.baseline import file_name, load

        try:
            return load((self.root / STATE / file_name(identity)).read_bytes(), identity)
        except OSError:
            return None

    def remember(self, baseline: Baseline) -> None:
        """Keep a baseline for the next time. It helps and is no truth: a failure is only told."""
        from stashsync.cli.files import write_all
        from stashsync.cli.output import talk
        from stashsync.engine.baseline import dump, file_name

        files = {str(STATE / file_name(baseline.identity)): dump(baseline)}
        if not (self.root / STATE / ".gitignore").exists():
            files[str(STATE / ".gitignore")] = b"*\n"
        try:
            write_all(self.root, files)
        except StashConfigurationError as error:
            talk(f"Warning: what both sides agree on cannot be remembered: {error.message}")

    def reader(self) -> StashClient:
        """A client that can only read."""
        from stashsync.client import StashClient
        from stashsync.wire.read_only import ReadOnlyTransport

        return StashClient(ReadOnlyTransport(self.transport))

    def writer(self) -> StashClient:
        """A client that can change the library."""
        from stashsync.client import StashClient

        return StashClient(self.transport)

    @cached_property
    def transport(self) -> Transport:
        """The way to the server.

        Raises:
            StashConfigurationError: the address, the key or a certificate is of no use.
        """
        if self._given is not None:
            return self._closing(through(self._given))
        url = self.settings.url
        if url.startswith(SNAPSHOT):
            raise StashConfigurationError(
                "a snapshot can be looked at and not be changed",
                hint="Give the address of the server itself.",
            )
        transport = self._sandbox(url) if url.startswith(SANDBOX) else self._network()
        return self._closing(transport)

    def _closing(self, transport: Transport) -> Transport:
        self._stack.callback(lambda: self._runner.run(transport.aclose()))
        return transport

    def _network(self) -> Transport:
        from stashsync.wire.settings import ApiKey, TimeLimits, Tls
        from stashsync.wire.transport import Transport

        settings = self.settings
        key, tls, limits = settings.api_key, settings.tls, settings.timeouts
        usual = TimeLimits()
        return Transport(
            settings.url,
            api_key=ApiKey(key.value, key.source) if key else None,
            tls=Tls(tls.verify is not False, tls.ca_bundle, tls.client_cert, tls.client_key),
            limits=TimeLimits(
                limits.connect or usual.connect,
                limits.read or usual.read,
                limits.mutation or usual.mutation,
            ),
        )

    def _sandbox(self, url: str) -> Transport:
        from stashsync.sandbox import Sandbox

        path = url.removeprefix(SANDBOX)
        try:
            return through(self._stack.enter_context(Sandbox(path or None)))
        except (sqlite3.Error, OSError) as error:
            raise StashConfigurationError(
                f"the sandbox cannot use {path}: {error}", hint="Name a file that it may make."
            ) from error


def through(sandbox: Sandbox) -> Transport:
    """The way to a sandbox in this process."""
    from stashsync.wire.httpx_door import httpx
    from stashsync.wire.transport import Transport

    return Transport("http://sandbox", inner=httpx.ASGITransport(sandbox.app))
