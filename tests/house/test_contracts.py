"""Each import contract can fail: imports that break it are planted in a copy of the tree."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.xdist_group("contracts")

LINT = "import importlinter.cli as cli; cli.lint_imports_command()"
ROOMS = ("layers", "gis", "ui")

# contract -> (package, what a module planted there imports)
FORBIDDEN = {
    "direction": [("layers", "gis"), ("layers", "ui"), ("gis", "ui"), ("gis.edit", "ui")],
    "nouns": [("layers", name) for name in ("PyQt6", "apsw", "sqlite3", "fiona", "folium", "pyogrio")],
    "painters": [("gis", "PyQt6.QtGui"), ("gis.edit", "PyQt6"), ("gis.cli", "qtpy"), ("gis.rules", "PyQt6")],
    "store": [("gis", "apsw"), ("gis.exchange", "sqlite3"), ("ui", "apsw"), ("gis.store", "sqlite3")],
    "gate": [("gis.publish.page", "layers.layer"), ("gis.publish.page", "gis.store")],
    "hands": [("ui", name) for name in ("geopandas", "fiona", "folium", "apsw", "sqlite3", "pyogrio")],
    "neighbours": [
        ("gis.exchange", "gis.edit"), ("gis.edit", "gis.rules"),
        ("gis.rules", "gis.revisions"), ("gis.revisions", "gis.exchange"),
    ],
}  # fmt: skip
ALLOWED = [("gis.render", "PyQt6.QtGui"), ("gis.drawing", "PyQt6"), ("gis.store", "apsw"), ("ui", "PyQt6")]


def _module(package: str, imported: str) -> str:
    return f"{package}.planted_{imported.replace('.', '_')}"


def _plant(tree, package: str, imported: str) -> None:
    folder = tree
    for part in package.split("."):
        folder /= part
        _make_package(folder)
    (tree / (_module(package, imported).replace(".", "/") + ".py")).write_text(f"import {imported}\n")


def _make_package(folder) -> None:
    """Make sure of a package; a module of that name becomes one, as the contracts speak of either."""
    folder.mkdir(exist_ok=True)
    module = folder.with_suffix(".py")
    if module.exists():
        module.rename(folder / "__init__.py")
    (folder / "__init__.py").touch()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Lint a copy of the tree with everything planted, and return what the linter says."""
    tree = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for package, imported in [*ALLOWED, *(case for cases in FORBIDDEN.values() for case in cases)]:
        _plant(tree, package, imported)
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache"]
    linted = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert linted.returncode == 1, linted.stdout + linted.stderr
    return linted.stdout


def _contracts() -> dict[str, dict]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def _names() -> dict[str, str]:
    return {key: contract["name"] for key, contract in _contracts().items()}


def _section(report: str, contract: str) -> str:
    """Return what the linter says about one broken contract: from its underlined name to the next one's."""
    name = _names()[contract]
    start = report.index(f"\n{name}\n---")
    others = [report.find(f"\n{other}\n---", start + 1) for other in _names().values()]
    return report[start : min((place for place in others if place > 0), default=len(report))]


def test_every_contract_is_tried_here():
    assert FORBIDDEN.keys() == _names().keys()


@pytest.mark.parametrize("room", ["revisions", "exchange", "edit", "rules", "analysis"])
def test_every_room_of_functions_on_snapshots_is_kept_apart(room):
    if (ROOT / "gis" / room).exists():
        assert f"gis.{room}" in _contracts()["neighbours"]["modules"]


@pytest.mark.parametrize(
    ("contract", "package", "imported"),
    [(contract, *case) for contract, cases in FORBIDDEN.items() for case in cases],
)
def test_the_contract_finds_a_planted_import(report, contract, package, imported):
    assert f"{_module(package, imported)} -> {_root(imported)}" in _section(report, contract)


@pytest.mark.parametrize(("package", "imported"), ALLOWED)
def test_a_place_that_may_import_it_is_left_alone(report, package, imported):
    assert _module(package, imported) + " " not in report


def _root(imported: str) -> str:
    own = imported.split(".")[0] in ROOMS
    return imported if own else imported.split(".")[0]
