"""Theme, dates, sampling and counts: what was audited, and which files were moderated."""

from collections.abc import Iterator

from engine.reports.week.document import (
    Block,
    Bullets,
    Column,
    Count,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
    Words,
)
from engine.reports.week.moderated import Stand
from engine.reports.week.telling import DECIDED, MODERATED, Telling, Told
from engine.reports.wording import long_date

TIER_TITLES = {
    "certainty": "Looked at first: the auditor's grade is two or more above the record's, "
    "or above what a rule allows",
    "other": "All other files",
    "added": "Added by a person; in no estimate",
}
STAND_TITLES = {
    Stand.CONFIRMED: "Moderated: grade confirmed by a moderator",
    Stand.PANEL: "Moderated: grade decided by the panel",
    Stand.APPEAL: "Moderated: grade decided on appeal",
    Stand.TO_PANEL: "With the panel; the auditor's grade stands, with the cap applied",
    Stand.UNDER_WAY: "Moderation under way; the auditor's grade stands, with the cap applied",
    Stand.NOT_MODERATED: "Auditor's grade, cap applied, not moderated",
}
NO_LEDGER = (
    "No moderation is on record for this batch, so the report gives what there is: the auditors' "
    "grades, the grades that the record allows, contradictions, standards and data quality. What "
    "all files would be graded by moderators is not estimated."
)
HIDING = (
    "In this report the letter c stands for a number that is not shown: one from 1 to 5, or one "
    "from which such a number could be worked out."
)
NOTHING_YET = (
    "A sample was drawn, and no moderator has graded a file yet, so nothing is estimated of all "
    "files."
)


def about(tell: Telling) -> Told:
    """Tell what was audited and how files were chosen for moderation."""
    blocks = (*_opening(tell), *_sampling(tell), _standings(tell), *_hiding(tell))
    sums = [Sum("all.audits", tuple(f"stand.{one}" for one in Stand)), *_moderated(tell)]
    if not tell.published and tell.facts.tiers:
        names = [one.name for one in tell.facts.tiers]
        sums += [
            Sum(f"draw.{what}", tuple(f"draw.{name}.{what}" for name in names))
            for what in ("files", "drawn", "done", "over")
        ]
    section = Section("about", "Theme, dates and sampling", blocks)
    return Told(section, tuple(sums))


def _moderated(tell: Telling) -> Iterator[Sum]:
    """Yield how the moderated files hang together with the standings and the matrix."""
    facts = tell.facts
    if facts.draw is None:
        return
    left = facts.stands.get(Stand.NOT_MODERATED, 0)
    if facts.moderated + left == facts.whole.files:
        yield Sum("all.audits", ("moderated", f"stand.{Stand.NOT_MODERATED}"))
    number, _ = facts.settled
    stood = {one: facts.stands.get(one, 0) for one in DECIDED}
    if number and sum(stood.values()) == number:
        yield Sum("settled", tuple(f"stand.{one}" for one in DECIDED))
    if facts.moderated >= number > 0:
        yield Sum("moderated", ("settled", "moderated.unsettled"))
    if facts.moderated >= facts.matrix.total > 0:
        yield Sum("moderated", (MODERATED, "moderated.in_no_estimate"))


def _hiding(tell: Telling) -> Iterator[Block]:
    if tell.published:
        yield Paragraph((HIDING,))


def _opening(tell: Telling) -> Iterator[Block]:
    facts, asked = tell.facts, tell.facts.asked
    if asked.theme:
        yield Paragraph((f"Theme: {asked.theme}.",))
    told: list[Words] = [
        (tell.files(facts.whole, "all"), f" {tell.plural(facts.whole.files, 'file')} audited.")
    ]
    if facts.gathered.days is not None:
        first, last = facts.gathered.days
        told.append((f"Audits made from {long_date(first)} to {long_date(last)}.",))
    if facts.gathered.period is not None:
        first, last = facts.gathered.period
        told.append((f"Practice looked at from {long_date(first)} to {long_date(last)}.",))
    told.append((f"Judged as at {long_date(facts.gathered.header.as_of)}.",))
    if not tell.published:
        own = facts.auditors
        told.append((Count(len(own), "auditors"), f" {tell.plural(len(own), 'auditor')}."))
    yield Bullets(tuple(told))
    if asked.ledger is None:
        yield Paragraph((NO_LEDGER,), "warning")
    elif not facts.moderated:
        yield Paragraph((NOTHING_YET,), "warning")


def _sampling(tell: Telling) -> Iterator[Block]:
    facts = tell.facts
    if facts.draw is None:
        return
    lowest = float(facts.files.files.inclusion.min()) if len(facts.files.files) else 0.0
    yield Paragraph(
        (
            (
                "Files for moderation were drawn by chance, with a higher chance "
                "where the auditor's "
                "grade and the record are further apart. Every file could be "
                "drawn, and the chance of "
                f"each was written down before (seed {facts.draw.seed}; the lowest chance was "
                f"{lowest:.3f}). So the moderated files can speak for all files."
            ),
        )
    )
    yield Paragraph(
        (
            "Moderators graded ",
            Count(facts.moderated, "moderated"),
            f" {tell.plural(facts.moderated, 'file')}, each before seeing the auditor's grade. ",
            *_seconds(tell),
            *_settled(tell),
        )
    )
    if not tell.published:
        yield _draw(tell)
    none = facts.whole.said[0]
    if none and not tell.published:
        files = tell.plural(none, "file")
        have = "has" if none == 1 else "have"
        said = f" {files} {have} no grade of the auditor's, so could not be drawn."
        yield Paragraph((Count(none, "all.said.none"), said))
    if facts.outside and tell.countable(facts.outside):
        yield Paragraph(
            (
                Count(facts.outside, "outside"),
                (
                    f" {tell.plural(facts.outside, 'file')} with an auditor's grade "
                    f"{tell.plural(facts.outside, 'is')} in no draw, so not in any estimate."
                ),
            )
        )


def _seconds(tell: Telling) -> Words:
    pairs = tell.facts.seconds
    if not pairs.files:
        return ("No file was graded by a second moderator yet.",)
    share = Share(Count(pairs.exact, "seconds.exact"), Count(pairs.files, "seconds.all"))
    files = tell.plural(pairs.files, "file")
    if not tell.countable(pairs.files, pairs.exact, pairs.files - pairs.exact):
        return ("Some of the files had a second moderator, who did not know of the first.",)
    return (
        Count(pairs.files, "seconds.all"),
        (
            f" {files} had a second moderator, who did not know of the first: "
            "the two gave the same "
            "grade in "
        ),
        share,
        ".",
    )


def _settled(tell: Telling) -> Words:
    """Tell how often the grade after moderation is not the blind one (decision 0017)."""
    number, differ = tell.facts.settled
    if not number:
        return ()
    whole = Count(number, "settled")
    return (
        " Of ",
        whole,
        f" {tell.plural(number, 'file')} with a final grade, it differs from the blind one in ",
        Count(differ, "settled.differ"),
        " (",
        Share(Count(differ, "settled.differ"), whole),
        "); estimates rest on the blind grades.",
    )


def _draw(tell: Telling) -> Table:
    rows = []
    for one in tell.facts.tiers:
        key = f"draw.{one.name}"
        over = Share(Count(one.over, f"{key}.over"), Count(one.done, f"{key}.done"))
        rows.append((
            TIER_TITLES[one.name],
            Count(one.files, f"{key}.files"),
            Count(one.drawn, f"{key}.drawn"),
            Count(one.done, f"{key}.done"),
            one.inclusion,
            Count(one.over, f"{key}.over"),
            over,
        ))  # fmt: skip
    return Table(
        "draw",
        "How files were drawn",
        (
            Column("tier", "Tier"),
            Column("files", "Files", number=True),
            Column("drawn", "Drawn", number=True),
            Column("done", "Moderated", number=True),
            Column("inclusion", "Mean chance", number=True),
            Column("over", "Found over-graded", number=True),
            Column("over_share", "Of those moderated", number=True),
        ),
        tuple(rows),
        note="Over-graded: the moderator's own grade is worse than the auditor's. Because files at "
        "risk are drawn more often, these shares are not those of all files.",
    )


def _standings(tell: Telling) -> Table:
    facts = tell.facts
    whole = tell.files(facts.whole, "all")
    counts = [(one, Count(facts.stands.get(one, 0), f"stand.{one}")) for one in Stand]
    return Table(
        "standing",
        "Where grades stand",
        (
            Column("standing", "Standing"),
            Column("files", "Files", number=True),
            Column("share", "Share", number=True),
        ),
        tuple((STAND_TITLES[one], number, Share(number, whole)) for one, number in counts),
        note="Statistics describe the batch and say what is looked at next. They change no "
        "child's grade.",
    )
