"""An answer whose head is written is sent as it is, since most of sending one again is its head.

uvicorn looks at each header of each answer by two regular expressions, and joins them anew. What it does
besides is done here too: this relies on its internals, as the guard does.
"""

from types import MethodType

from starlette.types import Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle


def cycle_of(send: Send) -> RequestResponseCycle | None:
    """Return the request that a function answers.

    None where it isn't the server's own function, and where the server logs each answer.
    """
    cycle = send.__self__ if type(send) is MethodType else None
    return cycle if type(cycle) is RequestResponseCycle and not cycle.access_log else None


async def send_whole(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
    """Answer a request at once: `head` are all lines that the server doesn't write itself.

    A body is as long as its head says, and none is given to a request for the head alone.
    """
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    cycle.response_started = True
    cycle.waiting_for_100_continue = False
    lines = [STATUS_LINE[status]]
    for name, value in cycle.default_headers:
        lines += (name, b": ", value, b"\r\n")
    lines += (head, b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
    # In one call of the system, after which the client wakes but once.
    cycle.transport.writelines((b"".join(lines), body))
    cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
