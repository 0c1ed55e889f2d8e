"""The children in need census: one XML file with a child an audit, and a year of work with each.

What the elements mean stands in `cin_schema.py`. The census tells of one year, so that year is the
period of every audit; of a series that may have begun before it nothing is concluded.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engine.errors import Location
from engine.records.cells import identifier, plain
from engine.records.found import Found
from engine.records.places import Fault, Layout, Part, Place
from engine.records.readers import cin_schema as cin
from engine.records.readers.collection_year import UNTOLD, year_to, year_until
from engine.records.record_checks import RecordChecks, Work
from engine.records.stage import Stage
from engine.records.xml_elements import Element, elements, say_encoding
from engine.rulebook.fields import AUDIT_ID, AUDITS

SAID = 100  # so many unknown elements are said one by one
YES, NO = frozenset({"1", "true", "yes", "y"}), frozenset({"0", "false", "no", "n"})


def _wanted(names: tuple[str, ...]) -> bool:
    return names[1:] == ("Header",) or (len(names) in (2, 3) and names[-1] == "Child")


def recognise(found: Found) -> bool:
    """Say whether an XML file is a census."""
    return any(map(_is_census, _first(found)))


def _first(found: Found) -> Iterator[Element]:
    """Yield the header, and the first child."""
    for element in elements(found, _wanted):
        yield element
        if element.name == "Child":
            return


def _is_census(element: Element) -> bool:
    if element.name == "Header":
        collection = element.first("CollectionDetails", "Collection")
        return collection is not None and plain(collection.text) == "cin"
    return element.first("ChildIdentifiers", cin.CHILD_NUMBER) is not None


def read(found: Found, stage: Stage) -> None:
    """Fill the stage with a child an audit."""
    stage.source = "children in need census"
    say_encoding(found, stage)
    census = Census(found, stage)
    for element in elements(found, _wanted):
        if element.name == "Header":
            census.header(element)
        else:
            census.child(element)
    census.close()


class Census:
    """Takes one child after another and lays the rows on the stage."""

    def __init__(self, found: Found, stage: Stage) -> None:
        self.found, self.stage = found, stage
        self.checks = RecordChecks(stage)
        own = {
            AUDIT_ID: f"ChildIdentifiers/{cin.CHILD_NUMBER}",
            "birth_month": cin.BORN,
            "death_date": cin.DIED,
        }
        self.part = Part(found.name, Layout.NESTED, names=own)
        self.parts = {
            source: Part(found.name, Layout.NESTED, names=names)
            for source, (_, names) in cin.FILLED.items()
        }
        for table, names in cin.FILLED.values():
            stage.rows(table).present.update((*names, *cin.TOLD.get(table, ())))
        self.period: tuple[date, date] | None = None
        self.year = 0
        self.where = found.location
        self.unknown: set[tuple[str, str]] = set()
        self.in_need = 0
        self.earlier: dict[str, Place] = {}

    def header(self, element: Element) -> None:
        """Take the year of the census."""
        details = element.first("CollectionDetails")
        self.where = Location(self.found.name, line=element.line, path=element.path)
        if details is None:
            return
        of_a_day = self.checks.of_a_day
        reference = self.checks.day(details["ReferenceDate"])
        self.year = int(details["Year"]) if details["Year"].isdecimal() else 0
        if reference and self.year in (0, reference.year):
            self.period, self.year = year_until(reference), reference.year
        elif (
            not details["ReferenceDate"]
            and of_a_day.earliest.year < self.year <= of_a_day.latest.year
        ):
            self.period = year_to(self.year)

    def child(self, element: Element) -> None:
        """Take one child with everything that is said of it."""
        self._look_over(element)
        who = element.first("ChildIdentifiers") or Element("ChildIdentifiers", element.line, "")
        place = Place(self.part, element.line, element.path)
        number = identifier(who[cin.CHILD_NUMBER])
        if not number:
            fault = Fault(AUDIT_ID, "B301", f"`{cin.CHILD_NUMBER}` is blank and must be filled")
            self.stage.rows(AUDITS).refuse(place, element.plain(), [fault])
            return
        born = who[cin.BORN]
        unborn = "yes" if not born and who[cin.EXPECTED] else ""
        self.checks.child(number, place, {"unborn": unborn, "death_date": who[cin.DIED]})
        self.checks.born(number, place, born)
        for details in element.all("CINdetails"):
            Episode(self, number, details, unborn=bool(unborn), born=self.checks.day(born)).take()

    def row(self, source: str, element: Element, child: str, more: Mapping[str, str]) -> None:
        """Lay a row on the stage: the elements that fill it, and what else is known of it."""
        table, names = cin.FILLED[source]
        staged = self.stage.rows(table)
        cells = {
            name: element[inner] if inner else element.text.strip() for name, inner in names.items()
        }
        cells |= {AUDIT_ID: child, **more}
        place = Place(self.parts[source], element.line, element.path)
        staged.add(place, [cells.get(name) or None for name in staged.spec.names])

    def close(self) -> None:
        """Write the audits, when all that is said of them is known."""
        audits = self.checks
        if self.period is None:
            said = f"the census does not say its year, so {UNTOLD}"
            way_out = "`CollectionDetails` gives `Year` and `ReferenceDate`, which agree"
            self.stage.warn(self.where, "B131", said, way_out)
            self.stage.latest_only.update(table for table, _ in cin.FILLED.values())
        else:
            first, last = (day.isoformat() for day in self.period)
            for child in audits.children.values():
                child.cells |= {"period_start": first, "period_end": last}
        self._say_earlier()
        if not self.in_need and 0 < self.year < cin.PLANS_SINCE:
            for number, child in audits.children.items():
                if all(work.case_type != "child_protection" for work in child.work):
                    audits.not_told(number, "plans")
        audits.write()

    def _say_earlier(self) -> None:
        for number in self.earlier:
            self.checks.not_told(number, "conferences")
        if self.earlier:
            count, place = len(self.earlier), next(iter(self.earlier.values()))
            said = (
                f"{count:,} {'children have' if count > 1 else 'child has'} a plan from before the "
                "year of the census and no review before it, so whether its reviews were held in "
                "time cannot be told"
            )
            self.stage.warn(place.at(), "B134", said)

    def _look_over(self, element: Element) -> None:
        """Say of each element that is not known, once, that it was not read."""
        known = cin.INSIDE.get(element.name)
        for inner in element.inside:
            if known is not None and inner.name in known:
                self._look_over(inner)
            elif (element.name, inner.name) not in self.unknown and len(self.unknown) < SAID:
                self.unknown.add((element.name, inner.name))
                known_as = f"no element of `{element.name}` that is known here"
                said = f"`{inner.name}` is {known_as} and was not read"
                where = Location(self.found.name, line=inner.line, path=inner.path)
                self.stage.warn(where, "B130", said)


class Episode:
    """One `CINdetails` of a child."""

    def __init__(
        self, census: Census, child: str, details: Element, *, unborn: bool, born: date | None
    ) -> None:
        self.census, self.child, self.details = census, child, details
        self.unborn, self.born = unborn, born
        self.closed = bool(details[cin.CLOSED])

    def take(self) -> None:
        """Lay the rows of the episode on the stage."""
        if self.details[cin.REFERRED]:
            self.census.row("CINdetails", self.details, self.child, {})
        self._work("front_door", self.details[cin.REFERRED], over=self._went_on())
        self._assessments(list(self.details.all(cin.ASSESSMENT)))
        for plan in self.details.all(cin.IN_NEED):
            self.census.in_need += 1
            self.census.row(cin.IN_NEED, plan, self.child, {"kind": "child_in_need"})
            self._work("child_in_need", plan["CINPlanStartDate"], over=bool(plan["CINPlanEndDate"]))
        self._enquiries()
        for plan in self.details.all(cin.PROTECTION):
            self._protection(plan)

    def _went_on(self) -> bool:
        """Say whether the referral was answered: by no further action, or by work of some kind."""
        work = any(self.details.first(name) for name in (cin.ASSESSMENT, cin.ENQUIRY))
        return self.details[cin.NO_FURTHER].lower() in YES or work or self._planned()

    def _planned(self) -> bool:
        return any(self.details.first(name) for name in (cin.IN_NEED, cin.PROTECTION))

    def _work(self, case_type: str, start: str, *, over: bool = False) -> None:
        place = Place(self.census.part, self.details.line, self.details.path)
        work = Work(case_type, self.census.checks.day(start), self.closed or over)
        self.census.checks.works(self.child, place, work)

    def _assessments(self, found: Sequence[Element]) -> None:
        days = [(self.census.checks.day(e["AssessmentActualStartDate"]), e) for e in found]
        first = min((day for day, _ in days if day), default=None)
        for day, element in days:
            before_birth = self.unborn or bool(self.born and day and day < self.born)
            more = {"kind": "pre_birth" if before_birth else "child_and_family"}
            if day and day == first and self._in_year(self.details[cin.REFERRED]):
                more["referral_date"] = self.details[cin.REFERRED]
            self.census.row(cin.ASSESSMENT, element, self.child, more)
            start = element["AssessmentActualStartDate"]
            self._work("assessment", start, over=self._planned())

    def _in_year(self, text: str) -> bool:
        # an assessment before the year may have followed an older referral, and is not given
        day, period = self.census.checks.day(text), self.census.period
        return bool(day and period and day >= period[0])

    def _enquiries(self) -> None:
        held = Counter[str]()
        for enquiry in self.details.all(cin.ENQUIRY):
            flag = enquiry[cin.NOT_REQUIRED]
            word = flag.lower()
            required = "no" if word in YES else "yes" if word in NO else flag
            if enquiry[cin.INITIAL] and not flag:
                required = "yes"  # it was held
            self.census.row(cin.ENQUIRY, enquiry, self.child, {"conference_required": required})
            self._work("assessment", enquiry["S47ActualStartDate"], over=self._planned())
            if enquiry[cin.INITIAL]:
                held[enquiry[cin.INITIAL]] += 1
                self.census.row(cin.INITIAL, enquiry, self.child, {"kind": "initial"})
        if self.details[cin.INITIAL] and not held[self.details[cin.INITIAL]]:
            self.census.row(cin.INITIAL, self.details, self.child, {"kind": "initial"})

    def _protection(self, plan: Element) -> None:
        self.census.row(cin.PROTECTION, plan, self.child, {"kind": "child_protection"})
        self._work("child_protection", plan["CPPstartDate"], over=bool(plan["CPPendDate"]))
        held = [day for group in plan.all(cin.REVIEWS) for day in group.all(cin.REVIEWED)]
        for day in held:
            if day.text.strip():
                self.census.row(cin.REVIEWED, day, self.child, {"kind": "review"})
        start, period = self.census.checks.day(plan["CPPstartDate"]), self.census.period
        if start and period and start < period[0]:
            known = (self.census.checks.day(day.text) for day in held)
            if not any(day and start <= day <= period[0] for day in known):
                place = Place(self.census.parts[cin.PROTECTION], plan.line, plan.path)
                self.census.earlier.setdefault(self.child, place)
