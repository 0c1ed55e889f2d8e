"""Read the files of one folder of rules as trees with places.

A folder comes in; its trees, what is wrong with them and the hash of its content go out. This is
the only module of the rulebook that touches files. It does not know what the trees mean.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from engine.errors import Location, Problem, reason
from engine.rulebook.source import Source, read_source

BOOK, OVERLAY, FIELDS, JUDGEMENT = "rulebook.yaml", "overlay.yaml", "fields.yaml", "judgement.yaml"
PROMISES, OUTAGES = "promises.yaml", "outages.yaml"
NOT_STAGES = ("calendars", "schemas")

_WHOLE = "a rulebook is a folder with rulebook.yaml, fields.yaml and judgement.yaml"
# From `examples:` to the end of a file, where nothing but the list of them follows.
_EXAMPLES = re.compile(
    rb"^examples:[ \t]*\r?\n(?:(?:[ \t#-][^\r\n]*)?\r?\n)*(?:[ \t#-][^\r\n]*)?\Z", re.MULTILINE
)
CODES = {"R010": "a file of the rulebook is missing or cannot be read"}


class Folder:
    """One folder, its files read once: what they hold, and what is wrong with them.

    `examples`: whether the examples of standards are read. They are more than half of all text,
    and nothing is scored by them.
    """

    def __init__(self, path: Path, *, examples: bool = True) -> None:
        self.path = path
        self.examples = examples
        self.name = path.as_posix()
        self.problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        self.contents: dict[str, bytes] = {}

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        return (self.path / name).is_file()

    def shown(self, name: str) -> str:
        """Return the path of a file as it is printed."""
        return (self.path / name).as_posix()

    def data(self, name: str, help_: str = _WHOLE) -> bytes | None:
        """Return the bytes of a file, or note that it cannot be read."""
        try:
            self.contents[name] = (self.path / name).read_bytes()
        except OSError as error:
            place = Location(self.shown(name))
            why = (
                "there is no such file"
                if isinstance(error, FileNotFoundError)
                else (f"the file cannot be read ({reason(error)})")
            )
            self.problems.append(Problem(place, "R010", why, help_))
            return None
        return self.contents[name]

    def source(self, name: str) -> Source | None:
        """Return the tree of a file, or note why there is none."""
        if name in self.sources:
            return self.sources[name]
        data = self.data(name)
        if data is None:
            return None
        read = data if self.examples else _EXAMPLES.sub(b"", data)
        source, problems = read_source(read, self.shown(name))
        self.problems += problems
        if source is not None:
            self.sources[name] = source
        return source

    def standards(self) -> Iterator[tuple[str, Source | None]]:
        """Yield each file in a folder of this one, with its tree if it has one."""
        for path in sorted(self.path.glob("*/*")):
            named = path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
            if named and path.parent.name not in NOT_STAGES:
                name = path.relative_to(self.path).as_posix()
                yield name, self.source(name)

    def hash(self) -> str:
        """Return the SHA-256 of all files read, by name."""
        digest = hashlib.sha256()
        for name, data in sorted(self.contents.items()):
            digest.update(f"{name}\0{len(data)}\0".encode(errors="surrogateescape"))
            digest.update(data)
        return digest.hexdigest()
