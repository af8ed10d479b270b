"""Metrics: the points of companies' series."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.metrics import SORT_BY, MetricFilter
from app.resources.metrics import MetricPage
from app.routes.answer import answer_page
from app.routes.parameters import LIST_RESPONSES
from app.routes.query_route import QueryRoute
from app.tables import MetricSnapshotRow

router = APIRouter(prefix="/v1/metrics", tags=["metrics"], route_class=QueryRoute)


@router.get("", response_model=MetricPage, responses=LIST_RESPONSES)
def list_metrics(request: Request, filters: Annotated[MetricFilter, Query()]) -> Response:
    """List observed and derived metrics of all companies, with inputs, gap in days and source."""
    return answer_page(request, filters, MetricSnapshotRow, SORT_BY)
