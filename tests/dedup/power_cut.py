"""Run a server until the power fails: keep on disk only what it had forced there.

    python power_cut.py APPEND_ONLY_DIRECTORY COMMAND...

A killed process loses nothing that it wrote, since the kernel has the bytes. This program is
told of every ``fsync`` and ``fdatasync`` before it is done (a seccomp filter whose verdicts it
gives itself, Linux 5.5 or newer; no privilege is needed), and notes how long the append-only
files are then: so long they are sure to be on disk once that call has returned.

Orders are lines on stdin:

- a number from 0 to 1 lets two more such calls through, so that all that was written before the
  order is on disk, and cuts the power at the worst moment, when the server asks for the third:
  it is killed, and of what was written since the second that share of the bytes is kept, as a
  disk may have taken more than it was told to;
- ``hold`` lets the next call take for ever; a line on stdout says when the order is in force,
  another when that call has begun. A number then cuts the power at once: 1 is a kill while the
  disk is busy.

When the power was cut, by the machine's monotonic clock, is the last line on stdout.
The end of stdin ends the server.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import select
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path


@dataclass(frozen=True)
class Calls:
    """Numbers of system calls, which differ between machines."""

    seccomp: int
    fsync: int
    fdatasync: int


CALLS = {"x86_64": Calls(317, 74, 75), "aarch64": Calls(277, 82, 83)}

# From linux/prctl.h, linux/seccomp.h and linux/bpf_common.h.
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_NEW_LISTENER = 8
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_USER_NOTIF = 0x7FC00000
SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1
SECCOMP_IOCTL_NOTIF_RECV = 0xC0502100
SECCOMP_IOCTL_NOTIF_SEND = 0xC0182101
BPF_LOAD_WORD = 0x20
BPF_JUMP_IF_EQUAL = 0x15
BPF_RETURN = 0x06

CALLS_BEFORE_CUT = 2
"""The first may have been under way when the order came, or have left out what the server wrote
only after it; the second is the last one of which the bytes are counted."""

REQUEST_BYTES = 80
"""Of ``struct seccomp_notif``; the first 8 name the request."""


def main() -> None:
    """See the module."""
    directory, command = Path(sys.argv[1]), sys.argv[2:]
    # The filter is inherited, and stays on this process too, which calls none of the two.
    requests = watch_syncs()
    with subprocess.Popen(command, restore_signals=False, stdin=subprocess.DEVNULL) as server:
        Gate(server, requests, directory).supervise()


class Gate:
    """Lets the server's calls through until it is told otherwise."""

    def __init__(self, server: subprocess.Popen[bytes], requests: int, directory: Path) -> None:
        self._server = server
        self._requests = requests
        self._directory = directory
        self._on_disk: dict[Path, int] = {}
        self._share: float | None = None
        self._calls_left: float = math.inf
        self._is_held = False

    def supervise(self) -> None:
        """Return when the server has ended."""
        ended = os.pidfd_open(self._server.pid)
        poll = select.poll()
        for descriptor in (self._requests, ended, sys.stdin.fileno()):
            poll.register(descriptor, select.POLLIN)
        while self._server.poll() is None:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._requests in ready:
                self._decide(ioctl(self._requests, SECCOMP_IOCTL_NOTIF_RECV, bytes(REQUEST_BYTES)))
            if sys.stdin.fileno() in ready:
                self._obey(sys.stdin.readline().strip())
            if self._is_held and self._share is not None:
                self._kill()
                tell(f"{time.monotonic()}")
                lose(self._directory, self._on_disk, self._share)

    def _obey(self, order: str) -> None:
        if order == "hold":
            self._calls_left = 0
            tell("holding")
        elif order:
            self._share = float(order)
            self._calls_left = min(self._calls_left, CALLS_BEFORE_CUT)
        else:
            self._kill()

    def _kill(self) -> None:
        self._server.kill()
        self._server.wait()

    def _decide(self, request: bytes) -> None:
        if not self._calls_left:
            self._is_held = True
            tell("held")
            return
        self._calls_left -= 1
        # On disk when the next call is asked for: the server asks from one thread.
        self._on_disk = sizes(self._directory)
        (name,) = struct.unpack_from("=Q", request)
        answer = struct.pack("=QqiI", name, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE)
        ioctl(self._requests, SECCOMP_IOCTL_NOTIF_SEND, answer)


def tell(line: str) -> None:
    """Say something on stdout."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def sizes(directory: Path) -> dict[Path, int]:
    """Bytes in each append-only file."""
    return {path: path.stat().st_size for path in directory.glob("*.incr.aof")}


def lose(directory: Path, on_disk: dict[Path, int], share: float) -> None:
    """Cut from each file what was not forced to disk, but for a share of it."""
    for path, written in sizes(directory).items():
        sure = on_disk.get(path, 0)
        os.truncate(path, sure + int(share * (written - sure)))


def watch_syncs() -> int:
    """Have this process and its descendants ask before they force data to disk.

    Returns:
        A descriptor on which they ask.
    """
    calls = CALLS[platform.machine()]
    program = b"".join(
        struct.pack("=HBBI", *instruction)
        for instruction in (
            (BPF_LOAD_WORD, 0, 0, 0),  # the call's number
            (BPF_JUMP_IF_EQUAL, 2, 0, calls.fsync),
            (BPF_JUMP_IF_EQUAL, 1, 0, calls.fdatasync),
            (BPF_RETURN, 0, 0, SECCOMP_RET_ALLOW),
            (BPF_RETURN, 0, 0, SECCOMP_RET_USER_NOTIF),
        )
    )
    instructions = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: how many instructions, and where they are.
    described = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    descriptor: int = libc.syscall(
        calls.seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, described
    )
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "the kernel does not let us watch fsync")
    return descriptor


if __name__ == "__main__":
    main()
