"""The commands of `audit rules` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from pathlib import Path
from typing import Annotated

import typer

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Folder of rules, then each overlay over it; ./rules or the packaged book."
    ),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="The same as an option. May be given more than once."),
]

rules_app = typer.Typer(help="Check the rule files.", no_args_is_help=True, rich_markup_mode=None)


@rules_app.command("check")
def rules_check(folders: Folders = None, rules: Rules = None) -> None:
    """Say everything that is wrong with a folder of rules, at once."""
    from engine.cli.common import open_rulebook, show

    rulebook = open_rulebook([*(folders or ()), *(rules or ())])
    read = " + ".join(layer.folder for layer in rulebook.layers)
    show([f"{len(rulebook.live)} live standards in {read}: nothing wrong."])


@rules_app.command("test")
def rules_test(folders: Folders = None, rules: Rules = None) -> None:
    """Run the examples that stand in each rule file."""
    from engine.cli.rules_test import run_rules_test

    raise typer.Exit(int(run_rules_test([*(folders or ()), *(rules or ())])))


@rules_app.command("schema")
def rules_schema(
    out: Annotated[Path, typer.Option("--out", help="Folder for the JSON Schemas.")] = Path(
        "rules/schemas"
    ),
) -> None:
    """Write the JSON Schemas of the rule files, for editors."""
    from engine.cli.common import say
    from engine.cli.outputs import check_writable
    from engine.rulebook.schema import schemas

    check_writable(out)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (out / name).write_text(text, encoding="utf-8")
    say(f"{len(schemas())} schemas in {out}")
