"""What Prometheus is told, by the names that docs/ has; each process counts, and the port of metrics adds up.

prometheus-client decides when it is imported whether processes share a folder, so that it is imported
where metrics are asked for alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


REASONS = ("unfinished request", "unread answer", "too much unread", "made room")
"""Why connections are closed, but for those whose request is refused with a status."""


class RequestMetrics:
    """Requests, and what became of them."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.requests = Counter(
            "airounds_requests",
            "Requests answered; those of cache hit came from memory.",
            ("route", "status", "cache"),
            registry=registry,
        )
        self.sent_bytes = Counter(
            "airounds_response_bytes",
            "Bytes of bodies sent.",
            ("route", "cache"),
            registry=registry,
        )
        self.seconds = Histogram(
            "airounds_request_seconds",
            "Time of answers that didn't come from memory, waiting included.",
            ("route",),
            registry=registry,
            buckets=_BUCKETS,
        )
        self.refused = Counter(
            "airounds_refused",
            "Requests refused because too many were being answered and waiting.",
            registry=registry,
        )
        self.running = Gauge(
            "airounds_running",
            "Answers being computed.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.waiting = Gauge(
            "airounds_waiting",
            "Requests waiting to be computed.",
            registry=registry,
            multiprocess_mode="livesum",
        )


class ConnectionMetrics:
    """Connections, and why the service closed some."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.open = Gauge(
            "airounds_connections",
            "Connections held.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.closed = Counter(
            "airounds_connections_closed",
            "Connections that the service closed because of what their client did.",
            ("reason",),
            registry=registry,
        )
        for reason in REASONS:
            self.closed.labels(reason)  # a series that begins at 0 can be alerted on


class _Living(MultiProcessCollector):
    """Adds up what processes counted; how much goes on in one that has ended isn't asked any more."""

    def __init__(self, registry: CollectorRegistry, folder: Path) -> None:
        super().__init__(registry, path=str(folder))  # type: ignore[no-untyped-call]  # as the library is
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        for file in self._folder.glob("gauge_livesum_*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not _lives(pid):
                mark_process_dead(pid, path=str(self._folder))  # type: ignore[no-untyped-call]
        yield from super().collect()  # type: ignore[no-untyped-call]


def serve_metrics(host: str, port: int, folder: Path) -> None:
    """Answer Prometheus on a port of its own, in a thread; raises OSError where it can't be had."""
    registry = CollectorRegistry()
    _Living(registry, folder)
    start_http_server(port, addr=host, registry=registry)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
