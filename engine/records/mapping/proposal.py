"""A mapping proposed from a sample: its lines with how sure each is, and the YAML of it.

In: a sample's files and sheets. Out: text that reads as a mapping without an edit; what is not
sure stands in it as a comment. It asks nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.records.cells import clean, plain
from engine.records.dictionary import Dictionary
from engine.records.found import Found
from engine.records.headers import SEARCHED
from engine.records.mapping.filling import matches
from engine.records.mapping.guess import MAYBE, SURE, Guess, Guesser, Sample, kind_of
from engine.records.mapping.profile import Profile
from engine.records.mapping.sources import SourceTable, source_tables
from engine.records.sheets import SheetRow
from engine.records.stage import Stage
from engine.rulebook.fields import AUDIT_ID, AUDITS

LOOKED_AT = 1_000  # so many rows of a file or sheet
FILLED = 2  # a header has so many columns at least
FEW = 40  # of columns that are known by nothing, so many are listed

SPELLS = frozenset({"plans"})  # each row is a spell of work

_LATEST = re.compile(r"(?i)(?<![a-z])(?:last|latest|most[ _]*recent)")
_MONTH = re.compile("(?:19|20)[0-9]{2}(?:[-_ ]?[0-9]{2}){0,2}")
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_/().?*'-]| (?=[A-Za-z0-9/(?.*'-]))*")
_TAKEN = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_ODD = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Proposed:
    """What is proposed for one file or sheet: whose its rows are, and a guess for a column."""

    sample: Sample
    whose: str
    sure_of_whose: float
    guesses: tuple[Guess, ...]

    @property
    def tables(self) -> Mapping[str, list[Guess]]:
        """Return the guesses by the table that they fill; a table without a sure one is none."""
        found: dict[str, list[Guess]] = {}
        for guess in sorted(self.guesses, key=lambda g: -g.confidence):
            found.setdefault(guess.table, []).append(guess)
        return {name: listed for name, listed in found.items() if listed[0].sure}

    @property
    def left(self) -> list[str]:
        """Return the columns of which nothing is known."""
        used = {self.whose, *(guess.column for guess in self.guesses)}
        return [column for column in self.sample.columns if column not in used]


@dataclass(frozen=True)
class Proposal:
    """A whole proposal; it reads nothing if no file has a table that is sure."""

    system: str
    reads: str
    files: tuple[Proposed, ...]
    dictionary: Dictionary = field(repr=False)

    @property
    def empty(self) -> bool:
        """Say whether nothing is proposed."""
        return not any(one.tables for one in self.files)

    def lines(self) -> Iterator[tuple[str, str, str, float]]:
        """Yield, for the screen, the file, the column, what it fills and how sure that is."""
        for one in self.files:
            number = "child" if self.reads == "children" else AUDIT_ID
            if one.whose and one.tables:
                yield one.sample.title, one.whose, number, one.sure_of_whose
            for guess in one.guesses:
                sure = (
                    guess.confidence
                    if guess.table in one.tables
                    else min(guess.confidence, SURE - 0.01)
                )
                yield one.sample.title, guess.column, f"{guess.table}.{guess.field}", sure

    def text(self) -> str:
        """Return the mapping as YAML."""
        return "".join(f"{line}\n" for line in self._text())

    def _text(self) -> Iterator[str]:
        yield "# A proposal of `audit mapping new`: look at every line before you use it."
        yield "# The figures say how sure each line is. What begins with # is not read."
        yield f"system: {quoted(self.system)}"
        yield f"reads: {self.reads}"
        yield "tables:"
        for one in self.files:
            yield f"  # {_shown(one.sample.title)}"
            for table, guesses in one.tables.items():
                yield from self._table(one, table, guesses)
            unsure = [g for g in one.guesses if g.table not in one.tables]
            for guess in unsure:
                yield f"  #   {_line(guess)}   # {_sure(guess)}: {guess.table}"
            if one.left:
                shown = ", ".join(map(_shown, one.left[:FEW]))
                more = f" and {len(one.left) - FEW:,} more" if len(one.left) > FEW else ""
                yield f"  # not known: {shown}{more}"

    def _table(self, one: Proposed, table: str, guesses: Sequence[Guess]) -> Iterator[str]:
        yield f"  - table: {table}"
        yield f"    from: {quoted(self._title(one.sample.title))}"
        number = f"{quoted(one.whose)}   # {one.sure_of_whose:.0%}"
        spec = self.dictionary.tables[table]
        sure = [guess for guess in guesses if guess.sure]
        kind = kind_of(f"{one.sample.title} {' '.join(g.column for g in sure)}")
        if self.reads == "children":
            yield f"    child: {number}"
            yield from _work(table, kind)
        if any(guess.field == spec.date and _LATEST.search(guess.column) for guess in sure):
            yield "    holds: latest_only   # the name speaks of the latest entry"
        yield "    fields:"
        if self.reads != "children":
            yield f"      {AUDIT_ID}: {number}"
        for guess in sorted(sure, key=lambda g: spec.index[g.field]):
            yield f"      {_line(guess)}   # {_sure(guess)}"
        yield from self._kind(table, guesses, kind)
        for guess in guesses:
            if not guess.sure:
                yield f"      # {_line(guess)}   # {_sure(guess)}"

    def _kind(self, table: str, guesses: Sequence[Guess], kind: str | None) -> Iterator[str]:
        """Yield the kind of all rows of a table that no column tells."""
        spec = self.dictionary.tables[table]
        if "kind" not in spec.index or any(guess.field == "kind" for guess in guesses):
            return
        allowed = spec.fields[spec.index["kind"]].values
        if kind in allowed:
            yield f"      kind: {{always: {kind}}}   # the names say so"
        else:
            yield f"      # kind: {{always: …}}   # one of: {', '.join(allowed)}"

    def _title(self, title: str) -> str:
        """Return the name of a file with `*` for its month, where no other file is meant by it."""
        pattern = _MONTH.sub("*", title, count=1)
        others = (one.sample.title for one in self.files if one.sample.title != title)
        alone = not any(matches(other, (pattern,)) for other in others)
        return pattern if alone and pattern.strip("* ") else title


def propose(
    found: Found, stage: Stage, national: Mapping[tuple[str, str], tuple[str, ...]]
) -> Proposal:
    """Return what is proposed for a file or folder."""
    guesser = Guesser(stage.dictionary, national)
    samples = [s for source in source_tables(found, stage) if (s := _sample(source))]
    audits, children = (_numbers(guesser, samples, kind) for kind in ("audit", "child"))
    of_audits = any(sure >= SURE for sure, _ in audits)
    files = tuple(
        _proposed(guesser, sample, *(audit if of_audits else child), child)
        for sample, audit, child in zip(samples, audits, children, strict=True)
    )
    reads = "audits" if of_audits else "children"
    proposal = Proposal(found.stem or "system", reads, files, stage.dictionary)
    if of_audits and not any(AUDITS in one.tables for one in files):
        return Proposal(proposal.system, "children", tuple(
            _proposed(guesser, sample, *child, child)
            for sample, child in zip(samples, children, strict=True)
        ), stage.dictionary)  # fmt: skip
    return proposal


def _numbers(guesser: Guesser, samples: Sequence[Sample], kind: str) -> list[tuple[float, str]]:
    """Return the column of the number in each sample, by its name or by numbers known elsewhere."""
    named = [guesser.whose(sample, kind) for sample in samples]
    known = {
        cell
        for sample, (sure, column) in zip(samples, named, strict=True)
        if sure >= SURE
        for cell in sample.columns[column].different
    }
    return [
        found if found[0] >= SURE else max(found, guesser.among(sample, known))
        for sample, found in zip(samples, named, strict=True)
    ]


def _proposed(
    guesser: Guesser, sample: Sample, sure: float, whose: str, child: tuple[float, str]
) -> Proposed:
    if sure < MAYBE:
        return Proposed(sample, "", 0.0, ())
    guesses = guesser.guesses(sample, (whose,))
    if child[1] != whose and child[0] >= SURE and AUDITS in guesser.context(sample.title):
        guesses = tuple(g for g in guesses if (g.column, g.field) != (child[1], "child_id"))
        guesses = (*(g for g in guesses if g.column != child[1]),
                   Guess(child[0], AUDITS, "child_id", child[1]))  # fmt: skip
    return Proposed(sample, whose, sure, guesses)


def _work(table: str, kind: str | None) -> Iterator[str]:
    if table in SPELLS:
        said = f"work: {kind}   # the names say so" if kind else "# work: …   # child_protection …"
        yield f"    {said}"


def _sample(source: SourceTable) -> Sample | None:
    """Return the sample of a file or sheet: under its header, which is its first full row."""
    first = list(islice(source.rows, SEARCHED))
    widths = [len({plain(c) for c in row.cells if c and clean(c)}) for row in first]
    if not widths or max(widths) < FILLED:
        return None
    above = next(at for at, width in enumerate(widths) if width >= 0.7 * max(widths))
    header = first[above]
    rows = [*first[above + 1 :], *islice(source.rows, LOOKED_AT)]
    columns = {}
    for at, title in enumerate(header.cells):
        name = clean(title)
        if name and not _ODD.search(plain(name)) and name not in columns:
            columns[name] = at
    named = [{name: _cell(row, at) for name, at in columns.items()} for row in rows]
    profiles = {name: Profile.of([row[name] for row in named]) for name in columns}
    return Sample(source.title, profiles, named)


def _cell(row: SheetRow, at: int) -> str | None:
    return row.cells[at] if at < len(row.cells) else None


def _line(guess: Guess) -> str:
    """Return a field of the mapping as a line of YAML."""
    column = quoted(guess.column)
    parts = [f"column: {column}"]
    if guess.values:
        said = (f"{quoted(theirs)}: {ours or ''}".rstrip() for theirs, ours in guess.values.items())
        parts.append(f"values: {{{', '.join(said)}}}")
    if guess.dates:
        parts.append(f"dates: {quoted(guess.dates.text)}")
    filled = "{" + ", ".join(parts) + "}" if len(parts) > 1 else column
    return f"{guess.field}: {filled}"


def _sure(guess: Guess) -> str:
    return f"{guess.confidence:.0%}"


def _shown(text: str) -> str:
    return _ODD.sub(" ", text)


def quoted(text: str) -> str:
    """Return a text as YAML reads it back, in quotes where it needs them.

    >>> quoted("Date of Visit"), quoted("No"), quoted("Seen: alone?")
    ('Date of Visit', '"No"', '"Seen: alone?"')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return json.dumps(_ODD.sub(" ", text), ensure_ascii=False)
