"""Make a synthetic batch as a process of its own: `make_batch.py COUNT PLACE [FORMAT] [--fifteen]`.

With `--fifteen` it holds only the tables, columns and answers that the fifteen standards of the
scripts by hand have to do with, so that every contender reads the same.
"""

import json
import sys
from pathlib import Path

import duckdb
from contenders import RULES, WHOLE

from engine.cli.common import open_rulebook
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import Fields
from engine.synthetic import Order, synthesise

TABLES = Path(__file__).resolve().parent / "fifteen" / "tables.json"


def main(words: list[str]) -> None:
    count, place, *form = (word for word in words if not word.startswith("--"))
    only = "--fifteen" in words
    rulebook = open_rulebook(RULES if only else WHOLE)
    fields = of_the_fifteen(rulebook.fields) if only else rulebook.fields
    order = Order(int(count), Path(place), format=form[0] if form else "parquet")
    synthesise(order, fields, rulebook.calendar)
    if only:
        for path in sorted(Path(place).glob("answers*")):
            for part in sorted(path.glob("*.parquet")) if path.is_dir() else [path]:
                keep_answers(part, rulebook)


def of_the_fifteen(fields: Fields) -> Fields:
    """Return the dictionary with the tables and columns of the fifteen standards."""
    known = json.loads(TABLES.read_text("utf-8"))
    tables = {
        name: fields.tables[name].model_copy(
            update={"fields": {column: fields.tables[name].fields[column] for column in columns}}
        )
        for name, columns in known.items()
    }
    return fields.model_copy(update={"tables": tables})


def keep_answers(part: Path, rulebook: Rulebook) -> None:
    """Leave the answers on live standards in a file."""
    kept = [standard.id for standard in rulebook.live]
    whole = part.with_suffix(".whole")
    part.rename(whole)
    duckdb.sql("SET preserve_insertion_order = true")
    duckdb.execute(
        f"COPY (SELECT * FROM read_parquet(?) WHERE list_contains(?, standard)) TO '{part}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)",
        [str(whole), kept],
    )
    whole.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
