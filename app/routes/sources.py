"""Sources: the documents that state figures."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.sources import SORT_BY, SourceFilter
from app.resources.sources import Source, SourcePage
from app.routes.answer import answer_one, answer_page
from app.routes.parameters import DETAIL_RESPONSES, LIST_RESPONSES, SourceId
from app.routes.query_route import QueryRoute
from app.tables import SourceSnapshotRow

router = APIRouter(prefix="/v1/sources", tags=["sources"], route_class=QueryRoute)


@router.get("", response_model=SourcePage, responses=LIST_RESPONSES)
def list_sources(request: Request, filters: Annotated[SourceFilter, Query()]) -> Response:
    """List sources with how much each states."""
    return answer_page(request, filters, SourceSnapshotRow, SORT_BY)


@router.get("/{source_id}", response_model=Source, responses=DETAIL_RESPONSES)
def get_source(request: Request, source_id: SourceId) -> Response:
    """Get one source; its claims are at /v1/claims?source=ID."""
    return answer_one(request, SourceSnapshotRow, source_id)
