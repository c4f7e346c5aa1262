"""Tasks that threads do, one after the other given out: for work that leaves Python's lock free."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")


def in_order(
    executor: Executor, ahead: int, function: Callable[[Task], Made], tasks: Iterable[Task]
) -> Iterator[Made]:
    """What a function makes of each task, in their order.

    Args:
        executor: Does the tasks.
        ahead: Tasks begun before what came of the first of them is asked for.
        function: Safe in threads.
        tasks: Taken as they are needed.
    """
    begun: deque[Future[Made]] = deque()
    for task in tasks:
        begun.append(executor.submit(function, task))
        if len(begun) > ahead:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
