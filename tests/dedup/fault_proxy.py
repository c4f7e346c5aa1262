"""A proxy that cuts connections after so many bytes."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 16


@dataclass(frozen=True)
class Cut:
    """After how many bytes a connection ends; None: not by bytes of that direction."""

    requests: int | None = None
    replies: int | None = None


NO_CUT = Cut()


class CuttingProxy(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Stands before a server and cuts connections.

    Args:
        path: Its own socket.
        upstream: The server's.
    """

    daemon_threads = True

    def __init__(self, path: Path, upstream: str) -> None:
        super().__init__(str(path), Pump)
        self.upstream = upstream
        self.url = f"unix://{path}"
        self.cuts = 0
        self.lock = threading.Lock()
        self.next_cut: Callable[[], Cut] = lambda: NO_CUT

    def cut(
        self, connections: int, *, requests: int | None = None, replies: int | None = None
    ) -> None:
        """Cut the next so many connections, each after so many bytes."""
        coming = [Cut(requests, replies)] * connections
        self.next_cut = lambda: coming.pop() if coming else NO_CUT

    def take_cut(self) -> Cut:
        """What becomes of a new connection."""
        with self.lock:
            cut = self.next_cut()
            self.cuts += cut != NO_CUT
            return cut


class Pump(socketserver.BaseRequestHandler):
    """One connection."""

    server: CuttingProxy

    def handle(self) -> None:
        cut = self.server.take_cut()
        with socket.socket(socket.AF_UNIX) as upstream:
            try:
                upstream.connect(self.server.upstream)
            except OSError:
                return  # The server is away; so are we.
            back = threading.Thread(target=self.pump, args=(upstream, self.request, cut.replies))
            back.start()
            self.pump(self.request, upstream, cut.requests)
            back.join()

    def pump(self, source: socket.socket, sink: socket.socket, limit: int | None) -> None:
        passed = 0
        with suppress(OSError):
            while chunk := source.recv(CHUNK if limit is None else min(CHUNK, limit - passed)):
                passed += len(chunk)
                sink.sendall(chunk)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
