"""What holds for a merge of any two datasets."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset.check import read_checked
from app.dataset.merge import merge
from app.dataset.records import FILES, Record, cells
from tests.builder import World
from tests.dataset.test_merge import merged

NAMES = st.sampled_from(["Acme", "ACME", "Kite", "Zenith"])


def rows(records: Mapping[str, list[Record]]) -> dict[str, list[list[str]]]:
    """The rows of each file, in the order in which they are written."""
    return {file: sorted(map(cells, records[file])) for file in FILES}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world of few words, so that two of them collide in every way."""
    world = World()
    for number in range(draw(st.integers(0, 2))):
        aliases = "|".join(sorted({*draw(st.lists(NAMES, max_size=2))}))
        country = draw(st.sampled_from(["", "US", "CN"]))
        world.company(f"c{number}", name=draw(NAMES), aliases=aliases, country=country)
        cell = st.sampled_from(["", "https://a.example/"])
        world.source(f"s{number}", url=draw(cell), title=draw(st.sampled_from(["", "A", "á"])))
        fund = {"id": f"f{number}", "name": draw(NAMES), "kind": draw(st.sampled_from(["vc"]))}
        world.rows["investors.csv"].append({**fund, "country": country})
    companies = [row["id"] for row in world.rows["companies.csv"]]
    sources = [row["id"] for row in world.rows["sources.csv"]]
    for number in range(draw(st.integers(0, 3))):
        owner = draw(st.sampled_from(companies))
        earlier = [r["id"] for r in world.rows["rounds.csv"] if r["company_id"] == owner]
        world.round(
            f"r{number}",
            company_id=owner,
            stage=draw(st.sampled_from(["seed", "unknown"])),
            announced_on=draw(st.sampled_from(["", "2026", "2026-05"])),
            extends=draw(st.sampled_from(["", *earlier])),
            source_id=draw(st.sampled_from(sources)),
        )
        amount, source = draw(st.integers(1, 2)), draw(st.sampled_from(sources))
        where = draw(st.sampled_from(["", "page 1"]))
        cells_ = {"company_id": owner, "round_id": f"r{number}", "locator": where}
        world.claim("amount_raised", amount, source, **cells_)
        for fund in world.rows["investors.csv"][:1]:
            part = {"round_id": f"r{number}", "investor_id": fund["id"], "role": "lead"}
            world.rows["participations.csv"].append({**part, "source_id": source})
    return world


@settings(max_examples=60, deadline=None)
@given(ours=worlds(), theirs=worlds())
def test_a_merge_passes_its_check(ours: World, theirs: World) -> None:
    """No round and no claim of ours is lost, and none of theirs is counted twice."""
    with tempfile.TemporaryDirectory() as name:
        dataset, _ = merged(Path(name), ours, theirs)
    assert {row["id"] for row in ours.rows["rounds.csv"]} <= {one.id for one in dataset.rounds}
    assert len(ours.rows["claims.csv"]) <= len(dataset.claims)
    assert len(dataset.claims) <= len(ours.rows["claims.csv"]) + len(theirs.rows["claims.csv"])


@settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_a_merge_with_itself_gives_a_dataset_back(world: World) -> None:
    """Namesakes and rounds that nothing tells apart included; nothing is undecided."""
    with tempfile.TemporaryDirectory() as name:
        dataset = read_checked(world.write(Path(name) / "a"))
    made = merge(dataset, dataset)
    assert made.undecided == []
    assert rows(made.records) == rows({file: dataset.records(file) for file in FILES})


@settings(max_examples=150, deadline=None)
@given(ours=worlds(), theirs=worlds())
def test_merging_a_dataset_twice_is_merging_it_once(ours: World, theirs: World) -> None:
    """Rows that a collision of ids renamed are known again."""
    with tempfile.TemporaryDirectory() as name:
        dataset, made = merged(Path(name), ours, theirs)
        again = merge(dataset, read_checked(Path(name) / "b"))
    assert rows(again.records) == rows(made.records)
