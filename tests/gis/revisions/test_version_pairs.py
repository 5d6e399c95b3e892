"""Files that exist in two versions with known differences: imported one after the other, they show these.

The ids that rows have in the files go into a column, as they do in an export of a project.
"""

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from gis.project import Project
from gis.revisions.compare import compare
from layers.errors import CrsError
from layers.text import same

FILES = Path(__file__).parents[2] / "data" / "versions" / "geodiff.zip"
LAYERS = {"simple": "facility", "line": "barrier", "poly": "green"}


def pairs():
    with zipfile.ZipFile(FILES) as archive:
        return json.loads(archive.read("expected.json"))


def with_ids(name, folder):
    """Unpack a version; its rows get the column that our exports have."""
    with zipfile.ZipFile(FILES) as archive:
        path = Path(archive.extract(name, folder))
    db = sqlite3.connect(path)
    for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        db.create_function(function, 1, lambda _: None)
    tables = [t for (t,) in db.execute("SELECT table_name FROM gpkg_contents") if t in LAYERS]
    for table in tables:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute(f'ALTER TABLE "{table}" ADD COLUMN uid TEXT')
        db.execute(f"UPDATE \"{table}\" SET uid = printf('%032x', fid)")
    db.commit()
    db.close()
    return path, tables


def take(project, path, tables):
    for table in tables:
        layer = LAYERS[table]
        source = read_source(path, source_layer=table)
        made = plan_import(project.snapshot, source, layer, match="uid", remove_missing=True)
        if made.changes:
            project.apply(made.changes, same(table))


def found(comparison, layer, fresh_columns=()):
    """Return what a comparison says of one layer, in the words of the list of differences."""
    told = {"insert": [], "delete": [], "update": {}}
    for change in comparison.changes:
        if change.layer == layer:
            number = str(int(change.uid, 16))
            if change.kind in ("added", "removed"):
                told["insert" if change.kind == "added" else "delete"].append(number)
            else:
                shape = ["geometry"] if change.kind in ("moved", "reshaped") else []
                told["update"][number] = sorted({*shape, *columns_of(change)} - set(fresh_columns))
    return told


def columns_of(change):
    for field in change.fields:
        if field.field.name != "imported":
            yield field.field.name
            continue
        old, new = (json.loads(value or "{}") for value in (field.before, field.after))
        yield from (name for name in {**old, **new} if old.get(name) != new.get(name))


REPROJECTED = "base.gpkg -> modified_scheme/reprojected.gpkg"


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """Projects with the first version of each file, imported and frozen once for all pairs it begins."""
    folder = tmp_path_factory.mktemp("bases")
    made = {}

    def base(name):
        if name not in made:
            made[name] = folder / name
            with Project.create(made[name], "t", "EPSG:32630") as project:
                take(project, *with_ids(name, folder / "files"))
                project.freeze("R1")
        return made[name]

    return base


def test_a_version_in_a_system_made_for_another_place_is_refused_and_nothing_changes(bases, tmp_path):
    before, after = REPROJECTED.split(" -> ")
    with Project.open(shutil.copy(bases(before), tmp_path / "p.gpkg")) as project:
        with pytest.raises(CrsError):
            take(project, *with_ids(after, tmp_path / "after"))
        assert not project.changes_between("R1", "working")


@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair != REPROJECTED])
def test_two_versions_of_a_file_show_their_known_differences_and_no_other(pair, bases, tmp_path):
    before, after = pair.split(" -> ")
    with Project.open(shutil.copy(bases(before), tmp_path / "p.gpkg")) as project:
        take(project, *with_ids(after, tmp_path / "after"))
        comparison = compare(project.state("R1"), project.snapshot, project.changes_between("R1", "working"))
    for table, wanted in pairs()[pair].items():
        if table not in LAYERS:
            continue
        told = found(comparison, LAYERS[table], wanted.get("columns_added", ()))
        assert told["insert"] == [row[0] for row in wanted["insert"]]
        assert told["delete"] == [row[0] for row in wanted["delete"]]
        updates = {row["key"][0]: sorted(row["changed"]) for row in wanted["update"]}
        assert {k: v for k, v in told["update"].items() if v} == updates
