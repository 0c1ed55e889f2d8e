"""`audit rules schema`: write the JSON Schemas of the rule files, for editors."""

from pathlib import Path

from engine.cli.common import Given, open_rulebook, say
from engine.cli.documents import put_all
from engine.errors import Exit


def run_rules_schema(given: Given, out: Path | None) -> Exit:
    """Write the schemas beside the rules they are made from; return the exit code.

    An overlay has schemas of its own: those of the book beneath do not know what it adds.
    """
    from engine.rulebook.schema import schemas

    rulebook = open_rulebook(given)
    out = out or Path(rulebook.layers[-1].folder) / "schemas"
    texts = schemas(rulebook.book, rulebook.fields)
    put_all(texts, out, out)
    say(f"{len(texts)} schemas in {out}")
    return Exit.DONE
