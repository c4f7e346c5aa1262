"""What a command's exit code says, and how errors become one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any, TextIO, cast

import click

from dedup.cli.screen import visible
from dedup.errors import BatchError, SecondhandError, StoreError

DONE = 0
REFUSED = 1
USAGE = 2  # click's own
INDEX = 3
OUTPUT = 4
BROKEN_OFF = 5
SECOND_HAND = 10
UNDETERMINED = 11
INTERRUPTED = 130  # what shells make of SIGINT
CLOSED_PIPE = 141  # what shells make of SIGPIPE

EXIT_CODES = {
    DONE: "done",
    REFUSED: "an input was refused, no article has that id, or `index check` leaves something to mend",
    USAGE: "the command was used wrongly",
    INDEX: "the index cannot answer: away, full, or made by another version",
    OUTPUT: "the output cannot be written; what was to be stored or removed is",
    BROKEN_OFF: "`batch` cannot go on: a worker died, or another run is at work; `--resume` goes on",
    SECOND_HAND: "`check --exit-code`: the article is a copy or a re-translation",
    UNDETERMINED: "`check --exit-code`: the article cannot be judged",
    INTERRUPTED: "interrupted (Ctrl-C)",
    CLOSED_PIPE: "whoever read the output closed it before its end, as `head` does",
}


class InputRefused(click.ClickException):
    """The input, or the id, has to change."""

    exit_code = REFUSED


class IndexFailed(click.ClickException):
    """The same command may work later, or with another index."""

    exit_code = INDEX


class OutputFailed(click.ClickException):
    """The work is done, but its result could not be printed."""

    exit_code = OUTPUT


class FileNotWritten(click.ClickException):
    """A file that was asked for could not be written."""

    exit_code = OUTPUT


class BrokenOff(click.ClickException):
    """A batch run ended before its end; it can be gone on with."""

    exit_code = BROKEN_OFF


class ClosedPipe(click.exceptions.Exit):
    """Nobody reads the output any more; there is nobody to tell either."""


class Interrupted(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED


class CommandGroup(click.Group):
    """A group whose commands end with a message and an exit code, never with a traceback."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401  # click's own signature
        """Read the command line; ``--help`` and ``--version`` print here."""
        with _output_guarded():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Run the command; an error raised on purpose becomes its text on stderr."""
        try:
            with _output_guarded():
                return super().invoke(ctx)
        except StoreError as error:
            raise IndexFailed(visible(str(error))) from error
        except BatchError as error:
            raise BrokenOff(visible(str(error))) from error
        except SecondhandError as error:
            raise InputRefused(visible(str(error))) from error
        except KeyboardInterrupt as error:
            raise Interrupted("interrupted") from error


class Output:
    """Standard output whose errors are told from all others: they end the command."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write as the stream does.

        Raises:
            OutputFailed: It cannot be written.
            ClosedPipe: Whoever read it has closed it.
        """
        with self._ending():
            return self._stream.write(text)

    def flush(self) -> None:
        """Flush; raises as ``write`` does."""
        with self._ending():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever else the stream has
        return getattr(self._stream, name)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise ClosedPipe(CLOSED_PIPE) from None
        except OSError as error:
            raise OutputFailed(f"the output cannot be written: {error.strerror}") from error

    def discard(self) -> None:
        """Drop all output, so that the interpreter does not fail at it again when it ends."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


@contextmanager
def _output_guarded() -> Iterator[None]:
    output = Output(sys.stdout)
    try:
        with redirect_stdout(cast(TextIO, output)):
            try:
                yield
            finally:
                output.flush()
    except (OutputFailed, ClosedPipe):
        output.discard()
        raise
