"""What a reader of a drawing must be told, before anything is made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Literal

from gis.exchange.dxf.codepage import TextEncoding
from gis.exchange.dxf.entity_words import entity_words, way_on
from gis.exchange.dxf.pieces import DEEPEST
from gis.exchange.raw import RawTable
from layers.errors import Finding
from layers.text import Text

_PROXY: Final = "ACAD_PROXY_ENTITY"
_PROXIES: Final = Text(
    "发现 {n} 个天正等插件的代理对象，{drawn} 个按参考线导入，其余无法读取；请发图方导出 T3 格式或分解后重存",
    "{n} proxy objects of T-Arch or the like, {drawn} kept as linework: ask for a T3 export, or exploded",
)
_PROXY_NAMES: Final = Text(
    "代理对象类型：{names}；天正中为“图形导出”存 T3，其他 CAD 中用“分解”",
    "proxies by class: {names}; in T-Arch use “export drawing” as T3, in other CAD “explode”",
)
_NAMELESS: Final = Text("未注明类型", "no class named")
_MOST_CLASSES: Final = 12
_BLOCKS: Final = {
    "recursive": Text(
        "{n} 个图块互相嵌套成环，环以外的部分已导入：{names}",
        "{n} block references contain themselves; what is outside the loop came in: {names}",
    ),
    "too-deep": Text(
        "{n} 个图块嵌套超过 {most} 层，更深的部分未导入：{names}",
        "{n} block references nest deeper than {most}; what is deeper stays outside: {names}",
    ),
    "external": Text(
        "{n} 个外部参照不在文件内，请发图方“绑定”后再存：{names}",
        "{n} external references are not in the file; ask the sender to bind them: {names}",
    ),
    "missing": Text("{n} 个图块没有定义：{names}", "{n} block references have no definition: {names}"),
    "too-many": Text(
        "{n} 个图块展开后过多，只保留插入点：{names}",
        "{n} block references hold too much to be taken apart; only their places came in: {names}",
    ),
}
_UNREADABLE: Final = Text(
    "{n} 个对象（{kind}）无法转为图形，未导入", "{n} objects ({kind}) cannot be turned into shapes; left out"
)
_BROKEN: Final = Text("{n} 个对象（{kind}）数据损坏，未导入", "{n} objects ({kind}) are damaged; left out")
_EMPTY: Final = Text(
    "{n} 个对象（{kind}）没有可用图形，未导入", "{n} objects ({kind}) have no usable shape; left out"
)
_AND_SO: Final = Text("{words}；{way}", "{words}; {way}")
_STATES: Final = {"unreadable": _UNREADABLE, "broken": _BROKEN, "empty": _EMPTY}
_ENCODING: Final = Text(
    "文字按 {name} 读取（文件标注 {header}）：{why}",
    "text was read as {name} (the file names {header}): {why}",
)
_REPAIRED: Final = Text(
    "图纸结构有误，已修复 {n} 处后读取", "the drawing's structure was faulty; {n} repairs"
)
_TORN: Final = Text(
    "图纸文件损坏，已尽量读取；请与发图方核对是否有缺失",
    "the drawing is damaged and was read as far as possible; check with the sender what is missing",
)
_BY_GDAL: Final = Text(
    "图纸残缺，只能按备用方式读取，图层颜色、图块和文字可能不全",
    "the drawing is incomplete and was read in a simpler way; colours, blocks and text may be missing",
)
_PAPER: Final = Text(
    "图纸空间有 {n} 个对象（图框、说明），未导入", "{n} objects in paper space (frames, notes) stay outside"
)
_UNIT: Final = Text("单位：{why}", "unit: {why}")


def remarks(
    file: str, table: RawTable, told: dict[str, Any], encoding: TextEncoding, unit_evidence: Text
) -> list[Finding]:
    """Return what there is to say about a drawing as a whole."""
    found = [
        *_about_reading(told, encoding, unit_evidence),
        *_about_proxies(table, told["proxies"]),
        *_about_blocks(told["problems"], told["named"]),
        *_about_entities(table),
    ]
    return [Finding(f.code, f.message, f.severity, file) for f in found]


def _about_reading(told: dict[str, Any], encoding: TextEncoding, unit_evidence: Text) -> Iterator[Finding]:
    if encoding.contradicts:
        words = _ENCODING.format(
            name=encoding.codec.upper(), header=encoding.header or "—", why=encoding.evidence
        )
        yield Finding("dxf.encoding", words, "warning")
    if told["reader"] == "GDAL":
        yield Finding("dxf.fallback", _BY_GDAL, "warning")
    elif told.get("torn"):
        yield Finding("dxf.torn", _TORN, "warning")
    elif told["repairs"]:
        yield Finding("dxf.repaired", _REPAIRED.format(n=told["repairs"]), "warning")
    if told["unit_doubtful"]:
        yield Finding("dxf.unit", _UNIT.format(why=unit_evidence), "warning")
    if told["paper"]:
        yield Finding("dxf.paper", _PAPER.format(n=told["paper"]), "info")


def _about_proxies(table: RawTable, proxies: dict[str, int]) -> Iterator[Finding]:
    if not proxies:
        return
    states = table.columns.get("status") or [None] * len(table.records)
    drawn = sum(k == _PROXY and s is None for k, s in zip(table.columns["type"], states, strict=True))
    yield Finding("dxf.proxy", _PROXIES.format(n=sum(proxies.values()), drawn=drawn), "warning")
    parts = [
        Text("{name} × {n}", "{name} × {n}").format(name=name or _NAMELESS, n=count)
        for name, count in sorted(proxies.items())[:_MOST_CLASSES]
    ]
    names = Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
    yield Finding("dxf.proxy-classes", _PROXY_NAMES.format(names=names), "info")


def _about_blocks(problems: dict[str, int], named: dict[str, list[str]]) -> Iterator[Finding]:
    for problem, count in problems.items():
        words = _BLOCKS[problem].format(n=count, names=", ".join(named.get(problem, ())[:8]), most=DEEPEST)
        yield Finding(f"dxf.block-{problem}", words, "warning")


def _about_entities(table: RawTable) -> Iterator[Finding]:
    told_already = {f.record for f in table.findings if f.severity == "error"}
    counted: Counter[tuple[str, Text]] = Counter()
    states = table.columns.get("status") or ()
    types = table.columns["type"]
    for record, state in enumerate(states, 1):
        # How many proxies there are, and how many of them are drawn, is told with their classes.
        if state in _STATES and types[record - 1] != _PROXY and record not in told_already:
            counted[str(state), entity_words(str(types[record - 1]))] += 1
    for (state, kind), count in counted.items():
        severity: Literal["error", "warning"] = "error" if state == "broken" else "warning"
        words = _STATES[state].format(n=count, kind=kind)
        way = way_on(kind) if state == "unreadable" else None
        if way is not None:
            words = _AND_SO.format(words=words, way=way)
        yield Finding(f"dxf.{state}", words, severity)
