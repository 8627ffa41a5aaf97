"""One run of a verb: the project, its settings, and one client for its server."""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from msgspec.structs import replace

from stashsync.cli.choosing import chosen, kind_named
from stashsync.cli.connecting import SANDBOX, SNAPSHOT, connect, through
from stashsync.cli.local_state import LocalState, time_before
from stashsync.cli.options import Options, Scope
from stashsync.config import SETTINGS_FILE, Settings, settle
from stashsync.errors import (
    ManifestError,
    StashConfigurationError,
    StashError,
    StashGraphQLError,
)

if TYPE_CHECKING:
    import asyncio

    from stashsync.applier.estimate import Estimate, Hooks
    from stashsync.client.core import Core
    from stashsync.engine.baseline import Baseline
    from stashsync.engine.evidence import GivenNames
    from stashsync.engine.reconcile import Observer, Reconciliation
    from stashsync.manifest import Desired
    from stashsync.planner import Plan, Policy
    from stashsync.render.attribution import Attribution
    from stashsync.sandbox import Sandbox
    from stashsync.state import State
    from stashsync.wire.transport import Transport

_T = TypeVar("_T")


class Session:
    """What verbs share: one event loop, one client and one set of capabilities a run.

    Enter it before `run`; leaving closes the connections and the sandbox.

    Args:
        options: the options of the group.
        scope: what a plan is about.
        sandbox: the server, in place of the one in the settings; its maker closes it.
        writes: whether the client may change the library; otherwise its transport cannot.

    Raises:
        click.UsageError: the scope names no kind.
    """

    def __init__(
        self,
        options: Options,
        scope: Scope | None = None,
        *,
        sandbox: Sandbox | None = None,
        writes: bool = False,
    ) -> None:
        scope = scope or Scope()
        self.options = options
        self._given = sandbox
        self._writes = writes
        self._target = tuple(chosen(pattern, "--target") for pattern in scope.target)
        self._exclude = tuple(chosen(pattern, "--exclude") for pattern in scope.exclude)
        self._prune = frozenset(kind_named(word, "--prune") for word in scope.prune)
        self._transport: Transport | None = None
        self.identity = ""
        """What tells the library from others, once a plan is executed."""
        self.began = ""
        """A time before that (ISO 8601), by the server's clock; "" where it is not known."""
        self.expected_seconds = 0.0
        """What the plan that was estimated last takes; 0 before that."""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the session's loop.

        Its result is no result of the loop's task: at the end of each run Python looks at the
        handler of SIGINT, and makes a text of it that has the task, and all of its result.
        """
        results: list[_T] = []

        async def keep() -> None:
            results.append(await coroutine)

        try:
            self._runner.run(keep())
        finally:
            coroutine.close()  # where it was interrupted before its first step
        return results[0]

    @cached_property
    def _runner(self) -> asyncio.Runner:
        import asyncio

        return self._stack.enter_context(asyncio.Runner())

    def closing(self, transport: Transport) -> Transport:
        """Close a connection at the end of the session, in its loop."""
        runner = self._runner  # entered first, so that it closes last
        self._stack.callback(lambda: runner.run(transport.aclose()))
        return transport

    # -- the project ----------------------------------------------------------------------------

    @cached_property
    def root(self) -> Path:
        """The project's folder: the nearest one upwards with a settings file, else this one.

        Raises:
            StashConfigurationError: the folder that was named does not exist.
        """
        if self.options.project:
            root = Path(self.options.project).expanduser()
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
        """The settings in effect.

        Raises:
            ManifestError: `stashsync.yaml` has problems.
            StashConfigurationError: a setting cannot be used.
        """
        from stashsync.manifest.settings import read_settings
        from stashsync.manifest.variables import Variables

        variables = Variables(self.root)
        file, flags = read_settings(self.root, variables), self.options.flags(self._prune)
        return settle(self.root, file, flags, os.environ, variables.dotenv)

    @cached_property
    def policy(self) -> Policy:
        """What a plan is about and may do, by options and settings."""
        from stashsync.planner import Policy

        settings = self.settings
        return Policy(
            prune=settings.prune,
            protect=settings.protect,
            ignore=settings.ignore,
            thresholds=settings.thresholds,
            lenient=settings.lenient,
            only=self._target,
            without=self._exclude,
        )

    def load(self, *, may_be_empty: bool = False) -> Desired:
        """Load the manifests, which may declare nothing with `may_be_empty`.

        Raises:
            ManifestError: with every problem of every file.
        """
        from stashsync.manifest import load
        from stashsync.manifest.settings import merge_lists

        settings = self.settings
        desired = load(self.root, folder=settings.manifests, cached=True, may_be_empty=may_be_empty)
        merge_lists(desired.state, settings.lists)
        return desired

    @property
    def has_manifests(self) -> bool:
        """Whether the folder of the manifests exists."""
        return (self.root / self.settings.manifests).is_dir()

    @property
    def lasts(self) -> bool:
        """Whether there is a project, and a server that outlives this command."""
        return self.has_manifests and self.settings.url != SANDBOX

    # -- the server -----------------------------------------------------------------------------

    @property
    def server(self) -> str:
        """The server's address for people, without secrets."""
        if self._given is not None:
            return "the sandbox"
        url = self._url
        return url if url.startswith((SANDBOX, SNAPSHOT)) else str(self.client.transport.endpoint)

    @property
    def address(self) -> str:
        """The server's address, as far as it is known without a connection."""
        from stashsync.wire.url import parse_endpoint

        try:
            url = self._url
            return url if url.startswith((SANDBOX, SNAPSHOT)) else str(parse_endpoint(url))
        except StashError:
            return "a server whose address is of no use"

    @property
    def is_snapshot(self) -> bool:
        """Whether the library is a saved one, which cannot be changed."""
        return self._given is None and self._url.startswith(SNAPSHOT)

    @property
    def _url(self) -> str:
        """The address of the server.

        Raises:
            ManifestError: it is a variable that is not set.
        """
        if self.settings.no_url is not None:
            raise ManifestError([self.settings.no_url], where=f" in {SETTINGS_FILE}")
        return self.settings.url

    @cached_property
    def client(self) -> Core:
        """The one client of this run.

        Raises:
            StashConfigurationError: the address, the key or a certificate cannot be used.
        """
        from stashsync.client.core import Core
        from stashsync.wire.read_only import ReadOnlyTransport

        self._transport = transport = self._connect()
        return Core(transport if self._writes else ReadOnlyTransport(transport))

    def _connect(self) -> Transport:
        if self._given is not None:
            return self.closing(through(self._given))
        if self.options.connection is not None:
            return self.options.connection.connect(self)
        return self.closing(connect(self.settings, self._url, self._stack))

    @cached_property
    def library(self) -> Observer:
        """The library that is read: the server's, or a snapshot.

        Raises:
            StashConfigurationError: the snapshot cannot be read, or the address cannot be used.
        """
        if self.is_snapshot:
            from stashsync.cli.files import read_file
            from stashsync.engine.snapshot import load

            path = Path(self.settings.url.removeprefix(SNAPSHOT)).expanduser()
            return load(read_file(str(path)), str(path))
        from stashsync.engine.reconcile import Live

        return Live(self.client)

    def reconcile(self, desired: Desired) -> Reconciliation:
        """Observe the library and plan how it comes to match the manifests.

        Raises:
            PlanError: what cannot be carried out.
            StashError: anything that kept the library from being read.
        """
        from msgspec import structs

        from stashsync.engine.reconcile import Live, reconcile
        from stashsync.engine.warnings import further_warnings, undone
        from stashsync.render.progress import working

        with working(f"Reading {self.server} …", sys.stderr) as reading:
            library = self.library
            if isinstance(library, Live):
                library = replace(library, reading=reading.hear)
            identity = self.run(library.capabilities()).identity
            baseline = self.baseline(identity)
            own = partial(self.names_given, identity)
            found = self.run(
                reconcile(desired, library, policy=self.policy, baseline=baseline, own=own)
            )
        baseline = self.state.believe(baseline, found.baseline)
        plan = found.plan
        further = list(further_warnings(plan, desired.state, self.policy, baseline))
        repeated = undone(plan, baseline) if baseline is not None else []
        if repeated:
            further += [field.warning(self.hooks) for field in repeated]
        plan = structs.replace(plan, warnings=(*plan.warnings, *further))
        return replace(found, plan=plan)

    def estimate(self, found: Reconciliation, max_batch: int = 250) -> Estimate | None:
        """Estimate what the plan takes, where there are changes and a server to ask.

        Raises:
            StashError: the server gave no answer.
        """
        from stashsync.applier.estimate import estimate

        if not found.plan or self.is_snapshot:
            return None
        server = self.run(self.client.capabilities())
        expected = estimate(
            found.plan,
            server,
            found.counts,
            self.hooks,  # asked last, so that the line is known
            root=self.root,
            max_batch=max_batch,
            round_trip=self.client.round_trip,
        )
        self.expected_seconds = expected.seconds
        return expected

    @cached_property
    def hooks(self) -> Hooks | None:
        """The plugins that listen, where the server reports them."""
        from stashsync.applier.estimate import read_hooks

        return None if self.is_snapshot else self.run(read_hooks(self.client))

    def mark_library(self) -> None:
        """Mark the library before its first change, if the settings allow it; note the time.

        Raises:
            StashError: the server gave no answer.
        """
        from stashsync.cli.output import talk

        server = self.run(self.client.capabilities())
        self.identity = server.identity
        self.began = time_before(self._date)
        self.baseline(server.identity)  # if it cannot be read, that is an error before the run
        if server.mark or not self.settings.mark:
            return
        try:
            marked = self.run(self.client.mark_library())
        except StashGraphQLError as error:
            talk(f"Warning: the library cannot be marked; its address tells it: {error.message}")
            return
        self.identity = marked.identity
        self.state.rename(server.identity, marked.identity)

    # -- between runs ---------------------------------------------------------------------------

    @cached_property
    def state(self) -> LocalState:
        """What is kept between runs."""
        return LocalState(self.settings.memory)

    def forget(self) -> None:
        """Read anew what is kept between runs: another command may have written it."""
        self.__dict__.pop("state", None)

    def baseline(self, library: str) -> Baseline | None:
        """Read what both sides held after the last apply or pull, where that is known."""
        return self.state.baseline(library)

    def names_given(self, library: str) -> GivenNames:
        """Return the names that runs gave of which the baseline may not know.

        One that was cut short has written none, one that takes another back does not, and what is
        unknown of a run is as before in it.
        """
        from stashsync.applier.journal import read_runs
        from stashsync.cli.journals import RUNS
        from stashsync.engine.evidence import names_given

        runs = read_runs(self.state.folder / RUNS, lambda _: None)
        return names_given(
            run
            for run in runs
            if run.origin.library == library and (run.origin.undoes or not run.ended or run.unknown)
        )

    def believed(self, library: str, observed: State) -> Baseline | None:
        """Read the baseline, as far as it is about the objects that are there.

        Raises:
            StashError: the server gave no answer.
        """
        from stashsync.cli.output import talk
        from stashsync.engine.evidence import believed

        read = self.baseline(library)
        if read is None:
            return None
        marked = bool(self.run(self.library.capabilities()).mark)
        own = partial(self.names_given, library)
        found, warning = self.run(
            believed(read, observed, self.library.observe_times, marked=marked, own=own)
        )
        if warning is not None:
            talk(f"Warning: {warning.message}.")
        return self.state.believe(read, found)

    @property
    def _date(self) -> str:
        return self._transport.date if self._transport else ""

    def remember(self, baseline: Baseline) -> None:
        """Write the baseline, with the time by the server's clock."""
        self.state.remember(baseline, self._date)

    def attribution(self, plan: Plan) -> Attribution | None:
        """Return who made each difference; None if no baseline knows, or nothing differs."""
        from stashsync.engine.attribution import attribute
        from stashsync.render.attribution import Attribution

        baseline = self.baseline(plan.source.identity) if plan else None
        if baseline is None:
            return None
        found = Attribution(attribute(plan, baseline))
        return found if set(found.counts) - {None} else None
