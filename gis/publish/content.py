"""What a page is made of: values that hold only what the public may see.

The page (``gis.publish.page``) knows these and nothing else. Only
``gis.publish.redaction`` and its neighbours make them from a project, so what
was not allowed through is not there to leak. Coordinates are whole
centimetres from a local origin that is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layers.schema import Choice, FieldType, Value
from layers.style import Style
from layers.text import Text, same

IntArray: TypeAlias = NDArray[np.int64]
Centimetres: TypeAlias = NDArray[np.signedinteger[Any]]

NO_WORDS: Final = same("")

ShapeKind: TypeAlias = Literal[0, 1, 2, 3]
NOTHING: Final = 0
POINT: Final = 1
LINE: Final = 2
POLYGON: Final = 3


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """A geometry in whole centimetres.

    Parameters
    ----------
    kind : {0, 1, 2, 3}
        Nothing, points, lines or polygons.
    parts : tuple of int
        Paths of each part: rings of a polygon (outer first), 1 for points and lines.
    counts : tuple of int
        Vertices of each path. The closing vertex of a ring is not kept.
    block : array of whole numbers, shape (n, 2)
        East and north in centimetres from the page's origin, of this shape and of others: a view
        for each of a hundred thousand shapes would weigh more than their coordinates.
    start : int
        Where this shape's sum(counts) vertices begin in the block.
    """

    kind: ShapeKind
    parts: tuple[int, ...]
    counts: tuple[int, ...]
    block: Centimetres
    start: int = 0

    @property
    def xy(self) -> Centimetres:
        """East and north in centimetres from the page's origin, shape (sum(counts), 2)."""
        return self.block[self.start : self.start + sum(self.counts)]

    @property
    def key(self) -> tuple[int, tuple[int, ...], tuple[int, ...], bytes]:
        """What two equal shapes have in common."""
        return self.kind, self.parts, self.counts, self.xy.tobytes()


@dataclass(frozen=True)
class PublicField:
    """A field that may be published: no private default, range or rule travels with it."""

    name: str
    title: Text
    type: FieldType
    unit: str = ""
    domain: tuple[Choice, ...] = ()


@dataclass(frozen=True, eq=False)
class PublicLayer:
    """A layer that may be published, with every public version of its features.

    Parameters
    ----------
    id : str
    title, group : Text
    role : str
        What the page looks for: ``footprint`` is searched, spots are listed.
    fields : tuple of PublicField
    style : Style
    name_template : str
        How a feature is called, ``{field}`` filled; fields that are not public stay empty.
    number_field : str or None
    visible : bool
    opacity : float
    shapes : tuple of Shape, length n
    columns : mapping of field name to tuple of Value, length n
    first, last : tuple of int, length n
        Index of the first and the last revision (of `PageContent.revisions`) that shows this version.
    feature : tuple of int, length n
        Number of the feature that this is a version of; versions of one feature stand together.
    numbered_from : tuple of int, one per revision
        The number of the layer's first object in each revision (`gis.publish.numbering`).
    photos : mapping of int to tuple of int
        Row to the places of its photos in `PageContent.photos`.
    """

    id: str
    title: Text
    group: Text
    role: str
    fields: tuple[PublicField, ...]
    style: Style
    name_template: str
    number_field: str | None
    visible: bool
    opacity: float
    shapes: tuple[Shape, ...]
    columns: Mapping[str, tuple[Value, ...]]
    first: tuple[int, ...]
    last: tuple[int, ...]
    feature: tuple[int, ...]
    numbered_from: tuple[int, ...] = ()
    photos: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicPhoto:
    """A picture for the page: a JPEG without metadata, its size in pixels, its caption."""

    data: bytes
    width_px: int
    height_px: int
    caption: str = ""


@dataclass(frozen=True)
class PublicRevision:
    """A revision as the page names it. ``date`` is an ISO date, empty for the working plan."""

    label: str
    title: str
    note: str
    date: str
    working: bool = False


@dataclass(frozen=True)
class PublicChange:
    """What happened to one feature.

    Parameters
    ----------
    kind : str
        added, removed, moved, reshaped or changed.
    layer : int
        Place of the layer in `PageContent.layers`.
    before, after : int or None
        Row of the version in that layer.
    distance_m, area_change_m2, length_change_m : float
    """

    kind: str
    layer: int
    before: int | None
    after: int | None
    distance_m: float = 0.0
    area_change_m2: float = 0.0
    length_change_m: float = 0.0


@dataclass(frozen=True, eq=False)
class PublicGroup:
    """A numbered cloud and the changes in it.

    ``withheld`` counts changes of layers that are not published: the page says
    that there is more, not what. Where all of them are, `cloud` holds nothing
    and `box` (west, south, east, north in centimetres) is coarse. `reasons` are the
    titles of the spots in `answers`, one for one; `because` is what was written down
    beside them.
    """

    number: int
    label: str
    sign: str
    title: Text
    cloud: Shape
    box: tuple[int, int, int, int]
    anchor: tuple[int, int]
    changes: tuple[PublicChange, ...]
    answers: tuple[str, ...]
    reasons: tuple[Text, ...]
    because: tuple[str, ...] = ()
    withheld: int = 0


@dataclass(frozen=True)
class PublicQuantity:
    """One number of the plan before and after."""

    title: Text
    unit: Text
    before: float
    after: float
    decimals: int = 0


@dataclass(frozen=True, eq=False)
class PublicComparison:
    """The numbered changes between two revisions, by their places in `PageContent.revisions`."""

    before: int
    after: int
    groups: tuple[PublicGroup, ...]
    quantities: tuple[PublicQuantity, ...] = ()


@dataclass(frozen=True)
class Notice:
    """How to comment. Only what somebody entered for publication; empty otherwise."""

    office: Text = NO_WORDS
    contact: Text = NO_WORDS
    how_to_comment: Text = NO_WORDS
    comment_from: str = ""
    comment_until: str = ""
    address: str = ""


@dataclass(frozen=True)
class Superseded:
    """What has replaced this page: revision, its title and date, and the file beside this one."""

    label: str
    title: str
    date: str
    file_name: str


@dataclass(frozen=True, eq=False)
class Background:
    """A picture below the plan.

    Parameters
    ----------
    data : bytes
        JPEG or PNG without metadata.
    mime : str
    corners : tuple of int
        West, south, east, north in centimetres from the page's origin.
    attribution : str
        Whose picture it is; always shown with it.
    """

    data: bytes
    mime: str
    corners: tuple[int, int, int, int]
    attribution: str


@dataclass(frozen=True, eq=False)
class PageContent:
    """Everything on one page.

    Parameters
    ----------
    title : str
        Name of the estate.
    revisions : tuple of PublicRevision
        Oldest first; the last one is what is published.
    layers : tuple of PublicLayer
        Bottom to top.
    comparisons : tuple of PublicComparison
        At most one for each revision.
    extent : tuple of int
        West, south, east, north of what to show first, centimetres.
    notice : Notice
    photos : tuple of PublicPhoto
    superseded : Superseded, optional
        The newer page beside this one, if there is one.
    background : Background, optional
        A picture below the plan.
    language : str
        What the page opens in, ``"zh"`` or ``"en"``; as the reader's browser asks if empty.
    """

    title: str
    revisions: tuple[PublicRevision, ...]
    layers: tuple[PublicLayer, ...]
    extent: tuple[int, int, int, int]
    comparisons: tuple[PublicComparison, ...] = ()
    notice: Notice = field(default_factory=Notice)
    photos: tuple[PublicPhoto, ...] = ()
    superseded: Superseded | None = None
    background: Background | None = None
    language: str = ""


@dataclass(frozen=True)
class SiteRevision:
    """One page of the site."""

    label: str
    title: str
    date: str
    file_name: str
    changes: int
    sha256: str


@dataclass(frozen=True)
class SiteEstate:
    """One estate of the site, its revisions from the oldest to the newest.

    `key` tells estates of one name apart: a hash, from which nothing can be read.
    """

    key: str
    title: str
    revisions: tuple[SiteRevision, ...]
