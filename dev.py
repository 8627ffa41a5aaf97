"""Everything a developer runs, on any machine with Python 3.11 or newer and nothing else.

    python3 dev.py demo         the whole story on a sandbox, no server needed
    python3 dev.py test [...]   the tests, on all cores; what follows goes to pytest
    python3 dev.py test --lowest [...]
                                the same but for the laws, on the lowest versions of all packages
                                that pyproject.toml allows; they are installed into `.venv/lowest`
    python3 dev.py lint         ruff: rules and format
    python3 dev.py types        mypy and pyright, strict
    python3 dev.py imports      who may import whom
    python3 dev.py docs [...]   generated pages and stubs: written, or with --check compared
    python3 dev.py bench [...]  the benchmarks
    python3 dev.py site [...]   the site, from README and docs/ into build/site
    python3 dev.py release ...  wheel, source archive and hashes, into dist/

The first run makes `.venv` and installs the package into it, with pip as it is configured here.
Later runs find it done, until pyproject.toml or the Python changes. `make` is not needed, and
nothing outside of this folder is written but pip's own cache.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOWEST = VENV / "lowest"
OLDEST = (3, 11)


def main(arguments):
    """Run one of the commands above and return its exit code."""
    name, rest = (arguments or ["help"])[0], arguments[1:]
    command = COMMANDS.get(name)
    if command is None:
        print(__doc__.strip())
        return 0 if name in ("help", "-h", "--help") else 64
    if sys.version_info < OLDEST:
        return refuse(
            f"this needs Python 3.11 or newer, and {sys.executable} is older.",
            "Run it with a newer one, such as: python3.13 dev.py " + name,
        )
    return command(rest)


def demo(arguments):
    """Show validate, plan, apply and an empty plan, on a sandbox."""
    return run("", [[tool("stashsync"), "demo", *arguments]])


def test(arguments):
    """Run the tests, with `--lowest` on the lowest versions allowed."""
    spread = [] if has_any(arguments, "-n", "--numprocesses", "--pdb") else ["-n", "auto"]
    if "--lowest" not in arguments:
        return run("dev", [[python(), "-m", "pytest", *spread, *arguments]])
    rest = [argument for argument in arguments if argument != "--lowest"]
    command = [python(LOWEST), "-m", "pytest", *spread, "--ignore=tests/laws", *rest]
    return run("dev", [command], LOWEST)


def lint(arguments):
    """Check rules and format; with `--fix`, put right what can be."""
    ruff = [python(), "-m", "ruff"]
    if "--fix" in arguments:
        return run("dev", [[*ruff, "check", "--fix", "."], [*ruff, "format", "."]])
    return run("dev", [[*ruff, "check", "."], [*ruff, "format", "--check", "."]])


def types(arguments):
    """Check types with two type checkers."""
    pyright = [python(), "-m", "basedpyright", "--pythonpath", python()]
    return run("dev", [[python(), "-m", "mypy", *arguments], [*pyright, *arguments]])


def imports(arguments):
    """Check which package imports which."""
    return run("dev", [[tool("lint-imports"), *arguments]])


def docs(arguments):
    """Write the generated pages, or check that they are up to date."""
    scripts = sorted((ROOT / "docs").glob("make_*.py"))
    return run("dev", [[python(), str(script), *arguments] for script in scripts])


def bench(arguments):
    """Run the benchmarks: all, or those whose names are given."""
    return run("bench", [[python(), "-m", "benchmarks", *arguments]])


def site(arguments):
    """Build the site; fails at a link that leads nowhere."""
    return run("site", [[python(), str(ROOT / "release" / "site.py"), *arguments]])


def release(arguments):
    """Build what is published."""
    return run("release", [[python(), str(ROOT / "release" / "publish.py"), *arguments]])


COMMANDS = {
    command.__name__: command
    for command in (demo, test, lint, types, imports, docs, bench, site, release)
}


# -- the environment ---------------------------------------------------------------------------


def run(extra, commands, venv=VENV):
    """Run all commands in an environment; return the first exit code that is not 0."""
    failed = prepare(extra, venv)
    environment = compiling_into(venv / "pycache")
    codes = [
        subprocess.call(command, cwd=ROOT, env=environment) for command in commands if not failed
    ]
    return failed or next((code for code in codes if code), 0)


def compiling_into(folder):
    """Return an environment in which Python keeps bytecode in `folder`, whatever is set here.

    Without it, each of the processes that the tests start would compile the package anew.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def prepare(extra, venv):
    """Make the environment and install the package into it, where that is not done yet."""
    stamp = venv / f"stashsync-{extra or 'plain'}.stamp"
    # What developers need has all that users need, and nothing of the other extras.
    enough = [stamp] if extra else [stamp, venv / "stashsync-dev.stamp"]
    digest = fingerprint()
    done = any(found.exists() and found.read_text() == digest for found in enough)
    if done and Path(python(venv)).exists():
        return 0
    if not made_by_this_python(venv):
        say(f"making {venv.relative_to(ROOT)}")
        shutil.rmtree(venv, ignore_errors=True)  # another Python's, or what is left of one
        code = make_venv(venv)
        if code:
            return code
    target = f".[{extra}]" if extra else "."
    say(f"installing {target} into {venv.relative_to(ROOT)}")
    command = [*pip(venv), "install", "--quiet", "--editable", target]
    if venv == LOWEST:
        pins = venv / "lowest.txt"
        pins.write_text("\n".join(lowest_versions(extra)), encoding="utf-8")
        command += ["--constraint", str(pins)]
    code = subprocess.call(command, cwd=ROOT)
    if code:
        return refuse(
            "pip could not install the package; its message is above.",
            "It takes packages from wherever pip is configured to: python3 -m pip config list",
            code,
        )
    stamp.write_text(digest)
    return 0


def lowest_versions(extra):
    """Turn each `name>=version` of pyproject.toml into `name==version`."""
    import tomllib  # not there in a Python that is too old, which `main` refuses in plain words

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"].get(extra, ())]
    return [re.sub(r"\s*>=\s*", "==", requirement) for requirement in needed]


def make_venv(venv):
    """Make an environment, with pip where this Python brings it along."""
    making = [sys.executable, "-m", "venv"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.call([*making, str(venv)], **quiet) == 0:
        return 0
    # Some distributions take ensurepip out of their Python: then the pip beside it has to do.
    shutil.rmtree(venv, ignore_errors=True)
    if subprocess.call([*making, "--without-pip", str(venv)]) == 0:
        if subprocess.call([*pip(venv), "--version"], **quiet) == 0:
            return 0
        shutil.rmtree(venv, ignore_errors=True)
    return refuse(
        "this Python cannot make a virtual environment with pip.",
        "On Debian and its like, install python3-venv; then run this again.",
    )


def pip(venv):
    """Return the command that installs into an environment."""
    inside = [python(venv), "-m", "pip"]
    probe = [python(venv), "-c", "import pip"]
    if subprocess.call(probe, stderr=subprocess.DEVNULL) == 0:
        return [*inside, "--disable-pip-version-check"]
    return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python(venv)]


def made_by_this_python(venv):
    """Return whether the environment exists and was made by the Python that runs this."""
    probe = [python(venv), "-c", "import sys; print(*sys.version_info[:2])"]
    if not Path(python(venv)).exists():
        return False
    found = subprocess.run(probe, stdout=subprocess.PIPE, text=True, check=False)
    return found.stdout.split() == [str(part) for part in sys.version_info[:2]]


def fingerprint():
    """Digest what an installation depends on: pyproject.toml, the Python and the folder."""
    whole = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    whole.update(f"{sys.version} {ROOT}".encode())
    return whole.hexdigest()


def python(venv=VENV):
    """Return the path of an environment's Python."""
    return tool("python", venv)


def tool(name, venv=VENV):
    """Return the path of a program of an environment."""
    folder, end = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return str(venv / folder / (name + end))


# -- arguments and messages ------------------------------------------------------------------


def has_any(arguments, *names):
    """Return whether an option is among the arguments, as `-n 4`, `-n4` or `--name=value`."""
    return any(
        argument == name
        or argument.startswith(name + "=")
        or (name == "-n" and argument[:2] == "-n")
        for argument in arguments
        for name in names
    )


def say(text):
    """Print a message of this script to standard error."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


def refuse(what, way_out, code=1):
    """Print what is wrong and what to do; return the exit code."""
    say(what)
    say(way_out)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
