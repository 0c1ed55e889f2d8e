"""What each format lacks, for which standards: made from the program, so that it cannot be stale.

A synthetic batch is written in every format and read back; what a standard asks for and the format
does not bring is what it lacks. `AUDIT_WRITE_DOCS=1 python3 run.py test tests/docs` writes it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.findings.stage import Compiled, compile_rulebook
from engine.pipeline import Scoring, no_progress, score
from engine.records import read_batch
from engine.reports.cannot_tell import held_in_part
from engine.reports.view import FindingView
from engine.terms import Outcome
from tests.formats import workbook
from tests.formats.cases import AUDIT, PROTECTED, Tables, whole
from tests.formats.every import OF_A_PROTECTED_CHILD, WRITERS, book, findings
from tests.unit.synthetic_batches import make, read_csv

AS_OF = date(2025, 3, 7)
LATER = date(2027, 1, 1)  # than every day of a synthetic batch
AUDITS = 66
NOT_ALL = "does not tell enough for this child"  # which says nothing of the format
PARTS = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled_in(page: str) -> str:
    """Return a page with its made parts as the program makes them."""
    return PARTS.sub(lambda part: f"{part[1]}{PAGE_PARTS[part[2]]()}\n{part[3]}", page)


@cache
def one_case() -> str:
    """Return the table of one case in every format."""
    with TemporaryDirectory() as folder:
        found = dict(_of_the_case(Path(folder)))
    plain = found["workbook"]
    bound = [name for name, one in plain.items() if one.outcome != Outcome.NOT_APPLICABLE]
    rows = [
        [f"{name} {_title(name)}", *(_told(of[name]) for of in found.values())] for name in bound
    ]
    return _table(["standard", *found], rows)


def _of_the_case(folder: Path) -> Iterator[tuple[str, Mapping[str, FindingView]]]:
    tables = whole(PROTECTED, book())
    returns = {name: WRITERS[name] for name in OF_A_PROTECTED_CHILD}
    for name, write in {"workbook": workbook.write, **returns}.items():
        yield name, findings(write(tables, folder / name), AUDIT, AS_OF)[1]


def _told(one: FindingView) -> str:
    return "–" if one.outcome == Outcome.NOT_ASSESSABLE else one.outcome.replace("_", " ")


@cache
def by_standard() -> str:
    """Return the table of what each format lacks for each standard."""
    with TemporaryDirectory() as folder:
        columns = [_column(WRITERS[name](_synthetic(), Path(folder) / name)) for name in WRITERS]
    rows = [
        [f"{name} {_title(name)}", *(column[name] for column in columns)] for name in columns[0]
    ]
    return _table(["standard", *WRITERS], rows)


def _column(path: Path) -> Mapping[str, str]:
    """Return what a format lacks, by standard."""
    with read_batch(path, book().fields, book().allowed) as batch:
        compiled = compile_rulebook(book(), batch.asking())
        view = score(Scoring(book(), batch, LATER), no_progress)
    bound: dict[str, set[str]] = {}
    for found in (found for one in view.audits for found in one.findings if found.binds):
        never = found.because.split("`")[1] if NOT_ALL in found.because else ""
        bound.setdefault(found.standard, set()).add(never)
    return {one.standard.id: _lacks(one, bound.get(one.standard.id)) for one in compiled}


@cache
def _synthetic() -> Tables:
    with TemporaryDirectory() as folder:
        make(Path(folder) / "batch", AUDITS, seed=3)
        tables = read_csv(Path(folder) / "batch")
    return {
        name: [{field: cell or None for field, cell in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def _lacks(compiled: Compiled, bound: set[str] | None) -> str:
    """Return what a format lacks for a standard, in a cell.

    `bound`: by the audits that it binds, the table of which the format does not tell enough.
    """
    if bound is None:
        return "nothing that it asks about"
    if "" not in bound:
        return f"never enough of {_names(frozenset(bound))}"
    if compiled.absent:
        return f"no {', '.join(f'`{name}`' for name in compiled.absent)}"
    series, proofs = held_in_part(compiled)
    if series:
        return f"the latest of {_names(series)} alone"
    return f"if the latest of {_names(proofs)} shows it" if proofs else "yes"


def _names(tables: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(tables))


def _title(name: str) -> str:
    return book().by_id[name].title


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PAGE_PARTS = {"one-case": one_case, "by-standard": by_standard}
