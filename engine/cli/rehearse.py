"""`audit rehearse`: fill in the moderators' workbooks of a synthetic batch from its known truth."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.common import Given, open_rulebook, say
from engine.cli.outputs import check_writable, placed
from engine.cli.sample_books import reason_codes
from engine.errors import Exit, Location, Problem, Stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.moderation.returned import Returned
    from engine.rulebook.book import Rulebook
    from engine.synthetic.rehearsal import Truth

CODES = {
    "M440": "a batch has no known truth beside it",
    "M441": "a folder holds no moderators' workbooks",
    "M442": "the truth does not know an audit of a workbook",
    "M443": "a workbook that is to be rehearsed has grades already",
}
WRITE_ONE = "make a synthetic batch with `audit synth`: its truth is written beside it"


def run_rehearse(folder: Path, batch: Path, seed: int, rules: Given) -> Exit:
    """Fill in every moderator's workbook of a folder; return the exit code."""
    from engine.synthetic.rehearsal import Rehearsal, fill

    check_writable(folder)
    rulebook = open_rulebook(rules, examples=False)
    truth = truth_of(batch, rulebook)
    books = _books(folder, rulebook)
    names = sorted({one.moderator for _, one in books})
    rehearsal = Rehearsal(seed, rulebook, truth, tuple(reason_codes(rulebook).values()), names)
    strange = sorted({a for _, one in books for a in one.not_done if a not in truth})
    if strange:
        said = f"the truth beside the batch does not know audit `{strange[0]}`"
        raise _stop("M442", folder, said, "give the batch that the workbooks were drawn from")
    audits = 0
    with placed(folder) as scratch:
        for path, _ in books:
            filled, done = fill(path, rehearsal)
            (scratch / path.name).write_bytes(filled)
            audits += done
    say(f"rehearsal: {audits:,} audits filled in, in {len(books)} workbooks in {folder}")
    return Exit.DONE


def truth_of(batch: Path, rulebook: "Rulebook") -> "dict[str, Truth]":
    """Return what the maker of a synthetic batch knows of each audit.

    Raises:
        Stop: there is no truth beside it, or it is of another rulebook.
    """
    import duckdb

    from engine.synthetic.rehearsal import Truth

    beside = batch.with_name(f"{batch.stem if batch.is_file() else batch.name}.truth")
    sources = (beside / "truth.parquet", beside / "truth.csv", beside / "truth")
    found = next((one for one in sources if one.exists()), None)
    if found is None:
        said = f"there is no known truth beside `{batch.as_posix()}`, so nothing can be rehearsed"
        raise _stop("M440", beside, said, WRITE_ONE)
    reader = "read_csv(?, all_varchar=true)" if found.suffix == ".csv" else "read_parquet(?)"
    source = f"{found}/*.parquet" if found.is_dir() else str(found)
    query = f"SELECT audit_id, true_grade, CAST(latent_quality AS DOUBLE) FROM {reader}"  # noqa: S608 - of two readers
    try:
        with duckdb.connect() as con:
            rows = con.execute(query, [source]).fetchall()
        return {audit: Truth(rulebook.rank(grade), latent) for audit, grade, latent in rows}
    except (duckdb.Error, ValueError):
        said = "the truth beside the batch cannot be read"
        raise _stop("M440", found, said, WRITE_ONE) from None


def _books(folder: Path, rulebook: "Rulebook") -> "Sequence[tuple[Path, Returned]]":
    """Return the moderators' workbooks of a folder, none of which has grades yet."""
    from engine.moderation.returned import read_back

    books: list[tuple[Path, Returned]] = []
    for path in sorted(folder.glob("*.xlsx")):
        if path.name.startswith(("~$", ".")):
            continue
        one = read_back(path, rulebook, reason_codes(rulebook))
        if one.rows or one.problems:
            said = "somebody has graded in this workbook, and nothing was filled in"
            raise _stop(
                "M443", path, said, "rehearse with workbooks that `audit sample` just wrote"
            )
        books.append((path, one))
    if not books:
        said = f"`{folder.as_posix()}` holds no moderators' workbooks"
        raise _stop("M441", folder, said, "give the folder that `audit sample` wrote into")
    return books


def _stop(code: str, where: Path, said: str, help_: str) -> Stop:
    return Stop(Exit.USAGE, (Problem(Location(where.as_posix()), code, said, help_),))
