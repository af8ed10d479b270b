"""Claims: what each source states, chosen or not."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.claims import SORT_BY, ClaimExport, ClaimList
from app.resources.claims import Claim, ClaimPage
from app.routes.answer import Noun
from app.routes.exports import answer_export
from app.routes.pages import answer_page
from app.routes.parameters import FileFormat
from app.routes.query_route import QueryRoute
from app.routes.responses import export_responses, list_responses
from app.tables import ClaimSnapshotRow

router = APIRouter(prefix="/v1/claims", tags=["claims"], route_class=QueryRoute)

CLAIMS = Noun(ClaimSnapshotRow, SORT_BY, Claim)


@router.get(
    "",
    response_model=ClaimPage,
    responses=list_responses(
        ClaimPage,
        get_company={"company_id": "/data/0/company/id"},
        get_source={"source_id": "/data/0/source/id"},
    ),
)
def list_claims(request: Request, filters: Annotated[ClaimList, Query()]) -> Response:
    """List raw claims as stated, each with its source, and whether it was chosen."""
    return answer_page(request, filters, CLAIMS)


@router.get(".{file_format}", response_class=Response, responses=export_responses(Claim))
def export_claims(
    request: Request, file_format: FileFormat, filters: Annotated[ClaimExport, Query()]
) -> Response:
    """Download all claims that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, CLAIMS, file_format)
