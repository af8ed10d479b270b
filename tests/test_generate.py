"""Generated datasets: like the seed, without errors, and the same for the same number."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.load import load
from app.dataset.present import loaded
from app.dataset.records import FILES
from bench.generate import generate

ROUNDS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of some rounds."""
    made = tmp_path_factory.mktemp("generated") / "dataset"
    generate(ROUNDS, made)
    return made


def test_the_same_number_gives_the_same_dataset(folder: Path, tmp_path: Path) -> None:
    """Byte for byte; another number gives another one."""
    generate(ROUNDS, tmp_path / "same")
    generate(ROUNDS, tmp_path / "other", seed=2)
    for file in FILES:
        assert (tmp_path / "same" / file).read_bytes() == (folder / file).read_bytes()
        assert (tmp_path / "other" / file).read_bytes() != (folder / file).read_bytes()


def test_a_generated_dataset_is_like_the_seed(folder: Path) -> None:
    """It has no errors, the rounds asked for, about as many claims a round, and other scripts."""
    dataset = read_checked(folder)
    assert len(dataset.rounds) == ROUNDS
    assert len(dataset.claims) == pytest.approx(2.5 * ROUNDS, rel=0.2)
    assert len(dataset.participations) == pytest.approx(2 * ROUNDS, rel=0.2)
    assert any(not alias.isascii() for one in dataset.companies for alias in one.aliases)


def test_a_generated_dataset_loads(folder: Path, new_url: Callable[[str], str]) -> None:
    """It becomes the dataset that is served."""
    url = new_url("sqlite")
    version = load(folder, url)
    present = loaded(url)
    assert present is not None
    assert present[0] == version
