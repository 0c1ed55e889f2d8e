"""What a form asks: the tables and standards that can have to do with cases of some types.

In: the rulebook and case types. Out: which tables get a sheet, which standards a row, and what is
left out. A standard is left out only where it cannot apply: it says so itself (`applies_to`), or
the rows that trigger it are those of other case types. Processes, such as an enquiry, are asked
about whatever the case type.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.records.form_words import ALWAYS, DOMAIN_GRADES
from engine.rulebook.book import Rulebook
from engine.rulebook.conditions import Test
from engine.rulebook.fields import ANSWERS, AUDITS
from engine.rulebook.standard import EXCEPTIONS, Standard

CASE_TYPE = "case_type"
FORM = (AUDITS, DOMAIN_GRADES, ANSWERS)


@dataclass(frozen=True)
class Asked:
    """What a form asks about; `case_types` is empty where it is for every case."""

    case_types: tuple[str, ...]
    standards: tuple[Standard, ...]
    left_out: tuple[Standard, ...]
    tables: tuple[str, ...]
    tables_left_out: tuple[str, ...]

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Return the tables of which the auditor says whether the file was looked at for them."""
        return tuple(name for name in self.tables if name not in ALWAYS)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the tables of what happened, beside what the auditor says."""
        return tuple(name for name in self.tables if name not in FORM)


def known_case_types(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the case types that the dictionary knows."""
    field = rulebook.fields.tables[AUDITS].fields.get(CASE_TYPE)
    return field.values if field else ()


def asked_of(rulebook: Rulebook, case_types: tuple[str, ...] = ()) -> Asked:
    """Return what a form for these case types asks; of every case if none is given."""
    known = frozenset(known_case_types(rulebook))
    kept = [s for s in rulebook.live if not case_types or _can_apply(s, known, case_types)]
    left_out = tuple(s for s in rulebook.live if s not in kept)
    order = [stage.id for stage in rulebook.book.stages]
    kept.sort(key=lambda s: (order.index(rulebook.stage_of(s)), s.id))
    all_tables = tuple(rulebook.fields.tables)
    needed = (
        {name for s in kept for name in _tables_of(s, rulebook)} if case_types else {*all_tables}
    )
    tables = tuple(name for name in all_tables if name in needed or name in FORM)
    without = tuple(name for name in all_tables if name not in tables)
    return Asked(case_types, tuple(kept), left_out, tables, without)


def _can_apply(standard: Standard, known: frozenset[str], case_types: tuple[str, ...]) -> bool:
    bound = standard.applies_to.get(CASE_TYPE)
    said = frozenset(filter(None, (_left(bound, known) if bound else known)))
    for test in standard.trigger.where.values():
        # rows of a kind that is called as a case type is belong to such cases
        if test.one_of and known.issuperset(test.one_of):
            said &= frozenset(test.one_of)
    return not said.isdisjoint(case_types)


def _left(test: Test, known: frozenset[str]) -> frozenset[str]:
    return frozenset(test.one_of) if test.one_of else known - {str(test.not_)}


def _tables_of(standard: Standard, rulebook: Rulebook) -> Iterator[str]:
    """Yield the tables that a standard names anywhere."""
    tables = rulebook.fields.tables
    if standard.exceptions:
        yield EXCEPTIONS
    tested = standard.model_dump(include={"trigger", "measure", "applies_to", "may_be_absent"})
    for text in _texts(tested):
        name = text.partition(".")[0]
        if name in tables:
            yield name


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
