"""Provenance: what was scored by what, so that the report can be made again and checked."""

from engine.reports.week.cells import FACTS
from engine.reports.week.document import Audience, Paragraph, Section
from engine.reports.week.telling import Telling, Told
from engine.reports.wording import long_date

AUDIENCES = {
    Audience.PANEL: "Moderation panel: names stand",
    Audience.LEADERS: "Senior leaders: auditors, moderators and owners have no names",
    Audience.PUBLISHED: "Published: grades merged, small numbers hidden",
}
NO_LEDGER = "None"


def provenance(tell: Telling) -> Told:
    """Tell what the figures come from."""
    said = (
        f"“{FACTS}”, at the end, names the rules, the input, the ledger and the program that the "
        "figures were made from. From the same they come out the same."
    )
    blocks = [Paragraph((said,))]
    if tell.facts.asked.head:
        checked = (
            "Whoever holds the ledger can check with `audit ledger verify` that nothing was "
            "changed before the head that is printed there."
        )
        blocks.append(Paragraph((checked,)))
    return Told(Section("provenance", "Where the figures come from", tuple(blocks)))


def lines(tell: Telling) -> tuple[tuple[str, str], ...]:
    """Return the facts of provenance as label and value."""
    facts, header = tell.facts, tell.facts.gathered.header
    head = facts.asked.head
    first = header.books[0] if header.books else None
    found = [("Week", facts.asked.week), ("For", AUDIENCES[tell.audience])]
    found.append(("As of", long_date(header.as_of)))
    found.append(("Rulebook", f"{header.rulebook_id} {header.rulebook_version}"))
    found += [("Overlay", f"{one.id} {one.version}") for one in header.overlays]
    if first is not None and header.overlays:
        found.append(("Hash of the rulebook alone", first.hash))
    found.append(("Rulebook hash", header.rulebook_hash))
    found.append(("Input hash", header.input_hash))
    found.append(("Ledger head", f"{head.seq}:{head.hash}" if head else NO_LEDGER))
    if facts.draw is not None:
        found.append(("Draw", facts.draw.draw))
        found.append(("Seed", str(facts.draw.seed)))
    found.append(("Engine", f"{header.engine_version}, judge {header.judge}"))
    return tuple(found)
