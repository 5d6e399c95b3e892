"""What imports brought and found, as tables for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gis.crs_names import crs_title
from gis.exchange.import_records import ImportRecord
from gis.revisions.sheets import Cell, Column, Sheet
from layers.errors import CrsError
from layers.snapshot import Snapshot
from layers.text import Text, same

COUNT_WORDS: Final = {
    "read": Text("读到", "read"),
    "features": Text("成为对象", "features"),
    "added": Text("新增", "added"),
    "updated": Text("更新", "updated"),
    "unchanged": Text("未变", "unchanged"),
    "removed": Text("移除", "removed"),
    "repaired": Text("其中修复", "repaired"),
    "merged": Text("并入", "merged"),
    "dissolved": Text("展开图块", "blocks taken apart"),
    "hidden": Text("关闭或冻结", "off or frozen"),
    "left_out": Text("指定不导入", "left out as asked"),
    "set_aside": Text("未导入", "set aside"),
    "unreadable": Text("无法读取", "unreadable"),
    "attached": Text("附到问题点", "to spots"),
    "created": Text("新建问题点", "new spots"),
    "waiting": Text("待放置", "to be placed"),
    "known": Text("已有", "known"),
    "twice": Text("重复", "twice"),
    "refused": Text("不可读", "unreadable"),
}
SEVERITIES: Final = {
    "error": Text("未导入", "left out"),
    "warning": Text("请核对", "to be checked"),
    "info": Text("说明", "note"),
}


def import_sheets(records: Sequence[ImportRecord], snapshot: Snapshot) -> tuple[Sheet, Sheet]:
    """Return two tables: the imports with their counts, and every finding with its place.

    Parameters
    ----------
    records : sequence of ImportRecord
    snapshot : Snapshot
        For the titles of the layers.
    """
    imports = Sheet(
        "imports",
        Text("导入记录", "Imports"),
        (
            Column(Text("时间", "When"), 20, "date"),
            Column(Text("文件", "File"), 30),
            Column(Text("格式", "Format"), 14),
            Column(Text("坐标系", "CRS"), 34),
            Column(Text("图层", "Layers"), 24),
            Column(Text("统计", "Counts"), 40),
            Column(Text("发现", "Findings"), 8, "whole"),
        ),
        tuple(_import_row(record, snapshot) for record in records),
    )
    findings = Sheet(
        "findings",
        Text("导入发现", "Import findings"),
        (
            Column(Text("文件", "File"), 30),
            Column(Text("级别", "Severity"), 10),
            Column(Text("记录", "Record"), 12),
            Column(Text("列", "Column"), 16),
            Column(Text("图层", "Layer"), 16),
            Column(Text("说明", "What was found"), 70),
            Column(Text("代码", "Code"), 26),
        ),
        tuple(row for record in records for row in _finding_rows(record, snapshot)),
    )
    return imports, findings


def counts_words(record: ImportRecord) -> Text:
    """Return the counts of an import in one line, without what is zero."""
    parts = [
        Text("{w} {n}", "{n} {w}").format(w=words, n=n)
        for name, words in COUNT_WORDS.items()
        if (n := record.counts.get(name, 0))
    ]
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _import_row(record: ImportRecord, snapshot: Snapshot) -> tuple[Cell, ...]:
    layers = [_title(name, snapshot) for name in record.layers]
    joined = Text("、".join(t.zh for t in layers), ", ".join(t.en for t in layers))
    found = len(record.findings) + record.more
    return (
        record.when, record.file, record.format, _crs(record.crs), joined, counts_words(record), found,
    )  # fmt: skip


def _finding_rows(record: ImportRecord, snapshot: Snapshot) -> Iterator[tuple[Cell, ...]]:
    for finding in record.findings:
        place = "" if finding.record is None else str(finding.record)
        layer = _title(finding.layer, snapshot) if finding.layer else same("")
        yield (
            finding.file or record.file, SEVERITIES[finding.severity], place, finding.field or "", layer,
            finding.message, finding.code,
        )  # fmt: skip
    if record.more:
        words = Text("另有 {n} 条，未保存", "{n} more were not kept").format(n=record.more)
        yield (record.file, SEVERITIES["info"], "", "", same(""), words, "import.more")


def _title(layer_id: str, snapshot: Snapshot) -> Text:
    layer = snapshot.layers.get(layer_id)
    return layer.title if layer is not None else same(layer_id)


def _crs(name: str) -> str:
    try:
        return crs_title(name) if name else ""
    except CrsError:
        return name
