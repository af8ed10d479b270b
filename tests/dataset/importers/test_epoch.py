"""The importer of Epoch's hub: what each cell of its tables becomes."""

from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.imported import Imported
from app.dataset.importers.epoch import read
from app.dataset.read import Dataset
from app.dataset.records import RoundRecord
from tests.dataset.importers.hub import write_hub

Rows = list[dict[str, str]]
DAY = "2026-11-24"


def imported(folder: Path, funding: Rows, revenue: Rows | None = None) -> tuple[Dataset, Imported]:
    """The dataset that an import writes, read back and checked, and the import itself."""
    made = read(write_hub(folder / "hub", funding, revenue), DAY)
    made.write(folder / "dataset")
    return read_checked(folder / "dataset"), made


def the_round(folder: Path, **cells: str) -> RoundRecord:
    """The one round that a row becomes."""
    [one] = imported(folder, [cells])[0].rounds
    return one


def noted(made: Imported, column: str) -> list[str]:
    """What is noted on a column."""
    return [note.reason for note in made.notes if note.column == column]


def test_a_closed_round_makes_one_claim_a_number(tmp_path: Path) -> None:
    """Its amount and its post-money valuation, both of one source that names the row."""
    dataset, made = imported(tmp_path, [{}], [])
    [one] = dataset.rounds
    assert (one.id, one.stage, one.status, one.instrument) == (
        "borealis-labs-2024-05-series-b",
        "series_b",
        "closed",
        "equity",
    )
    assert (one.closed_on, one.announced_on) == ("2024-05-06", "2024-05-07")
    claims = {
        (claim.metric, int(claim.value), claim.basis, claim.status) for claim in dataset.claims
    }
    assert claims == {
        ("amount_raised", 300000000, None, "stated"),
        ("valuation", 2400000000, "post_money", "stated"),
    }
    hub, source = sorted(dataset.sources, key=lambda row: len(row.id))
    assert hub.id == dataset.companies[0].source_id == "epoch-ai-companies"
    assert source.id == one.source_id == "epoch-borealis-labs-may-2024-series-b"
    assert (source.publisher, source.kind) == ("Epoch AI", "dataset")
    assert (source.url, source.published_on) == ("https://news.example/borealis", "2024-05-07")
    assert source.retrieved_on == DAY
    assert [note for note in made.notes if note.column] == []


def test_equity_and_debt_of_one_row_are_two_rounds(tmp_path: Path) -> None:
    """Nothing is added up, and the valuation is claimed once, with the equity."""
    row = {"Funding (debt)": "120,000,000", "Type": "Primary,Debt"}
    dataset, _ = imported(tmp_path, [row])
    assert {(one.id, one.instrument) for one in dataset.rounds} == {
        ("borealis-labs-2024-05-series-b", "equity"),
        ("borealis-labs-2024-05-debt", "debt"),
    }
    assert sorted((claim.round_id or "", int(claim.value)) for claim in dataset.claims) == [
        ("borealis-labs-2024-05-debt", 120000000),
        ("borealis-labs-2024-05-series-b", 300000000),
        ("borealis-labs-2024-05-series-b", 2400000000),
    ]


@pytest.mark.parametrize(
    ("status", "expected", "claimed"),
    [
        ("Closed", "closed", "stated"),
        ("Announced", "announced", "stated"),
        ("Late discussions", "reported", "talks"),
        ("Rumored", "reported", "talks"),
        ("Cancelled", "cancelled", "talks"),
        ("Ripening", "reported", "estimate"),
        ("", "reported", "estimate"),
    ],
)
def test_a_status_tells_what_happened(
    tmp_path: Path, status: str, expected: str, claimed: str
) -> None:
    """A word that isn't known counts toward no capital, and is noted."""
    dataset, made = imported(tmp_path, [{"Status": status}])
    assert {one.status for one in dataset.rounds} == {expected}
    assert {claim.status for claim in dataset.claims} == {claimed}
    assert bool(noted(made, "Status")) == (claimed == "estimate")
    closed = expected == "closed" or claimed == "estimate"
    assert bool(dataset.rounds[0].closed_on) == closed
    assert bool(noted(made, "Close date")) != closed


@pytest.mark.parametrize(
    ("confidence", "claimed", "qualifier"),
    [
        ("Confident", "stated", "exact"),
        ("Likely", "stated", "exact"),
        ("Speculative", "estimate", "approx"),
        ("Unverified", "estimate", "approx"),
        ("Breezy", "estimate", "approx"),
    ],
)
def test_low_confidence_makes_an_estimate(
    tmp_path: Path, confidence: str, claimed: str, qualifier: str
) -> None:
    """A word that isn't known is no confidence, and is noted."""
    dataset, made = imported(tmp_path, [{"Confidence": confidence}])
    assert {(one.status, one.qualifier) for one in dataset.claims} == {(claimed, qualifier)}
    assert bool(noted(made, "Confidence")) == (confidence == "Breezy")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("5/6/2024", "2024-05-06"),
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T00:00:00.000Z", "2024-05-06"),
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("5/2024", "2024-05"),
        ("May 2024", "2024-05"),
        ("Sept. 9, 2024", "2024-09-09"),
        ("6 May 2024", "2024-05-06"),
        ("13/6/2024", None),
        ("2/30/2024", None),
        ("spring", None),
        ("Smarch 2024", None),
    ],
)
def test_a_date_keeps_its_own_precision(tmp_path: Path, cell: str, expected: str | None) -> None:
    """What can't be read is left out, and noted with its line."""
    dataset, made = imported(tmp_path, [{"Close date": cell, "Report date": ""}])
    assert dataset.rounds[0].closed_on == expected
    notes = [(note.line, note.value) for note in made.notes if note.column == "Close date"]
    assert notes == ([] if expected else [(2, cell)])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Id": "x", "Type": "Series C"}, ("series_c", "equity")),
        ({"Id": "2019 seed (other)"}, ("seed", "equity")),
        ({"Id": "Series A and Series B"}, ("unknown", "equity")),
        ({"Id": "x", "Type": "Primary,Wonder"}, ("unknown", "equity")),
        ({"Id": "x", "Type": "Secondary"}, ("secondary", "secondary")),
        ({"Id": "x", "Type": "Debt", "Funding (equity)": ""}, ("debt", "debt")),
        ({"Id": "x", "Type": "Grant"}, ("grant", "grant")),
    ],
)
def test_a_type_names_stage_and_instrument(
    tmp_path: Path, cells: dict[str, str], expected: tuple[str, str]
) -> None:
    """Else the label names the stage, if it names one alone."""
    one = the_round(tmp_path, **cells)
    assert (one.stage, one.instrument) == expected


def test_a_zero_is_no_amount(tmp_path: Path) -> None:
    """A sale of old shares brings the company nothing, and its size isn't told."""
    row = {"Type": "Secondary", "Funding (equity)": "0"}
    dataset, made = imported(tmp_path, [row])
    assert [one.instrument for one in dataset.rounds] == ["secondary"]
    assert [claim.metric for claim in dataset.claims] == ["valuation"]
    assert len(noted(made, "Funding (equity)")) == 1
    (tmp_path / "price").mkdir()
    dataset, made = imported(tmp_path / "price", [{"Valuation (post-money)": "0"}])
    assert [claim.metric for claim in dataset.claims] == ["amount_raised"]
    assert len(noted(made, "Valuation (post-money)")) == 1


def test_a_late_report_is_no_announcement(tmp_path: Path) -> None:
    """The round goes by its close, and its source by the report."""
    dataset, _ = imported(tmp_path, [{"Report date": "1/12/2026"}])
    assert (dataset.rounds[0].announced_on, dataset.rounds[0].date) == (None, "2024-05-06")
    assert {source.published_on for source in dataset.sources} == {None, "2026-01-12"}


def test_a_report_within_the_year_of_a_close_is_no_late_one(tmp_path: Path) -> None:
    """A close of 2025 may be its last day, so that the report is the announcement."""
    one = the_round(tmp_path, **{"Close date": "2025", "Report date": "2025-06-01"})
    assert (one.closed_on, one.announced_on) == ("2025", "2025-06-01")


def test_an_excluded_twin_does_not_count_twice(tmp_path: Path) -> None:
    """An excluded row without a twin is kept."""
    column = "Exclude from graph view"
    alone = {column: "TRUE", "Close date": "1/9/2023", "Id": "Series A"}
    dataset, made = imported(tmp_path, [{}, {column: "TRUE"}, alone])
    assert len(dataset.rounds) == 2
    assert [note.line for note in made.notes if note.column == column] == [3]
