"""What a publication would make public and what it keeps back, before any file is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
    """

    name: str
    title: Text
    public: bool
    filled: int
    samples: tuple[Text, ...] = ()
    masked: int = 0


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
        Other words on the page: titles, notes, how to comment.
    profile : Profile
    """

    content: PageContent
    removed: tuple[Finding, ...]
    layers: tuple[LayerReview, ...]
    texts: tuple[tuple[Text, str], ...]
    profile: Profile


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
    return Review(content, tuple(removed), tuple(layers), _texts(content), profile)


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
    return FieldReview(field.name, field.title, True, len(values), samples, masked)


def _filled(layer: Layer, field: Field) -> int:
    return sum(value not in (None, "") for value in layer.table.columns.get(field.name, ()))


def _texts(content: PageContent) -> tuple[tuple[Text, str], ...]:
    notice = content.notice
    found = [(Text("项目名称", "Title"), content.title)]
    for revision in content.revisions:
        words = " · ".join(filter(None, (revision.title, revision.date, revision.note)))
        found.append((Text("版次 {r}", "Revision {r}").format(r=revision.label or "—"), words))
    found += [
        (Text("公示单位", "Published by"), notice.office.zh),
        (Text("怎样提意见", "How to comment"), notice.how_to_comment.zh),
        (Text("联系", "Contact"), notice.contact.zh),
        (
            Text("公示期", "Notice period"),
            " – ".join(filter(None, (notice.comment_from, notice.comment_until))),
        ),
        (Text("网址", "Address"), notice.address),
    ]
    return tuple((title, words) for title, words in found if words)
