"""A rulebook of four standards, made of the plain CP-05, for tests that print exact words."""

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.rules.rulebooks import PLAIN, RULES

LISTS = ("rulebook.yaml", "fields.yaml", "judgement.yaml", "promises.yaml")


class Made(NamedTuple):
    """How a standard differs from the plain CP-05."""

    domain: str
    severity: str
    line: str = "no"


FEW = {
    "PL-01": Made("planning", "minor"),
    "SF-01": Made("safety", "critical"),
    "SF-02": Made("safety", "major"),
    "VI-01": Made("visits", "major", line="yes"),
}


def few(tmp_path: Path, standards: dict[str, Made] | None = None) -> Path:
    """Return a folder with the shipped rules of judgement and promises over a few standards."""
    folder = tmp_path / "rules"
    stage = folder / "child_protection"
    stage.mkdir(parents=True)
    for name in LISTS:
        shutil.copy(RULES / name, folder / name)
    shutil.copytree(RULES / "calendars", folder / "calendars")
    text = (PLAIN / "child_protection" / "visits.yaml").read_text("utf-8")
    for name, made in (FEW if standards is None else standards).items():
        changed = (
            text.replace("id: CP-05", f"id: {name}")
            .replace("domain: visits", f"domain: {made.domain}")
            .replace("severity: major", f"severity: {made.severity}")
            .replace("bottom_line: yes", f"bottom_line: {made.line}")
        )
        (stage / f"{name.lower()}.yaml").write_text(changed, "utf-8")
    return folder
