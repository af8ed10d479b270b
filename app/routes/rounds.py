"""Funding rounds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.details import DetailFilter
from app.query.rounds import SORT_BY, RoundExport, RoundList
from app.query.statistics import ROUNDS as GROUPING
from app.query.statistics import RoundStatsExport, RoundStatsList
from app.resources.rounds import FundingRound, FundingRoundPage
from app.resources.statistics import RoundStats, RoundStatsPage
from app.routes.answer import Noun, answer_one
from app.routes.exports import answer_export, answer_statistics_export
from app.routes.pages import answer_page
from app.routes.parameters import (
    FileFormat,
    RoundId,
)
from app.routes.query_route import QueryRoute
from app.routes.responses import detail_responses, export_responses, list_responses
from app.routes.statistics import answer_statistics, counted, counted_rounds
from app.tables import RoundSnapshotRow

router = APIRouter(prefix="/v1/rounds", tags=["rounds"], route_class=QueryRoute)

ROUNDS = Noun(RoundSnapshotRow, SORT_BY, FundingRound)


@router.get(
    "",
    response_model=FundingRoundPage,
    responses=list_responses(
        FundingRoundPage,
        get_round={"round_id": "/data/0/id"},
        get_company={"company_id": "/data/0/company/id"},
    ),
)
def list_rounds(request: Request, filters: Annotated[RoundList, Query()]) -> Response:
    """List funding rounds of all companies, the latest first."""
    return answer_page(request, filters, ROUNDS)


@router.get(".{file_format}", response_class=Response, responses=export_responses(FundingRound))
def export_rounds(
    request: Request, file_format: FileFormat, filters: Annotated[RoundExport, Query()]
) -> Response:
    """Download all rounds that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, ROUNDS, file_format)


@router.get("/stats", response_model=RoundStatsPage, responses=list_responses(RoundStatsPage))
def get_round_stats(request: Request, filters: Annotated[RoundStatsList, Query()]) -> Response:
    """Sum up rounds by one or two dimensions: how many, how much, and how it spreads.

    Primary equity of announced and closed rounds counts unless `status` or `instrument` say
    otherwise; `counted` says what did.
    """
    counting = counted_rounds(filters)
    return answer_statistics(request, counting, GROUPING, RoundStats, beside=counted(counting))


@router.get("/stats.{file_format}", response_class=Response, responses=export_responses(RoundStats))
def export_round_stats(
    request: Request, file_format: FileFormat, filters: Annotated[RoundStatsExport, Query()]
) -> Response:
    """Download statistics of rounds as one table: the dimensions asked for, and a column a number."""
    counting = counted_rounds(filters)
    return answer_statistics_export(request, counting, GROUPING, RoundStats, file_format)


@router.get(
    "/{round_id}",
    response_model=FundingRound,
    responses=detail_responses(
        FundingRound,
        get_company={"company_id": "/company/id"},
        get_source={"source_id": "/source/id"},
    ),
)
def get_round(
    request: Request, round_id: RoundId, filters: Annotated[DetailFilter, Query()]
) -> Response:
    """Get one round: amount, valuation, dilution, step-up and investors."""
    return answer_one(request, filters, ROUNDS, round_id)
