"""Options that several commands share, gathered into records."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from dedup.cli.inputs import parse_moment
from dedup.config import Acknowledge, IndexSettings, Settings
from dedup.errors import InputError
from dedup.index import open_index
from dedup.index.base import Index
from dedup.model import Article
from dedup.pipeline import Detector

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
    def index(self) -> Iterator[Index]:
        """The index, closed at the end."""
        index = open_index(data_dir=self.data_dir, redis_url=self.redis_url, settings=self.settings)
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
            return parse_moment(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


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
    @click.option(
        "--key-prefix",
        metavar="NAME",
        default=IndexSettings().prefix,
        envvar="SECONDHAND_KEY_PREFIX",
        show_default=True,
        show_envvar=True,
        help="First part of every key, so that indexes can share a server.",
    )
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


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
