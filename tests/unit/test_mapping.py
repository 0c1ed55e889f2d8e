"""A mapping reads any system's files into our tables, with every problem at its cell."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Stop
from engine.records import Batch, read_batch
from engine.records.dictionary import Dictionary
from engine.records.mapping.dates import DateForm
from engine.records.mapping.load import parse_mapping
from engine.rulebook.scalars import Fault
from tests.unit.readers.given import allowed, fields, rows, said, workbook

EXAMPLE = Path(__file__).parents[2] / "audits"
HEAD = "system: Ours\nreads: children\ndates: DD/MM/YYYY\ntables:\n"
VISITS = """\
  - table: visits
    from: Visits
    child: Person
    fields: {visit_date: When, child_seen: Seen}
"""


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary.of(fields(), allowed)


def mistakes(text: str, dictionary: Dictionary) -> list[str]:
    mapping, problems = parse_mapping(dedent(text), "m.yaml", dictionary)
    assert (mapping is None) == bool(problems)
    return [str(problem) for problem in problems]


def read(source: Path, text: str, dictionary: Dictionary) -> Batch:
    mapping, problems = parse_mapping(dedent(text), "m.yaml", dictionary)
    assert mapping is not None, problems
    return read_batch(source, fields(), allowed, mapping)


def files(path: Path, **texts: str) -> Path:
    path.mkdir()
    for name, text in texts.items():
        (path / f"{name}.csv").write_text(text, "utf-8", newline="")
    return path


def table(batch: Batch, name: str, *columns: str) -> list[tuple[str | None, ...]]:
    picked = ", ".join(f'"{column}"::VARCHAR' for column in columns)
    return batch.con.sql(f"SELECT {picked} FROM typed.{name} ORDER BY ALL").fetchall()


class TestReading:
    """What a mapping makes of files."""

    def test_the_example_is_read(self, dictionary: Dictionary) -> None:
        """The example that is shipped: codes, forms of days, filters, one wide file."""
        text = (EXAMPLE / "mappings" / "example-casework.yaml").read_text("utf-8")
        batch = read(EXAMPLE / "examples-mapping", text, dictionary)
        assert batch.rows == {
            "audits": 4, "plans": 4, "visits": 7, "assessments": 4, "conferences": 7,
        }  # fmt: skip
        assert table(batch, "audits", "audit_id", "case_type", "birth_month", "unborn")[2] == (
            "P102", "child_protection", None, "true",
        )  # fmt: skip
        assert [(p.location.line, p.location.column, p.code) for p in batch.problems] == [
            (8, 2, "B302")
        ]
        assert batch.problems[0].message == (
            "`31-Nov-25 15:30` in `visit_date` is not a date of the form `D-MMM-YY HH:mm`"
        )
        assert batch.format == "Example Casework, by its mapping"
        assert batch.presence.put_aside == {"visits"}

    def test_a_workbook_with_a_title_above_its_header_is_read(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """Headers need not come first, and their spaces and case do not matter."""
        book = workbook(tmp_path / "x.xlsx", audits=(), Visits=[
            ["Extract of January"], [], ["\u00a0PERSON ", "when", "Seen", "Other"],
            ["P1", "05/01/2026", "yes", ""], ["P1", "2026-01-09", "No", "x"],
            ["P1", "01/13/2026", "yes", ""],
        ])  # fmt: skip
        batch = read(book, HEAD + VISITS, dictionary)
        assert table(batch, "visits", "visit_date", "child_seen") == [
            ("2026-01-05", "true"), ("2026-01-09", "false"),
        ]  # fmt: skip
        assert said(batch, tmp_path) == [
            "x.xlsx!Visits!A3: B242 columns that the mapping does not name were not read: `Other`\n"
            "  help: write them after `ignore:` if you like",
            "x.xlsx!Visits!B6: B302 `01/13/2026` in `visit_date` is not a date of the form `DD/MM/YYYY`\n"
            "  help: put it right, or the form in the mapping",
            "x.xlsx!audits: B243 `audits` is in no line of the mapping and was not read\n"
            "  help: map it, or write its name after `ignore:`",
        ]

    def test_one_row_gives_several(self, tmp_path: Path, dictionary: Dictionary) -> None:
        """`each` makes a row of every group of columns that says something."""
        source = files(tmp_path / "in", form="Ref,Q1,Q2,Judgement\nA1,Fully,,Good\nA2,,Partly,\n")
        batch = read(source, """\
            system: Forms
            tables:
              - {table: audits, from: form, fields: {audit_id: Ref, overall_grade: Judgement}}
              - table: answers
                from: "*"
                fields: {audit_id: Ref}
                each:
                  - standard: {always: CP-01}
                    answer: {column: Q1, values: {Fully: met, Partly: partly_met}}
                  - standard: {always: CP-05}
                    answer: {column: Q2, values: {Fully: met, Partly: partly_met}}
            """, dictionary)  # fmt: skip
        assert table(batch, "answers", "audit_id", "standard", "answer") == [
            ("A1", "CP-01", "met"), ("A2", "CP-05", "partly_met"),
        ]  # fmt: skip
        assert table(batch, "audits", "audit_id", "overall_grade") == [("A1", "good"), ("A2", None)]

    def test_words_that_no_list_has_are_put_aside_or_otherwise(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """Codes are read in any case; `otherwise` takes the rest, and without it a row is put aside."""
        source = files(tmp_path / "in", Visits="Person,Type,Seen\nP1,STAT,x\nP1,chat,?\nP1,chat,\n")
        batch = read(source, HEAD + """\
  - table: visits
    from: visits.csv
    child: Person
    fields:
      kind: {column: Type, values: {Stat: child_protection}, otherwise: other}
      child_seen: {column: Seen, values: {X: yes}}
""", dictionary)  # fmt: skip
        assert table(batch, "visits", "kind", "child_seen") == [
            ("child_protection", "true"), ("other", None),
        ]  # fmt: skip
        assert said(batch, tmp_path) == [
            "in/Visits.csv:3:3: B304 `?` in `child_seen` is neither yes nor no\n  help: write yes or no"
        ]

    def test_rows_are_chosen_by_their_columns(self, tmp_path: Path, dictionary: Dictionary) -> None:
        """One word, several, none of them, filled or not."""
        body = "P1,01/01/2026,a,x\nP1,02/01/2026,b,\nP1,03/01/2026,c,x\nP1,04/01/2026,,x\n"
        source = files(tmp_path / "in", Visits=f"Person,When,K,N\n{body}")
        for where, days in {
            "{K: A}": [1], "{K: [a, b]}": [1, 2], "{K: {is_not: a}}": [2, 3, 4],
            "{N: {filled: yes}}": [1, 3, 4], "{N: {filled: no}}": [2], "{K: {filled: yes}, N: x}": [1, 3],
        }.items():  # fmt: skip
            text = HEAD + VISITS.replace(", child_seen: Seen", "") + f"    where: {where}\n"
            found = table(read(source, text, dictionary), "visits", "visit_date")
            assert [int(str(day)[-2:]) for (day,) in found] == days, where

    def test_what_is_not_there_is_absent_and_said(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """A missing column or file makes a field or table absent, never blank or missed."""
        source = files(tmp_path / "in", Visits="Person,When\nP1,01/01/2026\n")
        text = (
            HEAD
            + VISITS
            + VISITS.replace("from: Visits", "from: Plans")
            .replace("visits", "plans", 1)
            .replace("visit_date: When, child_seen: Seen", "start_date: When")
        )
        batch = read(source, text, dictionary)
        assert batch.presence.columns == {
            "audits": {"audit_id", "child_id"}, "visits": {"audit_id", "visit_date"},
        }  # fmt: skip
        assert said(batch, tmp_path) == [
            "in: B244 there is no file or sheet `Plans`, which the mapping reads\n"
            "  help: `plans` has no rows from it; check the name after `from:`",
            "in/Visits.csv:1: B241 there is no column `Seen`, which the mapping names\n"
            "  help: what it would fill counts as absent; check the name",
        ]

    def test_latest_entries_are_said_to_be_that(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """`holds: latest_only` keeps series from being judged."""
        source = files(tmp_path / "in", Visits="Person,When,Seen\nP1,01/01/2026,y\n")
        batch = read(source, HEAD + VISITS + "    holds: latest_only\n", dictionary)
        assert batch.presence.latest_only == {"visits"}

    def test_rows_that_differ_about_a_child_leave_it_blank(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """Whatever the order of rows; the work that goes on says what the case is."""
        rows_ = ["P1,North,01/01/2025,", "P1,South,01/06/2025,", "P1,South,01/01/2024,01/06/2024"]
        plans = """\
  - {table: audits, from: People, child: P, fields: {team: Team}}
  - {table: plans, from: People, child: P, work: child_in_need, fields: {start_date: From, end_date: To}}
"""
        found = []
        for name, listed in (("a", rows_), ("b", rows_[::-1])):
            source = files(tmp_path / name, People="P,Team,From,To\n" + "\n".join(listed))
            batch = read(source, HEAD + plans, dictionary)
            found.append((rows(batch, "audits"), batch.input_hash))
            assert [(p.code, p.message) for p in batch.problems] == [
                (
                    "B109",
                    "child `P1` has several values for `team`, so none is kept: `North`, `South`",
                )
            ]
        assert found[0] == found[1]
        assert table(batch, "audits", "audit_id", "child_id", "case_type") == [
            ("P1", "P1", "child_in_need")
        ]

    def test_a_row_of_nobody_is_put_aside(self, tmp_path: Path, dictionary: Dictionary) -> None:
        """So is one of another shape; and one in which nothing is said is none."""
        source = files(
            tmp_path / "in", Visits="Person,When,Seen\n,01/01/2026,y\nP1,,\nP1,1\nP2,02/01/2026,n\n"
        )
        batch = read(source, HEAD + VISITS, dictionary)
        assert [(row.place, row.code) for row in batch.rejected] == [("2:1", "B301"), ("4", "B201")]
        assert table(batch, "visits", "audit_id") == [("P2",)]

    def test_a_table_of_nobody_is_put_aside_once(
        self, tmp_path: Path, dictionary: Dictionary
    ) -> None:
        """Without the column of the child's number, no row of a file is read."""
        source = files(tmp_path / "in", Visits="Client,When,Seen\nP1,01/01/2026,y\n")
        with pytest.raises(Stop) as end:
            read(source, HEAD + VISITS, dictionary)
        assert [problem.code for problem in end.value.problems] == ["B241", "B242", "B301", "B004"]

    def test_what_is_no_table_is_told(self, tmp_path: Path, dictionary: Dictionary) -> None:
        """JSON, Parquet and a table of a million columns end quickly with a reason."""
        (tmp_path / "x.json").write_text('{"audit_id": 1}', "utf-8")
        (tmp_path / "wide.csv").write_text(",".join("a" * 1_000_000), "utf-8")
        for name, code in (("x.json", "B246"), ("wide.csv", "B245")):
            text = HEAD + VISITS.replace("from: Visits", 'from: "*"')
            with pytest.raises(Stop) as end:
                read(tmp_path / name, text, dictionary)
            assert [problem.code for problem in end.value.problems] == [code]


class TestMistakes:
    """What is wrong with a mapping is said at its place."""

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("system: X\ntabels: []\n", "m.yaml:2:1: R001 unknown key `tabels`\n  help: did you mean `tables`?"),
            (HEAD + VISITS.replace("visits", "visit"), "m.yaml:5:12: M002 `visit` is no table\n  help: did you mean `visits`?"),
            (HEAD + VISITS.replace("visit_date", "visit_dat"), "m.yaml:8:14: M003 `visit_dat` is no field of `visits`\n  help: did you mean `visit_date`?"),
            (HEAD + VISITS.replace("    child: Person\n", ""), "m.yaml:5:5: M004 nothing says which child a row is about\n  help: add `child:` with the column of the child's number"),
            (HEAD + VISITS.replace("child_seen: Seen", "kind: {always: chat}"), "m.yaml:8:47: M005 `chat` is not allowed in `kind`\n  help: write one of: child_protection, child_in_need, child_in_care, private_fostering, assessment, care_leaver, other"),
            (HEAD.replace("DD/MM", "DD/DD") + VISITS, "m.yaml:3:8: M006 `DD/DD/YYYY` is no form of a date\n  help: write it with YYYY, MM, DD and perhaps HH:mm, such as `DD/MM/YYYY`"),
            (HEAD + VISITS.replace("child_seen: Seen", "purpose: {column: P, dates: D/M/YYYY}"), "m.yaml:8:53: M007 `purpose` holds no dates\n  help: take `dates` out"),
            (HEAD + VISITS.replace("child_seen: Seen", "kind: {column: P, always: other}"), "m.yaml:8:38: M008 a field is filled either from a `column` or with one value, `always`\n  help: write `column: Header` or `always: value`"),
            (HEAD.replace("reads: children\n", "") + VISITS, "m.yaml:3:1: M010 no part of it fills the table `audits`\n  help: fill the table `audits`, or write `reads: children` for an extract of children"),
            ("system: X\ntables:\n  - {table: audits, from: a, child: c, fields: {audit_id: b}}\n", "m.yaml:3:30: M009 `child` is of use only where the mapping reads children\n  help: add `reads: children`, or take it out"),
        ],
        ids=range(10),
    )  # fmt: skip
    def test_a_mistake(self, dictionary: Dictionary, text: str, message: str) -> None:
        """Each with its line and column, and what to write instead."""
        assert message in mistakes(text, dictionary)

    @settings(max_examples=100, deadline=None)
    @given(data=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: (HEAD + t).encode()))
    def test_any_bytes_are_a_mapping_or_problems(self, data: bytes) -> None:
        """Never a traceback."""
        mapping, problems = parse_mapping(data, "m.yaml", Dictionary.of(fields(), allowed))
        assert (mapping is None) == bool(problems)


class TestDates:
    """Forms of dates."""

    @pytest.mark.parametrize(
        "text", ["", "DD/MM", "MM/DD/YYYY/DD", "YYYY-MM-DD zz", "dd/mm/yyyy", "YYYYMMDD MM"]
    )
    def test_a_form_says_year_month_and_day_once(self, text: str) -> None:
        """Anything else is refused."""
        with pytest.raises(Fault):
            DateForm.parse(text)

    @given(st.dates(), st.sampled_from(["D/M/YYYY", "MM-DD-YYYY", "D MMMM YYYY", "YYYYMMDD"]))
    def test_a_day_comes_back(self, day: object, form: str) -> None:
        """Whatever the form, the same day."""
        from datetime import date

        assert isinstance(day, date)
        written = {
            "D/M/YYYY": f"{day.day}/{day.month}/{day.year:04}",
            "MM-DD-YYYY": f"{day.month:02}-{day.day:02}-{day.year:04}",
            "D MMMM YYYY": f"{day.day} {day:%B} {day.year:04}",
            "YYYYMMDD": f"{day.year:04}{day.month:02}{day.day:02}",
        }[form]
        assert DateForm.parse(form).iso(written) == day.isoformat()

    def test_two_digits_of_a_year(self) -> None:
        """From 69 on they are of the last century."""
        form = DateForm.parse("DD/MM/YY")
        assert (form.iso("01/02/68"), form.iso("01/02/69")) == ("2068-02-01", "1969-02-01")
