"""Measure an export of many rounds: the server's memory, when the first bytes come, and how many.

    make bench-export ROWS=1000000

The rounds are those of the seed, stored again and again under other ids in the schema that migrations
make, and served by `airounds serve` as a process of its own. It fails where the export isn't whole.
"""

import argparse
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from more_itertools import chunked
from sqlalchemy import create_engine, insert, select
from sqlmodel import col

from app.dataset.load import load
from app.settings import shipped
from app.tables import RoundSnapshotRow
from bench.servers import Server, airounds

_BATCH = 5_000
_READ_BYTES = 1 << 16


def main() -> None:
    """Measure, and print one line a format."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--url", help="an empty PostgreSQL database; by default a SQLite file")
    parser.add_argument("--formats", default="csv,ndjson,parquet")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'bench.db'}"
        rows = fill(url, asked.rows)
        for kind in asked.formats.split(","):
            with airounds(url) as server:
                print(measure(server, kind, rows), flush=True)


def fill(url: str, least: int) -> int:
    """Load the seed, and store its rounds again until there are enough; return how many there are."""
    load(shipped("seed_data"), url)
    engine = create_engine(url)
    with engine.begin() as connection:
        current = select(RoundSnapshotRow.__table__).where(  # type: ignore[attr-defined]  # SQLModel hides it
            col(RoundSnapshotRow.known_to).is_(None)
        )
        rounds = [dict(row) for row in connection.execute(current).mappings()]
        copies = max(-(-least // len(rounds)) - 1, 0)
        for batch in chunked(_again(rounds, copies), _BATCH):
            connection.execute(insert(RoundSnapshotRow), batch)
    engine.dispose()
    return len(rounds) * (copies + 1)


def _again(rounds: list[dict[str, Any]], copies: int) -> Iterator[dict[str, Any]]:
    numbers = count(10_000_000)
    for one in sorted(rounds, key=lambda row: str(row["id"])):
        for copy in range(copies):
            name = f"{one['id']}-{copy:07}"
            body = one["body"].replace(f'"id":"{one["id"]}"', f'"id":"{name}"', 1)
            yield {**one, "id": name, "body": body, "snapshot_id": next(numbers)}


def measure(server: Server, kind: str, rows: int) -> str:
    """Download an export as fast as it comes, and say what it took."""
    idle = server.peak_mb
    started = time.monotonic()
    size = lines = 0
    first = None
    with urllib.request.urlopen(f"{server.base}/v1/rounds.{kind}") as answer:
        while chunk := answer.read1(_READ_BYTES):
            first = first or time.monotonic() - started
            size += len(chunk)
            lines += chunk.count(b"\n")
    took = time.monotonic() - started
    expected = {"csv": rows + 1, "ndjson": rows}.get(kind, lines)
    if lines != expected:
        raise SystemExit(f"{kind}: {lines} lines came, and {expected} were to come")
    return (
        f"{kind}: {rows} rows, {size / 1e6:.0f} MB in {took:.1f} s, first bytes after {first:.2f} s, "
        f"resident at most {server.peak_mb:.0f} MB ({idle:.0f} MB before)"
    )


if __name__ == "__main__":
    main()
