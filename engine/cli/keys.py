"""The file that holds the key of pseudonyms: made, read, and refused where it would not keep them.

No message repeats anything of a key, or what may be one.
"""

import os
import re
import secrets
from pathlib import Path

from engine.errors import Exit, Location, Problem, Stop, reason

CODES = {
    "K011": "the key file cannot be read",
    "K012": "the file holds no key",
    "K013": "the key is too weak",
    "K014": "a key file is there already",
    "K015": "the key file lies in the folder that is to be shared",
    "K016": "a key file cannot be written here",
    "K017": "that is not replaced on request",
}
BYTES = 32
VARIED = 16  # 32 bytes at random hold fewer than so many different ones about never
LARGEST = 4096
MAKE = "make one with --new-key"
_KEY = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_LIKE_KEY = re.compile(r"[0-9A-Fa-f]{32,}")


def read_key(path: Path) -> bytes:
    """Return the key that a file holds: 64 hexadecimal digits or more.

    Raises:
        Stop: it cannot be read, holds no key, or one that could be guessed.
    """
    try:
        with path.open("rb") as file:
            held = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    text = held.decode("utf-8-sig", "replace").strip()
    if not text:
        raise _stop(path, "K012", "the key file is empty", MAKE)
    if len(held) > LARGEST or not _KEY.fullmatch(text):
        said = "the file holds something else than a key, which is 64 hexadecimal digits"
        raise _stop(path, "K012", said, MAKE)
    key = bytes.fromhex(text)
    if len(key) < BYTES:
        said = f"the key has {len(key)} bytes, and fewer than {BYTES} could be guessed"
        raise _stop(path, "K013", said, MAKE)
    if len(set(key)) < VARIED:
        raise _stop(path, "K013", "the key repeats itself and could be guessed", MAKE)
    return key


def make_key(path: Path) -> None:
    """Write a new key from the system's randomness, for its owner alone to read.

    Raises:
        Stop: something is there already, or it cannot be written.
    """
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii", newline="\n") as out:
            out.write(f"{secrets.token_hex(BYTES)}\n")
    except FileExistsError:
        said = "the file is there already, and a key that was used must not be lost"
        raise _stop(path, "K014", said, "leave --new-key out to use it, or name another") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "this is no name of a file"
        said = f"the key cannot be written here ({why})"
        raise _stop(path, "K016", said, "give another place with --key-file") from None


def check_key_apart(path: Path, out: Path) -> None:
    """Stop before any work if the key would be shared with the batch.

    Raises:
        Stop: the key file lies in the folder for the batch.
    """
    if path.resolve().is_relative_to(out.resolve()):
        said = "the key file lies in the folder for the batch, and would be shared with it"
        raise _stop(path, "K015", said, "keep the key where only those who may know it can read it")


def _unreadable(path: Path, error: Exception) -> Stop:
    if not isinstance(error, FileNotFoundError):
        why = reason(error) if isinstance(error, OSError) else "this is no name of a file"
        return _stop(path, "K011", f"the key file cannot be read ({why})", "")
    if _LIKE_KEY.fullmatch(path.name):
        said = "--key-file takes the name of a file that holds the key, and not the key itself"
        return Stop(Exit.USAGE, (Problem(Location("--key-file"), "K011", said, MAKE),))
    return _stop(path, "K011", "there is no such key file", MAKE)


def _stop(path: Path, code: str, said: str, help_: str) -> Stop:
    return Stop(Exit.USAGE, (Problem(Location(str(path)), code, said, help_),))
