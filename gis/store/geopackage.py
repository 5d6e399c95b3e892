"""The standard part of the file: what any GeoPackage reader expects.

Written after GeoPackage 1.3, which programs of 2021 (QGIS 3.22, GDAL 3.6) read without a
warning: contents, reference systems, geometry columns, and the R-tree extension with its triggers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import apsw
import numpy as np

from layers.errors import CrsError
from layers.schema import Field, GeometryType
from layers.text import Text

APPLICATION_ID: Final = 0x47504B47  # "GPKG"
USER_VERSION: Final = 10300
GEOMETRY: Final = "geom"
_TYPES: dict[GeometryType, str] = {"point": "POINT", "line": "LINESTRING", "polygon": "POLYGON"}
_SHAPE_OF_ID: Final = {0: "POINT", 1: "LINESTRING", 2: "LINESTRING", 3: "POLYGON"}
_DECLARED: Final = frozenset({"GEOMETRY", "POINT", "LINESTRING", "POLYGON"})
_DECLARATION: Final = re.compile(
    rf"""([(,]\s*["`]?{GEOMETRY}["`]?\s+)(?:{"|".join(sorted(_DECLARED))})(?=\s|,|\))""", re.IGNORECASE
)
_OWN_SRS_ID: Final = 100_000
_NOW: Final = "strftime('%Y-%m-%dT%H:%M:%fZ','now')"

_CONTAINER: Final = f"""
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT ({_NOW}),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


def create_container(db: apsw.Connection, crs: str) -> int:
    """Create the tables every GeoPackage has and return the srs id of a project's CRS.

    Raises
    ------
    CrsError
        If the CRS is unknown or not in metres.
    """
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {USER_VERSION}")
    db.execute(_CONTAINER)
    rows = [
        (
            "Undefined Cartesian SRS",
            -1,
            "NONE",
            -1,
            "undefined",
            "undefined Cartesian coordinate reference system",
        ),
        (
            "Undefined geographic SRS",
            0,
            "NONE",
            0,
            "undefined",
            "undefined geographic coordinate reference system",
        ),
        _srs_row("EPSG:4326"),
        project := _srs_row(crs, metric=True),
    ]
    db.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", rows)
    return int(project[1])


def _srs_row(crs: str, *, metric: bool = False) -> tuple[str, int, str, int, str, str]:
    import pyproj  # late: an existing project opens without it

    try:
        found = pyproj.CRS.from_user_input(crs)
        definition = found.to_wkt("WKT1_GDAL")
    except pyproj.exceptions.CRSError as error:
        raise CrsError(
            Text("无法识别坐标系“{crs}”。", "The coordinate system “{crs}” is not known.").format(
                crs=crs[:80]
            ),
            Text("请写作 EPSG:4548 这样的代号。", "Write it as a code such as EPSG:4548."),
            code="crs.unknown",
        ) from error
    if metric and not (found.is_projected and all(axis.unit_name == "metre" for axis in found.axis_info[:2])):
        raise CrsError(
            Text("坐标系“{name}”不以米为单位。", "The coordinate system “{name}” is not in metres.").format(
                name=found.name
            ),
            Text(
                "请选用投影坐标系，如 EPSG:4548（CGCS2000 三度带，中央经线 117°）。",
                "Choose a projected one such as EPSG:4548 (CGCS2000, 3-degree zone, 117° E).",
            ),
            code="crs.not-metric",
        )
    authority = found.to_authority(min_confidence=100)
    if authority and authority[1].isdigit():
        return found.name, int(authority[1]), authority[0], int(authority[1]), definition, ""
    return found.name, _OWN_SRS_ID, "NONE", _OWN_SRS_ID, definition, ""


def create_feature_table(
    db: apsw.Connection,
    table: str,
    title: str,
    shapes: Iterable[GeometryType],
    columns: dict[str, str],
    srs_id: int,
) -> None:
    """Create a feature table with its index, and register it.

    Parameters
    ----------
    columns : dict of str to str
        Name and GeoPackage type of each attribute.
    """
    names = "".join(f", {quoted(name)} {kind}" for name, kind in columns.items())
    shape = _declared(shapes)
    db.execute(
        f"CREATE TABLE {quoted(table)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {GEOMETRY} {shape},"
        f" uid TEXT{names})"
    )
    db.execute(f"CREATE INDEX {quoted('pb_uid_' + table)} ON {quoted(table)}(uid)")
    register_features(db, table, title, shapes, srs_id)
    create_spatial_index(db, table)


def _declared(shapes: Iterable[GeometryType]) -> str:
    taken = list(shapes)
    return _TYPES[taken[0]] if len(taken) == 1 else "GEOMETRY"


def is_registered(db: apsw.Connection, table: str) -> bool:
    """Tell whether other programs can find a feature table."""
    return all(
        db.execute(f"SELECT 1 FROM {register} WHERE table_name = ?", (table,)).get is not None
        for register in ("gpkg_contents", "gpkg_geometry_columns")
    )


def register_features(
    db: apsw.Connection, table: str, title: str, shapes: Iterable[GeometryType], srs_id: int
) -> None:
    """Enter a feature table into the register, in place of what stands there of it."""
    unregister(db, table)
    db.execute(
        "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
        (table, title, srs_id),
    )
    row = (table, GEOMETRY, _declared(shapes), srs_id)
    db.execute("INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,0,0)", row)


def unregister(db: apsw.Connection, table: str) -> None:
    """Take a feature table out of the register, with what is said of its index."""
    for register in ("gpkg_geometry_columns", "gpkg_extensions", "gpkg_contents"):
        db.execute(f"DELETE FROM {register} WHERE table_name = ?", (table,))


def drop_spatial_index(db: apsw.Connection, table: str) -> None:
    """Drop the R-tree of a feature table, if it has one."""
    for name in index_triggers(table):
        db.execute(f"DROP TRIGGER IF EXISTS {quoted(name)}")
    db.execute(f"DROP TABLE IF EXISTS {quoted(f'rtree_{table}_{GEOMETRY}')}")


def create_spatial_index(db: apsw.Connection, table: str) -> None:
    """Create, fill and register the R-tree of a feature table."""
    _fill_spatial_index(db, table)
    for statement in index_triggers(table).values():
        db.execute(statement)
    db.execute(
        "INSERT OR REPLACE INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        (table, GEOMETRY),
    )


def refill_spatial_index(db: apsw.Connection, table: str) -> None:
    """Make the R-tree of a feature table anew: quicker than to take most of its rows out."""
    db.execute(f"DROP TABLE {quoted(f'rtree_{table}_{GEOMETRY}')}")
    _fill_spatial_index(db, table)


def _fill_spatial_index(db: apsw.Connection, table: str) -> None:
    index = quoted(f"rtree_{table}_{GEOMETRY}")
    db.execute(f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)")
    db.execute(
        f"INSERT INTO {index} SELECT fid, ST_MinX(geom), ST_MaxX(geom), ST_MinY(geom), ST_MaxY(geom)"
        f" FROM {quoted(table)} WHERE geom NOT NULL AND NOT ST_IsEmpty(geom)"
    )


def index_triggers(table: str) -> dict[str, str]:
    """Return the triggers of the R-tree extension (GeoPackage 1.3, table 46) by name."""
    t, index = quoted(table), f"rtree_{table}_{GEOMETRY}"
    r, box = quoted(index), "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
    full, void = (
        "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))",
        "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))",
    )
    bodies = {
        "insert": f"AFTER INSERT ON {t} WHEN {full} BEGIN"
        f" INSERT OR REPLACE INTO {r} VALUES (NEW.fid, {box}); END",
        "update1": f"AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {full} BEGIN"
        f" INSERT OR REPLACE INTO {r} VALUES (NEW.fid, {box}); END",
        "update2": f"AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {void} BEGIN"
        f" DELETE FROM {r} WHERE id = OLD.fid; END",
        "update3": f"AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {full} BEGIN"
        f" DELETE FROM {r} WHERE id = OLD.fid; INSERT OR REPLACE INTO {r} VALUES (NEW.fid, {box}); END",
        "update4": f"AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {void} BEGIN"
        f" DELETE FROM {r} WHERE id IN (OLD.fid, NEW.fid); END",
        "delete": f"AFTER DELETE ON {t} WHEN OLD.geom NOT NULL BEGIN DELETE FROM {r} WHERE id = OLD.fid; END",
    }
    return {
        f"{index}_{name}": f"CREATE TRIGGER {quoted(f'{index}_{name}')} {text}"
        for name, text in bodies.items()
    }


def replace_index_triggers(db: apsw.Connection, tables: Iterable[str]) -> None:
    """Declare the file to be of this version, and drop triggers of GeoPackage 1.4 for those of 1.3."""
    present = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for table in tables:
        for name in ("update5", "update6", "update7"):
            db.execute(f"DROP TRIGGER IF EXISTS {quoted(f'rtree_{table}_{GEOMETRY}_{name}')}")
        if f"rtree_{table}_{GEOMETRY}_insert" in present:
            for name, statement in index_triggers(table).items():
                if name not in present:
                    db.execute(statement)
    db.execute(f"PRAGMA user_version = {USER_VERSION}")


def note_change(db: apsw.Connection, table: str, bounds: np.ndarray | None) -> None:
    """Set the time of the last change and widen the extent of a table."""
    if bounds is None or not len(bounds) or np.isnan(bounds[:, 0]).all():
        db.execute(f"UPDATE gpkg_contents SET last_change = {_NOW} WHERE table_name = ?", (table,))
        return
    low, high = np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)
    db.execute(
        f"UPDATE gpkg_contents SET last_change = {_NOW}, min_x = min(ifnull(min_x, ?1), ?1),"
        " min_y = min(ifnull(min_y, ?2), ?2), max_x = max(ifnull(max_x, ?3), ?3), "
        " max_y = max(ifnull(max_y, ?4), ?4)"
        " WHERE table_name = ?5",
        (float(low[0]), float(low[1]), float(high[0]), float(high[1]), table),
    )


def set_extent(db: apsw.Connection, table: str, extent: tuple[float, float, float, float] | None) -> None:
    """Write the exact extent of a table if another one is there."""
    values = extent or (None, None, None, None)
    db.execute(
        "UPDATE gpkg_contents SET min_x = ?1, min_y = ?2, max_x = ?3, max_y = ?4 WHERE table_name = ?5"
        " AND (min_x IS NOT ?1 OR min_y IS NOT ?2 OR max_x IS NOT ?3 OR max_y IS NOT ?4)",
        (*values, table),
    )


def widen_type(db: apsw.Connection, table: str, type_ids: set[int], *, z: bool, m: bool) -> None:
    """Keep the declared type true: GEOMETRY once a Multi or another shape comes, Z and M optional."""
    row = db.execute(
        "SELECT geometry_type_name, z, m FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
    ).get
    name, had_z, had_m = row
    if any(_SHAPE_OF_ID.get(i) != name for i in type_ids):
        name = "GEOMETRY"
    wanted = (name, 2 if z else had_z, 2 if m else had_m)
    if wanted != row:
        db.execute(
            "UPDATE gpkg_geometry_columns SET geometry_type_name = ?, z = ?, m = ? WHERE table_name = ?",
            (*wanted, table),
        )
        match_declared_type(db, table)


def match_declared_type(db: apsw.Connection, table: str) -> None:
    """Let the column of shapes be declared as the type it is registered with.

    Programs on GDAL warn, each time they open the file, where the two differ. SQLite has no statement for
    it; what changes is a word in the text of the table, no row.
    """
    wanted = db.execute(
        "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", (table,)
    ).get
    text = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).get
    if wanted not in _DECLARED or text is None:
        return
    changed = _DECLARATION.sub(rf"\g<1>{wanted}", text, count=1)
    if changed == text:
        return
    version = db.pragma("schema_version")
    db.execute("PRAGMA writable_schema = ON")
    try:
        db.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (changed, table))
        db.pragma("schema_version", version + 1)  # other connections read the text anew
    finally:
        db.execute("PRAGMA writable_schema = RESET")


def add_column(db: apsw.Connection, table: str, field: Field, kind: str) -> None:
    """Add an attribute column to a feature table."""
    db.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(field.name)} {kind}")


def register_attributes(db: apsw.Connection, table: str, title: str) -> None:
    """List a table without geometry, which also hides all unlisted ones from OGR."""
    db.execute(
        "INSERT OR REPLACE INTO gpkg_contents(table_name, data_type, identifier) VALUES (?, 'attributes', ?)",
        (table, title),
    )


def quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
