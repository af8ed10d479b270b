"""Search: what goes by a name like the one typed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.query.search import Hit, SearchFilter, hits
from app.resources.search import SearchHit, SearchHitPage
from app.routes.answer import answer_items, place_named
from app.routes.query_route import QueryRoute
from app.routes.reading import reading
from app.routes.responses import list_responses

router = APIRouter(prefix="/v1/search", tags=["search"], route_class=QueryRoute)


@router.get("", response_model=SearchHitPage, responses=list_responses(SearchHitPage))
def search(request: Request, filters: Annotated[SearchFilter, Query()]) -> Response:
    """Find companies by name or alias in any script, investors and rounds, as one types.

    Whole names come first, then beginnings of names and of words, then names that a slip of the hand
    leads to: a wrong, a missing, an added or two swapped letters.
    """
    place_named(filters)
    with reading(request, filters, in_thread=True) as present:
        # A cursor that names nothing has no validator.
        if present.unchanged and filters.cursor is None:
            return present.not_modified()
        found = [((one.kind, one.id), one) for one in hits(present.connection, filters)]
    return answer_items(request, present, filters, found, _told)


def _told(hit: Hit) -> SearchHit:
    return SearchHit.model_construct(**hit._asdict())
