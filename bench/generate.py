"""Make a dataset of any size that looks like the seed, whose rows it draws from: one seed, one dataset.

    python -m bench.generate 1000000 million/

Stages, statuses, qualifiers, bases, precisions of dates, blank cells and contradictions come as often
as in the seed. A company has ten rounds; a round has 2.5 claims, those on its company included, and
two of the four investors that it has in the seed. There is a source for every two rounds and an
investor for every five: history keeps how each of them read on every day, so that its tables grow
with the square of how often one is named, which in the seed too is seldom more than four times.
"""

import argparse
import csv
import random
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.dataset.check import read_checked
from app.dataset.ids import free_id
from app.dataset.records import FILES, ClaimRecord, CompanyRecord, InvestorRecord, cells
from app.likeness import slug
from app.settings import shipped
from bench.inventing import (
    FACTORS,
    LATEST,
    Words,
    as_precise,
    invented,
    like,
    moved,
    multiplied,
    title,
    words_of,
)
from bench.seed import RoundModel, Seed, gathered

_ROUNDS_A_COMPANY, _ROUNDS_A_SOURCE, _ROUNDS_AN_INVESTOR = 10, 2, 5
_CLAIMS_A_ROUND = 2.5
_PARTS_KEPT = 0.5
_SKEW = 1.5  # the first investors take part in more rounds than the last ones
_NEAR = 40  # of this many sources that were published about a day one is taken
_CLAIM_KEY, _PART_KEY = (0, 1, 2, 3, 4, 5, 9, 10), (0, 1, 2, 3)

Row = list[str]


class Maker:
    """Makes rows: all sources and all investors, and then company after company."""

    def __init__(self, seed: Seed, rounds: int, chance: random.Random) -> None:
        """Name what there will be; what is said of it is made as it is asked for."""
        self._seed, self._chance, self._left = seed, chance, rounds
        self._claims_kept = (
            _CLAIMS_A_ROUND - seed.claims_a_company / _ROUNDS_A_COMPANY
        ) / seed.claims_a_round
        self._companies = self._named(seed.companies, rounds // _ROUNDS_A_COMPANY + 1)
        self._investors = self._named(seed.investors, rounds // _ROUNDS_AN_INVESTOR + _NEAR)
        self._published = sorted(
            moved(chance, chance.choice(seed.dates))
            for _ in range(rounds // _ROUNDS_A_SOURCE + _NEAR)
        )
        self._source_ids: list[str] = []
        self._aliases = words_of(
            [text for one in seed.companies for text in (one.name, *one.aliases)]
        )
        self._founders = words_of([text for one in seed.companies for text in one.founders])

    def _named(
        self, models: Sequence[CompanyRecord | InvestorRecord], count: int
    ) -> list[tuple[str, str]]:
        """Return the ids and names of as many things, in order of id."""
        words = words_of([one.name for one in models])
        named: dict[str, str] = {}
        while len(named) < count:
            text = invented(self._chance, words)
            wanted = slug(text) or "unnamed"
            if wanted in named:
                # What many names would share is told apart at once, not counted up one by one.
                wanted = free_id(f"{wanted}-{self._chance.randrange(10**6)}", named)
            named[wanted] = text
        return sorted(named.items())

    def sources(self) -> Iterator[Row]:
        """Make the sources, the earliest first."""
        titles = [one.title for one in self._seed.sources if one.title]
        for number, day in enumerate(self._published):
            model = self._chance.choice(self._seed.sources)
            given = f"{model.id.split('-')[0]}-{number}"
            self._source_ids.append(given)
            site = "/".join((model.url or "").split("/")[:3])
            yield [
                given,
                model.publisher or "",
                title(self._chance, titles) if model.title else "",
                f"{site}/{given}" if model.url else "",
                as_precise(day, model.published_on),
                model.retrieved_on or "",
                model.kind,
            ]

    def investors(self) -> Iterator[Row]:
        """Make the investors."""
        for given, named in self._investors:
            model = self._chance.choice(self._seed.investors)
            yield [given, named, model.kind, model.country or ""]

    def companies(self) -> Iterator[tuple[str, Row]]:
        """Make the companies, each with its rounds and what is stated of them; a row has its file."""
        for number, (given, named) in enumerate(self._companies, start=1):
            yield "companies.csv", self._company(given, named)
            yield from self._series(given)
            drawn = self._chance.randint(1, 2 * _ROUNDS_A_COMPANY - 1)
            rounds = self._left if number == len(self._companies) else min(self._left, drawn)
            self._left -= rounds
            taken: set[str] = set()
            for _ in range(rounds):
                yield from self._round(self._chance.choice(self._seed.rounds), given, taken)

    def _company(self, given: str, named: str) -> Row:
        model = self._chance.choice(self._seed.companies)
        founded = moved(self._chance, model.founded_on or "2020")
        made = {
            "id": given,
            "name": named,
            "aliases": self._list_like(self._aliases, model.aliases),
            "founded_on": as_precise(founded, model.founded_on),
            "founders": self._list_like(self._founders, model.founders),
            "website": f"{given}.com" if model.website else "",
            "source_id": self._source(founded),
        }
        row = dict(zip(FILES["companies.csv"].model_fields, cells(model), strict=True))
        return list({**row, **made}.values())

    def _list_like(self, words: Words, listed: Iterable[str]) -> str:
        return "|".join(dict.fromkeys(like(self._chance, words, one) for one in listed))

    def _series(self, company: str) -> Iterator[tuple[str, Row]]:
        factor = self._chance.choice(FACTORS)
        made = []
        for claim in self._chance.choice(self._seed.series):
            day = moved(self._chance, claim.as_of or self._chance.choice(self._seed.dates))
            made.append(self._claim(claim, (company, ""), day, factor, self._source(day)))
        yield from _once("claims.csv", made, _CLAIM_KEY)

    def _round(self, model: RoundModel, company: str, taken: set[str]) -> Iterator[tuple[str, Row]]:
        one = model.round
        day = moved(self._chance, one.date) if one.date else None
        announced, closed = (
            as_precise(day, text) if day else "" for text in (one.announced_on, one.closed_on)
        )
        stage = one.stage.replace("_", "-")
        given = free_id(f"{company}-{announced or closed or 'undated'}-{stage}", taken)
        taken.add(given)
        sources = {one.source_id: self._source(day)}
        row = [given, company, one.stage, one.status, one.instrument, announced, closed, ""]
        yield "rounds.csv", [*row, sources[one.source_id]]
        factor = self._chance.choice(FACTORS)
        claims, parts = [], []
        for claim in model.claims:
            if self._chance.random() < self._claims_kept:
                source = sources.setdefault(claim.source_id, self._source(day))
                claims.append(self._claim(claim, (company, given), day, factor, source))
        for part in model.parts:
            if self._chance.random() < _PARTS_KEPT:
                source = sources.setdefault(part.source_id, self._source(day))
                place = int(len(self._investors) * self._chance.random() ** _SKEW)
                parts.append([given, self._investors[place][0], part.role, source])
        yield from _once("claims.csv", claims, _CLAIM_KEY)
        yield from _once("participations.csv", parts, _PART_KEY)

    def _claim(
        self,
        model: ClaimRecord,
        about: tuple[str, str],
        day: date | None,
        factor: Decimal,
        source: str,
    ) -> Row:
        return [
            *about,
            model.metric,
            multiplied(model.value, factor),
            multiplied(model.value_high, factor),
            model.currency or "",
            model.qualifier,
            model.basis or "",
            model.status,
            as_precise(day or LATEST, model.as_of),
            source,
            model.locator or "",
        ]

    def _source(self, day: date | None) -> str:
        """Choose one of the sources published about a day."""
        place = bisect(self._published, day) if day else self._chance.randrange(10**9)
        return self._source_ids[(place + self._chance.randrange(_NEAR)) % len(self._source_ids)]


def _once(file: str, rows: Iterable[Row], key: Sequence[int]) -> Iterator[tuple[str, Row]]:
    """Leave out the rows that state the same as one before."""
    yield from (
        (file, row) for row in {tuple(row[place] for place in key): row for row in rows}.values()
    )


def generate(rounds: int, folder: Path, seed: int = 1) -> None:
    """Write a dataset of so many rounds into a new folder, a row at a time."""
    model = gathered(read_checked(shipped("seed_data")))
    maker = Maker(model, rounds, random.Random(seed))
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        writers = {}
        for file, record in FILES.items():
            stream = (folder / file).open("w", encoding="utf-8", newline="")
            writers[file] = csv.writer(stack.enter_context(stream), lineterminator="\n")
            writers[file].writerow(record.model_fields)
        writers["sources.csv"].writerows(maker.sources())
        writers["investors.csv"].writerows(maker.investors())
        for file, row in maker.companies():
            writers[file].writerow(row)


def main() -> None:
    """Make a dataset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", type=int, help="how many rounds it has")
    parser.add_argument("folder", type=Path, help="a folder that isn't there yet")
    parser.add_argument("--seed", type=int, default=1, help="another number, another dataset")
    asked = parser.parse_args()
    generate(asked.rows, asked.folder, asked.seed)


if __name__ == "__main__":
    main()
