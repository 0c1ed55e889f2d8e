"""`audit sample`: draw the files to moderate, into the ledger and a workbook for each moderator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine import __version__
from engine.cli.common import Given, books, open_rulebook, say, show, tell, today
from engine.cli.joined import Source
from engine.cli.outputs import check_apart, check_writable, placed
from engine.cli.sample_told import plan_told, unchanged, what_next
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.moderation import sampling
from engine.moderation.assigning import Moderator, assign
from engine.moderation.moderators import moderators_of
from engine.moderation.sampling import Ordered, Sample
from engine.records.found import STDIN

if TYPE_CHECKING:
    from engine.moderation.frame import Frame
    from engine.moderation.ledger import Ledger
    from engine.pipeline import Scoring
    from engine.records.batch import Batch
    from engine.rulebook.book import Rulebook

LEDGER = "audit-ledger.sqlite"
NO_LEDGER = "M101"
CODES = {
    "M400": "no moderators are named",
    "M401": "nobody can moderate an audit",
    "M402": "there are fewer second-moderator copies than there should be",
    "M403": "a list of moderators cannot be read",
    "M404": "a moderator has no name, or one that is none",
    "M405": "a moderator is named twice",
    "M406": "more audits are to be moderated than there are",
    "M407": "another draw stands in the ledger",
    "M408": "the batch has no auditor's grades",
    "M409": "an audit cannot be added to the draw",
    "M410": "an audit is to be added without a reason, or a reason stands alone",
    "M411": "the ledger holds a draw of the same audits in another batch",
    "M412": "nothing was drawn yet, and budget or seed is missing",
    "M413": "the ledger has to be named",
    "M420": "a workbook is not a moderator's",
    "M421": "a moderator's workbook lacks a sheet or column",
    "M422": "a grade is not one of the rulebook",
    "M423": "a row does not say which audit it is of",
    "M424": "a reason is not one of the rulebook",
    "M425": "an audit has no overall grade",
    "M426": "an audit stands on several rows of a workbook",
    "M427": "a grade above the cap lacks a reason or a second moderator",
    "M428": "a section is not one of the audit form",
    "M430": "nothing is to be revealed",
}


@dataclass(frozen=True)
class Asked:
    """What the user asked of `audit sample`."""

    batch: str
    records: str | None
    trust: str
    rules: Given
    as_of: date | None
    budget: int | None
    seed: int | None
    out: Path
    moderators: tuple[str, ...]
    files: tuple[Path, ...]
    ledger: str | None
    added: tuple[str, ...]
    because: str
    by: str
    reveal: bool = False
    quiet: bool = False

    @property
    def where(self) -> str:
        """Return where the ledger is: as given, or beside the batch.

        Raises:
            Stop: the batch comes from standard input, which has nothing beside it.
        """
        if self.ledger is not None:
            return self.ledger
        if self.batch == STDIN:
            said = "a batch from standard input has no place beside it for the ledger"
            raise refused("M413", "--ledger", said, "name the ledger with --ledger")
        return str(Path(self.batch).resolve().parent / LEDGER)


def run_sample(asked: Asked, at: datetime | None = None) -> Exit:
    """Draw, or take up the draw that stands; return the exit code."""
    moderators = _checked(asked)
    for given in filter(None, (asked.batch, asked.records)):
        check_apart(asked.out, given)
    check_writable(asked.out)
    rulebook = open_rulebook(asked.rules, examples=False)
    now = at or datetime.now(UTC)
    with Source(asked.batch, asked.records, asked.trust).read(rulebook, quiet=asked.quiet) as batch:
        tell(batch.problems)
        work = _Work(asked, rulebook, batch, moderators, now)
        return work.reveal() if asked.reveal else work.sample()


def _checked(asked: Asked) -> tuple[Moderator, ...]:
    if bool(asked.added) != bool(asked.because.strip()):
        said = "a file that is added on suspicion needs the reason why"
        raise refused("M410", "--because", said, "give both --add and --because")
    return moderators_of(asked.moderators, asked.files)


def refused(code: str, where: str, said: str, help_: str = "") -> Stop:
    """Return the end of a run that cannot be done as asked."""
    return Stop(Exit.USAGE, (Problem(Location(where), code, said, help_),))


def standing_of(where: str, batch: "Batch") -> Sample | None:
    """Return the draw of a batch that stands in a ledger; nothing where there is none.

    Raises:
        Stop: the ledger cannot be read, or holds another state of the batch.
    """
    ledger = ledger_at(where)
    return None if ledger is None else _standing(sampling.standing(ledger.entries()), batch, where)


def ledger_at(where: str) -> "Ledger | None":
    """Return a ledger if there is one."""
    from engine.moderation.ledger import open_ledger

    try:
        return open_ledger(where, create=False)
    except Stop as stop:
        if {one.code for one in stop.problems} == {NO_LEDGER}:
            return None
        raise


def _standing(samples: Iterable[Sample], batch: "Batch", where: str) -> Sample | None:
    """Return the draw of this very batch; refuse one of the same audits in another state."""
    found = tuple(samples)
    for one in found:
        if one.draw.input_hash == batch.input_hash:
            return one
    rows = batch.con.execute("SELECT audit_id FROM typed.audits").fetchall()
    ids = {audit for (audit,) in rows}
    if any(not ids.isdisjoint(one.included) for one in found):
        said = "the batch is not as it was when the sample was drawn"
        help_ = "give the batch as it was drawn; for a new draw give another ledger with --ledger"
        raise refused("M411", where, said, help_)
    return None


class _Work:
    """One run of the command."""

    def __init__(
        self,
        asked: Asked,
        rulebook: "Rulebook",
        batch: "Batch",
        moderators: tuple[Moderator, ...],
        at: datetime,
    ) -> None:
        self.asked, self.rulebook, self.batch, self.at = asked, rulebook, batch, at
        self.moderators = moderators
        self.before = standing_of(asked.where, batch)
        drawn_at = self.before.draw.as_of if self.before else today()
        self.scoring = self._scoring(asked.as_of or drawn_at)
        self._told = False

    def _scoring(self, as_of: date) -> "Scoring":
        from engine.pipeline import Scoring

        if not self.asked.quiet:
            say(f"rules: {books(self.rulebook)}; as of {as_of}")
        return Scoring(self.rulebook, self.batch, as_of)

    def sample(self) -> Exit:
        """Write the draw, the ledger and the workbooks; all of them or none."""
        problems: list[Problem] = []
        if self.before is None:
            sample = self._drawn(problems)
        else:
            self._same(self.before)
            sample = self._more(self.before, problems)
        from engine.cli.sample_books import first_books

        with placed(self.asked.out) as folder:
            first_books(sample, self.scoring, folder)
            written = self._write(sample)
        show(plan_told(sample))
        tell(problems)
        if not written:
            say(unchanged(sample))
        if not self.asked.quiet:
            say(what_next(self.asked.batch, self.asked.out, sample, self.asked.ledger))
        return Exit.PUT_ASIDE if sample.without or self.batch.rejected else Exit.DONE

    def reveal(self) -> Exit:
        """Write the second workbooks of all whose blind grades are sealed."""
        from engine.cli.sample_books import reveal

        if self.before is None:
            raise refused("M412", "--reveal", "nothing was drawn yet", "draw first, without it")
        return reveal(self.asked, self.before, self.scoring, self.at)

    def _write(self, sample: Sample) -> int:
        """Append what is new, if the ledger is still as it was read; return how many entries."""
        from engine.moderation.ledger import open_ledger

        with open_ledger(self.asked.where, create=True).writing() as held:
            now = _standing(sampling.standing(held.entries()), self.batch, self.asked.where)
            if now != self.before:
                said = "somebody else wrote to the draw in the meantime, and nothing was written"
                raise refused("M407", self.asked.where, said, "give the same command again")
            made = sampling.drafts(sample, now, self.asked.by, self.at, self.moderators)
            drafts = tuple(made)
            held.append(drafts)
            return len(drafts)

    def _drawn(self, problems: list[Problem]) -> Sample:
        asked, batch, rulebook = self.asked, self.batch, self.rulebook
        if asked.budget is None or asked.seed is None:
            said = "nothing was drawn from this batch yet"
            help_ = "say how many audits are to be moderated with --budget, and give a --seed"
            raise refused("M412", "--budget" if asked.budget is None else "--seed", said, help_)
        if not self.moderators:
            said = "no moderators are named"
            help_ = 'name them with --moderators FILE, or --moderator "Name:team" for each'
            raise refused("M400", "--moderator", said, help_)
        frame = self._frame()
        if asked.budget > len(frame):
            said = f"`{asked.budget}` audits cannot be drawn from {len(frame):,} with a grade"
            raise refused("M406", "--budget", said, f"ask for {len(frame):,} at most")
        ordered = Ordered(
            asked.budget, asked.seed, self.moderators, batch.input_hash, rulebook.hash,
            rulebook.book.version, __version__, self.scoring.as_of,
        )  # fmt: skip
        sample, assignment = sampling.draw_sample(frame, ordered)
        problems += assignment.problems
        return self._added(sample, frame, problems) if asked.added else sample

    def _frame(self) -> "Frame":
        from engine.cli.score import progress_bar
        from engine.pipeline.framing import frame

        with progress_bar(self.batch.audit_count, quiet=self.asked.quiet) as progress:
            found = frame(self.scoring, progress)
        if not found.rows:
            said = "no audit of this batch has an auditor's overall grade: nothing can be moderated"
            help_ = "records alone are scored with `audit score`; give the forms of the auditors"
            raise refused("M408", self.asked.batch, said, help_)
        if found.ungraded and not self.asked.quiet:
            audits = f"{len(found.ungraded):,} of {len(found.by_id):,} audits"
            say(f"{audits} have no overall grade of the auditor and are not in the draw")
        return found

    def _same(self, before: Sample) -> None:
        """Refuse to draw otherwise than was drawn.

        Raises:
            Stop: budget, seed, day or rules differ from those of the draw.
        """
        draw, asked = before.draw, self.asked
        pairs = (
            ("--budget", asked.budget, draw.budget),
            ("--seed", asked.seed, draw.seed),
            ("--as-of", asked.as_of, draw.as_of),
        )
        drawn = f"drawn with --budget {draw.budget} --seed {draw.seed} --as-of {draw.as_of}"
        for option, now, then in pairs:
            if now is not None and now != then:
                said = (
                    f"a draw stands that was {drawn}: it cannot be drawn again with {option} {now}"
                )
                help_ = "leave the option out to take it up; for another draw give another --ledger"
                raise refused("M407", asked.where, said, help_)
        if self.rulebook.hash != draw.rulebook_hash:
            said = f"a draw stands that was made with version {draw.rulebook_version} of the rules"
            help_ = "give the rules as they were with --rules; for another draw another --ledger"
            raise refused("M407", asked.where, f"{said}, and these differ", help_)

    def _more(self, before: Sample, problems: list[Problem]) -> Sample:
        """Return the draw that stands, with files added, and moderators for those without."""
        if not self.asked.added and not (before.without and self.moderators):
            return before
        if not self.moderators:
            said = "no moderators are named who could take it"
            help_ = 'name them with --moderators FILE, or --moderator "Name:team" for each'
            raise refused("M400", "--moderator", said, help_)
        return self._added(before, self._frame(), problems)

    def _added(self, before: Sample, frame: "Frame", problems: list[Problem]) -> Sample:
        sample = before
        for audit in self.asked.added:
            self._check_added(audit, sample, frame)
            sample = sampling.add(frame, sample, audit, self.asked.because.strip())
        rows = [frame.by_id[audit] for audit in sample.without]
        held = dict(sample.loads())
        assignment = assign(rows, self.moderators, sample.draw.seed, held=held, copies=False)
        problems += [one for one in assignment.problems if one not in problems]
        return sample.given(assignment)

    def _check_added(self, audit: str, sample: Sample, frame: "Frame") -> None:
        if audit not in frame.by_id:
            help_ = nearest(audit, tuple(frame.by_id)) or "ids are as in the batch"
            raise refused("M409", "--add", f"there is no audit `{audit}` in the batch", help_)
        if sample.included.get(audit) and sample.included[audit].drawn:
            said = f"audit `{audit}` is to be moderated already"
            raise refused("M409", "--add", said, "leave it out")
