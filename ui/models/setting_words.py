"""A setting of a project as people read it: whose it is, what it is about, and what a value means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gis.edit.looks import set_settings
from gis.revisions.comparison import Facet
from gis.revisions.restyling import restyled
from layers.reason import key_of_record, record_of
from layers.snapshot import LAYER_ORDER, Snapshot
from layers.text import Text, same

NOTHING: Final = Text("无", "none")
_PROJECT: Final = Text("项目设置", "Project setting")
_OF_LAYER: Final[Mapping[str, Text]] = {
    "visible": Text("显示或隐藏", "Shown or hidden"),
    "opacity": Text("不透明度", "Opacity"),
    "title": Text("图层名称", "Name of the layer"),
    "group": Text("所在分组", "Group"),
    "filter": Text("筛选", "Filter"),
    "scales": Text("显示比例范围", "Range of scales"),
}
_NAMED: Final[Mapping[str, Text]] = {
    LAYER_ORDER: Text("图层次序", "Order of the layers"),
    "project.title": Text("项目名称", "Name of the project"),
    "view.backgrounds": Text("底图", "Backgrounds"),
    "view.bookmarks": Text("书签", "Bookmarks"),
    "view.themes": Text("图层主题", "Themes"),
    "view.publish": Text("发布选项", "Choices of publishing"),
    "view.draw": Text("出图选项", "Choices of drawing"),
    "publish.title": Text("公示标题", "Title of the page"),
    "publish.language": Text("公示语言", "Language of the page"),
    "publish.office": Text("主办单位", "Office"),
    "publish.contact": Text("联系方式", "Contact"),
    "publish.how_to_comment": Text("意见反馈方式", "How to comment"),
    "publish.comment_from": Text("公示开始日期", "Comments from"),
    "publish.comment_until": Text("公示截止日期", "Comments until"),
    "publish.url": Text("公示网址", "Address of the page"),
    "publish.address": Text("公示网址", "Address of the page"),
    "publish.names": Text("需要隐去的姓名", "Names to leave out"),
}
_SORTS: Final = (
    ("publish.", Text("发布设置", "Publishing")),
    ("draw.", Text("出图设置", "Drawing")),
    ("import.", Text("导入记录", "Record of an import")),
    ("georeference.", Text("配准", "Georeferencing")),
    ("photos.", Text("照片", "Photos")),
    ("rules.", Text("检查规则", "Rules")),
)
_MOST: Final = 120


def setting_title(name: str, snapshot: Snapshot) -> tuple[Text, Text]:
    """Return whose a setting is (a layer, or the project), and what it is about."""
    head, _, rest = name.partition(".")
    if head == "style":
        return _layer_title(rest, snapshot), Text("图层样式", "Style of the layer")
    if (key := key_of_record(name)) is not None:
        named = snapshot.name_of(key)
        gone = Text("{l}（已取消的对象）", "{l} (what was removed)").format(l=_layer_title(key[0], snapshot))
        return named or gone, Text("修改理由", "Reason of the change")
    if head == "layer":
        layer_id, _, aspect = rest.rpartition(".")
        return _layer_title(layer_id, snapshot), _OF_LAYER.get(aspect, _PROJECT)
    found = _NAMED.get(name) or next((t for start, t in _SORTS if name.startswith(start)), None)
    return _PROJECT, found or Text("其他设置", "Another setting")


def is_seen(name: str) -> bool:
    """Tell whether a setting changes how the map looks."""
    return name.startswith(("style.", "layer.")) or name == LAYER_ORDER


def setting_told(snapshot: Snapshot, name: str, base: object, value: object) -> Text:
    """Say what a value of a setting means: of how a layer looks, what is other than before.

    Parameters
    ----------
    base : object
        The value before.
    """
    if not is_seen(name):
        return plain_words(value)
    if name == LAYER_ORDER:
        return _order_told(snapshot, value)
    found = list(_facets(snapshot, name, base, value))
    if not found:
        return (
            Text("与共同起点相同", "as before") if value == base else Text("另一种样子", "a different look")
        )
    return Text(
        "；".join(f"{f.title.zh}：{f.after.zh}" for f in found),
        "; ".join(f"{f.title.en}: {f.after.en}" for f in found),
    )


def setting_before(snapshot: Snapshot, name: str, base: object, others: tuple[object, ...]) -> Text:
    """Say what a setting was, as far as one of the other values is different."""
    if not is_seen(name):
        return plain_words(base)
    if name == LAYER_ORDER:
        return _order_told(snapshot, base)
    found = {f.title: f.before for value in others for f in _facets(snapshot, name, base, value)}
    if not found:
        return Text("原来的样子", "as it was")
    return Text(
        "；".join(f"{t.zh}：{v.zh}" for t, v in found.items()),
        "; ".join(f"{t.en}: {v.en}" for t, v in found.items()),
    )


def plain_words(value: object) -> Text:
    """Say a value that is no look: words as they are, lists by the names of what is in them."""
    if value is None or value == "" or type(value) is object:
        return NOTHING
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, dict) and (said := record_of(value)):
        return plain_words("；".join(filter(None, (", ".join(said.answers), said.word_text))))
    if isinstance(value, (list, tuple, dict)):
        return _listed(value)
    words = str(value)
    return same(words if len(words) <= _MOST else words[: _MOST - 1] + "…")


def _facets(snapshot: Snapshot, name: str, base: object, value: object) -> Iterator[Facet]:
    was, now = (snapshot.apply(set_settings(snapshot, {name: v})) for v in (base, value))
    for one in restyled(was, now):
        yield from one.facets


def _order_told(snapshot: Snapshot, value: object) -> Text:
    state = snapshot.apply(set_settings(snapshot, {LAYER_ORDER: value}))
    titles = [layer.title for layer in reversed(tuple(state.layers.values()))]
    return Text(
        "自上而下：" + "、".join(t.zh for t in titles), "From the top: " + ", ".join(t.en for t in titles)
    )


def _listed(value: list[object] | tuple[object, ...] | dict[str, object]) -> Text:
    count = Text("{n} 项", "{n} entries").format(n=len(value))
    known = [v.get("title") or v.get("name") for v in value if isinstance(v, dict)]
    names = [str(name) for name in known if name]
    if not names:
        return count
    told = "、".join(names)
    return Text(f"{count.zh}：{told}", f"{count.en}: {told}")


def _layer_title(layer_id: str, snapshot: Snapshot) -> Text:
    layer = snapshot.layers.get(layer_id)
    return layer.title if layer is not None else same(layer_id)
