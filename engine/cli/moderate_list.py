"""`audit moderate list`: what stands where, who has what left to do, what waits for a panel.

No grade is shown before it is final, nor while a second moderator has still to grade blind: whoever
has may look at the list.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.cli.common import show
from engine.cli.moderate import table
from engine.cli.moderating import Desk, Place, all_cases
from engine.errors import Exit
from engine.moderation.cases import Case, Stage
from engine.moderation.entries import Graded
from engine.moderation.people import same
from engine.moderation.routes import tasks
from engine.reports.screen import shown

WORDS: Mapping[Stage, str] = {
    Stage.NOT_DRAWN: "not drawn",
    Stage.DRAWN: "to be graded blind",
    Stage.GRADED: "graded blind",
    Stage.REVEALED: "to be confirmed",
    Stage.PANEL: "to be decided by a panel",
    Stage.CONFIRMED: "final, to be answered",
    Stage.SETTLED: "settled",
}
HEADINGS = ("Audit", "Stands", "Final grade", "Left to do", "By")


def run_list(place: Place, name: str | None, stage: str | None, output_format: str) -> Exit:
    """List the audits that are moderated."""
    desk = Desk.open(place)
    found = [case for case in all_cases(desk).values() if case.stage is not Stage.NOT_DRAWN]
    chosen = [case for case in found if _is_wanted(case, name, stage)]
    if output_format == "json":
        show([json.dumps([as_data(case) for case in chosen], ensure_ascii=False, indent=2)])
    else:
        show(_lines(desk, found, chosen))
    return Exit.DONE


def as_data(case: Case) -> dict[str, object]:
    """Return what is listed of a case, as JSON has it."""
    return {
        "audit_id": case.audit_id,
        "stage": case.stage.value,
        "final_grade": final.grade if (final := _shown(case)) else None,
        "needs_panel": case.needs_panel,
        "reopened": case.reopened,
        "left_to_do": [{"who": one.who, "what": one.what} for one in tasks(case)],
    }


def _shown(case: Case) -> Graded | None:
    """Return the final grade, unless a second moderator has still to grade blind."""
    return None if case.graded_blind else case.final


def _is_wanted(case: Case, name: str | None, stage: str | None) -> bool:
    if stage is not None and case.stage.value != stage:
        return False
    return name is None or any(same(task.who, name) for task in tasks(case))


def _lines(desk: Desk, found: Sequence[Case], chosen: Sequence[Case]) -> Iterator[str]:
    if not found:
        yield "no audit is drawn for moderation: `audit sample BATCH --budget …` draws"
        return
    if chosen:
        yield from table((HEADINGS, *(row for case in chosen for row in _rows(desk, case))))
        yield ""
    else:
        yield "nothing is left to do here"
    counts = Counter(case.stage for case in found)
    told = ", ".join(f"{counts[stage]} {WORDS[stage]}" for stage in Stage if counts[stage])
    yield f"{len(found)} audits: {told}" if len(found) > 1 else f"1 audit: {told}"


def _rows(desk: Desk, case: Case) -> Iterator[tuple[str, ...]]:
    """Yield a row for each thing that is left to do about an audit; one, if there is none."""
    given = _shown(case)
    final = desk.title(given.grade) if given else ""
    final = "(sealed)" if case.final and not given else final
    stands = "under appeal" if case.under_appeal else WORDS[case.stage]
    if case.reopened:
        stands = "open again: the cap has changed"
    first = (shown(case.audit_id), stands, final)
    for number, task in enumerate(tasks(case)):
        yield (*(first if not number else ("", "", "")), task.what, shown(task.who))
    if not tasks(case):
        yield (*first, "", "")
