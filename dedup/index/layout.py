"""What made an index: written by its first user, adopted or refused by all others.

Which families of keys an index has, into how many groups they are spread and how long it
keeps articles are its own properties: a program takes them from the index. How keys are
made is a property of the program: an index made otherwise cannot be searched, and is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from dedup.config import Settings
from dedup.errors import IndexFormatError
from dedup.index.keys import FIRST_GENERATION, FORMAT
from dedup.model import Family


@dataclass(frozen=True, slots=True)
class Layout:
    """What made an index.

    Attributes:
        generation: The one that is read.
        settings: The program's, with what the index has of its own.
    """

    generation: str
    settings: Settings


def write_layout(settings: Settings, generation: str = FIRST_GENERATION) -> dict[str, str]:
    """The fields that say what made an index."""
    index = settings.index
    return {
        "format": str(FORMAT),
        "generation": generation,
        "digest": settings.fingerprint.digest,
        "families": ",".join(settings.fingerprint.families),
        "group_bits": str(index.group_bits),
        "time_to_live": write_lifetime(index.time_to_live),
    }


def write_lifetime(lifetime: timedelta | None) -> str:
    """How long an index keeps articles, as a field."""
    return "" if lifetime is None else str(lifetime // timedelta(seconds=1))


def read_layout(fields: Mapping[str, str], settings: Settings) -> Layout:
    """Adopt what an index has of its own.

    Args:
        fields: Those stored.
        settings: The program's.

    Raises:
        IndexFormatError: The program cannot work with it.
    """
    try:
        if fields["format"] != str(FORMAT):
            raise _refusal(fields, settings)
        families = cast("tuple[Family, ...]", tuple(fields["families"].split(",")))
        lifetime = fields["time_to_live"]
        adopted = replace(
            settings,
            fingerprint=replace(settings.fingerprint, families=families),
            index=replace(
                settings.index,
                group_bits=int(fields["group_bits"]),
                time_to_live=timedelta(seconds=int(lifetime)) if lifetime else None,
            ),
        )
        generation = fields["generation"]
    except (KeyError, ValueError) as error:
        raise _refusal(fields, settings) from error
    if adopted.fingerprint.digest != fields["digest"]:
        raise _refusal(fields, adopted)
    return Layout(generation, adopted)


def _refusal(theirs: Mapping[str, str], settings: Settings) -> IndexFormatError:
    ours = write_layout(settings)
    told = ("format", "digest", "families", "group_bits")
    return IndexFormatError(
        f"the index {settings.index.prefix!r} was made with {_spell(theirs, told)}; this program "
        f"works with {_spell(ours, told)}: rebuild it from its stored texts with `secondhand "
        "index reindex`, or use another prefix or data directory"
    )


def _spell(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {fields.get(name) or 'unknown'}" for name in names)
