"""The command `audit`, where the project is not installed: `audit_score.py score …`."""

from engine.cli import command

command()
