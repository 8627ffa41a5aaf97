"""Mutate the package line by line and see which mutants the tests let live (docs/mutations.md).

    python -m tests.laws.mutation_run stashsync/fields --state fields.json
    python -m tests.laws.mutation_run stashsync/planner stashsync/applier --sample 0.25

The mutators are those of mutmut (`pip install stashsync[mutation]`). The tests are imported once.
Each mutant is a fork of that process, in which the code of one function is exchanged, and which
runs the tests that reach the mutated line, those of the same package first, until one fails or the
time is up. The state file keeps each result, so that a run can be stopped and resumed.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import hashlib
import importlib.abc
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import libcst as cst
import pytest
from _pytest.runner import runtestprotocol
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")
SUITE = ("tests/fields", "tests/planner", "tests/applier", "tests/engine", "tests/manifest",
         "tests/entities", "tests/test_cases.py")  # fmt: skip
"""The tests that mutants have to pass."""
UNREACHED, SURVIVED, KILLED, ENDLESS = "unreached", "survived", "killed", "endless"


@dataclass(frozen=True)
class Mutant:
    """One change of one function. `key` names it as long as the lines that it changes stay."""

    key: str
    path: str
    function: tuple[str, int]
    lines: range
    diff: tuple[str, ...]
    source: str = field(repr=False)

    @property
    def module(self) -> str:
        """The dotted name of the mutated module."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


# -- making mutants -------------------------------------------------------------------------------


class _Mutators(cst.CSTVisitor):
    """Collects (function, node, mutated node) of one module."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[tuple[str, int], range, cst.CSTNode, cst.CSTNode]] = []
        self._names: list[str] = []
        self._function: tuple[str, int] | None = None
        self._depth = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.ClassDef():
                self._names.append(node.name.value)
            case cst.FunctionDef() if self._depth == 0:
                first = node.decorators[0] if node.decorators else node
                line = self.get_metadata(PositionProvider, first).start.line
                self._function = (".".join([*self._names, node.name.value]), line)
                self._depth = 1
            case cst.FunctionDef():
                self._depth += 1
            case cst.Annotation() | cst.Decorator() | cst.Assert() | cst.Param():
                return False  # types, and what runs when the function is made; invariants
            case cst.Call(func=cst.Name(value="cast" | "len" | "isinstance")):
                return False
        if self._function is not None and not _is_prose(node):
            where = self.get_metadata(PositionProvider, node, None)
            if where is not None:
                lines = range(where.start.line, where.end.line + 1)
                for kind, mutate in mutation_operators:
                    if isinstance(node, kind):
                        for mutated in mutate(node):
                            self.found.append((self._function, lines, node, mutated))
        return True

    def on_leave(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.ClassDef):
            self._names.pop()
        elif isinstance(node, cst.FunctionDef):
            self._depth -= 1
            if self._depth == 0:
                self._function = None


def _is_prose(node: cst.CSTNode) -> bool:
    """Whether a node is a text for people: its wording is not what these tests are about."""
    return isinstance(node, cst.SimpleString) and " " in node.value


def mutants_of(path: Path, share: float = 1.0, seed: int = 1) -> Iterator[Mutant]:
    """Yield the mutants of one file, or a random share of them; equal texts count once."""
    source = path.read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    visitor = _Mutators()
    wrapper.visit(visitor)
    before, seen = source.splitlines(), {source}
    shown = path.relative_to(ROOT).as_posix()
    found = visitor.found
    if share < 1:
        found = random.Random(f"{seed} {shown}").sample(found, round(share * len(found)))
    for function, lines, node, mutated in found:
        changed = wrapper.module.deep_replace(node, mutated)
        after = changed.code if isinstance(changed, cst.Module) else source
        if after in seen or not _compiles(after):
            continue
        seen.add(after)
        diff = tuple(
            f"{line[0]} {line[1:].strip()}"
            for line in difflib.unified_diff(before, after.splitlines(), n=0, lineterm="")
            if line[0] in "+-" and line[:3] not in ("+++", "---")
        )
        text = "\n".join([shown, function[0], *diff])
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        yield Mutant(key, shown, function, lines, diff, after)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


# -- putting one in place -------------------------------------------------------------------------


def _code_of(code: types.CodeType, function: tuple[str, int]) -> types.CodeType | None:
    """Find the code of a function in a compiled module."""
    for co_const in code.co_consts:
        if isinstance(co_const, types.CodeType):
            if (co_const.co_qualname, co_const.co_firstlineno) == function:
                return co_const
            if function[0].startswith(co_const.co_qualname + "."):
                found = _code_of(co_const, function)
                if found is not None:
                    return found
    return None


def loaded_caches(mutants: Sequence[Mutant]) -> list[Any]:
    """Find the caches in mutated modules: the first test to fill one would hide it from others."""
    modules = {mutant.module for mutant in mutants}
    return [
        found
        for found in gc.get_objects()
        if hasattr(type(found), "cache_clear") and found.__module__ in modules
    ]


Functions = dict[tuple[str, str, int], list[types.FunctionType]]
"""The functions of the package by module, name and first line."""


def loaded_functions() -> Functions:
    """Find every function of the package, wrapped and decorated ones too."""
    found: Functions = {}
    for get_object in gc.get_objects():
        if type(get_object) is types.FunctionType and str(get_object.__module__).startswith(
            "stashsync"
        ):
            code = get_object.__code__
            name = (get_object.__module__, code.co_qualname, code.co_firstlineno)
            found.setdefault(name, []).append(get_object)
    return found


def put_in_place(mutant: Mutant, functions: Functions) -> bool:
    """Exchange the code of a function that is loaded; False where that cannot be."""
    compiled = compile(mutant.source, str(ROOT / mutant.path), "exec", dont_inherit=True)
    code = _code_of(compiled, mutant.function)
    targets = functions.get((mutant.module, *mutant.function), [])
    if code is None or not targets:
        return False
    try:
        for function in targets:
            function.__code__ = code
    except ValueError:  # it closes over other names than before
        return False
    return True


class Imported(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the mutated module in place of the real one, for what runs while it is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """Take over for the one module."""
        if fullname != self.mutant.module:
            return None
        place = ROOT / self.mutant.path
        inside = [str(place.parent)] if place.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, place, loader=self, submodule_search_locations=inside
        )

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the mutated text."""
        code = compile(self.mutant.source, str(ROOT / self.mutant.path), "exec", dont_inherit=True)
        exec(code, module.__dict__)


# -- running tests --------------------------------------------------------------------------------


@dataclass
class Reach:
    """What the tests reach: by file and line their names, the lines run by importing, seconds."""

    tests: dict[str, dict[int, list[str]]]
    imported: dict[str, set[int]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, in the order in which they are tried."""
        lines = self.tests.get(mutant.path, {})
        names = {name for line in mutant.lines for name in lines.get(line, ())} & set(self.seconds)
        folder = f"tests/{mutant.path.split('/')[1]}/"
        return sorted(
            names,
            key=lambda item: (
                self.seconds[item] > 2,
                not item.startswith(folder),
                self.seconds[item],
            ),
        )

    def is_imported(self, mutant: Mutant) -> bool:
        """Whether the mutated line runs while modules are imported."""
        return bool(self.imported.get(mutant.path, set()).intersection(mutant.lines))


class Loop:
    """Runs in place of pytest's own loop, once everything is collected."""

    def __init__(self, options: argparse.Namespace, mutants: Sequence[Mutant]) -> None:
        self.options = options
        self.mutants = mutants
        self.results: dict[str, str] = {}
        self.reach = Reach({}, {}, {})
        self.functions: Functions = {}
        self.caches: list[Any] = []
        self._importing = _coverage()
        self._importing.start()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what ran while everything was imported."""
        self._importing.stop()
        data = self._importing.get_data()
        for path in data.measured_files():
            name = Path(path).relative_to(ROOT).as_posix()
            self.reach.imported[name] = set(data.lines(path) or ())

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out what the tests reach, then try the mutants."""
        items = {item.nodeid: item for item in session.items}
        self.functions = loaded_functions()
        self.caches = loaded_caches(self.mutants)
        gc.collect()
        gc.freeze()
        self._find_reach(items)
        for cache in self.caches:
            cache.cache_clear()
        state = Path(self.options.state)
        if state.exists():
            self.results = json.loads(state.read_bytes())
        waiting = [entry for entry in self.mutants if entry.key not in self.results]
        running: dict[int, tuple[Mutant, float]] = {}
        reported = time.monotonic()
        try:
            while waiting or running:
                while waiting and len(running) < self.options.processes:
                    mutant = waiting.pop()
                    names = self.reach.of(mutant)
                    if not names and not self.reach.is_imported(mutant):
                        self.results[mutant.key] = UNREACHED
                        continue
                    running[self._fork(mutant, names, items)] = (mutant, time.monotonic())
                self._collect(running)
                if time.monotonic() - reported > 60:
                    reported = time.monotonic()
                    self._keep(state)
                    print(f"{len(waiting)} to go: {self._words()}", file=sys.__stderr__, flush=True)
        finally:
            for process in running:
                os.kill(process, signal.SIGKILL)
            self._keep(state)
        return True

    def _keep(self, state: Path) -> None:
        new = state.with_suffix(".new")
        new.write_text(json.dumps(self.results, indent=0, sort_keys=True), "utf-8")
        new.replace(state)

    def _words(self) -> str:
        known = {mutant.key for mutant in self.mutants}
        counts = Counter(result for key, result in self.results.items() if key in known)
        return ", ".join(f"{count} {result}" for result, count in sorted(counts.items()))

    def _find_reach(self, items: dict[str, pytest.Item]) -> None:
        """Run every test once, in a fork that counts lines."""
        kept = Path(self.options.reach)
        if not kept.exists():
            process = os.fork()
            if process == 0:
                _measure(items, kept, self.caches)
                os._exit(0)
            os.waitpid(process, 0)
        found = json.loads(kept.read_bytes())
        self.reach.seconds = found["seconds"]
        self.reach.tests = {
            path: {int(line): names for line, names in lines.items()}
            for path, lines in found["tests"].items()
        }

    def _fork(self, mutant: Mutant, names: list[str], items: dict[str, pytest.Item]) -> int:
        process = os.fork()
        if process == 0:
            code = 3
            try:
                resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
                code = 2
                if put_in_place(mutant, self.functions):
                    seconds = self.reach.seconds
                    tests = [(items[name], seconds[name]) for name in names]
                    code = _run(tests, self.options.seconds)
                if code == 0 and self.reach.is_imported(mutant):
                    code = _run_anew(mutant, names, self.options.seconds)
            finally:
                os._exit(code)
        return process

    def _collect(self, running: dict[int, tuple[Mutant, float]]) -> None:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process == 0:
            for item, (_, started) in running.items():
                if time.monotonic() - started > 20 * self.options.seconds:
                    os.kill(item, signal.SIGKILL)
            time.sleep(0.005)
            return
        mutant, _ = running.pop(process)
        if os.WIFSIGNALED(status):
            self.results[mutant.key] = ENDLESS
        else:
            code = os.WEXITSTATUS(status)
            self.results[mutant.key] = {0: SURVIVED, 2: "not in place"}.get(code, KILLED)


def _coverage() -> coverage.Coverage:
    return coverage.Coverage(data_file=None, source=[str(ROOT / "stashsync")], branch=False)


def _measure(items: dict[str, pytest.Item], kept: Path, caches: Sequence[Any]) -> None:
    """Write which tests pass, how long they take, and which lines they reach."""
    counted = _coverage()
    seconds: dict[str, float] = {}
    counted.start()
    for item, following in zip(items.values(), [*items.values(), None][1:], strict=False):
        counted.switch_context(item.nodeid)
        for cache in caches:
            cache.cache_clear()
        started = time.process_time()
        if _passes(item, following):
            seconds[item.nodeid] = time.process_time() - started
        else:
            print(f"left out, as it fails: {item.nodeid}", file=sys.__stderr__, flush=True)
    counted.stop()
    data = counted.get_data()
    tests = {
        Path(path).relative_to(ROOT).as_posix(): {
            line: [name for name in names if name]
            for line, names in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    kept.write_text(json.dumps({"seconds": seconds, "tests": tests}), "utf-8")


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(entry.failed for entry in runtestprotocol(item, log=False, nextitem=following))


def _limit(seconds: int) -> None:
    """End this process where its mutant runs for ever, or eats the memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def _run(tests: Sequence[tuple[pytest.Item, float]], seconds: float) -> int:
    """Run tests, with their usual time, until one fails (1) or the time is up (0)."""
    for place, (item, usual) in enumerate(tests):
        used = time.process_time()
        if used > seconds:
            break
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + 5 + 10 * usual), 10**6))
        following = tests[place + 1][0] if place + 1 < len(tests) else None
        if not _passes(item, following):
            return 1
    return 0


def _run_anew(mutant: Mutant, names: list[str], seconds: int) -> int:
    """Try a mutant of what runs while modules are imported: in a process of its own."""
    files = sorted({name.split("::")[0] for name in names}) or list(SUITE[:3])
    command = [sys.executable, "-m", "tests.laws.mutation_run", mutant.path, "--one", mutant.key]
    done = subprocess.run(
        [*command, "--suite", *files], cwd=ROOT, capture_output=True, timeout=20 * seconds,
        preexec_fn=lambda: _limit(2 * seconds), check=False,
    )  # fmt: skip
    return 0 if done.returncode == 0 else 1


# -- the whole ------------------------------------------------------------------------------------


def _all_mutants(paths: Sequence[str], share: float, seed: int = 1) -> list[Mutant]:
    files = [
        file
        for path in paths
        for file in (
            sorted((ROOT / path).rglob("*.py")) if (ROOT / path).is_dir() else [ROOT / path]
        )
    ]
    return [mutant for file in files for mutant in mutants_of(file, share, seed)]


def _equivalent() -> set[str]:
    """Read the keys of mutants that do what the original does: a line each, with the reason."""
    if not EQUIVALENT.exists():
        return set()
    return {line.split()[0] for line in EQUIVALENT.read_text("utf-8").splitlines() if line.strip()}


def main() -> int:
    """Run what the command line asks for; the exit code is 1 below 95 % killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", help="folders or files of the package")
    parser.add_argument("--state", default="mutants.json")
    parser.add_argument(
        "--reach", default="reach.json", help="what the tests reach; kept for others"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=int, default=30, help="of processor time, for a mutant")
    parser.add_argument("--sample", type=float, default=1.0, help="the share that is tried")
    parser.add_argument("--seed", type=int, default=1, help="another one draws another sample")
    parser.add_argument(
        "--suite", nargs="+", default=[item for item in SUITE if (ROOT / item).exists()]
    )
    parser.add_argument("--one", metavar="KEY", help="run the tests on one mutant, from its import")
    options = parser.parse_args()
    mutants = _all_mutants(options.paths, 1.0 if options.one else options.sample, options.seed)
    arguments = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *options.suite]
    if options.one:
        (mutant,) = [item for item in mutants if item.key == options.one]
        sys.meta_path.insert(0, Imported(mutant))
        return int(pytest.main(arguments))
    random.Random(options.seed).shuffle(mutants)
    loop = Loop(options, mutants)
    pytest.main(arguments, plugins=[loop])
    return _report(loop, mutants)


def _report(loop: Loop, mutants: Sequence[Mutant]) -> int:
    equivalent = _equivalent()
    for mutant in sorted(mutants, key=lambda item: (item.path, item.lines.start)):
        result = loop.results.get(mutant.key)
        if result in (SURVIVED, UNREACHED) and mutant.key not in equivalent:
            print(
                f"\n{mutant.key} {result}: {mutant.path}:{mutant.lines.start} {mutant.function[0]}"
            )
            print("\n".join(mutant.diff))
    counted = [item for item in mutants if item.key not in equivalent]
    killed = sum(loop.results.get(item.key) in (KILLED, ENDLESS) for item in counted)
    print(f"\n{loop._words()}; {len(mutants) - len(counted)} equivalent")
    print(f"killed {killed} of {len(counted)}, which is {killed / len(counted):.1%}")
    return 0 if killed >= 0.95 * len(counted) else 1


if __name__ == "__main__":
    sys.exit(main())
