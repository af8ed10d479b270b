"""Write a loaded dataset back to a folder, in normal form."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.database import Reader
from app.dataset.load import FACT_TABLES
from app.dataset.records import FILES
from app.dataset.write import write_files
from app.tables import DatasetRow


def export(url: str, folder: Path) -> None:
    """Write the dataset that a database holds; files of the same names are replaced."""
    reader = Reader(url)
    with reader.connect() as connection:
        files = {}
        for file, table in FACT_TABLES.items():
            stored = SQLModel.metadata.tables[str(table.__tablename__)]
            columns = [stored.c[name] for name in FILES[file].model_fields]
            files[file] = [[*row] for row in connection.execute(select(*columns))]
        datapackage = connection.scalar(select(col(DatasetRow.datapackage)))
    reader.close()
    write_files(folder, files, datapackage)
