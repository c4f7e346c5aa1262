"""Options that several commands share, gathered into records."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import click

from dedup.config import Acknowledge, IndexSettings, Settings
from dedup.index import open_index
from dedup.index.redis_index import RedisIndex
from dedup.model import Article
from dedup.pipeline import Detector
from dedup.times import parse_duration, parse_time

DEFAULT_DATA_DIR = Path("secondhand-data")

Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """Where the index is: in a directory, or on a server if one is named."""

    data_dir: Path
    redis_url: str | None
    key_prefix: str
    acknowledge: Acknowledge

    @property
    def settings(self) -> Settings:
        """Those of detection, with this place's."""
        return Settings(index=IndexSettings(prefix=self.key_prefix, acknowledge=self.acknowledge))

    @contextmanager
    def index(self, settings: Settings | None = None) -> Iterator[RedisIndex]:
        """The index, closed at the end; made with these settings if it is not there."""
        settings = settings or self.settings
        index = open_index(data_dir=self.data_dir, redis_url=self.redis_url, settings=settings)
        try:
            yield index
        finally:
            index.close()

    @contextmanager
    def detector(self) -> Iterator[Detector]:
        """A detector on the index, closed at the end."""
        with self.index() as index, closing(Detector(index, self.settings)) as detector:
            yield detector


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says of an article; it goes before what the file says."""

    id: str | None
    title: str | None
    source: str | None
    url: str | None
    published: datetime | None
    lang: str | None
    expires: datetime | None = None

    def about(self, article: Article) -> Article:
        """The article with these put in."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(article, **{name: value for name, value in said.items() if value})


class Moment(click.ParamType[datetime]):
    """A date or time on the command line."""

    name = "date or time"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Refuse what is neither as wrong usage."""
        try:
            return parse_time(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


class Duration(click.ParamType[timedelta]):
    """A duration on the command line."""

    name = "duration"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Refuse what is none, or none at all, as wrong usage."""
        try:
            duration = parse_duration(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)
        if not duration:
            self.fail(f"{value!r} is no time at all", param, ctx)
        return duration


class Expiry(click.ParamType[datetime]):
    """A time to come on the command line, or how long it is until then."""

    name = "time or duration"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Refuse what is neither, or over, as wrong usage."""
        now = datetime.now(UTC)
        try:
            expires = _time_or_duration(value, now)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} must be a time such as 2031-02-09 or 2031-02-09T10:47:48Z, or how long "
                "it is until then, such as 90d or 12h",
                param,
                ctx,
            )
        if expires <= now:
            self.fail(f"{value!r} is over; give a time to come", param, ctx)
        return expires


def _time_or_duration(text: str, now: datetime) -> datetime:
    return parse_time(text) if text[:5].endswith("-") else now + parse_duration(text)


key_prefix_option = click.option(
    "--key-prefix",
    metavar="NAME",
    default=IndexSettings().prefix,
    envvar="SECONDHAND_KEY_PREFIX",
    show_default=True,
    show_envvar=True,
    help="First part of every key, so that indexes can share a server.",
)


def index_options(command: Command) -> Command:
    """``--data-dir``, ``--redis``, ``--key-prefix``, ``--acknowledge``: as ``place``."""

    @click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT_DATA_DIR,
        envvar="SECONDHAND_DATA_DIR",
        show_default=True,
        show_envvar=True,
        help="Where the embedded index keeps its data.",
    )
    @click.option(
        "--redis",
        "redis_url",
        metavar="URL",
        envvar="SECONDHAND_REDIS_URL",
        show_envvar=True,
        help="Use this Redis or Valkey instead of the embedded one.",
    )
    @key_prefix_option
    @click.option(
        "--acknowledge",
        type=click.Choice(get_args(Acknowledge)),
        default=IndexSettings().acknowledge,
        envvar="SECONDHAND_ACKNOWLEDGE",
        show_default=True,
        show_envvar=True,
        help="What must have a write before it counts as done.",
    )
    @functools.wraps(command)
    def gathered(
        *,
        data_dir: Path,
        redis_url: str | None,
        key_prefix: str,
        acknowledge: Acknowledge,
        **rest: object,
    ) -> None:
        command(place=IndexPlace(data_dir, redis_url, key_prefix, acknowledge), **rest)

    return gathered


def article_options(command: Command) -> Command:
    """``--id``, ``--title`` and so on, passed on as ``given``."""

    @click.option("--id", help="Its id.  [default: the file's stem]")
    @click.option("--title", help="Its headline.")
    @click.option("--source", help="Who published it.")
    @click.option("--url", help="Where it was published.")
    @click.option("--published", type=Moment(), help="When; without an offset it is UTC.")
    @click.option("--lang", help="Its language (BCP 47), if known; trusted over detection.")
    @functools.wraps(command)
    def gathered(  # one parameter per option is what click calls for
        *,
        id: str | None,  # noqa: A002  # the option's name
        title: str | None,
        source: str | None,
        url: str | None,
        published: datetime | None,
        lang: str | None,
        **rest: object,
    ) -> None:
        command(given=Given(id, title, source, url, published, lang), **rest)

    return gathered


expiry_option = click.option(
    "--expires",
    metavar="WHEN",
    type=Expiry(),
    help="When the index lets go of it: a time, or a duration from now (90d).  "
    "[default: the index's own time]",
)
