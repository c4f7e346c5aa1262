"""A run that kills its own process without warning, in the middle of a stage.

python killed.py OUT WORKERS STAGE INPUT...
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import batch_cases

from dedup.batch.local import Progress, Watch


def kill_in(stage: str) -> Watch:
    """Kills the process when some of a stage is done, and not all."""

    def watch(progress: Progress) -> None:
        if progress.stage == stage and progress.done:
            os.kill(os.getpid(), signal.SIGKILL)

    return watch


if __name__ == "__main__":
    out, workers, stage, *paths = sys.argv[1:]
    batch_cases.run(paths, Path(out), workers=int(workers), report=True, watch=kill_in(stage))
