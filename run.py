#!/usr/bin/env python3
"""Run anything of this project from a fresh checkout, with nothing but Python 3.11 or newer.

    python3 run.py score audits/examples   any command of `audit`; `--help` lists them
    python3 run.py test                    the tests, with their coverage after `--cov`; what
                                           follows goes to pytest
    python3 run.py lint                    style, types and the import contract
    python3 run.py check                   lint, then the tests with their coverage, as CI does
    python3 run.py bench                   the benchmarks; what follows goes to them

The first run makes `.venv` beside this file and installs the pinned packages; later ones start
at once. What this file says goes to standard error: standard output holds data alone.
"""

# The standard library alone, and no syntax that an older Python cannot read: it has to get as far
# as the message that asks for a newer one. What only the first run needs is imported there.
from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

TYPE_CHECKING = False  # as in `typing`, whose import would cost more than all the rest
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")

# the groups of packages that each needs; the types of the tests need the packages of the tests
GROUPS = {
    "test": ["test", "peers"],
    "lint": ["lint", "test"],
    "check": ["lint", "test", "peers"],
    "bench": ["bench"],
}
LINT = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",))
# neighbours share what a file of tests makes once: each worker starts with a half of them in order
TEST = ("pytest", "--numprocesses=auto", "--dist=worksteal")
# pytest-cov would double the time of the tests: below Python 3.14, coverage.py traces every line
# each time it is run; SlipCover takes its marks out of the code once they have been passed
MEASURED = ".coverage.json"
QUIET = "ignore:Unable to activate pytest branch coverage"  # of the tests, which is not asked for
MEASURE = ("python", "-W", QUIET, "-m", "slipcover", "--json", "--out", MEASURED, "-m")
# its `--fail-under` is for afterwards: with several workers it would lose what they measured
ENOUGH = ("python", "-m", "slipcover", "--fail-under", "90", "--out", MEASURED, "--merge", MEASURED)
BENCH = ("python", "benchmarks/run.py")


def main(arguments: Sequence[str]) -> int:
    """Make the environment ready for what is asked, and do it."""
    if sys.version_info < OLDEST:
        stop("Python {}.{} or newer is needed; this is {}.{}".format(*OLDEST, *sys.version_info))
    name, *rest = arguments or ["--help"]
    if name in ("-h", "--help"):
        say(str(__doc__))
    if name in GROUPS:
        os.chdir(ROOT)
    prepare(*GROUPS.get(name, ()))
    if name == "lint":
        return all_of(LINT)
    if name == "check":
        return all_of((*LINT, *covered(())))
    if name == "test" and "--cov" in rest:
        return all_of(covered([word for word in rest if word != "--cov"]))
    return become(*{"test": TEST, "bench": BENCH}.get(name, ("audit", name)), *rest)


def covered(rest: Sequence[str]) -> Sequence[Sequence[str]]:
    """Return what runs the tests with their coverage, and what says whether that is enough."""
    return (*MEASURE, *TEST, *rest), ENOUGH


def become(tool: str, *arguments: str) -> int:
    """Hand this process over to a tool of the environment."""
    command = [str(BIN / tool), *arguments]
    if not WINDOWS:  # there, an exec returns to the prompt before the tool is done
        os.execv(command[0], command)
    return run(command)


def all_of(commands: Sequence[Sequence[str]]) -> int:
    """Run every command, even after one has failed, and say at the end which did."""
    failed = []
    for command in commands:
        say(f"\n$ {' '.join(command)}")
        if run([str(BIN / command[0]), *command[1:]]):
            failed.append(" ".join(command))
    say(f"\nfailed: {', '.join(failed)}" if failed else "\nall checks passed")
    return 1 if failed else 0


def run(command: Sequence[str]) -> int:
    """Run a command in the open."""
    import subprocess

    return subprocess.run(command, check=False).returncode


def run_quietly(*command: str) -> None:
    """Run a command; only if it fails, show the end of what it printed, and stop."""
    import subprocess

    # a personal `pip install --user` setting would go past the environment
    settings = {**os.environ, "PIP_USER": "0", "PYTHONIOENCODING": "utf-8"}
    pipe, merged, nothing = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
    done = subprocess.run(
        command, cwd=ROOT, env=settings, stdin=nothing, stdout=pipe, stderr=merged, check=False
    )
    if done.returncode:
        tail = done.stdout.decode(errors="replace").splitlines()[-25:]
        stop("\n".join([*tail, "", f"this failed: {' '.join(command)}"]))


def say(message: str) -> None:
    """Tell the person, on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def stop(message: str) -> NoReturn:
    """End with a message, as for wrong usage: nothing was done."""
    say(message)
    sys.exit(2)


def prepare(*groups: str) -> None:
    """Install the project and the groups of packages asked for, unless that was done before."""
    wanted = {"project", *groups}
    if wanted <= installed():
        return
    with alone():
        before = installed()
        if wanted <= before:
            return
        provide_for_building()
        say("making .venv ready; the first time, this takes a minute")
        make_environment()
        install(groups)
        STAMP.write_text(f"{' '.join(sorted(wanted | before))}\n{basis()}", encoding="utf-8")


def basis() -> str:
    """Return all that an environment depends on: where it stands, what is asked for, the pins."""
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    return "\n".join([str(VENV), *(file.read_text(encoding="utf-8") for file in files)])


def installed() -> set[str]:
    """Return what was installed on the present basis; nothing where the basis has changed."""
    try:
        names, _, before = STAMP.read_text(encoding="utf-8").partition("\n")
    except OSError:
        return set()
    return set(names.split()) if before == basis() and PYTHON.exists() else set()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep a second first run waiting: two at once would spoil each other's environment."""
    with Path(__file__).open(encoding="utf-8") as held:
        if not WINDOWS:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    """Make `.venv`, unless a whole one stands there; one that was moved is made anew."""
    STAMP.unlink(missing_ok=True)
    settings = VENV / "pyvenv.cfg"
    whole = PYTHON.exists() and settings.exists()
    if not (whole and settings.read_text(encoding="utf-8").rstrip().endswith(f" {VENV}")):
        run_quietly(sys.executable, "-m", "venv", "--clear", str(VENV))


def install(groups: Sequence[str]) -> None:
    """Install the pinned packages; the pip that Python brings may be too old to know groups."""
    pip = (str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check")
    pins = ("--constraint", "constraints.txt")
    run_quietly(*pip, *pins, "--upgrade", "pip")
    named = [word for group in groups for word in ("--group", group)]
    run_quietly(*pip, *pins, "--build-constraint", "constraints.txt", "--editable", ".", *named)
    # Python does so by itself, save where it may not write or was told not to
    run_quietly(str(PYTHON), "-m", "compileall", "-q", "engine")


def provide_for_building() -> None:
    """Install what the machine lacks where that is allowed; otherwise say what to type."""
    lacking = lacking_packages()
    if not lacking:
        return
    names = " ".join(lacking)
    before = administrator()
    if before is None:
        stop(f"this machine lacks {names}\n{advice(names)}")
    say(f"installing what this machine lacks: {names}")
    apt = (*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
    run_quietly(*apt, "update")
    run_quietly(*apt, "install", "-y", "--no-install-recommends", *lacking)


def lacking_packages() -> list[str]:
    """Name, as Debian does, what is missing to make `.venv` and to build durable-rules."""
    from importlib.util import find_spec
    from shutil import which
    from sysconfig import get_config_var, get_path

    python = "python{}.{}".format(*sys.version_info)
    builds = not WINDOWS and sys.version_info < (3, 13)  # as the marker in pyproject.toml
    compiler = str(get_config_var("CC") or "cc").split()[0]
    lacks = {
        f"{python}-venv": find_spec("ensurepip") is None,
        f"{python}-dev": builds and not Path(get_path("include"), "Python.h").is_file(),
        "gcc": builds and not which(compiler),
    }
    return [name for name, lacking in lacks.items() if lacking]


def administrator() -> tuple[str, ...] | None:
    """Return what to put before `apt-get`, or None where it is not to be had."""
    from shutil import which
    from subprocess import DEVNULL, call

    if not which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ()
    asked = which("sudo") and call(["sudo", "-n", "true"], stderr=DEVNULL)
    return ("sudo", "-n") if asked == 0 else None


def advice(names: str) -> str:
    """Say what a person without those rights has to type."""
    from shutil import which

    if sys.platform == "darwin":
        return "type this, then try again:\n  xcode-select --install"
    if not which("apt-get"):
        return "install them, under the names that they have here, then try again"
    typed = f"apt-get update && apt-get install -y {names}"
    typed = typed.replace("apt-get", "sudo apt-get") if which("sudo") else f"su -c '{typed}'"
    return f"type this, then try again:\n  {typed}"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
