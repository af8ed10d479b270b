"""A builder of tiny datasets: one company named acme, and what a test states about it."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from app.dataset.records import FILES


@dataclass
class World:
    """Rows of a dataset, by file; every cell that a test doesn't give has a plain default."""

    rows: dict[str, list[dict[str, str]]] = field(
        default_factory=lambda: {file: [] for file in FILES}
    )

    def __post_init__(self) -> None:
        """Start with acme and the source of its identity."""
        self.source("registry", kind="document", published_on="2020-01-01")
        self.company("acme", country="US")

    def _add(self, file: str, **cells: str) -> Self:
        row = dict.fromkeys(FILES[file].model_fields, "")
        self.rows[file].append({**row, **cells})
        return self

    def source(self, source_id: str, **cells: str) -> Self:
        """Add a source of news."""
        return self._add(
            "sources.csv",
            **{"id": source_id, "kind": "news", "retrieved_on": "2026-11-24", **cells},
        )

    def company(self, company_id: str, **cells: str) -> Self:
        """Add a private company."""
        given = {"id": company_id, "name": company_id.title(), "status": "private"}
        return self._add("companies.csv", **{**given, "source_id": "registry", **cells})

    def round(self, round_id: str, **cells: str) -> Self:
        """Add a closed round of equity of acme."""
        given = {
            "id": round_id,
            "company_id": "acme",
            "stage": "unknown",
            "status": "closed",
            "instrument": "equity",
            "source_id": "registry",
        }
        return self._add("rounds.csv", **{**given, **cells})

    def claim(self, metric: str, value: int, source_id: str = "registry", **cells: str) -> Self:
        """Add a claim in USD, stated as exact; its source is added where it is new."""
        if all(row["id"] != source_id for row in self.rows["sources.csv"]):
            self.source(source_id)
        given = {
            "company_id": "acme",
            "metric": metric,
            "value": str(value),
            "currency": "USD",
            "qualifier": "exact",
            "basis": "unspecified" if metric == "valuation" else "",
            "status": "stated",
            "source_id": source_id,
        }
        return self._add("claims.csv", **{**given, **cells})

    def write(self, folder: Path) -> Path:
        """Write the files into a folder."""
        folder.mkdir(parents=True)
        for file, rows in self.rows.items():
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, FILES[file].model_fields, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return folder
