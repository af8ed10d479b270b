"""The order of rooms: a file imports only from rows above its own, and the two sides never meet."""

import ast
from pathlib import Path

import pytest

from app.dataset.present import RENDERING_MODULES

APP = Path(__file__).parent.parent / "app"

# Each row may import from the rows above it, and from its own as the second table allows.
ROWS: tuple[tuple[str, ...], ...] = (
    ("settings", "release", "vocabulary", "codes", "guide", "logs", "machine", "metrics", "shapes"),
    ("dates", "figures", "likeness", "models", "number_sets", "search_terms"),
    ("tables", "problems", "postgres", "signature", "sqlite", "duckdb_sql"),
    ("database",),
    ("columnar", "schema", "roles"),
    ("unusable",),
    ("resources", "query"),
    ("dataset", "delivery"),
    ("routes",),
    ("mcp",),
    ("openapi", "main"),
    ("serving",),
    ("console",),
    ("cli",),
)
ROOMS_OF_SEVERAL = {"resources", "query", "dataset", "delivery", "routes", "mcp", "serving"}
# Where a rendering is written, and which release writes it.
_OF_NO_ANSWER = {"database", "machine", "release", "schema"}
MODULES = sorted(APP.rglob("*.py"))


def _room(module: str) -> str:
    return module.removeprefix("app.").split(".")[0]


def _row(room: str) -> int:
    return next(number for number, row in enumerate(ROWS) if room in row)


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= names if node.module == "app" else {node.module}
    return {name for name in found if name.startswith("app.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_a_file_imports_only_from_above(path: Path) -> None:
    """What a file needs lies in a row above its own, or in its own room."""
    room = _room(".".join(("app", *path.relative_to(APP).with_suffix("").parts)))
    if room == "__init__":
        return
    for imported in _imports(path):
        other = _room(imported)
        inside = other == room and room in ROOMS_OF_SEVERAL
        assert inside or _row(other) < _row(room) or (room, other) == ("main", "openapi"), (
            f"{path.relative_to(APP)} imports {imported}"
        )


def test_what_a_rendering_depends_on_is_in_its_hash() -> None:
    """A release that changes it renders a dataset anew; what else a load imports changes no answer."""
    imported = set[str]().union(
        *(
            _imports(path)
            for room in ("dataset", "resources")
            for path in (APP / room).rglob("*.py")
        )
    )
    alone = {_room(name) for name in imported} - ROOMS_OF_SEVERAL
    assert alone - _OF_NO_ANSWER == {name.removesuffix(".py") for name in RENDERING_MODULES}
