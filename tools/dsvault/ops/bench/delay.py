"""A wire of a certain length: bytes from either side arrive so much later at the other."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SIZE = 65536


@contextmanager
def delayed(socket: Path, round_trip_ms: float) -> Iterator[int]:
    """Give a port of this machine that leads to a server's socket, for a block.

    A chunk that arrives while others are still on their way is not held up by them: only the time
    of a round trip grows, as on a long line, not the time that many bytes take.
    """
    loop = asyncio.new_event_loop()
    one_way = round_trip_ms / 2000

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(str(socket))
        # Taken down with a session still open: asyncio would report it as an error of its callback.
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                _carry(reader, to_server, one_way), _carry(from_server, writer, one_way)
            )

    server = loop.run_until_complete(asyncio.start_server(accept, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        _close(loop, server)


def _close(loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
    server.close()
    loop.run_until_complete(_cancel_others())
    loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Pass on what comes, each chunk so many seconds after it came."""
    clock = asyncio.get_running_loop().time
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, data = await on_the_way.get()
            await asyncio.sleep(max(0.0, due - clock()))
            if not data:
                writer.close()
                return
            writer.write(data)
            await writer.drain()

    delivering = asyncio.ensure_future(deliver())
    with suppress(OSError):
        while data := await reader.read(_SIZE):
            on_the_way.put_nowait((clock() + seconds, data))
    on_the_way.put_nowait((clock() + seconds, b""))
    with suppress(OSError):
        await delivering
