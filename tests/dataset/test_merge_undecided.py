"""What a merge can't decide: both rows are kept, and the pair is listed."""

from pathlib import Path

import pytest

from tests.builder import World
from tests.dataset.test_merge import merged

Cells = dict[str, str]


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"stage": "seed"}, {"stage": "seed"}, "both are seed"),
        (
            {"stage": "series_c", "announced_on": "2025-12-23"},
            {"stage": "series_c", "closed_on": "2025-11-20"},
            "both are series_c",
        ),
        ({"announced_on": "2026-05"}, {"announced_on": "2026-05-30"}, "no stage tells them apart"),
        (
            {"stage": "series_b", "announced_on": "2026-05-30"},
            {"announced_on": "2026-06-02"},
            "no stage tells them apart",
        ),
        (
            {"stage": "series_b", "announced_on": "2026-05-30"},
            {"stage": "growth", "announced_on": "2026-06-29"},
            "amounts are equal",
        ),
        (
            {"instrument": "mixed", "announced_on": "2026-05"},
            {"instrument": "debt", "announced_on": "2026-05"},
            "amounts are equal",
        ),
    ],
)
def test_rounds_that_look_alike_are_listed(
    tmp_path: Path, ours: Cells, theirs: Cells, reason: str
) -> None:
    """Both are kept, since nobody knows whether the money was raised once or twice."""
    first, second = World().round("r", **ours), World().round("q", **theirs)
    first.claim("amount_raised", 7, round_id="r")
    second.claim("amount_raised", 7 if "amounts" in reason else 9, round_id="q")
    dataset, made = merged(tmp_path, first, second)
    assert len(dataset.rounds) == 2
    [pair] = made.undecided
    assert (pair.file, pair.ours, pair.theirs) == ("rounds.csv", "r", "q")
    assert reason in pair.reason


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {}),
        ({"announced_on": "2026-05-30"}, {"announced_on": "2026-07-01"}),
        (
            {"stage": "series_b", "announced_on": "2024-05"},
            {"stage": "series_b", "announced_on": "2026-05"},
        ),
        (
            {"instrument": "equity", "announced_on": "2026-05"},
            {"instrument": "debt", "announced_on": "2026-05"},
        ),
    ],
)
def test_rounds_that_differ_are_not_listed(tmp_path: Path, ours: Cells, theirs: Cells) -> None:
    """Equity and debt of one day are two rounds, and so are equal amounts far apart."""
    first, second = World().round("r", **ours), World().round("q", **theirs)
    first.claim("amount_raised", 7, round_id="r")
    second.claim("amount_raised", 7, round_id="q")
    dataset, made = merged(tmp_path, first, second)
    assert len(dataset.rounds) == 2
    assert made.undecided == []


def test_rounds_of_one_id_that_contradict_are_both_kept(tmp_path: Path) -> None:
    """The advice names what they differ in."""
    ours = World().round("r", status="closed", announced_on="2026-05")
    theirs = World().round("r", status="reported", announced_on="2026-05-07")
    dataset, made = merged(tmp_path, ours, theirs)
    assert [one.id for one in dataset.rounds] == ["r", "r-2"]
    [pair] = made.undecided
    assert pair.reason == "they have one id, but differ"
    assert "the status of A's" in pair.advice


def test_a_date_may_be_more_precise(tmp_path: Path) -> None:
    """A named round of one id is one; ours is kept, and the difference is listed."""
    ours = World().round("r", stage="seed", announced_on="2026-05")
    theirs = World().round("r", stage="seed", announced_on="2026-05-07")
    dataset, made = merged(tmp_path, ours, theirs)
    assert [one.announced_on for one in dataset.rounds] == ["2026-05"]
    assert [pair.reason for pair in made.undecided] == ["announced_on differs"]


def test_two_companies_that_match_one_are_kept_apart(tmp_path: Path) -> None:
    """Whichever dataset has the two; nothing of them is joined."""
    one, two = World(), World().company("acme-labs", name="ACME")
    one.rows["companies.csv"][0]["id"] = "acme-inc"
    for ours, theirs, name in ((one, two, "first"), (two, one, "second")):
        (tmp_path / name).mkdir()
        dataset, made = merged(tmp_path / name, ours, theirs)
        assert len(dataset.companies) == 3
        assert len(made.undecided) == 2
        assert all("so does a third row" in pair.reason for pair in made.undecided)


def test_an_alias_alone_joins_nobody(tmp_path: Path) -> None:
    """Two companies may have products of one name."""
    ours, theirs = World(), World()
    ours.rows["companies.csv"][0]["aliases"] = "Kite"
    theirs.rows["companies.csv"][0] |= {"id": "zenith", "name": "Zenith", "aliases": "KITE"}
    dataset, made = merged(tmp_path, ours, theirs)
    assert [company.id for company in dataset.companies] == ["acme", "zenith"]
    assert ["share an alias" in pair.reason for pair in made.undecided] == [True]


def test_cells_that_differ_are_ours_and_listed(tmp_path: Path) -> None:
    """An empty cell of ours is filled, and that is told with the source that it goes by."""
    ours, theirs = World(), World()
    ours.rows["companies.csv"][0] |= {"founders": "Ada|Bob", "status": "private"}
    theirs.rows["companies.csv"][0] |= {
        "founders": "Bob|Ada",
        "status": "public",
        "city": "Oslo",
        "categories": "robotics",
    }
    dataset, made = merged(tmp_path, ours, theirs)
    [company] = dataset.companies
    assert (company.status, company.city, company.categories) == ("private", "Oslo", ["robotics"])
    assert [(pair.ours, pair.theirs, pair.reason) for pair in made.undecided] == [
        ("acme private", "public", "status differs"),
        ("acme", "acme", "A is silent on city, categories, and B goes by registry"),
    ]


def test_claims_of_one_number_that_are_hedged_otherwise_are_listed(tmp_path: Path) -> None:
    """One source can't state one number twice: ours is kept."""
    ours = World().claim("arr", 10, qualifier="at_least")
    dataset, made = merged(tmp_path, ours, World().claim("arr", 10))
    assert [claim.qualifier for claim in dataset.claims] == ["at_least"]
    assert [(pair.file, pair.reason) for pair in made.undecided] == [
        ("claims.csv", "qualifier differs")
    ]


def test_sources_of_one_address_that_contradict_are_listed(tmp_path: Path) -> None:
    """Unless the address is that of a table, whose rows are sources of their own."""
    page = {"url": "https://news.example/a", "publisher": "News"}
    ours, theirs = World().source("a", **page, title="A"), World().source("b", **page, title="B")
    dataset, made = merged(tmp_path, ours, theirs)
    assert {source.id for source in dataset.sources} == {"registry", "a", "b"}
    assert [(pair.ours, pair.theirs) for pair in made.undecided] == [("a", "b")]
    (tmp_path / "table").mkdir()
    theirs.source("c", **page, title="C")
    assert merged(tmp_path / "table", ours, theirs)[1].undecided == []
