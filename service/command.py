"""The ``secondhand`` command: that of ``dedup``, and ``serve``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dedup.cli import main
from dedup.errors import StoreError
from service.server import ListenError
from service.server import serve as run
from service.settings import Settings, SettingsError, variable

__all__ = ["main"]

MAX_PORT = 65_535


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, MAX_PORT),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the embedded index server  [default: $SECONDHAND_DATA_DIR or secondhand-data]",
)
@click.option(
    "--redis",
    metavar="URL",
    help="Redis or Valkey server to use instead  [default: $SECONDHAND_REDIS_URL]",
)
def serve(host: str, port: int, data_dir: Path | None, redis: str | None) -> None:
    """Answer over HTTP until Ctrl-C; docs/http.md lists the routes and settings."""
    try:
        run(host, port, _settings(data_dir, redis), _announce)
    except (ListenError, SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from error


def _settings(data_dir: Path | None, redis: str | None) -> Settings:
    if data_dir is not None and redis is not None:
        raise click.UsageError("give --data-dir or --redis, not both")
    environ = dict(os.environ)
    if data_dir is not None:
        environ[variable("data_dir")] = str(data_dir)
        environ.pop(variable("redis_url"), None)
    if redis is not None:
        environ[variable("redis_url")] = redis
    return Settings.from_env(environ)


def _announce(url: str) -> None:
    click.echo(f"secondhand is listening on {url} (routes: {url}/). Ctrl-C stops it.")
