"""Conditions that cannot hold together, so that a standard never applies.

Only what the rules alone can show is said: a field that would have to be two things at once, or
to lie outside what the dictionary allows it to hold.
"""

from collections.abc import Iterator, Mapping, Sequence

from engine.rulebook.conditions import Test, Where
from engine.rulebook.examples_check import Mistake, Path
from engine.rulebook.fields import AUDITS, Field, Fields, FieldType
from engine.rulebook.lints.subject import Subject

Place = tuple[Path, Test]


def never_applies(subject: Subject) -> Iterator[Mistake]:
    """Yield what keeps a standard from ever applying to an audit."""
    standard = subject.standard
    asked: dict[tuple[str, str], list[Place]] = {}
    table = standard.trigger.table
    gather(asked, ("applies_to",), standard.applies_to, AUDITS, table)
    gather(asked, ("trigger", "where"), standard.trigger.where, table, table)
    yield from _at_odds(asked, subject.fields)
    if standard.versions and all(v.from_ > subject.fields.latest for v in standard.versions):
        said = "no version is ever in force, so the standard can never apply"
        help_ = f"dates in a batch go up to {subject.fields.latest}"
        yield Mistake(("versions", 0, "from"), "", said, help_)
    branches = standard.branches()
    if all(branch.outcome == "not_applicable" for branch in branches):
        said = "every branch is `not_applicable`, so the standard can never apply"
        yield Mistake(("measure", "branches"), "", said, "give one branch a `measure`")


def gather(
    asked: dict[tuple[str, str], list[Place]], path: Path, where: Where, table: str, trigger: str
) -> None:
    """Add the tests of a `where` on a table, by the table and field that each asks about."""
    for name, test in where.items():
        scope, _, bare = name.rpartition(".")
        home = {"": table, "audit": AUDITS, "trigger": trigger}.get(scope, table)
        asked.setdefault((home, bare), []).append(((*path, name), test))


def _at_odds(asked: Mapping[tuple[str, str], list[Place]], fields: Fields) -> Iterator[Mistake]:
    for (table, name), places in asked.items():
        field = fields.tables[table].fields.get(name) if table in fields.tables else None
        path = places[-1][0]
        if field is not None and field.type is FieldType.LIST:
            continue
        if outside := field and _outside(name, field, [test for _, test in places]):
            yield Mistake(path, "", f"{outside}, so the standard can never apply")
        elif len(places) > 1 and contradict([test for _, test in places]):
            said = f"`{name}` can never be this, so the standard can never apply"
            help_ = f"another condition asks for something else of `{name}`; change one of the two"
            yield Mistake(path, "", said, help_)


def contradict(tests: Sequence[Test]) -> bool:
    """Say whether no value passes all the tests.

    >>> contradict([Test(one_of=("care",)), Test(one_of=("pathway",))])
    True
    """
    sets = [set(map(_same, test.one_of)) for test in tests if test.one_of]
    left = set.intersection(*sets) if sets else set()
    left -= {_same(test.not_) for test in tests if test.not_ is not None}
    blank = any(test.present is False for test in tests)
    filled = any(test.present is not False and test.not_ is None for test in tests)
    lows = [test.at_least for test in tests if test.at_least is not None]
    highs = [test.at_most for test in tests if test.at_most is not None]
    crossed = bool(lows and highs) and max(lows) > min(highs)
    return bool(sets and not left) or (blank and filled) or crossed


def _same(value: str) -> str:
    """Return one spelling for the ways of writing yes and no."""
    return {"true": "yes", "false": "no"}.get(value.lower(), value.lower())


def _outside(name: str, field: Field, tests: Sequence[Test]) -> str:
    for test in tests:
        if field.required and test.present is False:
            return f"`{name}` is never blank"
        if field.max is not None and test.at_least is not None and test.at_least > field.max:
            return f"`{name}` is never more than {field.max}"
        if field.min is not None and test.at_most is not None and test.at_most < field.min:
            return f"`{name}` is never less than {field.min}"
    return ""
