"""Which rulebook is meant by the paths that a user gave: folders of rules, or files inside one."""

from collections.abc import Sequence
from pathlib import Path

from engine.rulebook.folder import BOOK, OVERLAY


def is_book(folder: Path) -> bool:
    """Say whether a folder holds a whole rulebook or an overlay."""
    return (folder / BOOK).is_file() or (folder / OVERLAY).is_file()


def around(path: Path) -> Path | None:
    """Return the folder of rules that a path is in, as short as it can be written."""
    folders = (path, *path.parents, *path.resolve().parents)
    return next((folder for folder in folders if is_book(folder)), None)


def sorted_out(
    paths: Sequence[Path], rules: Sequence[Path]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the folders of rules among what was given, and the files and folders inside them."""
    books = (*rules, *(path for path in paths if is_book(path)))
    return books, tuple(path for path in paths if not is_book(path))
