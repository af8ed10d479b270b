"""Render the dataset itself: its size, its coverage and its terms."""

import json
from collections.abc import Mapping
from typing import Any

from app.dataset.facts import Facts
from app.dataset.read import Dataset as ReadDataset
from app.dates import first_day
from app.resources.dataset import Coverage, Dataset, DatasetCounts, Licence
from app.vocabulary import COUNTED_STATUSES, ClaimMetric, ClaimStatus

_NEVER_CHOSEN = frozenset({ClaimStatus.FORECAST, ClaimStatus.DISPUTED})


def render_dataset(version: str, read: ReadDataset, facts: Facts) -> Dataset:
    """Render what /v1/dataset answers."""
    package: Mapping[str, Any] = json.loads(read.datapackage or "{}")
    disclosed = {
        one.claim.round_id
        for company in facts.companies
        for one in company.claims
        if one.claim.metric is ClaimMetric.AMOUNT_RAISED and one.claim.status not in _NEVER_CHOSEN
    }
    dates = sorted(
        (one.date for one in read.rounds if one.date), key=lambda date: (first_day(date), date)
    )
    published = sorted(one.published_on for one in read.sources if one.published_on)
    return Dataset(
        version=version,
        title=_text(package, "title"),
        description=_text(package, "description"),
        licences=[
            Licence(name=_text(one, "name"), title=_text(one, "title"), url=_text(one, "path"))
            for one in package.get("licenses", [])
            if isinstance(one, dict)
        ],
        attribution=_text(package, "attribution"),
        counts=DatasetCounts(
            companies=len(read.companies),
            rounds=len(read.rounds),
            investors=len(read.investors),
            participations=len(read.participations),
            claims=len(read.claims),
            sources=len(read.sources),
        ),
        coverage=Coverage(
            first_round_on=dates[0] if dates else None,
            last_round_on=dates[-1] if dates else None,
            last_source_on=published[-1] if published else None,
            countries=len({one.country for one in read.companies if one.country}),
            undated_rounds=sum(one.date is None for one in read.rounds),
            undisclosed_rounds=sum(
                one.status in COUNTED_STATUSES and one.id not in disclosed for one in read.rounds
            ),
            undated_sources=len(read.sources) - len(published),
        ),
    )


def _text(package: Mapping[str, Any], name: str) -> str | None:
    value = package.get(name)
    return value if isinstance(value, str) else None
