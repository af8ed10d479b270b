"""Write a dataset in normal form: into any folder, or as a new one that appears whole or not at all."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.dataset.check import InvalidDatasetError, read_checked
from app.dataset.normal import normal_text
from app.dataset.read import DATAPACKAGE
from app.dataset.records import FILES, Record, cells


class FolderTakenError(Exception):
    """A new dataset was to be written where something else stands."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is there and isn't an empty folder: name a new one")


def write_files(
    folder: Path, files: Mapping[str, Iterable[list[str]]], datapackage: str | None
) -> None:
    """Write rows of cells; files of the same names are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in files.items():
        (folder / file).write_text(normal_text(file, rows), encoding="utf-8", newline="")
    if datapackage is not None:
        (folder / DATAPACKAGE).write_text(datapackage, encoding="utf-8", newline="")


def refuse_taken(folder: Path) -> None:
    """Raise FolderTakenError unless a folder is missing or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTakenError(folder)


def write_new(
    folder: Path, records: Mapping[str, Iterable[Record]], datapackage: str | None
) -> None:
    """Write a new dataset, checked before it appears.

    Raises FolderTakenError where the folder isn't empty, and InvalidDatasetError where the dataset
    has errors; then nothing was written.
    """
    refuse_taken(folder)
    named, folder = folder, folder.resolve()
    above = next(path for path in folder.parents if path.exists())
    # A folder beside it, or above it, is on the same disk, so that its rename is one step.
    with tempfile.TemporaryDirectory(dir=above, prefix=f".{folder.name}-") as scratch:
        made = Path(scratch) / folder.name
        files = {file: map(cells, records.get(file, ())) for file in FILES}
        write_files(made, files, datapackage)
        try:
            read_checked(made)
        except InvalidDatasetError as error:
            raise InvalidDatasetError(named, error.findings) from None
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
