"""The documentation names what there is, and what it names is there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest

from dedup.artifacts import RULES
from dedup.cli import EXIT_CODES
from dedup.index.base import Index
from dedup.pipeline import Detector
from service.app import create_app
from service.command import main
from service.errors import PROBLEM_TYPES
from service.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md")])

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\s*(?:\$ )?(secondhand|make) +([a-z-]+)(?: +([a-z-]+))?", re.MULTILINE)


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command by its full name (``index stats``), also those that are imported late."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(main))


def section(name: str) -> str:
    """What ``docs/command-line.md`` says under a command's heading."""
    found = re.search(
        rf"^## `{re.escape(name)}`$(.*?)(?=^## |\Z)",
        page("docs/command-line.md"),
        re.MULTILINE | re.DOTALL,
    )
    assert found, f"docs/command-line.md has no section ## `{name}`"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_described_under_its_command(name: str) -> None:
    told = section(name) + section_on_shared_options()
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[-1]}" in told


def section_on_shared_options() -> str:
    text = page("docs/command-line.md")
    return text[: text.index("\n## `")]


def test_no_command_is_described_that_does_not_exist() -> None:
    described = re.findall(r"^## `(.+)`$", page("docs/command-line.md"), re.MULTILINE)
    assert sorted(described) == sorted(COMMANDS)


@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_is_documented(code: int) -> None:
    assert f"| {code} | {EXIT_CODES[code]} |" in page("docs/command-line.md")


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_environment_setting_is_documented(setting: str) -> None:
    assert f"`SECONDHAND_{setting.upper()}`" in page("docs/http.md")


@pytest.mark.parametrize(
    "variable",
    sorted(
        {
            str(parameter.envvar)
            for command in COMMANDS.values()
            for parameter in command.params
            if parameter.envvar
        }
    ),
)
def test_every_environment_variable_of_the_command_line_is_documented(variable: str) -> None:
    assert f"`{variable}`" in page("docs/command-line.md")


@pytest.mark.parametrize("rule", RULES)
def test_every_artifact_rule_is_documented(rule: str) -> None:
    assert f"`{rule}`" in page("docs/artifacts.md")


@pytest.mark.parametrize("slug", PROBLEM_TYPES)
def test_every_problem_type_is_documented(slug: str) -> None:
    assert f"`{slug}`" in page("docs/http.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (path.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_shown_in_code_blocks_exist(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE)
    for block in CODE_BLOCK.findall(path.read_text(encoding="utf-8")):
        for program, name, second in COMMAND.findall(block):
            if program == "make":
                assert name in targets
            else:
                assert name in COMMANDS or f"{name} {second}" in COMMANDS


def test_seed_articles_are_unchanged() -> None:
    listed = re.findall(r"^    ([0-9a-f]{64})  (\S+)$", page("seeds/README.md"), re.MULTILINE)
    found = [
        (hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
        for path in sorted((ROOT / "seeds").glob("*.txt"))
    ]
    assert found == listed


def test_every_dependency_is_explained() -> None:
    project = page("pyproject.toml")
    block = project[project.index("\ndependencies = [") : project.index("[tool.setuptools]\n")]
    for name in re.findall(r'^    "([\w-]+)', block, re.MULTILINE):
        assert f"| {name} |" in page("docs/dependencies.md")


def test_no_machine_or_registry_is_named_in_the_lock() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"://|/home/|/tmp/|--index|--find-links", page(str(lock)))


def test_every_route_is_documented(index: Index) -> None:
    app = create_app(Settings(), Detector(index))
    for rule in app.url_map.iter_rules():
        assert re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) in page("docs/http.md")
