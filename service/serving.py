"""``serve``: answering over HTTP."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from dedup.cli.options import IndexPlace, index_options
from service.server import ListenError
from service.server import serve as run
from service.settings import Settings, SettingsError

MAX_PORT = 65_535


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, MAX_PORT),
    help="Port to listen on; 0 takes a free one.",
)
@index_options
def serve(host: str, port: int, place: IndexPlace) -> None:
    """Answer over HTTP until Ctrl-C; docs/http.md lists the routes and settings."""
    try:
        settings = replace(
            Settings.from_env(os.environ),
            data_dir=place.data_dir,
            redis_url=place.redis_url,
            key_prefix=place.key_prefix,
            acknowledge=place.acknowledge,
        )
        run(host, port, settings, _announce)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    except ListenError as error:
        raise click.ClickException(str(error)) from error


def _announce(url: str) -> None:
    click.echo(f"secondhand is listening on {url} (its routes: {url}/). Ctrl-C stops it.")
