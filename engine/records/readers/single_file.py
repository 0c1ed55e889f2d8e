"""A folder that holds one batch in one file: a workbook, JSON Lines, JSON or YAML."""

from engine.records.found import Found, stop
from engine.records.readers.reader import Reader
from engine.records.stage import Stage


def single_file(readers: tuple[Reader, ...]) -> Reader:
    """Return the reader of folders with one file that one of these readers recognises."""

    def reader_of(found: Found) -> Reader | None:
        return next((reader for reader in readers if reader.recognise(found)), None)

    def read(found: Found, stage: Stage) -> None:
        known = [(inner, reader) for inner in found.inside if (reader := reader_of(inner))]
        if len(known) > 1:
            shown = ", ".join(f"`{inner.name}`" for inner, _ in known)
            said = f"`{found.name}` holds several batches: {shown}"
            raise stop(found.location, "B008", said, "give one of them")
        for inner in found.inside:
            if inner is not known[0][0]:
                stage.not_read(inner)
        ((inner, reader),) = known
        reader.read(inner, stage)

    def recognise(found: Found) -> bool:
        return found.folder and any(reader_of(inner) for inner in found.inside if not inner.folder)

    return Reader("a folder with one workbook, JSON or JSON Lines file", recognise, read)
