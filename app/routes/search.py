"""Search: what goes by a name like the one typed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.likeness import likeness, words
from app.query.search import SearchFilter, candidates
from app.resources.search import SearchHit, SearchHitPage
from app.routes.answer import answer_items, place_named
from app.routes.query_route import QueryRoute
from app.routes.reading import Reading, reading
from app.routes.responses import list_responses
from app.vocabulary import SearchKind

router = APIRouter(prefix="/v1/search", tags=["search"], route_class=QueryRoute)

_KINDS = tuple(SearchKind)


@router.get("", response_model=SearchHitPage, responses=list_responses(SearchHitPage))
def search(request: Request, filters: Annotated[SearchFilter, Query()]) -> Response:
    """Find companies by name or alias in any script, investors and rounds, as one types.

    Whole names come first, then beginnings of names and of words, then names that a slip of the hand
    leads to: a wrong, a missing, an added or two swapped letters.
    """
    place_named(filters)
    with reading(request, filters, long=True) as present:
        if present.unchanged:
            return present.not_modified()
        hits = _hits(present, filters)
    return answer_items(request, present, filters, [((one.kind, one.id), one) for one in hits])


def _hits(present: Reading, filters: SearchFilter) -> list[SearchHit]:
    """Rank the names that share trigrams with what was typed, each thing once under its best name."""
    if not words(filters.q):
        return []
    ranked = []
    for kind in dict.fromkeys(filters.kind) or _KINDS:
        for item_id, name, text, weight in present.connection.execute(candidates(filters, kind)):
            like = likeness(filters.q, text)
            if like is not None:
                rank = (like, _KINDS.index(kind), text != name, -weight, name, item_id)
                ranked.append(
                    (rank, SearchHit(kind=kind, id=item_id, name=name, matched=text, why=like.why))
                )
    best: dict[tuple[SearchKind, str], SearchHit] = {}
    for _, hit in sorted(ranked, key=lambda one: one[0]):
        best.setdefault((hit.kind, hit.id), hit)
    return list(best.values())
