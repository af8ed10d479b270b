"""Companies, and what belongs to one: its rounds, metrics and claims."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import col

from app.query.claims import SORT_BY as CLAIM_SORT
from app.query.claims import ClaimFilter
from app.query.companies import SORT_BY, CompanyFilter
from app.query.metrics import SORT_BY as METRIC_SORT
from app.query.metrics import MetricFilter
from app.query.rounds import SORT_BY as ROUND_SORT
from app.query.rounds import RoundFilter
from app.resources.claims import ClaimPage
from app.resources.companies import Company, CompanyPage
from app.resources.metrics import MetricPage
from app.resources.rounds import FundingRoundPage
from app.routes.answer import answer_one, answer_page, require
from app.routes.parameters import DETAIL_RESPONSES, LIST_RESPONSES, CompanyId
from app.routes.query_route import QueryRoute
from app.tables import (
    ClaimSnapshotRow,
    CompanySnapshotRow,
    MetricSnapshotRow,
    RoundSnapshotRow,
)

router = APIRouter(prefix="/v1/companies", tags=["companies"], route_class=QueryRoute)


@router.get("", response_model=CompanyPage, responses=LIST_RESPONSES)
def list_companies(request: Request, filters: Annotated[CompanyFilter, Query()]) -> Response:
    """List companies with their current figures: valuation, ARR, multiples and capital raised."""
    return answer_page(request, filters, CompanySnapshotRow, SORT_BY)


@router.get("/{company_id}", response_model=Company, responses=DETAIL_RESPONSES)
def get_company(request: Request, company_id: CompanyId) -> Response:
    """Get one company, with the source of every figure and the bounds of every multiple."""
    return answer_one(request, CompanySnapshotRow, company_id)


@router.get("/{company_id}/rounds", response_model=FundingRoundPage, responses=DETAIL_RESPONSES)
def list_company_rounds(
    request: Request, company_id: CompanyId, filters: Annotated[RoundFilter, Query()]
) -> Response:
    """List the rounds of one company, the latest first."""
    require(request, CompanySnapshotRow, company_id)
    own = col(RoundSnapshotRow.company_id) == company_id
    return answer_page(request, filters, RoundSnapshotRow, ROUND_SORT, own)


@router.get("/{company_id}/metrics", response_model=MetricPage, responses=DETAIL_RESPONSES)
def list_company_metrics(
    request: Request, company_id: CompanyId, filters: Annotated[MetricFilter, Query()]
) -> Response:
    """List the points of one company's series, observed and derived."""
    require(request, CompanySnapshotRow, company_id)
    own = col(MetricSnapshotRow.company_id) == company_id
    return answer_page(request, filters, MetricSnapshotRow, METRIC_SORT, own)


@router.get("/{company_id}/claims", response_model=ClaimPage, responses=DETAIL_RESPONSES)
def list_company_claims(
    request: Request, company_id: CompanyId, filters: Annotated[ClaimFilter, Query()]
) -> Response:
    """List every claim on one company and its rounds, those that weren't chosen included."""
    require(request, CompanySnapshotRow, company_id)
    own = col(ClaimSnapshotRow.company_id) == company_id
    return answer_page(request, filters, ClaimSnapshotRow, CLAIM_SORT, own)
