"""The moderators' workbooks as files: the blind ones, and after the reveal those to confirm in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import say
from engine.errors import Exit
from engine.moderation import book_words as words
from engine.moderation.sampling import Sample

if TYPE_CHECKING:
    from engine.cli.sample import Asked
    from engine.moderation.cases import Case
    from engine.pipeline import Scoring
    from engine.rulebook.book import Rulebook

BLIND, CONFIRM = "blind", "confirm"


def reason_codes(rulebook: "Rulebook") -> dict[str, str]:
    """Return the codes for reasons with their titles, in the order of the rulebook."""
    return {one.id: one.title for one in rulebook.book.moderation_reasons}


def file_names(names: Sequence[str], stage: str) -> dict[str, str]:
    """Return the name of each moderator's workbook: the name in letters that any disk takes.

    >>> file_names(["Jo Ó Néill", "jo o-neill"], "blind")
    {'Jo Ó Néill': 'jo-ó-néill-blind.xlsx', 'jo o-neill': 'jo-o-neill-blind.xlsx'}
    """
    given: dict[str, str] = {}
    for name in names:
        plain = "".join(letter if letter.isalnum() else "-" for letter in name.casefold())
        stem = "-".join(part for part in plain.split("-") if part)[:60] or "moderator"
        tried, number = stem, 1
        while f"{tried}-{stage}.xlsx" in given.values():
            number += 1
            tried = f"{stem}-{number}"
        given[name] = f"{tried}-{stage}.xlsx"
    return given


def first_books(sample: Sample, scoring: "Scoring", folder: Path) -> None:
    """Write the blind workbook of each moderator who has an audit."""
    from engine.pipeline import some_audits
    from engine.reports.moderator_book.blind import blind_audits
    from engine.reports.moderator_book.first import write_first
    from engine.reports.moderator_book.page import Told

    rulebook = scoring.rulebook
    views = some_audits(scoring, sorted(sample.first))
    blind = blind_audits(views, rulebook, scoring.batch)
    reasons = reason_codes(rulebook)
    for name, file in file_names(sample.moderators, BLIND).items():
        audits = [blind[audit] for audit in sample.of(name)]
        if audits:
            told = Told(words.BLIND, sample.draw.draw, name, (), reasons)
            (folder / file).write_bytes(write_first(rulebook, told, audits))


def reveal(asked: "Asked", sample: Sample, scoring: "Scoring", at: datetime) -> Exit:
    """Reveal to each first moderator what they sealed, and write the second workbooks."""
    from engine.cli.outputs import placed
    from engine.cli.sample import refused
    from engine.moderation.cases import cases
    from engine.moderation.entries import Draft, Revealed
    from engine.moderation.ledger import open_ledger

    grades = scoring.rulebook.grades
    with placed(asked.out) as folder, open_ledger(asked.where, create=False).writing() as held:
        known = cases(held.entries(), grades)
        open_ = {name: tuple(_open(sample, known, name)) for name in sample.moderators}
        if not any(open_.values()):
            said = "no sealed grade waits to be confirmed"
            help_ = "read the moderators' workbooks with `audit moderate import` first"
            raise refused("M430", "--reveal", said, help_)
        drafts = [
            Draft(Revealed(moderator=name), asked.by, at, case.audit_id)
            for name, held_ in open_.items()
            for case in held_
            if not case.shown_to(name)
        ]
        held.append(drafts)
        _second_books(sample, scoring, folder, open_)
    audits = sum(map(len, open_.values()))
    books = sum(map(bool, open_.values()))
    say(f"{audits:,} audits revealed in {books:,} workbooks in {asked.out}; import them as before")
    return Exit.DONE


def _open(sample: Sample, known: Mapping[str, "Case"], name: str) -> Iterator["Case"]:
    """Yield the cases that a first moderator sealed and has not confirmed."""
    for audit in sorted(sample.first):
        case = known.get(audit)
        if sample.first[audit] == name and case and case.blind_of(name) and not case.decision:
            yield case


def _second_books(
    sample: Sample,
    scoring: "Scoring",
    folder: Path,
    open_: Mapping[str, Sequence["Case"]],
) -> None:
    from engine.pipeline import some_audits
    from engine.reports.build import words_of
    from engine.reports.moderator_book.page import Told
    from engine.reports.moderator_book.second import Shown, write_second

    rulebook = scoring.rulebook
    ids = sorted(case.audit_id for cases_ in open_.values() for case in cases_)
    views = {view.audit_id: view for view in some_audits(scoring, ids)}
    names = words_of(rulebook)
    for name, file in file_names(sample.moderators, CONFIRM).items():
        audits = [
            Shown(views[case.audit_id], case.standing, blind.graded)
            for case in open_[name]
            if (blind := case.blind_of(name))
        ]
        if audits:
            others = tuple(one for one in sample.moderators if one != name)
            told = Told(words.CONFIRM, sample.draw.draw, name, others, reason_codes(rulebook))
            (folder / file).write_bytes(write_second(rulebook, told, audits, names))
