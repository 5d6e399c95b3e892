import io

import numpy as np
import pytest
from PIL import Image

from gis.publish.background import BUDGET, Picture, background
from gis.publish.page.payload import encode
from layers.errors import BadInputError, NotFoundError
from tests.gis.publish.decoding import opened
from tests.gis.publish.plans import ORIGIN, content

EXTENT = (0, 0, 20_000, 15_000)


def placed(folder, size=(400, 300), step=1.0, west=-100.0, north=250.0, form="PNG", world=".pgw", **save):
    grey = np.linspace(0, 255, size[0] * size[1]).reshape(size[::-1]).astype(np.uint8)
    path = folder / f"aerial.{'png' if form == 'PNG' else 'jpg'}"
    Image.fromarray(grey).convert("RGB").save(path, form, **save)
    lines = (step, 0, 0, -step, ORIGIN[0] + west + step / 2, ORIGIN[1] + north - step / 2)
    path.with_suffix(world).write_text("\n".join(str(v) for v in lines))
    return Picture(path, "某测绘院 2019")


def test_a_picture_is_cut_to_the_site_and_lies_where_the_world_file_says(tmp_path):
    made = background(placed(tmp_path), EXTENT, ORIGIN)
    west, south, east, north = made.corners
    assert (west, south, east, north) == (-3000, -2300, 23100, 17300)
    drawn = Image.open(io.BytesIO(made.data))
    assert drawn.size == ((east - west) // 100, (north - south) // 100)
    assert made.attribution == "某测绘院 2019"


def test_what_a_picture_tells_beside_its_pixels_is_gone(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    made = background(
        placed(tmp_path, form="JPEG", world=".jgw", exif=exif, comment=b"SECRET"), EXTENT, ORIGIN
    )
    assert b"SECRET" not in made.data


def test_a_large_picture_keeps_to_its_budget(tmp_path):
    path = tmp_path / "big.png"
    noise = np.random.default_rng(2).integers(0, 255, (1800, 2400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, compress_level=1)
    path.with_suffix(".wld").write_text(f"0.1\n0\n0\n-0.1\n{ORIGIN[0]}\n{ORIGIN[1] + 150}")
    assert len(background(Picture(path, "x"), EXTENT, ORIGIN).data) <= BUDGET


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda p: p.path.with_suffix(".pgw").unlink(), NotFoundError),
        (lambda p: p.path.with_suffix(".pgw").write_text("1\n0.2\n0\n-1\n0\n0"), BadInputError),
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
        background(picture, EXTENT, ORIGIN)


def test_a_picture_without_a_source_is_refused(tmp_path):
    with pytest.raises(BadInputError):
        background(Picture(placed(tmp_path).path, " "), EXTENT, ORIGIN)


def test_the_picture_travels_with_its_source(tmp_path):
    from dataclasses import replace

    made = background(placed(tmp_path), EXTENT, ORIGIN)
    header, streams = opened(encode(replace(content(), background=made)))
    assert header["picture"]["attribution"] == "某测绘院 2019"
    assert bytes(streams["picture"]) == made.data
