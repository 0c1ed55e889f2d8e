"""A report that holds every kind of block, chart and cell, and text that wants to be more."""

from datetime import date

from engine.reports.week.document import (
    HIDDEN,
    Audience,
    Bullets,
    Cell,
    Chart,
    ChartKind,
    Column,
    Count,
    Document,
    Estimate,
    Heading,
    Paragraph,
    Section,
    Share,
    Sum,
    Table,
)

HOSTILE = (
    "=1+1",
    "+44 20 7946 0000",
    "-2",
    "@SUM(A1)",
    '=HYPERLINK("https://example.org","click")',
    "<script>alert(1)</script>",
    "</table></svg><b>bold</b>",
    "&amp; & &#64;",
    '#set text(fill: red) #panic("stop")',
    "#eval(1) $x^2$ `raw` @label <label>",
    "*_strong_* = not a heading",
    "// no comment /* nor this */",
    "back\\slash \\u{41} \\n",
    "{{ 7 * 7 }} {% raw %}",
    "'single' \"double\" \N{LEFT SINGLE QUOTATION MARK}curly\N{RIGHT SINGLE QUOTATION MARK}",
    "C:\\Users\\x | cmd",
    "emoji \N{CHILD} \N{WARNING SIGN}\N{VARIATION SELECTOR-16} \N{SMILING FACE WITH HALO}",
    "Łódź Ωmega Ñandú",
    "北京 العربية עברית",
    "two\nlines\tand a tab",
    "https://example.org/a?b=c&d=e",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe" * 3,
    "--- --- ... 1. 2)",
    "",
)
GRADES = ("Inadequate", "Requires improvement", "Good", "Outstanding")
_KEYS = ("inadequate", "requires_improvement", "good", "outstanding")
_BEFORE = (2, 17, 30, 11)
_AFTER = (7, 28, 21, 4)
_MATRIX = ((2, 0, 0, 0), (3, 13, 1, 0), (2, 11, 16, 1), (0, 4, 4, 3))
FILES = Count(400, "files")
MODERATED = Count(60, "moderated")


def sample(audience: Audience = Audience.PANEL) -> Document:
    """Return the report; for the published audience it holds hidden cells, and its own marking."""
    published = audience is Audience.PUBLISHED
    return Document(
        title="Listening & Learning, January 2026",
        subtitle="Moderation of practice audits in Sampleshire",
        audience=audience,
        marking="For publication" if published else "OFFICIAL-SENSITIVE",
        sections=(_summary(), _grades(), _auditors(), _kinds(), _hostile()),
        sums=(
            *(Sum(f"grades.{when}.all", tuple(f"grades.{when}.{key}" for key in _KEYS))
              for when in ("before", "after")),
            *(Sum(f"grades.before.{key}", tuple(f"matrix.{key}.{other}" for other in _KEYS))
              for key in _KEYS),
        ),
        facts=(
            ("Theme", "Planning & <purpose>"),
            ("As of", "30 January 2026"),
            ("Rulebook", "example 1.0 (5f2ead1be123)"),
            ("Ledger head", "9f" * 32 + " at entry 412"),
            ("Seed", "2026"),
            ("Engine", "0.1.0"),
        ),
    )  # fmt: skip


def paired_bars() -> Chart:
    columns = (
        Column("label", "Grade"),
        Column("before", "As audited", number=True),
        Column("before_share", "As audited, of all", number=True),
        Column("after", "After moderation", number=True),
        Column("after_share", "After moderation, of all", number=True),
        Column("estimate", "Estimate for all files", number=True),
    )
    shares = ((11.6, 6, 21), (46.7, 38, 55), (35.0, 27.4, 43.5), (6.7, 3.2, 13))
    wholes = Count(60, "grades.before.all"), Count(60, "grades.after.all")
    rows: list[tuple[Cell, ...]] = []
    for place in (3, 2, 1, 0):
        before = Count(_BEFORE[place], f"grades.before.{_KEYS[place]}")
        after = Count(_AFTER[place], f"grades.after.{_KEYS[place]}")
        value, low, high = shares[place]
        rows.append(
            (
                GRADES[place],
                before,
                Share(before, wholes[0]),
                after,
                Share(after, wholes[1]),
                Estimate(value, low, high, "percent", MODERATED),
            )
        )
    table = Table(
        "grades", "Grades before and after moderation", columns, tuple(rows),
        "The estimate is for all 400 files, had each been moderated.",
    )  # fmt: skip
    return Chart(
        "grades-chart",
        ChartKind.PAIRED_BARS,
        "Auditors graded higher than moderators",
        "For each grade a bar for what auditors said, and one for what moderators said.",
        table,
    )


def matrix() -> Chart:
    columns = (
        Column("label", "Auditor's grade"),
        *(Column(key, title, number=True) for key, title in zip(_KEYS, GRADES, strict=True)),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            GRADES[down],
            *(
                Count(_MATRIX[down][across], f"matrix.{_KEYS[down]}.{_KEYS[across]}")
                for across in range(4)
            ),
        )
        for down in range(4)
    )
    table = Table("matrix", "Auditors' grades against moderators'", columns, rows)
    return Chart(
        "matrix-chart",
        ChartKind.MATRIX,
        "Most changes are one grade down",
        "Auditors' grades down, moderators' grades across; the diagonal is agreement.",
        table,
    )


def caterpillar() -> Chart:
    names = ("Auditor 1", "Auditor <2> & co", "Auditor 3", "Auditor 4")
    values = ((-0.12, -0.41, 0.17), (0.05, -0.2, 0.3), (0.34, 0.28, 0.4), (0.81, 0.52, 1.1))
    columns = (
        Column("label", "Auditor"),
        Column("leniency", "Leniency, grades", number=True),
        Column("moderated", "Moderated", number=True),
    )
    rows = tuple(
        (
            name,
            Estimate(*figures, "grades", Count(12 + n, f"moderated.{n}")),
            Count(12 + n, f"moderated.{n}"),
        )
        for n, (name, figures) in enumerate(zip(names, values, strict=True))
    )
    table = Table("leniency", "Leniency by auditor", columns, rows, "Above nought is lenient.")
    return Chart(
        "leniency-chart",
        ChartKind.CATERPILLAR,
        "One auditor stands apart",
        "A dot for each auditor with its interval, from the least lenient to the most.",
        table,
        {"median": 0.2, "tolerance": 0.25},
    )


def funnel() -> Chart:
    columns = (
        Column("label", "Auditor"),
        Column("moderated", "Moderated", number=True),
        Column("gap", "Mean gap, grades", number=True),
    )
    sizes = (3, 8, 15, 34)
    gaps: tuple[float | Estimate, ...] = (
        0.67,
        Estimate(0.5, None, None, "grades", Count(8, "funnel.1")),
        0.2,
        Estimate(-0.06, None, None, "grades", Count(34, "funnel.3")),
    )
    rows = tuple(
        (f"Auditor {n + 1}", Count(size, f"funnel.{n}"), gap)
        for n, (size, gap) in enumerate(zip(sizes, gaps, strict=True))
    )
    limits = {
        f"{side} {share}": tuple((float(n), 0.25 + sign * z / n**0.5) for n in (3, 6, 12, 24, 36))
        for share, z in (("95%", 1.2), ("99.8%", 1.9))
        for side, sign in (("upper", 1), ("lower", -1))
    }
    return Chart(
        "funnel-chart",
        ChartKind.FUNNEL,
        "No auditor lies outside the limits",
        "The mean gap of each auditor against how many of its files were moderated.",
        Table("funnel", "Mean gap and files moderated", columns, rows),
        {"centre": 0.25},
        limits,
    )


def dots() -> Chart:
    columns = Column("label", "Domain"), Column("gap", "Gap, grades", number=True)
    rows = (
        ("Planning", Estimate(0.42, 0.2, 0.64, "grades", MODERATED)),
        ("Visits", Estimate(0.0, -0.2, 0.2, "grades", MODERATED)),
        ("Voice of the child, their wishes and their feelings", HIDDEN),
    )
    return Chart(
        "domains-chart",
        ChartKind.DOTS,
        "Planning is graded too high",
        "The gap in each domain with its interval.",
        Table("domains", "Gap by domain", columns, rows),
    )


def run() -> Chart:
    columns = Column("label", "Week"), Column("value", "Exact agreement", number=True)
    rows = (
        ("January 2025", Estimate(48.2, 36, 60.5, "percent", Count(58, "run.0"))),
        ("July 2025", HIDDEN),
        ("January 2026", Estimate(56.7, 44, 68.4, "percent", Count(60, "run.2"))),
    )
    return Chart(
        "run-chart",
        ChartKind.RUN,
        "Agreement is rising",
        "Exact agreement in each week with its interval.",
        Table("run", "Agreement by week", columns, rows),
    )


def cells() -> Table:
    """Return a table with every kind of cell, and the edges of each."""
    some, many = Count(3, "some"), Count(12345, "many")
    rows: tuple[tuple[Cell, ...], ...] = (
        ("text", "plain words"),
        ("whole number", 1234567),
        ("number", 3.14159),
        ("small number", 0.0049),
        ("number below nought", -2.5),
        ("day", date(2026, 1, 5)),
        ("nothing", None),
        ("nought", Count(0, "none")),
        ("count", many),
        ("share", Share(some, many)),
        ("half a per cent", Share(Count(1, "one"), Count(8, "eight"))),
        ("share of nothing", Share(Count(0), Count(0))),
        ("hidden", HIDDEN),
        ("per cent", Estimate(31.6, 28.2, 36.4, "percent", many)),
        ("gap", Estimate(0.34, 0.28, 0.4, "grades", many)),
        ("gap below nought", Estimate(-0.344, -0.5, -0.1, "grades", many)),
        ("gap of nought", Estimate(-0.001, -0.1, 0.1, "grades", many)),
        ("statistic", Estimate(0.7345, 0.61, 0.86, "number", many)),
        ("without interval", Estimate(0.5, None, None, "number", many)),
    )
    columns = Column("kind", "Kind of cell"), Column("cell", "The cell", number=True)
    return Table("cells", "Every kind of cell", columns, rows, "A note under a table.")


def _summary() -> Section:
    said = Estimate(31.6, 28.2, 36.4, "percent", MODERATED)
    claimed = Share(Count(41, "grades.before.good_or_better"), Count(60, "grades.before.all"))
    return Section(
        "summary",
        "Summary",
        (
            Paragraph(
                ("Auditors said that ", claimed, " of files are good or better; we estimate ",
                 said, "."),
                "lead",
            ),
            Paragraph((MODERATED, " of ", FILES, " files were moderated, as of ",
                       date(2026, 1, 30), ".")),
            Paragraph(("Somebody looks at ", Count(2, "alerts"), " files today."), "warning"),
            Heading("What we found"),
            Bullets(
                (
                    ("Strengths come first: visits are on time in ", Share(Count(38, "v"),
                     Count(60, "moderated")), " of files."),
                    ("Then concerns: ", HIDDEN, " plans have no date."),
                )
            ),
        ),
    )  # fmt: skip


def _grades() -> Section:
    return Section("grades", "Grades before and after", (paired_bars(), Heading("Direction"),
                                                          matrix()))  # fmt: skip


def _auditors() -> Section:
    return Section("auditors", "Auditors", (caterpillar(), funnel(), dots(), run()))


def _kinds() -> Section:
    empty = Table("none", "A table without rows", (Column("a", "Team"), Column("b", "Files")), ())
    return Section(
        "kinds", "Every kind of cell", (Paragraph(("Nothing is left out.",)), cells(), empty)
    )


def _hostile() -> Section:
    columns = (
        Column("text", "=cmd|' /C calc'!A0"),
        Column("again", "<b>Again</b> #set"),
        Column("count", "Count", number=True),
    )
    rows = tuple((text, text, Count(n, f"hostile.{n}")) for n, text in enumerate(HOSTILE))
    return Section(
        "hostile",
        "Text that is <only> *text* & #nothing else",
        (
            Heading("= A heading with @marks, `ticks` and a back\\slash"),
            *(Paragraph((text,)) for text in HOSTILE if text),
            Bullets(tuple((text, Count(n, f"hostile.{n}")) for n, text in enumerate(HOSTILE))),
            Table("hostile", "=1+1 <hostile> #table", columns, rows, "#note <with> *marks*"),
        ),
    )
