"""Answer with rendered rows: one SELECT, a join of their JSON, and the headers that describe it."""

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import SQLModel, col
from starlette.requests import Request
from starlette.responses import Response

from app.database import Reader
from app.problems import InvalidRequest, NotFound, NotReady, ProblemDetail
from app.query.clauses import conditions
from app.query.page import CursorError, SortBy, keyset
from app.resources.page import PageInfo
from app.tables import DatasetRow, SnapshotTable

JSON = "application/json"
CACHING = "public, max-age=60, stale-while-revalidate=600"
_NEIGHBOURS = 1_000
_SUGGESTIONS = 3


def answer_page(
    request: Request,
    filters: BaseModel,
    table: type[SnapshotTable],
    sort_by: SortBy,
    *scope: ColumnElement[bool],
) -> Response:
    """Answer with a page of a list; `scope` narrows it to a part, such as one company's."""
    with _reader(request).connect() as connection:
        return _answer_page(connection, request, filters, table, sort_by, *scope)
