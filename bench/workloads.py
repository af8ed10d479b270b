"""The workloads: what each contender is asked, and what airounds is asked for each of them."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from app.resources.rounds import FundingRoundPage
from bench.asking import Request, ask

ROWS = 50
LEAST_AMOUNT_USD = 10_000_000
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
    Workload.LIST: f"{ROWS} rounds of US companies that raised at least USD {LEAST_AMOUNT_USD:,}, the "
    "largest first, each with its company",
    Workload.COMPANY: "a company with its figures, by id",
    Workload.COMPANY_ROUNDS: "all rounds of that company",
    Workload.DEEP: f"{ROWS} rounds, the latest first, after four fifths of them",
    Workload.STATISTICS: "count, sum and median of amounts by year and country",
    Workload.UNCHANGED: "the list again, with the ETag that came with it",
    Workload.MIX: "2,000 addresses, the n-th of them asked for 1/n as often as the first",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What of the data the requests name: a company, and a place far down the list of rounds."""

    company: str
    offset: int
    cursor: str


LIST = "/v1/rounds?" + urlencode(
    {
        "country": "US",
        "min_amount_usd": LEAST_AMOUNT_USD,
        "sort": "-amount_usd",
        "limit": ROWS,
    }
)
STATISTICS = "/v1/rounds/stats?group_by=year,country&limit=200"


def sampled(base: str, rounds: int) -> Sample:
    """Ask airounds for the company on top of the list, and walk its cursors down."""
    pages = max(int(rounds * _DEPTH) // _STEP, 1)
    top = _page(base, LIST)
    page = _page(base, f"/v1/rounds?limit={_STEP}")
    for _ in range(pages - 1):
        page = _page(base, f"/v1/rounds?limit={_STEP}&cursor={page.page.next_cursor}")
    return Sample(top.data[0].company.id, pages * _STEP, page.page.next_cursor or "")


def requests_of_airounds(sample: Sample) -> dict[Workload, Request]:
    """Say what airounds is asked for each workload but the mix and the 304."""
    return {
        Workload.LIST: Request(LIST),
        Workload.COMPANY: Request(f"/v1/companies/{sample.company}"),
        Workload.COMPANY_ROUNDS: Request(f"/v1/companies/{sample.company}/rounds"),
        Workload.DEEP: Request(f"/v1/rounds?limit={ROWS}&cursor={sample.cursor}"),
        Workload.STATISTICS: Request(STATISTICS),
    }


def requests_of_textbook(sample: Sample) -> dict[Workload, Request]:
    """Say what the textbook service is asked."""
    return {
        **requests_of_airounds(sample),
        Workload.DEEP: Request(f"/v1/rounds?limit={ROWS}&offset={sample.offset}"),
        Workload.STATISTICS: Request("/v1/rounds/stats"),
    }


def with_validator(base: str, request: Request) -> Request | None:
    """Return a request with the validator of its answer; None where the server sends none."""
    etag = ask(base, request).headers.get("etag")
    if etag is None:
        return None
    again = Request(request.target, {**request.headers, "If-None-Match": etag})
    return again if ask(base, again).status == 304 else None


def _page(base: str, target: str) -> FundingRoundPage:
    return FundingRoundPage.model_validate_json(ask(base, Request(target)).body)
