"""The page of settings says what the class of settings says."""

from app.settings import Settings
from docs.generate import SETTINGS, settings_page


def test_the_page_of_settings_is_up_to_date() -> None:
    """A setting is described in one place; where this fails, run `make docs`."""
    assert SETTINGS.read_text(encoding="utf-8") == settings_page()


def test_every_setting_is_described() -> None:
    """Each has a variable on the page, and a meaning."""
    rows = [row.split(" | ") for row in settings_page().splitlines() if "`AIROUNDS_" in row]
    assert [row[0] for row in rows] == [
        f"| `AIROUNDS_{name.upper()}`" for name in Settings.model_fields
    ]
    assert all(row[2].strip() for row in rows)
