"""`airounds new-fact` in a terminal: what it asks, what it refuses, and what stands in the files then."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.dataset.export import export
from app.dataset.load import load
from app.dataset.records import FILES
from tests.conftest import DOCUMENT
from tests.pseudo_terminal import CTRL_C, CTRL_D, Session

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The document's dataset, to be grown."""
    return Path(shutil.copytree(DOCUMENT, tmp_path / "dataset"))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _new_lines(folder: Path, file: str) -> list[str]:
    before = (DOCUMENT / file).read_text(encoding="utf-8").splitlines()
    after = (folder / file).read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line in before] == before
    return [line for line in after if line not in before]


def _assert_checked_and_in_normal_form(folder: Path) -> None:
    ran = subprocess.run([*COMMAND, "check", str(folder)], check=False, capture_output=True)
    assert ran.returncode == 0, ran.stdout
    url, exported = f"sqlite:///{folder.parent / 'airounds.db'}", folder.parent / "exported"
    load(folder, url)
    export(url, exported)
    assert _contents(exported) == _contents(folder)


def _claim(session: Session) -> None:
    """Answer what is asked of a claim, up to the last question."""
    session.answer("Metric", "amount_raised")
    session.answer("Qualifier", "approx")
    session.answer("Number", "2000000001")
    session.accept("Currency")
    session.accept("Status")
    session.answer("As of", "2026-05")
    session.answer("Where in the source", 'under "funding", second line')


def test_a_claim_on_a_round_that_is_there(folder: Path) -> None:
    """Ids complete from names, and one row is added where the order of its file has it."""
    session = Session("new-fact", folder)
    session.answer("Source", "seed-document")
    session.read("Company")
    session.write("kim")
    session.read("moonshot-ai")
    session.write("\t\r")
    session.answer("Round", "moonshot-ai-latest")
    _claim(session)
    session.read("+moonshot-ai,moonshot-ai-latest,amount_raised,2000000001")
    session.answer("Add these rows", "y")
    assert session.end() == 0
    [claim] = _new_lines(folder, "claims.csv")
    assert claim == (
        "moonshot-ai,moonshot-ai-latest,amount_raised,2000000001,,USD,approx,,stated,2026-05,"
        'seed-document,"under ""funding"", second line"'
    )
    for file in set(FILES) - {"claims.csv"}:
        assert _new_lines(folder, file) == []
    _assert_checked_and_in_normal_form(folder)


def test_a_claim_on_a_new_round_of_a_new_company_by_a_new_source(folder: Path) -> None:
    """What isn't in the dataset is asked for, with ids proposed, and four rows are added."""
    session = Session("new-fact", folder)
    session.answer("Source", "https://news.example/acme")
    session.answer("isn't in sources.csv. Add it?", "y")
    session.answer("Publisher", "Example News")
    session.answer("Title", "Acme raises, again")
    session.accept("Address")
    session.answer("Published on", "2026-05-07")
    session.answer("Kind of source", "news")
    session.accept("Id of the source")
    session.answer("Company", "Acme")
    session.answer("isn't in companies.csv. Add it?", "y")
    session.accept("Name", "Other names")
    session.answer("Country", "US")
    session.accept("City", "Founded on", "Founders", "Status")
    session.answer("Categories", "robotics|consumer")
    session.answer("Website", "acme.example")
    session.accept("Id of the company")
    session.answer("Round", "series b")
    session.answer("isn't in rounds.csv. Add it?", "y")
    session.accept("Stage")
    session.answer("Status", "closed")
    session.accept("Instrument")
    session.answer("Announced on", "2026-05-07")
    session.accept("Closed on", "Earlier round", "Id of the round")
    _claim(session)
    session.answer("Add these rows", "y")
    assert session.end() == 0
    today = datetime.now().astimezone().date().isoformat()
    assert _new_lines(folder, "sources.csv") == [
        f'example-news-202605,Example News,"Acme raises, again",https://news.example/acme,2026-05-07,{today},news'
    ]
    assert _new_lines(folder, "companies.csv") == [
        "acme,Acme,,US,,,,private,robotics|consumer,acme.example,example-news-202605"
    ]
    assert _new_lines(folder, "rounds.csv") == [
        "acme-2026-05-series-b,acme,series_b,closed,equity,2026-05-07,,,example-news-202605"
    ]
    [claim] = _new_lines(folder, "claims.csv")
    assert claim.startswith("acme,acme-2026-05-series-b,amount_raised,2000000001,,USD,approx,")
    _assert_checked_and_in_normal_form(folder)


def test_a_wrong_answer_is_refused_with_the_readers_reason(folder: Path) -> None:
    """Each wrong answer is told why and asked again, a misspelt word with what was meant."""
    session = Session("new-fact", folder)
    session.answer("Source", "seed-document")
    session.answer("Company", "moonshot-ia")
    session.answer("isn't in companies.csv (did you mean moonshot-ai?). Add it?", "n")
    session.answer("Company", "Moonshot AI")
    session.read("Moonshot AI is moonshot-ai")
    session.answer("Round", "moonshot-ai-latest")
    session.answer("Metric", "valuations")
    session.read("not one of amount_raised")
    session.read("did you mean valuation?")
    session.answer("Metric", "arr")
    session.read("arr belongs to the company: leave round_id empty")
    session.answer("Metric", "valuation")
    session.answer("Qualifier", "range")
    session.answer("Lower number", "20B")
    session.read("not a number in plain digits")
    session.answer("Lower number", "20000000000")
    session.answer("Upper number", "1")
    session.read("below value")
    session.answer("Upper number", "25000000000")
    session.answer("Currency", "usd")
    session.read("did you mean USD?")
    session.answer("Currency", "USD")
    session.answer("Basis", "market_cap")
    session.read("a price of the company, never of a round")
    session.answer("Basis", "post_money")
    session.accept("Status")
    session.answer("As of", "2026-02-30")
    session.read("no such day in the calendar")
    session.answer("As of", "")
    session.accept("Where in the source")
    session.answer("Add these rows", "perhaps")
    session.read("write y or n")
    session.answer("Add these rows", "yes")
    assert session.end() == 0
    [claim] = _new_lines(folder, "claims.csv")
    assert claim == (
        "moonshot-ai,moonshot-ai-latest,valuation,20000000000,25000000000,USD,range,post_money,"
        "stated,,seed-document,"
    )


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("questions", range(4))
def test_stopping_leaves_every_file_as_it_was(folder: Path, key: str, questions: int) -> None:
    """Ctrl-C and the end of input stop at any question, in one line and with exit code 1."""
    before = _contents(folder)
    session = Session("new-fact", folder)
    for question, answer in [
        ("Source", "seed-document"),
        ("Company", "acme"),
        ("Add it?", "y"),
    ][:questions]:
        session.answer(question, answer)
    session.read(("Source", "Company", "Add it?", "Name")[questions])
    session.write(f"\x15{key}")
    session.read("Stopped: nothing was written")
    assert session.end() == 1
    assert "Traceback" not in session.screen
    assert _contents(folder) == before


@pytest.mark.parametrize("last", ["n\r", CTRL_C])
def test_rows_that_are_not_wanted_are_not_written(folder: Path, last: str) -> None:
    """Until the last question is answered with yes, nothing has happened."""
    before = _contents(folder)
    session = Session("new-fact", folder)
    session.answer("Source", "seed-document")
    session.answer("Company", "moonshot-ai")
    session.answer("Round", "moonshot-ai-latest")
    _claim(session)
    session.read("Add these rows")
    session.write(last)
    assert session.end() == 1
    assert "Stopped: nothing was written" in session.screen
    assert _contents(folder) == before


def test_a_claim_that_is_there_already_is_refused(folder: Path) -> None:
    """The whole is checked at the end: the message is that of check, and nothing is written."""
    before = _contents(folder)
    session = Session("new-fact", folder)
    session.answer("Source", "seed-document")
    session.answer("Company", "moonshot-ai")
    session.answer("Round", "moonshot-ai-latest")
    session.answer("Metric", "amount_raised")
    session.answer("Qualifier", "approx")
    session.answer("Number", "2000000000")
    session.accept("Currency", "Status", "As of", "Where in the source")
    session.answer("Add these rows", "y")
    session.read("repeats line 3: ids and stated facts stand once")
    session.read("nothing was written")
    assert session.end() == 1
    assert _contents(folder) == before


def test_a_number_that_looks_like_a_slip_is_doubted_before_it_is_written(folder: Path) -> None:
    """A digit too many is easily typed, so the warning comes before the last question."""
    session = Session("new-fact", folder)
    session.answer("Source", "seed-document")
    session.answer("Company", "moonshot-ai")
    session.answer("Round", "moonshot-ai-latest")
    session.answer("Metric", "amount_raised")
    session.answer("Qualifier", "exact")
    session.answer("Number", "20000000000")
    session.accept("Currency", "Status", "As of", "Where in the source")
    session.read("differs by a power of ten")
    session.answer("Add these rows", "n")
    assert session.end() == 1


def test_a_dataset_with_errors_is_not_grown(folder: Path) -> None:
    """Its errors are told before anything is asked."""
    path = folder / "rounds.csv"
    path.write_bytes(path.read_bytes().replace(b"equity", b"equities"))
    session = Session("new-fact", folder)
    session.read("did you mean equity?")
    session.read("nothing was written")
    assert session.end() == 1


def test_without_a_terminal_it_says_so(folder: Path) -> None:
    """A pipe can't be asked: exit code 2, and nothing is read from it."""
    ran = subprocess.run(
        [*COMMAND, "new-fact", str(folder)],
        input="x\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [
        "new-fact asks its questions in a terminal, and this isn't one"
    ]
    assert _contents(folder) == _contents(DOCUMENT)


def test_other_commands_do_not_need_the_prompts() -> None:
    """What draws prompts is imported only when new-fact runs, so that serving doesn't pay for it."""
    code = "import sys, app.cli, app.main; sys.exit('prompt_toolkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
