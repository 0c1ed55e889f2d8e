"""What a finding says in words: the author's message filled in, or a sentence for its outcome.

A standard and its evidence come in, sentences go out. It must not know how they will be shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.findings.exceptions import Declared
from engine.findings.stage import Evidence
from engine.reports.cannot_tell import Held, cannot_tell
from engine.reports.declared import declared_words
from engine.reports.wording import long_date, mid_sentence
from engine.rulebook.book import Rulebook
from engine.rulebook.conditions import Test, Where
from engine.rulebook.fields import FieldType
from engine.rulebook.measures import (
    AnswerMeasure,
    Branch,
    LongestGap,
    RecordedWithin,
    Threshold,
    Version,
    Within,
)
from engine.rulebook.standard import Standard
from engine.terms import ADVERSE, Outcome


@dataclass(frozen=True)
class Known:
    """What else is known of the audit: what its input holds, and the exceptions on its file."""

    held: Held | None = None
    declared: tuple[Declared, ...] = ()


MEASURED = (Outcome.MET, Outcome.PARTLY_MET, Outcome.NOT_MET)


def because(
    rulebook: Rulebook, standard: Standard, found: Evidence | None, known: "Known | None" = None
) -> str:
    """Return the sentences that explain a finding; `known`: what else is known of the audit."""
    known = known or Known()
    if found is None or (found.outcome is Outcome.NOT_APPLICABLE and not found.excused):
        return "The standard does not bind this case."
    said = _said(rulebook, standard, found, known.held)
    if found.excused or found.outcome in ADVERSE:
        return f"{said}{declared_words(rulebook, standard, found, known.declared)}"
    return said


def _said(rulebook: Rulebook, standard: Standard, found: Evidence, held: Held | None) -> str:
    if found.excused:
        return "A declared exception held all the time, so the standard does not bind."
    if found.outcome is Outcome.NOT_ASSESSABLE:
        return cannot_tell(standard, found, held)
    if found.outcome is Outcome.NOT_YET_DUE:
        started = f" It started on {long_date(found.clock)}." if found.clock else ""
        return f"The time allowed has not run out at the cut-off.{started}"
    said = _silence(rulebook, standard, found) if found.silent else _filled(standard, found)
    return f"{said} Recorded after the case was selected for audit." if found.back_filled else said


def source_of(standard: Standard, found: Evidence | None = None) -> str:
    """Return where the threshold in force comes from, in one line."""
    if found and found.version:
        return _cited(found.version)
    newest = [max(versions, key=lambda v: v.from_) for versions in _versions(standard)]
    cited = set(map(_cited, newest))
    # Which branch holds is not known: only what they have in common can be said.
    return "; ".join(sorted(cited if len(cited) == 1 else {v.source.title for v in newest}))


def limit_in_words(threshold: Threshold | None, phase: str = "") -> str:
    """Return a threshold as the author's message shows it: a number, or a phase's time.

    >>> limit_in_words(Threshold(at_most=10))
    '10'
    """
    if threshold is None:
        return ""
    limit = threshold.at_most if threshold.at_most is not None else threshold.at_least
    if isinstance(limit, dict):
        return (
            str(limit[phase])
            if phase in limit
            else "; ".join(f"{name.replace('_', ' ')}: {time}" for name, time in limit.items())
        )
    return str(limit)


def _versions(standard: Standard) -> Iterator[Sequence[Version]]:
    for branch in standard.branches():
        if branch.measure and (versions := standard.versions_of(branch)):
            yield versions


def _cited(version: Version) -> str:
    parts = [version.source.title, version.source.paragraph]
    return ", ".join(part for part in parts if part)


def _filled(standard: Standard, found: Evidence) -> str:
    version, phase = found.version, _phase(standard, found)
    gap_from, gap_to = _shown(found.day_from), _shown(found.day_to)
    values = {
        "value": "" if found.value is None else f"{found.value:,}",
        "met": limit_in_words(version.met if version else None, phase),
        "partly_met": limit_in_words(version.partly_met if version else None, phase),
        "from": gap_from,
        "to": gap_to,
        "gap_from": gap_from,
        "gap_to": gap_to,
        "rows": "" if found.rows is None else f"{found.rows:,}",
    }
    text = (found.branch and found.branch.because) or standard.because
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _phase(standard: Standard, found: Evidence) -> str:
    measure = _measure(standard, found)
    if found.phase is None or not isinstance(measure, LongestGap):
        return ""
    return measure.phases[found.phase].name


def _measure(standard: Standard, found: Evidence) -> object:
    branches: tuple[Branch, ...] = standard.branches()
    chosen = found.branch or (branches[0] if len(branches) == 1 else None)
    return chosen.measure if chosen else None


def _shown(day: date | None) -> str:
    return long_date(day) if day else "a day that is not on record"


def _silence(rulebook: Rulebook, standard: Standard, found: Evidence) -> str:
    measure = _measure(standard, found)
    if isinstance(measure, AnswerMeasure):
        return "The auditor gave no answer, and the record cannot show it."
    if found.clock is None:
        return _no_start(rulebook, standard, measure)
    if isinstance(measure, Within | RecordedWithin):
        said = _blank_day(rulebook, standard, measure)
        return f"{said} The time has counted from {_shown(found.clock)}."
    table = getattr(measure, "of", None)
    if isinstance(table, str):
        said = _no_entry(rulebook, table, getattr(measure, "where", {}))
        return f"{said} where one is expected{_between(found)}."
    named = [*getattr(measure, "fields", ()), *getattr(measure, "satisfies", {})]
    if len(named) == 1:
        return _blank_field(rulebook, standard, named[0])
    return "The record is blank where an entry is expected."


def _no_start(rulebook: Rulebook, standard: Standard, measure: object) -> str:
    """Say that the day from which the time counts is not there, and where it should be."""
    window = getattr(measure, "window", None)
    of = measure.from_ if isinstance(measure, Within) else window.start if window else None
    if of and of.table:
        return f"{_no_entry(rulebook, of.table, of.where)}, from which the time would count."
    named = f": {_meaning(rulebook, standard, of.field)}" if of and of.field else ""
    return f"The day from which the time counts is blank{named}."


def _blank_field(rulebook: Rulebook, standard: Standard, name: str) -> str:
    """Say that a field is blank; of one that is yes or no, that the file does not say whether."""
    field = name if "." in name else f"trigger.{name}"
    table = "audits" if field.startswith("audit.") else standard.trigger.table
    known = rulebook.fields.tables[table].fields.get(field.partition(".")[2])
    meaning = _meaning(rulebook, standard, field)
    if known and known.type is FieldType.YES_NO:
        return f"The file does not say whether {meaning}."
    return f"Blank: {meaning}."


def _blank_day(rulebook: Rulebook, standard: Standard, measure: Within | RecordedWithin) -> str:
    if isinstance(measure, RecordedWithin):
        return "There is no day of recording."
    if measure.to.table:
        return f"{_no_entry(rulebook, measure.to.table, measure.to.where)}."
    assert measure.to.field is not None  # noqa: S101 - DayOf has one or the other
    return f"Blank: {_meaning(rulebook, standard, measure.to.field)}."


def _meaning(rulebook: Rulebook, standard: Standard, field: str) -> str:
    """Return what a field of the trigger row or of the audit means, as the end of a sentence."""
    scope, _, name = field.partition(".")
    if name == "cut_off":
        return "the day of the audit"
    table = "audits" if scope == "audit" else standard.trigger.table
    meaning = rulebook.fields.tables[table].fields[name].meaning
    return mid_sentence(meaning)


def _no_entry(rulebook: Rulebook, table: str, where: Where) -> str:
    """Say that nothing is there; entries that do not count may be, so what counts is said too."""
    meaning = rulebook.fields.tables[table].meaning
    wanted = "; ".join(asked(name, test) for name, test in where.items())
    what = f" ({wanted})" if wanted else ""
    return f"The record shows no entry under {mid_sentence(meaning)}{what}"


def asked(name: str, test: Test) -> str:
    """Say what one field must be."""
    if test.present is not None:
        wanted = "filled" if test.present else "blank"
    elif test.not_ is not None:
        opposite = {"yes": "no or blank", "no": "yes or blank"}
        wanted = opposite.get(test.not_.lower(), f"anything but {test.not_}")
    elif test.one_of:
        wanted = " or ".join(test.one_of)
    else:
        limit = test.at_least if test.at_least is not None else test.at_most
        (which,) = test.model_fields_set
        wanted = f"{which} a certain day" if limit is None else f"{which} {limit}"
    return f"{name.rpartition('.')[2]}: {wanted}".replace("_", " ")


def _between(found: Evidence) -> str:
    if found.day_from and found.day_to:
        return f", {long_date(found.day_from)} to {long_date(found.day_to)}"
    return ""
