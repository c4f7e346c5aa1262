"""The service under gunicorn, started from Python."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from service.app import create_app, open_detector
from service.settings import Settings

BACKLOG: Final = 2048
"""Connections that may wait to be accepted; gunicorn's own default."""

GRACE_SECONDS: Final = 10
"""How long requests under way may take after SIGTERM; container platforms kill after 10 to 30."""

KEEP_ALIVE_SECONDS: Final = 5
"""How long an idle connection is kept for its next request."""


class ListenError(Exception):
    """The address cannot be listened on."""


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with one app, loaded before its workers are forked.

    Args:
        app: Shared by all workers; its memory too, as long as nobody writes to it.
        settings: How many workers and threads.
        listener: A listening socket; taken over.
        on_ready: Called in the master when connections are accepted.
        on_exit: Called in the master when all workers are gone.
    """

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        listener: socket.socket,
        on_ready: Callable[[], None],
        on_exit: Callable[[], None],
    ) -> None:
        self._app = app
        self._options = {
            "bind": f"fd://{listener.detach()}",
            "worker_class": "gthread",
            "workers": settings.workers,
            "threads": settings.threads,
            "preload_app": True,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "loglevel": "warning",
            # It would be one file for all services of this user.
            "control_socket_disable": True,
            "when_ready": lambda _: on_ready(),
            "on_exit": lambda _: on_exit(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app that workers serve."""
        return self._app


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        ListenError: The address is in use, not this machine's, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ListenError(
            f"cannot listen on {host} port {port}: {error.strerror}; "
            "stop what is using it, or choose another --host or --port"
        ) from error


def url(listener: socket.socket) -> str:
    """Where a browser finds the service."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(host: str, port: int, settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the service until SIGTERM or SIGINT; requests under way are finished.

    The index is opened here, once: an embedded server is this process's child, and the
    workers only connect to it.

    Args:
        host: Name or address to listen on.
        port: Port to listen on; 0 takes a free one.
        settings: How the service runs.
        announce: Told the service's URL once it accepts connections.

    Raises:
        ListenError: The address cannot be listened on.
        StoreError: The index cannot be opened.
        SystemExit: At the end, with gunicorn's exit status.
    """
    listener = listen(host, port)
    address = url(listener)
    detector = open_detector(settings)
    app = create_app(settings, detector)

    # A worker ends with SystemExit through this very frame, so closing is left to a hook
    # that runs in the master alone.
    def close() -> None:
        _reap_workers()
        detector.close()

    Gunicorn(app, settings, listener, lambda: announce(address), close).run()


def _reap_workers() -> None:
    """Wait for workers that gunicorn has killed because their grace was over.

    As long as one of them is still dying it counts as a user of the embedded server,
    which would then be left running.
    """
    with suppress(ChildProcessError):
        while True:
            os.wait()
