"""How the rows of a page are found: in their order, by what few of them have, or as an engine plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, func, literal_column, select
from sqlmodel import col

from app.columnar import COPIED
from app.query.clauses import Leading, Search, Words
from app.query.conditions import Clauses, conditions, in_turn, shape_and_values
from app.query.engines import Bounded
from app.query.page import Keyset
from app.query.trigrams import found_in_sample
from app.routes.answer import Noun
from app.routes.reading import Reading

# Rows that are found by an index, and then sorted: SQLite takes two to five microseconds for each.
_FEW_AT_ONCE = 1_000
# Where more are in a range of an index, rows that are met in the order of another are soon a page.
_FEW_IN_RANGE = 2_000
_MOST, _PATTERN = bindparam("most", type_=Integer), bindparam("pattern", type_=Text)
_ANY: ColumnElement[Any] = literal_column("1").label("one")
_FOUND, _SAMPLED = "found_at_most", "found_in_sample"
# Of PostgreSQL's rows: a word that fewer have is looked for sooner than met 50 times in order.
_FEW_PERCENT = 1


class Way(NamedTuple):
    """How rows are found, whichever is quickest: in order, each of them tried, or in one of these ways."""

    planned: bool = False
    """As an engine plans, which is the columnar copy's where it has them."""
    leader: int | None = None
    """Those that meet the clause in this place are tried, which are few."""


IN_ORDER, PLANNED = Way(), Way(planned=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """The page that is asked for."""

    noun: Noun
    filters: Any
    clauses: Clauses
    """What its rows meet: what the filters ask for, and that they are of one item where they shall be."""
    order: Keyset
    after: Sequence[Any] | None

    def conditions(self, way: Way) -> list[ColumnElement[bool]]:
        """Return what rows meet, as it is asked where they are found in a way."""
        current, *wanted = conditions(self.noun.table, self.filters, self.clauses)
        if way.planned:
            return [current, *wanted]
        if way.leader is None:
            # An index of a sort has the current rows alone.
            first = self.order.keys[0].column
            return [current, *(in_turn(one, first) for one in wanted)]
        tried = [one if place == way.leader else in_turn(one) for place, one in enumerate(wanted)]
        if isinstance(wanted[way.leader], Bounded):
            tried[way.leader] = col(self.noun.table.snapshot_id).in_(self.in_range(way.leader))
        return [in_turn(current), *tried]

    def in_range(self, leader: int) -> Select[Any]:
        """Select the rows that meet a clause which is a range of an index of a sort."""
        current, one = self._alone(leader)
        found = select(col(self.noun.table.snapshot_id)).where(current, in_turn(one, one.number))
        return found.correlate(None)

    def searches(self, leader: int) -> Iterable[Search]:
        """Find by indexes of SQLite the rows that a clause may lead to."""
        clause, named = self.clauses[leader]
        if isinstance(clause, Leading):
            return clause.searches([*named.values()])
        _, one = self._alone(leader)
        if not isinstance(one, Bounded) or not self._is_sorted_by(one.number):
            return ()
        shape, values = shape_and_values(self.filters, [self.clauses[leader]])
        return [Search((self.noun.table, shape), partial(self._entries, leader), values)]

    def _entries(self, leader: int) -> Select[Any]:
        """Select all entries that a range has in its index, since all are passed that don't meet the rest."""
        current, one = self._alone(leader)
        of_day = [] if self.filters.known_on else [current]
        return select(col(self.noun.table.snapshot_id)).where(*of_day, one.of_number())

    def _alone(self, leader: int) -> Sequence[Any]:
        return conditions(self.noun.table, self.filters, [self.clauses[leader]])

    def _is_sorted_by(self, column: Any) -> bool:
        """Tell whether a column begins an index, which each sort of a long list has."""
        sorts = self.noun.sort_by.fields.values() if self.noun.table in COPIED else ()
        return any(first is column for first, *_ in sorts)


def way_of(present: Reading, asked: Asked, *, at_once: bool) -> Way:
    """Choose the way in which rows are found: at once, or in a thread where that took too long.

    The first clause that few rows meet leads: to look for one that fewer meet would take as long again.
    """
    leads = _leads_in_file if present.connection.dialect.name == "sqlite" else _leads_in_server
    for leader in range(len(asked.clauses)):
        if leads(present, asked, leader, at_once=at_once):
            return Way(leader=leader)
    # In a thread it couldn't be read at once, so that few of the rows in order match.
    return IN_ORDER if at_once else PLANNED


def _leads_in_file(present: Reading, asked: Asked, leader: int, *, at_once: bool) -> bool:
    """Tell whether so few rows meet a clause that these are looked for before all else.

    Of a range the rows in order tell as soon whether there are many.
    """
    clause, _ = asked.clauses[leader]
    if isinstance(clause, Leading):
        most = min(clause.few, _FEW_AT_ONCE) if at_once else clause.few
    elif at_once:
        return False
    else:
        most = _FEW_IN_RANGE
    return any(_is_in_few(present, search, most) for search in asked.searches(leader))


def _leads_in_server(present: Reading, asked: Asked, leader: int, *, at_once: bool) -> bool:
    """Tell so of words, and in a thread: what it can answer at once PostgreSQL plans itself."""
    clause, named = asked.clauses[leader]
    if at_once or not isinstance(clause, Words):
        return False
    return any(_is_rare(present, asked, one) for one in clause.patterns([*named.values()]))


def _is_in_few(present: Reading, search: Search, most: int) -> bool:
    def write() -> Select[Any]:
        # Of the rows nothing is selected, so that they are counted by the index alone.
        rows = search.write().with_only_columns(_ANY, maintain_column_froms=True)
        return select(func.count()).select_from(rows.limit(_MOST).subquery())

    given = {**search.values, _MOST.key: most}
    [(found,)] = present.rows((_FOUND, search.shape), write, given)
    return bool(found < most)


def _is_rare(present: Reading, asked: Asked, pattern: str) -> bool:
    table = asked.noun.table
    write = partial(found_in_sample, table, _PATTERN)
    [(sampled, found)] = present.rows((_SAMPLED, table), write, {_PATTERN.key: pattern})
    return bool(found * 100 <= sampled * _FEW_PERCENT)
