"""Which column of a file may be which field: every pair weighed by names and by values.

In: the title of a file or sheet, its header and some of its rows. Out: `Guess`es, best first, each
column and each field of a table once. It must not know how a mapping is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from engine.records.cells import Spec, Unreadable, clean, read
from engine.records.dictionary import Dictionary, TableSpec
from engine.records.mapping.dates import DateForm
from engine.records.mapping.load import DATED
from engine.records.mapping.profile import MOST, Profile, is_date
from engine.records.mapping.words import holds, likeness, tokens, words
from engine.rulebook.fields import AUDITS, FieldType

CERTAIN, SURE, MAYBE = 0.95, 0.72, 0.5
ELSEWHERE = 0.62  # what a name is worth that says nothing of its table, or speaks of another
SPARSE = 0.85  # what a name is worth without any value
AT_ODDS = 0.2  # so many ends may lie before their starts
UNNAMED = 0.55  # what a day is worth whose name says nothing
KNOWN, MOST_KNOWN = 0.8, 0.8  # what a column is worth in which so many known numbers stand
MOST_COLUMNS = 400


@dataclass(frozen=True)
class Sample:
    """A file or sheet: its title, its columns, and some of their cells."""

    title: str
    columns: Mapping[str, Profile]
    rows: Sequence[Mapping[str, str | None]]


@dataclass(frozen=True)
class Guess:
    """A column that may be a field, how sure that is, and what its words mean there."""

    confidence: float
    table: str
    field: str
    column: str
    dates: DateForm | None = None
    values: Mapping[str, str | None] | None = None

    @property
    def sure(self) -> bool:
        """Say whether it is written as a line of the mapping."""
        return self.confidence >= SURE


@dataclass(frozen=True)
class Guesser:
    """The dictionary, with the names that each field has in the national dataset."""

    dictionary: Dictionary
    national: Mapping[tuple[str, str], tuple[str, ...]]

    def whose(self, sample: Sample, kind: str) -> tuple[float, str]:
        """Return the column that most looks like the number of an audit or a child."""
        phrases = [tokens(phrase) for phrase in words().whose[kind]]
        found = [
            (max(likeness(tokens(column), phrase) for phrase in phrases), column)
            for column, profile in sample.columns.items()
            if self._may_be_number(profile)
        ]
        return max(found, key=lambda pair: pair[0], default=(0.0, ""))

    def among(self, sample: Sample, numbers: AbstractSet[str]) -> tuple[float, str]:
        """Return the first column in which mostly numbers stand that are known from elsewhere."""
        for column, profile in sample.columns.items():
            known = sum(cell in numbers for cell in profile.different)
            if known >= MOST_KNOWN * len(profile.different) and self._may_be_number(profile):
                return KNOWN, column
        return 0.0, ""

    def guesses(self, sample: Sample, used: Sequence[str]) -> tuple[Guess, ...]:
        """Return the best guesses for the columns of a sample, but those that are used already."""
        weighed = [
            guess
            for column, profile in [*sample.columns.items()][:MOST_COLUMNS]
            if column not in used
            for guess in self._column(sample, column, profile)
        ]
        weighed.sort(key=lambda guess: (-guess.confidence, guess.table, guess.field, guess.column))
        taken: dict[str, Guess] = {}
        filled: set[tuple[str, str]] = set()
        for guess in weighed:
            if guess.column not in taken and (guess.table, guess.field) not in filled:
                taken[guess.column] = guess
                filled.add((guess.table, guess.field))
        self._day_of(sample, taken, filled, used)
        return tuple(self._in_order(sample, self._with_context(sample, [*taken.values()])))

    def _day_of(
        self,
        sample: Sample,
        taken: dict[str, Guess],
        filled: set[tuple[str, str]],
        used: Sequence[str],
    ) -> None:
        """Guess, unsurely, that the first day in a file about one table is the day of its rows."""
        of_file = self.context(sample.title)
        for table in of_file if len(of_file) == 1 else ():
            spec = self.dictionary.tables[table]
            if spec.date is None or table == AUDITS or (table, spec.date) in filled:
                continue
            day = spec.fields[spec.index[spec.date]]
            for column, profile in sample.columns.items():
                if column not in taken and column not in used and is_date(profile, day):
                    form = profile.form(day)[1]
                    taken[column] = Guess(UNNAMED, table, spec.date, column, form)
                    return

    def context(self, title: str) -> frozenset[str]:
        """Return the tables of which a name speaks; of `plan actions`, not `plans`."""
        held = {
            table: max((len(tokens(p)) for p in phrases if holds(title, p)), default=0)
            for table, phrases in self._tables.items()
        }
        most = max(held.values(), default=0)
        return frozenset(table for table, length in held.items() if length == most and most)

    def _may_be_number(self, profile: Profile) -> bool:
        day = next(spec for spec in self.dictionary.audits.fields if spec.type is FieldType.DATE)
        return bool(profile.cells) and not is_date(profile, day) and profile.yes_no() is None

    def _column(self, sample: Sample, column: str, profile: Profile) -> Iterator[Guess]:
        title, of_file, of_column = tokens(column), self.context(sample.title), self.context(column)
        for table, spec in self.dictionary.tables.items():
            here = table in of_file or table in of_column
            elsewhere = bool(of_column or of_file) and not here and table != AUDITS
            for field in spec.fields[1:]:
                name = self._name(title, table, field.name, here=here, elsewhere=elsewhere)
                if name < MAYBE:
                    continue
                guess = _valued(Guess(name, table, field.name, column), field, profile)
                if guess.confidence >= MAYBE:
                    # of equals, the field of the table that the file is about
                    yield replace(guess, confidence=guess.confidence - (not here) * 0.01)

    def _name(
        self, title: tuple[str, ...], table: str, field: str, *, here: bool, elsewhere: bool
    ) -> float:
        own = max((likeness(title, phrase) for phrase in self._own[table, field]), default=0.0)
        if own < 1 and elsewhere:
            own *= ELSEWHERE
        bare = tuple(word for word in title if word not in self._table_words[table])
        general = max(likeness(title, tokens(field)), likeness(bare, tokens(field)))
        return max(own, general * (1.0 if here else ELSEWHERE))

    def _with_context(self, sample: Sample, guesses: Sequence[Guess]) -> Iterator[Guess]:
        """Make guesses of a table unsure that nothing but a side field speaks for."""
        of_file = self.context(sample.title) | {AUDITS}
        for guess in guesses:
            spec = self.dictionary.tables[guess.table]
            dated = any(g.table == guess.table and g.field == spec.date and g.sure for g in guesses)
            named = sum(g.table == guess.table and g.confidence >= CERTAIN for g in guesses)
            held = guess.table in of_file or dated or named > 1
            confidence = guess.confidence if held else min(guess.confidence, SURE - 0.01)
            yield replace(guess, confidence=confidence)

    def _in_order(self, sample: Sample, guesses: "Iterator[Guess]") -> Iterator[Guess]:
        """Make an end unsure that often lies before its start."""
        listed = [*guesses]
        by_field = {(guess.table, guess.field): guess for guess in listed}
        for guess in listed:
            order = dict(self.dictionary.tables[guess.table].order)
            start = by_field.get((guess.table, order.get(guess.field, "")))
            odd = start is not None and _share_before(sample, guess, start) > AT_ODDS
            yield replace(guess, confidence=min(guess.confidence, 0.6)) if odd else guess

    @cached_property
    def _tables(self) -> Mapping[str, tuple[str, ...]]:
        known = words().tables
        return {t: (*known.get(t, ()), t.replace("_", " ")) for t in self.dictionary.tables}

    @cached_property
    def _table_words(self) -> Mapping[str, frozenset[str]]:
        return {t: frozenset(w for p in ps for w in tokens(p)) for t, ps in self._tables.items()}

    @cached_property
    def _own(self) -> Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]:
        """Return the phrases that name a field wherever they stand."""
        return {
            (table, spec.name): tuple(tokens(phrase) for phrase in self._phrases(of, spec))
            for table, of in self.dictionary.tables.items()
            for spec in of.fields
        }

    def _phrases(self, table: TableSpec, spec: Spec) -> Iterator[str]:
        yield from words().fields.get(table.name, {}).get(spec.name, ())
        yield from self.national.get((table.name, spec.name), ())
        if {*tokens(spec.name)} & set(tokens(table.name)) - {"date"}:
            yield spec.name
        yield f"{table.name} {spec.name}"


def _valued(guess: Guess, field: Spec, profile: Profile) -> Guess:
    """Return a guess by names alone, with what the values say of it."""
    if not profile.cells:
        return replace(guess, confidence=guess.confidence * SPARSE)
    if field.type in DATED:
        share, form = profile.form(field)
        confidence = guess.confidence * (share if share >= MOST else 0.0)
        if form and form.month_first:  # one wrong day may look like it: a person decides
            confidence = min(confidence, SURE - 0.01)
        return replace(guess, confidence=confidence, dates=form)
    if field.type is FieldType.YES_NO:
        return _yes_no(guess, field, profile)
    if field.type in (FieldType.CHOICE, FieldType.LIST):
        return _choice(guess, field, profile)
    if field.type is FieldType.NUMBER:
        return replace(guess, confidence=guess.confidence * (profile.reads(field) >= MOST))
    day = replace(field, type=FieldType.DATETIME)
    return replace(guess, confidence=guess.confidence * (0.0 if is_date(profile, day) else 1.0))


def _yes_no(guess: Guess, field: Spec, profile: Profile) -> Guess:
    if profile.reads(field) >= MOST:
        return guess
    if said := profile.yes_no():
        values = {text: None if word == "blank" else word for text, word in said.items()}
        return replace(guess, confidence=guess.confidence * 0.95, values=values)
    return replace(guess, confidence=guess.confidence * 0.6)


def _choice(guess: Guess, field: Spec, profile: Profile) -> Guess:
    if profile.reads(field) >= MOST:
        return guess
    known = {text: _meant(text, field) for text in profile.words.values()}
    share = sum(v is not None for v in known.values()) / len(known) if known else 0.0
    if share < 1:
        return replace(guess, confidence=guess.confidence * (0.6 + 0.2 * share))
    return replace(guess, confidence=guess.confidence * 0.95, values=known)


def _meant(text: str, field: Spec) -> str | None:
    """Return the allowed value that a word most likely means, by kinds and by its own words."""
    try:
        return str(read(text, field))
    except Unreadable:
        pass
    for kind, phrases in words().kinds.items():
        if kind in field.values and any(holds(text, phrase) for phrase in phrases):
            return kind
    near = [v for v in field.values if holds(text, v.replace("_", " "))]
    return near[0] if len(near) == 1 else None


def _share_before(sample: Sample, end: Guess, start: Guess) -> float:
    """Return in which share of the rows that have both an end lies before its start."""
    pairs = [
        (_iso(row.get(end.column), end.dates), _iso(row.get(start.column), start.dates))
        for row in sample.rows
    ]
    both = [(late, early) for late, early in pairs if late and early]
    return sum(late < early for late, early in both) / len(both) if both else 0.0


_DAY = Spec("", FieldType.DATE, date.min, date.max)


def _iso(cell: str | None, form: DateForm | None) -> str | None:
    text = clean(cell)
    if text is None or form is not None:
        return form.iso(text) if text and form else None
    try:
        return str(read(text, _DAY))
    except Unreadable:
        return None


def kind_of(title: str) -> str | None:
    """Return the kind of work that a name speaks of."""
    return next(
        (kind for kind, phrases in words().kinds.items() if any(holds(title, p) for p in phrases)),
        None,
    )
