"""Pictures with bytes changed, lost or added are read, shown in part or refused, and nothing else happens."""

import io
import random

import numpy as np
import pytest
from PIL import Image

from gis.raster.opening import read_raster
from gis.raster.reading import Placed, View, levels_of, read_view, read_whole
from layers.errors import BadInputError
from tests.gis.raster.pictures import quarters, write

MUTATIONS = 60
VIEW = View(32, 32, (1.0, 0.0, 0.0, 0.0, -1.0, 32.0), "EPSG:4548")


def damaged(content, chance):
    content = bytearray(content)
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.randrange(min(len(content), chance.choice((64, 400, 100_000))))
        change = chance.randrange(3)
        if change == 0:
            content[at] = chance.randrange(256)
        elif change == 1 and len(content) > 60:
            del content[at : at + chance.randrange(1, 50)]
        else:
            content[at:at] = chance.randbytes(8)
    return bytes(content)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "bmp", "gif", "webp"])
def test_no_damage_leads_to_anything_but_a_picture_or_a_clear_refusal(tmp_path, ending):
    chance = random.Random(11)
    stream = io.BytesIO()
    noise = np.random.default_rng(3).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(noise).save(stream, {"jpg": "JPEG", "tif": "TIFF"}.get(ending, ending))
    refused = []
    for _ in range(MUTATIONS):
        path = tmp_path / f"a.{ending}"
        path.write_bytes(damaged(stream.getvalue(), chance))
        try:
            raster = read_raster(path)
            where = Placed(raster, "EPSG:4548", (1.0, 0.0, 0.0, 0.0, -1.0, 32.0))
            assert read_view(where, VIEW, levels_of(raster)).pixels.shape == (32, 32, 4)
            read_whole(raster, 64)
        except BadInputError as error:
            refused.append(error)
    assert refused
    assert all(error.advice is not None for error in refused)


def test_numbers_no_colour_can_be_made_of_are_clear(tmp_path):
    values = np.full((1, 8, 8), np.nan, dtype=np.float32)
    values[0, 0, 0] = np.inf
    raster = read_raster(write(tmp_path / "a.tif", values))
    assert not read_whole(raster, 8)[..., 3].any()


def test_numbers_with_an_imaginary_part_are_shown_by_their_real_one(tmp_path):
    values = quarters(8)[:1].astype(np.complex64)
    raster = read_raster(write(tmp_path / "a.tif", values))
    assert read_whole(raster, 8)[0, 0, 0] > read_whole(raster, 8)[0, 7, 0]
