"""The program's own source files, read and parsed once for all house rules."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app.py", "layers", "gis", "ui", "sample_data")


@dataclass(frozen=True)
class Source:
    """One Python file, by its path from the repository's folder."""

    path: str
    text: str
    tree: ast.Module

    def nodes(self) -> Iterator[ast.AST]:
        """Return every node of the tree."""
        return ast.walk(self.tree)

    def at(self, node: ast.AST) -> str:
        """Return where a node stands, as editors understand it."""
        return f"{self.path}:{node.lineno}"


def parse(path: str, text: str) -> Source:
    """Return a source; what the rules' own tests plant comes through here too."""
    return Source(path, text, ast.parse(text))


@cache
def product() -> tuple[Source, ...]:
    """Return the modules of the program itself."""
    return _read(PRODUCT)


@cache
def everything() -> tuple[Source, ...]:
    """Return the program's modules and the tests."""
    return _read((*PRODUCT, "tests"))


def _read(names: tuple[str, ...]) -> tuple[Source, ...]:
    files = [file for name in names for file in _python_files(ROOT / name)]
    return tuple(parse(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files)


def _python_files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


@cache
def kept_files() -> tuple[str, ...]:
    """Return every file that git keeps or would keep, by its path from the repository's folder."""
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(sorted({name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}))


def kept_texts() -> Iterator[tuple[str, str]]:
    """Return the kept files that are text, with their text; data files and locks are left out."""
    for name in kept_files():
        if name.endswith((".lock", ".gpkg")) or name.startswith("tests/data/"):
            continue
        try:
            yield name, (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
