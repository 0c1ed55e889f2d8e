"""The commands of `audit` and their arguments; what they do stands in a module each.

Commands import what they need when they run, so that `audit --help` is quick.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.actions_app import actions_app
from engine.cli.ledger_app import ledger_app
from engine.cli.moderate_app import moderate_app
from engine.cli.options import (
    AsOf,
    Engine,
    MappedBy,
    Master,
    Memory,
    Plain,
    Records,
    Rules,
    Trust,
    Trusted,
)
from engine.cli.report_command import report
from engine.cli.rules_app import rules_app
from engine.cli.sample_command import rehearse, sample

app = typer.Typer(
    help="Score practice audits against YAML standards: what the record shows caps the grade.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


class OutputFormat(StrEnum):
    """How results are printed."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class FailOn(StrEnum):
    """What makes a run end with exit code 1."""

    ALERT = "alert"
    CONTRADICTION = "contradiction"
    CAP = "cap"


class QualityFormat(StrEnum):
    """How data quality is printed."""

    FULL = "full"
    JSON = "json"
    CSV = "csv"


class BatchFormat(StrEnum):
    """What a batch folder is written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class SynthFormat(StrEnum):
    """What a synthetic batch is written as."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


def _version(wanted: bool) -> None:
    if wanted:
        from engine.cli.version import version_text

        typer.echo(version_text())
        raise typer.Exit


@app.callback()
def audit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Score practice audits against YAML standards: what the record shows caps the grade."""
    del version


@app.command()
def score(
    batch: Annotated[
        str,
        typer.Argument(
            help="A workbook, folder, JSON, YAML or JSONL file; - for JSONL on standard input."
        ),
    ],
    *,
    records: Records = None,
    trust: Trusted = Trust.SYSTEM,
    rules: Rules = None,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results.")] = None,
    write: Annotated[
        str | None,
        typer.Option(
            "--write",
            help="Any of json,csv,xlsx,html,parquet. If it is left out: all but parquet, and for "
            "more than 50,000 audits, of which no xlsx and html are made, json and parquet.",
        ),
    ] = None,
    output_format: Annotated[
        OutputFormat,
        typer.Option(
            "--output-format", envvar="AUDIT_OUTPUT_FORMAT", help="How results are printed."
        ),
    ] = OutputFormat.FULL,
    fail_on: Annotated[
        list[FailOn] | None,
        typer.Option(
            "--fail-on", help="End with exit code 1 if there is any. May be given more than once."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Score nothing if any row cannot be read.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and problems only.")
    ] = False,
    plain_judge: Plain = False,
    mapping: MappedBy = None,
    memory: Memory = None,
    engine: Annotated[
        Engine,
        typer.Option(
            "--engine",
            help="Where it is scored: in this process, or by Apache Spark, which reads a folder of "
            "Parquet files and writes parquet and json.",
        ),
    ] = Engine.LOCAL,
    master: Master = None,
) -> None:
    """Score a batch of audits: moderated grades, and the reason for each."""
    from engine.cli.score import Asked, run_score

    asked = Asked(
        batch=batch,
        records=records,
        trust=trust.value,
        rules=rules,
        as_of=as_of,
        out=out,
        write=write,
        output_format=output_format.value,
        fail_on=tuple(reason.value for reason in fail_on or ()),
        strict=strict,
        quiet=quiet,
        plain=plain_judge,
        mapping=mapping,
        memory=memory,
        engine=engine.value,
        master=master,
    )
    raise typer.Exit(int(run_score(asked)))


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            help="The id of an audit, of a standard (CP-05) or of a problem (B004). "
            "With --batch an audit of that id comes first."
        ),
    ],
    *,
    batch: Annotated[
        str | None, typer.Option("--batch", help="The batch that the audit is in.")
    ] = None,
    records: Records = None,
    trust: Trusted = Trust.SYSTEM,
    way_back: Annotated[
        bool,
        typer.Option(
            "--way-back",
            help="Show also what would have to change for the next better grade. "
            "For use after moderation.",
        ),
    ] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL that tests a standard.")] = False,
    rules: Rules = None,
    as_of: AsOf = None,
) -> None:
    """Explain one audit's grade, a standard, or the code of a problem, in plain English."""
    from engine.cli.explain import run_explain
    from engine.cli.joined import Source

    source = Source.given(batch, records, trust.value)
    raise typer.Exit(int(run_explain(name, source, rules, as_of, way_back=way_back, sql=sql)))


app.command()(sample)
app.command()(rehearse)


@app.command()
def quality(
    batch: Annotated[
        str, typer.Argument(help="The batch, as for `audit score`; - for standard input.")
    ],
    *,
    rules: Rules = None,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for errors.xlsx and CSV files: every entry, every field."
        ),
    ] = None,
    output_format: Annotated[
        QualityFormat, typer.Option("--output-format", help="How it is printed.")
    ] = QualityFormat.FULL,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and problems only.")
    ] = False,
) -> None:
    """Say how full a batch is and what in it cannot be right; nothing is scored."""
    from engine.cli.quality import QualityAsked, run_quality

    asked = QualityAsked(batch, rules, as_of, out, output_format.value, quiet)
    raise typer.Exit(int(run_quality(asked)))


@app.command()
def synth(
    count: Annotated[int, typer.Argument(min=1, help="How many audits.")],
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the batch; its known truth goes beside it.")
    ],
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same batch.")] = 1,
    format_: Annotated[
        SynthFormat, typer.Option("--format", help="What it is written as.")
    ] = SynthFormat.PARQUET,
    rules: Rules = None,
) -> None:
    """Make a synthetic batch: no real child, auditors of known leniency, planted contradictions."""
    from engine.cli.synth import run_synth

    raise typer.Exit(int(run_synth(count, out, seed, format_.value, rules)))


@app.command()
def template(
    out: Annotated[Path, typer.Option("--out", help="File for the form, such as form.xlsx.")],
    case_type: Annotated[
        list[str] | None,
        typer.Option(
            "--case-type",
            help="Leave out what cannot apply to cases of this type, such as child_protection. "
            "May be given more than once.",
        ),
    ] = None,
    rules: Rules = None,
) -> None:
    """Write the blank form that auditors fill in: a workbook for one audit.

    `audit score` reads it, or a folder of them.
    """
    from engine.cli.template import run_template

    raise typer.Exit(int(run_template(out, tuple(case_type or ()), rules)))


@app.command(name="import")
def import_(
    source: Annotated[
        str,
        typer.Argument(
            help="An extract or a batch, in any format that is read; with --mapping, CSV files or "
            "workbooks of any system."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the batch.")],
    format_: Annotated[
        BatchFormat, typer.Option("--format", help="What the batch is written as.")
    ] = BatchFormat.CSV,
    mapping: MappedBy = None,
    rules: Rules = None,
) -> None:
    """Write what a source holds as a batch folder, a file for each table."""
    from engine.cli.import_batch import Asked, run_import

    asked = Asked(source, out, format_.value, mapping, rules)
    raise typer.Exit(int(run_import(asked)))


mapping_app = typer.Typer(
    help="Say which columns of a system are which fields.", no_args_is_help=True
)


@mapping_app.callback()
def mapping_() -> None:
    """Say which columns of a system are which fields."""


@mapping_app.command(name="new")
def mapping_new(
    sample: Annotated[
        str, typer.Argument(help="A CSV file, a workbook or a folder of them, from the system.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the mapping, instead of the screen.")
    ] = None,
    rules: Rules = None,
) -> None:
    """Propose a mapping from the headers and values of a sample; it asks nothing."""
    from engine.cli.mapping_new import run_mapping_new

    raise typer.Exit(int(run_mapping_new(sample, out, rules)))


app.add_typer(mapping_app, name="mapping")


@app.command()
def pseudonymise(
    batch: Annotated[
        str | None,
        typer.Argument(help="The batch, as for `audit score`; not needed to make a key."),
    ] = None,
    *,
    key_file: Annotated[
        Path, typer.Option("--key-file", help="The file that holds the key; never the key itself.")
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the batch.")] = None,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make the key file first; nothing is overwritten.")
    ] = False,
    hashed: Annotated[
        str | None,
        typer.Option(
            "--hash",
            help="Replace these too: any of team,provider. Ids of children and staff always are.",
        ),
    ] = None,
    keep_text: Annotated[
        bool, typer.Option("--keep-text", help="Keep free text, in which names may stand.")
    ] = False,
    format_: Annotated[
        BatchFormat, typer.Option("--format", help="What the batch is written as.")
    ] = BatchFormat.CSV,
    rules: Rules = None,
) -> None:
    """Write a batch in which ids are pseudonyms and free text is left out, to be shared."""
    from engine.cli.pseudonymise import Asked, run_pseudonymise

    asked = Asked(batch, key_file, out, rules, hashed, keep_text, new_key, format_.value)
    raise typer.Exit(int(run_pseudonymise(asked)))


@app.command()
def reconcile(
    batch: Annotated[str, typer.Argument(help="The batch, as for `audit score`.")],
    *,
    extract: Annotated[
        Path,
        typer.Option(
            "--extract", help="The performance extract: a workbook, CSV file or folder of them."
        ),
    ],
    rules: Rules = None,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print results and problems only.")
    ] = False,
) -> None:
    """Hold a performance extract against what the audits saw: figures, gaps, and cases."""
    from engine.cli.reconcile import Asked, run_reconcile

    raise typer.Exit(int(run_reconcile(Asked(batch, extract, rules, as_of, out, quiet))))


app.command()(report)
app.add_typer(rules_app, name="rules")
app.add_typer(moderate_app, name="moderate")
app.add_typer(actions_app, name="actions")
app.add_typer(ledger_app, name="ledger")
