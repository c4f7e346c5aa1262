"""The index: which known articles share keys with a new one, and what they say."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.index.opening import open_index

__all__ = ["open_index"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # as PEP 562 has it
    """Import ``open_index`` when it is asked for: its client takes .2 s.

    Who only ranks or packs entries, as a batch run does, has no need of it.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.opening"), name)
