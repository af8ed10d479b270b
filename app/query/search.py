"""Search: what goes by a name like the one typed, the likeliest first."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, Field
from sqlalchemy import Connection, Select, bindparam, select
from sqlmodel import col

from app.dates import last_day
from app.likeness import LONGEST_TYPED, Likeness, Typed, words
from app.query.among import among, text_values
from app.query.cursor import begins_after
from app.query.names import MOST, Exactly, Like, Names
from app.query.page import Paging
from app.query.parameters import Cursor, KnownOn
from app.search_terms import stage_name
from app.tables import SearchRoundRow as RoundRow
from app.vocabulary import SearchKind, SearchMatch, Stage

# Of companies whose names are like what was typed, the likeliest have the rounds that are meant: all of those
# of the first of each way that a company may be meant, and the latest of the others.
_COMPANIES = 40
_FIRST_COMPANIES = 5
# Of many stages whose names begin so, such as Series A to Z, the later ones have few rounds.
_MOST_STAGES = 8
_KINDS = tuple(SearchKind)
_STAGES = {name: words(name) for name in map(stage_name, Stage)}
_WORDS_OF_STAGES = {word for told in _STAGES.values() for word in told}
_ROUNDS: Any = select(
    col(RoundRow.id),
    col(RoundRow.stage),
    col(RoundRow.name),
    col(RoundRow.text),
    col(RoundRow.weight),
).order_by(col(RoundRow.weight).desc(), col(RoundRow.id))
_MOST_OF_FIRST, _MOST_OF_OTHERS = 1_000, 300
# Ranks behind every likeness.
_UNLIKE = Likeness(len(SearchMatch))
_OF_STAGE = _ROUNDS.where(col(RoundRow.stage) == bindparam("stage")).limit(MOST)
_OF_COMPANIES = _ROUNDS.where(among(col(RoundRow.company_id), text_values("some")))

_Rank = tuple[Any, ...]


class Hit(NamedTuple):
    """Something that goes by a name like what was typed: its id, how it is shown, and that name."""

    kind: SearchKind
    id: str
    name: str
    matched: str
    why: SearchMatch


class SearchFilter(Paging):
    """Parameters of a search."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_TYPED,
            description="What was typed: a name, its beginning, or either with a slip; in any script.",
            examples=["moonshoot"],
        ),
    ]
    cursor: Cursor = begins_after("", "company", "moonshot-ai")
    kind: list[SearchKind] = Field(
        default_factory=list, description="What to look for.", examples=[["company"]]
    )
    count: Annotated[
        bool,
        Field(
            description="Count all hits, as `page.total`. They are not all that is like what was typed: "
            "of names the best known hundred of each way to be like it, and the rounds of these and of "
            "the stages that are meant.",
            examples=[True],
        ),
    ] = False
    known_on: KnownOn = None


def hits(connection: Connection, filters: SearchFilter) -> list[Hit]:
    """Rank what goes by a name like what was typed, each thing once under its best name."""
    typed, day = Typed(filters.q), filters.known_on
    if not typed.words:
        return []
    kinds = dict.fromkeys(filters.kind) or _KINDS
    likes = [Like(kind, typed) for kind in kinds if kind is not SearchKind.ROUND]
    companies = _companies_asked(typed) if SearchKind.ROUND in kinds else []
    found = Names(connection, day).find(dict.fromkeys((*likes, *companies)))
    near = {one: _compared(one.typed, rows) for one, rows in found.items() if isinstance(one, Like)}
    ranked: list[tuple[_Rank, Hit]] = []
    for one in likes:
        # Of like names a thing's own comes before an alias.
        ranked += (_ranked(one.kind, like, row, row.text != row.name) for like, row in near[one])
    if companies:
        meant = [
            _likeliest(near[one]) if isinstance(one, Like) else _longest(found[one])
            for one in companies
        ]
        ranked += _ranked_rounds(connection, typed, day, meant)
    best: dict[tuple[SearchKind, str], Hit] = {}
    for _, hit in sorted(ranked, key=itemgetter(0)):
        best.setdefault((hit.kind, hit.id), hit)
    return list(best.values())


def _compared(typed: Typed, rows: Iterable[Any]) -> list[tuple[Likeness, Any]]:
    """Return those of some names that are like what was typed."""
    compared = ((typed.like(row.words.split()), row) for row in rows)
    return [(like, row) for like, row in compared if like is not None]


def _ranked_rounds(
    connection: Connection, typed: Typed, day: str | None, meant: Collection[Sequence[str]]
) -> Iterator[tuple[_Rank, Hit]]:
    """Rank rounds; of like ones those of the stage that is meant come first."""
    stages = _stages(typed)
    likes: dict[str, Likeness | None] = {}
    for row in _rounds(connection, day, meant, stages):
        # Rounds of a company at one stage go by one name.
        if row.text not in likes:
            likes[row.text] = typed.like(words(row.text)) or stages.get(row.stage)
        if like := likes[row.text]:
            yield _ranked(SearchKind.ROUND, like, row, stages.get(row.stage, _UNLIKE))


def _ranked(kind: SearchKind, like: Likeness, row: Any, beside: Any) -> tuple[_Rank, Hit]:
    """Rank a row by its likeness, then by its kind and what a kind has beside it, then by its weight."""
    name, text = row.name, row.text
    nearness = (like.rank, like.distance, like.part, _KINDS.index(kind))
    rank = (*nearness, beside, -row.weight, name, row.id, text)
    return rank, Hit(kind, row.id, name, text, like.why)


def _stages(typed: Typed) -> dict[str, Likeness]:
    """Return the stages that are meant, the likeliest first: by a slip where none is without it.

    A slip is in the whole name of a stage: its beginning is near to too much else.
    """
    compared = ((typed.like(told), name) for name, told in _STAGES.items())
    likes = sorted((like, name) for like, name in compared if like is not None)
    meant = [one for one in likes if one[0].why is not SearchMatch.FUZZY]
    meant = meant or [one for one in likes if one[0] == likes[0][0] and not one[0].part]
    return {name: like for like, name in meant[:_MOST_STAGES]}


def _companies_asked(typed: Typed) -> list[Like | Exactly]:
    """Ask for the companies whose rounds may be meant."""
    asked: list[Like | Exactly] = [Like(SearchKind.COMPANY, typed)]
    # What is typed may go on with the stage, in one piece or in words before or after the company.
    begun = tuple(typed.letters[:end] for end in range(1, len(typed.letters)))
    asked.append(Exactly(SearchKind.COMPANY, begun))
    company = _without_stage(typed)
    return [*asked, Like(SearchKind.COMPANY, company)] if company else asked


def _rounds(
    connection: Connection,
    day: str | None,
    meant: Collection[Sequence[str]],
    stages: Iterable[str],
) -> list[Any]:
    """Return the rounds of companies that may be meant, and the latest of each of some stages."""
    first = dict.fromkeys(one for some in meant for one in some[:_FIRST_COMPANIES])
    others = dict.fromkeys(one for some in meant for one in some if one not in first)
    found: list[Any] = []
    asked = _known(_OF_COMPANIES, day)
    for some, most in ((first, _MOST_OF_FIRST), (others, _MOST_OF_OTHERS)):
        if some:
            found += connection.execute(asked.limit(most), {"some": list(some)}).all()
    latest = _known(_OF_STAGE, day)
    for stage in stages:
        found += connection.execute(latest, {"stage": stage}).all()
    return found


def _likeliest(near: Iterable[tuple[Likeness, Any]]) -> list[str]:
    """Return the companies of those names that are likest what was typed."""
    likes = sorted((like, row.name_id, row.id) for like, row in near)
    return [company for _, _, company in likes[:_COMPANIES]]


def _longest(rows: Iterable[Any]) -> list[str]:
    """Return the companies of some names, those of the longest first."""
    return [row.id for row in sorted(rows, key=lambda row: -len(row.words))]


def _without_stage(typed: Typed) -> Typed | None:
    """Return what is left of a company and a stage without words that a stage may begin with, if any."""
    left = list(typed.words)
    for end in (-1, 0):
        while left and _begins_stage(left[end]):
            left.pop(end)
    return Typed(" ".join(left)) if 0 < len(left) < len(typed.words) else None


def _begins_stage(word: str) -> bool:
    return any(told.startswith(word) for told in _WORDS_OF_STAGES)


def _known(statement: Select[Any], day: str | None) -> Select[Any]:
    return statement if day is None else statement.where(col(RoundRow.known_from) <= last_day(day))
