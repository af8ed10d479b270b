"""Metrics: the points of companies' series."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.metrics import SORT_BY, MetricExport, MetricList
from app.resources.metrics import Metric, MetricPage
from app.routes.answer import Noun
from app.routes.exports import answer_export
from app.routes.pages import answer_page
from app.routes.parameters import FileFormat
from app.routes.query_route import QueryRoute
from app.routes.responses import export_responses, list_responses
from app.tables import MetricSnapshotRow

router = APIRouter(prefix="/v1/metrics", tags=["metrics"], route_class=QueryRoute)

METRICS = Noun(MetricSnapshotRow, SORT_BY, Metric)


@router.get(
    "",
    response_model=MetricPage,
    responses=list_responses(MetricPage, get_company={"company_id": "/data/0/company/id"}),
)
def list_metrics(request: Request, filters: Annotated[MetricList, Query()]) -> Response:
    """List observed and derived metrics of all companies, with inputs, gap in days and source."""
    return answer_page(request, filters, METRICS)


@router.get(".{file_format}", response_class=Response, responses=export_responses(Metric))
def export_metrics(
    request: Request, file_format: FileFormat, filters: Annotated[MetricExport, Query()]
) -> Response:
    """Download all metrics that match as one table, in order of id unless `sort` says otherwise."""
    return answer_export(request, filters, METRICS, file_format)
