"""What to filter by: values taken from the API's own answers, whatever filters there are."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, get_args

from app.query.rounds import RoundFilter
from app.query.statistics import ROUNDS
from bench.questions import Values, rounds

Read = Callable[[str], Any]
"""Asks an address of the API, and reads its JSON."""

_SAMPLED = ("-announced_on", "amount_usd", "-valuation_usd", "name", "id", "-stage", "-country")
_MOST = 3
_FIRST_OR_LAST = ("min_", "max_", "lead_"), ("_from", "_to")
_ENDINGS = ("", "_id", "_on")


def sampled_rounds(read: Read) -> list[dict[str, Any]]:
    """Read rounds from several ends of the list."""
    return [
        one for order in _SAMPLED for one in read(rounds({"sort": order, "limit": "200"}))["data"]
    ]


def groups_of(read: Read) -> dict[str, list[str]]:
    """Read the groups of each dimension of statistics that is a filter too, the largest first."""
    groups = {}
    for name in ROUNDS.dimensions:
        if name in RoundFilter.model_fields:
            answer = read(f"/v1/rounds/stats?group_by={name}&sort=-count&limit=200")
            keys = [group["key"][name] for group in answer["data"]]
            groups[name] = [key for key in keys if key is not None]
    return groups


def values_of(sample: Sequence[Mapping[str, Any]], groups: Values) -> dict[str, list[str]]:
    """Choose values of each filter of rounds; `groups` are those of statistics, by dimension.

    A filter's values are the groups of the dimension of that name and the words of its type, else what
    stands under its name in the rounds, else what the API gives as an example.
    """
    seen = _seen(sample)
    chosen: dict[str, list[str]] = {}
    for name, field in RoundFilter.model_fields.items():
        words = [*groups.get(name, ()), *_words(field.annotation)]
        listed = list(dict.fromkeys(words)) or _found(name, seen) or list(_flat(field.examples))
        if listed:
            chosen[name] = _some(listed)
    chosen["q"] = _some(_by_frequency(_first_words(sample)))
    return chosen


def names_of(sample: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return names of companies and investors, to be searched for."""
    companies = {one["company"]["name"] for one in sample}
    return sorted(companies | {two["name"] for one in sample for two in one["investors"]})


def _seen(sample: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Gather the values of rounds by the way to them: `amount_usd`, `investor_id`."""
    seen: dict[str, list[Any]] = {}
    for one in sample:
        for way, value in _leaves(one, ()):
            seen.setdefault("_".join(way), []).append(value)
    return seen


def _leaves(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*way, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, (*way[:-1], way[-1].removesuffix("s")))
    elif value is not None:
        yield way, value


def _found(name: str, seen: Mapping[str, list[Any]]) -> list[str]:
    """Find what a filter is about: `min_amount_usd` is about `amount_usd`."""
    before, after = _FIRST_OR_LAST
    about = name
    for word in before:
        about = about.removeprefix(word)
    for word in after:
        about = about.removesuffix(word)
    ways = [f"{about}{ending}" for ending in _ENDINGS if f"{about}{ending}" in seen]
    ways += [way for way in seen if way.endswith(f"_{about}")]
    if not ways:
        return []
    values = seen[ways[0]]
    # A bound takes in more the further it lies to one side; of a word, the commonest takes in most.
    return list(map(_plain, sorted(set(values)))) if about != name else _by_frequency(values)


def _words(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(word) for word in annotation)
    for inner in get_args(annotation):
        yield from _words(inner)


def _first_words(sample: Sequence[Mapping[str, Any]]) -> list[str]:
    return [one["company"]["name"].split()[0] for one in sample]


def _by_frequency(values: Sequence[Any]) -> list[str]:
    return [_plain(value) for value, _ in Counter(values).most_common()]


def _some(listed: Sequence[str]) -> list[str]:
    """Choose the first, the middle and the last."""
    places = (0, len(listed) // 2, len(listed) - 1)
    return list(dict.fromkeys(listed[place] for place in places))[:_MOST]


def _plain(value: Any) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _flat(examples: Any) -> Iterator[str]:
    for one in examples or []:
        yield from map(_plain, one if isinstance(one, list) else [one])
