"""What of a machine commands may take: memory as it is given on the command line, and cores."""

from __future__ import annotations

import os
import re
from types import MappingProxyType
from typing import Final

import click

UNITS: Final = MappingProxyType({"M": 1 << 20, "G": 1 << 30})
SIZE: Final = re.compile(r"(\d{1,6}(?:\.\d+)?)([MG])B?", re.ASCII | re.IGNORECASE)


class Size(click.ParamType[int]):
    """An amount of memory on the command line, in bytes."""

    name = "size"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Refuse what is none as wrong usage."""
        found = SIZE.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no amount of memory such as 2G or 500M", param, ctx)
        return int(float(found[1]) * UNITS[found[2].upper()])


def cores() -> int:
    """Cores that this process may use, where the system tells; else all."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
