"""Our tables as an SSDA903 return, CSV or XML, holding what the return can hold."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]
Lines = list[dict[str, str]]

PLACES = {
    "connected_carer": "U1",
    "foster_care": "U6",
    "prospective_adopter": "A5",
    "residential": "K2",
    "semi_independent": "H5",
    "parent": "P1",
    "other": "Z1",
}
REASONS = {
    "first_worker": "FCONTA",
    "case_transferred": "TSPROC",
    "worker_left": "LEFTRL",
    "worker_absent": "ABSENC",
    "reorganisation": "ORGRST",
    "family_asked": "CHCHAN",
    "other": "OTHERS",
}
COLUMNS = {
    "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE "
    "HOME_POST PL_POST URN",
    "reviews": "CHILD DOB REVIEW REVIEW_CODE",
    "missing": "CHILD DOB MISSING MIS_START MIS_END",
    "social_workers": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
}


def write(tables: Tables, to: Path) -> Path:
    """Write a folder of CSV files, a table of ours that is there a file."""
    to.mkdir(parents=True)
    for name, lines in _returned(tables).items():
        with (to / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="")
            writer.writeheader()
            writer.writerows(lines)
    return to


def write_xml(tables: Tables, to: Path) -> Path:
    """Write the return as one XML file."""
    root, returned = Element("SSDA903"), _returned(tables)
    for header in returned["header"]:
        child = SubElement(root, "CHILD")
        head = SubElement(child, "HEADER")
        _leaves(head, {"CHILDID": header["CHILD"], **_without(header, "CHILD")})
        for name, tag, parent in (
            ("reviews", "AREVIEW", head),
            ("missing", "AMISSING", head),
            ("social_workers", "SW_EPISODE", head),
            ("episodes", "EPISODE", child),
        ):
            for line in returned.get(name, []):
                if line["CHILD"] == header["CHILD"]:
                    _leaves(SubElement(parent, tag), _without(line, "CHILD", "DOB"))
    indent(root)
    ElementTree(root).write(to, encoding="utf-8", xml_declaration=True)
    return to


def _returned(tables: Tables) -> dict[str, Lines]:
    born = {str(a["audit_id"]): _born(a) for a in tables["audits"]}
    found = {"header": [{"CHILD": n, "DOB": b, "SEX": "2"} for n, b in born.items()]}
    makers = {
        "episodes": ("placements", _episodes),
        "reviews": ("reviews", _review),
        "missing": ("missing_episodes", _missing),
        "social_workers": ("allocations", _worker),
    }
    for name, (table, maker) in makers.items():
        if table in tables:
            found[name] = [line for audit in tables["audits"] for line in maker(tables, audit)]
    return found


def _own(tables: Tables, table: str, audit: Row) -> list[Row]:
    rows = [row for row in tables[table] if row["audit_id"] == audit["audit_id"]]
    return sorted(rows, key=lambda row: str(row.get("start_date")))


def _episodes(tables: Tables, audit: Row) -> Lines:
    rows = _own(tables, "placements", audit)
    lines = []
    for at, row in enumerate(rows):
        came = row.get("start_date") == audit.get("came_into_care_date")
        ended = row.get("end_date")
        gone = ended and at == len(rows) - 1 and ended == audit.get("left_care_date")
        lines.append(
            {
                "CHILD": str(audit["audit_id"]),
                "DECOM": _day(row.get("start_date")),
                "RNE": "S" if came else "P",
                "LS": "C2",
                "PLACE": PLACES.get(row.get("arrangement") or "", ""),
                "DEC": _day(ended),
                "REC": "E4A" if gone else "X1" if ended else "",
            }
        )
    return lines


def _review(tables: Tables, audit: Row) -> Lines:
    return [
        _line(audit, REVIEW=_day(row.get("held_date")), REVIEW_CODE=row.get("participation") or "")
        for row in _own(tables, "reviews", audit)
        if row.get("kind") == "child_in_care"
    ]


def _missing(tables: Tables, audit: Row) -> Lines:
    return [
        _line(
            audit,
            MISSING="M",
            MIS_START=_day(row.get("missing_at")),
            MIS_END=_day(row.get("returned_at")),
        )
        for row in _own(tables, "missing_episodes", audit)
    ]


def _worker(tables: Tables, audit: Row) -> Lines:
    return [
        _line(
            audit,
            SW_ID=row.get("worker_id") or "",
            SW_DECOM=_day(row.get("start_date")),
            SW_DEC=_day(row.get("end_date")),
            SW_REASON=REASONS.get(row.get("reason") or "", ""),
        )
        for row in _own(tables, "allocations", audit)
    ]


def _line(audit: Row, **cells: str) -> dict[str, str]:
    return {"CHILD": str(audit["audit_id"]), "DOB": _born(audit), **cells}


def _born(audit: Row) -> str:
    month = audit.get("birth_month")
    return _day(f"{month[:7]}-15") if month else ""


def _day(text: str | None) -> str:
    return "/".join(reversed(text[:10].split("-"))) if text else ""


def _without(line: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cell for name, cell in line.items() if name not in names and cell}


def _leaves(parent: Element, cells: Mapping[str, str]) -> None:
    for name, text in cells.items():
        SubElement(parent, {"PLACE": "PL"}.get(name, name)).text = text
