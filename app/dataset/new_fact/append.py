"""Add rows to the files of a dataset: all of them or none, each where the normal order has it."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from app.dataset.check import InvalidDatasetError, read_checked
from app.dataset.read import DATAPACKAGE, Dataset
from app.dataset.records import FILES, Record, cells
from app.dataset.write import write_files


def added(dataset: Dataset, rows: Mapping[str, Record]) -> Dataset:
    """Return a dataset with a row more in each of some files, on the line after the last."""
    grown = {file: [*kept] for file, kept in dataset.rows.items()}
    for file, record in rows.items():
        grown[file].append((len(grown[file]) + 2, record))
    return Dataset(dataset.folder, dataset.datapackage, grown)


def require_writable(folder: Path) -> None:
    """Raise OSError where nothing can be written beside the files of a dataset."""
    with _beside(folder):
        pass


def append(folder: Path, rows: Mapping[str, Record]) -> None:
    """Add a row to each of some files, which are then in normal form.

    Raises InvalidDatasetError where the dataset, or what would become of it, has errors; then nothing
    has changed.
    """
    dataset = added(read_checked(folder), rows)
    # Beside the files, so that a finished file takes the place of the old one in one step.
    with _beside(folder) as name:
        beside = Path(name)
        for file in (*FILES, DATAPACKAGE):
            if (folder / file).exists():
                shutil.copy2(folder / file, beside)
        write_files(beside, {file: map(cells, dataset.records(file)) for file in rows}, None)
        try:
            read_checked(beside)
        except InvalidDatasetError as error:
            raise InvalidDatasetError(folder, error.findings) from None
        replace_files(folder, beside, list(rows))


def _beside(folder: Path) -> TemporaryDirectory[str]:
    return TemporaryDirectory(dir=folder, prefix=".new-fact-")


def replace_files(folder: Path, beside: Path, files: list[str]) -> None:
    """Put files in the place of those of the same names, or leave all of these as they were."""
    before = {file: (folder / file).read_bytes() for file in files}
    try:
        for file in files:
            (beside / file).replace((folder / file).resolve())
    except BaseException:  # an interruption too leaves no half of a fact
        for file, content in before.items():
            (folder / file).write_bytes(content)
        raise
