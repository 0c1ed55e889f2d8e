"""What a standard must be beyond its shape: names that exist, parts that fit, examples enough.

Standards with their sources come in, Problems with places go out. Nothing is read from files.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.errors import Location, Problem, nearest
from engine.rulebook.asking import (
    ASKED_OF,
    COMPARED,
    DAYS,
    PARSERS,
    compared_as,
    question,
    type_words,
)
from engine.rulebook.book import Book
from engine.rulebook.conditions import DayOf, Test, Where
from engine.rulebook.examples_check import Mistake, check_examples, check_message
from engine.rulebook.fields import AUDIT_ID, AUDITS, RECORDED, Fields, FieldType
from engine.rulebook.measures import (
    Before,
    Branch,
    Choose,
    LongestGap,
    RecordedWithin,
    Window,
    Within,
)
from engine.rulebook.scalars import Fault
from engine.rulebook.source import Source
from engine.rulebook.standard import EXCEPTIONS, Standard
from engine.rulebook.versions_check import CODES as VERSION_CODES
from engine.rulebook.versions_check import check_limits, check_order

Parts = tuple[tuple[Standard, Source], ...]
Path = tuple[str | int, ...]

CODES = {
    **VERSION_CODES,
    "R011": "a folder of standards is not a stage of the rulebook",
    "R012": "a list of the rulebook holds a name twice, one that is taken, or too few",
    "R020": "a domain, area, setting or exception is not in the rulebook",
    "R021": "a table or field is not in the dictionary",
    "R022": "a value does not fit the type of its field",
    "R024": "a day is looked up in a table where only a field can stand",
    "R026": "the message names a value that this measure does not give",
    "R027": "a live standard lacks an example",
    "R028": "an id is used twice",
    "R029": "an example cannot be run as it is written",
}


CUT_OFF = "cut_off"
# Names of columns beside those of domains in the tables of a slice.
TAKEN = ("a", "overall")


def check_stage(name: str, file: str, stages: Sequence[str]) -> tuple[Problem, ...]:
    """Return a problem if a standard lies in a folder that is not a stage."""
    if name in stages:
        return ()
    help_ = nearest(name, tuple(stages)) or f"stages are {', '.join(f'`{s}`' for s in stages)}"
    return (Problem(Location(file), "R011", f"`{name}` is not a stage of the rulebook", help_),)


def check_book(book: Book, source: Source) -> list[Problem]:
    """Return the problems of the rulebook's lists."""
    problems = []
    for key in ("grades", "domains", "areas", "stages", "exceptions", "moderation_reasons"):
        seen: set[str] = set()
        for place, entry in enumerate(getattr(book, key)):
            if entry.id in seen or (key == "domains" and entry.id in TAKEN):
                why = "stands there twice" if entry.id in seen else "is taken; choose another name"
                where = source.at((key, place, "id"))
                problems.append(Problem(where, "R012", f"`{entry.id}` {why}"))
            seen.add(entry.id)
    if len(book.grades) < len(("worst", "best")):
        problems.append(Problem(source.at(("grades",)), "R012", "there are at least two grades"))
    return problems


def check_standards(parts: Parts, book: Book, fields: Fields) -> list[Problem]:
    """Return the problems of all standards, each by itself and all together."""
    problems: list[Problem] = []
    first: dict[str, Location] = {}
    for standard, source in sorted(parts, key=lambda part: part[1].file):
        place = source.at(["id"])
        if standard.id in first:
            said = f"`{standard.id}` is used twice"
            problems.append(Problem(place, "R028", said, f"first used at {first[standard.id]}"))
        first.setdefault(standard.id, place)
        problems += _Check(standard, source, book, fields).run()
    return problems


def fields_read(
    standard: Standard, source: Source, book: Book, fields: Fields
) -> tuple["Read", ...]:
    """Return each field that a standard asks for, with the place where it does."""
    checking = _Check(standard, source, book, fields)
    checking.run()
    return tuple(checking.read)


class Read(NamedTuple):
    """A field that a standard asks for, and the path to where it does."""

    path: Path
    table: str
    name: str


class _Check:
    """One standard held against the rulebook's lists and the dictionary."""

    def __init__(self, standard: Standard, source: Source, book: Book, fields: Fields) -> None:
        self.standard, self.source, self.book, self.fields = standard, source, book, fields
        self.found: list[Problem] = []
        self.read: list[Read] = []

    def run(self) -> list[Problem]:
        """Return every problem of the standard."""
        self._lists()
        self._trigger()
        for place, branch in enumerate(self.standard.branches()):
            self._branch(place, branch)
        self._noted(check_order(("versions",), self.standard.versions))
        for place, name in enumerate(self.standard.may_be_absent):
            self._absent(("may_be_absent", place), name)
        for mistake, word in check_message(self.standard):
            where = self.source.word_at(mistake.path, word)
            self.found.append(Problem(where, mistake.code, mistake.message, mistake.help))
        self._noted(check_examples(self.standard, self.fields))
        return self.found

    def _note(
        self, path: Path, code: str, message: str, help_: str = "", *, on_key: bool = False
    ) -> None:
        place = self.source.key_at(path) if on_key else self.source.at(path)
        self.found.append(Problem(place, code, message, help_))

    def _noted(self, mistakes: Iterable[Mistake]) -> None:
        for path, code, message, help_, on_key in mistakes:
            self._note(path, code, message, help_, on_key=on_key)

    def _lists(self) -> None:
        for key, entries in (("domain", self.book.domains), ("area", self.book.areas)):
            known = tuple(entry.id for entry in entries)
            value = getattr(self.standard, key)
            if value not in known:
                what = f"{'an' if key == 'area' else 'a'} {key}"
                self._note((key,), "R020", f"`{value}` is not {what} of the rulebook",
                           nearest(value, known))  # fmt: skip
        self._exceptions()
        self._where(("applies_to",), self.standard.applies_to, AUDITS)
        for name, test in self.standard.applies_to.items():
            days = (day for day in (test.on_or_after, test.on_or_before) if day is not None)
            if any(
                one.startswith("trigger.") for one in (name, *(day.field or "" for day in days))
            ):
                said = "`applies_to` asks about the audit alone"
                help_ = "a condition on the trigger row stands in the trigger's `where`"
                self._note(("applies_to", name), "R021", said, help_, on_key=True)

    def _exceptions(self) -> None:
        known = tuple(entry.id for entry in self.book.exceptions)
        for name in self.standard.exceptions:
            if name not in known:
                said = f"`{name}` is not an exception of the rulebook"
                self._note(("exceptions", name), "R020", said, nearest(name, known), on_key=True)
        if self.standard.exceptions and self._table(("exceptions",), EXCEPTIONS):
            for field in ("kind", "start_date", "end_date", "reason"):
                self._field(("exceptions",), EXCEPTIONS, field)

    def _absent(self, path: Path, name: str) -> None:
        table, dot, column = name.partition(".")
        if not dot:
            self._note(path, "R021", f"`{name}` names no field", "write `table.field`")
            return
        self._field(path, table, column)

    def _trigger(self) -> None:
        trigger = self.standard.trigger
        if not self._table(("trigger", "table"), trigger.table):
            return
        self._where(("trigger", "where"), trigger.where, trigger.table)
        if trigger.open_for:
            self._day(("trigger", "open_for", "from"), trigger.open_for.from_)

    def _branch(self, place: int, branch: Branch) -> None:
        choice = isinstance(self.standard.measure, Choose)
        path: Path = ("measure", "branches", place) if choice else ()
        if self.standard.trigger.table not in self.fields.tables:
            return
        self._where((*path, "when"), branch.when, self.standard.trigger.table)
        if branch.age:
            self._day((*path, "age", "on"), branch.age.on, lookup=False)
            under = branch.age.under
            if isinstance(under, str) and under not in self.book.settings:
                self._note((*path, "age", "under"), "R020",
                           f"`{under}` is not a setting of the rulebook",
                           nearest(under, tuple(self.book.settings)))  # fmt: skip
        self._noted(check_order((*path, "versions"), branch.versions))
        if branch.measure is not None:
            versions = self.standard.versions_of(branch)
            if not versions:
                self._note((*path, "measure"), "R023", "a measure needs at least one version",
                           "add `versions:` with `- from: 2015-01-01` and a `source`")  # fmt: skip
            self._measure((*path, "measure"), branch)
            own: Path = path if branch.versions else ()
            for number, version in enumerate(versions):
                self._noted(check_limits((*own, "versions", number), branch.measure, version))

    def _measure(self, path: Path, branch: Branch) -> None:
        measure = branch.measure
        table = getattr(measure, "of", None) or self.standard.trigger.table
        if not self._table((*path, "of"), table):
            return
        for key in ("where", "satisfies", "partly"):
            self._where((*path, key), getattr(measure, key, {}), table)
        for place, name in enumerate(getattr(measure, "join", ())):
            self._join((*path, "join", place), table, name)
        for place, name in enumerate(getattr(measure, "fields", ())):
            self._field((*path, "fields", place), table, name)
        window = getattr(measure, "window", None)
        if window is not None:
            self._window((*path, "window"), window)
        if getattr(measure, "of", None) and (window or isinstance(measure, LongestGap)):
            self._dated(path, "of", table, getattr(measure, "date", None))
        self._own_parts(path, measure)

    def _join(self, path: Path, table: str, name: str) -> None:
        own = self.standard.trigger.table
        if self._field(path, table, name) and self._field(path, own, name):
            kinds = {compared_as(self.fields.tables[one].fields[name].type) for one in (table, own)}
            if len(kinds) > 1:
                said = f"`{name}` of `{table}` and of `{own}` are of different types"
                self._note(path, "R022", said)

    def _own_parts(self, path: Path, measure: object) -> None:
        if isinstance(measure, Within):
            self._day((*path, "from"), measure.from_)
            self._day((*path, "to"), measure.to)
        elif isinstance(measure, Before):
            self._day((*path, "day"), measure.day)
            for place, event in enumerate(measure.events):
                self._day((*path, "events", place), event)
        elif isinstance(measure, RecordedWithin):
            self._dated(path, "kind", self.standard.trigger.table, measure.date)
            self._field(path, self.standard.trigger.table, RECORDED)
        elif isinstance(measure, LongestGap):
            for place, phase in enumerate(measure.phases):
                if phase.begins_before:
                    self._day((*path, "phases", place, "begins_before"), phase.begins_before)

    def _window(self, path: Path, window: Window) -> None:
        self._day((*path, "after" if window.after else "from"), window.start)
        if window.to:
            self._day((*path, "to"), window.to)

    def _day(self, path: Path, of: DayOf, *, lookup: bool = True) -> None:
        if of.table is None:
            assert of.field is not None  # noqa: S101 - DayOf has one or the other
            scope, _, name = of.field.partition(".")
            table = AUDITS if scope == "audit" else self.standard.trigger.table
            self._field(path, table, name, dates=True)
            return
        if not lookup:
            self._note(path, "R024", "only a field of the trigger row or the audit can stand here")
        if self._table((*path, "table"), of.table):
            self._dated(path, "table", of.table, of.date)
            self._where((*path, "where"), of.where, of.table)
            for key, other in (("on_or_after", of.on_or_after), ("on_or_before", of.on_or_before)):
                if other is not None:
                    self._day((*path, key), other, lookup=False)

    def _dated(self, path: Path, key: str, table: str, named: str | None) -> None:
        if named:
            self._field((*path, "date"), table, named, dates=True)
        elif (own := self.fields.tables[table].date) is None:
            said = f"`{table}` has no day of its own; name one with `date`"
            self._note((*path, key), "R023", said)
        else:
            self.read.append(Read((*path, key), table, own))

    def _where(self, path: Path, where: Where, table: str) -> None:
        for name, test in where.items():
            self._test((*path, name), name, test, table)

    def _test(self, path: Path, name: str, test: Test, table: str) -> None:
        scope, _, bare = name.rpartition(".")
        home = {"": table, "audit": AUDITS, "trigger": self.standard.trigger.table}.get(scope)
        if home is None:
            said = f"`{name}` begins neither with `trigger.` nor `audit.`"
            self._note(path, "R021", said, on_key=True)
            return
        if not self._field(path, home, bare, on_key=True):
            return
        if bare == CUT_OFF and home == AUDITS:
            kind, allowed = FieldType.DATE, tuple[str, ...]()
        else:
            kind, allowed = self.fields.tables[home].fields[bare].type, self._allowed(home, bare)
        self._fits(path, bare, test, kind)
        for value in (*test.one_of, *([test.not_] if test.not_ is not None else [])):
            self._value(path, value, kind, allowed)
        for key, day in (("on_or_after", test.on_or_after), ("on_or_before", test.on_or_before)):
            if day is not None:
                self._day((*path, key), day, lookup=False)

    def _fits(self, path: Path, name: str, test: Test, kind: FieldType) -> None:
        """Note a question that cannot be asked of a field of this type."""
        (asked,) = test.model_fields_set
        takes = ASKED_OF.get(asked)
        if takes is not None and kind not in takes:
            asks = {"one_of": "equal to a value", "not_": "not"}.get(asked, asked)
            said = f"`{asks}` cannot be asked of `{name}`, a {type_words(kind)}"
            self._note(path, "R022", said, f"ask `{question(kind, name)}`")

    def _allowed(self, table: str, name: str) -> tuple[str, ...]:
        field = self.fields.tables[table].fields[name]
        if field.values_from == "tables":
            return tuple(self.fields.tables)
        if field.values_from in ("grades", "domains", "exceptions"):
            return tuple(entry.id for entry in getattr(self.book, field.values_from))
        return field.values

    def _value(self, path: Path, value: str, kind: FieldType, allowed: tuple[str, ...]) -> None:
        if allowed and value not in allowed:
            listed = ", ".join(f"`{one}`" for one in allowed)
            help_ = f"{nearest(value, allowed)} allowed: {listed}".strip()
            self._note(path, "R022", f"`{value}` is not a value of this field", help_)
            return
        try:
            PARSERS.get(kind, str)(value)
        except Fault as fault:
            compared = value.lstrip().startswith((">", "<", "="))
            self._note(path, "R022", fault.message, COMPARED if compared else fault.help)

    def _table(self, path: Path, name: str) -> bool:
        if name in self.fields.tables:
            return True
        self._note(path, "R021", f"`{name}` is not a table",
                   nearest(name, tuple(self.fields.tables))
                   or "tables are listed in rules/fields.yaml")  # fmt: skip
        return False

    def _field(
        self, path: Path, table: str, name: str, *, dates: bool = False, on_key: bool = False
    ) -> bool:
        if not self._table(path, table):
            return False
        fields = self.fields.tables[table].fields
        known = {name: field for name, field in fields.items() if name != AUDIT_ID}
        if table == AUDITS and name == CUT_OFF:
            return True
        self.read.append(Read(path, table, name))
        if name == AUDIT_ID:
            help_ = "a standard only ever sees the rows of one audit"
            self._note(path, "R021", "`audit_id` cannot be asked about", help_, on_key=on_key)
            return False
        if name not in known:
            help_ = nearest(name, tuple(known)) or "fields are listed in rules/fields.yaml"
            said = f"`{name}` is not a field of `{table}`"
            self._note(path, "R021", said, help_, on_key=on_key)
            return False
        if dates and known[name].type not in DAYS:
            days = ", ".join(f"`{one}`" for one, field in known.items() if field.type in DAYS)
            help_ = f"the days of `{table}` are {days}" if days else ""
            self._note(path, "R022", f"`{name}` is not a day", help_)
        return True
