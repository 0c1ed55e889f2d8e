"""The working days of England, counted from the first day of the calendar of the rulebook."""

from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import yaml

CALENDAR = Path(__file__).parent.parent / "rules" / "calendars" / "england.yaml"


def working_days() -> tuple[date, list[int]]:
    """Return the first day of the calendar, and for each day the working days up to it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    calendar = yaml.load(CALENDAR.read_text(encoding="utf-8"), Loader=loader)
    first, last = calendar["from"], calendar["to"]
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    off = calendar["bank_holidays"]
    return first, [*accumulate(int(day.weekday() < 5 and day not in off) for day in days)]
