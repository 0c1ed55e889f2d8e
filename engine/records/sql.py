"""Words of SQL: names, literals and the column types of the dictionary."""

from engine.rulebook.fields import FieldType

TYPES = {
    FieldType.ID: "VARCHAR",
    FieldType.TEXT: "VARCHAR",
    FieldType.CHOICE: "VARCHAR",
    FieldType.DATE: "DATE",
    FieldType.MONTH: "DATE",
    FieldType.DATETIME: "TIMESTAMP",
    FieldType.YES_NO: "BOOLEAN",
    FieldType.NUMBER: "INTEGER",
    FieldType.LIST: "VARCHAR[]",
}
LIST_MARK = "\x1f"  # parts the values of a list in temporary files; no cleaned value holds it


def name(text: str) -> str:
    """Return a name as an SQL identifier.

    >>> name("date")
    '"date"'
    """
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def typed(table: str) -> str:
    """Return the name of a typed table."""
    return f"typed.{name(table)}"
