"""The program imports only libraries that its own lock brings, and each is asked for by name."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.house.sources import ROOT, parse, product

pytestmark = pytest.mark.xdist_group("house")

OWN = {"app", "gis", "layers", "ui", "sample_data"}


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _imports(source):
    """Return the top names a module imports, with their places."""
    for node in source.nodes():
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from ((name.split(".")[0], source.at(node)) for name in names)


def _undeclared(sources):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {
        _normal(re.match(r"[A-Za-z0-9._-]+", line).group()) for line in project["project"]["dependencies"]
    }
    brought_by = packages_distributions()
    known = OWN | set(sys.stdlib_module_names) | {"__future__"}
    for source in sources:
        for name, place in _imports(source):
            if name not in known and not declared & {_normal(d) for d in brought_by.get(name, ())}:
                yield f"{place}: {name}"


def test_the_program_imports_only_what_the_project_declares():
    assert list(_undeclared(product())) == []


@pytest.mark.parametrize(
    "line", ["import pytest\n", "from rich.table import Table\n", "import no_such_thing\n"]
)
def test_a_library_that_is_not_declared_is_found(line):
    assert list(_undeclared([parse("gis/planted.py", line)]))
