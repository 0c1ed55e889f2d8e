"""Score a batch in slices of so many audits: `sliced_run.py BATCH OUT DAY SIZE RULES…`."""

import sys
from datetime import date
from pathlib import Path

from engine.cli.common import open_rulebook
from engine.pipeline import Scoring, score_in_parts
from engine.records import read_batch

if __name__ == "__main__":
    source, out, day, size, *rules = sys.argv[1:]
    rulebook = open_rulebook(tuple(map(Path, rules)))
    Path(out).mkdir()
    with read_batch(source, rulebook.fields, rulebook.allowed) as batch:
        score_in_parts(Scoring(rulebook, batch, date.fromisoformat(day), size=int(size)), Path(out))
