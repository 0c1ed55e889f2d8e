"""Our tables as a children in need census, holding what the census can hold."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]

FLAGS = {"0/1": ("0", "1"), "true/false": ("false", "true")}
SEX_SINCE = 2025
BORN_ON = "-15"  # our tables hold the month of birth only


def write(
    tables: Tables, to: Path, *, year: int = 2025, booleans: str = "0/1", namespace: str = ""
) -> Path:
    """Write the census of a year, with booleans of either form, in a namespace or none."""
    writer = _Writer(tables, year, FLAGS[booleans])
    root = writer.message()
    if namespace:
        root.set("xmlns", namespace)
    indent(root)
    ElementTree(root).write(to, encoding="utf-8", xml_declaration=True)
    return to


class _Writer:
    def __init__(self, tables: Tables, year: int, flags: tuple[str, str]) -> None:
        self.tables, self.year, self.flags = tables, year, flags

    def message(self) -> Element:
        root = Element("Message")
        header = SubElement(root, "Header")
        details = SubElement(header, "CollectionDetails")
        _leaf(details, "Collection", "CIN")
        _leaf(details, "Year", str(self.year))
        _leaf(details, "ReferenceDate", f"{self.year}-03-31")
        source = SubElement(header, "Source")
        _leaf(source, "SourceLevel", "L")
        children = SubElement(root, "Children")
        for audit in self.tables["audits"]:
            self._child(SubElement(children, "Child"), audit)
        return root

    def _child(self, child: Element, audit: Row) -> None:
        number = audit["audit_id"] or ""
        who = SubElement(child, "ChildIdentifiers")
        _leaf(who, "LAchildID", audit.get("child_id") or number)
        if month := audit.get("birth_month"):
            _leaf(who, "PersonBirthDate", month[:7] + BORN_ON)
        elif audit.get("unborn") == "yes":
            _leaf(who, "ExpectedPersonBirthDate", f"{self.year}-06-15")
        _leaf(who, "PersonDeathDate", audit.get("death_date"))
        _leaf(who, "Sex" if self.year >= SEX_SINCE else "GenderCurrent", "U")
        described = SubElement(child, "ChildCharacteristics")
        _leaf(described, "Ethnicity", "NOBT")
        self._details(child, number)

    def _own(self, table: str, number: str) -> list[Row]:
        return [row for row in self.tables.get(table, ()) if row["audit_id"] == number]

    def _details(self, child: Element, number: str) -> None:
        referrals = self._own("referrals", number) or [{}]
        days = {row.get("received_date") for row in referrals}
        for at, referral in enumerate(referrals):
            details, day = SubElement(child, "CINdetails"), referral.get("received_date")
            _leaf(details, "CINreferralDate", day)
            _leaf(details, "ReferralSource", "1A")
            _leaf(details, "PrimaryNeedCode", "N1")
            if day:
                _leaf(details, "ReferralNFA", self.flags[0])
            for row in self._own("assessments", number):
                of = row.get("referral_date")
                if of == day or (at == 0 and of not in days):
                    self._assessment(details, row)
            if at == 0:
                self._rest(details, number)

    def _assessment(self, details: Element, row: Row) -> None:
        assessment = SubElement(details, "Assessments")
        _leaf(assessment, "AssessmentActualStartDate", row.get("start_date"))
        _leaf(assessment, "AssessmentAuthorisationDate", row.get("authorised_date"))

    def _rest(self, details: Element, number: str) -> None:
        plans = self._own("plans", number)
        conferences = self._own("conferences", number)
        for row in plans:
            if row.get("kind") == "child_in_need":
                plan = SubElement(details, "CINPlanDates")
                _leaf(plan, "CINPlanStartDate", row.get("start_date"))
                _leaf(plan, "CINPlanEndDate", row.get("end_date"))
        held = [r for r in conferences if r.get("kind") == "initial" and r.get("held_date")]
        for row in self._own("enquiries", number):
            self._enquiry(details, row, held)
        for row in held:
            _leaf(details, "DateOfInitialCPC", row["held_date"])
        reviews = [r for r in conferences if r.get("kind") == "review" and r.get("held_date")]
        protection = [row for row in plans if row.get("kind") == "child_protection"]
        for row, later in zip(protection, [*protection[1:], None], strict=False):
            self._protection(details, row, list(_until(reviews, later)))

    def _enquiry(self, details: Element, row: Row, held: list[Row]) -> None:
        enquiry = SubElement(details, "Section47")
        required = row.get("conference_required")
        _leaf(enquiry, "S47ActualStartDate", row.get("start_date"))
        first = held.pop(0) if held and required != "no" else None
        if first:
            _leaf(enquiry, "InitialCPCtarget", first.get("due_date"))
            _leaf(enquiry, "DateOfInitialCPC", first["held_date"])
        if required:
            _leaf(enquiry, "ICPCnotRequired", self.flags[required == "no"])

    def _protection(self, details: Element, row: Row, reviews: Sequence[Row]) -> None:
        plan = SubElement(details, "ChildProtectionPlans")
        _leaf(plan, "CPPstartDate", row.get("start_date"))
        _leaf(plan, "CPPendDate", row.get("end_date"))
        _leaf(plan, "InitialCategoryOfAbuse", "NEG")
        _leaf(plan, "NumberOfPreviousCPP", "0")
        if reviews:
            group = SubElement(plan, "Reviews")
            for review in reviews:
                _leaf(group, "CPPreviewDate", review["held_date"])


def _until(reviews: list[Row], later: Row | None) -> Iterator[Row]:
    """Take the reviews that were held before a later plan began, out of those that are left."""
    limit = (later or {}).get("start_date") or "9999"
    while reviews and str(reviews[0]["held_date"]) < limit:
        yield reviews.pop(0)


def _leaf(parent: Element, name: str, text: str | None) -> None:
    if text:
        SubElement(parent, name).text = text
