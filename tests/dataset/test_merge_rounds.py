"""Merging rounds and their claims: what makes two rounds one, and what a second merge finds again."""

import json
from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.merge import merge
from app.dataset.read import Dataset
from tests.builder import World
from tests.dataset.test_merge import merged


def amounts(dataset: Dataset) -> dict[str | None, list[int]]:
    """The amounts that are claimed of each round."""
    told: dict[str | None, list[int]] = {}
    for claim in dataset.claims:
        told.setdefault(claim.round_id, []).append(int(claim.value))
    return told


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {}),
        ({"announced_on": "2026-05"}, {"closed_on": "2026-05"}),
        ({"announced_on": "2026-05"}, {"announced_on": "2026-05", "source_id": "paper"}),
    ],
)
def test_rounds_that_nothing_tells_are_one_stay_two(
    tmp_path: Path, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    """Without a stage, an id is a month's: a date has to be equal, and the amount or the source."""
    first, second = World().round("r", **ours), World().source("paper").round("r", **theirs)
    first.claim("amount_raised", 7, round_id="r")
    second.claim("amount_raised", 9, "paper", round_id="r")
    dataset, made = merged(tmp_path, first, second)
    assert amounts(dataset) == {"r": [7], "r-2": [9]}
    [pair] = made.undecided
    assert pair.reason == "they have one id, but not enough else in common"
    assert pair.advice.startswith("both are kept; if they are one, give B's the date and source")


def test_a_round_without_a_stage_is_one_by_date_and_amount(tmp_path: Path) -> None:
    """Whoever tells it."""
    ours = World().round("r", announced_on="2026-05").claim("amount_raised", 7, round_id="r")
    theirs = World().source("paper").round("r", announced_on="2026-05", source_id="paper")
    theirs.claim("amount_raised", 7, "paper", round_id="r")
    dataset, _ = merged(tmp_path, ours, theirs)
    assert amounts(dataset) == {"r": [7, 7]}


def test_a_round_is_found_under_another_id(tmp_path: Path) -> None:
    """Where all that is told of it is equal, with a date and an amount."""
    ours, theirs = (World().round(id_, announced_on="2026-05") for id_ in ("r", "q"))
    ours.claim("amount_raised", 7, round_id="r")
    theirs.claim("amount_raised", 7, round_id="q").claim("valuation", 70, round_id="q")
    dataset, made = merged(tmp_path, ours, theirs)
    assert amounts(dataset) == {"r": [7, 70]}
    assert made.undecided == []


def test_a_second_merge_adds_nothing(tmp_path: Path) -> None:
    """A round that a collision of ids renamed is found again, and so is one that extends it."""
    ours = World().round("r", stage="seed", announced_on="2020")
    theirs = World().round("r", stage="seed", announced_on="2026").round("q", extends="r")
    theirs.claim("amount_raised", 7, round_id="r")
    dataset, _ = merged(tmp_path, ours, theirs)
    again = merge(dataset, read_checked(tmp_path / "b"))
    assert {one.id: one.extends for one in dataset.rounds} == {"r": None, "r-2": None, "q": "r-2"}
    assert again.records["rounds.csv"] == dataset.rounds
    assert again.records["claims.csv"] == dataset.claims


def test_a_second_merge_repeats_no_attribution(tmp_path: Path) -> None:
    """Each is named once, in the order in which they came."""
    told = []
    for name, attribution in (("a", "Us"), ("b", "Them · Others")):
        folder = World().write(tmp_path / name)
        (folder / "datapackage.json").write_text(json.dumps({"attribution": attribution}))
        told.append(read_checked(folder))
    ours, theirs = told
    for _ in range(2):
        ours.datapackage = merge(ours, theirs).datapackage
        assert json.loads(ours.datapackage or "") == {"attribution": "Us · Them · Others"}


def test_a_round_that_extends_another_one_is_listed(tmp_path: Path) -> None:
    """Theirs may have the id that ours extends, and be another round."""
    ours, theirs = World(), World()
    for world, year in ((ours, "2020"), (theirs, "2024")):
        world.round("r1", stage="seed", announced_on=year)
        world.round("r2", stage="seed", announced_on="2026", extends="r1")
    dataset, made = merged(tmp_path, ours, theirs)
    assert {one.id: one.extends for one in dataset.rounds} == {
        "r1": None,
        "r1-2": None,
        "r2": "r1",
    }
    assert "B's extends r1-2" in [pair.reason for pair in made.undecided]


def test_an_empty_locator_is_filled(tmp_path: Path) -> None:
    """A claim that both have loses nothing that either tells, and ours stands before theirs."""
    ours, theirs = (World().claim("arr", 10).claim("users", 5, currency="") for _ in range(2))
    ours.rows["claims.csv"][1]["locator"] = "page 1"
    theirs.rows["claims.csv"][0]["locator"] = "page 2"
    dataset, made = merged(tmp_path, ours, theirs)
    assert [claim.locator for claim in dataset.claims] == ["page 2", "page 1"]
    assert made.undecided == []


def test_a_number_written_otherwise_is_no_other_claim(tmp_path: Path) -> None:
    """5 and 5.0 of one source are one claim, as 5 wrote it."""
    ours, theirs = World().claim("arr", 5), World().claim("arr", 5)
    theirs.rows["claims.csv"][0]["value"] = "5.0"
    dataset, _ = merged(tmp_path, ours, theirs)
    assert [str(claim.value) for claim in dataset.claims] == ["5"]
