"""Investors, and the rounds of one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.clauses import Tagged
from app.query.investors import SORT_BY, InvestorFilter
from app.query.rounds import SORT_BY as ROUND_SORT
from app.query.rounds import RoundFilter
from app.resources.investors import Investor, InvestorPage
from app.resources.rounds import FundingRoundPage
from app.routes.answer import answer_one, answer_page, require
from app.routes.parameters import DETAIL_RESPONSES, LIST_RESPONSES, InvestorId
from app.routes.query_route import QueryRoute
from app.tables import InvestorSnapshotRow, RoundSnapshotRow, RoundTagRow

router = APIRouter(prefix="/v1/investors", tags=["investors"], route_class=QueryRoute)


@router.get("", response_model=InvestorPage, responses=LIST_RESPONSES)
def list_investors(request: Request, filters: Annotated[InvestorFilter, Query()]) -> Response:
    """List investors with how many rounds they took part in and led."""
    return answer_page(request, filters, InvestorSnapshotRow, SORT_BY)


@router.get("/{investor_id}", response_model=Investor, responses=DETAIL_RESPONSES)
def get_investor(request: Request, investor_id: InvestorId) -> Response:
    """Get one investor."""
    return answer_one(request, InvestorSnapshotRow, investor_id)


@router.get("/{investor_id}/rounds", response_model=FundingRoundPage, responses=DETAIL_RESPONSES)
def list_investor_rounds(
    request: Request, investor_id: InvestorId, filters: Annotated[RoundFilter, Query()]
) -> Response:
    """List the rounds that one investor took part in."""
    require(request, InvestorSnapshotRow, investor_id)
    part = Tagged(RoundSnapshotRow, RoundTagRow, "investor").where([investor_id], possible=False)
    return answer_page(request, filters, RoundSnapshotRow, ROUND_SORT, part)
