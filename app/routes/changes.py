"""Changes: what loads changed, so that a copy can follow."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import func, select

from app.problems import InvalidRequest, wrong
from app.query.changes import LATEST_LOAD, ORDER, ChangeFilter, UnknownVersionError, since
from app.query.conditions import asked
from app.resources.changes import ChangePage
from app.routes.answer import answer_rows, place
from app.routes.query_route import QueryRoute
from app.routes.reading import reading
from app.routes.responses import list_responses
from app.tables import ChangeRow

router = APIRouter(prefix="/v1/changes", tags=["dataset"], route_class=QueryRoute)


@router.get("", response_model=ChangePage, responses=list_responses(ChangePage))
def list_changes(request: Request, filters: Annotated[ChangeFilter, Query()]) -> Response:
    """List what loads added, changed and removed, the earliest first.

    To keep a copy: take the exports once, all of one `Dataset-Version`, and remember it. Then ask for
    `since` that version, read to the last page, fetch what was added or changed by `id` from its list,
    up to 150 at a time, delete what was removed, and remember `dataset` of the last page. Where no load
    of that version is recorded the answer is 422: begin anew.

    A claim's id is made of what it states, so that a corrected claim is one removed and one added.
    """
    with reading(request, filters, LATEST_LOAD) as present:
        try:
            picked = since(present.connection, filters.since)
        except UnknownVersionError:
            reason = f"no load of version {filters.since} is recorded: begin with the exports"
            raise InvalidRequest([wrong("since", reason)]) from None
        matching = [*picked, *asked(filters)]
        statement = ORDER.page(
            ChangeRow, [*matching, *ORDER.after(place(ORDER, filters))], filters.limit
        )
        if present.unchanged:
            return present.not_modified()
        rows = present.connection.execute(statement).all()
        total = None
        if filters.count:
            counted = select(func.count()).select_from(ChangeRow).where(*matching)
            total = present.connection.scalar(counted)
    return answer_rows(request, present, filters, ORDER, rows=rows, total=total)
