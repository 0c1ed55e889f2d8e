"""Commands of `audit` for the tests: run in this process, or as a process of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.cli import main

ROOT = Path(__file__).parents[2]
AS_OF = ("--as-of", "2026-06-30")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it printed where."""

    code: int
    out: str
    err: str


@dataclass
class Audit:
    """Runs `audit` in this process."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Ended:
        self.monkeypatch.setattr("sys.argv", ["audit", *map(str, arguments)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = self.capsys.readouterr()
        code = end.value.code
        assert isinstance(code, int | None)
        return Ended(code or 0, printed.out, printed.err)


def process(*arguments: str | Path, stdin: str = "", **settings: str) -> Ended:
    """Run `audit` as a process of its own, from the root of the checkout."""
    command = [sys.executable, "-c", "from engine.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(
        command,
        input=stdin.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def names(folder: Path) -> list[str]:
    """Return the files below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
