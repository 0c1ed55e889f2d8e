"""The codes of what can be wrong with a ledger: M and three digits, 100 to 199."""

CODES: dict[str, str] = {
    "M101": "there is no ledger where one is to be read",
    "M102": "there is no place for a ledger",
    "M103": "what is there is not a ledger",
    "M104": "the ledger was written by a newer version",
    "M105": "the ledger cannot be written, only read",
    "M106": "the ledger could not be written, and nothing was",
    "M107": "somebody else held the ledger for too long",
    "M108": "the ledger is damaged",
    "M109": "the address of the ledger cannot be used",
    "M110": "the driver for PostgreSQL is not installed",
    "M111": "the server of the ledger does not answer",
    "M112": "the server of the ledger refuses",
    "M113": "a text cannot be kept in the ledger",
    "M114": "what is given as the head is none",
    "M115": "the ledger holds nothing of that audit",
}
