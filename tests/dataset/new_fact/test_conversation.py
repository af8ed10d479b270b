"""What is asked about a new fact, and which rows come of the answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from app.dataset.check import read_checked
from app.dataset.new_fact.conversation import ask_fact
from app.dataset.new_fact.options import Option
from app.dataset.new_fact.questions import Question
from app.dataset.read import Dataset
from app.dataset.records import Record, cells
from tests.builder import World


@dataclass
class Person:
    """Answers by the first word of a question, several times in turn; accepts what is proposed."""

    answers: dict[str, list[str]]
    asked: list[Question] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def ask(self, question: Question) -> str:
        """Answer once."""
        self.asked.append(question)
        waiting = self.answers.get(question.text.split()[0], [])
        return waiting.pop(0) if waiting else question.default

    def say(self, text: str) -> None:
        """Listen."""
        self.told.append(text)

    def refuse(self, reason: str) -> None:
        """Listen to why."""
        self.told.append(reason)

    def offered(self, word: str) -> list[str]:
        """Return what completes the answer to a question."""
        [question] = [one for one in self.asked if one.text.split()[0] == word]
        return [option.word for option in question.options]


Ask = Callable[..., tuple[dict[str, Record], Person]]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Two companies of one alias, with a round each."""
    world = World().company("other", aliases="Twin").company("third", aliases="Twin|Third Inc")
    world.round("acme-2026-05-seed", stage="seed", announced_on="2026-05").round(
        "other-seed", company_id="other", stage="seed"
    )
    return read_checked(world.write(tmp_path / "world"))


@pytest.fixture
def answered(dataset: Dataset) -> Ask:
    """Ask for a claim of registry on acme itself, but for the answers that a test gives."""

    def ask(**answers: list[str]) -> tuple[dict[str, Record], Person]:
        usual = {
            "Source": ["registry"],
            "Company": ["acme"],
            "Metric": ["arr"],
            "Qualifier": ["exact"],
            "Number,": ["20"],
        }
        person = Person(usual | {word.rstrip("_"): given for word, given in answers.items()})
        return ask_fact(dataset, person, date(2026, 11, 24)), person

    return ask


def test_a_figure_of_the_company_needs_no_round(answered: Ask) -> None:
    """An empty answer to the question of the round leaves round_id empty."""
    rows, person = answered()
    assert {file: cells(row) for file, row in rows.items()} == {
        "claims.csv": [
            "acme",
            "",
            "arr",
            "20",
            "",
            "USD",
            "exact",
            "",
            "stated",
            "",
            "registry",
            "",
        ]
    }
    assert person.told == []


def test_only_metrics_of_a_company_are_offered_without_a_round(answered: Ask) -> None:
    """What completes an answer is what may be answered."""
    _, person = answered()
    assert "amount_raised" not in person.offered("Metric")
    assert "arr" in person.offered("Metric")


def test_only_metrics_of_a_round_are_offered_with_one(answered: Ask) -> None:
    """And only the rounds of the company that was chosen; a round goes by its stage too."""
    rows, person = answered(Round=["seed"], Metric=["amount_raised"])
    assert cells(rows["claims.csv"])[:3] == ["acme", "acme-2026-05-seed", "amount_raised"]
    assert person.offered("Round") == ["acme-2026-05-seed"]
    assert person.offered("Metric") == ["amount_raised", "valuation"]
    assert person.told == ["seed is acme-2026-05-seed"]


def test_an_amount_without_a_round_is_refused(answered: Ask) -> None:
    """The reason names the cell that it is about."""
    _, person = answered(Metric=["amount_raised", "arr"])
    assert person.told == ["round_id: missing: amount_raised belongs to a round"]


@pytest.mark.parametrize(
    ("metric", "asked"),
    [
        ("employees", {"Currency": False, "Basis": False}),
        ("arr", {"Currency": True, "Basis": False}),
        ("valuation", {"Currency": True, "Basis": True}),
    ],
)
def test_only_what_a_metric_has_is_asked(
    answered: Ask, metric: str, asked: dict[str, bool]
) -> None:
    """A currency is of money, a basis of a valuation, and an upper number of a range."""
    _, person = answered(Metric=[metric])
    words = {question.text.split()[0] for question in person.asked}
    assert {word: word in words for word in asked} == asked
    assert "Upper" not in words


def test_a_name_of_two_companies_is_asked_again(answered: Ask) -> None:
    """Nobody guesses which one is meant; a name of one alone is its id, however it is written."""
    rows, person = answered(Company=["Twin", "third inc"])
    assert cells(rows["claims.csv"])[0] == "third"
    assert person.told == ["names more than one: write other or third", "third inc is third"]


def test_a_missing_answer_is_asked_again(answered: Ask) -> None:
    """A claim has a source and a company."""
    _, person = answered(Source=["", "registry"], Company=["", "acme"])
    assert person.told == ["missing", "missing"]


def test_a_new_round_extends_only_a_round_of_its_company(answered: Ask) -> None:
    """The checks across rows are asked too, at once; the id that is proposed is free."""
    rows, person = answered(
        Round=["a new one"],
        a=["y"],
        Stage=["seed"],
        Status=["closed"],
        Announced=["2026-05-30"],
        Earlier=["nowhere", "other-seed", "acme-2026-05-seed"],
        Metric=["amount_raised"],
    )
    [given_id, *_, extends, _] = cells(rows["rounds.csv"])
    assert (given_id, extends) == ("acme-2026-05-seed-2", "acme-2026-05-seed")
    assert person.told == ["is not in rounds.csv", "is a round of other, not of acme"]


def test_an_id_that_is_taken_is_refused(answered: Ask) -> None:
    """As the checks say it, with the line that has it."""
    rows, person = answered(
        Source=["Annual report"], Annual=["y"], Kind=["filing"], Id=["registry", "Report", "report"]
    )
    assert cells(rows["sources.csv"]) == [
        "report",
        "",
        "Annual report",
        "",
        "",
        "2026-11-24",
        "filing",
    ]
    assert person.told[0] == "repeats line 2: ids and stated facts stand once"
    assert "did you mean report?" in person.told[1]


def test_the_dataset_that_was_given_stays_as_it_is(dataset: Dataset, answered: Ask) -> None:
    """The rows of a conversation that is broken off are nowhere."""
    before = {file: list(rows) for file, rows in dataset.rows.items()}
    answered(Source=["Annual report"], Annual=["y"], Kind=["filing"])
    assert dataset.rows == before


def test_what_a_source_says_is_kept_free_of_hidden_characters(answered: Ask) -> None:
    """An answer is held to the rules of a cell, control characters included."""
    _, person = answered(Where=["page\x1b[2J", "page \u202e1", "page 1"])
    assert len(person.told) == 2


def test_a_word_of_a_closed_list_is_offered(answered: Ask) -> None:
    """And words that aren't closed come from the dataset."""
    _, person = answered(Company=["New"], New=["y"])
    countries = [one.options for one in person.asked if one.text.startswith("Country")]
    assert countries == [(Option("US"),)]
    assert person.offered("Qualifier") == ["exact", "approx", "at_least", "at_most", "range"]
