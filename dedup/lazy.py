"""Attributes that are made when they are first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, overload

Owner = TypeVar("Owner")
Made = TypeVar("Made")


class lazy(Generic[Owner, Made]):  # noqa: N801 - read as a word, like property
    """An attribute that a method makes: ``functools.cached_property`` without a lock.

    Up to Python 3.11 that takes a lock whenever it makes something, which costs more than most of
    what is made for a pair of texts. Two threads that ask at once may both make it; they make the
    same.

    >>> class Square:
    ...     side = 3
    ...     @lazy
    ...     def area(self):
    ...         print("made")
    ...         return self.side ** 2
    >>> square = Square()
    >>> square.area + square.area
    made
    18

    Args:
        make: Makes it, of an object with a ``__dict__``.
    """

    def __init__(self, make: Callable[[Owner], Made]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, of: type) -> lazy[Owner, Made]: ...

    @overload
    def __get__(self, owner: Owner, of: type) -> Made: ...

    def __get__(self, owner: Owner | None, of: type) -> lazy[Owner, Made] | Made:
        """What was made; asked for again, the owner's ``__dict__`` gives it."""
        if owner is None:
            return self
        made = owner.__dict__[self._name] = self._make(owner)
        return made
