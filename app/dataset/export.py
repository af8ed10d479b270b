"""Write a loaded dataset back to a folder, in normal form."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.database import Reader
from app.dataset.load import FACT_TABLES
from app.dataset.normal import normal_text
from app.dataset.read import DATAPACKAGE
from app.dataset.records import FILES
from app.tables import DatasetRow


def export(url: str, folder: Path) -> None:
    """Write the dataset that a database holds; files of the same names are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    reader = Reader(url)
    with reader.connect() as connection:
        for file, table in FACT_TABLES.items():
            stored = SQLModel.metadata.tables[str(table.__tablename__)]
            columns = [stored.c[name] for name in FILES[file].model_fields]
            rows = ([*row] for row in connection.execute(select(*columns)))
            (folder / file).write_text(normal_text(file, rows), encoding="utf-8", newline="")
        datapackage = connection.scalar(select(col(DatasetRow.datapackage)))
        if datapackage is not None:
            (folder / DATAPACKAGE).write_text(datapackage, encoding="utf-8", newline="")
    reader.close()
