"""`audit mapping new`: a mapping is proposed from a sample."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.cli.common import Given, open_rulebook, say, show, tell
from engine.cli.documents import put
from engine.errors import Exit, Location, Problem, Stop
from engine.records.dictionary import Dictionary
from engine.records.found import look
from engine.records.mapping.guess import SURE
from engine.records.mapping.proposal import Proposal, propose
from engine.records.stage import Stage
from engine.records.store import Scratch, connect
from engine.rulebook.book import Rulebook


def run_mapping_new(sample: str, out: Path | None, rules: Given) -> Exit:
    """Propose a mapping from a sample; return the exit code."""
    if out is not None and out.exists():
        said = "the file is there already, and is not overwritten"
        raise Stop(Exit.USAGE, (Problem(Location(str(out)), "M021", said, "give another name"),))
    proposal = proposed(sample, open_rulebook(rules, examples=False))
    if proposal.empty:
        said = "no column looks like something that is read here"
        help_ = "is the header in it, and some rows? a mapping can also be written by hand"
        raise Stop(Exit.USAGE, (Problem(Location(sample), "M020", said, help_),))
    listed = [*_listed(proposal)]
    if out is None:
        for line in listed:
            say(line)
        show(proposal.text().splitlines())
        return Exit.DONE
    show(listed)
    put(proposal.text().splitlines(), out)
    return Exit.DONE


def _alone(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that fill a field each by itself: no other of the same table helps."""
    tables = Counter(column.partition("_")[0] for column in columns)
    return tuple(column for column in columns if tables[column.partition("_")[0]] == 1)


def proposed(sample: str, rulebook: Rulebook) -> Proposal:
    """Return what is proposed for a sample."""
    national = {
        (name, key): _alone(field.ssd)
        for name, table in rulebook.fields.tables.items()
        for key, field in table.fields.items()
        if field.ssd
    }
    scratch = Scratch()
    try:
        with connect(scratch.path, 0) as con:
            dictionary = Dictionary.of(rulebook.fields, rulebook.allowed)
            stage = Stage(dictionary, scratch.path, con)
            proposal = propose(look(sample, scratch.path), stage, national)
        tell(sorted(stage.warnings))
        return proposal
    finally:
        scratch.close()


def _listed(proposal: Proposal) -> Iterator[str]:
    """Yield the lines of the proposal as a table: sure ones, and those left as comments."""
    rows = [("File or sheet", "Column", "Fills", "Sure")]
    rows += [
        (file, column, fills, f"{sure:.0%}{'' if sure >= SURE else ', a comment'}")
        for file, column, fills, sure in proposal.lines()
    ]
    widths = [min(max(len(row[at]) for row in rows), 60) for at in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))  # type: ignore[arg-type]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
