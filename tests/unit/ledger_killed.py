"""Writers that are killed in the middle of a write, many times: `ledger_killed.py WHERE KILLS SEED`.

It prints as JSON how many were killed, how many of them left a half-written file behind (as the
journal shows that they did), and the entries that they were told are written.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from engine.moderation.ledger import Ledger, open_ledger
from tests.unit.ledgers import included, revealed

AT_ONCE = 3


def killed(ledger: Ledger, writes: int, after: float) -> int:
    """Let a process write so often and so long again, and kill it; return what it was told of.

    That is the last entry of which it was told that it is written.
    """
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        write(ledger, tells)
    os.close(tells)
    with os.fdopen(told, "rb") as pipe:
        lines = [pipe.readline() for _ in range(1 + writes)]
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines.extend(pipe.readlines())
    whole = [line for line in lines if line.endswith(b"\n")]
    return int(whole[-1])


def write(ledger: Ledger, tells: int) -> None:
    """Append for ever, saying each time up to which entry all is written."""
    os.write(tells, b"0\n")
    many = [f"A{one}" for one in range(300)]
    while True:
        entries = ledger.append([revealed(), included(*many), revealed()])
        os.write(tells, f"{entries[-1].seq}\n".encode())


def main(where: str, kills: int, seed: int) -> None:
    """Kill writers, and look at the ledger after each."""
    chance = random.Random(seed)
    ledger = open_ledger(where, create=True)
    ledger.append([revealed()] * AT_ONCE)
    halves = told = 0
    for _ in range(kills):
        told = max(told, killed(ledger, chance.randrange(3), chance.uniform(0, 0.03)))
        halves += Path(f"{where}-journal").exists()
        head = open_ledger(where, create=False).head()
        assert head.seq % AT_ONCE == 0, f"half of an append was written: {head}"
        assert head.seq >= told, f"{told} was said to be written, and {head} is there"
    breaches = [one.text for one in ledger.verify()]
    found = {"kills": kills, "halves": halves, "entries": ledger.head().seq, "breaches": breaches}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
