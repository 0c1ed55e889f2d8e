"""Actions: who does what by when, which are overdue, and whether last week's were closed."""

from collections.abc import Iterator, Sequence

from engine.moderation.actions import Action
from engine.reports.week.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from engine.reports.week.telling import Telling, Told


def actions_section(tell: Telling) -> Told:
    """Tell the actions of this week and what became of earlier ones."""
    facts, day = tell.facts, tell.facts.asked.as_of
    blocks: list[Block] = [*_numbers(tell, facts.actions)]
    if facts.actions and not tell.published:
        overdue = [one for one in facts.actions if one.overdue(day)]
        if overdue:
            blocks += [Heading("Overdue"), _table(tell, "overdue", "Overdue actions", overdue)]
        blocks += [Heading("All actions"), _table(tell, "actions", "Actions", facts.actions)]
    blocks += [*_earlier(tell), *_again(tell)]
    return Told(Section("actions", "Actions", tuple(blocks)))


def open_actions(tell: Telling) -> list[Action]:
    """Return the actions that are still to be done."""
    return [one for one in tell.facts.actions if one.open]


def _numbers(tell: Telling, own: Sequence[Action]) -> Iterator[Block]:
    if not own:
        yield Paragraph(("No action is on record.",))
        return
    day = tell.facts.asked.as_of
    closed = sum(one.closed is not None for one in own)
    overdue = sum(one.overdue(day) for one in own)
    noun, left = tell.plural(len(own), "action"), len(open_actions(tell))
    said = (
        f"{len(own)} {noun} {'is' if len(own) == 1 else 'are'} on record: {closed or 'none'} "
        f"closed with evidence, {left or 'none'} open, {overdue or 'none'} overdue."
    )
    yield Paragraph((said,))


def _table(tell: Telling, id_: str, title: str, own: Sequence[Action]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in own:
        about = one.standard or (one.audit_id or "")
        rows.append(
            (one.id, tell.clean(one.what), tell.owner(one.owner), one.due, about, _state(tell, one))
        )
    columns = (
        Column("action", "Action"),
        Column("what", "What is to be done"),
        Column("owner", "Owner"),
        Column("due", "By"),
        Column("about", "About"),
        Column("state", "How it stands"),
    )
    return Table(id_, title, columns, tuple(rows))


def _state(tell: Telling, one: Action) -> str:
    if one.closed is not None:
        evidence = tell.clean(one.closed.evidence)
        return f"Closed on {one.closed.day.isoformat()}: {evidence}"
    if one.carried_to:
        return f"Carried on as {one.carried_to}"
    return "Overdue" if one.overdue(tell.facts.asked.as_of) else "Open"


def _earlier(tell: Telling) -> Iterator[Block]:
    facts = tell.facts
    if facts.asked.previous is None:
        return
    yield Heading("Actions of the week before")
    before = facts.earlier_actions
    if not before:
        yield Paragraph(("The week before set no actions.",))
        return
    carried = {one.carried_from: one for one in facts.actions if one.carried_from}
    done = {
        one.id: one.closed is not None or (one.id in carried and carried[one.id].closed is not None)
        for one in before
        if not one.carried_to
    }
    open_ = [one for one in before if not done.get(one.id, True)]
    lost = [one for one in open_ if one.id not in carried]
    yield Bullets((
        (sum(done.values()), " of ", len(done), " were closed."),
        (
            len(open_) - len(lost),
            " go on this week; ",
            len(lost),
            " are open and were not carried over.",
        ),
    ))  # fmt: skip
    if lost and not tell.published:
        yield _table(tell, "earlier_open", "Open and not carried over", lost)


def _again(tell: Telling) -> Iterator[Block]:
    own = [(id_, one) for id_, case in tell.facts.cases.items() for one in case.reaudited]
    if not own or tell.published:
        return
    said = {one.audit_id: place for place, one in enumerate(tell.facts.gathered.audits)}
    grades = tell.facts.rulebook.book.grades

    def grade(audit_id: str) -> str:
        place = said.get(audit_id)
        rank = tell.facts.standings[place].rank if place is not None else 0
        return grades[rank - 1].title if rank else "Not in this batch"

    rows = tuple((id_, grade(id_), one.again, grade(one.again), one.action) for id_, one in own)
    columns = (
        Column("audit", "Audit"),
        Column("grade", "Grade"),
        Column("again", "Audited again as"),
        Column("grade_again", "Grade then"),
        Column("action", "After action"),
    )
    yield Heading("Audited again")
    yield Table("reaudited", "Files that were audited again", columns, rows)
