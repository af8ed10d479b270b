"""A builder of the hub's files: invented companies in the shape of Epoch's columns."""

import csv
from pathlib import Path

FUNDING = "ai_companies_funding_rounds.csv"
REVENUE = "ai_companies_revenue_reports.csv"

_CLOSED = {
    "Id": "May 2024 Series B",
    "Company": "Borealis Labs",
    "Close date": "5/6/2024",
    "Status": "Closed",
    "Funding (equity)": "300000000",
    "Funding (debt)": "",
    "Valuation (post-money)": "2.4E+9",
    "Report date": "5/7/2024",
    "Notes": "",
    "Type": "Primary",
    "Confidence": "Confident",
    "Source 1": "https://news.example/borealis",
    "Source 2": "",
    "Source 3": "",
}
_RUN_RATE = {
    "Company": "Borealis Labs",
    "Date": "2024-06-30",
    "Annualized revenue (USD)": "90000000.0",
    "Annualized revenue type": "Annualized run rate",
    "Scope": "Full company",
    "Confidence": "Confident",
    "Source 1": "https://news.example/revenue",
    "Source 2": "",
    "Source 3": "",
}


def write_hub(
    folder: Path, funding: list[dict[str, str]], revenue: list[dict[str, str]] | None = None
) -> Path:
    """Write the hub's files; a cell that a test doesn't give is that of a plain row."""
    folder.mkdir(exist_ok=True)
    for file, plain, rows in ((FUNDING, _CLOSED, funding), (REVENUE, _RUN_RATE, revenue)):
        if rows is not None:
            whole = [{**plain, **row} for row in rows]
            columns = list(dict.fromkeys([*plain, *(name for row in whole for name in row)]))
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns)
                writer.writeheader()
                writer.writerows(whole)
    return folder


def without_column(path: Path, column: str) -> None:
    """Take a column out of a file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [name for name in rows[0] if name != column])
        writer.writeheader()
        writer.writerows({k: v for k, v in row.items() if k != column} for row in rows)
