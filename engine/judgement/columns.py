"""The names of columns that the tables of a judged slice have."""


def quoted(*parts: str) -> str:
    """Return a column's name; parts are joined by colons.

    >>> quoted("cap", "visits")
    '"cap:visits"'
    """
    return '"' + ":".join(parts).replace('"', '""') + '"'
