"""What is odd about a rulebook that loads: warnings, and errors that show over all patterns."""

from engine.authoring.judgement_lints import lint_judgement
from engine.errors import Exit, Location, Problem, Stop
from engine.rulebook.book import Rulebook
from engine.rulebook.folder import JUDGEMENT
from engine.rulebook.judgement import Stratum


def lints_of(rulebook: Rulebook) -> tuple[Problem, ...]:
    """Return the warnings about a rulebook.

    Raises:
        Stop: there are errors among them, with all of them.
    """
    source = rulebook.judgement_source

    def place_of(stratum: Stratum, rule: str) -> Location:
        ids = [one.id for one in rulebook.judgement.rules(stratum)]
        return (
            source.at((stratum, ids.index(rule), "id"))
            if source
            else Location(f"{rulebook.folder}/{JUDGEMENT}")
        )

    found = lint_judgement(rulebook, place_of)
    if any(not problem.warning for problem in found):
        raise Stop(Exit.RULEBOOK, found)
    return found
