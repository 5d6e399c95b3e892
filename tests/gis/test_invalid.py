import pytest
import shapely

from gis.edit.features import add_feature
from gis.invalid import why_invalid
from layers.errors import RefusedError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot

BOW_TIE = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
HOLE_OUTSIDE = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (5 5, 6 5, 6 6, 5 6, 5 5))"
NESTED = "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))"
TOUCHING = "POLYGON ((0 0, 4 0, 4 4, 2 0, 0 4, 0 0))"
FALLING_APART = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (2 0, 4 2, 2 4, 0 2, 2 0))"


@pytest.mark.parametrize("wkt", [BOW_TIE, HOLE_OUTSIDE, NESTED, TOUCHING, FALLING_APART])
def test_the_chinese_reason_holds_no_english(wkt):
    why = why_invalid(shapely.from_wkt(wkt))
    assert not [c for c in why.zh if c.isascii() and c.isalpha()]
    assert why.en.isascii()


def test_a_bow_tie_is_told_with_the_place_of_its_crossing():
    assert why_invalid(shapely.from_wkt(BOW_TIE)).zh == "轮廓自相交（1.00，1.00）"


def test_a_refused_shape_says_why_in_the_readers_language():
    snapshot = Snapshot("", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
    with pytest.raises(RefusedError) as caught:
        add_feature(snapshot, "building", shapely.from_wkt(HOLE_OUTSIDE), {})
    assert "洞在轮廓之外" in caught.value.message.zh
    assert "相交" not in caught.value.message.zh
    assert "Hole" not in caught.value.message.zh
