"""The codes of what can be wrong with a mapping."""

CODES: dict[str, str] = {
    "M001": "there is no such mapping, or it cannot be opened",
    "M002": "a table of the mapping is not in the dictionary",
    "M003": "a field of the mapping is not in the dictionary",
    "M004": "the mapping does not say whose rows they are",
    "M005": "a value that the mapping gives is not allowed in the field",
    "M006": "the form of a date is not understood",
    "M007": "a form of dates is given for a field that holds none",
    "M008": "a field is filled in two ways, or in none",
    "M009": "a key of the mapping does not fit whether it reads audits or children",
    "M010": "the mapping reads no audits",
    "M020": "nothing in the sample looks like something that is read here",
    "M021": "the file for a new mapping is there already",
}
