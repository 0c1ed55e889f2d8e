"""How long each phase of a contender took, printed as one line of JSON for `run.py`."""

import json
from collections import defaultdict
from threading import Lock
from time import perf_counter, process_time


class Clock:
    """Seconds by phase, on the wall and of the processors, from one call of `done` to the next."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = defaultdict(float)
        self.cpu: dict[str, float] = defaultdict(float)
        # of all workers together: they are at it side by side, so this is no part of the wall
        self.stages: dict[str, float] = defaultdict(float)
        self.booking = Lock()
        self.last = perf_counter(), process_time()

    def done(self, phase: str) -> None:
        """Book the time since the last call to a phase."""
        now = perf_counter(), process_time()
        self.wall[phase] += now[0] - self.last[0]
        self.cpu[phase] += now[1] - self.last[1]
        self.last = now

    def book(self, stage: str, seconds: float) -> None:
        """Book a worker's time to a stage that other workers may be in as well."""
        with self.booking:
            self.stages[stage] += seconds

    def print(self, audits: int | None = None, **versions: str) -> None:
        """Print the phases and stages, and the versions of what was used.

        `audits` says how many were scored where that may be fewer than the batch holds.
        """
        booked = {"wall": self.wall, "cpu": self.cpu, "stages": self.stages}
        found = {name: _rounded(seconds) for name, seconds in booked.items()}
        print(json.dumps({**found, "versions": versions, "audits": audits}))


def _rounded(seconds: dict[str, float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in seconds.items()}
