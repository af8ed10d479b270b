"""The workloads: what is measured, and what airounds and the textbook service are asked for it.

Each is several addresses in turn, more than there are connections: what is asked for twice at one
moment is computed once by airounds, cached or not, and that isn't to be measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from app.resources.rounds import FundingRoundPage
from bench.asking import Request, ask, in_turn

ROWS = 50
TURNS = 64
LEAST_AMOUNTS_USD = range(10_000_000, 10_000_000 + TURNS)
_STEP = 200
_DEPTH = 0.8


class Workload(StrEnum):
    """What is measured."""

    LIST = "list of 50"
    COMPANY = "one company"
    COMPANY_ROUNDS = "one company's rounds"
    DEEP = "deep page"
    STATISTICS = "statistics"
    UNCHANGED = "304"
    MIX = "Zipf mix"


MEANING = {
    Workload.LIST: f"{ROWS} rounds of US companies that raised at least USD {LEAST_AMOUNTS_USD[0]:,}, "
    "and up to 63 more, the largest first, each with its company",
    Workload.COMPANY: f"a company with its figures, by id: {TURNS} companies in turn",
    Workload.COMPANY_ROUNDS: "all rounds of such a company",
    Workload.DEEP: f"{ROWS} rounds, the latest first, after four fifths of them",
    Workload.STATISTICS: "count, sum and median of amounts by year and country; airounds adds "
    "quartiles, how many amounts are bounds or missing, and all that of valuations",
    Workload.UNCHANGED: "one of the lists again, with the ETag that came with it",
    Workload.MIX: "2,000 addresses, the n-th of them asked for 1/n as often as the first",
}

LISTS = [
    "/v1/rounds?"
    + urlencode({"country": "US", "min_amount_usd": least, "sort": "-amount_usd", "limit": ROWS})
    for least in LEAST_AMOUNTS_USD
]
LIST = LISTS[0]
# A page that holds all groups is computed alike, however many more it might hold.
_STATISTICS = [
    f"/v1/rounds/stats?group_by=year,country&limit={limit}" for limit in range(200, 200 - TURNS, -1)
]


@dataclass(frozen=True, slots=True)
class Sample:
    """What of the data the requests name: companies, and places far down the list of rounds."""

    companies: Sequence[str]
    offset: int
    cursors: Sequence[str]

    @property
    def offsets(self) -> range:
        """How many rounds come before each of the places."""
        return range(self.offset, self.offset + TURNS)


def sampled(base: str, rounds: int) -> Sample:
    """Ask airounds for companies that raised most, and walk its cursors down."""
    raised = _page(base, "/v1/rounds?sort=-amount_usd&limit=200")
    companies = list(dict.fromkeys(one.company.id for one in raised.data))[:TURNS]
    steps = max(int(rounds * _DEPTH) // _STEP, 1)
    place = ""
    for _ in range(steps):
        place = _after(base, _STEP, place)
    cursors = [place]
    for _ in range(TURNS - 1):
        cursors.append(_after(base, 1, cursors[-1]))
    return Sample(companies, steps * _STEP, cursors)


def requests_of_airounds(sample: Sample) -> dict[Workload, Request]:
    """Say what airounds is asked for each workload but the mix and the 304."""
    return {
        Workload.LIST: in_turn(LISTS),
        Workload.COMPANY: in_turn([f"/v1/companies/{name}" for name in sample.companies]),
        Workload.COMPANY_ROUNDS: in_turn(
            [f"/v1/companies/{name}/rounds" for name in sample.companies]
        ),
        Workload.DEEP: in_turn(
            [f"/v1/rounds?limit={ROWS}&cursor={cursor}" for cursor in sample.cursors]
        ),
        Workload.STATISTICS: in_turn(_STATISTICS),
    }


def requests_of_textbook(sample: Sample) -> dict[Workload, Request]:
    """Say what the textbook service is asked."""
    return {
        **requests_of_airounds(sample),
        Workload.DEEP: in_turn(
            [f"/v1/rounds?limit={ROWS}&offset={offset}" for offset in sample.offsets]
        ),
        Workload.STATISTICS: Request("/v1/rounds/stats"),
    }


def with_validator(base: str, request: Request) -> Request | None:
    """Return a request with the validator of its answer; None where the server doesn't heed one."""
    etag = ask(base, request).headers.get("etag")
    if etag is None:
        return None
    again = Request(request.target, {**request.headers, "If-None-Match": etag})
    return again if ask(base, again).status == 304 else None


def _page(base: str, target: str) -> FundingRoundPage:
    return FundingRoundPage.model_validate_json(ask(base, Request(target)).body)


def _after(base: str, rounds: int, cursor: str) -> str:
    """Return the cursor of the place so many rounds further down."""
    place = f"&cursor={cursor}" if cursor else ""
    following = _page(base, f"/v1/rounds?limit={rounds}{place}").page.next_cursor
    if following is None:
        raise RuntimeError("the list of rounds is too short")
    return following
