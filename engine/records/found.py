"""What stands at the path that the user gave: a file with its first bytes, or a folder of them.

Content decides what a file is; its name is only shown, and names the table in a folder of tables.
"""

import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop
from engine.records.dictionary import known_name

HEAD = 65_536
STDIN = "-"


@dataclass(frozen=True)
class Found:
    """A file or folder: where its bytes are, and its name as the user knows it.

    `beside` names what stands in the folder and is no part of what it holds.
    """

    path: Path
    name: str
    beside: AbstractSet[str] = frozenset()

    @property
    def location(self) -> Location:
        """Return its location, for problems with the whole of it."""
        return Location(self.name)

    @cached_property
    def folder(self) -> bool:
        """Say whether it is a folder."""
        return self.path.is_dir()

    @cached_property
    def head(self) -> bytes:
        """Return the first bytes of a file, nothing for a folder."""
        return b"" if self.folder else self.content(HEAD)

    @cached_property
    def size(self) -> int:
        """Return the size of a file, or of all files in a folder."""
        if self.folder:
            return sum(inner.size for inner in self.inside)
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise unreadable(self.name, error) from error

    @property
    def stem(self) -> str:
        """Return the name without folders and ending."""
        return Path(self.name).stem

    @cached_property
    def inside(self) -> tuple["Found", ...]:
        """Return what the folder holds, by name; hidden and lock files are no part of it."""
        try:
            paths = sorted(self.path.iterdir())
        except OSError as error:
            raise unreadable(self.name, error) from error
        named = (path for path in paths if not path.name.startswith((".", "~$", "_")))
        shown = (path for path in named if path.name not in self.beside)
        return tuple(Found(path, f"{self.name.rstrip('/')}/{path.name}") for path in shown)

    def named(self, table: str) -> tuple["Found", ...]:
        """Return what stands in the folder under the name of a table."""
        if not self.folder:
            return ()
        return tuple(inner for inner in self.inside if known_name(inner.stem, (table,)))

    def content(self, most: int = -1) -> bytes:
        """Return the bytes of a file, at most so many."""
        try:
            with self.path.open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise unreadable(self.name, error) from error

    def chunks(self, size: int) -> Iterator[bytes]:
        """Yield the bytes of a file in pieces."""
        try:
            with self.path.open("rb") as file:
                while chunk := file.read(size):
                    yield chunk
        except OSError as error:
            raise unreadable(self.name, error) from error

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of a file with their ends."""
        try:
            with self.path.open("rb") as file:
                yield from file
        except OSError as error:
            raise unreadable(self.name, error) from error


def look(source: str | Path, scratch: Path) -> Found:
    """Return what stands at a path; `-` is standard input."""
    if str(source) == STDIN:
        kept = scratch / "stdin"
        kept.write_bytes(sys.stdin.buffer.read())
        return Found(kept, STDIN)
    name = Path(source).as_posix()
    try:
        Path(source).stat()
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error
    return Found(Path(source), name)


def unreadable(name: str, error: Exception) -> Stop:
    """Return the end of a run whose batch cannot be opened."""
    why = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
    reason = getattr(error, "strerror", None)
    detail = f": {str(reason).lower()}" if reason and why == "cannot be read" else ""
    return stop(Location(name), "B001", f"`{name}` {why}{detail}")


def stop(where: Location, code: str, message: str, way_out: str = "") -> Stop:
    """Return the end of a run whose batch cannot be read at all."""
    return Stop(Exit.USAGE, (Problem(where, code, message, way_out),))
