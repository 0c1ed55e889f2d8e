"""The SQL that types one column of many rows.

In: a field and the SQL of its raw column, with the type that it has in the database. Out: SQL for
what can be said in SQL of the cells in plain form. Texts in any other form are few and different:
each is read once by `cells.read` and looked up, so that the language of cells stands in one place.
It must not know tables or files.
"""

from dataclasses import dataclass

from engine.records import cells, sql
from engine.records.cells import Spec
from engine.rulebook.fields import FieldType

# words whose form says at once what they mean; others are looked up
_QUICK_YES, _QUICK_NO = ("yes", "true", "Yes", "Y", "1"), ("no", "false", "No", "N", "0")
_BLANK = ", ".join(map(sql.literal, cells.BLANK))
_LONGEST = max(len(word.encode()) for word in cells.BLANK)
_INVISIBLE = "".join(f"\\x{{{ord(character):x}}}" for character in cells.INVISIBLE)
_TRIMMED = f"^[{_INVISIBLE}]+|[{_INVISIBLE}]+$"


@dataclass(frozen=True)
class Column:
    """How one raw column is typed; `raw` is SQL of its text.

    Where `quick` holds, `value` is the value of the cell; it never holds for a cell to be refused.
    Elsewhere the text is looked up, or `slow` is its value.
    """

    spec: Spec
    raw: str
    quick: str
    value: str
    slow: str | None = None


def column(spec: Spec, raw: str, kind: str) -> Column:
    """Return the typing of a raw column that has this type in the database."""
    made = _native(spec, raw, kind)
    if made:
        return made
    text = raw if kind == "VARCHAR" else _as_text(raw, kind)
    return _TEXT[spec.type](spec, text)


def as_it_is(spec: Spec, raw: str) -> str:
    """Return SQL that holds where a text is its own value, without a look at the dictionary."""
    long = f"strlen({raw}) > {_LONGEST}"  # a CASE, so that long texts are not made lower
    said = f"{_edges(raw)} AND CASE WHEN {long} THEN true ELSE lower({raw}) NOT IN ({_BLANK}) END"
    return said if spec.type is FieldType.TEXT else f"{said} AND NOT suffix({raw}, '.0')"


def _native(spec: Spec, raw: str, kind: str) -> Column | None:
    """Return the typing of a column that the database holds in the very type of the field."""
    made = _NATIVE.get(spec.type)
    # a month is held as a day
    return made(spec, raw) if made and kind == sql.TYPES[spec.type] else None


def _native_day(spec: Spec, raw: str) -> Column:
    return Column(spec, _cast(raw), f"CAST({raw} AS DATE) {_believable(spec)}", raw)


def _native_month(spec: Spec, raw: str) -> Column:
    first = f"CAST(date_trunc('month', {raw}) AS DATE)"
    return Column(spec, _cast(raw), f"{first} {_believable(spec)}", first)


def _native_yes_no(spec: Spec, raw: str) -> Column:
    return Column(spec, _cast(raw), "true", raw)


def _native_number(spec: Spec, raw: str) -> Column:
    return Column(spec, _cast(raw), _in_range(spec, raw), raw)


def _native_list(spec: Spec, raw: str) -> Column:
    known = f"[{', '.join(map(sql.literal, spec.values))}]::VARCHAR[]"
    text = f"array_to_string({raw}, ';')"
    quick = f"list_has_all({known}, {raw}) AND list_sort(list_distinct({raw})) = {raw}"
    return Column(spec, text, f"({quick} AND len({raw}) > 0)", raw)


def _as_text(raw: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"array_to_string({raw}, ';')"
    if kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({raw}) AS VARCHAR)"
    return _cast(raw)


def _cast(raw: str) -> str:
    return f"CAST({raw} AS VARCHAR)"


def _believable(spec: Spec) -> str:
    return f"BETWEEN DATE '{spec.earliest}' AND DATE '{spec.latest}'"


def _edges(raw: str) -> str:
    return f"{raw} >= '!' AND {raw} <= '~' AND substr({raw}, -1) BETWEEN '!' AND '~'"


def _text(spec: Spec, raw: str) -> Column:
    trimmed = f"regexp_replace({raw}, {sql.literal(_TRIMMED)}, '', 'g')"
    slow = f"CASE WHEN lower({trimmed}) NOT IN ({_BLANK}) THEN {_numbered(spec, trimmed)} END"
    return Column(spec, raw, as_it_is(spec, raw), raw, slow)


def _numbered(spec: Spec, text: str) -> str:
    if spec.type is FieldType.TEXT:
        return text
    return f"regexp_replace({text}, '^(?:{cells.NUMBERED_ID})$', '\\1')"


def _day(spec: Spec, raw: str) -> Column:
    day = f"try_cast({raw} AS DATE)"
    slashed = f"CAST(try_strptime({raw}, '%d/%m/%Y') AS DATE)"
    timed = _moment(spec, raw)
    value = f"CASE WHEN {raw}[3] = '/' THEN {slashed} ELSE {day} END"
    value = f"CASE WHEN strlen({raw}) = 19 THEN CAST({timed.value} AS DATE) ELSE {value} END"
    believable = _believable(spec)
    quick = (
        f"CASE WHEN strlen({raw}) = 19 THEN {timed.quick} "
        f"WHEN strlen({raw}) <> 10 THEN false WHEN {raw}[3] = '/' "
        f"THEN strftime({slashed}, '%d/%m/%Y') = {raw} AND {slashed} {believable} "
        f"ELSE CAST({day} AS VARCHAR) = {raw} AND {day} {believable} END"
    )
    return Column(spec, raw, quick, value)


def _moment(spec: Spec, raw: str) -> Column:
    moment = f"try_cast({raw} AS TIMESTAMP)"
    believable = _believable(spec)
    quick = (
        f"strlen({raw}) = 19 AND CAST({moment} AS VARCHAR) = {raw} "
        f"AND CAST({moment} AS DATE) {believable}"
    )
    return Column(spec, raw, quick, moment)


def _looked_up(spec: Spec, raw: str) -> Column:
    return Column(spec, raw, "false", f"CAST(NULL AS {sql.TYPES[spec.type]})")


def _yes_no(spec: Spec, raw: str) -> Column:
    quick = f"{raw} IN ({', '.join(map(sql.literal, _QUICK_YES + _QUICK_NO))})"
    return Column(spec, raw, quick, f"{raw} IN ({', '.join(map(sql.literal, _QUICK_YES))})")


def _number(spec: Spec, raw: str) -> Column:
    number = f"try_cast({raw} AS INTEGER)"
    quick = (
        f"strlen({raw}) <= 9 AND CAST({number} AS VARCHAR) = {raw} AND {_in_range(spec, number)}"
    )
    return Column(spec, raw, quick, number)


def _in_range(spec: Spec, number: str) -> str:
    return f"({number} BETWEEN {spec.min} AND {spec.max})"


def _choice(spec: Spec, raw: str) -> Column:
    known = ", ".join(map(sql.literal, spec.values))
    return Column(spec, raw, f"{raw} IN ({known})" if known else "false", raw)


_TEXT = {
    FieldType.ID: _text,
    FieldType.TEXT: _text,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.MONTH: _looked_up,
    FieldType.YES_NO: _yes_no,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.LIST: _looked_up,
}
_NATIVE = {
    FieldType.DATE: _native_day,
    FieldType.DATETIME: _native_day,
    FieldType.MONTH: _native_month,
    FieldType.YES_NO: _native_yes_no,
    FieldType.NUMBER: _native_number,
    FieldType.LIST: _native_list,
}
