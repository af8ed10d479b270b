"""The log of loads: what each added, changed and removed, compared with the dataset before it."""

import math
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from more_itertools import chunked
from pydantic_core import from_json
from sqlalchemy import Connection, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col

from app.database import NoDatabaseError, Reader
from app.resources.changes import Change
from app.tables import (
    ChangeRow,
    ClaimSnapshotRow,
    CompanySnapshotRow,
    InvestorSnapshotRow,
    LoadRow,
    MetricSnapshotRow,
    RoundSnapshotRow,
    SnapshotTable,
    SourceSnapshotRow,
)
from app.vocabulary import ChangeKind, Collection

LOG: tuple[type[SQLModel], ...] = (LoadRow, ChangeRow)
_COLLECTIONS: dict[Collection, type[SnapshotTable]] = {
    Collection.COMPANIES: CompanySnapshotRow,
    Collection.ROUNDS: RoundSnapshotRow,
    Collection.INVESTORS: InvestorSnapshotRow,
    Collection.METRICS: MetricSnapshotRow,
    Collection.CLAIMS: ClaimSnapshotRow,
    Collection.SOURCES: SourceSnapshotRow,
}
_BATCH = 2_000


@contextmanager
def before(url: str) -> Iterator[Connection | None]:
    """Read the dataset that a load is about to replace; None where there is none to compare with."""
    reader = Reader(url, math.inf)  # The load goes on meanwhile, for however long it takes.
    with ExitStack() as stack:
        stack.callback(reader.close)
        yield _connected(reader, stack)


def _connected(reader: Reader, stack: ExitStack) -> Connection | None:
    try:
        connection = stack.enter_context(reader.connect())
        # A database of an older schema has no log, and its columns may be others.
        logged = inspect(connection).has_table(str(LoadRow.__tablename__))
    except (NoDatabaseError, DBAPIError):
        return None  # A file that is no database is replaced by one.
    return connection if logged else None


def record(connection: Connection, old: Connection | None, version: str, loaded_at: str) -> None:
    """Log a load: the log goes on from the one before, and changes are those of the current answers."""
    if old is not None and connection.scalar(select(func.count()).select_from(LoadRow)) == 0:
        _carry_over(old, connection)
    latest = connection.scalar(select(func.max(col(LoadRow.number))))
    number = (latest or 0) + 1
    load = {"number": number, "version": version, "loaded_at": loaded_at}
    connection.execute(insert(LoadRow), load)
    if old is None or latest is None:
        return
    sequence = connection.scalar(select(func.max(col(ChangeRow.sequence)))) or 0
    found = enumerate(_changes(old, connection, version, loaded_at), start=sequence + 1)
    for batch in chunked(found, _BATCH):
        rows = [
            {
                "sequence": place,
                "load": number,
                "collection": change.collection,
                "id": change.id,
                "body": change.model_dump_json(),
            }
            for place, change in batch
        ]
        connection.execute(insert(ChangeRow), rows)


def _carry_over(old: Connection, new: Connection) -> None:
    for table in LOG:
        rows = old.execute(select(*inspect(table).columns), execution_options={"yield_per": _BATCH})
        for batch in rows.mappings().partitions():
            new.execute(insert(table), [dict(row) for row in batch])


def _changes(old: Connection, new: Connection, version: str, loaded_at: str) -> Iterator[Change]:
    for collection, table in _COLLECTIONS.items():
        for item_id, kind, fields in _differences(_current(old, table), _current(new, table)):
            yield Change(
                dataset=version,
                loaded_at=loaded_at,
                collection=collection,
                id=item_id,
                change=kind,
                fields=fields,
            )


def _current(connection: Connection, table: type[SnapshotTable]) -> Iterator[tuple[str, str]]:
    statement = (
        select(col(table.id), col(table.body))
        .where(col(table.known_to).is_(None))
        .order_by(col(table.id))
    )
    for row in connection.execute(statement, execution_options={"yield_per": _BATCH}):
        yield row.id, row.body


def _differences(
    old: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, ChangeKind, list[str]]]:
    """Walk along both lists, which are in order of id, and tell where they differ."""
    both = merge(
        ((item_id, False, body) for item_id, body in old),
        ((item_id, True, body) for item_id, body in new),
    )
    for item_id, found in groupby(both, key=itemgetter(0)):
        match [(is_new, body) for _, is_new, body in found]:
            case [(False, was), (True, now)]:
                if was != now:
                    yield item_id, ChangeKind.CHANGED, _fields(was, now)
            case [(is_new, _)]:
                yield item_id, ChangeKind.ADDED if is_new else ChangeKind.REMOVED, []


def _fields(old: str, new: str) -> list[str]:
    """Return the fields in which two resources differ, in the order of the newer one."""
    was: dict[str, Any] = from_json(old)
    now: dict[str, Any] = from_json(new)
    gone = object()
    names = dict.fromkeys((*now, *was))
    return [name for name in names if was.get(name, gone) != now.get(name, gone)]
