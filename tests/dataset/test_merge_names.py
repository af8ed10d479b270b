"""Merging companies, investors and sources: names that several bear, and which row is taken."""

from pathlib import Path

import pytest

from tests.builder import World
from tests.dataset.test_merge import merged

Cells = dict[str, str]


def named(*companies: Cells) -> World:
    """A world of these companies."""
    world = World()
    world.rows["companies.csv"] = []
    for cells in companies:
        world.company(cells["id"], **{"name": cells["id"].title(), **cells})
    return world


FIGURES = ({"id": "figure", "name": "Figure"}, {"id": "figure-2", "name": "Figure"})
ALPHAS = ({"id": "alpha", "aliases": "Beta"}, {"id": "beta"})


@pytest.mark.parametrize("companies", [FIGURES, ALPHAS])
def test_namesakes_of_one_id_are_one(tmp_path: Path, companies: tuple[Cells, ...]) -> None:
    """A later version of a dataset joins it, though two of its companies share a name."""
    ours, theirs = named(*companies), named(*companies)
    for row in theirs.rows["companies.csv"]:
        row["city"] = "Oslo"
    dataset, made = merged(tmp_path, ours, theirs)
    assert [(one.id, one.city) for one in dataset.companies] == [
        (cells["id"], "Oslo") for cells in companies
    ]
    assert {pair.reason.split(",")[0] for pair in made.undecided} == {"A is silent on city"}


def test_a_namesake_that_is_added_is_listed(tmp_path: Path) -> None:
    """The one of our id is ours; the other one may be ours too."""
    theirs = named({"id": "figure"}, {"id": "fig-ure", "name": "Fig Ure"})
    dataset, made = merged(tmp_path, named({"id": "figure"}), theirs)
    assert [one.id for one in dataset.companies] == ["fig-ure", "figure"]
    assert [(pair.ours, pair.theirs) for pair in made.undecided] == [("figure", "fig-ure")]


def test_an_id_alone_joins_nobody(tmp_path: Path) -> None:
    """It needs a name in common, and where another has the name, that one is it."""
    theirs = named({"id": "figure", "name": "Alpha"})
    dataset, made = merged(tmp_path, named({"id": "figure"}, {"id": "alpha"}), theirs)
    assert [one.id for one in dataset.companies] == ["alpha", "figure"]
    assert made.undecided == []


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ([{"id": "a", "aliases": "Kite"}, {"id": "b", "aliases": "Kite"}], {}, "and of a third"),
        ([{"id": "a", "aliases": "Kite", "country": "US"}], {"country": "CN"}, "countries differ"),
    ],
)
def test_an_alias_that_may_be_anothers_joins_nobody(
    tmp_path: Path, ours: list[Cells], theirs: Cells, reason: str
) -> None:
    """Where several go by it, or the countries differ, the pair is listed."""
    dataset, made = merged(tmp_path, named(*ours), named({"id": "kite", **theirs}))
    assert len(dataset.companies) == len(ours) + 1
    assert [pair.reason.endswith(reason) for pair in made.undecided] == [True] * len(ours)


def test_investors_of_one_id_and_other_names_are_listed(tmp_path: Path) -> None:
    """Both are kept."""
    ours, theirs = World(), World()
    for world, name in ((ours, "Andreessen Horowitz"), (theirs, "a16z")):
        world.rows["investors.csv"] = [{"id": "a16z", "name": name, "kind": "vc", "country": ""}]
    dataset, made = merged(tmp_path, ours, theirs)
    assert [one.id for one in dataset.investors] == ["a16z", "a16z-2"]
    assert [(pair.file, pair.reason) for pair in made.undecided] == [
        ("investors.csv", "they have one id, but no name in common")
    ]


def test_the_source_most_alike_is_taken(tmp_path: Path) -> None:
    """Of two at one address, neither of which contradicts."""
    page = {"url": "https://news.example/a", "publisher": "News"}
    ours = World().source("bare", url=page["url"]).source("whole", **page, title="A")
    theirs = World().source("theirs", **page, title="A").claim("arr", 10, "theirs")
    dataset, _ = merged(tmp_path, ours, theirs)
    assert [claim.source_id for claim in dataset.claims] == ["whole"]


def test_publishers_are_compared_without_case_and_accents(tmp_path: Path) -> None:
    """One URL and title of a publisher written in two ways is one source, as it is written in ours."""
    page = {"url": "https://news.example/a", "title": "A"}
    ours = World().source("ours", **page, publisher="Les Échos")
    theirs = World().source("theirs", **page, publisher="LES ECHOS")
    dataset, made = merged(tmp_path, ours, theirs)
    assert {one.publisher for one in dataset.sources} == {None, "Les Échos"}
    assert made.undecided == []
