"""The importer of Epoch's hub: ids say what rows say, so that a later import finds its rounds again."""

from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.importers.epoch import read
from app.dataset.merge import merge
from tests.dataset.importers.hub import write_hub
from tests.dataset.importers.test_epoch import DAY, imported

Rows = list[dict[str, str]]
BEFORE: Rows = [{"Funding (equity)": "100000000"}, {"Funding (equity)": "250000000"}]


@pytest.mark.parametrize("day", ["5/6/2024", ""])
@pytest.mark.parametrize("labels", [("Series B", "Series B"), ("first", "second"), ("", "")])
def test_a_reordered_file_makes_the_same_rounds(
    tmp_path: Path, day: str, labels: tuple[str, str]
) -> None:
    """With the same sources and claims, so that a merge of both is either, and decides nothing."""
    rows = [
        {**row, "Id": label, "Close date": day, "Report date": day}
        for row, label in zip(BEFORE, labels, strict=True)
    ]
    for name, listed in (("one", rows), ("other", rows[::-1])):
        read(write_hub(tmp_path / f"hub-{name}", listed), DAY).write(tmp_path / name)
    one, other = (read_checked(tmp_path / name) for name in ("one", "other"))
    for file, kept in one.rows.items():
        assert kept == other.rows[file]
    made = merge(one, other)
    assert made.undecided == []
    assert len(made.records["rounds.csv"]) == 2
    assert len(made.records["claims.csv"]) == 4


def test_labels_tell_rounds_of_one_month_apart(tmp_path: Path) -> None:
    """A later correction of a number leaves the id as it is."""
    rows = [{**row, "Id": f"{name} tranche"} for row, name in zip(BEFORE, "AB", strict=True)]
    dataset, _ = imported(tmp_path, rows)
    assert [one.id for one in dataset.rounds] == [
        "borealis-labs-2024-05-unknown-a-tranche",
        "borealis-labs-2024-05-unknown-b-tranche",
    ]
    assert len({one.source_id for one in dataset.rounds}) == 2


def test_numbers_tell_rounds_of_one_label_apart(tmp_path: Path) -> None:
    """The second row of one label is another source, and its round another round."""
    dataset, _ = imported(tmp_path, [{}, {"Close date": "5/20/2024"}])
    ids = [one.id for one in dataset.rounds]
    assert len({*ids}) == len({one.source_id for one in dataset.rounds}) == 2
    assert all(id_.startswith("borealis-labs-2024-05-series-b-") for id_ in ids)
