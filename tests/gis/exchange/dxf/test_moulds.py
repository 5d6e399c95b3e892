"""Entities that are written after a mould: the same text as if ezdxf had written each of them."""

import io

import ezdxf
import pytest
import shapely
from ezdxf.enums import TextEntityAlignment
from ezdxf.lldxf.tagwriter import TagWriter

from gis.exchange.dxf.moulds import Moulds, ring_paths, rings_of
from layers.style import Hatch

VERSIONS = ["R2000", "R2004", "R2007", "R2010", "R2013", "R2018"]
LOOK = {"layer": "100%_建筑", "color": 3, "linetype": "DASHED", "lineweight": 25}
COURT = shapely.Polygon([(0.1, 0), (40, 0), (40, 12.000001)], [[(30, 2), (35, 2), (35, 3)]])


def text_of(document, entity):
    stream = io.StringIO()
    entity.export_dxf(TagWriter(stream, dxfversion=document.dxfversion))
    return stream.getvalue()


@pytest.fixture(params=VERSIONS)
def document(request):
    return ezdxf.new(request.param)


def test_a_ring_after_a_mould_is_what_ezdxf_writes(document):
    (shell, _) = rings_of(COURT)
    line = document.modelspace().add_lwpolyline(COURT.exterior.coords[:-1], close=True, dxfattribs=LOOK)
    mould = Moulds(document, 0.5).chain(LOOK, close=True)
    assert mould % {"handle": line.dxf.handle, **shell.values()} == text_of(document, line)


@pytest.mark.parametrize("hatch", [None, Hatch("cross", "#FF0000", 3.0)])
def test_a_filled_area_after_a_mould_is_what_ezdxf_writes(document, hatch):
    area = document.modelspace().add_hatch(color=3, dxfattribs=LOOK)
    area.transparency = 0.75
    if hatch is not None:
        area.set_pattern_fill("ANSI37", scale=3.0 * 0.5 / 3.175, color=3)
    area.paths.add_polyline_path(COURT.exterior.coords[:-1], is_closed=True, flags=1)
    area.paths.add_polyline_path(COURT.interiors[0].coords[:-1], is_closed=True, flags=16)
    rings = rings_of(COURT)
    values = {"handle": area.dxf.handle, "count": len(rings), "rings": ring_paths(rings)}
    assert Moulds(document, 0.5).fill(LOOK, 0.25, hatch) % values == text_of(document, area)


@pytest.mark.parametrize("left", [True, False])
def test_a_text_after_a_mould_is_what_ezdxf_writes(document, left):
    turned = {**LOOK, "style": "PLANBOARD", "rotation": 12.5}
    text = document.modelspace().add_text("50%%%%%% 3号楼", height=1.25, dxfattribs=turned)
    align = TextEntityAlignment.MIDDLE_LEFT if left else TextEntityAlignment.MIDDLE_CENTER
    text.set_placement((1.5, 2.25), align=align)
    values = {"handle": text.dxf.handle, "x": 1.5, "y": 2.25, "height": 1.25, "angle": 12.5}
    mould = Moulds(document, 0.5).words({**LOOK, "style": "PLANBOARD"}, left=left)
    assert mould % {**values, "text": "50%%%%%% 3号楼"} == text_of(document, text)


def test_points_and_symbols_after_a_mould_are_what_ezdxf_writes(document):
    space, moulds = document.modelspace(), Moulds(document, 0.5)
    document.blocks.new("树_1")
    point = space.add_point((1.5, 2.25), dxfattribs=LOOK)
    tree = space.add_blockref("树_1", (1.5, 2.25), {**LOOK, "xscale": 3.5, "yscale": 3.5, "zscale": 3.5})
    place = {"x": 1.5, "y": 2.25}
    assert moulds.point(LOOK) % {"handle": point.dxf.handle, **place} == text_of(document, point)
    filled = moulds.symbol(LOOK, "树_1") % {"handle": tree.dxf.handle, "scale": 3.5, **place}
    assert filled == text_of(document, tree)


def test_a_mould_leaves_nothing_in_the_drawing(document):
    Moulds(document, 0.5).chain(LOOK, close=False)
    assert len(document.modelspace()) == 0
    assert document.audit().errors == []
