"""The contenders: the ceiling, the framework, airounds in three ways, the textbook, and the peers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench import raw
from bench.asking import Request, ask, in_turn
from bench.data import Data
from bench.mix import addresses, drawn
from bench.peers import Peer, peers
from bench.servers import BUILD, Server, airounds, application
from bench.textbook_tables import fill
from bench.workloads import (
    LIST,
    LISTS,
    Sample,
    Workload,
    requests_of_airounds,
    requests_of_textbook,
    sampled,
    with_validator,
)

RAW, FRAMEWORK, CACHED, UNCACHED, TEXTBOOK = (
    "raw ASGI",
    "FastAPI, constant bytes",
    "airounds",
    "airounds, uncached",
    "textbook",
)
# As long as the list that is asked for again, since a server reads the whole of an address.
_UNCHANGED = f"{LIST}&cursor="
# From the cache they are sent as the list is.
_ALIKE = frozenset({Workload.COMPANY_ROUNDS, Workload.DEEP})
_AS_SERVED = "by the command that serves airounds: same server, loop, parser of HTTP and access log"

Requests = Callable[[Server], dict[Workload, Request]]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contender: how it is started, what it is asked once it runs, and what it was given."""

    name: str
    given: str
    start: Callable[[], AbstractContextManager[Server]]
    requests: Requests
    peer: bool = False


def entrants(data: Data, *, short: bool, without: Sequence[str]) -> list[Entrant]:
    """Prepare the contenders but for peers that can't be installed; a short run has no peers, and no mix."""
    with airounds(data.url) as server:
        sample = sampled(server.base, len(data.rounds))
        mix = [] if short else addresses(data)
        _record(server, mix)
    fill(data.database, BUILD / "textbook.db")
    order = drawn(mix) if mix else [LIST]
    ours = [_raw(order), *_airounds(data, sample, order), _framework(), _textbook(sample)]
    if short:
        return ours
    return ours + [_entrant(peer, sample) for peer in peers(data) if peer.name not in without]


def _record(server: Server, ranked: Sequence[str]) -> None:
    """Record what airounds answers, for those that send the same bytes without computing them."""
    bodies = {target: ask(server.base, Request(target)) for target in (*LISTS, *ranked)}
    for target, reply in bodies.items():
        if reply.status != 200:
            raise RuntimeError(f"{target} was answered with {reply.status}: {reply.body!r}")
    held = {"If-None-Match": bodies[LIST].headers["etag"]}
    unchanged = ask(server.base, Request(LIST, held))
    raw.record({**bodies, _UNCHANGED: unchanged}, BUILD / "raw.jsonl")
    (BUILD / "list.json").write_bytes(bodies[LIST].body)


def _raw(order: Sequence[str]) -> Entrant:
    asked = {
        Workload.LIST: in_turn(LISTS),
        Workload.UNCHANGED: Request(_UNCHANGED, {"If-None-Match": f'"{"0" * 24}"'}),
        Workload.MIX: in_turn(order),
    }
    return Entrant(
        RAW,
        f"what airounds sent, headers included, from a dictionary by address; served {_AS_SERVED}",
        lambda: application("raw", BUILD / "raw.jsonl", ready=LIST),
        lambda _: asked,
    )


def _framework() -> Entrant:
    return Entrant(
        FRAMEWORK,
        "the body of the list, and the parameters of GET /v1/rounds as FastAPI's own query model; "
        f"served {_AS_SERVED}",
        lambda: application("framework", BUILD / "list.json", ready="/docs"),
        lambda _: {Workload.LIST: in_turn(LISTS)},
    )


def _airounds(data: Data, sample: Sample, order: Sequence[str]) -> list[Entrant]:
    asked = requests_of_airounds(sample)

    def with_304(server: Server) -> dict[Workload, Request]:
        again = with_validator(server.base, asked[Workload.LIST])
        return {**asked, Workload.UNCHANGED: again} if again else asked

    def of_cached(server: Server) -> dict[Workload, Request]:
        kept = {load: one for load, one in with_304(server).items() if load not in _ALIKE}
        return {**kept, Workload.MIX: in_turn(order)}

    return [
        Entrant(CACHED, "default settings", lambda: airounds(data.url), of_cached),
        Entrant(
            UNCACHED,
            "AIROUNDS_CACHE_BYTES=0",
            lambda: airounds(data.url, cached=False),
            with_304,
        ),
    ]


def _textbook(sample: Sample) -> Entrant:
    return Entrant(
        TEXTBOOK,
        "FastAPI and SQLModel as their tutorials teach, eager loading, response models; SQLite, the "
        "same rows, indexes on what is filtered and sorted by, ANALYZE; each round with its company, "
        f"investors and all of its claims with their sources; served {_AS_SERVED}",
        lambda: application("textbook", BUILD / "textbook.db", ready="/docs"),
        lambda _: requests_of_textbook(sample),
    )


def _entrant(peer: Peer, sample: Sample) -> Entrant:
    def asked(server: Server) -> dict[Workload, Request]:
        requests = peer.requests(server.base, sample)
        again = with_validator(server.base, requests[Workload.LIST])
        return {**requests, Workload.UNCHANGED: again} if again else requests

    return Entrant(peer.title, peer.given, peer.start, asked, peer=True)
