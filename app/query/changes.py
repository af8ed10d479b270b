"""Changes: what loads changed, from a dataset or a day on."""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import col

from app.dates import DATE_PATTERN, first_day, parse_partial_date
from app.query.clauses import AnyOf
from app.query.cursor import begins_after
from app.query.page import Keyset, Paging
from app.query.parameters import Cursor
from app.query.sort import Key
from app.tables import ChangeRow, LoadRow
from app.vocabulary import Collection

ORDER = Keyset([Key(col(ChangeRow.sequence), descending=False, may_be_unknown=False)], "sequence")
LATEST_LOAD = select(func.max(col(LoadRow.number)))

_VERSION = re.compile(r"[0-9a-f]{16}")
_DATE = re.compile(DATE_PATTERN, re.ASCII)


def _version_or_day(text: str) -> str:
    if _VERSION.fullmatch(text):
        return text
    if not _DATE.fullmatch(text):
        raise ValueError("neither a dataset's version nor a date: write YYYY-MM-DD")
    return parse_partial_date(text)


Since = Annotated[
    str,
    AfterValidator(_version_or_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^([0-9a-f]{{16}}|{DATE_PATTERN})$",
            "maxLength": len("f2a1c09be4d75a36"),
        }
    ),
]


class ChangeFilter(Paging):
    """Parameters of a list of changes."""

    model_config = ConfigDict(extra="forbid")

    cursor: Cursor = begins_after(ORDER.sort, 100)
    since: Since | SkipJsonSchema[None] = Field(
        None,
        description="What loads changed since a version of the dataset, as `dataset` of an answer "
        "names it, or on a day and later; everything that is recorded by default.",
        examples=["2026-11-01"],
    )
    collection: Annotated[list[Collection], AnyOf(ChangeRow.collection)] = Field(
        default_factory=list, description="Changes of these lists alone.", examples=[["rounds"]]
    )


class UnknownVersionError(ValueError):
    """A version of which no load is recorded."""


def since(connection: Connection, named: str | None) -> list[ColumnElement[bool]]:
    """Return what picks the changes since a version or a day.

    Of a version that was loaded several times the first time counts: who holds it may have got it then,
    and what is told again does no harm.

    Raises UnknownVersionError where no load of that version is recorded.
    """
    if named is None:
        return []
    if not _VERSION.fullmatch(named):
        on_that_day = select(col(LoadRow.number)).where(col(LoadRow.loaded_at) >= first_day(named))
        return [col(ChangeRow.load).in_(on_that_day)]
    of_version = select(func.min(col(LoadRow.number))).where(col(LoadRow.version) == named)
    first = connection.scalar(of_version)
    if first is None:
        raise UnknownVersionError
    return [col(ChangeRow.load) > first]
