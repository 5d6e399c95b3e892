"""The ``pb_*`` tables: versions, steps, revisions, settings, photos, postings.

Design rules: ``pb_row`` is only ever added to; a frozen revision cannot be
changed by anyone (triggers abort it); the triggers on layer tables note nothing
but (layer, fid), so that other programs may do as they like with the fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

import apsw

from gis.store.clock import now
from gis.store.geopackage import quoted, register_attributes
from layers.revision import MAIN

FORMAT_VERSION: Final = 7

_TABLES: Final = """
CREATE TABLE pb_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT) WITHOUT ROWID;
CREATE TABLE pb_layer (
  layer_id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  table_name TEXT NOT NULL, geometry_column TEXT NOT NULL);
CREATE TABLE pb_schema (
  schema_id INTEGER PRIMARY KEY, layer_id INTEGER NOT NULL REFERENCES pb_layer, columns TEXT NOT NULL,
  crs TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE pb_feature (
  feat_id INTEGER PRIMARY KEY, layer_id INTEGER NOT NULL REFERENCES pb_layer, uid TEXT NOT NULL,
  UNIQUE (layer_id, uid));
CREATE TABLE pb_row (
  row_id INTEGER PRIMARY KEY, feat_id INTEGER NOT NULL REFERENCES pb_feature, schema_id INTEGER NOT NULL
  REFERENCES pb_schema, hash BLOB NOT NULL, geom BLOB, attrs TEXT NOT NULL, ancestors TEXT);
CREATE TABLE pb_head (
  layer_id INTEGER NOT NULL, fid INTEGER NOT NULL, feat_id INTEGER NOT NULL UNIQUE, row_id INTEGER NOT NULL,
  odd INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (layer_id, fid)) WITHOUT ROWID;
CREATE INDEX pb_head_odd ON pb_head(layer_id, fid) WHERE odd;
CREATE TABLE pb_dirty (
  layer_id INTEGER NOT NULL, fid INTEGER NOT NULL, PRIMARY KEY (layer_id, fid)) WITHOUT ROWID;
CREATE TABLE pb_action (
  action_id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, time TEXT NOT NULL, user TEXT NOT NULL,
  kind TEXT NOT NULL, label_zh TEXT NOT NULL, label_en TEXT NOT NULL, target INTEGER REFERENCES pb_action,
  state TEXT NOT NULL, branch TEXT NOT NULL DEFAULT 'main', merge_parent INTEGER REFERENCES pb_revision);
CREATE INDEX pb_action_state ON pb_action(state, action_id);
CREATE TABLE pb_journal (
  seq INTEGER PRIMARY KEY, action_id INTEGER NOT NULL REFERENCES pb_action, feat_id INTEGER NOT NULL,
  before_row INTEGER, after_row INTEGER);
CREATE INDEX pb_journal_action ON pb_journal(action_id);
CREATE TABLE pb_setting (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pb_setting_journal (
  seq INTEGER PRIMARY KEY, action_id INTEGER NOT NULL REFERENCES pb_action, name TEXT NOT NULL,
  before TEXT, after TEXT);
CREATE INDEX pb_setting_journal_action ON pb_setting_journal(action_id);
CREATE TABLE pb_revision (
  rev_id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, title TEXT NOT NULL, note TEXT NOT NULL,
  author TEXT NOT NULL, created TEXT NOT NULL, state TEXT NOT NULL, branch TEXT NOT NULL DEFAULT 'main',
  parent INTEGER REFERENCES pb_revision, merge_parent INTEGER REFERENCES pb_revision,
  uuid TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL, journal_seq INTEGER NOT NULL, setting_seq INTEGER NOT NULL, content BLOB);
CREATE TABLE pb_delta (
  rev_id INTEGER NOT NULL REFERENCES pb_revision, feat_id INTEGER NOT NULL, old_row INTEGER, new_row INTEGER,
  PRIMARY KEY (rev_id, feat_id)) WITHOUT ROWID;
CREATE TABLE pb_setting_delta (
  rev_id INTEGER NOT NULL REFERENCES pb_revision, name TEXT NOT NULL, before TEXT, after TEXT,
  PRIMARY KEY (rev_id, name)) WITHOUT ROWID;
CREATE TABLE pb_photo (
  photo_id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, added TEXT NOT NULL,
  data BLOB NOT NULL);
CREATE TABLE pb_posting (
  posting_id INTEGER PRIMARY KEY, revision TEXT NOT NULL, compared_with TEXT, profile TEXT NOT NULL,
  file_name TEXT NOT NULL, sha256 TEXT NOT NULL, created TEXT NOT NULL);
"""
_BRANCHES: Final = """
CREATE TABLE pb_branch (
  branch_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER REFERENCES pb_revision,
  origin INTEGER REFERENCES pb_revision, created TEXT NOT NULL, journal_seq INTEGER NOT NULL,
  setting_seq INTEGER NOT NULL, fork_of TEXT, fork_seq INTEGER, fork_setting_seq INTEGER);
CREATE TABLE pb_branch_delta (
  branch_id INTEGER NOT NULL REFERENCES pb_branch, feat_id INTEGER NOT NULL, old_row INTEGER, new_row INTEGER,
  PRIMARY KEY (branch_id, feat_id)) WITHOUT ROWID;
CREATE TABLE pb_branch_setting (
  branch_id INTEGER NOT NULL REFERENCES pb_branch, name TEXT NOT NULL, before TEXT, after TEXT,
  PRIMARY KEY (branch_id, name)) WITHOUT ROWID;
CREATE TABLE pb_decision (
  action_id INTEGER NOT NULL REFERENCES pb_action, layer TEXT NOT NULL, uid TEXT NOT NULL, cell TEXT NOT NULL,
  side TEXT NOT NULL, PRIMARY KEY (action_id, layer, uid, cell)) WITHOUT ROWID;
"""

_BOARDS: Final = """
CREATE TABLE pb_board (
  board_id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, posting TEXT NOT NULL, place TEXT NOT NULL,
  since TEXT NOT NULL, until TEXT NOT NULL, photos TEXT NOT NULL, note TEXT NOT NULL,
  version INTEGER NOT NULL, removed INTEGER NOT NULL);
"""

_SETTLED: Final = """
CREATE TABLE pb_settled (
  branch TEXT NOT NULL, action_id INTEGER REFERENCES pb_action, layer TEXT NOT NULL, uid TEXT NOT NULL,
  cell TEXT NOT NULL, mark BLOB NOT NULL);
CREATE INDEX pb_settled_branch ON pb_settled(branch);
"""

_NAMED: Final = """
ALTER TABLE pb_branch ADD COLUMN uid TEXT;
ALTER TABLE pb_branch ADD COLUMN removed TEXT;
CREATE TABLE pb_branch_revision (
  rev_id INTEGER PRIMARY KEY REFERENCES pb_revision, branch_id INTEGER NOT NULL REFERENCES pb_branch);
"""

_FROZEN: Final = "(SELECT state FROM pb_revision WHERE rev_id = {side}.rev_id) = 'frozen'"
_STOP: Final = "BEGIN SELECT RAISE(ABORT, 'a frozen revision never changes'); END"
_SEALS: Final = {
    "pb_row_update": f"BEFORE UPDATE ON pb_row {_STOP}",
    "pb_row_delete": f"BEFORE DELETE ON pb_row {_STOP}",
    "pb_revision_update": f"BEFORE UPDATE ON pb_revision WHEN OLD.state = 'frozen' {_STOP}",
    "pb_revision_delete": f"BEFORE DELETE ON pb_revision WHEN OLD.state = 'frozen' {_STOP}",
} | {
    f"{table}_{verb}": f"BEFORE {verb.upper()} ON {table} WHEN {_FROZEN.format(side=side)} {_STOP}"
    for table in ("pb_delta", "pb_setting_delta")
    for verb, side in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD"))
}


def create_tables(db: apsw.Connection) -> None:
    """Create all ``pb_*`` tables and the seals of frozen revisions."""
    db.execute(_TABLES)
    db.execute(_BRANCHES)
    add_board_table(db)
    add_settled_table(db)
    db.execute("INSERT INTO pb_branch VALUES (1, 'main', NULL, NULL, ?, 0, 0, NULL, NULL, NULL)", (now(),))
    add_branch_identity(db)
    create_seals(db)
    register_revisions(db)


def register_revisions(db: apsw.Connection) -> None:
    """Let other programs show the list of revisions."""
    register_attributes(db, "pb_revision", "版次 Revisions")


def add_branch_tables(db: apsw.Connection) -> None:
    """Bring the tables of format 1 to format 2: alternatives, merge parents, ancestors."""
    db.execute("ALTER TABLE pb_action ADD COLUMN branch TEXT NOT NULL DEFAULT 'main'")
    db.execute("ALTER TABLE pb_action ADD COLUMN merge_parent INTEGER REFERENCES pb_revision")
    db.execute("ALTER TABLE pb_row ADD COLUMN ancestors TEXT")
    db.execute(_BRANCHES)
    db.execute(
        "INSERT INTO pb_branch SELECT 1, 'main', r.rev_id, NULL, ifnull(r.created, ?),"
        " ifnull(r.journal_seq, 0), ifnull(r.setting_seq, 0), NULL, NULL, NULL"
        " FROM (SELECT 1) LEFT JOIN pb_revision r"
        " ON r.label = (SELECT value FROM pb_meta WHERE key = 'head')",
        (now(),),
    )
    db.execute("DELETE FROM pb_meta WHERE key = 'head'")


def add_board_table(db: apsw.Connection) -> None:
    """Bring the tables of format 2 to format 3: where a posting hangs."""
    db.execute(_BOARDS)


def add_settled_table(db: apsw.Connection) -> None:
    """Bring the tables of format 3 to format 4: what was decided in merges is not asked again."""
    db.execute(_SETTLED)


def add_content_sums(db: apsw.Connection) -> None:
    """Bring the tables of format 4 to format 5: revisions frozen from now on keep a sum of content."""
    db.execute("ALTER TABLE pb_revision ADD COLUMN content BLOB")


def add_branch_identity(db: apsw.Connection) -> None:
    """Bring the tables of format 5 to format 6: alternatives are known by an id, under whatever name.

    The id comes from what every copy of the project says alike: copies that are brought to this format
    apart still know their alternatives as the same.
    """
    db.execute(_NAMED)
    rows: Any = db.execute("SELECT branch_id, name, created FROM pb_branch").fetchall()
    for number, name, created in rows:
        told = MAIN if name == MAIN else sha256(f"{name}\n{created}".encode()).hexdigest()[:32]
        db.execute("UPDATE pb_branch SET uid = ? WHERE branch_id = ?", (told, number))


def create_seals(db: apsw.Connection) -> None:
    """Create the triggers that keep frozen revisions as they are, where missing."""
    for name, text in _SEALS.items():
        db.execute(f"CREATE TRIGGER IF NOT EXISTS {name}_seal {text}")


def missing_seals(db: apsw.Connection) -> set[str]:
    """Return the names of those triggers that are missing."""
    present = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return {f"{name}_seal" for name in _SEALS} - present


def watch(db: apsw.Connection, layer_id: int, table: str) -> None:
    """Create the triggers that note which rows of a layer table changed, where missing."""
    note = "INSERT OR IGNORE INTO pb_dirty(layer_id, fid) VALUES ({layer}, {side}.fid)"
    old, new = (note.format(layer=int(layer_id), side=side) for side in ("OLD", "NEW"))
    bodies = {
        "insert": f"AFTER INSERT ON {quoted(table)} BEGIN {new}; END",
        "update": f"AFTER UPDATE ON {quoted(table)} BEGIN {old}; {new}; END",
        "delete": f"AFTER DELETE ON {quoted(table)} BEGIN {old}; END",
    }
    for verb, text in bodies.items():
        db.execute(f"CREATE TRIGGER IF NOT EXISTS {watch_name(layer_id, verb)} {text}")


def is_watched(db: apsw.Connection, layer_ids: Iterable[int]) -> bool:
    """Tell whether every layer table still has its three watching triggers."""
    names = [watch_name(number, verb) for number in layer_ids for verb in ("insert", "update", "delete")]
    query = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    return len(db.executemany(query, ((name,) for name in names)).fetchall()) == len(names)


def watch_name(layer_id: int, verb: str) -> str:
    """Return the name of a watching trigger; the table may be renamed, the layer number not."""
    return f"pb_dirty_{int(layer_id)}_{verb}"
