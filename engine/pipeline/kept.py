"""The finished parts of a run that was interrupted, kept for the next run of the same command.

In: a folder, and what makes a run the same. Out: the numbers of the parts that are there, and what
they counted. A part is finished when the note beside it is there; a note says which audits the part
holds, what its file has to be, and what was counted in it, under a seal: a note that was edited
or damaged is none. It must not know of commands or screens.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from engine.findings.slices import Slice
from engine.pipeline.scoring import Scoring
from engine.reports.as_parquet import FOLDER, part_name
from engine.reports.tally import Tally
from engine.sources import source_hash

NOTES, RUN = "notes", "run.json"
SEAL = "seal"
LAYOUT = 1

Tell = Callable[[int, int], None]


def same_run(scoring: Scoring) -> Mapping[str, object]:
    """Return all that decides what the parts of a run hold."""
    presence = scoring.batch.presence
    silent = {
        "source": presence.source,
        "latest_only": sorted(presence.latest_only),
        "not_examined": sorted(presence.not_examined),
        "put_aside": sorted(presence.put_aside),
        "partly": sorted(presence.partly),
    }
    return {
        "layout": LAYOUT,
        "engine": source_hash(),
        "duckdb": duckdb.__version__,
        "rulebook": scoring.rulebook.hash,
        "input": scoring.batch.input_hash,
        "held": silent,
        "as_of": str(scoring.as_of),
        "slice": scoring.size,
    }


def name_of(run: Mapping[str, object]) -> str:
    """Return a short name for a run, which no other run has."""
    return _seal(run)[:12]


@dataclass(frozen=True)
class Kept:
    """Finished parts: their files in `results`, their notes in `folder`; `tell` hears of both."""

    folder: Path
    results: Path
    tell: Tell = lambda _there, _all: None

    def begin(self, run: Mapping[str, object]) -> None:
        """Write down which run it is."""
        (self.folder / NOTES).mkdir(parents=True, exist_ok=True)
        _write(self.folder / RUN, run)

    def take(self, parts: Sequence[Slice], tally: Tally) -> frozenset[int]:
        """Count the finished parts, and clear away what else is there; return their numbers."""
        found = {number: note for number, part in enumerate(parts) if (note := self._note(number))
                 and note["audits"] == _audits(part)}  # fmt: skip
        whole = {number for number, note in found.items() if self._is_whole(number, note)}
        self._clear(whole)
        for number in sorted(whole):
            tally.take(found[number]["counts"])
        if whole:
            self.tell(len(whole), len(parts))
        return frozenset(whole)

    def keep(self, number: int, part: Slice, counted: Tally) -> None:
        """Note that a part is written and counted."""
        size, digest = _contents(self._file(number))
        counts = counted.told()
        note = {"audits": _audits(part), "bytes": size, "sha256": digest, "counts": counts}
        _write(self._noted(number), {**note, SEAL: _seal(note)})

    def _note(self, number: int) -> dict[str, Any]:
        note = _read(self._noted(number))
        # what stands in a note is counted as it is: one that was damaged or edited is no note
        return note if note.pop(SEAL, None) == _seal(note) else {}

    def _is_whole(self, number: int, note: Mapping[str, Any]) -> bool:
        try:
            return _contents(self._file(number)) == (note["bytes"], note["sha256"])
        except OSError:
            return False

    def _clear(self, whole: set[int]) -> None:
        """Take away what was half written, and notes of files that are not as they were."""
        files = {self._file(number) for number in whole} | {self._noted(n) for n in whole}
        for folder in (self.results, self.folder / NOTES):
            for path in folder.rglob("*"):
                if path.is_file() and path not in files:
                    path.unlink()

    def _file(self, number: int) -> Path:
        return self.results / FOLDER / part_name(number)

    def _noted(self, number: int) -> Path:
        return self.folder / NOTES / f"{number:05}.json"


def finished(folder: Path) -> int:
    """Return how many finished parts a folder of a run keeps."""
    return len([*(folder / NOTES).glob("*.json")])


def run_in(folder: Path) -> Mapping[str, object] | None:
    """Return which run a folder is of; `None` where it does not say."""
    return _read(folder / RUN) or None


def _read(path: Path) -> dict[str, Any]:
    """Return what a file holds, and nothing where it is damaged or away."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _seal(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _audits(part: Slice) -> list[object]:
    return [part.first, part.last, part.count]


def _contents(file: Path) -> tuple[int, str]:
    with file.open("rb") as opened:
        return file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest()


def _write(path: Path, content: object) -> None:
    # INVARIANT: under its name a note is whole, whenever the run is killed
    half = path.with_suffix(".half")
    half.write_text(json.dumps(content), "utf-8")
    half.replace(path)
