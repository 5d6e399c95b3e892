import io

import numpy as np
import pytest
from PIL import Image

from gis.publish.background import BUDGET, Picture, background
from gis.publish.page.payload import encode
from layers.background import RasterBackground
from layers.errors import BadInputError, NotFoundError
from tests.gis.publish.decoding import opened
from tests.gis.publish.plans import ORIGIN, content

EXTENT = (0, 0, 20_000, 15_000)
CRS = "EPSG:4548"


def placed(folder, size=(400, 300), step=1.0, west=-100.0, north=250.0, form="PNG", world=".pgw", **save):
    grey = np.linspace(0, 255, size[0] * size[1]).reshape(size[::-1]).astype(np.uint8)
    path = folder / f"aerial.{'png' if form == 'PNG' else 'jpg'}"
    Image.fromarray(grey).convert("RGB").save(path, form, **save)
    lines = (step, 0, 0, -step, ORIGIN[0] + west + step / 2, ORIGIN[1] + north - step / 2)
    path.with_suffix(world).write_text("\n".join(str(v) for v in lines))
    return Picture(path, "某测绘院 2019")


def test_a_picture_is_cut_to_the_site_and_lies_where_the_world_file_says(tmp_path):
    made = background(placed(tmp_path), EXTENT, ORIGIN, CRS)
    west, south, east, north = made.corners
    assert (west, south, east, north) == (-3000, -2250, 23000, 17250)
    drawn = Image.open(io.BytesIO(made.data))
    assert drawn.size == (260, 195)
    assert drawn.format == "JPEG"
    assert made.attribution == "某测绘院 2019"


def test_what_a_picture_tells_beside_its_pixels_is_gone(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    made = background(
        placed(tmp_path, form="JPEG", world=".jgw", exif=exif, comment=b"SECRET"), EXTENT, ORIGIN, CRS
    )
    assert b"SECRET" not in made.data


def test_a_large_picture_keeps_to_its_budget(tmp_path):
    path = tmp_path / "big.png"
    noise = np.random.default_rng(2).integers(0, 255, (1800, 2400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, compress_level=1)
    path.with_suffix(".wld").write_text(f"0.1\n0\n0\n-0.1\n{ORIGIN[0]}\n{ORIGIN[1] + 150}")
    assert len(background(Picture(path, "x"), EXTENT, ORIGIN, CRS).data) <= BUDGET


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda p: p.path.with_suffix(".pgw").unlink(), BadInputError),
        (lambda p: p.path.with_suffix(".pgw").write_text("nonsense"), BadInputError),
        (lambda p: p.path.with_suffix(".pgw").write_text("1\n0\n0\n-1\n0\n0"), BadInputError),
        (lambda p: p.path.write_bytes(b"no picture"), BadInputError),
        (lambda p: p.path.unlink(), NotFoundError),
    ],
)
def test_a_picture_that_cannot_be_placed_is_refused(tmp_path, change, error):
    picture = placed(tmp_path)
    change(picture)
    with pytest.raises(error):
        background(picture, EXTENT, ORIGIN, CRS)


def test_a_picture_without_a_source_is_refused(tmp_path):
    with pytest.raises(BadInputError):
        background(Picture(placed(tmp_path).path, " "), EXTENT, ORIGIN, CRS)


def test_the_picture_travels_with_its_source(tmp_path):
    from dataclasses import replace

    made = background(placed(tmp_path), EXTENT, ORIGIN, CRS)
    header, streams = opened(encode(replace(content(), background=made)))
    assert header["picture"]["attribution"] == "某测绘院 2019"
    assert bytes(streams["picture"]) == made.data


def test_a_turned_picture_is_set_upright(tmp_path):
    """A quarter turn: what lies left in the file lies south on the ground."""
    path = tmp_path / "a.png"
    picture = Image.new("RGB", (150, 200), "white")
    picture.paste("red", (0, 0, 15, 200))
    picture.save(path)
    east, north = ORIGIN
    path.with_suffix(".pgw").write_text(f"0\n1\n1\n0\n{east + 0.5}\n{north + 0.5}")
    drawn = Image.open(io.BytesIO(background(Picture(path, "x"), EXTENT, ORIGIN, CRS).data))
    assert drawn.size == (200, 150)
    assert drawn.getpixel((100, 145))[1] < 120
    assert drawn.getpixel((100, 60))[1] > 200


def test_a_picture_of_the_project_lies_where_its_control_points_put_it(tmp_path):
    picture = placed(tmp_path)
    picture.path.with_suffix(".pgw").unlink()
    east, north = ORIGIN
    placing = RasterBackground("b", "航拍", crs=CRS, transform=(1.0, 0.0, east - 50, 0.0, -1.0, north + 200))
    made = background(Picture(picture.path, "x", placing), EXTENT, ORIGIN, CRS)
    assert made.corners == (-3000, -2250, 23000, 17250)


def test_a_geotiff_in_another_coordinate_system_is_brought_into_the_projects(tmp_path):
    import rasterio
    from rasterio.transform import from_bounds

    from gis.crs import transform_bounds

    east, north = ORIGIN
    box = transform_bounds((east - 100, north - 100, east + 300, north + 250), CRS, "EPSG:4326")
    path = tmp_path / "a.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=400, height=350, count=3, dtype="uint8", crs="EPSG:4326",
        transform=from_bounds(*box, 400, 350),
    ) as file:  # fmt: skip
        file.write(np.full((3, 350, 400), 180, dtype=np.uint8))
    made = background(Picture(path, "x"), EXTENT, ORIGIN, CRS)
    assert made.corners == (-3000, -2250, 23000, 17250)
