"""The importer of Epoch's hub: revenue, names, notes, and what is served with its attribution."""

import json
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from app.dataset.check import read_checked
from app.dataset.importers.epoch import read
from app.dataset.load import load
from tests.conftest import serving
from tests.dataset.importers.hub import REVENUE, write_hub
from tests.dataset.importers.test_epoch import DAY, imported, noted


@pytest.mark.parametrize(
    ("kind", "metric", "claimed"),
    [
        ("Annual recurring revenue (ARR)", "arr", "stated"),
        ("Annualized run rate", "revenue_run_rate", "stated"),
        ("Period interpolation", "revenue_run_rate", "estimate"),
        ("Annual revenue", "revenue", "stated"),
        ("Moonshine", "revenue_run_rate", "stated"),
    ],
)
def test_kinds_of_revenue_are_never_merged(
    tmp_path: Path, kind: str, metric: str, claimed: str
) -> None:
    """Each type is a metric of its own; one that isn't known is a run rate, and is noted."""
    dataset, made = imported(tmp_path, [], [{"Annualized revenue type": kind}])
    [claim] = dataset.claims
    assert (claim.metric, claim.status, claim.as_of) == (metric, claimed, "2024-06-30")
    assert (claim.company_id, claim.round_id, int(claim.value)) == ("borealis-labs", None, 90000000)
    assert claim.source_id == "epoch-borealis-labs-revenue-report-2024-06-30"
    assert bool(noted(made, "Annualized revenue type")) == (kind == "Moonshine")


def test_revenue_of_a_part_is_left_out(tmp_path: Path) -> None:
    """A product's revenue isn't the company's, and an empty scope is noted."""
    rows = [{"Scope": "Product/division"}, {"Scope": ""}, {}]
    dataset, made = imported(tmp_path, [], rows)
    assert len(dataset.claims) == 2
    assert [(note.line, note.column) for note in made.notes if note.column] == [
        (2, "Scope"),
        (3, "Scope"),
    ]


def test_the_revenue_of_a_year_is_no_run_rate(tmp_path: Path) -> None:
    """It is taken where nothing is annualized; that of a quarter is left out, and noted."""
    year = {"Annualized revenue (USD)": "", "Period revenue": "5E+7", "Date": "2023"}
    rows = [{**year, "Period type": "Year"}, {**year, "Period type": "Quarter"}]
    dataset, made = imported(tmp_path, [], rows)
    [claim] = dataset.claims
    assert (claim.metric, int(claim.value), claim.as_of) == ("revenue", 50000000, "2023")
    assert [note.line for note in made.notes if "left out" in note.reason] == [3]


def test_a_row_may_state_a_rate_and_a_years_revenue(tmp_path: Path) -> None:
    """They are two metrics of one source; the revenue of a quarter is left out, and noted."""
    both = {"Period revenue": "50000000", "Annualized revenue type": "Annualized run rate"}
    rows = [{**both, "Period type": "Year"}, {**both, "Date": "2024-03", "Period type": "Quarter"}]
    dataset, made = imported(tmp_path, [], rows)
    first = [claim for claim in dataset.claims if claim.as_of == "2024-06-30"]
    assert {(claim.metric, int(claim.value)) for claim in first} == {
        ("revenue_run_rate", 90000000),
        ("revenue", 50000000),
    }
    assert len({claim.source_id for claim in first}) == 1
    assert len(dataset.claims) == 3
    assert [(note.line, note.column) for note in made.notes if note.column] == [
        (3, "Period revenue")
    ]


def test_a_number_in_both_columns_is_one_claim(tmp_path: Path) -> None:
    """A year's revenue is as much when it is annualized."""
    row = {"Annualized revenue type": "Annual revenue", "Period revenue": "90000000"}
    dataset, made = imported(tmp_path, [], [{**row, "Period type": "Year"}])
    assert [claim.metric for claim in dataset.claims] == ["revenue"]
    assert [note for note in made.notes if note.column] == []


def test_a_date_to_come_makes_a_forecast(tmp_path: Path) -> None:
    """It is never chosen as a figure."""
    dataset, made = imported(tmp_path, [], [{"Date": "2027"}])
    assert [claim.status for claim in dataset.claims] == ["forecast"]
    assert len(noted(made, "Date")) == 1


def test_names_in_brackets_are_aliases(tmp_path: Path) -> None:
    """Both ways to write a name are one company; a name in another script has an id as well."""
    rows = [{"Company": name} for name in ("Quill", "Quill (Inkwell)", "quill", "羽毛笔")]
    dataset, _ = imported(tmp_path, rows)
    quill, other = sorted(dataset.companies, key=lambda company: company.name)
    assert (quill.id, quill.name, quill.aliases) == ("quill", "Quill", ["Inkwell"])
    assert other.id.startswith("company-")
    assert len(dataset.rounds) == 4


def test_names_that_brackets_tell_apart_are_companies_of_their_own(tmp_path: Path) -> None:
    """Each under its full name, whichever comes first, and that is noted once each."""
    names = ["Figure (AI)", "Figure (robotics)", "Figure", "Figure (AI)"]
    told = []
    for folder, order in (("one", names), ("other", names[::-1])):
        (tmp_path / folder).mkdir()
        rows = [{"Company": name} for name in order]
        dataset, made = imported(tmp_path / folder, rows)
        told.append({(one.id, one.name, *one.aliases) for one in dataset.companies})
        assert len(noted(made, "Company")) == 2
    expected = {
        ("figure", "Figure"),
        ("figure-ai", "Figure (AI)"),
        ("figure-robotics", "Figure (robotics)"),
    }
    assert told == [expected, expected]


def test_notes_and_further_sources_stand_in_the_locator(tmp_path: Path) -> None:
    """In short, on one line, and without what the notes quote from articles."""
    row = {
        "Notes": 'Led by Nobody.\n\n"A long sentence of an article."\nA remark ' + "on it " * 90,
        "Source 1": "a letter",
        "Source 2": "https://news.example/b",
    }
    dataset, _ = imported(tmp_path, [row])
    for claim in dataset.claims:
        locator = claim.locator or ""
        assert "confidence: Confident; also: a letter, https://news.example/b" in locator
        assert "note: Led by Nobody. […] A remark on it" in locator
        assert "long sentence" not in locator
        assert len(locator) < 500
    assert {source.url for source in dataset.sources} == {"https://epoch.ai/data/ai-companies"}


def test_the_dataset_is_served_with_its_attribution(tmp_path: Path) -> None:
    """Licence and credit are Epoch's, and a multiple is derived of two of its claims."""
    imported(tmp_path, [{}], [{"Annualized revenue type": "ARR"}])
    url = f"sqlite:///{tmp_path / 'airounds.db'}"
    load(tmp_path / "dataset", url)
    with serving(url) as client:
        described = client.get("/v1/dataset").json()
        company = client.get("/v1/companies/borealis-labs").json()
    assert [one["name"] for one in described["licences"]] == ["CC-BY-4.0"]
    assert described["attribution"].startswith("Epoch AI, “Data on AI Companies”")
    assert company["valuation"]["source"]["publisher"] == "Epoch AI"
    assert company["arr_multiple"]["nominal"] == pytest.approx(2400 / 90)


def test_no_connection_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import reads files alone."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a connection was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    dataset, _ = imported(tmp_path, [{}], [{}])
    assert len(dataset.claims) == 3


def test_the_same_files_make_the_same_dataset(tmp_path: Path) -> None:
    """Byte for byte, and with the same ids, so that a later import can be merged."""
    hub = write_hub(tmp_path / "hub", [{}, {}], [{}, {}])
    for name in ("first", "second"):
        read(hub, DAY).write(tmp_path / name)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()
    described = json.loads((tmp_path / "first" / "datapackage.json").read_text("utf-8"))
    assert described["resources"][0]["path"] == "sources.csv"
    assert len(read_checked(tmp_path / "first").claims) == 6
    assert (hub / REVENUE).exists()
