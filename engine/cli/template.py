"""`audit template`: the blank form that auditors fill in."""

from pathlib import Path

import typer

from engine.cli.common import Given, open_rulebook, say
from engine.cli.unfinished import scratch_in
from engine.errors import Exit, Location, Problem, Stop, nearest, reason

ENDING = ".xlsx"


def run_template(out: Path, case_types: tuple[str, ...], rules: Given) -> Exit:
    """Write the form; return the exit code."""
    from engine.reports.form import write_form
    from engine.reports.form.asked import asked_of, known_case_types

    if out.suffix.lower() != ENDING:
        said = f"`{out.name}` is no name of a workbook"
        help_ = f"give a name that ends in {ENDING}, such as form{ENDING}"
        raise typer.BadParameter(f"{said}; {help_}", param_hint="--out")
    rulebook = open_rulebook(rules)
    wanted = tuple(dict.fromkeys(name.strip().lower().replace(" ", "_") for name in case_types))
    known = known_case_types(rulebook)
    for name in wanted:
        if name not in known:
            few = f"write one of: {', '.join(known)}"
            said = f"`{name}` is no case type; {nearest(name, known) or few}"
            raise typer.BadParameter(said, param_hint="--case-type")
    _put(write_form(rulebook, wanted), out)
    asked = asked_of(rulebook, wanted)
    left = f"; {len(asked.left_out)} left out, as the form's first sheet says" if wanted else ""
    say(f"{out}: {len(asked.standards)} standards, {len(asked.tables)} sheets to fill in{left}")
    return Exit.DONE


def _put(form: bytes, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with scratch_in(out.parent, None) as scratch:
            made = scratch / "form"
            made.write_bytes(form)
            made.replace(out)
    except OSError as error:
        said = f"it cannot be written here ({reason(error)})"
        help_ = "close the workbook if it is open, or give another place with --out"
        raise Stop(Exit.USAGE, (Problem(Location(str(out)), "U002", said, help_),)) from None
