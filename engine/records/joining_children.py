"""Which audit of the forms takes which child of the records.

In: both sides in one database. Out: `joining.linked`, and what is said of audits and children that
stand in one input only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Exit, Location, Problem, Stop
from engine.records.joining_sides import NOT_EXAMINED, Side, Sides
from engine.records.noted import Noted
from engine.rulebook.fields import AUDITS

CHILD = "child_id"
NAMED = 5  # so many audits or children are named in one line
NOT_IN_RECORDS, NOT_IN_FORMS = "not_in_records", "not_in_forms"
ALONE = "scored on the form alone"


@dataclass(frozen=True)
class Found:
    """How many audits were joined, and what is said of the others."""

    joined: int
    several: bool
    problems: tuple[Problem, ...]
    noted: tuple[Noted, ...]


@dataclass(frozen=True)
class _Alone:
    """An audit or a child that stands in one input only."""

    audit: str
    child: str
    row: int


def link(sides: Sides) -> Found:
    """Make `joining.linked`: a row for each audit of the records that an audit takes rows of.

    Columns: `a` and `audit_id`, `record` (its audit), `row`, `rank` (from 1: the one that speaks
    first), `since` and `until` (the period that it covers). `joining.audit` has every audit of the
    forms and what it covers, `joining.told` what no audit of the records tells an audit.

    Raises:
        Stop: one of the inputs names no child, or no child is in both.
    """
    for side, code in ((sides.form, "B162"), (sides.record, "B161")):
        _names_children(sides, side, code)
    _link(sides)
    joined, links = _one(sides, "SELECT count(DISTINCT a), count(*) FROM joining.linked")
    alone = _of_the_forms(sides)
    others = _of_the_records(sides)
    known = {child for (child,) in _all(sides, f"SELECT DISTINCT {CHILD} FROM record.audits")}
    if not joined:
        raise _nothing(sides, alone, known)
    problems = (*_say_forms(sides, alone, known), *_say_records(sides, others))
    return Found(
        joined, links > joined, problems, (*_note_forms(sides, alone, known), *_note(sides, others))
    )


def _link(sides: Sides) -> None:
    start, end = (_day(sides, sides.form, name) for name in ("period_start", "period_end"))
    since, until = (_day(sides, sides.record, name) for name in ("period_start", "period_end"))
    audited, recorded = (_day(sides, s, "audit_date") for s in (sides.form, sides.record))
    ours, theirs = (sides.value(s, AUDITS, NOT_EXAMINED) for s in (sides.form, sides.record))
    sides.con.execute(
        f"""CREATE TABLE joining.audit AS
            SELECT f._row AS a, f.audit_id, {start} AS since, coalesce({end}, {audited}) AS until,
              {ours} AS listed FROM form.audits f;
            CREATE TABLE joining.linked AS
            SELECT *, row_number() OVER (PARTITION BY audit_id
              ORDER BY until DESC NULLS FIRST, audited DESC NULLS FIRST, record) AS rank
            FROM (SELECT f._row AS a, f.audit_id, r.audit_id AS record, r._row AS row,
                    {since} AS since, coalesce({until}, {recorded}) AS until,
                    {recorded} AS audited, {theirs} AS listed
                  FROM form.audits f JOIN record.audits r ON f.{CHILD} = r.{CHILD}
                  WHERE coalesce({since} <= coalesce({end}, {audited}), true)
                    AND coalesce(coalesce({until}, {recorded}) >= {start}, true));
            CREATE TABLE joining.told AS
            SELECT a, list("table") FILTER (WHERE n = every) AS listed
            FROM (SELECT a, count(*) AS every FROM joining.linked GROUP BY a) LEFT JOIN (
              SELECT a, "table", count(DISTINCT record) AS n
              FROM (SELECT a, record, unnest(listed) AS "table" FROM joining.linked)
              GROUP BY a, "table") USING (a)
            GROUP BY a"""
    )


def _day(sides: Sides, side: Side, name: str) -> str:
    return sides.value(side, AUDITS, name)


def _one(sides: Sides, query: str) -> Sequence[int]:
    (row,) = sides.con.execute(query).fetchall()
    return row


def _all(sides: Sides, query: str) -> list[Any]:
    return sides.con.execute(query).fetchall()


def _names_children(sides: Sides, side: Side, code: str) -> None:
    held = CHILD in side.columns(AUDITS)
    if held and _one(sides, f"SELECT count({CHILD}) FROM {side.source(AUDITS)}")[0]:
        return
    what = "forms" if code == "B162" else "records"
    said = f"the {what} name no child: `audits` has no `{CHILD}`" + (" filled" if held else "")
    way_out = f"fill `{CHILD}` with the number that the child has in the other file"
    raise Stop(Exit.USAGE, (Problem(Location(side.where()), code, said, way_out),))


def _of_the_forms(sides: Sides) -> Sequence[_Alone]:
    return [
        _Alone(*row)
        for row in _all(
            sides,
            f"SELECT audit_id, coalesce({CHILD}, ''), _row FROM form.audits "
            "ANTI JOIN joining.linked USING (audit_id) ORDER BY 1",
        )
    ]


def _of_the_records(sides: Sides) -> Sequence[_Alone]:
    return [
        _Alone(*row)
        for row in _all(
            sides,
            f"SELECT '', r.{CHILD}, min(r._row) FROM record.audits r ANTI JOIN form.audits f "
            f"ON f.{CHILD} = r.{CHILD} WHERE r.{CHILD} IS NOT NULL GROUP BY 2 ORDER BY 2",
        )
    ]


def _nothing(sides: Sides, alone: Sequence[_Alone], known: set[str]) -> Stop:
    if any(each.child in known for each in alone):
        said = "every child of the forms stands in the records for another period than the audited"
        way_out = "compare `period_start` and `period_end` of the two"
    else:
        ours = min(each.child for each in alone if each.child)
        theirs = min(child for child in known if child)
        said = (
            "no child of the forms is in the records: "
            f"a child is `{ours}` on a form and `{theirs}` in the records"
        )
        way_out = _like(ours, known) or f"`{CHILD}` has to be the same number in both"
    return Stop(Exit.USAGE, (Problem(Location(sides.form.where()), "B163", said, way_out),))


def _say_forms(sides: Sides, alone: Sequence[_Alone], known: set[str]) -> Iterator[Problem]:
    where = Location(sides.form.where())
    unnamed = [each.audit for each in alone if not each.child]
    if unnamed:
        said = f"{_audits(unnamed)} no `{CHILD}` and {_are(unnamed)} {ALONE}: {_few(unnamed)}"
        yield Problem(where, "B160", said, warning=True)
    strange = [each.child for each in alone if each.child and each.child not in known]
    if strange:
        said = f"{_audits(strange)} a child who is not in the records and {_are(strange)} {ALONE}"
        near = next(filter(None, (_like(child, known) for child in strange)), "")
        yield Problem(where, "B165", f"{said}: {_few(strange)}", near, warning=True)
    other = [each.audit for each in alone if each.child in known]
    if other:
        said = f"{_audits(other)} a child whose records are of another period and {_are(other)}"
        yield Problem(where, "B167", f"{said} {ALONE}: {_few(other)}", warning=True)


def _audits(found: Sequence[str]) -> str:
    return "1 audit has" if len(found) == 1 else f"{len(found):,} audits have"


def _are(found: Sequence[str]) -> str:
    return "is" if len(found) == 1 else "are"


def _few(found: Sequence[str]) -> str:
    named = ", ".join(f"`{one}`" for one in found[:NAMED])
    return named if len(found) <= NAMED else f"{named} and {len(found) - NAMED:,} more"


def _say_records(sides: Sides, others: Sequence[_Alone]) -> Iterator[Problem]:
    if others:
        children = "1 child" if len(others) == 1 else f"{len(others):,} children"
        said = f"{children} of the records {_are([each.child for each in others])} on no form"
        yield Problem(Location(sides.record.where()), "B166", said, warning=True)


def _like(child: str, known: set[str]) -> str:
    """Return a help line with a number of the records that only looks different."""
    loose = {_loosened(one): one for one in sorted(known, reverse=True) if one}
    found = loose.get(_loosened(child))
    if found is None:
        return ""
    return (
        f"is `{child}` on a form the child `{found}` of the records? write the number as it "
        "stands there (Excel takes zeros at the front away)"
    )


def _loosened(child: str) -> str:
    bare = "".join(letter for letter in child.casefold() if letter.isalnum())
    return bare.lstrip("0")


def _note_forms(sides: Sides, alone: Sequence[_Alone], known: set[str]) -> Iterator[Noted]:
    places = sides.form.batch.places(AUDITS, [each.row for each in alone])
    for each in alone:
        said = f"child `{each.child}` is not in the records; {ALONE}"
        if not each.child:
            said = f"no `{CHILD}`; {ALONE}"
        elif each.child in known:
            said = f"the records of child `{each.child}` are of another period; {ALONE}"
        where = places[each.row].at(CHILD)
        yield Noted(NOT_IN_RECORDS, AUDITS, CHILD, each.audit, said, (each.child,), (where,))


def _note(sides: Sides, others: Sequence[_Alone]) -> Iterator[Noted]:
    places = sides.record.batch.places(AUDITS, [each.row for each in others])
    for each in others:
        said, where = f"child `{each.child}` of the records is on no form", places[each.row]
        yield Noted(NOT_IN_FORMS, AUDITS, CHILD, "", said, (each.child,), (where.at(CHILD),))


def told(listed: str, table: str) -> str:
    """Return SQL that says whether a table is not among those that were not examined."""
    return f"NOT coalesce(list_contains({listed}, {table}), false)"
