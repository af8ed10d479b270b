"""Completion: what an unfinished answer may mean."""

import pytest

from app.dataset.new_fact.options import Option, matches, named

OPTIONS = (
    Option("moonshot-ai", ("Moonshot AI", "Kimi", "月之暗面"), "CN"),
    Option("mistral-ai", ("Mistral AI",), "FR"),
    Option("ai-moon", ("AI Moon",), "US"),
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ["moonshot-ai", "mistral-ai", "ai-moon"]),
        ("moon", ["moonshot-ai", "ai-moon"]),
        ("KIM", ["moonshot-ai"]),
        ("月", ["moonshot-ai"]),
        ("mstrl", ["mistral-ai"]),
        ("ai", ["ai-moon", "moonshot-ai", "mistral-ai"]),
        ("fr", ["mistral-ai"]),
        ("xyz", []),
    ],
)
def test_a_beginning_comes_before_a_part_and_this_before_letters(
    typed: str, expected: list[str]
) -> None:
    """Ids, names in any script and notes are searched, whatever their case."""
    assert [option.word for option in matches(typed, OPTIONS)] == expected


def test_an_id_comes_before_a_name() -> None:
    """Who writes an id means it, even where another row has it as a name."""
    options = (Option("a", ("b",)), Option("b", ("a",)))
    assert named("a", options) == ["a"]
    assert named("A", options) == ["a", "b"]
