"""Write an overlay that leaves so many standards: `many_standards.py NUMBER FOLDER`.

The fifteen of the benchmarks stay. The others are clones of the shipped ones under ids of their
own, round and round, each with other limits than the one before: what a local book might look like.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path

import yaml
from contenders import HERE, ROOT

RULES = ROOT / "rules"
LIMIT = re.compile(r"\b((?:at_most|at_least|within): )(\d+)\b")

HUNDRED = 100


def main(number: int, folder: Path) -> None:
    """Write the overlay; what was there is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    overlay = yaml.safe_load((HERE / "fifteen" / "overlay.yaml").read_text("utf-8"))
    kept = overlay["keep_only"]["standards"][:number]
    made = [*islice(clones(), number - len(kept))]
    for stage, name, text in made:
        (folder / stage).mkdir(exist_ok=True)
        (folder / stage / f"{name.lower()}.yaml").write_text(text, "utf-8")
    overlay |= {"id": f"standards_{number}", "title": f"{number} standards, most of them synthetic"}
    overlay["keep_only"]["standards"] = kept
    text = yaml.safe_dump(overlay, sort_keys=False, allow_unicode=True)
    (folder / "overlay.yaml").write_text(text, "utf-8")


def clones() -> Iterator[tuple[str, str, str]]:
    """Yield for ever clones of the live standards: the folder, the id and the text of each.

    Text is changed and not YAML, whose `on` and `yes` would come out otherwise than they stand.
    """
    originals = [*live()]
    number = count(1)
    for more in count(1):
        for stage, text in originals:
            name = f"SY-{next(number):03}"
            body, mark, examples = text.partition("\nexamples:")
            body = re.sub(r"(?m)^id: .*$", f"id: {name}", body, count=1)
            yield stage, name, LIMIT.sub(partial(_moved, more), body) + mark + examples


def live() -> Iterator[tuple[str, str]]:
    """Yield the live standards of the shipped book as text, each with its folder."""
    for path in sorted(RULES.glob("*/*.yaml")):
        text = path.read_text("utf-8")
        if path.parent.name not in ("calendars", "schemas") and "\nstatus: live\n" in text:
            yield path.parent.name, text


def _moved(more: int, found: re.Match[str]) -> str:
    """Return a limit so much further; what may be a share of a hundred stays one."""
    limit = int(found[2])
    return f"{found[1]}{limit - more if limit + more > HUNDRED >= limit else limit + more}"


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
