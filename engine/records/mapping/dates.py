"""Forms of dates as mappings write them: `DD/MM/YYYY`, `YYYY-MM-DD HH:mm`, `DD-MMM-YY`.

In: a form and a text. Out: the same day or moment in ISO form, or nothing. It never guesses.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from engine.records.cells import ISO, MONTHS, TIME
from engine.rulebook.scalars import Fault

CENTURY = 69  # two digits from here on are of the last century

_TOKENS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<short>[0-9]{2})",
    "MMMM": "(?P<word>[A-Za-z]{3,9})",
    "MMM": "(?P<word>[A-Za-z]{3,4})",
    "MM": "(?P<month>[0-9]{2})",
    "M": "(?P<month>[0-9]{1,2})",
    "DD": "(?P<day>[0-9]{2})",
    "D": "(?P<day>[0-9]{1,2})",
    "HH": "(?P<hour>[0-9]{2})",
    "H": "(?P<hour>[0-9]{1,2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": "(?P<second>[0-9]{2})(?:[.][0-9]+)?",
}
_PARTS = re.compile("(" + "|".join(sorted(_TOKENS, key=len, reverse=True)) + ")")
_BETWEEN = re.compile(r"[-/., :T]*")
_UNAMBIGUOUS = re.compile(f"{ISO}(?:{TIME})?")
KNOWN = "write it with YYYY, MM, DD and perhaps HH:mm, such as `DD/MM/YYYY`"


@dataclass(frozen=True)
class DateForm:
    """How a system writes its days or moments.

    >>> DateForm("DD/MM/YYYY").iso("03/04/2024"), DateForm("MM/DD/YYYY").iso("03/04/2024")
    ('2024-04-03', '2024-03-04')
    >>> DateForm("D-MMM-YY HH:mm").iso("3-Apr-24 09:30"), DateForm("DD/MM/YYYY").iso("3.4.24")
    ('2024-04-03 09:30:00', None)
    """

    text: str

    def iso(self, text: str) -> str | None:
        """Return a day or moment in ISO form; ISO itself is always taken, as workbooks give it."""
        found = self._pattern.fullmatch(text)
        if found is None:
            year_first = self.text.startswith("YYYY")
            return text if not year_first and _UNAMBIGUOUS.fullmatch(text) else None
        moment = _moment(found.groupdict())
        if moment is None:
            return None
        return moment.isoformat(" ") if "H" in self.text else moment.date().isoformat()

    @property
    def month_first(self) -> bool:
        """Say whether figures give the month before the day, as no system of a council should.

        >>> DateForm("M/D/YYYY").month_first, DateForm("MMM D YYYY").month_first
        (True, False)
        """
        parts = _PARTS.split(self.text)
        return parts[1] in ("M", "MM")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = _PARTS.split(self.text)
        return re.compile("".join(_TOKENS.get(part) or re.escape(part) for part in parts))

    @classmethod
    def parse(cls, text: object) -> "DateForm":
        """Read a form.

        Raises:
            Fault: it does not say year, month and day once each.
        """
        if isinstance(text, DateForm):
            return text
        parts = _PARTS.split(text) if isinstance(text, str) else []
        used = [_TOKENS[part][4:7] for part in parts[1::2]]  # the first letters of what each is
        day = {"yea": 0, "sho": 0, "mon": 0, "wor": 0, "day": 0}
        for name in used:
            day[name] = day.get(name, 0) + 1
        whole = (day["yea"] + day["sho"], day["mon"] + day["wor"], day["day"]) == (1, 1, 1)
        if not whole or len({*used}) < len(used) or not all(map(_BETWEEN.fullmatch, parts[::2])):
            raise Fault(f"`{text}` is no form of a date", KNOWN, code="M006")
        return cls(str(text))


def _moment(found: dict[str, str | None]) -> datetime | None:
    year, month = found.get("year"), found.get("month")
    if year is None:
        short = int(found.get("short") or 0)
        year = str(short + (1900 if short >= CENTURY else 2000))
    if word := (found.get("word") or "").lower():
        month = str(MONTHS.index(word[:3]) + 1) if word[:3] in MONTHS else "0"
    hour, minute, second = (int(found.get(name) or 0) for name in ("hour", "minute", "second"))
    day = int(found["day"] or 0)
    try:
        return datetime(int(year), int(month or 0), day, hour, minute, second)  # noqa: DTZ001 - local time
    except ValueError:
        return None
