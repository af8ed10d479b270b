"""Investors, and the rounds of one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.clauses import Tagged
from app.query.details import DetailFilter
from app.query.investors import SORT_BY, InvestorExport, InvestorList
from app.query.rounds import RoundList
from app.resources.investors import Investor, InvestorPage
from app.resources.rounds import FundingRoundPage
from app.routes.answer import Noun, answer_one
from app.routes.exports import answer_export
from app.routes.pages import Part, answer_page
from app.routes.parameters import (
    FileFormat,
    InvestorId,
)
from app.routes.query_route import QueryRoute
from app.routes.responses import detail_responses, export_responses, list_responses, part_responses
from app.routes.rounds import ROUNDS
from app.tables import InvestorSnapshotRow, RoundSnapshotRow, RoundTagRow

router = APIRouter(prefix="/v1/investors", tags=["investors"], route_class=QueryRoute)

INVESTORS = Noun(InvestorSnapshotRow, SORT_BY, Investor)


@router.get(
    "",
    response_model=InvestorPage,
    responses=list_responses(InvestorPage, get_investor={"investor_id": "/data/0/id"}),
)
def list_investors(request: Request, filters: Annotated[InvestorList, Query()]) -> Response:
    """List investors with how many rounds they took part in and led."""
    return answer_page(request, filters, INVESTORS)


@router.get(".{file_format}", response_class=Response, responses=export_responses(Investor))
def export_investors(
    request: Request, file_format: FileFormat, filters: Annotated[InvestorExport, Query()]
) -> Response:
    """Download all investors that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, INVESTORS, file_format)


@router.get(
    "/{investor_id}",
    response_model=Investor,
    responses=detail_responses(Investor, list_investor_rounds={"investor_id": "/id"}),
)
def get_investor(
    request: Request, investor_id: InvestorId, filters: Annotated[DetailFilter, Query()]
) -> Response:
    """Get one investor."""
    return answer_one(request, filters, INVESTORS, investor_id)


@router.get(
    "/{investor_id}/rounds",
    response_model=FundingRoundPage,
    responses=part_responses(
        FundingRoundPage,
        get_round={"round_id": "/data/0/id"},
        get_company={"company_id": "/data/0/company/id"},
    ),
)
def list_investor_rounds(
    request: Request, investor_id: InvestorId, filters: Annotated[RoundList, Query()]
) -> Response:
    """List the rounds that one investor took part in."""
    part = Part(INVESTORS, investor_id, Tagged(RoundSnapshotRow, RoundTagRow, "investor"))
    return answer_page(request, filters, ROUNDS, part)
