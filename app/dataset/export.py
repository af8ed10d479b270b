"""Write a loaded dataset back to a folder, in normal form."""

import math
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.database import Reader
from app.dataset.staging import FACT_TABLES
from app.dataset.walk import cell_columns
from app.dataset.write import write_files
from app.tables import DatasetRow


def export(url: str, folder: Path) -> None:
    """Write the dataset that a database holds; files of the same names are replaced."""
    reader = Reader(url, math.inf)  # Of a large dataset all of it is read in one go.
    with reader.connect() as connection:
        files = {}
        for file in FACT_TABLES:
            files[file] = [[*row] for row in connection.execute(select(*cell_columns(file)))]
        datapackage = connection.scalar(select(col(DatasetRow.datapackage)))
    reader.close()
    write_files(folder, files, datapackage)
