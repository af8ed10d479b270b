"""Funding rounds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.rounds import SORT_BY, RoundFilter
from app.resources.rounds import FundingRound, FundingRoundPage
from app.routes.answer import answer_one, answer_page
from app.routes.parameters import DETAIL_RESPONSES, LIST_RESPONSES, RoundId
from app.routes.query_route import QueryRoute
from app.tables import RoundSnapshotRow

router = APIRouter(prefix="/v1/rounds", tags=["rounds"], route_class=QueryRoute)


@router.get("", response_model=FundingRoundPage, responses=LIST_RESPONSES)
def list_rounds(request: Request, filters: Annotated[RoundFilter, Query()]) -> Response:
    """List funding rounds of all companies, the latest first."""
    return answer_page(request, filters, RoundSnapshotRow, SORT_BY)


@router.get("/{round_id}", response_model=FundingRound, responses=DETAIL_RESPONSES)
def get_round(request: Request, round_id: RoundId) -> Response:
    """Get one round: amount, valuation, dilution, step-up and investors."""
    return answer_one(request, RoundSnapshotRow, round_id)
