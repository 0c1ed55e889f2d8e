"""Critical cases: from the alert to the day on which somebody knew that the child was safe."""

from collections.abc import Iterator
from statistics import median

from engine.reports.week.document import (
    Block,
    Cell,
    Column,
    Count,
    Estimate,
    Paragraph,
    Section,
    Sum,
    Table,
)
from engine.reports.week.gathered import Scored
from engine.reports.week.telling import Telling, Told

FEW = (
    "A file in which a critical standard is missed raises an alert: somebody looks at it the same "
    "day, and a named person confirms that the child is safe. How many there were is not "
    "published, because the numbers are small."
)


def critical(tell: Telling) -> Told:
    """Tell which children had to be looked at at once, and how long it took."""
    alerts, days = alerted(tell), safe_days(tell)
    whole = tell.files(tell.facts.whole, "all")
    number = Count(len(alerts), "alerts")
    sums = (
        Sum("all.audits", ("alerts", "no_alert")),
        Sum("alerts", ("alerts.safe", "alerts.open")),
    )
    if not alerts:
        none = Paragraph(("No file raised an alert: no critical standard was missed.",))
        return Told(Section("critical", "Critical cases", (none,)), sums)
    if not tell.countable(len(alerts), len(days), len(alerts) - len(days)):
        return Told(Section("critical", "Critical cases", (Paragraph((FEW,)),)), sums)
    safe = Count(len(days), "alerts.safe")
    blocks: list[Block] = [
        Paragraph(
            (
                number,
                " of ",
                whole,
                (
                    f" {tell.plural(whole.value, 'file')} raised an alert: "
                    "somebody has to look at the "
                    "child's file the same day. In "
                ),
                safe,
                " a named person has confirmed that the child is safe",
                *_median(tell, days, safe),
                ".",
            )
        ),
        *_open(tell, alerts, days),
        *_settled(tell, days),
    ]
    return Told(Section("critical", "Critical cases", tuple(blocks)), sums)


def alerted(tell: Telling) -> list[Scored]:
    """Return the audits with an alert."""
    return [one for one in tell.facts.gathered.audits if one.alerts]


def safe_days(tell: Telling) -> dict[str, int]:
    """Return, by audit with an alert, the days from alert to safe where that was confirmed."""
    found = {}
    for one in alerted(tell):
        case = tell.facts.cases.get(one.audit_id)
        if case is not None and case.safe:
            last = case.safe[-1]
            found[one.audit_id] = (last.day - last.alerted).days
    return found


def _median(tell: Telling, days: dict[str, int], safe: Count) -> tuple[Cell, ...]:
    if not days:
        return ()
    return (
        ", in half of them within ",
        _days(float(median(days.values())), safe, tell),
        f" {tell.plural(1 if median(days.values()) == 1 else 2, 'day')} of the alert",
    )


def _days(value: float, base: Count, tell: Telling) -> Cell:
    """Return days; where small numbers are hidden, as what is hidden with their base."""
    if not tell.published:
        return f"{value:g}"
    return Estimate(value, None, None, "number", base)


def _open(tell: Telling, alerts: list[Scored], days: dict[str, int]) -> Iterator[Block]:
    left = [one for one in alerts if one.audit_id not in days]
    if not left:
        yield Paragraph(("Every alert has been answered.",))
        return
    number = Count(len(left), "alerts.open")
    yield Paragraph(
        (
            "In ",
            number,
            (
                f" {tell.plural(len(left), 'file')} nobody has yet confirmed that the "
                "child is safe. Ring "
                "the team today; a report is no safeguarding action."
            ),
        ),
        "warning",
    )
    if not tell.panel:
        return
    titles = {one.id: one.title for one in tell.facts.rulebook.live}
    rows = tuple(
        (
            one.audit_id,
            one.team,
            "; ".join(f"{s}  {titles.get(s, s)}" for s in one.alerts if s),
            _drawn(tell, one),
        )
        for one in left
    )
    columns = (
        Column("audit", "Audit"),
        Column("team", "Team"),
        Column("standards", "Critical standards missed"),
        Column("stage", "Moderation"),
    )
    yield Table("alerts_open", "Alerts not yet answered", columns, rows)


def _drawn(tell: Telling, one: Scored) -> str:
    case = tell.facts.cases.get(one.audit_id)
    return "Not drawn" if case is None else tell.title(str(case.stage))


def _settled(tell: Telling, days: dict[str, int]) -> Iterator[Block]:
    if not days or not tell.panel:
        return
    rows = []
    for audit_id, number in sorted(days.items()):
        last = tell.facts.cases[audit_id].safe[-1]
        rows.append((audit_id, last.alerted, last.day, number, last.by, " ".join(last.how.split())))
    columns = (
        Column("audit", "Audit"),
        Column("alerted", "Alert"),
        Column("safe", "Safe"),
        Column("days", "Days", number=True),
        Column("by", "Confirmed by"),
        Column("how", "How it is known"),
    )
    yield Table("alerts_safe", "From alert to safe", columns, tuple(rows))
