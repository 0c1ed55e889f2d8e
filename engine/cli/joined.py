"""A batch as the user gives it: alone, or forms with the records of the children (`--records`)."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import say
from engine.errors import Exit, Location, Problem, Stop
from engine.records import read_batch
from engine.records.batch import Batch
from engine.records.found import STDIN
from engine.rulebook.book import Rulebook

if TYPE_CHECKING:
    from engine.records.mapping.model import MappingFile

CODES = {
    "U013": "records are given without a batch of forms",
}


@dataclass(frozen=True)
class Source:
    """The forms, and where they are to be joined, the records and the side that is trusted.

    A mapping tells how a system that is not known here writes: it is for the records where there
    are any, since forms are in our own shapes. `memory`: what the database may hold, in bytes.
    """

    forms: str
    records: str | None = None
    trust: str = "system"
    mapping: "MappingFile | None" = None
    memory: int | None = None

    @classmethod
    def given(cls, batch: str | None, records: str | None, trust: str) -> "Source | None":
        """Return the source of a command in which a batch may be left out.

        Raises:
            Stop: there are records and no batch.
        """
        if batch is not None:
            return cls(batch, records, trust)
        if records is not None:
            said = "records are joined with the forms of a batch, and none is given"
            where = Location("--records")
            raise Stop(Exit.USAGE, (Problem(where, "U013", said, "name it with --batch"),))
        return None

    def read(self, rulebook: Rulebook, *, quiet: bool = True) -> Batch:
        """Return the batch; the joined one where there are records.

        Raises:
            Stop: one of the two cannot be read, or they cannot be joined.
        """
        if self.records is None:
            return self._read(self.forms, rulebook, self.mapping)
        _check_different(self.forms, self.records)
        forms = self._read(self.forms, rulebook, None)
        try:
            records = self._read(self.records, rulebook, self.mapping)
        except BaseException:
            forms.close()
            raise
        return _joined(self, rulebook, (forms, records), quiet=quiet)

    def _read(self, path: str, rulebook: Rulebook, mapping: "MappingFile | None") -> Batch:
        return read_batch(path, rulebook.fields, rulebook.allowed, mapping, self.memory)


def _joined(
    source: Source, rulebook: Rulebook, inputs: tuple[Batch, Batch], *, quiet: bool
) -> Batch:
    from engine.records.joining import join

    try:
        joined = join(*inputs, rulebook.fields, trust_form=source.trust == "form")
    except BaseException:
        for batch in inputs:
            batch.close()
        raise
    if not quiet:
        audits = joined.batch.audit_count
        decides = "the forms decide" if source.trust == "form" else "the records decide"
        entries = "disagreement" if joined.disagreements == 1 else "disagreements"
        say(
            f"records: {source.records}; {joined.found:,} of {audits:,} audits joined, "
            f"{audits - joined.found:,} not found, {joined.disagreements:,} {entries}; {decides}"
        )
    return joined.batch


def _check_different(forms: str, records: str) -> None:
    same = forms == records
    if STDIN not in (forms, records):
        same = Path(forms).resolve() == Path(records).resolve()
    if same:
        said = f"the records are the same input as the forms, `{forms}`"
        way_out = "give the extract of the case management system with --records"
        raise Stop(Exit.USAGE, (Problem(Location(records), "B164", said, way_out),))
