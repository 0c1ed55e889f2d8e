"""The standards as a handbook for social workers: a page a stage, and an index.

A rulebook comes in, HTML pages go out by the templates beside this module: no script, no network,
no clock, so that the same rules give the same bytes. What a standard asks is said by `in_words`,
what missing it does to the grade is judged by the same rules as any audit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.judgement.audit import AuditFacts, judge_audit
from engine.judgement.judge import Verdicts
from engine.judgement.plain import PlainJudge
from engine.reports.as_html import environment
from engine.reports.in_words import InWords
from engine.reports.wording import long_date, outcome_title
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import STRATA, Rule
from engine.rulebook.measures import Branch, Version
from engine.rulebook.standard import Standard
from engine.terms import NOT_MET_BY_SILENCE, Level, Outcome, Severity

INDEX = "index.html"
LEVELS: Mapping[Level, str] = {
    Level.REGULATION: "Law",
    Level.GUIDANCE: "Statutory guidance",
    Level.LOCAL: "Local choice",
    Level.QUALITY: "Quality judgement",
}
LEVEL_MEANINGS: Mapping[Level, str] = {
    Level.REGULATION: "An Act or regulations say so.",
    Level.GUIDANCE: "A council that departs from it needs a good reason.",
    Level.LOCAL: "Set by your council. The figure shown is a default where no law or guidance "
    "gives one.",
    Level.QUALITY: "A judgement of quality that no date can show; the auditor makes it.",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: "Critical",
    Severity.MAJOR: "Major",
    Severity.MINOR: "Minor",
}
OUTCOME_MEANINGS: tuple[tuple[Outcome, str], ...] = (
    (Outcome.MET, "The record shows it."),
    (Outcome.PARTLY_MET, "The record shows part of it, or shows it late."),
    (Outcome.NOT_MET, "The record shows that it was not done, or not in time."),
    (Outcome.NOT_EVIDENCED, "An entry is expected and there is none: perhaps done, not recorded."),
    (Outcome.NOT_YET_DUE, "There is still time."),
    (Outcome.NOT_APPLICABLE, "The standard is not for this case."),
    (Outcome.NOT_ASSESSABLE, "The records handed over cannot tell. Never held against the case."),
)  # fmt: skip
ARTICLES = ("a ", "an ", "the ")


@dataclass(frozen=True)
class Asked:
    """What one version of one branch asks: met, partly met, and since when."""

    since: str
    met: str
    partly: str


@dataclass(frozen=True)
class Case:
    """A branch of a standard: which cases it is for, and what it asks of them."""

    name: str
    when: str
    asked: tuple[Asked, ...]
    allows: str


@dataclass(frozen=True)
class Cited:
    """Where a threshold comes from, with the notes that stand beside it."""

    title: str
    paragraph: str
    url: str
    checked: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a miss does: the best grades that are left, and whether somebody looks today."""

    outcome: str
    domain: str | None
    overall: str | None
    alert: str


@dataclass(frozen=True)
class Entry:
    """A standard as it stands in the handbook."""

    standard: Standard
    stage: str
    stage_title: str
    level: str
    level_meaning: str
    severity: str
    domain: str
    bound: str
    cases: tuple[Case, ...]
    excluded: tuple[Case, ...]
    silence: str
    exceptions: tuple[str, ...]
    effects: tuple[Effect, ...]
    sources: tuple[Cited, ...]
    examples: tuple[tuple[str, str], ...]
    edits: tuple[str, ...] = field(default=())

    @property
    def page(self) -> str:
        """Return the name of the page that it stands on."""
        return f"{self.stage}.html"


def pages(rulebook: Rulebook) -> dict[str, str]:
    """Return the pages of the handbook by their names."""
    entries = _Book(rulebook).entries()
    stages = [
        (stage, tuple(one for one in entries if one.stage == stage.id))
        for stage in rulebook.book.stages
    ]
    held = [(stage, found) for stage, found in stages if found]
    shared = _shared(rulebook, [stage for stage, _ in held])
    made = {INDEX: _rendered("handbook_index.html.j2", shared, _index(rulebook, held))}
    for place, (stage, found) in enumerate(held):
        around = {
            "earlier": held[place - 1][0] if place else None,
            "later": held[place + 1][0] if place + 1 < len(held) else None,
        }
        content = {"stage": stage, "entries": found, **around}
        made[f"{stage.id}.html"] = _rendered("handbook_stage.html.j2", shared, content)
    return made


def _rendered(template: str, shared: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    return environment().get_template(template).render(**shared, **content)


def _shared(rulebook: Rulebook, stages: list[Any]) -> dict[str, Any]:
    layers = getattr(rulebook, "layers", ()) or (rulebook.book,)
    return {
        "book": rulebook.book,
        "hash": rulebook.hash,
        "stages": stages,
        "layers": [
            (one.id, one.title, one.version, getattr(one, "hash", rulebook.hash)) for one in layers
        ],
    }


def _index(rulebook: Rulebook, held: list[tuple[Any, tuple[Entry, ...]]]) -> dict[str, Any]:
    entries = [entry for _, found in held for entry in found]
    return {
        "held": held,
        "count": len(entries),
        "by_title": sorted(
            entries, key=lambda one: (_sorted_by(one.standard.title), one.standard.id)
        ),
        "levels": [
            (LEVELS[level], LEVEL_MEANINGS[level], sum(e.standard.level is level for e in entries))
            for level in Level
        ],
        "outcomes": [(outcome_title(name), meaning) for name, meaning in OUTCOME_MEANINGS],
        "rules": [(rule.title, _does(rulebook, rule)) for rule in _rules(rulebook)],
        "drafts": [s for s in rulebook.standards if s.status == "draft"],
    }


def _sorted_by(title: str) -> str:
    """Return what a title is looked up by: without the article that it begins with."""
    lower = title.casefold()
    return next((lower.removeprefix(a) for a in ARTICLES if lower.startswith(a)), lower)


def _rules(rulebook: Rulebook) -> Iterator[Rule]:
    return (rule for stratum in STRATA for rule in rulebook.judgement.rules(stratum))


def _does(rulebook: Rulebook, rule: Rule) -> str:
    said = [
        f"best grade left: {rulebook.title(rule.cap)}" if rule.cap else "",
        f"overall: {rulebook.title(rule.overall_cap)}" if rule.overall_cap else "",
        f"alert: {rule.alert}" if rule.alert else "",
        f"next step: {rule.route}" if rule.route else "",
    ]
    text = "; ".join(part for part in said if part)
    return f"{text[:1].upper()}{text[1:]}"


class _Book:
    """Makes the entries of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        judge = PlainJudge(rulebook.judgement, rulebook.grades)
        self.verdicts = Verdicts(rulebook.judgement, rulebook.grades, judge)

    def entries(self) -> tuple[Entry, ...]:
        """Return every live standard, by id."""
        return tuple(map(self.entry, self.rulebook.live))

    def entry(self, standard: Standard) -> Entry:
        book = self.rulebook
        words = InWords(standard, book.fields, book.book.settings)
        cases = [_case(standard, branch, words) for branch in standard.branches()]
        return Entry(
            standard=standard,
            stage=book.stage_of(standard),
            stage_title=book.stage_title(standard),
            level=LEVELS[standard.level],
            level_meaning=LEVEL_MEANINGS[standard.level],
            severity=SEVERITIES[standard.severity],
            domain=book.title(standard.domain),
            bound=words.bound(),
            cases=tuple(case for case in cases if case.asked),
            excluded=tuple(case for case in cases if not case.asked),
            silence=_silence(standard),
            exceptions=tuple(_exceptions(book, standard)),
            effects=tuple(self._effects(standard)),
            sources=tuple(_sources(standard)),
            examples=tuple((one.it, outcome_title(one.expect)) for one in standard.examples),
            edits=tuple(_edits(book, standard)),
        )

    def _effects(self, standard: Standard) -> Iterator[Effect]:
        """Yield what each kind of miss does to an audit on which all else is well."""
        speaks = standard.silence == "not_met"
        missed = NOT_MET_BY_SILENCE if speaks else Outcome.NOT_EVIDENCED.code
        silent = "Nothing recorded" if speaks else outcome_title(Outcome.NOT_EVIDENCED)
        told = [
            (outcome_title(Outcome.NOT_MET), Outcome.NOT_MET.code),
            (silent, missed),
            *([(outcome_title(Outcome.PARTLY_MET), Outcome.PARTLY_MET.code)]
              if _has_partly(standard) else []),
        ]  # fmt: skip
        for title, code in told:
            yield self._effect(standard, title, code)

    def _effect(self, standard: Standard, title: str, code: int) -> Effect:
        book = self.rulebook
        outcomes = {s.id: Outcome.NOT_APPLICABLE.code for s in book.live} | {standard.id: code}
        judged = judge_audit(AuditFacts(outcomes), book, self.verdicts)
        cap = judged.caps.get(standard.domain)
        fired = {rule for verdict in judged.domains.values() for rule in verdict.fired}
        alerts = [rule.alert for rule in _rules(book) if rule.id in fired and rule.alert]
        grade = [book.title(book.grades[rank - 1]) if rank else None for rank in (cap, judged.cap)]
        return Effect(title, grade[0], grade[1], " ".join(alerts))


def _has_partly(standard: Standard) -> bool:
    measures = [branch.measure for branch in standard.branches() if branch.measure]
    versions = [v for b in standard.branches() if b.measure for v in standard.versions_of(b)]
    answers = any(measure.kind == "answer" for measure in measures)
    partly = any(getattr(measure, "partly", None) for measure in measures)
    return answers or partly or any(version.partly_met for version in versions)


def _case(standard: Standard, branch: Branch, words: InWords) -> Case:
    if branch.measure is None:
        return Case(branch.name, words.when(branch), (), "")
    versions = sorted(standard.versions_of(branch), key=lambda one: one.from_, reverse=True)
    asked = [_asked(branch, version, words) for version in versions]
    if not asked:
        asked = [Asked("", words.asks(branch, None), words.partly(branch))]
    return Case(branch.name, words.when(branch), tuple(asked), words.allows(branch))


def _asked(branch: Branch, version: Version, words: InWords) -> Asked:
    partly = words.partly(branch)
    if version.partly_met is not None:
        partly = words.asks(branch, version.partly_met)
    return Asked(long_date(version.from_), words.asks(branch, version.met), partly)


def _silence(standard: Standard) -> str:
    if standard.silence == "not_met":
        return "Where nothing is recorded, the standard counts as not met."
    return "Where nothing is recorded, the standard is not evidenced: it never counts as met."


def _exceptions(book: Rulebook, standard: Standard) -> Iterator[str]:
    for name, does in standard.exceptions.items():
        title = book.title(name)
        if does == "shown":
            yield f"{title}: shown beside the finding; the finding stays as it is."
        else:
            yield f"{title}: the standard then does not apply."


def _sources(standard: Standard) -> Iterator[Cited]:
    """Yield each source once, with all notes that stand beside it."""
    found: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for branch in standard.branches():
        for version in standard.versions_of(branch) if branch.measure else ():
            source = version.source
            key = (source.title, source.paragraph, source.url, long_date(source.checked))
            notes = found.setdefault(key, {})
            if version.note:
                notes[version.note] = None
    for key, notes in found.items():
        yield Cited(*key, notes=tuple(notes))


def _edits(book: Rulebook, standard: Standard) -> Iterator[str]:
    """Yield what a council's own book changed of a standard."""
    edits_of = getattr(book, "edits_of", None)
    titles = {layer.id: layer.title for layer in getattr(book, "layers", ())}
    for edit in edits_of(standard.id) if edits_of else ():
        who = titles.get(edit.layer, edit.layer)
        reason = f": {edit.reason.rstrip('.')}" if edit.reason else ""
        yield f"{who} changed `{edit.key}`{reason}."
