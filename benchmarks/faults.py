"""What breaks, how often it was tried, what was lost, and when writing went on.

    python benchmarks/faults.py --rounds 50

Runs the rounds of ``tests/dedup/fault_rounds.py``, which check what is left after each (an
``AssertionError`` ends the run), and prints a Markdown table. Linux only. A round's number is
its seed. Nothing else should run on the machine meanwhile, for the sake of the times.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

# The rounds are tests; they stand where the tests that run a few of them find them.
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "dedup"))

from fault_rounds import FAULTS, Fault, Round


def main() -> None:
    """Run so many rounds of each fault, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    wanted = parser.parse_args()
    print(
        "| fault | setting | rounds | acknowledged writes | lost | oldest lost, s "
        "| writing again after, ms: p50 | max |\n|---|---|---|---|---|---|---|---|"
    )
    for fault in FAULTS:
        print(row(fault, [run(fault, seed) for seed in range(wanted.rounds)]), flush=True)


def run(fault: Fault, seed: int) -> Round:
    """One round, in a directory of its own."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            return fault.strike(Path(directory), seed)
        except AssertionError as error:
            error.add_note(f"{fault.name}, {fault.setting}, round {seed}")
            raise


def row(fault: Fault, rounds: list[Round]) -> str:
    """What all rounds of a fault came to."""
    recovery = np.array([done.recovery for done in rounds]) * 1e3
    lost = sum(done.lost for done in rounds)
    oldest = f"{max(done.oldest_lost for done in rounds):.1f}" if lost else ""
    cells = (
        fault.name,
        fault.setting,
        f"{len(rounds)}",
        f"{sum(done.acknowledged for done in rounds):,}",
        f"{lost:,}",
        oldest,
        f"{np.median(recovery):.0f}",
        f"{recovery.max():.0f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
