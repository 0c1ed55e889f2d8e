"""Ofsted's three self-evaluation questions, answered from the figures of the week."""

from collections.abc import Iterator

from engine.reports.week.document import Cell, Column, Count, Paragraph, Section, Share, Table
from engine.reports.week.sections.actions import open_actions
from engine.reports.week.sections.critical import alerted, safe_days
from engine.reports.week.sections.practice import concerns, strengths
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import long_date
from engine.statistics.power import Plan, files_needed

KNOW = "What do you know about the quality and impact of social work practice?"
HOW = "How do you know it?"
PLANS = "What are your plans for the next 12 months?"
NAMED = 3
WIDTH = 0.05

Row = tuple[str, str, Cell]


def self_evaluation(tell: Telling) -> Told:
    """Answer the three questions, a row a statement."""
    rows = (*_known(tell), *_how(tell), *_plans(tell))
    table = Table(
        "self_evaluation",
        "The three questions",
        (Column("question", "Question"), Column("answer", "Answer"), Column("figure", "Figure")),
        rows,
        note="Figures of this week alone; what else is known is for the authority to add.",
    )
    said = "For the annual self-evaluation. The same table is written as a file of its own."
    return Told(Section("self_evaluation", "Self-evaluation", (Paragraph((said,)), table)))


def _known(tell: Telling) -> Iterator[Row]:
    whole = tell.facts.whole
    yield (KNOW, f"Files that auditors graded {tell.good}", tell.share(whole, "all", "said"))
    if (estimate := tell.at_least(whole.estimate)) is not None:
        yield (KNOW, f"Estimate of all files {tell.good}, if moderated", estimate)
        yield (KNOW, "Mean gap between auditors and moderators", tell.gap(whole.estimate))
    for one in strengths(tell)[:NAMED]:
        title = f"Strength: {one.standard.id}  {one.standard.title} (met)"
        yield (KNOW, title, one.met_share())
    for one in concerns(tell)[:NAMED]:
        title = f"Concern: {one.standard.id}  {one.standard.title} (not met or not evidenced)"
        yield (KNOW, title, one.missed_share())
    alerts, safe = len(alerted(tell)), len(safe_days(tell))
    if tell.countable(alerts, safe, alerts - safe):
        yield (KNOW, "Files that raised an alert", Count(alerts, "alerts"))
        yield (KNOW, "Of these, child confirmed safe", Count(safe, "alerts.safe"))


def _how(tell: Telling) -> Iterator[Row]:
    facts = tell.facts
    yield (HOW, "Files audited", tell.files(facts.whole, "all"))
    yield (HOW, "Standards in force", len(facts.rulebook.live))
    yield (HOW, "Files graded blind by a moderator", Count(facts.moderated, "moderated"))
    pairs = facts.seconds
    if pairs.files and tell.countable(pairs.files, pairs.exact, pairs.files - pairs.exact):
        exact, all_ = Count(pairs.exact, "seconds.exact"), Count(pairs.files, "seconds.all")
        yield (HOW, "Second moderators who gave the same grade", Share(exact, all_))
    heard = len({one.audit_id for one in facts.gathered.feedback})
    share = Share(Count(heard, "voices.audits"), tell.files(facts.whole, "all"))
    yield (HOW, "Files with feedback of children, families or workers", share)


def _plans(tell: Telling) -> Iterator[Row]:
    facts = tell.facts
    open_ = open_actions(tell)
    yield (PLANS, "Actions open", len(open_))
    for one in sorted(open_, key=lambda one: (one.due, one.id)) if not tell.published else ():
        owner = tell.owner(one.owner)
        yield (PLANS, f"{one.id}  {tell.clean(one.what)} ({owner})", f"by {long_date(one.due)}")
    if facts.whole.files:
        needed = files_needed(WIDTH, Plan.TIERED, facts.whole.files)
        said = (
            "Files to moderate in a batch of this size, to know the share "
            f"{tell.good} within 5 points"
        )
        yield (PLANS, said, needed)
