"""Tiny plans and edits that the tests of the store share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import apsw
import shapely

from gis.project import Project
from gis.store.connection import connect
from gis.store.tables import watch_name
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

EDIT = Text("编辑", "Edit")
E0, N0 = 616650.0, 4077999.0


def box(x: float = 0.0, size: float = 10.0) -> shapely.Polygon:
    """Return a square building, metres east of the middle of the estate."""
    return shapely.box(E0 + x, N0, E0 + x + size, N0 + size)


def house(uid: str, x: float = 0.0, **attributes: Value) -> Feature:
    return Feature(uid, box(x), {"number": uid, "floors": 6, **attributes})


def comment(uid: str, gist: str = "加车位") -> Feature:
    return Feature(uid, None, {"code": uid.upper(), "gist": gist, "outcome": "open"})


def put(project: Project, *features: Feature, layer: str = "building", label: Text = EDIT) -> None:
    """Add features, or replace those of the same id."""
    table = project.snapshot.layers[layer].table
    changes = [Change(layer, table.get(f.uid), f) for f in features]
    project.apply(ChangeSet.of(changes), label)


def drop(project: Project, *uids: str, layer: str = "building") -> None:
    table = project.snapshot.layers[layer].table
    project.apply(ChangeSet.of(Change(layer, table.get(uid), None) for uid in uids), EDIT)


def content(snapshot: Snapshot) -> Mapping[str, object]:
    """Return all features by layer and id, and the settings: what makes two states equal."""
    features = {
        (name, f.uid): (f, tuple((type(v), v) for _, v in sorted(f.attributes.items())))
        for name, layer in snapshot.layers.items()
        for f in layer.table
    }
    return {
        "features": features,
        "settings": dict(snapshot.settings),
        "title": snapshot.title,
        "crs": snapshot.crs,
    }


def reopened(project: Project) -> Project:
    path = project.path
    project.close()
    return Project.open(path)


def watch_trigger(path: Path, layer: str, verb: str) -> str:
    """Return the name of a trigger that notes edits made outside."""
    db = connect(path, read_only=True)
    number = db.execute("SELECT layer_id FROM pb_layer WHERE name = ?", (layer,)).get
    db.close()
    return watch_name(number, verb)


def damaged_through_sql(path: Path, *statements: str) -> None:
    """Change a file behind the back of the program."""
    db = connect(path)
    for statement in statements:
        db.execute(statement)
    db.close()


def whole(path: Path) -> dict[str, Mapping[str, object]]:
    """Return everything a project says: the plan, its branches, each revision."""
    with Project.open(path, read_only=True) as project:
        labels = [*(r.label for r in project.revisions), *(b.name for b in project.branches)]
        return {label: content(project.state(label)) for label in labels}


def emptied(path: Path, table: str) -> bytes:
    """Overwrite the pages of a table and of what belongs to it with zeros, as a failing disk does."""
    with apsw.Connection(str(path)) as db:
        size = db.pragma("page_size")
        pages = [row[0] for row in db.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]
    data = bytearray(path.read_bytes())
    for page in pages:
        data[(page - 1) * size : page * size] = bytes(size)
    path.write_bytes(data)
    return bytes(data)
