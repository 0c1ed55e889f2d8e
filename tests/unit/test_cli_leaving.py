"""The process `audit` ends at once, and only when all is written and put away."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import atexit, sys, threading, time
import engine.cli
class Late:
    def __del__(self):
        sys.stdout.write("taken apart")
def late():
    time.sleep(0.1)
    sys.stdout.write("thread ")
def main():
    atexit.register(sys.stdout.write, "put away ")
    threading.Thread(target=late).start()
    {end}
kept = Late()
engine.cli.main = main
{before}
engine.cli.command()
"""


@pytest.mark.parametrize(
    ("end", "before", "code", "said"),
    [
        ("sys.exit(3)", "", 3, "thread put away "),
        ("sys.exit()", "", 0, "thread put away "),
        ("pass", "", 0, "thread put away "),
        ("sys.exit('why')", "", 1, "thread put away taken apart"),
        ("raise ValueError", "", 1, "thread put away taken apart"),
        ("sys.exit(3)", "sys.modules['coverage'] = sys", 3, "thread put away taken apart"),
    ],
)
def test_the_process_ends_after_threads_and_what_is_to_be_put_away(
    end: str, before: str, code: int, said: str
) -> None:
    """Nothing that was written is lost, and the exit code is kept; what broke ends as ever."""
    program = PROGRAM.format(end=end, before=before)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout.decode()) == (code, said)


def test_the_process_prints_what_the_command_prints() -> None:
    """As a process of its own a command prints the same and ends with the same code."""
    ended = []
    for name in ("main", "command"):
        words = [sys.executable, "-c", f"from engine.cli import {name}; {name}()", "rules", "show"]
        done = subprocess.run(words, capture_output=True, cwd=ROOT, check=False)
        ended.append((done.returncode, done.stdout, done.stderr))
    assert ended[0] == ended[1]
    assert ended[0][0] == 2


def test_checking_rules_loads_neither_the_database_nor_reports() -> None:
    """`audit rules check` does not wait for what only batches need."""
    heavy = "duckdb", "engine.records.read", "engine.reports.view", "openpyxl", "jinja2"
    program = (
        "import sys; sys.argv = ['audit', 'rules', 'check']; from engine.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
