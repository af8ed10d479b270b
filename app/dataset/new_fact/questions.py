"""Questions, and whoever answers them: an answer that can't stand is told why, and asked again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from app.dataset.new_fact.options import Option

_YES_OR_NO = {"y": True, "yes": True, "n": False, "no": False}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `refusal` tells why an answer can't stand, None where it can."""

    text: str
    refusal: Callable[[str], str | None]
    default: str = ""
    options: tuple[Option, ...] = ()
    is_list: bool = False


class Terminal(Protocol):
    """Whoever answers."""

    def ask(self, question: Question) -> str:
        """Return an answer, right or wrong."""

    def say(self, text: str) -> None:
        """Tell something."""

    def refuse(self, reason: str) -> None:
        """Tell why the last answer can't stand."""


def ask(terminal: Terminal, question: Question) -> str:
    """Ask until an answer can stand, and return it."""
    answer = terminal.ask(question)
    while reason := question.refusal(answer):
        terminal.refuse(reason)
        answer = terminal.ask(replace(question, default=answer))
    return answer


def agreed(terminal: Terminal, text: str) -> bool:
    """Ask for yes or no."""
    question = Question(f"{text} (y/n)", _neither)
    return _YES_OR_NO[ask(terminal, question).lower()]


def _neither(answer: str) -> str | None:
    return None if answer.lower() in _YES_OR_NO else "write y or n"
