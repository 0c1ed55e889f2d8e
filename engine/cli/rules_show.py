"""`audit rules show` and `audit rules list`: what a rulebook holds, and where it says so."""

from datetime import date

from engine.authoring.listing import FORMATS, Wanted, listing
from engine.authoring.show import as_json, show_overlay, show_standard
from engine.cli.common import Given, open_rulebook, show, today
from engine.errors import Exit, Location, Problem, Stop, nearest
from engine.rulebook.book import Rulebook
from engine.terms import Level


def run_rules_show(name: str, given: Given, output_format: str) -> Exit:
    """Show a standard, or what an overlay changes; return the exit code.

    Raises:
        Stop: there is nothing of that name.
    """
    rulebook = open_rulebook(given)
    standard = rulebook.by_id.get(name) or rulebook.by_id.get(name.upper())
    overlay = next((one for one in rulebook.layers[1:] if one.id == name), None)
    if standard is not None:
        as_text = output_format != "json"
        show(show_standard(standard, rulebook) if as_text else [as_json(standard, rulebook)])
    elif overlay is not None:
        show(show_overlay(overlay, rulebook))
    else:
        known = (*rulebook.by_id, *(one.id for one in rulebook.layers[1:]))
        help_ = nearest(name.upper(), known) or "`audit rules list` lists all standards"
        said = f"there is no standard `{name}`"
        raise Stop(Exit.USAGE, (Problem(Location("rules show"), "U012", said, help_),))
    return Exit.DONE


def run_rules_list(given: Given, wanted: Wanted, as_of: date | None, output_format: str) -> Exit:
    """List the standards; return the exit code.

    Raises:
        Stop: a stage, level or status is none that there is.
    """
    rulebook = open_rulebook(given)
    _check(wanted, rulebook)
    show(FORMATS[output_format](listing(rulebook, as_of or today(), wanted)))
    return Exit.DONE


def _check(wanted: Wanted, rulebook: Rulebook) -> None:
    known = {
        "stage": tuple(stage.id for stage in rulebook.book.stages),
        "level": tuple(map(str, Level)),
        "status": ("draft", "live", "retired"),
    }
    for name, values in known.items():
        value = getattr(wanted, name)
        if value is not None and value not in values:
            listed = ", ".join(f"`{one}`" for one in values)
            help_ = nearest(value, values) or f"there are {listed}"
            problem = Problem(Location(f"--{name}"), "U012", f"there is no {name} `{value}`", help_)
            raise Stop(Exit.USAGE, (problem,))
