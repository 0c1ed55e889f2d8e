"""What becomes of a run whose output nobody can read: a plain end, and never a traceback."""

import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from engine.errors import Exit

ROOT = Path(__file__).resolve().parents[2]
AUDIT = (sys.executable, "-c", "from engine.cli import main; main()")
FULL = "standard output: U002 it cannot be written here (no space left on device)\n"
LIST = ("rules", "list")
NO_COMMAND = ("nonsense",)
NO_BATCH = ("score", "nowhere")

always_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="asks for a place that is always full"
)


def run(
    words: tuple[str, ...], out: IO[bytes] | int, err: IO[bytes] | int = subprocess.PIPE
) -> tuple[int, str]:
    """Return how a command ended, and what it said of it."""
    done = subprocess.run([*AUDIT, *words], stdout=out, stderr=err, cwd=ROOT, check=False)
    return done.returncode, (done.stderr or b"").decode()


def with_nobody_reading(words: tuple[str, ...], *, errors: bool) -> tuple[int, str]:
    """Return how a command ends whose output, or both outputs, go to a reader that has gone."""
    kept = subprocess.Popen(("true",), stdin=subprocess.PIPE)
    kept.wait()
    assert kept.stdin is not None
    try:
        return run(words, kept.stdin, subprocess.STDOUT if errors else subprocess.PIPE)
    finally:
        kept.stdin.close()


@always_full
@pytest.mark.parametrize("words", [LIST, ("--help",), ("--version",)])
def test_a_full_disk_is_said_plainly(words: tuple[str, ...]) -> None:
    """Where standard output cannot be written, one line says so, without a traceback."""
    with Path("/dev/full").open("wb") as full:
        assert run(words, full) == (Exit.USAGE, FULL)


@always_full
@pytest.mark.parametrize(("words", "code"), [(LIST, Exit.DONE), (NO_COMMAND, Exit.USAGE)])
def test_what_nobody_can_be_told_leaves_the_exit_code(words: tuple[str, ...], code: Exit) -> None:
    """Where standard error cannot be written, a run does its work and ends as it would have."""
    with Path("/dev/full").open("wb") as full:
        assert run(words, subprocess.DEVNULL, full) == (code, "")


@pytest.mark.parametrize("words", [LIST, ("--help",)])
def test_a_reader_that_has_gone_is_no_failure(words: tuple[str, ...]) -> None:
    """As in `audit --help | head -1`: nothing is wrong, and nothing is said."""
    assert with_nobody_reading(words, errors=False) == (Exit.DONE, "")


def test_wrong_usage_stays_wrong_with_nobody_reading() -> None:
    """As in `audit nonsense 2>&1 | true`: the exit code is still that of wrong usage."""
    assert with_nobody_reading(NO_COMMAND, errors=True) == (Exit.USAGE, "")


@pytest.mark.parametrize(("closed", "words", "code"), [(">&-", LIST, 0), ("2>&-", NO_BATCH, 2)])
def test_a_closed_output_is_no_failure(closed: str, words: tuple[str, ...], code: int) -> None:
    """With an output closed a command does its work and prints nowhere."""
    line = f'exec "{sys.executable}" -c "{AUDIT[2]}" {" ".join(words)} {closed}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr.decode()) == (code, "")
