"""The SQL by which Spark types one column of many rows; `column_sql.py` says the same for DuckDB.

In: a field and the SQL of its raw column, with the type that Spark gives it. Out: SQL of what can
be said of the cells in plain form. Texts in any other form are few and different: each is read once
by `cells.read` and looked up, so that the language of cells stands in one place.
"""

from collections.abc import Callable, Mapping

from engine.records import cells
from engine.records.cells import Spec
from engine.records.column_sql import Column
from engine.rulebook.fields import FieldType

TYPES = {
    FieldType.ID: "STRING",
    FieldType.TEXT: "STRING",
    FieldType.CHOICE: "STRING",
    FieldType.DATE: "DATE",
    FieldType.MONTH: "DATE",
    FieldType.DATETIME: "TIMESTAMP_NTZ",
    FieldType.YES_NO: "BOOLEAN",
    FieldType.NUMBER: "INT",
    FieldType.LIST: "ARRAY<STRING>",
}
"""The types of the dictionary; a moment has no time zone, since no record says one."""

_WHOLE = ("tinyint", "smallint", "int", "bigint")
_FLOATING = ("float", "double")
_MOMENTS = ("timestamp", "timestamp_ntz")
_NESTED = ("struct<", "map<", "variant", "array<array<")
_EDGES = "[" + "".join(f"\\x{{{ord(c):x}}}" for c in cells.INVISIBLE) + "]+"
_DAY_FIRST = r"^[0-9]{2}/"
_PLAIN_DAY = rf"^(?:{cells.ISO}|[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}})(?:{cells.TIME})?\z"


def text(value: str) -> str:
    r"""Return a text as a literal; a backslash is one.

    >>> text("it's \\ so")
    "'it\\'s \\\\ so'"
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quoted(name: str) -> str:
    """Return an identifier as Spark quotes it.

    >>> quoted("CP-05")
    '`CP-05`'
    """
    return "`" + name.replace("`", "``") + "`"


def column(spec: Spec, raw: str, kind: str) -> Column:  # noqa: PLR0911 - a case a line
    """Return the typing of a raw column of a Spark type, as `simpleString` names it."""
    if any(word in kind for word in _NESTED):
        return _any(spec, f"to_json({raw})")
    if kind.startswith("array"):
        return _listed(spec, raw if kind == "array<string>" else f"CAST({raw} AS ARRAY<STRING>)")
    if spec.type in (FieldType.DATE, FieldType.MONTH) and kind in ("date", *_MOMENTS):
        return _day(spec, raw, f"CAST({raw} AS DATE)")
    if spec.type is FieldType.DATETIME and kind in _MOMENTS:
        value = f"CAST({raw} AS TIMESTAMP_NTZ)"
        return Column(spec, _shown(raw), f"CAST({value} AS DATE) {_believable(spec)}", value)
    if spec.type is FieldType.YES_NO and kind == "boolean":
        return Column(spec, _shown(raw), "TRUE", raw)
    if spec.type is FieldType.NUMBER and kind in _WHOLE:
        return Column(spec, _shown(raw), _in_range(spec, raw), f"CAST({raw} AS INT)")
    return _TEXT.get(spec.type, _any)(spec, raw if kind == "string" else _shown(raw, kind))


def _shown(raw: str, kind: str = "") -> str:
    shown = f"CAST({raw} AS STRING)"
    if kind not in _FLOATING:
        return shown
    # a number that a table holds as 10000000.0 would be shown as 1.0E7, which is no id
    whole = f"abs({raw}) < 1e15 AND {raw} = rint({raw})"
    return f"CASE WHEN {whole} THEN concat(try_cast({raw} AS BIGINT), '.0') ELSE {shown} END"


def _believable(spec: Spec) -> str:
    return f"BETWEEN DATE '{spec.earliest}' AND DATE '{spec.latest}'"


def _day(spec: Spec, raw: str, day: str) -> Column:
    value = f"CAST(trunc({day}, 'MM') AS DATE)" if spec.type is FieldType.MONTH else day
    return Column(spec, _shown(raw), f"{value} {_believable(spec)}", value)


def _in_range(spec: Spec, number: str) -> str:
    return f"({number} BETWEEN {spec.min} AND {spec.max})"


def _any(spec: Spec, raw: str) -> Column:
    return Column(spec, raw, "FALSE", f"CAST(NULL AS {TYPES[spec.type]})")


def _listed(spec: Spec, raw: str) -> Column:
    joined = f"array_join({raw}, ';')"
    if spec.type is not FieldType.LIST:
        return _TEXT.get(spec.type, _any)(spec, joined)
    known = f"CAST(array({', '.join(map(text, spec.values))}) AS ARRAY<STRING>)"
    plain = f"size(array_except({raw}, {known})) = 0 AND array_sort(array_distinct({raw})) = {raw}"
    return Column(spec, joined, f"({plain} AND size({raw}) > 0)", raw)


def _text(spec: Spec, raw: str) -> Column:
    trimmed = f"regexp_replace({raw}, {text(f'^{_EDGES}|{_EDGES}$')}, '')"
    blank = ", ".join(text(word) for word in cells.BLANK)
    value = trimmed
    if spec.type is not FieldType.TEXT:
        value = f"regexp_replace({trimmed}, {text(f'^(?:{cells.NUMBERED_ID})$')}, '$1')"
    # no text is refused, so the look-up is never asked
    return Column(
        spec, raw, "TRUE", f"CASE WHEN lower({trimmed}) NOT IN ({blank}) THEN {value} END", "slow"
    )


def _day_in_words(spec: Spec, raw: str) -> Column:
    day = f"try_cast({_iso(raw)} AS DATE)"
    return Column(spec, raw, _plain(spec, raw, day), day)


def _moment_in_words(spec: Spec, raw: str) -> Column:
    time = f"CASE WHEN length({raw}) > 10 THEN substr({raw}, 12) ELSE '00:00' END"
    moment = f"try_cast(concat({_iso(raw)}, ' ', {time}) AS TIMESTAMP_NTZ)"
    return Column(spec, raw, _plain(spec, raw, f"CAST({moment} AS DATE)"), moment)


def _iso(raw: str) -> str:
    """Return SQL of the day with which a text begins, the year first."""
    turned = f"concat_ws('-', substr({raw}, 7, 4), substr({raw}, 4, 2), substr({raw}, 1, 2))"
    return f"CASE WHEN {raw} RLIKE {text(_DAY_FIRST)} THEN {turned} ELSE substr({raw}, 1, 10) END"


def _plain(spec: Spec, raw: str, day: str) -> str:
    # a column may hold as many moments as rows: what is common is not looked up
    return f"({raw} RLIKE {text(_PLAIN_DAY)} AND {day} {_believable(spec)})"


def _choice(spec: Spec, raw: str) -> Column:
    known = ", ".join(map(text, spec.values))
    return Column(spec, raw, f"{raw} IN ({known})" if known else "FALSE", raw)


_TEXT: Mapping[FieldType, Callable[[Spec, str], Column]] = {
    FieldType.ID: _text,
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.DATE: _day_in_words,
    FieldType.DATETIME: _moment_in_words,
}
"""Texts of other fields are all looked up."""
