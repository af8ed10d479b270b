"""Write the pages of docs/ that the code knows better than a person: `make docs` runs this file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.settings import Settings

SETTINGS = Path(__file__).parent / "settings.md"
_SETTINGS_HEAD = """\
<!-- `make docs` writes this page from app/settings.py. -->

# Settings

Each is read from the environment, or from `.env` in the working directory; the environment comes first.

| variable | default | meaning | example |
|---|---|---|---|
"""


def settings_page() -> str:
    """Return the page of all settings, in the order of their class."""
    prefix = Settings.model_config["env_prefix"]
    fields = Settings.model_json_schema()["properties"]
    rows = (_row(f"{prefix}{name}".upper(), field) for name, field in fields.items())
    return _SETTINGS_HEAD + "".join(rows)


def _row(variable: str, field: Mapping[str, Any]) -> str:
    meaning = " ".join([field["description"], *_limits(field)])
    examples = ", ".join(f"`{_written(one)}`" for one in field.get("examples", []))
    # Where the default depends on the place of installation, the description tells it.
    default = f"`{_written(field['default'])}`" if field.get("default") is not None else ""
    cells = (cell.replace("|", r"\|") for cell in (f"`{variable}`", default, meaning, examples))
    return f"| {' | '.join(cells)} |\n"


def _limits(field: Mapping[str, Any]) -> list[str]:
    """Return in words what values a setting, or one kind of its values, may have."""
    limits = [limit for kind in field.get("anyOf", []) for limit in _limits(kind)]
    if words := field.get("enum"):
        limits.append(f"One of {', '.join(f'`{word}`' for word in words)}.")
    least, most = field.get("minimum"), field.get("maximum")
    above, below = field.get("exclusiveMinimum"), field.get("exclusiveMaximum")
    bounds = {"at least": least, "more than": above, "at most": most, "less than": below}
    if any(bound is not None for bound in bounds.values()):
        told = [f"{words} {bound}" for words, bound in bounds.items() if bound is not None]
        limits.append(f"{' and '.join(told).capitalize()}.")
    return limits


def _written(value: object) -> str:
    """Write a value as its variable has it."""
    if isinstance(value, list):
        return ",".join(map(_written, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    SETTINGS.write_text(settings_page(), encoding="utf-8")
