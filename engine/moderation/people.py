"""Whether two names are of one person, however they were typed."""


def person(name: str) -> str:
    """Return a name as it is compared: case and the number of spaces do not matter.

    >>> person("  Jo   SMITH ") == person("jo smith")
    True
    """
    return " ".join(name.split()).casefold()


def same(one: str | None, other: str | None) -> bool:
    """Return whether two names are of one person; a name that is not there is nobody's."""
    return one is not None and other is not None and person(one) == person(other) != ""


def among(name: str, names: tuple[str, ...]) -> bool:
    """Return whether a person is one of several."""
    return any(same(name, one) for one in names)
