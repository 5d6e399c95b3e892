"""Shapefiles: the text encoding found from the bytes, half-cut names and cut files made the best of.

Runs in the child process only.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from gis.exchange import dbf, encoding
from gis.exchange.gdal_reading import Records, cannot_open, read_layer, text_bytes
from gis.exchange.raw import RawTable
from gis.exchange.table_building import decoded_columns, distinct_names, telling, to_raw, without_places
from layers.errors import BadInputError, Finding
from layers.text import Text

_HEADER = 100
_MAGIC = 9994
_LONGEST_PRJ = 65536
_RESTORE = "SHAPE_RESTORE_SHX"
_SIDES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ATTEMPTS: Final[tuple[tuple[str, ...], ...]] = ((), (".shx",), (".dbf",), (".shx", ".dbf"))
_MISSING: Final = {
    ".shx": Text("索引 .shx 缺失或损坏，已重建", "the .shx index is missing or damaged; it was rebuilt"),
    ".prj": Text(
        "坐标系文件 .prj 损坏，未使用", "the .prj is damaged and was left out: the CRS is not known"
    ),
    ".dbf": Text(
        "属性表 .dbf 缺失或损坏，只有图形", "the .dbf is missing or damaged: shapes without attributes"
    ),
}

_LONE: Final = Text(
    "只有属性表 .dbf，没有图形，按编号合并；需要图形时，请向对方要同名的 .shp、.shx 和 .prj",
    "only the table .dbf is here, without shapes: it is joined by number. For the shapes ask for the .shp, "
    ".shx and .prj of the same name",
)


def read_shapefile(path: Path, wanted: str | None) -> RawTable:
    """Read a shapefile.

    Parameters
    ----------
    path : Path
        Any file of the set. A ``.dbf`` alone is a table without places.
    wanted : str, optional
        Encoding that the user insists on.

    Raises
    ------
    BadInputError
        If there is neither ``.shp`` nor ``.dbf``, or the ``.shp`` is something else.
    """
    findings: list[Finding] = []
    lone = side(path, ".dbf") if side(path, ".shp") is None else None
    shp = lone or _main_file(path)
    records, header = _records(shp, findings) if lone is None else _lone_table(lone, findings)
    chosen = _encoding(records, header, side(shp, ".cpg"), wanted)
    if chosen.contradicts:
        words = Text(
            "编码标注与内容不符，已按内容取 {e}（{why}）",
            "the encoding it declares does not fit; {e} was taken from the content ({why})",
        ).format(e=chosen.name, why=chosen.evidence)
        findings.append(Finding("import.encoding", words, "warning", file=shp.name))
    decoded = _decoded(records, chosen.name, header, findings)
    if lone is None:
        decoded = _with_cut_marked(shp, decoded, findings)
    table = to_raw(shp.stem, "Shapefile", decoded, findings)
    table.encoding, table.encoding_evidence = chosen.name, chosen.evidence
    return table if lone is None else without_places(table)


def _lone_table(path: Path, findings: list[Finding]) -> tuple[Records, dbf.DbfHeader | None]:
    """Read a ``.dbf`` that came without its ``.shp``: a table, to be joined by building number."""
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        copy = Path(folder, path.stem + ".dbf")  # GDAL must not take a damaged .cpg for its own
        shutil.copyfile(path, copy)
        records = read_layer(copy, copy.stem, by_columns=True)
        header = dbf.read_header(copy)
    findings.append(Finding("import.incomplete", _LONE, "warning", file=path.name))
    return records, header


def side(shp: Path, suffix: str) -> Path | None:
    """Return a file of the set whatever the case of its ending, or None."""
    for candidate in (shp.with_suffix(suffix), shp.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return None


def _main_file(path: Path) -> Path:
    shp = path if path.suffix.lower() == ".shp" else side(path, ".shp")
    if shp is None or not shp.exists():
        raise BadInputError(
            Text(
                "缺少 {stem}.shp，没有图形可导入。", "{stem}.shp is missing: there are no shapes to import."
            ).format(stem=path.stem),
            Text(
                "请把同名的 .shp、.shx、.dbf、.prj 放在同一文件夹。",
                "Keep .shp, .shx, .dbf and .prj together.",
            ),
            code="import.incomplete",
        )
    with shp.open("rb") as stream:
        start = stream.read(_HEADER)
    if len(start) < _HEADER or struct.unpack_from(">i", start)[0] != _MAGIC:
        raise cannot_open(shp, "no shapefile header")
    return shp


def _records(shp: Path, findings: list[Finding]) -> tuple[Records, dbf.DbfHeader | None]:
    """Read what can be read: with a damaged index rebuilt, with a damaged attribute table left out."""
    spoilt = (".prj",) if _is_spoilt(side(shp, ".prj")) else ()
    for left_out in (*_ATTEMPTS[:1], *_ATTEMPTS[:-1]):
        try:
            return _attempt(shp, (*left_out, *spoilt), findings)
        except BadInputError as error:
            spoilt = (".prj",) if error.code == "import.crs-damaged" else spoilt
    return _attempt(shp, (*_ATTEMPTS[-1], *spoilt), findings)


def _is_spoilt(prj: Path | None) -> bool:
    """Tell whether a ``.prj`` is damaged; the libraries trip over such ones in many ways."""
    if prj is None:
        return False
    data = prj.read_bytes()[:_LONGEST_PRJ].removeprefix(b"\xef\xbb\xbf").strip()
    return any(b < 32 and b not in b"\r\n\t" for b in data) or data.count(b"[") != data.count(b"]")


def _attempt(
    shp: Path, left_out: tuple[str, ...], findings: list[Finding]
) -> tuple[Records, dbf.DbfHeader | None]:
    with _complete_set(shp, left_out) as ready:
        records = read_layer(ready, ready.stem, by_columns=True, crs_needed=".prj" not in left_out)
        table = side(ready, ".dbf")
        header = dbf.read_header(table) if table else None
    for suffix, words in _MISSING.items():
        empty = suffix == ".dbf" and not records.names
        missing = side(shp, suffix) is None and suffix != ".prj"
        if empty or missing or suffix in left_out:
            findings.append(Finding("import.incomplete", words, "warning", file=shp.name))
    return records, header


@contextmanager
def _complete_set(shp: Path, left_out: tuple[str, ...]) -> Iterator[Path]:
    """Give a shapefile with an index: the user's own folder is never written to."""
    if side(shp, ".shx") is not None and _ending_is_lower(shp) and not left_out:
        yield shp
        return
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        for suffix in _SIDES:
            if suffix not in left_out and (found := side(shp, suffix)):
                shutil.copyfile(found, Path(folder, shp.stem + suffix))
        ready = Path(folder, shp.stem + ".shp")
        if side(ready, ".shx") is None:
            _rebuild_index(ready)
        yield ready


def _rebuild_index(shp: Path) -> None:
    """Let GDAL write the ``.shx``. The option is off again at once: it would overwrite others in place."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({_RESTORE: "YES"})
    try:
        pyogrio.list_layers(shp)
    except (DataLayerError, DataSourceError) as error:
        raise cannot_open(shp, str(error)) from None
    finally:
        pyogrio.set_gdal_config_options({_RESTORE: None})


def _ending_is_lower(shp: Path) -> bool:
    return shp.suffix == ".shp" and all(shp.with_suffix(s).exists() or side(shp, s) is None for s in _SIDES)


def _encoding(
    records: Records, header: dbf.DbfHeader | None, cpg: Path | None, wanted: str | None
) -> encoding.Encoding:
    if wanted:
        codec = encoding.label_codec(wanted)
        if codec is None:
            raise BadInputError(
                Text("没有编码“{e}”。", "There is no encoding “{e}”.").format(e=wanted),
                Text("常用：UTF-8、GB18030、BIG5。", "Common ones: UTF-8, GB18030, BIG5."),
                code="import.encoding",
            )
        return encoding.Encoding(codec.upper(), Text("由用户指定", "as the user says"))
    texts = [text for column in records.columns for text in telling(column)]
    label = cpg.read_bytes()[:64].decode("ascii", "replace") if cpg else None
    found = encoding.detect(texts, label, header.ldid if header else 0)
    if all(t.isascii() for t in texts) and header:
        return encoding.detect(header.names, label, header.ldid)
    return found


def _decoded(records: Records, name: str, header: dbf.DbfHeader | None, findings: list[Finding]) -> Records:
    names = _names(records.names, name, findings)
    widths = header.widths if header and len(header.widths) == len(names) else (0,) * len(names)
    return decoded_columns(records._replace(names=names), name, widths, findings)


def _names(raw: Sequence[str], name: str, findings: list[Finding]) -> list[str]:
    names = []
    for text in raw:
        stored = text_bytes(text)
        whole = stored.decode(name, "ignore").rstrip("\x00 ")
        if whole.encode(name, "ignore") != stored:
            words = Text(
                "字段名末尾的字被截断，读作“{n}”", "a field name was cut inside a character; read as “{n}”"
            )
            findings.append(Finding("import.field-name", words.format(n=whole), "warning", field=whole))
        names.append(whole)
    return distinct_names(names, findings)


def _with_cut_marked(shp: Path, records: Records, findings: list[Finding]) -> Records:
    """Mark as damaged what the index promises and the file does not hold."""
    index = side(shp, ".shx")
    if index is None:
        return records
    stored = np.frombuffer(_whole_words(index.read_bytes()[_HEADER:]), dtype=">i4")
    offsets = stored[: len(stored) // 2 * 2].reshape(-1, 2).astype(np.int64) * 2
    beyond = offsets[:, 0] + offsets[:, 1] + 8 > shp.stat().st_size
    if not beyond.any():
        return records
    words = Text(
        "文件不完整：索引列出 {all} 个图形，其中 {cut} 个超出文件末尾",
        "the file is cut: its index lists {all} shapes, {cut} of them beyond the end of the file",
    ).format(all=len(beyond), cut=int(beyond.sum()))
    findings.append(Finding("import.truncated", words, "warning", file=shp.name))
    cut = np.array([n <= len(beyond) and bool(beyond[n - 1]) for n in records.numbers], dtype=bool)
    missing = np.array([g is None for g in records.geometry], dtype=bool)
    if records.sound is not None:
        missing &= ~records.sound
    return records._replace(damaged=records.damaged | (cut & missing))


def _whole_words(data: bytes) -> bytes:
    return data[: len(data) // 4 * 4]
