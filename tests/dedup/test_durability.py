"""Nothing acknowledged is lost, and nothing is half there, whatever breaks under load.

What a round does, and what it checks, stands in ``fault_rounds`` and ``fault_survey``. A few
rounds of each fault run every time, fifty by ``make test-long``; the number of a round is
its seed. ``benchmarks/faults.py`` runs the same rounds and prints the table in
``docs/index.md``.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import index_cases
import pytest
import redis
from fault_book import Write
from fault_desks import IndexDesk
from fault_rounds import FAULTS, SETTINGS, connected, embedded
from fault_server import BreakableServer

from dedup.errors import IndexUnavailableError

FEW = 2
MANY = 50

WAITAOF_MS = 30_000
"""It answers in tenths of a second. One that tells the truth answers 0, after this time."""

ROUNDS = [
    pytest.param(
        fault,
        seed,
        marks=[pytest.mark.long] if seed >= FEW else [],
        id=f"{fault.name}, {fault.setting}, {seed}",
    )
    for fault in FAULTS
    for seed in range(FEW + MANY)
]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="watches and limits the server by means of Linux"
)


@pytest.mark.parametrize(("fault", "seed"), ROUNDS)
def test_what_was_acknowledged_is_there_and_whole_after(fault, seed, tmp_path):
    done = fault.strike(tmp_path, seed)
    assert done.acknowledged
    assert not (fault.keeps_all and done.lost)
    assert done.refusals <= {error.__name__ for error in fault.errors}


def test_a_kill_while_the_disk_is_busy_loses_what_everysec_answers_meanwhile(tmp_path):
    """The server waits for the disk for two seconds; the kill comes in milliseconds."""
    with (
        BreakableServer(tmp_path, "everysec", power=True) as server,
        connected(server.url) as index,
    ):
        desk = IndexDesk(index, SETTINGS)
        desk.write(Write("before", "text before"))
        server.hang()
        index.remember("note", b"after which all before it is written and being forced")
        server.wait_until_it_hangs()
        desk.write(Write("meanwhile", "text meanwhile"))
        server.cut_power(1.0)
        server.start()
        assert index.find("meanwhile") is None
        assert desk.seen("text before") == [("before", True)]


def test_always_answers_no_write_before_it_is_on_disk(tmp_path):
    with (
        BreakableServer(tmp_path, "always", power=True) as server,
        connected(server.url) as index,
        ThreadPoolExecutor(1) as writer,
    ):
        desk = IndexDesk(index, SETTINGS)
        desk.write(Write("before", "text before"))
        server.hang()
        writing = writer.submit(desk.write, Write("meanwhile", "text meanwhile"))
        server.wait_until_it_hangs()
        server.cut_power(0.0)
        with pytest.raises(IndexUnavailableError):
            writing.result()
        server.start()
        assert index.find("meanwhile") is None
        assert desk.seen("text before") == [("before", True)]


def test_a_verdict_is_revised_though_the_memory_is_full(tmp_path):
    """Else a deletion would be refused after it was made, when it comes to the others."""
    with embedded(tmp_path) as (index, client):
        number = index_cases.write(index, "x", "text").stored.number
        for verdict in (b"first", b"second"):
            (links,) = index.links([number])
            assert index.settle(number, links, verdict)
            client.config_set("maxmemory", 1)
        (links,) = index.links([number])
        assert links.state == b"second"


def test_what_waitaof_answers_under_everysec_proves_nothing(tmp_path):
    """So it is not offered. If this fails as the answer is 0, the server has been mended."""
    with (
        BreakableServer(tmp_path, "everysec", power=True) as server,
        redis.Redis.from_url(server.url, socket_timeout=None, protocol=2) as client,
    ):
        server.hang()
        together = client.pipeline(transaction=False)  # It vouches for its own connection.
        assert together.set("key", "value").waitaof(1, 0, WAITAOF_MS).execute() == [True, [1, 0]]
        server.wait_until_it_hangs()
        server.cut_power(0.0)
        server.start()
        assert client.get("key") is None
