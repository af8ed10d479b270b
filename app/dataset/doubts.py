"""What a person should look at in a dataset without errors: warnings, which keep nothing from loading."""

import math
from collections.abc import Iterator

from app.dataset.evidence import Evidence
from app.dataset.facts import gather
from app.dataset.findings import Finding, warning
from app.dataset.memory import Memory
from app.dataset.read import Dataset
from app.dataset.resolve import Choice, resolve
from app.dates import days_between
from app.vocabulary import ClaimMetric

_OLD_DAYS = 365
_POWER_TOLERANCE = 0.02


def doubts(dataset: Dataset) -> list[Finding]:
    """Return what looks wrong without being impossible."""
    lines = {claim.id: line for line, claim in dataset.rows["claims.csv"]}
    return [
        *_slips_of_a_digit(dataset, lines),
        *_silent_rounds(dataset),
        *_old_valuations(dataset, lines),
    ]


def _slips_of_a_digit(dataset: Dataset, lines: dict[str, int]) -> Iterator[Finding]:
    for company in gather(dataset).companies:
        for choice in resolve(company, Memory()).choices():
            for rival in choice.members:
                if rival.id in choice.rivals and _power_of_ten(choice, rival):
                    reason = (
                        f"differs by a power of ten from {choice.chosen.value}, "
                        f"which {choice.chosen.source.id} states"
                    )
                    yield warning("claims.csv", lines[rival.id], "value", str(rival.value), reason)


def _power_of_ten(choice: Choice, rival: Evidence) -> bool:
    ours, theirs = choice.chosen.usd or choice.chosen.value, rival.usd or rival.value
    if not ours or not theirs:
        return False
    power = math.log10(theirs / ours)
    return abs(power) > 0.5 and abs(power - round(power)) < _POWER_TOLERANCE


def _silent_rounds(dataset: Dataset) -> Iterator[Finding]:
    spoken_of = {claim.round_id for claim in dataset.claims}
    for line, row in dataset.rows["rounds.csv"]:
        if row.id not in spoken_of:
            yield warning("rounds.csv", line, "id", row.id, "no claim is made on this round")


def _old_valuations(dataset: Dataset, lines: dict[str, int]) -> Iterator[Finding]:
    published = {source.id: source.published_on for source in dataset.sources}
    for claim in dataset.claims:
        told = published[claim.source_id]
        if claim.metric is not ClaimMetric.VALUATION or claim.as_of is None or told is None:
            continue
        if days_between(claim.as_of, told) > _OLD_DAYS:
            reason = f"is more than a year older than its source, of {told}"
            yield warning("claims.csv", lines[claim.id], "as_of", claim.as_of, reason)
