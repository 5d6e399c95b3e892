"""What comes in beside a picture belongs to it; where it lies is told, and how far that is from the plan."""

import pytest

from gis.raster.arrival import look_at, may_be_photo, sorted_out
from gis.raster.opening import read_raster
from layers.errors import BadInputError
from tests.gis.raster.pictures import NORTH, WEST, quarters, write

PLAN = (WEST, NORTH - 100, WEST + 100, NORTH)
WORLD = "1\n0\n0\n-1\n616600.5\n4078039.5\n"


def jpeg(path, world=None, words=WORLD):
    write(path, quarters(), driver="JPEG", crs=None, place=False)
    path.with_name(path.name + ".aux.xml").unlink(missing_ok=True)
    if world is not None:
        path.with_suffix(world).write_text(words)
    return path


@pytest.mark.parametrize("world", [".jgw", ".JGW", ".jpgw", ".wld", ".WLD"])
def test_a_jpeg_with_a_world_file_is_no_photo_however_its_ending_is_written(tmp_path, world):
    path = jpeg(tmp_path / "有 空格.jpg", world)
    assert not may_be_photo(path)
    assert sorted_out([path, path.with_suffix(world)]) == ([path], [])
    assert look_at(path, tmp_path / "plan.gpkg", "EPSG:4548", PLAN).away_m == 0


def test_a_jpeg_alone_may_be_a_photo(tmp_path):
    path = jpeg(tmp_path / "a.jpg")
    assert may_be_photo(path)
    assert sorted_out([path, tmp_path / "a.dxf"]) == ([], [path, tmp_path / "a.dxf"])


def test_a_world_file_that_cannot_be_understood_is_named(tmp_path):
    seen = look_at(jpeg(tmp_path / "a.jpg", ".jgw", "1\nabc\n"), tmp_path / "p.gpkg", "EPSG:4548", PLAN)
    assert seen.problem is not None
    assert "a.jgw" in seen.problem.message.zh
    assert seen.problem.code == "raster.unplaced"


def test_how_far_a_picture_lies_from_the_plan_is_known(tmp_path):
    path = write(tmp_path / "a.tif", quarters())
    far = (WEST + 3040, NORTH + 4000, WEST + 3100, NORTH + 4100)
    assert look_at(path, tmp_path / "p.gpkg", "EPSG:4548", far).away_m == pytest.approx(5000)


@pytest.mark.parametrize(("content", "why"), [(b"", "空的"), (b"hello, hello", "图片格式")])
def test_why_a_file_is_no_picture_is_said_in_the_users_language(tmp_path, content, why):
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as refused:
        read_raster(path)
    assert why in refused.value.advice.zh
