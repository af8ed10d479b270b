"""Merging: which rows become one, what is kept of both, and how the result reads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.load import load
from app.dataset.merge import Merged, merge
from app.dataset.read import Dataset
from app.dataset.records import FILES
from app.dataset.write import write_new
from app.settings import shipped
from tests.builder import World
from tests.conftest import serving

COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "merge"]


def merged(folder: Path, ours: World, theirs: World) -> tuple[Dataset, Merged]:
    """The merged dataset, read back and checked, and the merge itself."""
    both = [read_checked(one.write(folder / name)) for one, name in ((ours, "a"), (theirs, "b"))]
    made = merge(both[0], both[1])
    write_new(folder / "c", made.records, made.datapackage)
    return read_checked(folder / "c"), made


def test_a_dataset_merged_with_itself_is_itself(tmp_path: Path) -> None:
    """Every row of the seed means the row of the same id, and nothing is undecided."""
    seed = read_checked(shipped("seed_data"))
    made = merge(seed, seed)
    write_new(tmp_path / "c", made.records, made.datapackage)
    assert made.undecided == []
    for file in (*FILES, "datapackage.json"):
        assert (tmp_path / "c" / file).read_bytes() == (shipped("seed_data") / file).read_bytes()


@pytest.mark.parametrize(
    "cells",
    [
        {"id": "acme", "name": "ACME"},
        {"id": "acme-ai", "name": "Acmé"},
        {"id": "acme-ai", "name": "Acme AI", "aliases": "Acme|Roadrunner"},
        {"id": "acme-ai", "name": "Coyote"},
    ],
)
def test_companies_match_by_name_and_alias(tmp_path: Path, cells: dict[str, str]) -> None:
    """Folded, whichever side has the alias; their claims and rounds move to our company."""
    ours, theirs = World().claim("arr", 10), World()
    ours.rows["companies.csv"][0]["aliases"] = "Coyote"
    theirs.rows["companies.csv"] = []
    theirs.company(cells["id"], **cells).round("r", company_id=cells["id"], announced_on="2026")
    theirs.claim("arr", 20, company_id=cells["id"])
    dataset, made = merged(tmp_path, ours, theirs)
    [company] = dataset.companies
    assert (company.id, company.name) == ("acme", "Acme")
    assert {claim.company_id for claim in dataset.claims} == {"acme"}
    assert [one.company_id for one in dataset.rounds] == ["acme"]
    assert {int(claim.value) for claim in dataset.claims} == {10, 20}
    assert made.undecided == []


def test_aliases_are_united(tmp_path: Path) -> None:
    """Each once, however it is written, and their name among them."""
    ours, theirs = World(), World()
    ours.rows["companies.csv"][0]["aliases"] = "Coyote|Coyoté"
    theirs.rows["companies.csv"][0] |= {"id": "x", "name": "COYOTE", "aliases": "Acme|Beep|BEEP"}
    dataset, _ = merged(tmp_path, ours, theirs)
    assert dataset.companies[0].aliases == ["Coyote", "Coyoté", "Beep"]


def test_ids_of_other_things_are_renamed_with_their_references(tmp_path: Path) -> None:
    """Company, investor, round and source of theirs, each under an id that nobody has."""
    ours = World().round("r", announced_on="2020").source("s", title="One").company("acme-2")
    theirs = World()
    theirs.rows["companies.csv"][0]["name"] = "Zenith"
    theirs.source("s", title="Other").round("r", announced_on="2026", source_id="s")
    theirs.round("r2", extends="r").claim("amount_raised", 7, "s", round_id="r")
    for world, name in ((ours, "Fund"), (theirs, "Other Fund")):
        world.rows["investors.csv"] = [{"id": "fund", "name": name, "kind": "vc", "country": ""}]
    theirs.rows["participations.csv"] = [
        {"round_id": "r", "investor_id": "fund", "role": "lead", "source_id": "s"}
    ]
    dataset, made = merged(tmp_path, ours, theirs)
    names = {company.id: company.name for company in dataset.companies}
    assert names == {"acme": "Acme", "acme-2": "Acme-2", "acme-3": "Zenith"}
    rounds = {one.id: one for one in dataset.rounds}
    assert (rounds["r"].company_id, rounds["r-2"].company_id) == ("acme", "acme-3")
    assert (rounds["r-2"].source_id, rounds["r2"].extends) == ("s-2", "r-2")
    [claim], [part] = dataset.claims, dataset.participations
    assert (claim.company_id, claim.round_id, claim.source_id) == ("acme-3", "r-2", "s-2")
    assert (part.round_id, part.investor_id, part.source_id) == ("r-2", "fund-2", "s-2")
    assert [(one.ours, one.theirs) for one in made.undecided] == [
        ("acme", "acme"),
        ("fund", "fund"),
    ]


def test_investors_match_by_folded_name(tmp_path: Path) -> None:
    """Their parts in rounds move to ours, and a part that both state stands once."""
    ours, theirs = World().round("r"), World().round("r")
    for world, fund in ((ours, ("fund", "Fund")), (theirs, ("fonds", "FUND"))):
        world.rows["investors.csv"] = [
            {"id": fund[0], "name": fund[1], "kind": "vc", "country": ""}
        ]
        world.rows["participations.csv"] = [
            {"round_id": "r", "investor_id": fund[0], "role": "lead", "source_id": "registry"}
        ]
    dataset, _ = merged(tmp_path, ours, theirs)
    assert [row.id for row in dataset.investors] == ["fund"]
    assert [row.investor_id for row in dataset.participations] == ["fund"]


def test_sources_of_one_address_are_one_unless_they_contradict(tmp_path: Path) -> None:
    """Two publishers are two sources; a claim that both datasets have of one source stands once."""
    page = {"url": "https://news.example/a", "title": "A", "publisher": "News"}
    ours = World().source("ours", **page).claim("arr", 10, "ours")
    theirs = World().source("theirs", **page, published_on="2026-05").claim("arr", 10, "theirs")
    theirs.source("reprint", **{**page, "publisher": "Reprint"}).claim("arr", 10, "reprint")
    dataset, made = merged(tmp_path, ours, theirs)
    sources = {source.id: source for source in dataset.sources}
    assert set(sources) == {"registry", "ours", "reprint"}
    assert sources["ours"].published_on == "2026-05"
    assert sorted(claim.source_id for claim in dataset.claims) == ["ours", "reprint"]
    assert made.undecided == []


def test_rounds_of_one_id_are_one_where_their_cells_agree(tmp_path: Path) -> None:
    """Empty cells are filled, which is told, and claims of both are kept as rivals."""
    ours = World().round("r", stage="seed", announced_on="2026-05")
    ours.claim("amount_raised", 7, round_id="r")
    theirs = World().round("r", stage="seed", announced_on="2026-05", closed_on="2026-06")
    theirs.claim("amount_raised", 9, "paper", round_id="r")
    dataset, made = merged(tmp_path, ours, theirs)
    [one] = dataset.rounds
    assert (one.announced_on, one.closed_on) == ("2026-05", "2026-06")
    assert len(dataset.claims) == 2
    [pair] = made.undecided
    assert pair.reason == "A is silent on closed_on, and B goes by registry"


def test_terms_of_both_are_kept(tmp_path: Path) -> None:
    """Our title stays; licences and attributions of both are named once."""
    packages: list[dict[str, object]] = [
        {"title": "Ours", "licenses": [{"name": "CC0"}], "attribution": "Us"},
        {"title": "Theirs", "licenses": [{"name": "CC0"}, {"name": "BY"}], "attribution": "Them"},
    ]
    datasets = []
    for name, package in zip("ab", packages, strict=True):
        folder = World().write(tmp_path / name)
        (folder / "datapackage.json").write_text(json.dumps(package))
        datasets.append(read_checked(folder))
    joined = json.loads(merge(datasets[0], datasets[1]).datapackage or "")
    assert joined == {
        "title": "Ours",
        "licenses": [{"name": "CC0"}, {"name": "BY"}],
        "attribution": "Us · Them",
    }
    datasets[0].datapackage = None
    joined = json.loads(merge(datasets[0], datasets[1]).datapackage or "")
    assert {name: joined[name] for name in ("name", "licenses", "attribution")} == {
        "name": "a",
        "licenses": packages[1]["licenses"],
        "attribution": "Them",
    }
    assert [one["path"] for one in joined["resources"]] == list(FILES)


def test_the_merged_dataset_is_served(tmp_path: Path) -> None:
    """Claims of both datasets weigh in on one figure, which the real loader chooses."""
    ours = World().claim("arr", 10, as_of="2026-05")
    theirs = World().source("late", published_on="2026-06")
    theirs.claim("arr", 12, "late", as_of="2026-05")
    merged(tmp_path, ours, theirs)
    url = f"sqlite:///{tmp_path / 'airounds.db'}"
    load(tmp_path / "c", url)
    with serving(url) as client:
        arr = client.get("/v1/companies/acme").json()["arr"]
    assert (arr["value"], arr["claims"], arr["rivals"]) == (12, 2, 1)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command on a and b; no message of it may be a trace."""
    arguments = [str(folder / name) for name in ("a", "b")] + ["--out", str(folder / "c")]
    ran = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran


def test_the_command_lists_and_succeeds(tmp_path: Path) -> None:
    """One line a pair on stdout, and exit code 0: a list is a result; a full folder is refused."""
    World().write(tmp_path / "a")
    theirs = World()
    theirs.rows["companies.csv"][0]["country"] = "CA"
    theirs.write(tmp_path / "b")
    ran = run(tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    pair, wrote = ran.stdout.splitlines()
    assert pair == (
        "undecided: companies.csv: A acme US | B CA: country differs; "
        "A's is kept; if B's is right, correct A"
    )
    assert wrote.startswith("Wrote 1 sources, 1 companies, ")
    assert wrote.endswith("; 1 undecided")
    assert run(tmp_path).returncode == 1


def test_an_input_with_errors_is_refused(tmp_path: Path) -> None:
    """Its errors are named, and nothing is written."""
    World().write(tmp_path / "a")
    World().claim("arr", 1, company_id="nobody").write(tmp_path / "b")
    ran = run(tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: claims.csv:2: company_id: 'nobody'")
    assert not (tmp_path / "c").exists()
