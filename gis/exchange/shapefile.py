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
from gis.exchange.gdal_reading import Records, cannot_open, missing_records, read_layer, text_bytes
from gis.exchange.raw import RawTable
from gis.exchange.shp_index import is_lying, read_shx, scan_shp, write_shx
from gis.exchange.table_building import decoded_columns, distinct_names, telling, to_raw, without_places
from layers.errors import BadInputError, Finding
from layers.text import Text

_HEADER = 100
_MAGIC = 9994
_LONGEST_PRJ = 65536
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

_LYING: Final = Text(
    "索引 .shx 与图形不符，已按图形文件重建",
    "the .shx index does not fit the shapes; it was rebuilt from them",
)
_CUT_SHP: Final = Text(
    "图形文件不完整：应有 {all} 个图形，读到 {n} 个，其余 {k} 个已损坏或丢失",
    "the .shp is not whole: of {all} shapes {n} could be read, {k} are damaged or missing",
)
_CUT_BEHIND: Final = Text(
    "图形文件被截断：读到 {n} 个完整的图形，后面缺了多少无法得知",
    "the .shp is cut: {n} shapes are whole; how many are missing behind them cannot be told",
)
_SHORT_TABLE: Final = Text(
    "属性表 .dbf 只有 {n} 条完整的记录，图形有 {all} 个：后 {k} 个图形没有属性",
    "the .dbf has {n} whole records for {all} shapes: the last {k} shapes have no attributes",
)
_MORE_ROWS: Final = Text(
    "属性表 .dbf 有 {all} 条记录，图形只有 {n} 个：后 {k} 条没有图形，未导入",
    "the .dbf has {all} records and the .shp {n} shapes: the last {k} records have none and are left out",
)
_ROW_ALONE: Final = Text(
    "属性表中的这条记录没有图形，未导入", "this record of the .dbf has no shape; left out"
)
_NO_HEADER: Final = Text("（开头不是 Shapefile 的文件头。）", "(It does not begin as a shapefile does.)")
_NO_RECORD: Final = Text("（没有一条完整的记录。）", "(It holds no whole record.)")
_MOST_ROWS: Final = 20_000_000
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
        raise cannot_open(shp, _NO_HEADER)
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
    told: list[Finding] = []
    with _complete_set(shp, left_out, told) as ready:
        records = read_layer(ready, ready.stem, by_columns=True, crs_needed=".prj" not in left_out)
        records = _with_cut_marked(ready, records, told)
        table = side(ready, ".dbf")
        header = dbf.read_header(table) if table else None
    for suffix, words in _MISSING.items():
        empty = suffix == ".dbf" and not records.names
        missing = side(shp, suffix) is None and suffix != ".prj"
        if empty or missing or suffix in left_out:
            told.append(Finding("import.incomplete", words, "warning", file=shp.name))
    if ".dbf" not in left_out:
        records = _with_rows_without_shapes(shp, records, told)
    findings += told
    return records, header


@contextmanager
def _complete_set(shp: Path, left_out: tuple[str, ...], findings: list[Finding]) -> Iterator[Path]:
    """Give a shapefile whose parts fit together: the user's own folder is never written to."""
    index, table = side(shp, ".shx"), side(shp, ".dbf") if ".dbf" not in left_out else None
    entries = read_shx(index) if index is not None and ".shx" not in left_out else None
    header = dbf.read_header(table) if table is not None else None
    if entries is not None and is_lying(shp, entries):
        findings.append(Finding("import.incomplete", _LYING, "warning", file=shp.name))
        entries = None
    count = len(entries) if entries is not None else None
    short = header is not None and count is not None and header.whole < count
    if count is not None and _ending_is_lower(shp) and not left_out and not short:
        yield shp
        return
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        for suffix in _SIDES:
            if suffix not in left_out and (found := side(shp, suffix)):
                shutil.copyfile(found, Path(folder, shp.stem + suffix))
        ready = Path(folder, shp.stem + ".shp")
        if count is None:
            count = _rebuild_index(ready, header, findings)
        if header is not None and header.whole < count:
            dbf.fill_up(ready.with_suffix(".dbf"), header, count)
            words = _SHORT_TABLE.format(n=header.whole, all=count, k=count - header.whole)
            findings.append(Finding("import.truncated", words, "warning", file=shp.name))
        yield ready


def _rebuild_index(shp: Path, header: dbf.DbfHeader | None, findings: list[Finding]) -> int:
    """Write the ``.shx`` from what stands in the ``.shp``; return how many records it lists."""
    found = scan_shp(shp)
    whole = len(found.offsets) - found.lost
    if found.cut and not whole:
        raise cannot_open(shp, _NO_RECORD)
    if found.cut or found.lost:
        found = found.padded(header.records if header is not None and header.records <= _MOST_ROWS else 0)
        words = _CUT_BEHIND.format(n=whole)
        if lost := len(found.offsets) - whole:
            words = _CUT_SHP.format(all=len(found.offsets), n=whole, k=lost)
        findings.append(Finding("import.truncated", words, "warning", file=shp.name))
    write_shx(shp, found, shp.with_suffix(".shx"))
    return len(found.offsets)


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
    offsets = read_shx(index)
    beyond = offsets[:, 0] + offsets[:, 1] + 8 > shp.stat().st_size
    if not beyond.any():
        return records
    if not any(f.code == "import.truncated" for f in findings):
        words = _CUT_SHP.format(all=len(beyond), n=len(beyond) - int(beyond.sum()), k=int(beyond.sum()))
        findings.append(Finding("import.truncated", words, "warning", file=shp.name))
    cut = np.array([n <= len(beyond) and bool(beyond[n - 1]) for n in records.numbers], dtype=bool)
    missing = np.array([g is None for g in records.geometry], dtype=bool)
    if records.sound is not None:
        missing &= ~records.sound
    return records._replace(damaged=records.damaged | (cut & missing))


def _with_rows_without_shapes(shp: Path, records: Records, findings: list[Finding]) -> Records:
    """Tell the rows of the table that have no shape: GDAL passes over them without a word."""
    table = side(shp, ".dbf")
    header = dbf.read_header(table) if table is not None else None
    there = len(records.numbers) + len(records.lost)
    if header is None or header.whole <= there:
        return records
    more = header.whole - there
    words = _MORE_ROWS.format(all=header.whole, n=there, k=more)
    findings.append(Finding("import.truncated", words, "warning", file=shp.name))
    return records._replace(lost=[*records.lost, *missing_records(there, more, _ROW_ALONE)])
