"""The feed of newest rounds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.delivery.feed import MEDIA_TYPE, atom, midnight
from app.query.changes import LATEST_LOAD
from app.query.feed import FIRST_LOAD, RoundFeed, newest
from app.routes.query_route import QueryRoute
from app.routes.reading import address_of, reading
from app.routes.responses import text_responses

router = APIRouter(prefix="/v1/feed.atom", tags=["rounds"], route_class=QueryRoute)


@router.get(
    "",
    response_class=Response,
    responses=text_responses("An Atom feed.", "application/atom+xml"),
)
def get_feed(request: Request, filters: Annotated[RoundFeed, Query()]) -> Response:
    """Follow the newest rounds as an Atom feed, with the filters of rounds."""
    with reading(request, filters, LATEST_LOAD, in_thread=True) as present:
        if present.unchanged:
            return present.not_modified()
        rows = present.connection.execute(newest(filters)).all()
        begun = present.connection.scalar(FIRST_LOAD)
    address = address_of(request)
    entries = [
        (body, _updated(known_from, changed_at, begun)) for body, known_from, changed_at in rows
    ]
    return Response(atom(entries, address), headers=dict(present.headers), media_type=MEDIA_TYPE)


def _updated(known_from: str, changed_at: str | None, begun: str | None) -> str:
    """Return when a round last changed: by the load that changed it, else when it became known.

    What a vague date makes known in the future was known at the first load.
    """
    known = midnight(known_from)
    return changed_at or min(known, begun or known)
