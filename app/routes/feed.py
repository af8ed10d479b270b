"""The feed of newest rounds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import col

from app.delivery.feed import MEDIA_TYPE, atom
from app.query.clauses import conditions, known
from app.query.page import keyset
from app.query.rounds import SORT_BY, RoundFeed
from app.routes.parameters import LIST_RESPONSES
from app.routes.query_route import QueryRoute
from app.routes.reading import reading
from app.tables import RoundSnapshotRow

router = APIRouter(prefix="/v1/feed.atom", tags=["rounds"], route_class=QueryRoute)

_NEWEST = "-announced_on"
_ENTRY = {"type": "string"}


@router.get(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "An Atom feed.",
            "content": {"application/atom+xml": {"schema": _ENTRY}},
        },
        **LIST_RESPONSES,
    },
)
def get_feed(request: Request, filters: Annotated[RoundFeed, Query()]) -> Response:
    """Follow the newest rounds as an Atom feed, with the filters of rounds."""
    with reading(request, filters) as present:
        if present.unchanged:
            return present.not_modified()
        matching = [known(RoundSnapshotRow, filters.known_on), *conditions(filters)]
        order = keyset(SORT_BY, _NEWEST, RoundSnapshotRow)
        statement = (
            order.rows(RoundSnapshotRow, matching)
            .add_columns(col(RoundSnapshotRow.known_from))
            .limit(filters.limit)
        )
        rows = present.connection.execute(statement).all()
    query = request.url.query
    address = f"{request.url.path}?{query}" if query else request.url.path
    entries = [(row[0], row[-1]) for row in rows]
    body = atom(entries, address)
    return Response(body, headers=dict(present.headers), media_type=MEDIA_TYPE)
