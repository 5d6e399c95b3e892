"""What of a comparison may be published.

A cloud keeps its number, so that the page, the sheet and the file agree. What
happened in layers that are not published is counted and named by its kind,
without shape or place of the single things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely
from shapely import Geometry

from gis.publish.comment_text import number_in_words
from gis.publish.content import (
    NO_WORDS,
    PublicChange,
    PublicComparison,
    PublicGroup,
    PublicLayer,
    PublicQuantity,
)
from gis.publish.removed import Removed
from gis.publish.shapes import CENTIMETRES, quantised
from gis.publish.versions import Versions
from gis.revisions.clouds import group_title
from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange
from layers.asking import ASKING
from layers.codes import code_of
from layers.errors import Finding
from layers.kind import Kind
from layers.reason import WORDS
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text, same

_ROUGH_M = 10.0
"""The grid for the place of a number when all changes under it stay private: it gets no cloud."""

_HAN = re.compile("[\u3400-\u9fff]")

_PIPES = "pipe."
"""How the quantities of buried pipes begin their codes."""


@dataclass(frozen=True)
class ChangeGate:
    """What the changes of two revisions are held against.

    Parameters
    ----------
    layers : mapping of layer id to Versions
        The layers that are published, in their order on the page.
    latest : Snapshot
        Where the kinds of private layers are looked up.
    origin : (float, float)
        East and north of the page's zero, metres.
    removed : Removed
    pipes : bool
        Whether lengths of buried pipes by diameter may be told.
    """

    layers: Mapping[str, Versions]
    latest: Snapshot
    origin: tuple[float, float]
    removed: Removed
    pipes: bool = False

    def compared(self, before: int, after: int, comparison: Comparison) -> PublicComparison:
        """Return the public part of a comparison of two revisions, given by their places."""
        spots = self._spot_titles(after)
        groups = (self._group(group, before, after, spots) for group in comparison.groups)
        amounts = tuple(
            PublicQuantity(q.title, q.unit, round(q.before, 3), round(q.after, 3), q.decimals)
            for q in comparison.quantities
            if self.pipes or not q.code.startswith(_PIPES)
        )
        if len(amounts) < len(comparison.quantities):
            words = Text("管线按管径的长度不公开。", "Lengths of pipes by diameter are not published.")
            self.removed.add(Finding("publish.quantity", words, "info"))
        return PublicComparison(before, after, tuple(g for g in groups if g is not None), amounts)

    def _group(
        self, group: ChangeGroup, before: int, after: int, spots: Mapping[str, str]
    ) -> PublicGroup | None:
        shown: list[PublicChange] = []
        because: dict[str, None] = {}
        named: list[FeatureChange] = []
        seen: list[Geometry] = []
        withheld = 0
        for change in group.changes:
            versions = self.layers.get(change.layer)
            if versions is None:
                withheld += 1
                named.append(self._as_kind(change))
            elif public := self._change(change, versions, before, after):
                shown.append(public)
                because |= self._because(change, versions.layer)
                named.append(replace(change, noun=self._public_noun(change, public, versions.layer)))
                seen.extend(f.geometry for f in (change.before, change.after) if f and f.geometry is not None)
        if not named:
            return None
        if withheld:
            self._note(group, withheld)
        cloud, box, corner = _outline(group, seen, withheld)
        answers = tuple(code for code in group.answers if code in spots)
        return PublicGroup(
            number=group.number,
            label=self.removed.text(group.label, Text("版次编号", "Revision label")),
            sign=group.sign,
            title=group_title(named),
            cloud=quantised(np.array([cloud], dtype=object), self.origin)[0],
            box=(*self._place(box[:2]), *self._place(box[2:])),
            anchor=self._place(corner),
            changes=tuple(shown),
            answers=answers,
            reasons=tuple(same(spots[code]) for code in answers),
            because=tuple(because),
            withheld=withheld,
        )

    def _change(
        self, change: FeatureChange, versions: Versions, before: int, after: int
    ) -> PublicChange | None:
        old, new = versions.row(change.uid, before), versions.row(change.uid, after)
        if old == new:  # only what is private differs
            return None
        return PublicChange(
            change.kind,
            list(self.layers).index(change.layer),
            old,
            new,
            round(change.distance_m, 1),
            round(change.area_change_m2),
            round(change.length_change_m, 1),
        )

    def _because(self, change: FeatureChange, layer: PublicLayer) -> dict[str, None]:
        """Return the reasons of a change in words, masked; none if its layer publishes no reasons."""
        field = next((field for field in layer.fields if field.name == WORDS), None)
        if field is None:
            return {}
        where = Text("{layer}的“{field}”", "{field} of {layer}").format(layer=layer.title, field=field.title)
        at = partial(self.removed.text, where=where, layer=change.layer, uid=change.uid, field=WORDS)
        return {at(words): None for words in change.reason.words}

    def _place(self, point: Sequence[float]) -> tuple[int, int]:
        x, y = point
        return round((x - self.origin[0]) * CENTIMETRES), round((y - self.origin[1]) * CENTIMETRES)

    def _spot_titles(self, after: int) -> dict[str, str]:
        """Return the public titles of spots and gists of comments by code, those of this revision first."""
        titles: dict[str, str] = {}
        for versions in self.layers.values():
            layer = versions.layer
            words = layer.columns.get("gist" if layer.role == "comment" else "title")
            if layer.role in ASKING and words is not None and "code" in layer.columns:
                pairs = zip(layer.columns["code"], words, strict=True)
                for row, (code, title) in enumerate(pairs):
                    if code_of(code) not in titles or layer.first[row] <= after <= layer.last[row]:
                        titles[code_of(code)] = str(title or "")
        return titles

    def _public_noun(self, change: FeatureChange, public: PublicChange, layer: PublicLayer) -> Text:
        """Return what a changed thing is called: a word of the program, or its public name.

        What the comparison calls it may be the user's own words, or come from a
        field that is not published.
        """
        found = self.latest.layers.get(change.layer)
        if found is not None and change.noun in _program_words(found.kind):
            return change.noun
        row = public.after if public.after is not None else public.before
        if row is None:
            return layer.title
        name = _public_name(layer, row)
        return Text(name.zh, _sort_in_english(layer, row)) if _HAN.search(name.en) else name

    def _as_kind(self, change: FeatureChange) -> FeatureChange:
        """Return a private change under a word of the program: one of the legend, or its kind's."""
        layer = self.latest.layers.get(change.layer)
        if layer is None:
            return replace(change, noun=Text("其他内容", "other items"))
        return change if change.noun in _program_words(layer.kind) else replace(change, noun=layer.kind.title)

    def _note(self, group: ChangeGroup, withheld: int) -> None:
        message = Text(
            "变更 {label} 中有 {n} 项属于不公开的图层，只写明类别。",
            "{n} changes of {label} are in layers that are not published; only their kind is named.",
        ).format(label=number_in_words(group.label), n=withheld)
        self.removed.add(Finding("publish.change", message, "info"))


def _program_words(kind: Kind) -> set[Text]:
    """Return the words for a kind's features that nobody but the program wrote."""
    legend = {rule.title for rule in kind.style.rules}
    return legend | {choice.title for field in kind.fields for choice in field.domain}


def _public_name(layer: PublicLayer, row: int) -> Text:
    """Return how a feature is called by what is public about it; the layer's title if nothing is."""
    words: dict[str, Text] = {}
    for field in layer.fields:
        schema = Field(field.name, field.title, field.type, domain=field.domain)
        words[field.name] = schema.word(layer.columns[field.name][row])

    def filled(half: Callable[[Text], str]) -> str:
        asked = re.sub(r"\{(\w+)\}", lambda m: half(words.get(m[1], NO_WORDS)), layer.name_template)
        return " ".join(asked.split())

    zh, en = filled(lambda text: text.zh), filled(lambda text: text.en)
    return Text(zh, en) if zh else layer.title


def _sort_in_english(layer: PublicLayer, row: int) -> str:
    """Return what sort of thing a feature is where only Chinese readers could read its name."""
    column = layer.columns.get("category")
    field = next((f for f in layer.fields if f.name == "category"), None)
    sort = layer.title.en.lower().removesuffix("s") if not _HAN.search(layer.title.en) else "object"
    if column is None or field is None or column[row] in (None, "", "other"):
        return sort
    schema = Field(field.name, field.title, field.type, domain=field.domain)
    return f"{sort} ({schema.word(column[row]).en.lower()})"


def _outline(
    group: ChangeGroup, public: Sequence[Geometry], withheld: int
) -> tuple[Geometry | None, Sequence[float], Sequence[float]]:
    """Return cloud, box and place of the number; none of them traces what stays private."""
    if not withheld:
        return group.cloud, group.cloud.bounds, group.anchor.coords[0]
    if public:
        shapes = np.array(public, dtype=object)
        cloud = shapely.convex_hull(shapely.union_all(shapes)).buffer(3.0, quad_segs=4)
        return cloud, cloud.bounds, max(cloud.exterior.coords, key=lambda p: p[0] + p[1])
    west, south, east, north = group.cloud.bounds
    low = np.floor(np.array([west, south]) / _ROUGH_M) * _ROUGH_M
    high = np.ceil(np.array([east, north]) / _ROUGH_M) * _ROUGH_M
    middle = np.rint((low + high) / 2 / _ROUGH_M) * _ROUGH_M
    return None, (*low.tolist(), *high.tolist()), middle.tolist()
