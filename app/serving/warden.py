"""Looks at all connections of a process once a second, and bounds how many there are and what they hold."""

import asyncio
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.metrics import ConnectionMetrics
    from app.serving.guard import Guard

_SECONDS_BETWEEN_LOOKS = 1.0
# Of answers that clients have yet to read, all together.
MOST_UNSENT_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many connections are held, and for how long a client may keep one of them waiting."""

    connections: int
    seconds: float


class Warden:
    """Holds connections, the longest held first."""

    def __init__(self, bounds: Bounds, metrics: "ConnectionMetrics | None" = None) -> None:
        self._bounds = bounds
        self._metrics = metrics
        self._held: dict[Guard, None] = {}
        self._next_look: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """Return how many connections are held."""
        return len(self._held)

    def hold(self, guard: "Guard") -> bool:
        """Hold a connection; where there are too many the longest held that is idle gives way.

        Returns False where none does.
        """
        if len(self._held) >= self._bounds.connections:
            idle = next((one for one in self._held if one.is_idle), None)
            if idle is None:
                return False
            self.count("made room")
            idle.give_way()
        self._held[guard] = None
        if self._next_look is None:
            self._look_later()
        return True

    def let_go(self, guard: "Guard") -> None:
        """Forget a connection that is closed."""
        self._held.pop(guard, None)

    def count(self, reason: str) -> None:
        """Count a connection that is closed, by the reason."""
        if self._metrics is not None:
            self._metrics.closed.labels(reason).inc()

    def _look_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._next_look = loop.call_later(_SECONDS_BETWEEN_LOOKS, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._metrics is not None:
            self._metrics.open.set(len(self._held))
        unsent = [(one.look(now, self._bounds.seconds), one) for one in list(self._held)]
        excess = sum(size for size, _ in unsent) - MOST_UNSENT_BYTES
        if excess > 0:
            for size, guard in sorted(unsent, key=itemgetter(0), reverse=True):
                self.count("too much unread")
                guard.abort()
                excess -= size
                if excess <= 0:
                    break
        if self._held:
            self._look_later()
        else:
            self._next_look = None
