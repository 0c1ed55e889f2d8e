"""Every format of another's making that a case can be written in, and what is found in it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from engine.pipeline import Scoring, no_progress, score
from engine.records import read_batch
from engine.records.batch import Presence
from engine.reports.view import FindingView
from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook
from tests.formats import annex_a, cin, ssd, ssda903
from tests.formats.cases import Tables

ROOT = Path(__file__).parents[2]

# by what the input calls itself in its reasons
WRITERS: Mapping[str, Callable[[Tables, Path], Path]] = {
    "Standard Safeguarding Dataset": ssd.write,
    "Annex A": annex_a.write,
    "children in need census": cin.write,
    "SSDA903 return": ssda903.write,
}
# a child who is not in care is in no SSDA903 return
OF_A_PROTECTED_CHILD = tuple(name for name in WRITERS if name != "SSDA903 return")


@cache
def book() -> Rulebook:
    """Return the rulebook that is shipped."""
    found, problems = load_rulebook(ROOT / "rules")
    assert found, problems
    return found


def findings(path: Path, audit: str, as_of: date) -> tuple[Presence, dict[str, FindingView]]:
    """Return what an input holds, and the findings on one audit by standard."""
    with read_batch(path, book().fields, book().allowed) as batch:
        assert not batch.rejected, batch.problems
        view = score(Scoring(book(), batch, as_of), no_progress)
        (one,) = [each for each in view.audits if each.audit_id == audit]
        return batch.presence, {found.standard: found for found in one.findings}
