"""What is checked before a file is taken for a project."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from gis.store.connection import connect, transaction
from gis.store.consistency import check_crs
from gis.store.copying import save_copy
from gis.store.failures import damaged, not_a_geopackage
from gis.store.layer_tables import layer_tables
from gis.store.migrations import format_version, migrate
from gis.store.soundness import damage, damage_of_plan
from gis.store.tables import FORMAT_VERSION
from gis.store.uniting import APART_UP_TO, unite
from gis.store.waiting import edits_may_wait
from layers.errors import BadInputError, NewerFormatError, NotAProjectError, NotFoundError
from layers.text import Text


def check_path(path: Path) -> None:
    """Raise `NotFoundError` or `BadInputError` if there is no file."""
    if not path.exists():
        raise NotFoundError(
            Text("找不到文件“{path}”。", "There is no file “{path}”.").format(path=path), code="file.missing"
        )
    if not path.is_file():
        raise not_a_geopackage(path)


def unwritable(path: Path) -> Text | None:
    """Say why a project cannot be written, or return None."""
    if not _writable(path):
        return Text(
            "文件是只读的，因此以只读方式打开。", "The file is read-only, so the project is open read-only."
        )
    if not _writable(path.resolve().parent):
        return Text(
            "所在文件夹是只读的，因此以只读方式打开。",
            "Its folder is read-only, so the project is open read-only.",
        )
    return None


def _writable(path: Path) -> bool:
    # The administrator may write anything; a file marked read-only is meant to stay as it is all the same.
    return bool(path.stat().st_mode & stat.S_IWUSR) and os.access(path, os.W_OK)


def open_checked(
    path: Path, *, read_only: bool, no_locks: bool = False, whole: bool = True, settled: bool = False
) -> tuple[apsw.Connection, ExitStack | None]:
    """Open a project file after checking that it is one, sound, and not too new.

    Parameters
    ----------
    no_locks : bool
        Whether the drive refuses locks, without which SQLite reads nothing: a copy is opened.
    whole : bool
        Whether to check every page; if not, those the working plan is read from.
    settled : bool
        Whether what is read must be the plan with the edits that other programs made: if some wait in
        a file that is opened read-only, a copy is opened, in which they can be taken over.

    Returns
    -------
    apsw.Connection
    ExitStack or None
        To be closed after the connection: removes the copy that was opened instead, because the file
        is of an older format, edits wait in it, or a crash left work to roll back in a place that
        cannot be written.

    Raises
    ------
    BadInputError, NotAProjectError, NewerFormatError
        If it is something else; the file is untouched.
    StorageError
        If it is damaged.
    """
    if path.stat().st_size == 0:
        raise not_a_geopackage(path)
    if not read_only:
        return _open(path, path, read_only=False, whole=whole), None
    if no_locks:
        return _opened_aside(lambda folder: _copied(path, folder), path)
    try:
        db = _open(path, path, read_only=True, whole=whole)
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        return _opened_aside(lambda folder: _copied(path, folder), path)
    with ExitStack() as on_end:
        on_end.callback(db.close)
        if format_version(db) == FORMAT_VERSION and not (settled and edits_may_wait(db)):
            on_end.pop_all()
            return db, None
        return _opened_aside(lambda folder: _saved(db, folder / path.name), path)


def _opened_aside(copy: Callable[[Path], Path], path: Path) -> tuple[apsw.Connection, ExitStack]:
    """Open a copy in a folder of its own, brought to the format of this program."""
    with ExitStack() as on_failure:
        folder = on_failure.enter_context(TemporaryDirectory(prefix="planboard-"))
        db = _open(copy(Path(folder)), path, read_only=False)
        on_failure.callback(db.close)
        with transaction(db):
            if migrate(db, [row[0] for row in db.execute("SELECT table_name FROM pb_layer")]) <= APART_UP_TO:
                unite(db, layer_tables(db))
        return db, on_failure.pop_all()


def _saved(db: apsw.Connection, copy: Path) -> Path:
    save_copy(db, copy)
    return copy


def _copied(path: Path, folder: Path) -> Path:
    """Copy a file with what belongs to it: the journal of a crash, or the log that QGIS writes."""
    copy = folder / path.name
    for end in ("", "-journal", "-wal"):
        beside = path.with_name(path.name + end)
        if beside.exists():
            shutil.copyfile(beside, copy.with_name(copy.name + end))
    return copy


def _open(file: Path, path: Path, *, read_only: bool, whole: bool = True) -> apsw.Connection:
    with ExitStack() as on_failure:
        db = connect(file, read_only=read_only)
        on_failure.callback(db.close)
        _check(db, path)
        if what := damage(db) if whole else damage_of_plan(db):
            raise damaged(path, what)
        check_crs(db, path)
        on_failure.pop_all()
        return db


def _check(db: apsw.Connection, path: Path) -> None:
    try:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except apsw.NotADBError:
        raise not_a_geopackage(path) from None
    except apsw.CorruptError as error:
        raise damaged(path, str(error)) from error
    if "gpkg_contents" not in tables:
        raise not_a_geopackage(path)
    if "pb_meta" not in tables:
        raise NotAProjectError(
            Text(
                "“{name}”是 GeoPackage，但不是 Planboard 项目。",
                "“{name}” is a GeoPackage but no Planboard project.",
            ).format(name=path.name),
            Text(
                "请新建项目后用“导入”读入其中的图层。",
                "Make a new project and bring its layers in with Import.",
            ),
            code="store.not-project",
        )
    _check_version(db, path)


def _check_version(db: apsw.Connection, path: Path) -> None:
    text = db.execute("SELECT value FROM pb_meta WHERE key = 'format_version'").get
    if text is None or not str(text).isdigit():
        raise BadInputError(
            Text("“{name}”没有写明项目格式版本。", "“{name}” does not say its format version.").format(
                name=path.name
            ),
            code="store.no-version",
        )
    if int(text) > FORMAT_VERSION:
        raise NewerFormatError(
            Text(
                "“{name}”由更新版本的 Planboard 保存（格式 {found}，本程序支持到 {known}）。",
                "“{name}” was saved by a newer Planboard (format {found}; this one knows up to {known}).",
            ).format(name=path.name, found=text, known=FORMAT_VERSION),
            Text(
                "文件未作改动。请升级 Planboard 后再打开。",
                "The file was not touched. Update Planboard to open it.",
            ),
            code="store.newer",
        )
