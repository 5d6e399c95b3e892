"""What a publication would make public and what it keeps back, before any file is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gis.publish.comment_text import DRAFT
from gis.publish.content import PageContent, PublicField, PublicLayer
from gis.publish.profile import Profile
from layers.errors import Finding
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text

_SAMPLES: Final = 3


@dataclass(frozen=True)
class FieldReview:
    """One field of one layer.

    Parameters
    ----------
    name : str
    title : Text
    public : bool
        Whether its values are on the page.
    filled : int
        Values that are not empty: on the page if public, in the project otherwise.
    samples : tuple of Text
        The first different values, as the page shows them; none of a private field.
    masked : int
        Values in which something was masked.
    older : int
        Values of versions that only earlier revisions show; they are on the page too.
    """

    name: str
    title: Text
    public: bool
    filled: int
    samples: tuple[Text, ...] = ()
    masked: int = 0
    older: int = 0


@dataclass(frozen=True)
class LayerReview:
    """One layer: whether it is on the page, how many objects, and its fields in form order."""

    id: str
    title: Text
    public: bool
    count: int
    fields: tuple[FieldReview, ...]
    photos: int = 0


@dataclass(frozen=True)
class FieldValue:
    """One value of a public field.

    Parameters
    ----------
    words : Text
        As the page shows it.
    count : int
        How many versions of features have it.
    now : bool
        Whether the published revision itself has it, not only an earlier one.
    """

    words: Text
    count: int
    now: bool


@dataclass(frozen=True)
class Review:
    """What would be published and what would not.

    Parameters
    ----------
    content : PageContent
        The very values that the page is made of.
    removed : tuple of Finding
        What was left out or masked, and why.
    layers : tuple of LayerReview
        All layers of the revision, from top to bottom, the public ones first.
    texts : tuple of (Text, str)
        Other words on the page: titles, notes, how to comment, captions, the user's own legend.
    changes : tuple of (str, str)
        Label of each numbered change of every revision, and what the page says about it.
    profile : Profile
    """

    content: PageContent
    removed: tuple[Finding, ...]
    layers: tuple[LayerReview, ...]
    texts: tuple[tuple[Text, str], ...]
    changes: tuple[tuple[str, str], ...]
    profile: Profile

    def values(self, layer_id: str, field_name: str) -> tuple[FieldValue, ...]:
        """Return every value of a public field that is on the page, those of older revisions too.

        In the order in which they come on the page.
        """
        layer = next(one for one in self.content.layers if one.id == layer_id)
        public = next(one for one in layer.fields if one.name == field_name)
        last = len(self.content.revisions) - 1
        column = layer.columns[field_name]
        counted = Counter(value for value in column if value not in (None, ""))
        now = {value for value, end in zip(column, layer.last, strict=True) if end == last}
        field = Field(public.name, public.title, public.type, unit=public.unit, domain=public.domain)
        return tuple(FieldValue(field.word(v), n, v in now) for v, n in counted.items())


def review_of(
    content: PageContent, removed: Sequence[Finding], snapshot: Snapshot, profile: Profile
) -> Review:
    """Return the review of redacted content.

    Parameters
    ----------
    content : PageContent
    removed : sequence of Finding
    snapshot : Snapshot
        The state that is published, with what is private.
    profile : Profile
    """
    public = {layer.id: layer for layer in content.layers}
    last = len(content.revisions) - 1
    layers = [
        _layer(layer, public.get(layer.id), last, removed)
        for layer in reversed(list(snapshot.layers.values()))
        if len(layer.table)
    ]
    layers.sort(key=lambda one: not one.public)
    texts = tuple((title, words) for title, words in _texts(content, snapshot) if words)
    return Review(content, tuple(removed), tuple(layers), texts, tuple(_changes(content)), profile)


def _layer(layer: Layer, public: PublicLayer | None, last: int, removed: Sequence[Finding]) -> LayerReview:
    if public is None:
        fields = tuple(FieldReview(f.name, f.title, False, _filled(layer, f)) for f in layer.fields)
        return LayerReview(layer.id, layer.title, False, len(layer.table), fields)
    rows = [i for i, end in enumerate(public.last) if end == last]
    allowed = {f.name: f for f in public.fields}
    masked = [f.field for f in removed if f.code == "publish.masked" and f.layer == layer.id]
    fields = tuple(
        _field(f, allowed.get(f.name), public, rows, layer, masked.count(f.name)) for f in layer.fields
    )
    photos = len({place for places in public.photos.values() for place in places})
    return LayerReview(layer.id, public.title, True, len(rows), fields, photos)


def _field(
    field: Field, allowed: PublicField | None, public: PublicLayer, rows: list[int], layer: Layer, masked: int
) -> FieldReview:
    if allowed is None:
        return FieldReview(field.name, field.title, False, _filled(layer, field))
    column = public.columns[field.name]
    values = [column[row] for row in rows if column[row] not in (None, "")]
    samples = tuple(field.word(value) for value in list(dict.fromkeys(values))[:_SAMPLES])
    older = sum(value not in (None, "") for value in column) - len(values)
    return FieldReview(field.name, field.title, True, len(values), samples, masked, older)


def _filled(layer: Layer, field: Field) -> int:
    return sum(value not in (None, "") for value in layer.table.columns.get(field.name, ()))


def _texts(content: PageContent, snapshot: Snapshot) -> Iterator[tuple[Text, str]]:
    notice = content.notice
    yield Text("项目名称", "Title"), content.title
    for revision in content.revisions:
        words = " · ".join(filter(None, (revision.title, revision.date, revision.note)))
        yield Text("版次 {r}", "Revision {r}").format(r=revision.label or DRAFT), words
    yield Text("公示单位", "Published by"), _both(notice.office)
    yield Text("怎样提意见", "How to comment"), _both(notice.how_to_comment)
    yield Text("联系", "Contact"), _both(notice.contact)
    dates = filter(None, (notice.comment_from, notice.comment_until))
    yield Text("公示期", "Notice period"), " – ".join(dates)
    yield Text("网址", "Address"), notice.address
    if (newer := content.superseded) is not None:
        words = " · ".join(filter(None, (newer.label, newer.title, newer.date)))
        yield Text("已被取代", "Superseded by"), words
    if content.background is not None:
        yield Text("背景图来源", "Background by"), content.background.attribution
    for photo in content.photos:
        yield Text("照片说明", "Photo caption"), photo.caption
    for layer in content.layers:
        known = snapshot.layers[layer.id].kind if layer.id in snapshot.layers else None
        if known is None or layer.title != known.title or layer.style is not known.style:
            yield Text("图层和图例", "Layer and legend"), " · ".join(_legend_words(layer))


def _legend_words(layer: PublicLayer) -> Iterator[str]:
    """Yield what stands in the legend for a layer that the user named or styled."""
    yield _both(layer.title)
    for rule in (*layer.style.rules, *layer.style.overlays):
        yield _both(rule.title)
    for label in layer.style.labels:
        yield label.template
        yield from (str(value) for _, value in label.hide_when)


def _changes(content: PageContent) -> Iterator[tuple[str, str]]:
    for comparison in content.comparisons:
        for group in comparison.groups:
            why = [f"{code} {_both(words)}" for code, words in zip(group.answers, group.reasons, strict=True)]
            parts = (f"{group.sign} {_both(group.title)}", *why, *group.because)
            yield group.label, "；".join(parts)


def _both(words: Text) -> str:
    """Return both halves if they differ: the page holds both."""
    return words.zh if words.zh == words.en else f"{words.zh} / {words.en}"
