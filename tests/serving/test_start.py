"""What a process that serves does before its first answer is little."""

import gc
import json
import subprocess
import sys
from pathlib import Path

from app.serving.process import without_collecting

_NEEDED_LATER = {
    "alembic",
    "duckdb",
    "limits",
    "mcp",
    "openpyxl",
    "opentelemetry.sdk",
    "polars",
    "prometheus_client",
    "pyarrow",
}
_START = """
import gc, json, sys
from app.serving.process import create_app
create_app()
from app.models import Model
def below(model): return {model} | {one for sub in model.__subclasses__() for one in below(sub)}
built = [one.__name__ for one in below(Model) - {Model} if one.__pydantic_complete__]
json.dump({"modules": list(sys.modules), "built": built, "collects": gc.isenabled()}, sys.stdout)
"""


def test_a_process_imports_and_builds_what_it_serves_by(tmp_path: Path) -> None:
    """Nothing for exports, statistics, limits, traces or tools, and no model of parameters or answers."""
    ran = subprocess.run(
        [sys.executable, "-c", _START],
        env={"AIROUNDS_DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ran.stdout)
    assert "fastapi" in told["modules"]
    assert not _NEEDED_LATER & set(told["modules"])
    assert told["built"] == []
    assert told["collects"]


def test_garbage_is_collected_again_after_a_start() -> None:
    """Also after one that fails."""
    try:
        with without_collecting():
            assert not gc.isenabled()
            raise ImportError
    except ImportError:
        pass
    assert gc.isenabled()
