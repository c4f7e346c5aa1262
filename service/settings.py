"""What the environment decides. The only reader of environment variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, cast, get_args
from urllib.parse import urlsplit

from dedup.config import Acknowledge

PREFIX: Final = "SECONDHAND_"
REDIS_SCHEMES: Final = ("redis", "rediss", "unix", "redis+cluster", "rediss+cluster")
KEY_PREFIX: Final = re.compile(r"[A-Za-z0-9._:-]+")


class SettingsError(Exception):
    """An environment variable has a value that cannot be used."""


def _redis_url(value: str) -> str:
    if urlsplit(value).scheme not in REDIS_SCHEMES:
        raise ValueError
    return value


def _acknowledge(value: str) -> Acknowledge:
    if value not in get_args(Acknowledge):
        raise ValueError
    return cast("Acknowledge", value)


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _key_prefix(value: str) -> str:
    if not KEY_PREFIX.fullmatch(value):
        raise ValueError
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this service runs; each field is the variable ``SECONDHAND_<FIELD>``.

    Attributes:
        redis_url: The Redis or Valkey server that holds the index; None for the embedded
            one. It may hold a password, so it is never shown.
        data_dir: Where the embedded server keeps the index.
        key_prefix: First part of every key on the server, so that indexes can share one.
        acknowledge: What must have a write before it is answered.
        max_body_bytes: Largest request body. 2 MiB hold two million Latin letters or
            700,000 Chinese characters: any article, with the page around it.
        workers: Processes that answer requests. Two: judging keeps a core busy, and one
            slow article must not hold up the others.
        threads: Requests that one process answers at the same time; they wait for the
            index together, and take turns in computing.
    """

    redis_url: str | None = field(
        default=None,
        repr=False,
        metadata={
            "parse": _redis_url,
            "expected": f"a URL that begins with one of {', '.join(REDIS_SCHEMES)}",
            "secret": True,
        },
    )
    data_dir: Path = field(
        default=Path("secondhand-data"),
        metadata={"parse": Path, "expected": "a folder"},
    )
    key_prefix: str = field(
        default="secondhand",
        metadata={"parse": _key_prefix, "expected": "letters, digits and any of ._:-"},
    )
    acknowledge: Acknowledge = field(
        default="server",
        metadata={"parse": _acknowledge, "expected": "server or replica"},
    )
    max_body_bytes: int = field(
        default=2 * 1024 * 1024,
        metadata={"parse": _positive, "expected": "a number of bytes, at least 1"},
    )
    workers: int = field(
        default=2,
        metadata={"parse": _positive, "expected": "a number of processes, at least 1"},
    )
    threads: int = field(
        default=8,
        metadata={"parse": _positive, "expected": "a number of threads, at least 1"},
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; a variable that is not set, or empty, means the default.

        Other variables that begin with ``SECONDHAND_`` are left alone: container
        platforms make such names up for a service that is called "secondhand".

        Raises:
            SettingsError: A variable holds something else than what is expected.
        """
        values = {}
        for setting in fields(cls):
            name = variable(setting.name)
            if value := environ.get(name, ""):
                try:
                    values[setting.name] = setting.metadata["parse"](value)
                except ValueError:
                    shown = "the value given" if setting.metadata.get("secret") else repr(value)
                    raise SettingsError(
                        f"{name} must be {setting.metadata['expected']}, not {shown}"
                    ) from None
        return cls(**values)


def variable(field_name: str) -> str:
    """The environment variable behind a field of ``Settings``.

    >>> variable("redis_url")
    'SECONDHAND_REDIS_URL'
    """
    return PREFIX + field_name.upper()
