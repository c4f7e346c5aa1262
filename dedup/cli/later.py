"""Commands that are imported when they are asked for: what tables need takes half a second."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Final

import click

from dedup.cli.exits import CommandGroup

LATER: Final = MappingProxyType(
    {
        "batch": ("dedup.cli.batch", "batch"),
        "clean": ("dedup.cli.cleaning", "clean_run"),
        "pairs": ("dedup.cli.pairs", "pairs"),
    }
)
"""Modules and names of such commands."""


class PatientGroup(CommandGroup):
    """A group that imports some of its commands late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of their names."""
        return sorted([*super().list_commands(ctx), *LATER])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        module, name = LATER[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command
