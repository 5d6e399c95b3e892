"""How layers look different: style, visibility, opacity, filter, scales, name, order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Final

from gis.revisions.comparison import Facet, Restyled
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Rule, Style, Symbol
from layers.text import Text, same

_NONE: Final = Text("无", "none")
_OTHER: Final = Text("另一种画法", "drawn otherwise")


def restyled(before: Snapshot, after: Snapshot) -> tuple[Restyled, ...]:
    """Return the layers that look different in two states of one plan, from top to bottom.

    Nothing is built or torn down by it, so it stands beside the changes of the plan.
    """
    below, above = _moved(before, after)
    found = []
    for name in reversed(tuple(after.layers)):
        layer, old = after.layers[name], before.layers.get(name)
        if old is None:
            continue
        facets = tuple(_facets(old, layer))
        if name in below:
            facets += (Facet("order", Text("图层次序", "order"), below[name], above[name]),)
        if facets:
            found.append(Restyled(name, layer.title, facets))
    return tuple(found)


def facets_told(one: Restyled) -> Text:
    """Say what is different: ``不透明度：100% → 50%；显示：是 → 否``."""
    return Text(
        "；".join(f"{f.title.zh}：{f.before.zh} → {f.after.zh}" for f in one.facets),
        "; ".join(f"{f.title.en}: {f.before.en} → {f.after.en}" for f in one.facets),
    )


def _facets(old: Layer, new: Layer) -> Iterator[Facet]:
    yield from _plain_facets(old, new)
    if old.filter != new.filter:
        was, now = (_NONE if c is None else Text("有", "set") for c in (old.filter, new.filter))
        yield Facet("filter", Text("筛选", "filter"), was, now if was != now else Text("另一个", "another"))
    if old.style != new.style:
        yield from _style_facets(old.style, new.style)


def _plain_facets(old: Layer, new: Layer) -> Iterator[Facet]:
    shown = (Text("否", "no"), Text("是", "yes"))
    pairs: tuple[tuple[str, Text, Text, Text], ...] = (
        ("visible", Text("显示", "shown"), shown[old.visible], shown[new.visible]),
        ("opacity", Text("不透明度", "opacity"), _share(old.opacity), _share(new.opacity)),
        ("title", Text("名称", "name"), old.title, new.title),
        ("group", Text("图层组", "group"), old.heading or _NONE, new.heading or _NONE),
        ("scales", Text("显示比例", "scales"), _scales(old.scales), _scales(new.scales)),
    )
    for name, title, was, now in pairs:
        if was != now:
            yield Facet(name, title, was, now)


def _share(opacity: float) -> Text:
    return same(f"{opacity:.0%}")


def _scales(limits: tuple[int, int]) -> Text:
    if limits == (0, 0):
        return Text("不限", "any")
    return same(" – ".join(f"1:{n}" if n else "∞" for n in limits))


def _style_facets(old: Style, new: Style) -> Iterator[Facet]:
    was, now = _named(old.rules + old.overlays), _named(new.rules + new.overlays)
    count = 0
    for title in dict.fromkeys((*was, *now)):
        if was.get(title) != now.get(title):
            count += 1
            words = Text(f"样式“{title.zh}”", f"style “{title.en}”")
            yield Facet("style", words, *_symbols_told(was.get(title), now.get(title)))
    if old.labels != new.labels:
        yield Facet("labels", Text("标注", "labels"), *_counted(old.labels, new.labels))
    elif not count:
        yield Facet("style", Text("样式", "style"), Text("原次序", "one order"), Text("新次序", "another"))


def _named(rules: Iterable[Rule]) -> dict[Text, list[Rule]]:
    named: dict[Text, list[Rule]] = {}
    for rule in rules:
        named.setdefault(rule.title, []).append(rule)
    return named


def _symbols_told(old: Sequence[Rule] | None, new: Sequence[Rule] | None) -> tuple[Text, Text]:
    was, now = (same(" ".join(_colors(r.symbol for r in rules))) if rules else _NONE for rules in (old, new))
    return was, now if was != now else _OTHER


def _colors(symbols: Iterable[Symbol]) -> dict[str, None]:
    """Return the colours of symbols in the order they are drawn."""
    parts = (part for symbol in symbols for part in symbol)
    values = (getattr(part, f.name) for part in parts for f in fields(part) if f.name in _COLOR_FIELDS)
    return dict.fromkeys(value for value in values if value)


_COLOR_FIELDS: Final = ("color", "fill", "line")


def _counted(old: Sequence[object], new: Sequence[object]) -> tuple[Text, Text]:
    was, now = (Text("{n} 种", "{n}").format(n=len(labels)) for labels in (old, new))
    return was, now if was != now else _OTHER


def _moved(before: Snapshot, after: Snapshot) -> tuple[dict[str, Text], dict[str, Text]]:
    """Return, for each layer that was moved up or down, above what it lay and lies now."""
    old = [name for name in before.layers if name in after.layers]
    new = [name for name in after.layers if name in before.layers]
    if old == new:
        return {}, {}
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {name for block in kept for name in old[block.a : block.a + block.size]}
    moved = [name for name in new if name not in stayed]
    return {n: _over(old, n, before) for n in moved}, {n: _over(new, n, after) for n in moved}


def _over(order: Sequence[str], name: str, state: Snapshot) -> Text:
    place = order.index(name)
    if not place:
        return Text("最底层", "at the bottom")
    return Text("在“{a}”之上", "above “{a}”").format(a=state.layers[order[place - 1]].title)
