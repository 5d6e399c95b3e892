"""From the entities of ezdxf to pieces, one function per kind of entity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np

from gis.exchange.dxf.curves import Points, arc_points, bulge_points, ellipse_points, spline_points
from gis.exchange.dxf.pieces import Context, Extract, Piece, chain, piece_of, row, to_world
from gis.exchange.dxf.rounds import own_arc, own_circle

_CLOSED: Final = 1
_SPLINE_FRAME: Final = 16
_LEFT: Final = (0, 3, 5)
_MOST_PARTS: Final = 5000
_WIDE: Final = "\u2e80"


def line(entity: Any, _: Context) -> Iterator[Piece]:
    """LINE."""
    values = entity.dxf.__dict__
    yield piece_of(entity, "line", [chain((values["start"], values["end"]))])


def point(entity: Any, _: Context) -> Iterator[Piece]:
    """POINT."""
    yield piece_of(entity, "point", [row(entity.dxf.location)])


def light_polyline(entity: Any, context: Context) -> Iterator[Piece]:
    """LWPOLYLINE."""
    table = np.array(entity.lwpoints.values, dtype=float).reshape(-1, 5)
    values = entity.dxf.__dict__
    vertices = np.full((len(table), 3), values.get("elevation", 0.0) or 0.0)
    vertices[:, :2] = table[:, :2]
    closed = bool(values.get("flags", 0) & _CLOSED)
    bulges = table[:, 4]
    own = own_arc(entity, vertices, bulges) if bulges.any() and not closed else None
    if own is not None:
        yield piece_of(entity, "line", [to_world(entity, own)])
        return
    yield _chained(entity, vertices, bulges, closed, context)


def polyline(entity: Any, context: Context) -> Iterator[Piece]:
    """POLYLINE: flat, in space, or a mesh."""
    flags = entity.dxf.get("flags", 0)
    if entity.is_poly_face_mesh or entity.is_polygon_mesh:
        yield from assembled(entity, context)
        return
    shown = [v for v in entity.vertices if not v.dxf.get("flags", 0) & _SPLINE_FRAME]
    vertices = chain(v.dxf.location for v in shown)
    if entity.is_3d_polyline or not len(vertices):
        yield _chained(entity, vertices, np.zeros(len(shown)), bool(flags & _CLOSED), context, flat=False)
        return
    elevation = entity.dxf.get("elevation")
    if elevation is not None:
        vertices[:, 2] = elevation[2]
    bulges = np.array([v.dxf.get("bulge", 0.0) for v in shown], dtype=float)
    yield _chained(entity, vertices, bulges, bool(flags & _CLOSED), context)


def circle(entity: Any, context: Context) -> Iterator[Piece]:
    """CIRCLE."""
    yield from _round(entity, 0.0, 2.0 * math.pi, context)


def arc(entity: Any, context: Context) -> Iterator[Piece]:
    """ARC."""
    start, end = math.radians(entity.dxf.start_angle), math.radians(entity.dxf.end_angle)
    sweep = (end - start) % (2.0 * math.pi)
    yield from _round(entity, start, sweep or 2.0 * math.pi, context)


def ellipse(entity: Any, context: Context) -> Iterator[Piece]:
    """ELLIPSE, whole or in part."""
    dxf = entity.dxf
    centre, major = row(dxf.center)[0], row(dxf.major_axis)[0]
    minor = np.asarray(tuple(entity.minor_axis), dtype=float)
    points = ellipse_points(centre, major, minor, dxf.start_param, dxf.end_param, context.tolerance)
    yield piece_of(entity, "line", [_shut(points)])


def spline(entity: Any, context: Context) -> Iterator[Piece]:
    """SPLINE."""
    points = spline_points(entity.construction_tool(), context.tolerance)
    if entity.closed and len(points) > 2:
        points = np.concatenate([points, points[:1]])
    yield piece_of(entity, "line", [_shut(points)])


def face(entity: Any, _: Context) -> Iterator[Piece]:
    """3DFACE, as its outline."""
    corners = chain(entity.dxf.get(f"vtx{i}", entity.dxf.vtx2) for i in range(4))
    yield piece_of(entity, "area", [corners])


def solid(entity: Any, _: Context) -> Iterator[Piece]:
    """SOLID and TRACE: their last two corners stand crosswise."""
    corners = chain(entity.dxf.get(f"vtx{i}", entity.dxf.vtx2) for i in (0, 1, 3, 2))
    yield piece_of(entity, "area", [to_world(entity, corners)])


def hatch(entity: Any, context: Context) -> Iterator[Piece]:
    """HATCH and MPOLYGON, as the area they cover."""
    from ezdxf.path import from_hatch

    rings = []
    elevation = float(entity.dxf.elevation[2])
    boundaries = entity.paths.paths
    if all(hasattr(boundary, "vertices") for boundary in boundaries):
        for boundary in boundaries:
            table = np.array(boundary.vertices, dtype=float).reshape(-1, 3)
            vertices = np.full((len(table), 3), elevation)
            vertices[:, :2] = table[:, :2]
            if len(vertices) > 2 or table[:, 2].any():
                ring = bulge_points(vertices, table[:, 2], True, context.tolerance)
                rings.append(to_world(entity, ring))
    else:
        rings += [chain(path.flattening(context.tolerance)) for path in from_hatch(entity)]
    rings = [ring for ring in rings if len(ring) > 2]
    yield piece_of(entity, "area" if rings else "none", rings)


def text(entity: Any, context: Context) -> Iterator[Piece]:
    """TEXT, ATTRIB and ATTDEF."""
    from ezdxf.tools.text import plain_text

    dxf = entity.dxf
    words = context.recode(dxf.text)
    words = plain_text(words) if "%%" in words or "^" in words else words
    halign, valign = dxf.get("halign", 0), dxf.get("valign", 0)
    aligned = (halign or valign) and dxf.hasattr("align_point")
    place = row(dxf.align_point if aligned else dxf.insert)
    made = piece_of(entity, "point", [to_world(entity, place)], words)
    side = 0.0 if halign in _LEFT else -1.0 if halign == 2 else math.nan
    across = 0.0 if valign == 2 or halign == 4 else 0.5 if valign in (0, 1) else -0.5
    made.middle = _middle(made, words, dxf.get("height", 1.0), dxf.get("rotation", 0.0), side, across)
    yield made


def mtext(entity: Any, context: Context) -> Iterator[Piece]:
    """MTEXT and the columns that ezdxf has joined to it, each a text; its lines kept apart by line ends."""
    yield _paragraphs(entity, context)
    for column in entity.columns.linked_columns if entity.has_columns else ():
        yield _paragraphs(column, context)


def _paragraphs(entity: Any, context: Context) -> Piece:
    from ezdxf.tools.text import plain_mtext

    raw = context.recode(entity.text)
    words = str(plain_mtext(raw)) if "\\" in raw or "{" in raw or "^" in raw or "%" in raw else raw
    dxf = entity.dxf
    made = piece_of(entity, "point", [row(dxf.insert)], words)
    column, line_no = (dxf.attachment_point - 1) % 3, (dxf.attachment_point - 1) // 3
    rows = words.count("\n") + 1
    across = (line_no - 1) * 0.8 * rows
    side = (0.0, math.nan, -1.0)[column]
    made.middle = _middle(made, words, dxf.char_height, entity.get_rotation(), side, across)
    return made


def old_line(entity: Any, _: Context) -> Iterator[Piece]:
    """3DLINE, as releases before R11 wrote lines with heights."""
    ends = {tag.code: tag.value for subclass in entity.xtags.subclasses for tag in subclass}
    yield piece_of(entity, "line", [chain((ends[10], ends[11]))])


def mesh(entity: Any, _: Context) -> Iterator[Piece]:
    """MESH, as the outlines of its faces."""
    corners = chain(entity.vertices)
    faces = [corners[list(face)] for face in islice(entity.faces, _MOST_PARTS) if len(face) > 1]
    rings = [np.concatenate([face, face[:1]]) for face in faces]
    yield piece_of(entity, "line" if rings else "none", rings)


def leader(entity: Any, _: Context) -> Iterator[Piece]:
    """LEADER, as its line."""
    vertices = chain(entity.vertices)
    yield piece_of(entity, "line" if len(vertices) > 1 else "none", [vertices])


def assembled(entity: Any, context: Context) -> Iterator[Piece]:
    """Return anything that ezdxf can take apart as one piece: its lines, else its faces, else its place."""
    from ezdxf.protocols import virtual_entities

    found: list[Piece] = []
    parts = entity.virtual_entities() if entity.dxftype() == "POLYLINE" else virtual_entities(entity)
    for part in parts:
        extract = EXTRACTORS.get(part.dxftype())
        if extract is not None and len(found) < _MOST_PARTS:
            found += extract(part, context)
    yield combined(entity, found)


def combined(entity: Any, found: list[Piece]) -> Piece:
    """Return several pieces as one of the entity they belong to."""
    words = " ".join(p.text for p in found if p.text)
    for form in ("line", "area", "point"):
        chosen = [p for p in found if p.form == form]
        if chosen:
            parts = [part for p in chosen for part in p.parts]
            made = piece_of(entity, form, parts if form != "point" else parts[:1], words)
            made.middle = next((p.middle for p in found if p.middle is not None), None)
            return made
    return piece_of(entity, "none", [], words)


def _chained(
    entity: Any, vertices: Points, bulges: Any, closed: bool, context: Context, *, flat: bool = True
) -> Piece:
    if not len(vertices):
        return piece_of(entity, "none", [])
    if bulges.any():
        vertices = bulge_points(vertices, bulges, closed, context.tolerance)
    elif closed and len(vertices) > 2:
        vertices = np.concatenate([vertices, vertices[:1]])
    return piece_of(entity, "line", [to_world(entity, vertices) if flat else vertices])


def _round(entity: Any, start: float, sweep: float, context: Context) -> Iterator[Piece]:
    radius = float(entity.dxf.radius)
    if not radius > 0.0 or not math.isfinite(radius):
        yield piece_of(entity, "none", [])
        return
    points = own_circle(entity) if entity.dxftype() == "CIRCLE" else None
    if points is None:
        points = _shut(arc_points(row(entity.dxf.center)[0], radius, start, sweep, context.tolerance))
    yield piece_of(entity, "line", [to_world(entity, points)])


def _shut(points: Points) -> Points:
    """Return a curve that comes back to its start with exactly that point as its end."""
    if len(points) > 3 and np.allclose(
        points[0], points[-1], rtol=0.0, atol=1e-6 + 1e-12 * abs(points[0]).max()
    ):
        points[-1] = points[0]
    return points


def _middle(made: Piece, words: str, height: float, rotation: float, side: float, across: float) -> Points:
    """Return about where the middle of a text is; `side` 0: it runs to the right, -1: left, NaN: centred."""
    longest = max(words.split("\n"), key=len, default="")
    width = height * sum(1.0 if c >= _WIDE else 0.7 for c in longest)
    along = 0.0 if math.isnan(side) else width * (0.5 + side)
    angle = math.radians(rotation)
    dx = along * math.cos(angle) - across * height * math.sin(angle)
    dy = along * math.sin(angle) + across * height * math.cos(angle)
    middle: Points = made.parts[0][0] + np.array([dx, dy, 0.0])
    return middle


EXTRACTORS: Final[dict[str, Extract]] = {
    "LINE": line,
    "3DLINE": old_line,
    "POINT": point,
    "LWPOLYLINE": light_polyline,
    "POLYLINE": polyline,
    "CIRCLE": circle,
    "ARC": arc,
    "ELLIPSE": ellipse,
    "SPLINE": spline,
    "HELIX": spline,
    "3DFACE": face,
    "SOLID": solid,
    "TRACE": solid,
    "HATCH": hatch,
    "MPOLYGON": hatch,
    "TEXT": text,
    "ATTRIB": text,
    "MTEXT": mtext,
    "LEADER": leader,
    "MLINE": assembled,
    "MULTILEADER": assembled,
    "MLEADER": assembled,
    "MESH": mesh,
    "ACAD_TABLE": assembled,
    "ACAD_PROXY_ENTITY": assembled,
}
"""What is drawn; block references and dimensions are in `gis.exchange.dxf.blocks`."""
