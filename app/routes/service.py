"""The dataset behind the answers, and whether the service lives and is ready."""

from fastapi import APIRouter, Request, Response

from app.resources.dataset import Dataset
from app.routes.answer import answer_dataset
from app.routes.query_route import QueryRoute
from app.routes.reading import reading
from app.routes.responses import answer_responses

router = APIRouter(route_class=QueryRoute)


@router.get(
    "/v1/dataset", response_model=Dataset, responses=answer_responses(Dataset), tags=["dataset"]
)
def get_dataset(request: Request) -> Response:
    """Get the dataset's version, size, coverage, licence and attribution."""
    return answer_dataset(request)


@router.get("/healthz", include_in_schema=False)
def get_health(request: Request) -> Response:  # noqa: ARG001  # every route takes it
    """Tell that the process lives."""
    return Response('{"status":"ok"}', media_type="application/json")


@router.get("/readyz", include_in_schema=False)
def get_readiness(request: Request) -> Response:
    """Tell that a dataset can be read, and which."""
    with reading(request) as present:
        body = f'{{"status":"ok","dataset":"{present.dataset}"}}'
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")
