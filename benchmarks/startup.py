"""Time small commands as whole processes: help, a check of the rules, ten audits of each format.

    python benchmarks/startup.py               nine rounds, in turns; medians
    python benchmarks/startup.py --rounds 21

The second table says what `audit --help` and a scoring of ten audits spend on imports.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import yaml
from contenders import AS_OF
from measure import Taken, environment, run
from table import machine_line, markdown

HERE = Path(__file__).resolve().parent
AUDITS = 10
SHOWN = 12
HELP_BUDGET, BUDGET = 0.3, 1.0


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as scratch:
        commands = typed(Path(scratch))
        taken = {title: Taken() for title in commands}
        out = Path(scratch) / "results"
        for _ in range(rounds):
            for title, words in commands.items():
                run(audit(words), out, taken[title], phased=False)
        print(machine_line({}))
        print(speed(taken), "", imports("audit --help", commands["audit --help"]), sep="\n")
        title, words = next((t, w) for t, w in commands.items() if "csv" in t)
        print("", imports(title, words), sep="\n")


def typed(scratch: Path) -> dict[str, list[str]]:
    """Return the commands by their titles; the batches are made."""
    commands = {
        "python -c pass": [],
        "audit --help": ["--help"],
        "audit rules check": ["rules", "check", str(HERE.parent / "rules")],
    }
    for name, batch in batches(scratch).items():
        words = ["score", str(batch), "--as-of", AS_OF, "--quiet"]
        commands[f"audit score, {name}"] = words
    *_, words = commands.values()
    commands["audit score --out, four formats written"] = [
        *words,
        "--out",
        str(scratch / "results"),
    ]
    return commands


def batches(scratch: Path) -> dict[str, Path]:
    """Make ten synthetic audits in every format."""
    made = {}
    for name in ("parquet", "csv", "xlsx", "jsonl"):
        made[name] = scratch / (f"{name}.{name}" if name in ("xlsx", "jsonl") else name)
        command = [str(HERE / "make_batch.py"), str(AUDITS), str(made[name]), name]
        subprocess.run([sys.executable, *command], check=True, env=environment())
    lines = made["jsonl"].read_text(encoding="utf-8").splitlines()
    audits = [json.loads(line) for line in lines]
    for name, text in (("json", json.dumps(audits)), ("yaml", yaml.safe_dump(audits))):
        made[name] = scratch / f"{name}.{name}"
        made[name].write_text(text, encoding="utf-8")
    return made


def audit(words: Sequence[str], *options: str) -> list[str]:
    """Return the command; without words, a Python that does nothing."""
    script = [str(HERE / "audit_score.py"), *words] if words else ["-c", "pass"]
    return [sys.executable, *options, *script]


def speed(taken: dict[str, Taken]) -> str:
    """Return what each command took, in milliseconds; processor time swings less than the wall."""
    titles = ("command", "rounds", "wall, median", "wall, least", "user + system, least", "budget")
    rows = []
    for title, one in taken.items():
        middle, least = 1000 * median(one.wall), 1000 * min(one.wall)
        budget = f"{1000 * budget_of(title):.0f}" if title.startswith("audit") else ""
        cpu = 1000 * min(one.cpu)
        shown = (str(len(one.wall)), f"{middle:.0f}", f"{least:.0f}", f"{cpu:.0f}", budget)
        rows.append((f"`{title}`", *shown))
    return markdown(titles, rows, left=(0,))


def budget_of(title: str) -> float:
    return HELP_BUDGET if title.endswith("--help") else BUDGET


def imports(title: str, words: Sequence[str]) -> str:
    """Return the modules that take longest to import, each without what it imports itself."""
    command = audit(words, "-X", "importtime")
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=environment())
    lines = (
        line.split("|") for line in done.stderr.splitlines() if line.startswith("import time:")
    )
    spent: dict[str, int] = {}
    for own, _, module in lines:
        figure = own.removeprefix("import time:").strip()
        if figure.isdigit():
            package = module.strip().partition(".")[0]
            spent[package] = spent.get(package, 0) + int(figure)
    whole = sum(spent.values())
    dearest = sorted(spent, key=spent.__getitem__, reverse=True)[:SHOWN]
    rows = [(f"`{name}`", f"{spent[name] / 1000:.0f}") for name in dearest]
    rows.append(("all", f"{whole / 1000:.0f}"))
    return markdown((f"packages that `{title}` imports", "milliseconds"), rows, left=(0,))


if __name__ == "__main__":
    main()
