"""Companies, and what belongs to one: its rounds, metrics and claims."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.claims import ClaimList
from app.query.clauses import AnyOf
from app.query.companies import SORT_BY, CompanyExport, CompanyList
from app.query.details import DetailFilter
from app.query.metrics import MetricList
from app.query.rounds import RoundList
from app.query.statistics import COMPANIES as GROUPING
from app.query.statistics import CompanyStatsExport, CompanyStatsList
from app.resources.claims import ClaimPage
from app.resources.companies import Company, CompanyPage
from app.resources.metrics import MetricPage
from app.resources.rounds import FundingRoundPage
from app.resources.statistics import CompanyStats, CompanyStatsPage
from app.routes.answer import Noun, answer_one
from app.routes.claims import CLAIMS
from app.routes.exports import answer_export, answer_statistics_export
from app.routes.metrics import METRICS
from app.routes.pages import Part, answer_page
from app.routes.parameters import (
    CompanyId,
    FileFormat,
)
from app.routes.query_route import QueryRoute
from app.routes.responses import detail_responses, export_responses, list_responses, part_responses
from app.routes.rounds import ROUNDS
from app.routes.statistics import answer_statistics
from app.tables import (
    ClaimSnapshotRow,
    CompanySnapshotRow,
    MetricSnapshotRow,
    RoundSnapshotRow,
)

router = APIRouter(prefix="/v1/companies", tags=["companies"], route_class=QueryRoute)

COMPANIES = Noun(CompanySnapshotRow, SORT_BY, Company)


@router.get(
    "",
    response_model=CompanyPage,
    responses=list_responses(CompanyPage, get_company={"company_id": "/data/0/id"}),
)
def list_companies(request: Request, filters: Annotated[CompanyList, Query()]) -> Response:
    """List companies with their current figures: valuation, ARR, multiples and capital raised."""
    return answer_page(request, filters, COMPANIES)


@router.get(".{file_format}", response_class=Response, responses=export_responses(Company))
def export_companies(
    request: Request, file_format: FileFormat, filters: Annotated[CompanyExport, Query()]
) -> Response:
    """Download all companies that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, COMPANIES, file_format)


@router.get("/stats", response_model=CompanyStatsPage, responses=list_responses(CompanyStatsPage))
def get_company_stats(request: Request, filters: Annotated[CompanyStatsList, Query()]) -> Response:
    """Sum up companies by one or two dimensions: valuations, ARR, multiples, and how they spread.

    A multiple whose valuation and ARR lie more than 365 days apart is left out and counted.
    """
    return answer_statistics(request, filters, GROUPING, CompanyStats)


@router.get(
    "/stats.{file_format}", response_class=Response, responses=export_responses(CompanyStats)
)
def export_company_stats(
    request: Request, file_format: FileFormat, filters: Annotated[CompanyStatsExport, Query()]
) -> Response:
    """Download statistics of companies as one table: the dimensions, and a column a number."""
    return answer_statistics_export(request, filters, GROUPING, CompanyStats, file_format)


@router.get(
    "/{company_id}",
    response_model=Company,
    responses=detail_responses(
        Company,
        list_company_rounds={"company_id": "/id"},
        list_company_metrics={"company_id": "/id"},
        list_company_claims={"company_id": "/id"},
    ),
)
def get_company(
    request: Request, company_id: CompanyId, filters: Annotated[DetailFilter, Query()]
) -> Response:
    """Get one company, with the source of every figure and the bounds of every multiple."""
    return answer_one(request, filters, COMPANIES, company_id)


@router.get(
    "/{company_id}/rounds",
    response_model=FundingRoundPage,
    responses=part_responses(FundingRoundPage, get_round={"round_id": "/data/0/id"}),
)
def list_company_rounds(
    request: Request, company_id: CompanyId, filters: Annotated[RoundList, Query()]
) -> Response:
    """List the rounds of one company, the latest first."""
    part = Part(COMPANIES, company_id, AnyOf(RoundSnapshotRow.company_id))
    return answer_page(request, filters, ROUNDS, part)


@router.get(
    "/{company_id}/metrics",
    response_model=MetricPage,
    responses=part_responses(MetricPage),
)
def list_company_metrics(
    request: Request, company_id: CompanyId, filters: Annotated[MetricList, Query()]
) -> Response:
    """List the points of one company's series, observed and derived."""
    part = Part(COMPANIES, company_id, AnyOf(MetricSnapshotRow.company_id))
    return answer_page(request, filters, METRICS, part)


@router.get(
    "/{company_id}/claims",
    response_model=ClaimPage,
    responses=part_responses(ClaimPage, get_source={"source_id": "/data/0/source/id"}),
)
def list_company_claims(
    request: Request, company_id: CompanyId, filters: Annotated[ClaimList, Query()]
) -> Response:
    """List every claim on one company and its rounds, those that weren't chosen included."""
    part = Part(COMPANIES, company_id, AnyOf(ClaimSnapshotRow.company_id))
    return answer_page(request, filters, CLAIMS, part)
