from datetime import date

import pytest

from engine.moderation.entries import Confirmed, Graded, Revealed
from engine.reports.week import cells
from engine.reports.week.build import build, only, unmasked
from engine.reports.week.document import (
    Audience,
    Bullets,
    Chart,
    Document,
    Hidden,
    Paragraph,
    Share,
    Table,
)
from engine.reports.week.facts import Facts
from engine.reports.week.gathered import Feedback
from engine.reports.week.moderated import Stand
from engine.reports.week.pruning import mostly_hidden
from tests.unit.attacker import worked_out
from tests.unit.weeks import GRADES, NAMES, Said, facts, many, scored, whole_week


@pytest.fixture(scope="module")
def week() -> Facts:
    return whole_week()


@pytest.fixture(scope="module")
def panel(week: Facts) -> Document:
    return build(week, Audience.PANEL)


def texts(document: Document) -> list[str]:
    """Every text that any format prints."""
    found = [document.title, document.subtitle, *(t for fact in document.facts for t in fact)]
    for section in document.sections:
        found.append(section.title)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found.append(cells.words(block.words))
            elif isinstance(block, Bullets):
                found += map(cells.words, block.items)
            elif isinstance(block, Table | Chart):
                table = block.table if isinstance(block, Chart) else block
                found += [table.title, table.note, *(c.title for c in table.columns)]
                found += [cells.text(cell) for row in table.rows for cell in row]
    return found


def table(document: Document, id_: str) -> Table:
    for section in document.sections:
        for block in section.blocks:
            held = block.table if isinstance(block, Chart) else block
            if isinstance(held, Table) and held.id == id_:
                return held
    raise AssertionError(id_)


def told(document: Document, id_: str) -> list[list[str]]:
    return [[cells.text(cell) for cell in row] for row in table(document, id_).rows]


SECTIONS = [
    "summary", "about", "grades", "agreement", "auditors", "answers", "rules", "practice",
    "standards", "voices", "critical", "actions", "teams", "groups", "quality", "change",
    "self_evaluation", "provenance",
]  # fmt: skip


def test_a_report_has_every_section_in_order(panel: Document) -> None:
    assert [section.id for section in panel.sections] == SECTIONS


def test_nothing_of_auditors_or_teams_is_published(week: Facts) -> None:
    published = build(week, Audience.PUBLISHED)
    ids = [section.id for section in published.sections]
    assert ids == [one for one in SECTIONS if one not in {"auditors", "teams"}]
    assert not [text for text in texts(published) if "Team " in text or "C0" in text]
    assert published.marking == "Published"


@pytest.mark.parametrize("audience", [Audience.LEADERS, Audience.PUBLISHED])
def test_no_name_of_staff_stands_outside_the_panel(week: Facts, audience: Audience) -> None:
    said = texts(build(week, audience))
    assert not [text for text in said for name in NAMES if name in text]


def test_the_panel_sees_names(panel: Document) -> None:
    said = " ".join(texts(panel))
    assert all(name in said for name in ("AU-KIM", "Sam Ryde", "Ann Reed"))


def test_words_of_families_stand_for_the_panel_alone(week: Facts, panel: Document) -> None:
    assert "Child: “Ann Reed listens.”" in texts(panel)
    for audience in (Audience.LEADERS, Audience.PUBLISHED):
        assert not [text for text in texts(unmasked(week, audience)) if "listens" in text]


def test_grades_before_and_after_are_counted_by_hand() -> None:
    ledger = Said()
    audits = [scored(1, 4), scored(2, 4, 2), scored(3, 3), scored(4, 0), scored(5, 1)]
    ledger.draw(audits, ["C001", "C003"])
    ledger.moderate("C001", 3)  # one grade below: confirmed
    ledger.moderate("C003", 1)  # to inadequate: with the panel, so the auditor's grade stands
    document = build(facts(audits, ledger), Audience.PANEL)
    assert [row[:5] for row in told(document, "grades")] == [
        ["Outstanding", "2", "50%", "0", "0%"],
        ["Good", "1", "25%", "2", "50%"],
        ["Requires improvement", "0", "0%", "1", "25%"],
        ["Inadequate", "1", "25%", "1", "25%"],
        ["Together: good or better", "3", "75%", "2", "50%"],
        ["No grade", "1", "", "1", ""],
    ]
    assert [row[1] for row in told(document, "standing")] == ["1", "0", "0", "0", "1", "3"]


def test_the_matrix_counts_moderated_files_as_drawn() -> None:
    ledger = Said()
    audits = [scored(number, 4 if number < 3 else 3) for number in range(6)]
    ledger.draw(audits, ["C000", "C001", "C003"])
    for audit_id, grade in (("C000", 4), ("C001", 2), ("C003", 4)):
        ledger.moderate(audit_id, grade)
    document = build(facts(audits, ledger), Audience.PANEL)
    assert told(document, "matrix") == [
        ["Outstanding", "1", "0", "1", "0"],
        ["Good", "1", "0", "0", "0"],
        ["Requires improvement", "0", "0", "0", "0"],
        ["Inadequate", "0", "0", "0", "0"],
    ]
    changes = {row[0]: row[1] for row in told(document, "changes")}
    assert changes["Auditor 2 grades higher"] == "1"
    assert changes["Auditor 1 grade lower"] == "1"
    assert changes["The same grade"] == "1"


def test_the_draw_is_accounted_for(panel: Document) -> None:
    (row,) = told(panel, "draw")
    assert row == ["All other files", "120", "60", "60", "0.50", "28", "47%"]
    said = " ".join(texts(panel))
    assert "(seed 7; the lowest chance was 0.500)" in said
    assert "6 files had a second moderator" in said


def test_agreement_is_shown_in_the_order_of_the_notes(panel: Document) -> None:
    assert [row[0] for row in told(panel, "agreement_figures")] == [
        "Mean gap",
        "The same grade",
        "Auditor higher",
        "Auditor lower",
        "Weighted kappa (quadratic)",
        "AC2 (quadratic)",
    ]
    words = {"substantial", "moderate agreement", "almost perfect", "slight", "fair agreement"}
    assert not [text for text in texts(panel) for word in words if word in text.lower()]


def test_below_fifty_moderated_files_only_good_and_the_gap_are_estimated() -> None:
    audits, ledger = many(120), Said()
    ledger.draw(audits, [one.audit_id for one in audits[:49]])
    for one in audits[:49]:
        ledger.moderate(one.audit_id, one.said)
    document = build(facts(audits, ledger), Audience.PANEL)
    assert [row[0] for row in told(document, "agreement_figures")] == ["Mean gap"]
    estimated = {row[0]: row[5] for row in told(document, "grades")}
    assert [name for name, cell in estimated.items() if cell] == ["Together: good or better"]


def test_an_auditor_with_two_moderated_files_is_not_told_of() -> None:
    audits, ledger = many(20), Said()
    chosen = [one.audit_id for one in audits if one.auditor == "AU-KIM"][:5]
    chosen += [one.audit_id for one in audits if one.auditor == "AU-LEE"][:2]
    ledger.draw(audits, chosen)
    for audit_id in chosen:
        ledger.moderate(audit_id, 2)
    document = build(facts(audits, ledger), Audience.PANEL)
    assert [row[0] for row in told(document, "leniency")] == ["AU-KIM"]
    note = table(document, "leniency").note
    assert note.endswith(
        "1 more had fewer than 3 files moderated: not enough yet to say anything of them."
    )
    assert not [text for text in texts(document) if "AU-LEE" in text]


def test_auditors_have_the_same_number_wherever_they_stand(week: Facts) -> None:
    document = build(week, Audience.LEADERS)
    (label,) = {row[0] for row in told(document, "leniency")}
    assert label in {"A1", "A2"}
    assert {row[0] for row in told(build(week, Audience.LEADERS), "leniency")} == {label}


def test_days_from_alert_to_safe(panel: Document) -> None:
    assert told(panel, "alerts_safe") == [
        ["C000", "6 January 2026", "8 January 2026", "2", "Ben Cole", "Ann Reed saw the child"]
    ]
    assert len(told(panel, "alerts_open")) == 17
    assert "In 17 files nobody has yet confirmed that the child is safe." in " ".join(texts(panel))


def test_open_alerts_are_listed_for_the_panel_alone(week: Facts) -> None:
    leaders = build(week, Audience.LEADERS)
    (critical,) = (one for one in leaders.sections if one.id == "critical")
    assert not [block for block in critical.blocks if isinstance(block, Table)]


def test_actions_and_those_of_the_week_before(panel: Document) -> None:
    assert [row[0] for row in told(panel, "overdue")] == ["A1"]
    said = texts(panel)
    assert "2 actions are on record: 1 closed with evidence, 1 open, 1 overdue." in said
    assert "1 of 3 were closed." in said
    assert "1 go on this week; 1 are open and were not carried over." in said
    assert [row[0] for row in told(panel, "earlier_open")] == ["B3"]
    assert told(panel, "reaudited")[0][2] == "C001"


def test_voices_are_counted(panel: Document) -> None:
    assert told(panel, "voices") == [
        ["Children", "1", "1", "7.00", "0", "0", "1"],
        ["Parents", "1", "0", "", "0", "0", "0"],
        ["Workers", "10", "10", "4.00", "0", "10", "0"],
        ["All", "12", "11", "4.27", "0", "10", "1"],
    ]


def test_rules_answers_and_standards_are_told(panel: Document) -> None:
    (rule,) = told(panel, "rules")
    assert rule[1] == "16"
    assert told(panel, "rule_standards")[0][0].startswith("CN-01  ")
    assert told(panel, "answers")[0][1:4] == ["30", "120", "25%"]
    assert told(panel, "stages")[0] == ["Child in need", "90", "0", "0", "30", "120", "75%"]
    assert told(panel, "gaps")[0][1] == "7"


def test_the_week_before_is_compared(panel: Document) -> None:
    before, now = told(panel, "change")
    assert [row[:3] for row in (before, now)] == [
        ["The week before", "120", "20"],
        ["Practice week, January 2026", "120", "60"],
    ]


def test_small_groups_are_not_compared() -> None:
    audits = [scored(n, 3, groups={"age": "under 5" if n < 5 else "5 to 9"}) for n in range(20)]
    small, large = table(build(facts(audits), Audience.PANEL), "group_age").rows
    assert [type(cell) for cell in small[2:]] == [Hidden] * 5
    assert isinstance(large[3], Share)


def test_the_three_questions_stand_alone(panel: Document) -> None:
    alone = only(panel, "self_evaluation")
    assert [section.id for section in alone.sections] == ["self_evaluation"]
    assert len({row[0] for row in told(alone, "self_evaluation")}) == 3


def test_provenance_names_what_the_figures_come_from(panel: Document) -> None:
    labels = dict(panel.facts)
    assert labels["Ledger head"].endswith(":" + "a" * 64)
    assert labels["Seed"] == "7"
    assert {"Rulebook hash", "Input hash", "Engine", "As of", "For"} <= labels.keys()


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_small_batches_make_a_report(number: int, audience: Audience) -> None:
    audits, ledger = many(number), Said()
    ledger.draw(audits, [one.audit_id for one in audits])
    for one in audits:
        ledger.moderate(one.audit_id, one.said)
    for given in (None, ledger):
        document = build(facts(audits, given), audience)
        assert document.sections[0].id == "summary"
        assert "nan" not in " ".join(texts(document)).lower().replace("finance", "").split()


def test_no_auditor_and_one_team_make_a_report() -> None:
    audits, ledger = [scored(n, 3, auditor="", team="One") for n in range(9)], Said()
    ledger.draw(audits, [one.audit_id for one in audits])
    for one in audits:
        ledger.moderate(one.audit_id, 3)
    document = build(facts(audits, ledger), Audience.PANEL)
    assert "auditors" not in [section.id for section in document.sections]
    assert "Fewer than two teams have 6 graded files, so teams are not compared." in texts(document)


def test_without_a_ledger_the_report_says_so() -> None:
    said = " ".join(texts(build(facts(many(8)), Audience.PANEL)))
    assert "No moderation is on record for this batch, so the report gives what there is" in said


def test_the_same_facts_give_the_same_document() -> None:
    first, again = (build(whole_week(), Audience.LEADERS) for _ in range(2))
    assert first == again


def test_the_summary_fits_a_page(panel: Document) -> None:
    (summary,) = (only(panel, "summary").sections,)
    said = " ".join(texts(only(panel, "summary"))[2 * len(panel.facts) + 2 :])
    assert summary[0].id == "summary"
    assert 180 <= len(said.split()) <= 300


def test_what_is_published_cannot_be_worked_out(week: Facts) -> None:
    before, after = unmasked(week, Audience.PUBLISHED), build(week, Audience.PUBLISHED)
    assert worked_out(before, after) == {}


def test_free_text_loses_names_of_staff_outside_the_panel() -> None:
    ledger = Said()
    ledger.draw(many(2), ["C000"])
    ledger.moderate("C000", 2)
    ledger.action("A1", date(2026, 3, 1))
    (row,) = told(build(facts(many(2), ledger), Audience.LEADERS), "actions")
    assert row[1:3] == ["(a name) looks at visits with (a name) and (a name)", "O1"]


def test_feedback_without_words_is_not_quoted() -> None:
    document = build(
        facts(many(2), None, None, [Feedback("C000", "child", 3, " ")]), Audience.PANEL
    )
    (voices,) = (one for one in document.sections if one.id == "voices")
    assert not [block for block in voices.blocks if isinstance(block, Bullets)]


def test_a_published_headline_stands_though_few_files_have_no_grade() -> None:
    audits = [*many(60), *(scored(900 + n, 0) for n in range(3))]
    ledger = Said()
    ledger.draw(audits, [one.audit_id for one in audits[:40]])
    for place, one in enumerate(audits[:40]):
        ledger.moderate(one.audit_id, max(1, one.said - place % 2))
    week = facts(audits, ledger)
    published = build(week, Audience.PUBLISHED)
    assert told(published, "grades") == [
        ["Good or better", "40", "63%", "30", "48%", "49% (41% to 56%)"],
        ["Below good or without a grade", "23", "37%", "33", "52%", ""],
    ]
    (summary,) = only(published, "summary").sections
    assert not [
        cell
        for block in summary.blocks
        for words in (block.items if isinstance(block, Bullets) else [getattr(block, "words", ())])
        for cell in words
        if isinstance(cell, Hidden)
    ]
    assert worked_out(unmasked(week, Audience.PUBLISHED), published) == {}


def test_no_published_table_is_mostly_hidden(week: Facts) -> None:
    published = build(week, Audience.PUBLISHED)
    held = [one for section in published.sections for one in cells.tables(section)]
    assert held
    assert not [one.id for one in held if mostly_hidden(one)]
    said = [text for text in texts(published) if text.startswith("Not published: ")]
    assert said == ["Not published: Feedback. Most of its numbers are small or would tell of one."]


@pytest.mark.parametrize(("moderated", "estimated"), [(9, False), (10, True)])
def test_a_part_is_estimated_from_ten_moderated_files_on(moderated: int, estimated: bool) -> None:
    audits, ledger = [scored(n, 2 + n % 3, team="One") for n in range(40)], Said()
    chosen = [one.audit_id for one in audits[:moderated]]
    ledger.draw(audits, chosen)
    for one in audits[:moderated]:
        ledger.moderate(one.audit_id, one.said)
    held = table(build(facts(audits, ledger), Audience.PANEL), "by_team")
    assert ("estimate" in [column.id for column in held.columns]) is estimated
    assert ("No row has 10 moderated files" in held.note) is not estimated


def test_provenance_is_printed_once(panel: Document) -> None:
    said = texts(panel)
    assert sum("a" * 64 in text for text in said) == 1


def test_the_report_says_how_often_the_final_grade_is_not_the_blind_one() -> None:
    audits, ledger = many(40), Said()
    ledger.draw(audits, [one.audit_id for one in audits[:20]])
    for place, one in enumerate(audits[:20]):
        ledger.moderate(one.audit_id, one.said, confirm=place >= 8)
    for one in audits[:8]:
        ledger.say(Revealed(moderator="Ann Reed"), one.audit_id, "Ann Reed")
        graded = Graded(grade=GRADES[max(0, one.said - 2)])
        ledger.say(Confirmed(moderator="Ann Reed", graded=graded), one.audit_id, "Ann Reed")
    week = facts(audits, ledger)
    number, differ = week.settled
    # three of the eight confirmed lower than blind await the panel, and have no final grade
    assert (week.stands[Stand.TO_PANEL], number, differ) == (3, 17, 5)
    said = " ".join(texts(build(week, Audience.LEADERS)))
    assert f"Of {number} files with a final grade, it differs from the blind one in 5 (" in said
