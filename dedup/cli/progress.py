"""Bars that show how far a long command is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress, TaskID

from dedup.cli.screen import err


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """One progress bar per thing that is being done; nothing where nobody looks."""
    console = err()
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=of)
            shown.update(tasks[what], completed=done, total=of)

        yield show
