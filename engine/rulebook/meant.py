"""What an author most likely meant by a value that cannot be read, to be offered as the way out.

Text comes in, the text to write instead goes out, or an empty string where nothing is likely.
"""

import re
from calendar import monthrange
from datetime import date

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_UNITS = {
    "business": "working days",
    "calendar": "days",
    "office": "working days",
    "weekday": "working days",
    "wd": "working days",
}


def number_meant(text: str) -> str:
    """Return the digits of a number in words, or of one with words after it.

    >>> number_meant("ten"), number_meant("forty-five"), number_meant("10 working days")
    ('10', '45', '10')
    """
    words = re.findall("[a-z]+", text.lower())
    if re.fullmatch("[0-9]{1,3}([ ,_][0-9]{3}){1,2}", text.strip()):
        return re.sub("[ ,_]", "", text.strip())
    if digits := re.match(r"([0-9]{1,9}) *[A-Za-z%]", text.strip()):
        return str(int(digits[1]))
    known = {**{word: place for place, word in enumerate(_NUMBERS)}, **_TENS}
    if not words or words[0] not in known:
        return ""
    total = known[words[0]]
    more = known.get(words[1], 0) if words[0] in _TENS and len(words) > 1 else 0
    return str(total + more)


def length_meant(text: str) -> str:
    """Return a length of time as it has to be written.

    >>> length_meant("ten working days"), length_meant("5 business days")
    ('10 working days', '5 working days')
    """
    amount = number_meant(text) or ("".join(re.findall("^[0-9]{1,4}$", text)))
    lower = text.lower()
    if not amount or "." in text or text.strip().startswith("-"):
        return ""
    if "fortnight" in lower:
        return f"{int(amount) * 2} weeks"
    for word, unit in (("working", "working days"), *_UNITS.items()):
        if word in lower:
            return f"{amount} {unit}"
    unit = next((u for u in ("day", "week", "month", "year") if u in lower), "")
    return f"{amount} {unit}s" if unit else ""


def day_meant(text: str) -> str:
    """Return a day in ISO form, from British order, words or a day with a time.

    >>> day_meant("31/12/24"), day_meant("22 November 2026"), day_meant("2026-11-22 09:00")
    ('2024-12-31', '2026-11-22', '2026-11-22')
    """
    plain = text.strip().lower()
    if found := re.match(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])", plain):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4}|[0-9]{2})", plain):
        year = int(found[3]) + (2000 if len(found[3]) == len("24") else 0)
        one, other = int(found[1]), int(found[2])
        return _iso(year, other, one) or _iso(year, one, other)
    if found := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? +([a-z]{3,9}),? +([0-9]{4})", plain):
        for place, month in enumerate(_MONTHS, start=1):
            if month.startswith(found[2]):
                return _iso(int(found[3]), place, int(found[1]))
    return ""


def why_no_day(year: int, month: int) -> str:
    """Say why a day is not in the calendar.

    >>> why_no_day(2024, 2), why_no_day(2024, 13)
    ('February 2024 has 29 days', 'there are twelve months')
    """
    if not 1 <= month <= len(_MONTHS):
        return "there are twelve months"
    if not year >= 1:
        return "there is no such year"
    return f"{_MONTHS[month - 1].capitalize()} {year} has {monthrange(year, month)[1]} days"


def id_meant(text: str) -> str:
    """Return the identifier of a standard.

    >>> id_meant("cp-5"), id_meant("CP05"), id_meant("5")
    ('CP-05', 'CP-05', '')
    """
    found = re.fullmatch(r"([A-Za-z]{2,})[-_ ]?([0-9]+)", text.strip())
    return f"{found[1].upper()}-{found[2]:0>2}" if found else ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
