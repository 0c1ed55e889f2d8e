"""What only the maker of a batch knows, in a folder beside it.

`truth` has a row an audit: the latent quality on the scale of the grades, the true grade, and the
standards on which the auditor's answer contradicts the record or lacks its support.
`auditors.csv` has a row an auditor: the mean gap to the true grade, and the noise about it.

In: a generator that holds a stretch of audits. Out: the files. It must not know how they are drawn.
"""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from engine.synthetic.as_tables import copy, join, part_of_text
from engine.synthetic.generator import Generator

AUDITS = "SELECT * EXCLUDE (i) FROM truth.audits ORDER BY i"
AUDITORS = "SELECT auditor_id, leniency, noise FROM truth.auditors"


@dataclass(frozen=True)
class TruthSink:
    """Write the truth about each stretch; Parquet for a batch in Parquet, and else CSV."""

    folder: Path
    scratch: Path
    format: str
    parts: int
    auditors: dict[str, tuple[str, str]] = field(default_factory=dict)

    def write(self, generator: Generator, number: int) -> None:
        """Write the truth about one stretch, and remember its auditors."""
        copy(generator, AUDITS, self._part(number))
        for name, leniency, noise in generator.con.execute(AUDITORS).fetchall():
            self.auditors[name] = (str(leniency), str(noise))

    def _part(self, number: int) -> Path:
        if self.format != "parquet":
            return part_of_text(self.scratch, "truth of audits", number, "csv")
        if self.parts == 1:
            return self.folder / "truth.parquet"
        parts = self.folder / "truth"
        parts.mkdir(exist_ok=True)
        return parts / f"part-{number:05}.parquet"

    def take(self, number: int) -> None:
        """Join what was written as text to what came before it."""
        if self.format != "parquet":
            join(self._part(number), self.folder / "truth.csv")

    def close(self) -> None:
        """Write the auditors, by name."""
        with (self.folder / "auditors.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("auditor_id", "leniency", "noise"))
            writer.writerows((name, *known) for name, known in sorted(self.auditors.items()))
