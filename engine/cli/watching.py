"""Notice that a file of a folder has changed, by looking at it every half second."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

EVERY = 0.5
Seen = dict[str, tuple[int, int]]


def changes(folder: Path, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yield at once, then whenever a rule file is added, changed or taken away.

    A file that is still being written is waited for: what is yielded for is a folder that stood
    still between two looks.
    """
    seen = look(folder)
    yield
    while True:
        wait(EVERY)
        now = look(folder)
        if now == seen:
            continue
        while now != seen:
            seen = now
            wait(EVERY)
            now = look(folder)
        yield


def look(folder: Path) -> Seen:
    """Return when each rule file was last changed, and how large it is."""
    seen = {}
    for pattern in ("*.yaml", "*.yml"):
        for path in folder.rglob(pattern):
            try:
                state = path.stat()
            except OSError:  # taken away since it was listed
                continue
            seen[path.as_posix()] = (state.st_mtime_ns, state.st_size)
    return seen
