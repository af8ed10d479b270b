"""Serve one of the benchmarks' applications as `airounds serve` serves its own.

    python -m bench.serve raw|framework|textbook DATA

It is that very command with another application in it: the same server, loop, parser of HTTP and
logging, whatever they are in this release, so that what differs is the application alone.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from app import cli


def main(name: str, data: str) -> None:
    """Serve the application of `bench.NAME`, made from its data."""
    create = import_module(f"bench.{name}").create_app
    # The command imports its application when it runs, and finds this one there instead.
    stand_in = ModuleType("app.main")
    vars(stand_in)["create_app"] = lambda: create(Path(data))
    sys.modules["app.main"] = stand_in
    vars(cli)["prepare"] = lambda _: None
    sys.argv[1:] = ["serve"]
    cli.main()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
