"""Claims: what each source states, chosen or not."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.claims import SORT_BY, ClaimFilter
from app.resources.claims import ClaimPage
from app.routes.answer import answer_page
from app.routes.parameters import LIST_RESPONSES
from app.routes.query_route import QueryRoute
from app.tables import ClaimSnapshotRow

router = APIRouter(prefix="/v1/claims", tags=["claims"], route_class=QueryRoute)


@router.get("", response_model=ClaimPage, responses=LIST_RESPONSES)
def list_claims(request: Request, filters: Annotated[ClaimFilter, Query()]) -> Response:
    """List raw claims as stated, each with its source, and whether it was chosen."""
    return answer_page(request, filters, ClaimSnapshotRow, SORT_BY)
