"""What happened to many rows at once, told in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gis.exchange.dxf.drawing import named_record
from gis.exchange.dxf.sorting import Remarkable, Sorting
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
_JOINED: Final = Text(
    "图层“{name}”的单独线段首尾相接，已连成 {n} 个轮廓",
    "single lines on layer “{name}” meet end to end and were joined into {n} outlines",
)
_RECOGNISED: Final = Text(
    "这是本软件导出的图纸，另存它的软件丢掉了对象编号；已按图层名和形状认出 {n} 个对象，"
    "其填充、边线和文字不再另外导入",
    "This drawing went out from here, and the program that saved it dropped the ids; {n} features were "
    "recognised by layer and shape, and their fills, edges and labels do not come in besides",
)
_UNMET: Final = Text(
    "图层“{layer}”有 {n} 个对象不在图纸中，仍留在方案里；若是在 CAD 中删除的，请选“更新”，在对比中勾选",
    "{n} features of layer “{layer}” are not in the drawing and stay in the plan; if they were deleted "
    "in CAD, choose to update and tick them in the comparison",
)
_HIDDEN: Final = Text(
    "{n} 个图元在关闭或冻结的图层上，未导入：{names}；需要时请勾选“含关闭和冻结的图层”（--with-hidden）",
    "{n} entities are on layers that are off or frozen and stay outside: {names}; "
    "if they are needed, include such layers (--with-hidden)",
)
_AND_MORE: Final = Text("{names} 等 {n} 个图层", "{names} and others, {n} layers in all")
_OUTSIDE: Final = Text(
    "{n} 处房屋注记（如“砼6”）不在任何闭合轮廓内，保留为文字；请检查轮廓是否闭合，或在导入后手工填写",
    "{n} notes of houses (structure and floors) lie in no closed outline and stay texts; check whether the "
    "outlines close, or fill the values in by hand",
)
_AT_ODDS: Final = Text(
    "{n} 处房屋注记与同一轮廓内的另一处不一致，未采用，保留为文字",
    "{n} notes of houses contradict another in the same outline; they were not used and stay texts",
)
_MOST_NAMES: Final = 8
_MOST_LAYERS: Final = 4


def stories(sorting: Sorting, file: str) -> list[Finding]:
    """Return the findings of sorting a drawing."""
    handles = sorting.drawing.columns["handle"]
    return [
        Finding(
            f.code,
            f.message,
            f.severity,
            file,
            record=named_record(f.record, handles),
            layer=f.layer,
        )
        for f in _told(sorting.remarkable, sorting.snapshot)
    ]


def _told(remarkable: Remarkable, snapshot: Snapshot) -> Iterator[Finding]:
    if remarkable.hidden:
        yield _about_hidden(remarkable.hidden)
    for code, words, counts in (
        ("dxf.closed", _CLOSED, remarkable.closed),
        ("dxf.joined", _JOINED, remarkable.joined),
        ("dxf.doubled", _DOUBLED, remarkable.doubled),
    ):
        for name, count in _summed(counts).items():
            yield Finding(code, words.format(name=name, n=count), "info")
    yield from _about_layers(remarkable, snapshot)
    yield from _about_own(remarkable, snapshot)
    if remarkable.symbols:
        yield Finding("dxf.symbols", _SYMBOLS.format(n=remarkable.symbols), "info")
    for code, words, rows in (
        ("dxf.note-outside", _OUTSIDE, remarkable.notes_outside),
        ("dxf.notes-at-odds", _AT_ODDS, remarkable.notes_at_odds),
    ):
        if rows:
            yield Finding(code, words.format(n=len(rows)), "warning", record=rows[0] + 1)


def _about_layers(remarkable: Remarkable, snapshot: Snapshot) -> Iterator[Finding]:
    """Yield what there is to say by layer of the plan."""
    for code, words, by_layer in (
        ("dxf.not-taken", _NOT_TAKEN, _by_layer(remarkable.not_taken)),
        ("dxf.width", _KERBS, _by_layer(remarkable.widthless)),
    ):
        for layer, names in by_layer.items():
            for name, count in _summed(names).items():
                told = words.format(name=name, n=count, layer=_title(snapshot, layer))
                yield Finding(code, told, "warning", layer=layer)
    for layer, renumbered in remarkable.renumbered.items():
        yield Finding("import.numbers-as-here", renumbered, "info", layer=layer)


def _about_own(remarkable: Remarkable, snapshot: Snapshot) -> Iterator[Finding]:
    if remarkable.recognised:
        yield Finding("dxf.recognised", _RECOGNISED.format(n=remarkable.recognised), "warning")
    for layer, count in remarkable.unmet.items():
        words = _UNMET.format(n=count, layer=_title(snapshot, layer))
        yield Finding("dxf.unmet", words, "warning", layer=layer)


def _by_layer(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return counts of layers of the drawing under the layers of the plan that they concern."""
    found: dict[str, dict[str, int]] = {}
    for (name, layer), count in counts.items():
        found.setdefault(layer, {})[name] = count
    return found


def _summed(counts: Mapping[str, int]) -> dict[Text, int]:
    """Return what to call layers of the drawing, with their counts; many of them as one."""
    if len(counts) <= _MOST_LAYERS:
        return {Text(name, name): count for name, count in counts.items()}
    first = max(counts, key=lambda name: counts[name])
    return {_AND_MORE.format(names=first, n=len(counts)): sum(counts.values())}


def _about_hidden(hidden: Mapping[str, int]) -> Finding:
    most = sorted(hidden, key=lambda name: -hidden[name])
    names = Text("、".join(most[:_MOST_NAMES]), ", ".join(most[:_MOST_NAMES]))
    if len(most) > _MOST_NAMES:
        names = _AND_MORE.format(names=names, n=len(most))
    return Finding("dxf.hidden", _HIDDEN.format(n=sum(hidden.values()), names=names), "warning")


def _title(snapshot: Snapshot, layer_id: str) -> Text:
    layer = snapshot.layers.get(layer_id)
    return layer.title if layer else Text(layer_id, layer_id)
