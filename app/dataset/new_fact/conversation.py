"""Ask for one claim, and for the source, company and round that it needs where they are new.

What is asked, in which order, and what is proposed lives here; who answers is the caller's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.dataset.ids import free_id
from app.dataset.new_fact.append import added
from app.dataset.new_fact.options import (
    Option,
    company_options,
    named,
    round_options,
    source_options,
)
from app.dataset.new_fact.questions import Question, Terminal, agreed, ask
from app.dataset.new_fact.row import NewRow
from app.dataset.read import Dataset
from app.dataset.records import FILES, Record
from app.likeness import nearest, slug
from app.vocabulary import (
    COMPANY_METRICS,
    COUNT_METRICS,
    ROUND_BASES,
    ROUND_METRICS,
    Basis,
    ClaimMetric,
    Qualifier,
    Stage,
)

_LONGEST_PROPOSAL = 60
_DATE = "YYYY, YYYY-MM or YYYY-MM-DD"


def ask_fact(dataset: Dataset, terminal: Terminal, today: date) -> dict[str, Record]:
    """Ask for one claim and return the new rows, at most one a file, in the order of the files."""
    talk = _Talk(added(dataset, {}), terminal, today.isoformat())
    source_id = talk.source()
    company_id = talk.company(source_id)
    round_id = talk.round(company_id, source_id)
    talk.claim(company_id, round_id, source_id)
    return {file: talk.new[file] for file in FILES if file in talk.new}


@dataclass(slots=True)
class _Talk:
    """A conversation, and the rows that it has brought so far; the dataset has them too."""

    dataset: Dataset
    terminal: Terminal
    today: str
    new: dict[str, Record] = field(default_factory=dict)

    def source(self) -> str:
        """Ask for a source and return its id."""
        options = source_options(self.dataset)
        text = "Source (its id, title or address; another word adds one)"
        return self._pick("sources.csv", text, options, self._new_source)

    def company(self, source_id: str) -> str:
        """Ask for a company and return its id."""
        options = company_options(self.dataset)
        text = "Company (its id or a name; another word adds one)"
        return self._pick(
            "companies.csv", text, options, lambda typed: self._new_company(typed, source_id)
        )

    def round(self, company_id: str, source_id: str) -> str:
        """Ask for a round of a company and return its id, empty for the company itself."""
        options = round_options(self.dataset, company_id)
        text = "Round (its id or stage; another word adds one; empty: the company itself)"
        return self._pick(
            "rounds.csv",
            text,
            options,
            lambda typed: self._new_round(typed, company_id, source_id),
            optional=True,
        )

    def claim(self, company_id: str, round_id: str, source_id: str) -> None:
        """Ask for the number."""
        row = self._row("claims.csv", company_id=company_id, round_id=round_id, source_id=source_id)
        row.ask("metric", "Metric", only=ROUND_METRICS if round_id else COMPANY_METRICS)
        row.ask("qualifier", "Qualifier (how the source hedges its number)")
        ranged = row.cells["qualifier"] == Qualifier.RANGE
        row.ask("value", "Lower number" if ranged else "Number, in plain digits")
        if ranged:
            row.ask("value_high", "Upper number")
        if row.cells["metric"] not in COUNT_METRICS:
            row.ask("currency", "Currency", "USD")
        if row.cells["metric"] == ClaimMetric.VALUATION:
            row.ask("basis", "Basis", "unspecified", only=ROUND_BASES if round_id else set(Basis))
        row.ask("status", "Status", "stated")
        row.ask("as_of", f"As of ({_DATE})")
        row.ask("locator", "Where in the source, in your own words")
        self._keep(row)

    def _new_source(self, typed: str) -> str:
        row = self._row("sources.csv", retrieved_on=self.today)
        is_address, is_id = typed.startswith(("https://", "http://")), slug(typed) == typed
        row.ask("publisher", "Publisher")
        row.ask("title", "Title, in its own language", "" if is_address or is_id else typed)
        row.ask("url", "Address", typed if is_address else "")
        row.ask("published_on", f"Published on ({_DATE})")
        row.ask("kind", "Kind of source")
        issue = f"{row.cells['publisher']} {row.cells['published_on'][:7].replace('-', '')}"
        row.ask(
            "id", "Id of the source", self._free_id("sources.csv", issue if is_address else typed)
        )
        return self._keep(row)

    def _new_company(self, typed: str, source_id: str) -> str:
        row = self._row("companies.csv", source_id=source_id)
        row.ask("name", "Name", typed)
        row.ask("aliases", "Other names, joined by |")
        row.ask("country", "Country, such as US")
        row.ask("city", "City")
        row.ask("founded_on", f"Founded on ({_DATE})")
        row.ask("founders", "Founders, joined by |")
        row.ask("status", "Status", "private")
        row.ask("categories", "Categories, joined by |")
        row.ask("website", "Website")
        row.ask("id", "Id of the company", self._free_id("companies.csv", row.cells["name"]))
        return self._keep(row)

    def _new_round(self, typed: str, company_id: str, source_id: str) -> str:
        row = self._row("rounds.csv", company_id=company_id, source_id=source_id)
        stage = (slug(typed) or "").replace("-", "_")
        row.ask("stage", "Stage", stage if stage in set(Stage) else "unknown")
        row.ask("status", "Status")
        row.ask("instrument", "Instrument", "equity")
        row.ask("announced_on", f"Announced on ({_DATE})")
        row.ask("closed_on", f"Closed on ({_DATE})")
        row.ask(
            "extends",
            "Earlier round that it enlarges",
            options=round_options(self.dataset, company_id),
        )
        day = row.cells["announced_on"] or row.cells["closed_on"]
        proposal = f"{company_id} {day[:7]} {row.cells['stage']}"
        row.ask("id", "Id of the round", self._free_id("rounds.csv", proposal))
        return self._keep(row)

    def _pick(
        self,
        file: str,
        text: str,
        options: tuple[Option, ...],
        add: Callable[[str], str],
        *,
        optional: bool = False,
    ) -> str:
        """Ask for a row of a file by its id or name; a word that names none may add one."""
        question = Question(
            text, lambda answer: None if answer or optional else "missing", "", options
        )
        while True:
            typed = ask(self.terminal, question)
            if not typed:
                return ""
            found = named(typed, options)
            if len(found) > 1:
                self.terminal.refuse(f"names more than one: write {' or '.join(found)}")
                continue
            if found:
                if found != [typed]:
                    self.terminal.say(f"{typed} is {found[0]}")
                return found[0]
            guess = nearest(typed, [option.word for option in options])
            hint = f" (did you mean {guess}?)" if guess else ""
            if agreed(self.terminal, f"{typed} isn't in {file}{hint}. Add it?"):
                return add(typed)

    def _free_id(self, file: str, name: str) -> str:
        """Propose an id that no row of a file has, empty where a name has no letter for one."""
        proposal = (slug(name) or "")[:_LONGEST_PROPOSAL].rstrip("-")
        taken = {record.id for record in self.dataset.records(file)}
        return free_id(proposal, taken) if proposal else ""

    def _row(self, file: str, **given: str) -> NewRow:
        return NewRow(self.dataset, self.terminal, file, given)

    def _keep(self, row: NewRow) -> str:
        self.new[row.file] = row.keep()
        return row.cells.get("id", "")
