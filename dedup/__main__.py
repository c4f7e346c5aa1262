"""``python -m dedup``: the command line without the service's commands."""

from __future__ import annotations

from dedup.cli import main

if __name__ == "__main__":
    main(prog_name="python -m dedup")
