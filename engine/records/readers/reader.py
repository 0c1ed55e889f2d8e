"""What a reader is."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.records.found import Found
from engine.records.stage import Stage


@dataclass(frozen=True)
class Reader:
    """A format: its name for messages, how it is recognised, and how it fills the stage.

    `in_place`: large files of it are not copied into the database.
    """

    name: str
    recognise: Callable[[Found], bool]
    read: Callable[[Found, Stage], None]
    in_place: bool = False
