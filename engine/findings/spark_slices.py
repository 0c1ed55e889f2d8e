"""Lay a batch out for the plans to run on Spark: the whole of it at once, parted by audit.

Checked tables come in as views, laid-out ones go out, with `a` for each audit: its id, because on a
cluster nobody can number audits without counting them all. A row's number is its place among the
rows of its audit, in the order of all its cells: the same whichever worker makes it, and however
often. What is laid out is what `slices.py` lays out for DuckDB.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from engine.findings.rows import PARTLY, SKIPPED, TYPES, flags
from engine.findings.slices import A_WORD, ALWAYS, BITS, MASK
from engine.findings.spark_sql import CALENDAR, SPARK_TYPES
from engine.records.batch import PARTLY as PARTS
from engine.records.batch import PUT_ASIDE, Presence
from engine.records.on_spark import OnSpark
from engine.records.spark_cells import quoted, text
from engine.rulebook.book import Rulebook
from engine.rulebook.fields import ANSWERS, AUDIT_ID, AUDITS
from engine.terms import Answer, Outcome

Reads = Mapping[str, frozenset[str]]


def lay_out(
    on: OnSpark, rulebook: Rulebook, presence: Presence, as_of: date, reads: Reads
) -> Mapping[str, str]:
    """Return the names of the views that plans read, the calendar's among them."""
    views = {CALENDAR: lay_calendar(on, rulebook)}
    views[AUDITS] = _audits(on, rulebook, presence, as_of, reads.get(AUDITS, frozenset()))
    for table, columns in reads.items():
        if table != AUDITS:
            views[table] = _rows(on, presence, table, columns)
    return views


def rows_of(on: OnSpark, presence: Presence, table: str) -> str:
    """Return the name of a table as standards are tested on it."""
    return presence.believable.get(table) or on.name(f"typed_{table}")


def lay_calendar(on: OnSpark, rulebook: Rulebook) -> str:
    """Make the table of days with their cumulative number of working days."""
    first, last = rulebook.calendar.first, rulebook.calendar.last
    off = ", ".join(f"DATE '{day}'" for day in sorted(rulebook.calendar.bank_holidays))
    closed = f" AND day NOT IN ({off})" if off else ""
    days = f"SELECT explode(sequence(DATE '{first}', DATE '{last}')) AS day"
    open_ = f"CASE WHEN weekday(day) < 5{closed} THEN 1 ELSE 0 END"
    counted = f"SELECT day, CAST(sum({open_}) OVER (ORDER BY day) AS INT) AS n FROM ({days})"
    return on.make(CALENDAR, counted, keep=True)


def _audits(
    on: OnSpark, rulebook: Rulebook, presence: Presence, as_of: date, read: frozenset[str]
) -> str:
    """Make `audits`: `a`, who and what the audit is, its cut-off, and flags for what it lacks."""
    held, fields = presence.columns[AUDITS], rulebook.fields.tables[AUDITS].fields
    wanted = [n for n in fields if (n in read or n in ALWAYS) and n != AUDIT_ID]
    columns = [
        f"s.{quoted(name)}"
        if name in held
        else f"CAST(NULL AS {SPARK_TYPES[TYPES[fields[name].type]]}) AS {quoted(name)}"
        for name in wanted
    ]
    ends = [f"s.{name}" for name in ("audit_date", "period_end") if name in held]
    day = f"DATE '{as_of.isoformat()}'"
    columns.append(f"{_least(day, *ends)} AS cut_off")
    columns += [f"{_flag(flag)} AS {quoted(flag)}" for flag in flags(presence)]
    joins = ""
    if presence.put_aside:
        joins += _gathered(on, PUT_ASIDE, "table", "lost")
    if presence.partly:
        joins += _gathered(on, PARTS, "part", "partly")
    sql = f"SELECT s.{AUDIT_ID} AS a, s.{AUDIT_ID}, {', '.join(columns)} FROM "
    return _parted(on, AUDITS, f"{sql}{on.name(f'typed_{AUDITS}')} s{joins}")


def _least(*days: str) -> str:
    return f"least({', '.join(days)})" if days[1:] else days[0]


def _gathered(on: OnSpark, view: str, column: str, name: str) -> str:
    source = on.name(f"tested_{view}")
    listed = f"SELECT {AUDIT_ID}, collect_set({quoted(column)}) AS {name} FROM {source}"
    return f" LEFT JOIN ({listed} GROUP BY {AUDIT_ID}) {name} ON s.{AUDIT_ID} = {name}.{AUDIT_ID}"


def _flag(flag: str) -> str:
    """Return SQL that says whether an audit cannot tell all of a table."""
    kind, _, what = flag.partition(":")
    of = {SKIPPED: "s.not_examined", PARTLY: "partly.partly"}.get(f"{kind}:", "lost.lost")
    return f"coalesce(array_contains({of}, {text(what)}), FALSE)"


def _rows(on: OnSpark, presence: Presence, table: str, columns: frozenset[str]) -> str:
    """Make the rows of a table with the columns that are read, and their number where that is."""
    named = sorted(columns - {"a", "rowid"})
    listed = [AUDIT_ID + " AS a", *map(quoted, named)]
    if "rowid" in columns:
        order = ", ".join(quoted(name) for name in named) or AUDIT_ID
        number = f"row_number() OVER (PARTITION BY {AUDIT_ID} ORDER BY {order})"
        listed.append(f"concat({AUDIT_ID}, '/', {number}) AS rowid")
    return _parted(on, table, f"SELECT {', '.join(listed)} FROM {rows_of(on, presence, table)}")


def _parted(on: OnSpark, table: str, sql: str) -> str:
    """Keep a table parted by audit, so that no standard has to part it again."""
    made = on.run(sql)
    return on.view(table, made.repartition("a"), keep=True)


def auditor(on: OnSpark, rulebook: Rulebook, presence: Presence) -> str:
    """Return SQL of the auditor's grades by domain as ranks: `a`, and a column a domain."""
    columns = presence.columns.get("domain_grades", frozenset())
    ranks = _ranks(rulebook, "grade")
    each = [
        f"CAST(max(CASE WHEN domain = {text(domain)} THEN {ranks} END) AS INT) AS {quoted(domain)}"
        for domain in rulebook.domains
    ]
    if not {"domain", "grade"} <= columns:
        each = [f"CAST(NULL AS INT) AS {quoted(domain)}" for domain in rulebook.domains]
        return f"SELECT a, {', '.join(each)} FROM {on.name(AUDITS)} WHERE FALSE"
    source = rows_of(on, presence, "domain_grades")
    return f"SELECT {AUDIT_ID} AS a, {', '.join(each)} FROM {source} GROUP BY {AUDIT_ID}"


def overall(rulebook: Rulebook) -> str:
    """Return SQL of the auditor's overall grade as a rank."""
    return _ranks(rulebook, "overall_grade")


def _ranks(rulebook: Rulebook, column: str) -> str:
    whens = " ".join(f"WHEN {text(g)} THEN {rulebook.rank(g)}" for g in rulebook.grades)
    return f"CASE {column} {whens} END"


def answers(on: OnSpark, rulebook: Rulebook, presence: Presence) -> str:
    """Return SQL of the auditor's answers as outcome codes: `a`, and packed words `w0`, ….

    A code is packed as one more than it is, so that nothing is no answer.
    """
    words = range(count_words(len(rulebook.live)))
    held = {"standard", "answer"} <= presence.columns.get(ANSWERS, frozenset())
    if not held or not rulebook.live:
        none = ", ".join(f"CAST(0 AS BIGINT) AS w{word}" for word in words)
        return f"SELECT a, {none} FROM {on.name(AUDITS)} WHERE FALSE"
    listed = ", ".join(f"({text(s.id)}, {n})" for n, s in enumerate(rulebook.live))
    places = on.make("places", f"SELECT * FROM VALUES {listed} AS p(standard, place)")
    codes = " ".join(f"WHEN '{one}' THEN {Outcome(one.value).code + 1}" for one in Answer)
    packed = [
        f"sum(CASE WHEN place DIV {A_WORD} = {word} THEN "
        f"shiftleft(CAST(CASE answer {codes} END AS BIGINT), {BITS} * (place % {A_WORD})) "
        f"ELSE 0 END) AS w{word}"
        for word in words
    ]
    source = rows_of(on, presence, ANSWERS)
    return (
        f"SELECT {AUDIT_ID} AS a, {', '.join(packed)} FROM {source} s JOIN {places} p "
        f"ON s.standard = p.standard GROUP BY {AUDIT_ID}"
    )


def count_words(standards: int) -> int:
    """Return how many words hold a small number for each of so many standards; at least one."""
    return max(1, -(-standards // A_WORD))


def unpacked(word: str, place: int) -> str:
    """Return SQL of the small number that stands at a place of the words whose names begin so."""
    shift = BITS * (place % A_WORD)
    return f"CAST(shiftright({word}{place // A_WORD}, {shift}) & {MASK} AS INT)"


def shifted(code: str, place: int) -> str:
    """Return SQL that puts a small number in its place of a word."""
    return f"shiftleft(CAST({code} AS BIGINT), {BITS * (place % A_WORD)})"


def words_of(prefix: str, count: int) -> Iterable[str]:
    """Return the names of so many words."""
    return (f"{prefix}{word}" for word in range(count))
