"""Make a synthetic batch as Parquet, as a process of its own: `make_batch.py COUNT FOLDER`."""

import sys
from pathlib import Path

from contenders import ROOT

from engine.cli.common import open_rulebook
from engine.synthetic import Order, synthesise

rulebook = open_rulebook(ROOT / "rules")
synthesise(
    Order(int(sys.argv[1]), Path(sys.argv[2]), format="parquet"), rulebook.fields, rulebook.calendar
)
