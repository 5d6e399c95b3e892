"""What happened to many rows at once, told in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gis.exchange.dxf.sorting import Remarkable
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text

_CLOSED: Final = Text(
    "图层“{name}”有 {n} 个未闭合轮廓，首尾相距不到 5 厘米，已闭合",
    "{n} outlines on layer “{name}” were open by less than 5 cm and have been closed",
)
_NOT_TAKEN: Final = Text(
    "图层“{name}”有 {n} 个图形不能成为“{layer}”（如未闭合的线），保留为参考底图",
    "{n} things on layer “{name}” cannot be “{layer}” (such as lines that do not close); kept as reference",
)
_DOUBLED: Final = Text(
    "图层“{name}”有 {n} 个填充与轮廓重合，已合并",
    "{n} fills on layer “{name}” cover an outline and were merged",
)
_SYMBOLS: Final = Text("{n} 个图块已作为点状对象导入", "{n} blocks came in as point objects")
_KERBS: Final = Text(
    "图层“{name}”的 {n} 条线作为“{layer}”导入，宽度未知；若是路边线，"
    "请改为参考底图（--map-layer {name}=reference）",
    "{n} lines of layer “{name}” came in as “{layer}” without a width; if they are kerbs, send them to the "
    "reference instead (--map-layer {name}=reference)",
)


def stories(remarkable: Remarkable, snapshot: Snapshot, file: str) -> list[Finding]:
    """Return the findings of sorting a drawing."""
    return [Finding(f.code, f.message, f.severity, file, layer=f.layer) for f in _told(remarkable, snapshot)]


def _told(remarkable: Remarkable, snapshot: Snapshot) -> Iterator[Finding]:
    for name, count in remarkable.closed.items():
        yield Finding("dxf.closed", _CLOSED.format(name=name, n=count), "info")
    for (name, layer), count in remarkable.not_taken.items():
        words = _NOT_TAKEN.format(name=name, n=count, layer=_title(snapshot, layer))
        yield Finding("dxf.not-taken", words, "warning", layer=layer)
    for name, count in remarkable.doubled.items():
        yield Finding("dxf.doubled", _DOUBLED.format(name=name, n=count), "info")
    for (name, layer), count in remarkable.widthless.items():
        words = _KERBS.format(name=name, n=count, layer=_title(snapshot, layer))
        yield Finding("dxf.width", words, "warning", layer=layer)
    if remarkable.symbols:
        yield Finding("dxf.symbols", _SYMBOLS.format(n=remarkable.symbols), "info")


def _title(snapshot: Snapshot, layer_id: str) -> Text:
    layer = snapshot.layers.get(layer_id)
    return layer.title if layer else Text(layer_id, layer_id)
