"""Changes: what loads changed, from a dataset or a day on."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import col

from app.dates import PartialDate, first_day
from app.query.clauses import AnyOf
from app.query.page import Keyset, Paging
from app.tables import ChangeRow, LoadRow
from app.vocabulary import Collection

_VERSION_LENGTH = 16
ORDER = Keyset([(col(ChangeRow.sequence), False)], "sequence")
LATEST_LOAD = select(func.max(col(LoadRow.number)))

Version = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{_VERSION_LENGTH}}}$")]


class ChangeFilter(Paging, BaseModel):
    """Parameters of a list of changes."""

    model_config = ConfigDict(extra="forbid")

    since: Version | PartialDate | SkipJsonSchema[None] = Field(
        None,
        description="What loads changed since a version of the dataset, as `dataset` of an answer "
        "names it, or on a day and later; everything that is recorded by default.",
        examples=["2026-11-01"],
    )
    collection: Annotated[list[Collection], AnyOf(ChangeRow.collection)] = Field(
        [], description="Changes of these lists alone.", examples=[["rounds"]]
    )


class UnknownVersionError(ValueError):
    """A version of which no load is recorded."""


def since(connection: Connection, named: str | None) -> list[ColumnElement[bool]]:
    """Return what picks the changes since a version or a day.

    Of a version that was loaded several times the latest time counts; a load of what stood already
    goes with the load before it.

    Raises UnknownVersionError where no load of that version is recorded.
    """
    if named is None:
        return []
    if len(named) < _VERSION_LENGTH:
        on_that_day = select(col(LoadRow.number)).where(col(LoadRow.loaded_at) >= first_day(named))
        return [col(ChangeRow.load).in_(on_that_day)]
    of_version = select(func.max(col(LoadRow.number))).where(col(LoadRow.version) == named)
    latest = connection.scalar(of_version)
    if latest is None:
        raise UnknownVersionError
    other = LATEST_LOAD.where(col(LoadRow.number) < latest, col(LoadRow.version) != named)
    return [col(ChangeRow.load) > (connection.scalar(other) or 0) + 1]
