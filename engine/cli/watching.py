"""Notice that a file of some folders has changed, by looking at it every half second."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

EVERY = 0.5
Seen = dict[str, tuple[int, int]]


def changes(folders: Sequence[Path], wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yield at once, then whenever a rule file is added, changed or taken away.

    A file that is still being written is waited for: what is yielded for is a folder that stood
    still between two looks.
    """
    seen = look(folders)
    yield
    while True:
        wait(EVERY)
        now = look(folders)
        if now == seen:
            continue
        while now != seen:
            seen = now
            wait(EVERY)
            now = look(folders)
        yield


def look(folders: Sequence[Path]) -> Seen:
    """Return when each rule file was last changed, and how large it is."""
    seen = {}
    for path in (path for folder in folders for path in folder.rglob("*.y*ml")):
        try:
            state = path.stat()
        except OSError:  # taken away since it was listed
            continue
        seen[path.as_posix()] = (state.st_mtime_ns, state.st_size)
    return seen
