"""The page sees only what the gate lets through, and only the gate makes that."""

import ast
from pathlib import Path

import gis.publish

PUBLISH = Path(gis.publish.__file__).parent
MAY_IMPORT = {
    "__future__", "base64", "collections", "dataclasses", "functools", "hashlib", "html", "importlib",
    "itertools", "json", "pathlib", "re", "struct", "typing",
    "urllib", "zlib", "branca", "folium", "jinja2", "numpy",
    "gis.publish.comment_text",
    "gis.publish.content", "layers.errors", "layers.palette", "layers.schema", "layers.style", "layers.text",
}  # fmt: skip


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            found = (
                [f"{node.module}.{name.name}" for name in node.names]
                if node.module == "layers"
                else [node.module]
            )
            yield from found


def test_the_page_imports_no_layer_no_project_and_no_store():
    for path in [*(PUBLISH / "page").glob("*.py"), PUBLISH / "content.py"]:
        for name in imports(path):
            mine = name.startswith("gis.publish.page")
            assert mine or name in MAY_IMPORT or name.split(".")[0] in MAY_IMPORT, (
                f"{path.name} imports {name}"
            )


def test_only_the_gate_makes_what_the_page_takes():
    made = {"PublicLayer": "versions.py", "PublicGroup": "public_changes.py", "PageContent": "redaction.py"}
    for path in PUBLISH.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert made.get(name, path.name) == path.name, f"{path} makes a {name}"
