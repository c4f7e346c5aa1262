"""Commands that are imported when they are asked for.

What judges an article takes a second to import, what serves an index half a second, what tables
need as long: each command waits for its own alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from dedup.cli.exits import CommandGroup


class PatientGroup(CommandGroup):
    """A group that imports its commands late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # click's own signature
        super().__init__(*args, **kwargs)
        self._later: dict[str, tuple[str, str]] = {}

    def add_later(self, name: str, module: str, attribute: str) -> None:
        """Add a command that a module holds as an attribute."""
        self._later[name] = module, attribute

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of their names."""
        return sorted([*super().list_commands(ctx), *self._later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in self._later:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._later[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command
