"""A rehearsal of a week: moderators' workbooks filled in from the known truth of a synthetic batch.

In: workbooks that `audit sample` wrote, and the true grade of each audit. Out: the same workbooks
with grades. What a moderator gives is drawn from the seed, their name and the audit alone, so that
it is the same in whatever order workbooks are filled.

A moderator gives the true grade to some 85 in 100 files and else the next one on the side of the
file's latent quality, so that two of them agree on about 74 in 100.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.moderation import book_words as words
from engine.rulebook.book import Rulebook

TRUE = 0.846  # p² + (1 - p)² = 0.74
SECTION_AS_OVERALL = 0.7
HOLDS_OUT = 0.25  # of grades above the cap a moderator stands by so many
SWAYED = 0.1  # of grades one from the auditor's so many are given up
ZIPPED = (1980, 1, 1, 0, 0, 0)
STAMP = b"2026-01-01T00:00:00Z"
SAW = (
    "The file shows this throughout the period.",
    "Seen on the file; the plan and the visits agree.",
    "The chronology and supervision notes were read too.",
)


@dataclass(frozen=True)
class Truth:
    """What the maker of the batch knows of an audit: the true grade's rank, and the quality."""

    grade: int
    latent: float


@dataclass
class Rehearsal:
    """One rehearsal: its seed, the truth by audit, the codes for reasons, who moderates."""

    seed: int
    rulebook: Rulebook
    truth: Mapping[str, Truth]
    reasons: Sequence[str]
    moderators: Sequence[str]
    unknown: set[str] = field(default_factory=set)

    def blind(self, moderator: str, audit: str) -> int:
        """Return the rank that a moderator gives an audit blind."""
        draws, truth = self._draws("blind", moderator, audit), self.truth[audit]
        if draws.random() < TRUE:
            return truth.grade
        up = truth.latent >= truth.grade
        return self._known(truth.grade + (1 if up else -1)) or truth.grade

    def section(self, moderator: str, audit: str, section: str, overall: int) -> int:
        """Return the rank that a moderator gives a section: mostly that of the whole."""
        draws = self._draws("section", moderator, audit, section)
        if draws.random() < SECTION_AS_OVERALL:
            return overall
        return self._known(overall + draws.choice((-1, 1))) or overall

    def confirmed(
        self, moderator: str, audit: str, standing: tuple[int, int, int]
    ) -> tuple[int, bool]:
        """Return the rank that is confirmed, and whether it overrides the cap.

        `standing`: the ranks of the auditor's grade, the cap and the blind grade; 0 is none.
        """
        auditor, cap, blind = standing
        draws = self._draws("confirm", moderator, audit)
        if cap and blind > cap:
            holds = len(self.moderators) > 1 and draws.random() < HOLDS_OUT
            return (blind, True) if holds else (cap, False)
        near = auditor and abs(auditor - blind) == 1 and not (cap and auditor > cap)
        return (auditor if near and draws.random() < SWAYED else blind), False

    def said(self, moderator: str, audit: str) -> tuple[str, str]:
        """Return a reason and a note."""
        draws = self._draws("said", moderator, audit)
        return (draws.choice(self.reasons) if self.reasons else ""), draws.choice(SAW)

    def other(self, moderator: str, audit: str) -> str:
        """Return the second moderator who agrees."""
        others = [name for name in self.moderators if name != moderator]
        return self._draws("other", moderator, audit).choice(others)

    def title(self, rank: int) -> str:
        """Return the title of a grade."""
        return self.rulebook.title(self.rulebook.grades[rank - 1])

    def rank(self, title: object) -> int:
        """Return the rank of a grade by its title; 0 for none."""
        titles = [grade.title for grade in self.rulebook.book.grades]
        return titles.index(str(title)) + 1 if title in titles else 0

    def _known(self, rank: int) -> int:
        return rank if 1 <= rank <= len(self.rulebook.grades) else 0

    def _draws(self, *names: str) -> random.Random:
        return random.Random("/".join((str(self.seed), *names)))


def fill(path: Path, rehearsal: Rehearsal) -> tuple[bytes, int]:
    """Return a workbook filled in, and how many audits it has; audits without truth stay blank."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    cover = {row[0]: row[1] for row in book[words.COVER].iter_rows(max_col=2, values_only=True)}
    moderator, stage = str(cover[words.MODERATOR]), cover[words.STAGE]
    done = 0
    for row in _rows(book[words.GRADES], words.GRADES_BELOW):
        audit = str(row[words.AUDIT].value)
        if audit not in rehearsal.truth:
            rehearsal.unknown.add(audit)
            continue
        if stage == words.BLIND:
            _grade(row, moderator, book, rehearsal)
        else:
            _confirm(row, moderator, book, rehearsal)
        done += 1
    written = BytesIO()
    book.save(written)
    return _fixed(written.getvalue()), done


def is_filled(path: Path) -> bool:
    """Say whether anybody has chosen a grade in a workbook."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    overall = (words.OVERALL, words.CONFIRMED)
    rows = list(book[words.GRADES].iter_rows(min_row=words.GRADES_BELOW, values_only=True))
    book.close()
    places = [at for at, name in enumerate(rows[0]) if name in overall]
    return any(row[at] for row in rows[1:] for at in places if at < len(row))


def _rows(sheet: Any, below: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - openpyxl has no types
    heads = [cell.value for cell in sheet[below]]
    for row in sheet.iter_rows(min_row=below + 1):
        cells = dict(zip(heads, row, strict=False))
        if cells[words.AUDIT].value:
            yield cells


def _grade(row: dict[str, Any], moderator: str, book: Any, by: Rehearsal) -> None:  # noqa: ANN401
    audit = str(row[words.AUDIT].value)
    overall = by.blind(moderator, audit)
    row[words.OVERALL].value = by.title(overall)
    sheet = book[row["(Its sheet)"].value]
    sections = {cells[1].value for cells in sheet.iter_rows(min_row=4) if cells[4].value}
    for section in sections & row.keys():
        row[section].value = by.title(by.section(moderator, audit, section, overall))
    row[f"{words.REASON} 1"].value, row[words.NOTE].value = by.said(moderator, audit)


def _confirm(row: dict[str, Any], moderator: str, book: Any, by: Rehearsal) -> None:  # noqa: ANN401
    audit = str(row[words.AUDIT].value)
    shown = ("(Auditor's grade)", "(Record allows at most)", "(Your blind grade)")
    auditor, cap, blind = (by.rank(row[name].value) for name in shown)
    rank, overrides = by.confirmed(moderator, audit, (auditor, cap, blind))
    row[words.CONFIRMED].value = by.title(rank)
    row[f"{words.REASON} 1"].value, row[words.NOTE].value = by.said(moderator, audit)
    if overrides:
        row[words.OVERRIDE].value = "The file shows the work, which the record has elsewhere."
        row[words.SECOND].value = by.other(moderator, audit)
        return
    for cells in _rows(book[words.DOMAINS], words.DOMAINS_BELOW):
        most, given = (by.rank(cells[name].value) for name in shown[1:])
        if str(cells[words.AUDIT].value) == audit and most and given > most:
            cells[words.DOMAIN_GRADE].value = by.title(most)


def _fixed(written: bytes) -> bytes:
    """Return a workbook without the time at which it was saved, so that its bytes are the same."""
    import re

    out = BytesIO()
    with ZipFile(BytesIO(written)) as before, ZipFile(out, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", STAMP, content)
            info = ZipInfo(part.filename, ZIPPED)
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, content)
    return out.getvalue()
