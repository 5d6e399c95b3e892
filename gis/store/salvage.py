"""What can still be read of a damaged project, as a new one beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import apsw

from gis.store import guard
from gis.store.attachments import add_photo
from gis.store.blobs import UnreadableGeometryError, from_blobs
from gis.store.columns import plain_value
from gis.store.connection import connect, transaction
from gis.store.copying import save_copy
from gis.store.failures import told
from gis.store.geopackage import quoted
from gis.store.layer_tables import column_types, layer_tables
from gis.store.rebuilding import Rebuilt, rebuild
from gis.store.rows import (
    LayerTable,
    encode,
    features_of,
    load_versions,
    row_hash,
    schema_hasher,
    schemas,
)
from gis.store.salvaged_record import take_record
from gis.store.settings import parsed_settings, setting_texts
from gis.store.steps import Action, encode_step, write_step
from gis.store.store import TITLE, Store, create_store, must_be_new
from layers.changes import Change, ChangeSet
from layers.errors import BadInputError, Finding, PlanboardError, StorageError
from layers.feature import Feature, new_uid
from layers.kinds import standard_kinds
from layers.schema import Value
from layers.text import Text

_UNREADABLE = (
    apsw.CorruptError,
    apsw.IOError,
    apsw.SQLError,
    apsw.NotADBError,
    UnicodeDecodeError,
    ValueError,
    TypeError,
    KeyError,
)
_LAST = 2**40
_UNKNOWN = -1


@dataclass
class Salvaged:
    """What was saved, by number; `doubtful` if the working plan itself had gaps.

    `from_record` counts the features whose row in the layer table was not what was last saved. `whole`
    says that the past was saved, too: revisions, alternatives and steps. `lost` says of what a part is gone
    although revisions were saved; `broken` are the revisions that it was a part of.
    """

    features: int = 0
    photos: int = 0
    postings: int = 0
    boards: int = 0
    revisions: int = 0
    whole: bool = False
    from_record: int = 0
    doubtful: bool = False
    lost: frozenset[str] = frozenset()
    broken: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def salvage(path: Path, out: Path) -> Salvaged:
    """Save what a damaged project still holds as a new project.

    The damaged file is only read. Where the damage is in what follows from the rest, all of it is saved;
    else the working plan with photos and postings. Revisions and undo steps are worth something only if
    they are whole.

    Parameters
    ----------
    out : Path
        Must not exist.

    Raises
    ------
    RefusedError
        If the file is open, or `out` exists.
    StorageError, BadInputError
        If nothing can be read.
    """
    guard.refuse_if_live(path)
    with told(path), tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        must_be_new(out)
        rebuilt, copy = Path(folder) / "rebuilt.gpkg", Path(folder) / "damaged.gpkg"
        for doubted in _DOUBTED:
            whole = rebuild(_copied(path, copy), rebuilt, doubted)
            if whole is not None:
                return _whole(rebuilt, out, whole)
        db = connect(_copied(path, copy), damaged=True)
        try:
            return _save(db, path, out)
        finally:
            db.close()


_DOUBTED: Final = ((), ("pb_head",), ("pb_delta",))
"""Tables of which nothing is believed, one attempt after another."""


def _copied(path: Path, copy: Path) -> Path:
    for end in ("-journal", "-wal", "-shm"):
        copy.with_name(copy.name + end).unlink(missing_ok=True)  # of the attempt before
    shutil.copyfile(path, copy)
    for end in ("-journal", "-wal"):
        if (beside := path.with_name(path.name + end)).exists():
            shutil.copyfile(beside, copy.with_name(copy.name + end))
    return copy


def _whole(rebuilt: Path, out: Path, how: Rebuilt) -> Salvaged:
    """Put a project that was made whole in its place, and count what it holds."""
    with closing(connect(rebuilt, read_only=True)) as db:
        save_copy(db, out)

        def count(source: str) -> int:
            return int(db.execute(f"SELECT count(*) FROM {source}").get)

        result = Salvaged(
            count("pb_head"),
            count("pb_photo"),
            count("pb_posting"),
            count("pb_board WHERE NOT removed"),
            count("pb_revision"),
            whole=not how.lost,
            from_record=how.from_record,
            doubtful=how.given_up > 0,
            lost=how.lost,
            broken=how.broken,
        )
    result.findings = _summary(result)
    return result


def _save(db: apsw.Connection, path: Path, out: Path) -> Salvaged:
    crs, tables = _crs(db), _tables(db)
    if crs is None or not tables:
        raise _nothing(path)
    result = Salvaged()
    settings = _settings(db, result)
    store = create_store(out, str(settings.pop(TITLE, "")), crs, settings)
    whole = False
    try:
        for name, layer in tables.items():
            features = list(_features(db, layer, result))
            result.features += _write(store, name, features)
        result.photos = _photos(db, store)
        result.postings, result.boards, left = take_record(db, store.db)
        result.doubtful |= left > 0
        whole = True
    finally:
        store.close()
        if not whole:
            out.unlink(missing_ok=True)
    result.findings = _summary(result)
    return result


def _crs(db: apsw.Connection) -> str | None:
    """Return the coordinate system, as the project says or as its layers do."""
    for query in (
        "SELECT value FROM pb_meta WHERE key = 'crs'",
        "SELECT s.organization || ':' || s.organization_coordsys_id FROM gpkg_geometry_columns g"
        " JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE g.srs_id > 0 LIMIT 1",
    ):
        try:
            found = db.execute(query).get
        except _UNREADABLE:
            continue
        if isinstance(found, str):
            return found
    return None


def _tables(db: apsw.Connection) -> dict[str, LayerTable]:
    """Return the layers, as the project lists them or by the names of its tables."""
    try:
        return layer_tables(db)
    except _UNREADABLE:
        kinds = standard_kinds()
    try:
        present = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except _UNREADABLE:
        return {}
    return {
        name: LayerTable(_UNKNOWN, name, name, kind, kind.fields, _UNKNOWN, 0)
        for name, kind in kinds.items()
        if name in present
    }


def _nothing(path: Path) -> PlanboardError:
    kind = StorageError if path.stat().st_size else BadInputError
    return kind(
        Text("“{name}”中没有可读出的内容。", "Nothing in “{name}” can be read.").format(name=path.name),
        Text("原文件未作改动。请改用备份。", "The original was left as it is. Use a backup."),
        code="store.nothing-left",
    )


_PLAN: Final = Text(
    "已救回 {features} 个对象、{photos} 张照片、{postings} 条公示记录和 {boards} 处张贴地点；"
    "版次和操作记录未能保留。",
    "{features} objects, {photos} photos, {postings} postings and {boards} places they hang were saved;"
    " revisions and steps were not.",
)
_WHOLE: Final = Text(
    "项目已完整救回：{features} 个对象、{photos} 张照片、{postings} 条公示记录、{boards} 处张贴地点、"
    "{revisions} 个版次，以及全部操作记录。",
    "The whole project was saved: {features} objects, {photos} photos, {postings} postings, {boards} places"
    " they hang, {revisions} revisions, and every step.",
)


_MOST: Final = Text(
    "已救回 {features} 个对象、{photos} 张照片、{postings} 条公示记录、{boards} 处张贴地点"
    "和 {revisions} 个版次；缺失的部分见下。",
    "{features} objects, {photos} photos, {postings} postings, {boards} places they hang and {revisions}"
    " revisions were saved; what is missing is told below.",
)
_LOST: Final = {
    "steps": Text(
        "操作记录已损坏：每个版次现为一步，更细的步骤不能再撤销。",
        "The list of steps was damaged: each revision is one step now; finer ones cannot be undone.",
    ),
    "postings": Text(
        "部分公示记录、张贴地点或照片已无法读出，请核对。",
        "Some postings, places they hang or photos could not be read; check them.",
    ),
    "decisions": Text(
        "部分合并决定已无法读出：再次合并时会重新询问。",
        "Some decisions of merges could not be read: merging again asks about them anew.",
    ),
    "alternatives": Text(
        "比选方案中未定稿的修改可能有缺失，请逐一核对。",
        "What is not frozen in alternatives may be incomplete; check each of them.",
    ),
    "versions": Text(
        "部分较早的内容已无法读出，相应的步骤不能撤销。",
        "Some older content could not be read; the steps that held it cannot be undone.",
    ),
}
_BROKEN: Final = Text(
    "版次 {labels} 缺少内容，不能打开；其余版次均已核对，与定稿时一致。",
    "Revisions {labels} lack content and cannot be opened; all others were checked and are what was frozen.",
)


def _summary(result: Salvaged) -> tuple[Finding, ...]:
    numbers = {n: getattr(result, n) for n in ("features", "photos", "postings", "boards", "revisions")}
    words = (_WHOLE if result.whole else _MOST if result.lost else _PLAN).format(**numbers)
    findings = [Finding("salvage.summary", words)]
    findings += [Finding(f"salvage.{name}", words) for name, words in _LOST.items() if name in result.lost]
    if result.broken:
        labels = ", ".join(result.broken)
        findings.append(Finding("salvage.revisions", _BROKEN.format(labels=labels)))
    if result.from_record:
        kept = Text(
            "{n} 个对象在图层表中已损坏或不符，已改用校验无误的最后保存内容。",
            "{n} objects were damaged or different in the layer table; what was last saved, proven by its"
            " checksum, was taken instead.",
        ).format(n=result.from_record)
        findings.append(Finding("salvage.from-record", kept))
    if result.doubtful:
        gaps = Text(
            "部分数据已无法读出：可能缺少对象，也可能出现较早的或已删除的对象，请逐一核对。",
            "Some data could not be read: objects may be missing, and some may be older or"
            " removed ones. Check them.",
        )
        findings.append(Finding("salvage.gaps", gaps))
    return tuple(findings)


def _settings(db: apsw.Connection, result: Salvaged) -> dict[str, object]:
    """Return the settings that can be read; one that is damaged does not cost the others."""
    found: dict[str, object] = {}
    try:
        texts = setting_texts(db)
    except _UNREADABLE:
        return found
    for name, text in texts.items():
        try:
            found |= parsed_settings({name: text})
        except StorageError:
            result.doubtful = True
    return found


@dataclass
class _Reading:
    """Whether anything could not be read."""

    gaps: bool = False


def _features(db: apsw.Connection, layer: LayerTable, result: Salvaged) -> Iterator[Feature]:
    """Yield what the layer table still holds, then what only the versions hold."""
    seen: set[str] = set()
    reading = _Reading()
    proven = _proven(db, layer)
    for fid, row in _from_table(db, layer, reading):
        feature = proven.get(fid, row)
        result.from_record += not _agree(feature, row)
        uid = feature.uid if feature.uid not in seen else new_uid()
        seen.add(uid)
        yield replace(feature, uid=uid)
    query = f"SELECT fid, row_id FROM pb_head WHERE layer_id = {layer.id} AND fid > ? ORDER BY fid"
    current = [row_id for _, row_id in _scan(db, query, reading)]
    if reading.gaps:
        result.doubtful = True
        current += _newest_rows(db, layer)
    for feature in _from_versions(db, current):
        if feature.uid not in seen:
            seen.add(feature.uid)
            yield feature


def _proven(db: apsw.Connection, layer: LayerTable) -> dict[int, Feature]:
    """Return what was last saved, by row number, where its hash proves it.

    A flipped byte can leave a readable coordinate that is a thousand kilometres off; only the hash of the
    version tells. Rows that another program wrote to are newer than their versions and not among these.
    """
    reading = _Reading()
    query = f"SELECT fid FROM pb_dirty WHERE layer_id = {layer.id} AND fid > ? ORDER BY fid"
    written = {row[0] for row in _scan(db, query, reading)}
    if reading.gaps:
        return {}
    query = f"SELECT fid, row_id FROM pb_head WHERE layer_id = {layer.id} AND fid > ? ORDER BY fid"
    heads = [(fid, row_id) for fid, row_id in _scan(db, query, _Reading()) if fid not in written]
    found: dict[int, Feature] = {}
    try:
        names_of = schemas(db)
    except _UNREADABLE:
        return found
    starts = {number: schema_hasher(names) for number, names in names_of.items() if names == layer.names}
    for fid, row_id in heads:
        try:
            version = load_versions(db, [row_id])[row_id]
            start = starts[version.schema_id]
            if (
                version.is_plain
                and row_hash(start, version.geom, version.attrs, version.ancestors) == version.hash
            ):
                found[fid] = features_of([version], names_of)[0]
        except (*_UNREADABLE, UnreadableGeometryError):
            continue
    return found


def _agree(first: Feature, second: Feature) -> bool:
    return first is second or all(
        getattr(first, part) == getattr(second, part) for part in ("uid", "geometry", "attributes")
    )


def _from_table(db: apsw.Connection, layer: LayerTable, reading: _Reading) -> Iterator[tuple[int, Feature]]:
    present = [n for n in layer.names if n in _columns(db, layer)]
    names = "".join(", " + quoted(n) for n in present)
    query = f"SELECT fid, geom, uid{names} FROM {quoted(layer.table)} WHERE fid > ? ORDER BY fid"
    for row in _scan(db, query, reading):
        uid = row[2] if isinstance(row[2], str) and row[2] else new_uid()
        yield row[0], Feature(uid, _shape(row[1]), _values(layer, present, row[3:]))


def _newest_rows(db: apsw.Connection, layer: LayerTable) -> list[int]:
    """Return the newest readable version of every feature: perhaps one that was removed later."""
    rows = "SELECT row_id, feat_id FROM pb_row WHERE row_id > ? ORDER BY row_id"
    newest: dict[int, int] = {feat_id: row_id for row_id, feat_id in _scan(db, rows, _Reading())}
    query = f"SELECT feat_id FROM pb_feature WHERE feat_id > ? AND +layer_id = {layer.id} ORDER BY feat_id"
    return [newest[row[0]] for row in _scan(db, query, _Reading()) if row[0] in newest]


def _from_versions(db: apsw.Connection, row_ids: Sequence[int]) -> Iterator[Feature]:
    try:
        names_of = schemas(db)
    except _UNREADABLE:
        return
    for row_id in row_ids:
        try:
            yield from features_of(list(load_versions(db, [row_id]).values()), names_of)
        except (*_UNREADABLE, UnreadableGeometryError):
            continue


def _columns(db: apsw.Connection, layer: LayerTable) -> dict[str, str]:
    try:
        return column_types(db, layer.table)
    except _UNREADABLE:
        return {}


def _shape(blob: bytes | None) -> object:
    try:
        return from_blobs([blob])[0]
    except UnreadableGeometryError:
        return None


def _values(layer: LayerTable, names: Sequence[str], values: Sequence[object]) -> dict[str, Value]:
    boolean = {f.name for f in layer.fields if f.type == "boolean"}
    return {n: plain_value(v, boolean=n in boolean) for n, v in zip(names, values, strict=True)}


def _scan(db: apsw.Connection, query: str, reading: _Reading) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Yield rows in order of their number, leaping over what cannot be read."""
    last, leap, chunk = -1, 1, 256
    while last < _LAST:
        rows = _rows(db, query, last, chunk)
        if rows == []:
            return
        if rows is not None:
            yield from rows
            last, leap = rows[-1][0], 1
            continue
        reading.gaps = True
        if chunk > 1:
            chunk = 1
        else:
            last, leap = last + leap, leap * 2


def _rows(db: apsw.Connection, query: str, last: int, limit: int) -> list[tuple] | None:  # type: ignore[type-arg]
    """Return the next rows; None if they cannot be read or do not rise, as in a damaged tree."""
    try:
        rows = db.execute(f"{query} LIMIT {limit}", (last,)).fetchall()
    except _UNREADABLE:
        return None
    numbers: list[Any] = [last, *(row[0] for row in rows)]
    return rows if all(a < b for a, b in pairwise(numbers)) else None


def _write(store: Store, name: str, features: Sequence[Feature]) -> int:
    layer = store.tables[name]
    kept = []
    for feature in features:
        try:
            encode(layer, [feature])
        except PlanboardError:
            continue
        kept.append(feature)
    if kept:
        step = encode_step(store.tables, ChangeSet.of(Change(name, None, f) for f in kept))
        with transaction(store.db):
            write_step(store.db, step, Action("salvage", Text("救回的内容", "Salvaged")))
    return len(kept)


def _photos(db: apsw.Connection, store: Store) -> int:
    count = 0
    for _, name, data in _scan_photos(db):
        try:
            with transaction(store.db):
                add_photo(store.db, data, name)
        except BadInputError:
            continue
        count += 1
    return count


def _scan_photos(db: apsw.Connection) -> Iterator[tuple[str, str, bytes]]:
    try:
        ids = [row[0] for row in db.execute("SELECT photo_id FROM pb_photo")]
    except _UNREADABLE:
        return
    for photo_id in ids:
        try:
            row = db.execute("SELECT photo_id, name, data FROM pb_photo WHERE photo_id = ?", (photo_id,)).get
        except _UNREADABLE:
            continue
        if row is not None:
            yield row
