"""What a command's exit code says, and how errors become one."""

from __future__ import annotations

from typing import Any

import click

from dedup.errors import SecondhandError, StoreError

DONE = 0
REFUSED = 1
USAGE = 2  # click's own
INDEX = 3
SECOND_HAND = 10
UNDETERMINED = 11

EXIT_CODES = {
    DONE: "done",
    REFUSED: "an input was refused, or no article has that id; stderr says why",
    USAGE: "the command was used wrongly",
    INDEX: "the index cannot answer: away, full, or made by another version",
    SECOND_HAND: "`check --exit-code`: the article is a copy or a re-translation",
    UNDETERMINED: "`check --exit-code`: the article cannot be judged",
}


class InputRefused(click.ClickException):
    """The input, or the id, has to change."""

    exit_code = REFUSED


class IndexFailed(click.ClickException):
    """The same command may work later, or with another index."""

    exit_code = INDEX


class CommandGroup(click.Group):
    """A group whose commands end with a message and an exit code, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Run the command; an error raised on purpose becomes its text on stderr."""
        try:
            return super().invoke(ctx)
        except StoreError as error:
            raise IndexFailed(str(error)) from error
        except SecondhandError as error:
            raise InputRefused(str(error)) from error
