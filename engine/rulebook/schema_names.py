"""The names of a rulebook in the JSON Schema of its standards, so that editors complete them.

A schema of the models, the lists and the dictionary go in; the same schema with domains, tables,
fields and their values goes out.
"""

from typing import Any

from engine.rulebook.book import Book, Entry
from engine.rulebook.check import CUT_OFF
from engine.rulebook.fields import AUDIT_ID, AUDITS, Field, Fields, FieldType

Schema = dict[str, Any]
_SCALAR = {"type": ["string", "number", "boolean", "null"]}
_YES_NO: list[object] = ["yes", "no", True, False, None]


def with_names(schema: Schema, book: Book, fields: Fields) -> Schema:
    """Return the schema of a standard with every name that it can use."""
    own, parts = schema["properties"], schema["$defs"]
    own["domain"] |= _listed(book.domains)
    own["area"] |= _listed(book.areas)
    own["exceptions"]["propertyNames"] = {"enum": [entry.id for entry in book.exceptions]}
    own["applies_to"] = _asks(AUDITS) | {"description": own["applies_to"]["description"]}
    # the long form of a condition and of a day stands last among its ways of writing
    parts["Asked"] = parts["Test"]["anyOf"][-1]
    for part in (*parts.values(), parts["DayOf"]["anyOf"][-1]):
        for key in {"table", "of"} & part.get("properties", {}).keys():
            part["properties"][key] |= {"enum": list(fields.tables)}
            _conditions(part, key, fields)
    parts["Example"]["properties"]["given"] |= _given(fields)
    for name, table in fields.tables.items():
        cells = {key: _cell(field) for key, field in table.fields.items()}
        parts[f"row_{name}"] = _closed(cells, table.meaning)
        parts[f"where_{name}"] = _where(name, fields)
    return schema


def _listed(entries: tuple[Entry, ...]) -> Schema:
    meant = "\n".join(f"- `{entry.id}`: {entry.title}" for entry in entries)
    return {"enum": [entry.id for entry in entries], "markdownDescription": meant}


def _closed(properties: Schema, meaning: str) -> Schema:
    return {
        "type": "object",
        "description": meaning,
        "additionalProperties": False,
        "properties": properties,
    }


def _asks(table: str) -> Schema:
    return {"$ref": f"#/$defs/where_{table}"}


def _conditions(part: Schema, key: str, fields: Fields) -> None:
    """Let the fields that conditions name follow from the table that is named."""
    asked = [name for name in ("where", "satisfies", "partly") if name in part["properties"]]
    if asked:
        part["allOf"] = [
            {
                "if": {"required": [key], "properties": {key: {"const": table}}},
                "then": {"properties": {name: _asks(table) for name in asked}},
            }
            for table in fields.tables
        ]


def _where(table: str, fields: Fields) -> Schema:
    known = {
        name: _condition(field) | _meant(field)
        for name, field in fields.tables[table].fields.items()
        if name != AUDIT_ID
    }
    if table == AUDITS:
        known[CUT_OFF] = {"$ref": "#/$defs/Asked", "description": "the day up to which it counts"}
    other = {r"^(trigger|audit)\.[a-z0-9_]+$": {"$ref": "#/$defs/Test"}}
    return _closed(known, fields.tables[table].meaning) | {"patternProperties": other}


def _condition(field: Field) -> Schema:
    values = list(field.values)
    if field.type is FieldType.YES_NO:
        values = ["yes", "no"]
    if not values:
        return {"$ref": "#/$defs/Test"}
    one = {"enum": values}
    return {"anyOf": [one, {"type": "array", "items": one}, {"$ref": "#/$defs/Asked"}]}


def _given(fields: Fields) -> Schema:
    rows = {
        name: {
            "type": ["array", "null"],
            "items": {"$ref": f"#/$defs/row_{name}"},
            "description": table.meaning,
        }
        for name, table in fields.tables.items()
        if name != AUDITS
    }
    one = {"$ref": f"#/$defs/row_{AUDITS}"}
    return {
        "additionalProperties": False,
        "required": [AUDITS],
        "properties": {AUDITS: one, **rows},
    }


def _cell(field: Field) -> Schema:
    if field.type is FieldType.YES_NO:
        return {"enum": _YES_NO} | _meant(field)
    if field.values and field.type is FieldType.CHOICE:
        return {"enum": [*field.values, None]} | _meant(field)
    if field.type is FieldType.LIST:
        return _meant(field)
    return _SCALAR | _meant(field)


def _meant(field: Field) -> Schema:
    return {"description": field.meaning}
