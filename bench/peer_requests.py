"""What each peer is asked for each workload: the nearest equal that it has."""

import json
from urllib.parse import quote

from bench.asking import Request, ask, in_turn
from bench.workloads import LEAST_AMOUNTS_USD, ROWS, Sample, Workload

_COUNTED = "instrument = 'equity' AND status IN ('announced', 'closed')"
_MOST_OF_DATASETTE = 1_000


def of_datasette(base: str, sample: Sample) -> dict[Workload, Request]:
    """Ask by the JSON of its tables, and for statistics by SQL."""
    rounds = "/peers/rounds.json?_shape=array&_nofacet=1&_nocount=1"
    amounts = (
        "SELECT substr(announced_on, 1, 4) AS year, company_country, amount_usd,"
        " row_number() OVER w AS place, count(amount_usd) OVER g AS known, count(*) OVER g AS n"
        f" FROM rounds WHERE {_COUNTED}"
        " WINDOW g AS (PARTITION BY substr(announced_on, 1, 4), company_country),"
        " w AS (PARTITION BY substr(announced_on, 1, 4), company_country"
        " ORDER BY amount_usd NULLS LAST)"
    )
    median = "avg(CASE WHEN 2 * place BETWEEN known AND known + 2 THEN amount_usd END)"
    sql = (
        f"SELECT year, company_country, max(n) AS count, sum(amount_usd) AS sum, {median} AS median"
        f" FROM ({amounts}) GROUP BY year, company_country"
    )
    return {
        Workload.LIST: in_turn(
            [
                f"{rounds}&company_country=US&amount_usd__gte={least}"
                f"&_sort_desc=amount_usd&_size={ROWS}"
                for least in LEAST_AMOUNTS_USD
            ]
        ),
        Workload.COMPANY: in_turn([f"/peers/companies/{name}.json" for name in sample.companies]),
        Workload.COMPANY_ROUNDS: in_turn(
            [f"{rounds}&company_id={name}&_size=200" for name in sample.companies]
        ),
        Workload.DEEP: Request(f"{rounds}{_place_in_datasette(base, sample)}&_size={ROWS}"),
        Workload.STATISTICS: Request(f"/peers.json?_shape=array&sql={quote(sql)}"),
    }


def _place_in_datasette(base: str, sample: Sample) -> str:
    """Walk its pages down to the place, which their `next` names."""
    order = "&_sort_desc=announced_on"
    left, place = sample.offset, ""
    while left:
        size = min(left, _MOST_OF_DATASETTE)
        page = f"/peers/rounds.json?_nofacet=1&_nocount=1{order}{place}&_size={size}"
        place = "&_next=" + quote(json.loads(ask(base, Request(page)).body)["next"])
        left -= size
    return order + place


def of_roapi(_: str, sample: Sample) -> dict[Workload, Request]:
    """Ask by its REST of tables, and for statistics by SQL, which it takes as a POST."""
    rounds = "/api/tables/rounds?"
    year = "substr(announced_on, 1, 4)"
    sql = (
        f"SELECT {year} AS year, company_country, count(*) AS count, sum(amount_usd) AS sum,"
        f" median(amount_usd) AS median FROM rounds WHERE {_COUNTED}"
        f" GROUP BY {year}, company_country"
    )
    country, companies = quote("'US'"), [quote(f"'{name}'") for name in sample.companies]
    return {
        Workload.LIST: in_turn(
            [
                f"{rounds}filter%5Bcompany_country%5D={country}"
                f"&filter%5Bamount_usd%5Dgte={least}&sort=-amount_usd&limit={ROWS}"
                for least in LEAST_AMOUNTS_USD
            ]
        ),
        Workload.COMPANY: in_turn(
            [f"/api/tables/companies?filter%5Bid%5D={name}" for name in companies]
        ),
        Workload.COMPANY_ROUNDS: in_turn(
            [f"{rounds}filter%5Bcompany_id%5D={name}" for name in companies]
        ),
        Workload.DEEP: in_turn(
            [
                f"{rounds}sort=-announced_on&limit={ROWS}&offset={offset}"
                for offset in sample.offsets
            ]
        ),
        Workload.STATISTICS: Request("/api/sql", method="POST", body=sql),
    }


def of_json_server(_: str, sample: Sample) -> dict[Workload, Request]:
    """Ask by its filters; it sums nothing up."""
    return {
        Workload.LIST: in_turn(
            [
                f"/rounds?company_country=US&amount_usd_gte={least}"
                f"&_sort=amount_usd&_order=desc&_limit={ROWS}"
                for least in LEAST_AMOUNTS_USD
            ]
        ),
        Workload.COMPANY: in_turn([f"/companies/{name}" for name in sample.companies]),
        Workload.COMPANY_ROUNDS: in_turn(
            [f"/rounds?company_id={name}" for name in sample.companies]
        ),
        Workload.DEEP: in_turn(
            [
                f"/rounds?_sort=announced_on&_order=desc&_start={offset}&_limit={ROWS}"
                for offset in sample.offsets
            ]
        ),
    }


def of_soul(_: str, sample: Sample) -> dict[Workload, Request]:
    """Ask by its rows of tables; it sums nothing up."""
    rounds, page = "/api/tables/rounds/rows?", sample.offset // ROWS + 1
    return {
        Workload.LIST: in_turn(
            [
                f"{rounds}_filters=company_country:US,amount_usd__gte:{least}"
                f"&_ordering=-amount_usd&_limit={ROWS}&_page=1"
                for least in LEAST_AMOUNTS_USD
            ]
        ),
        Workload.COMPANY: in_turn(
            [f"/api/tables/companies/rows/{name}" for name in sample.companies]
        ),
        Workload.COMPANY_ROUNDS: in_turn(
            [f"{rounds}_filters=company_id:{name}&_limit=200" for name in sample.companies]
        ),
        Workload.DEEP: Request(f"{rounds}_ordering=-announced_on&_limit={ROWS}&_page={page}"),
    }
