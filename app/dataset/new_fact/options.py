"""What a new row's questions offer: the dataset's sources, companies and rounds, and closed words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from app.dataset.read import Dataset
from app.dataset.records import FILES
from app.vocabulary import Stage

_MOST_MATCHES = 50


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the word of the cell, the names that mean it too, and a note that helps to choose."""

    word: str
    names: tuple[str, ...] = ()
    note: str = ""


def matches(typed: str, options: Iterable[Option]) -> list[Option]:
    """Return the options that an unfinished answer may mean, the likeliest first.

    A beginning of the word or of a name comes before a part of it, and this before its letters in order.
    """
    wanted = typed.casefold()
    ranked = ((_rank(wanted, option), option) for option in options)
    found = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    return [option for _, option in found][:_MOST_MATCHES]


def _rank(wanted: str, option: Option) -> int | None:
    known = [text.casefold() for text in (option.word, *option.names)]
    if any(text.startswith(wanted) for text in known):
        return 0
    if any(wanted in text for text in (*known, option.note.casefold())):
        return 1
    return 2 if any(_in_order(wanted, text) for text in known) else None


def _in_order(wanted: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in wanted)


def named(answer: str, options: Iterable[Option]) -> list[str]:
    """Return the words that a whole answer may mean: the word itself, else those of that name."""
    listed = list(options)
    if any(option.word == answer for option in listed):
        return [answer]
    name = answer.casefold()
    return [
        option.word
        for option in listed
        if name in (known.casefold() for known in (option.word, *option.names))
    ]


def source_options(dataset: Dataset) -> tuple[Option, ...]:
    """Return the sources, which go by title and address too."""
    return tuple(
        Option(one.id, _said(one.title, one.url), ", ".join(_said(one.publisher, one.published_on)))
        for one in dataset.sources
    )


def company_options(dataset: Dataset) -> tuple[Option, ...]:
    """Return the companies, which go by their names too."""
    return tuple(
        Option(one.id, (one.name, *one.aliases), one.country or "") for one in dataset.companies
    )


def round_options(dataset: Dataset, company_id: str) -> tuple[Option, ...]:
    """Return a company's rounds, which go by their stage too where it has a name."""
    return tuple(
        Option(
            one.id,
            () if one.stage is Stage.UNKNOWN else (one.stage,),
            ", ".join(_said(one.stage, one.status, one.date)),
        )
        for one in dataset.rounds
        if one.company_id == company_id
    )


def column_options(dataset: Dataset, file: str, column: str) -> tuple[Option, ...]:
    """Return the words of a column: of its closed list, else those that the dataset uses."""
    if words := _closed_list(file, column):
        return tuple(Option(word) for word in words)
    if column not in {"country", "currency", "categories", "publisher"}:
        return ()
    used = {word for record in dataset.records(file) for word in _words(getattr(record, column))}
    return tuple(map(Option, sorted(used)))


def _closed_list(file: str, column: str) -> list[str]:
    annotation = FILES[file].model_fields[column].annotation
    return [
        word
        for kind in (annotation, *get_args(annotation))
        if isinstance(kind, type) and issubclass(kind, StrEnum)
        for word in kind
    ]


def _words(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _said(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)
