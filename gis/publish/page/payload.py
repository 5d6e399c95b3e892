"""The data of a page as one compressed block.

Layout inside gzip: a varint with the length of the header, the header (UTF-8
JSON), then the streams of whole numbers that the header lists with their
lengths in bytes. gzip's checksum tells a damaged file. No time, no name and
no machine is written, so equal content gives equal bytes.

==========  =================================================================
stream      holds
==========  =================================================================
kinds       per version: 0 nothing, 1 point, 2 line, 3 polygon
parts       per version: number of parts
paths       per part of a polygon: number of rings
counts      per path: number of vertices
x, y        per vertex: zigzag difference to the vertex before, centimetres
first       per version: index of the first revision that shows it
last        per version: revisions after the last one that shows it
feature     per version: 1 if it begins a new feature
looks       per version: index into the looks of its layer
words       per layer and field: its dictionary as JSON, read when it is asked for
codes       per layer and field: codes of all versions (see `columns`)
picture     the background picture, as it is
photos      the JPEG files one after the other, as they are
==========  =================================================================
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.publish.content import (
    POLYGON,
    PageContent,
    PublicComparison,
    PublicField,
    PublicGroup,
    PublicLayer,
    Shape,
)
from gis.publish.page.columns import coded, template_parts, worded
from gis.publish.page.symbols import change_data, looks, style_data
from gis.publish.page.varint import varint, zigzag
from gis.publish.page.words import page_words
from layers.schema import Value

FORMAT: Final = 1
_AT_A_TIME: Final = 4096
_LARGE: Final = 2_000_000
"""From here on the highest level takes five times as long and, on whole numbers, packs no better."""


def encode(content: PageContent) -> bytes:
    """Return the compressed data of a page."""
    streams: dict[str, bytes] = {}
    header: dict[str, Any] = {
        "format": FORMAT,
        "title": content.title,
        "revisions": [
            {"label": r.label, "title": r.title, "note": r.note, "date": r.date, "working": r.working}
            for r in content.revisions
        ],
        "extent": list(content.extent),
        "notice": _notice(content),
        "words": page_words(),
        "marks": change_data(),
    }
    if content.language:
        header["language"] = content.language
    header["layers"] = _layers(content, streams)
    header["vertices"] = sum(len(shape.xy) for layer in content.layers for shape in layer.shapes)
    header["comparisons"] = [_comparison(c) for c in content.comparisons]
    header["photos"] = [[len(p.data), p.width_px, p.height_px, p.caption] for p in content.photos]
    streams["photos"] = b"".join(p.data for p in content.photos)
    streams["picture"] = content.background.data if content.background else b""
    header["picture"] = _picture(content)
    header["newer"] = _newer(content)
    header["streams"] = [[name, len(data)] for name, data in streams.items()]
    text = _json(header)
    header.clear()
    return zipped(varint(np.array([len(text)])), text, *streams.values())


def zipped(*pieces: bytes) -> bytes:
    """Return gzip bytes of pieces in a row, with an empty time and no name of the machine."""
    size = sum(map(len, pieces))
    body = min((_deflated(pieces, level) for level in ((6, 9) if size < _LARGE else (6,))), key=len)
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", checksum, size & 0xFFFFFFFF)


def _deflated(pieces: Sequence[bytes], level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def _layers(content: PageContent, streams: dict[str, bytes]) -> list[dict[str, Any]]:
    shapes = [shape for layer in content.layers for shape in layer.shapes]
    streams |= _geometry(shapes)
    last = len(content.revisions) - 1
    streams["first"] = b"".join(varint(np.array(layer.first)) for layer in content.layers)
    streams["last"] = b"".join(varint(last - np.array(layer.last)) for layer in content.layers)
    streams["feature"] = b"".join(varint(_begins(layer)) for layer in content.layers)
    which: list[NDArray[np.int64]] = []
    columns: list[tuple[bytes, bytes]] = []
    data = [_layer(layer, which, columns) for layer in content.layers]
    streams["looks"] = varint(np.concatenate(which))
    streams["words"] = b"".join(words for words, _ in columns)
    streams["codes"] = b"".join(codes for _, codes in columns)
    return data


def _layer(
    layer: PublicLayer, which: list[NDArray[np.int64]], columns: list[tuple[bytes, bytes]]
) -> dict[str, Any]:
    names = [f.name for f in layer.fields]
    known, look = looks(layer)
    which.append(look)
    fields = []
    for field in layer.fields:
        words, codes = _column(field, layer.columns[field.name])
        columns.append((words, codes))
        fields.append(
            {"id": field.name, "title": list(field.title), "unit": field.unit, "type": field.type,
             "words": len(words), "codes": len(codes)}
        )  # fmt: skip
    return {
        "id": layer.id,
        "title": list(layer.title),
        "group": list(layer.group),
        "role": layer.role,
        "visible": layer.visible,
        "opacity": layer.opacity,
        "count": len(layer.shapes),
        "numbers": list(layer.numbered_from),
        "name": template_parts(layer.name_template, names),
        "number": names.index(layer.number_field) if layer.number_field in names else -1,
        "fields": fields,
        "style": style_data(layer.style, layer.fields),
        "looks": known,
        "photos": [[row, *places] for row, places in sorted(layer.photos.items())],
    }


def _column(field: PublicField, values: Sequence[Value]) -> tuple[bytes, bytes]:
    words, codes = coded(values)
    return _json(worded(field, words)), varint(codes)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _begins(layer: PublicLayer) -> NDArray[np.int64]:
    feature = np.asarray(layer.feature, dtype=np.int64)
    begins: NDArray[np.int64] = np.ones(len(feature), dtype=np.int64)
    begins[1:] = np.diff(feature) != 0
    return begins


def _geometry(shapes: list[Shape]) -> dict[str, bytes]:
    return {
        "kinds": varint(np.array([s.kind for s in shapes])),
        "parts": varint(np.array([len(s.parts) for s in shapes])),
        "paths": varint(_chained(s.parts for s in shapes if s.kind == POLYGON)),
        "counts": varint(_chained(s.counts for s in shapes)),
        "x": _steps(shapes, 0),
        "y": _steps(shapes, 1),
    }


def _steps(shapes: list[Shape], axis: int) -> bytes:
    """Return the differences along one axis, some thousand shapes at a time: all at once weigh too much."""
    last, packed = 0, []
    for start in range(0, len(shapes), _AT_A_TIME):
        here = np.concatenate([s.xy[:, axis] for s in shapes[start : start + _AT_A_TIME]]).astype(np.int64)
        if len(here):
            packed.append(varint(zigzag(np.diff(here, prepend=last))))
            last = int(here[-1])
    return b"".join(packed)


def _chained(lists: Any) -> NDArray[np.int64]:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)


def _comparison(comparison: PublicComparison) -> dict[str, Any]:
    return {
        "before": comparison.before,
        "after": comparison.after,
        "groups": [_group(g) for g in comparison.groups],
        "quantities": [
            [list(q.title), list(q.unit), q.before, q.after, q.decimals] for q in comparison.quantities
        ],
    }


def _group(group: PublicGroup) -> dict[str, Any]:
    return {
        "number": group.number,
        "label": group.label,
        "sign": group.sign,
        "title": list(group.title),
        "cloud": group.cloud.xy[: sum(group.cloud.counts[:1])].ravel().tolist(),
        "box": list(group.box),
        "anchor": list(group.anchor),
        "answers": list(group.answers),
        "reasons": [list(r) for r in group.reasons],
        "because": list(group.because),
        "withheld": group.withheld,
        "changes": [
            [c.kind, c.layer, c.before, c.after, c.distance_m, c.area_change_m2, c.length_change_m]
            for c in group.changes
        ],
    }


def _picture(content: PageContent) -> dict[str, Any] | None:
    below = content.background
    if below is None:
        return None
    return {
        "length": len(below.data),
        "mime": below.mime,
        "corners": list(below.corners),
        "attribution": below.attribution,
    }


def _newer(content: PageContent) -> list[str] | None:
    newer = content.superseded
    return [newer.label, newer.title, newer.date] if newer else None


def _notice(content: PageContent) -> dict[str, Any]:
    notice = content.notice
    return {
        "office": list(notice.office),
        "contact": list(notice.contact),
        "how": list(notice.how_to_comment),
        "from": notice.comment_from,
        "until": notice.comment_until,
        "address": notice.address,
    }
