"""Make a synthetic batch as a process of its own: `make_batch.py COUNT PLACE [FORMAT]`."""

import sys
from pathlib import Path

from contenders import RULES

from engine.cli.common import open_rulebook
from engine.synthetic import Order, synthesise

count, place, *form = sys.argv[1:]
rulebook = open_rulebook(RULES)
order = Order(int(count), Path(place), format=form[0] if form else "parquet")
synthesise(order, rulebook.fields, rulebook.calendar)
