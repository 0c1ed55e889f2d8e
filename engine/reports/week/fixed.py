"""What keeps an office file the same each time: a fixed day, and an archive without a clock."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - an office file knows no time zone
ZIPPED = (1980, 1, 1, 0, 0, 0)


def archive(written: bytes) -> bytes:
    """Return the archive with the same parts, none of which tells when it was put in."""
    out = BytesIO()
    with ZipFile(BytesIO(written)) as before, ZipFile(out, "w") as after:
        for part in before.infolist():
            info = ZipInfo(part.filename, ZIPPED)
            info.compress_type = ZIP_DEFLATED
            after.writestr(info, before.read(part))
    return out.getvalue()
