"""Sources: the documents that state figures."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.details import DetailFilter
from app.query.sources import SORT_BY, SourceExport, SourceList
from app.resources.sources import Source, SourcePage
from app.routes.answer import Noun, answer_one
from app.routes.exports import answer_export
from app.routes.pages import answer_page
from app.routes.parameters import (
    FileFormat,
    SourceId,
)
from app.routes.query_route import QueryRoute
from app.routes.responses import detail_responses, export_responses, list_responses
from app.tables import SourceSnapshotRow

router = APIRouter(prefix="/v1/sources", tags=["sources"], route_class=QueryRoute)

SOURCES = Noun(SourceSnapshotRow, SORT_BY, Source)


@router.get(
    "",
    response_model=SourcePage,
    responses=list_responses(SourcePage, get_source={"source_id": "/data/0/id"}),
)
def list_sources(request: Request, filters: Annotated[SourceList, Query()]) -> Response:
    """List sources with how much each states."""
    return answer_page(request, filters, SOURCES)


@router.get(".{file_format}", response_class=Response, responses=export_responses(Source))
def export_sources(
    request: Request, file_format: FileFormat, filters: Annotated[SourceExport, Query()]
) -> Response:
    """Download all sources that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, SOURCES, file_format)


@router.get("/{source_id}", response_model=Source, responses=detail_responses(Source))
def get_source(
    request: Request, source_id: SourceId, filters: Annotated[DetailFilter, Query()]
) -> Response:
    """Get one source; its claims are at /v1/claims?source=ID."""
    return answer_one(request, filters, SOURCES, source_id)
