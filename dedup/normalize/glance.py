r"""Which steps of normalization a text may need, by one look at it.

Every step has work only where certain characters or strings stand: a text without "&" holds
no entity. All of them are looked for in one pass, so that sound text, which most is, costs a
fraction of what asking every step does. A step that is named may still find nothing.
"""

from __future__ import annotations

from typing import Final

from dedup.normalize import characters, debris, encoding
from dedup.normalize.entities import AMPERSAND
from dedup.strings import Strings

# For each step in which it is not other characters than ASCII that tell.
_STRINGS: Final = {**characters.STRINGS, "entities": (AMPERSAND,), **debris.STRINGS}
_STEP_OF: Final = {string: step for step, strings in _STRINGS.items() for string in strings}
_STEPS: Final = list(_STEP_OF.values())
_FINDER: Final = Strings(_STEP_OF)


def steps_for(text: str) -> set[str]:
    """The names of the steps that may find work in a text; none that would is left out."""
    steps = {_STEPS[number] for number, _, _ in _FINDER.find(text)}
    if not text.isascii():
        steps.update(_steps_for_others(text))
    return steps


def _steps_for_others(text: str) -> set[str]:
    """The same, of the steps that other characters than ASCII tell."""
    others = characters.Others.of(text)
    steps = encoding.steps_for(others)
    if others.surrogates:
        steps.add("surrogates")
    return steps
