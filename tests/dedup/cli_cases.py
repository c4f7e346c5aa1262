"""Running a command as a user does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner, Result

from dedup.cli import main

Run = Callable[..., Result]


def run_command(*arguments: str, stdin: bytes | None = None, width: int = 120) -> Result:
    result = CliRunner().invoke(
        main, arguments, input=stdin, env={"COLUMNS": str(width), "NO_COLOR": "1"}
    )
    # Anything but an exit on purpose is a traceback on the user's screen.
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]
