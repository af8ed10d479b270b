"""Render the dataset itself: its size, its coverage and its terms."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from app.dataset.staging import FACT_TABLES
from app.dates import first_day
from app.resources.dataset import Coverage, Dataset, DatasetCounts, Licence
from app.vocabulary import COUNTED_STATUSES, ClaimMetric, ClaimStatus

_NEVER_CHOSEN = (ClaimStatus.FORECAST, ClaimStatus.DISPUTED)


def render_dataset(version: str, datapackage: str | None, connection: Connection) -> Dataset:
    """Render what /v1/dataset answers, of the facts that are staged."""
    package: Mapping[str, Any] = json.loads(datapackage or "{}")
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
            **{
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in FACT_TABLES.values()
            }
        ),
        coverage=_coverage(connection),
    )


def _coverage(connection: Connection) -> Coverage:
    companies, rounds = FACT_TABLES["companies.csv"].c, FACT_TABLES["rounds.csv"].c
    claims, sources = FACT_TABLES["claims.csv"].c, FACT_TABLES["sources.csv"].c
    told = connection.execute(select(rounds.announced_on, rounds.closed_on).distinct())
    dates = sorted(
        {announced or closed for announced, closed in told if announced or closed},
        key=lambda date: (first_day(date), date),
    )
    disclosed = select(claims.round_id).where(
        claims.metric == ClaimMetric.AMOUNT_RAISED, claims.status.not_in(_NEVER_CHOSEN)
    )
    undisclosed = rounds.status.in_(sorted(COUNTED_STATUSES)), rounds.id.not_in(disclosed)
    countries = select(func.count(companies.country.distinct()))

    def number(of: Any, *conditions: Any) -> int:
        return connection.scalar(select(func.count(of)).where(*conditions)) or 0

    return Coverage(
        first_round_on=dates[0] if dates else None,
        last_round_on=dates[-1] if dates else None,
        last_source_on=connection.scalar(select(func.max(func.nullif(sources.published_on, "")))),
        countries=connection.scalar(countries.where(companies.country != "")) or 0,
        undated_rounds=number(rounds.id, rounds.announced_on == "", rounds.closed_on == ""),
        undisclosed_rounds=number(rounds.id, *undisclosed),
        undated_sources=number(sources.id, sources.published_on == ""),
    )


def _text(package: Mapping[str, Any], name: str) -> str | None:
    value = package.get(name)
    return value if isinstance(value, str) else None
