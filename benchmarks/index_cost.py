"""What calls cost: wall time, CPU on either side of the socket, round trips, commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import redis

TURN = 50
"""Calls of one side before it is the other's turn."""


@dataclass
class Traffic:
    """How often a client has sent something, and how many commands."""

    sent: int = 0
    commands: int = 0


@dataclass(frozen=True)
class Call:
    """One kind of call: what it does with the n-th article, and whose traffic it is."""

    does: Callable[[int], object]
    traffic: Traffic


@dataclass
class Cost:
    """What the calls of one kind have cost; times and CPU in seconds."""

    walls: list[float] = field(default_factory=list)
    client: float = 0.0
    server: float = 0.0
    sent: int = 0
    commands: int = 0

    HEAD = ("p50 ms", "p99 ms", "client µs", "server µs", "round trips", "commands")

    def cells(self) -> tuple[str, ...]:
        """As ``HEAD`` says, per call."""
        calls = len(self.walls)
        p50, p99 = np.percentile(self.walls, [50, 99]) * 1e3
        cpu = (f"{seconds / calls * 1e6:,.0f}" for seconds in (self.client, self.server))
        counts = (f"{count / calls:.1f}" for count in (self.sent, self.commands))
        return f"{p50:.2f}", f"{p99:.2f}", *cpu, *counts

    def over(self, other: Cost) -> tuple[str, ...]:
        """How many times as much as another's."""
        walls = np.percentile(self.walls, [50, 99]) / np.percentile(other.walls, [50, 99])
        ratios = (*walls, self.client / other.client, self.server / other.server)
        return *(f"{ratio:.1f} ×" for ratio in ratios), "", ""


def counted(pool: redis.ConnectionPool, traffic: Traffic) -> redis.ConnectionPool:
    """A pool none of whose connections is open yet; they will count what they send."""
    plain: Any = pool.connection_class

    class Counting(plain):  # type: ignore[misc]
        def send_packed_command(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            traffic.sent += 1
            super().send_packed_command(*arguments, **options)

        def send_command(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            traffic.commands += 1
            super().send_command(*arguments, **options)

        def pack_commands(self, commands: Sequence[Any]) -> Any:  # noqa: ANN401
            traffic.commands += len(commands)
            return super().pack_commands(commands)

    pool.connection_class = Counting
    return pool


def take_turns(
    server: redis.Redis, calls: Mapping[str, Call], articles: Sequence[int]
) -> dict[str, Cost]:
    """Let calls take turns over the same articles, so that they share a machine's moods."""
    costs = {name: Cost() for name in calls}
    for first in range(0, len(articles), TURN):
        for name, call in calls.items():
            _add(costs[name], call, articles[first : first + TURN], server)
    return costs


def used_memory(server: redis.Redis) -> int:
    """Bytes that the server's data takes."""
    return int(server.info("memory")["used_memory"])


@contextmanager
def unwritten(server: redis.Redis) -> Iterator[None]:
    """Without the append-only file; afterwards as before, once the file is written anew."""
    configured = server.config_get("appendonly")["appendonly"]
    server.config_set("appendonly", "no")
    yield
    server.config_set("appendonly", configured)
    while any(
        server.info("persistence")[f"aof_rewrite_{state}"] for state in ("in_progress", "scheduled")
    ):
        time.sleep(1)


def _add(cost: Cost, call: Call, articles: Sequence[int], server: redis.Redis) -> None:
    sent, commands = call.traffic.sent, call.traffic.commands
    servers, client = _cpu_seconds(server), time.process_time()
    for article in articles:
        began = time.perf_counter()
        call.does(article)
        cost.walls.append(time.perf_counter() - began)
    cost.client += time.process_time() - client
    cost.server += _cpu_seconds(server) - servers
    cost.sent += call.traffic.sent - sent
    cost.commands += call.traffic.commands - commands


def _cpu_seconds(server: redis.Redis) -> float:
    used = server.info("cpu")
    return float(used["used_cpu_user"] + used["used_cpu_sys"])
