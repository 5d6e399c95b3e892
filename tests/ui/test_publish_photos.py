"""Photos in the form of publishing: what is covered there is covered on the page."""

import io

import numpy as np
import pytest
from PIL import Image

from gis.publish.photos import prepared_photo
from ui.dialogs.publish_photos import read_photo


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_form_covers_a_photo_just_where_the_page_does_however_it_was_held(qapp, turn, form):
    """A box over the red corner, as the form shows it, leaves no red on the page."""
    picture = Image.new("RGB", (160, 80), "white")
    picture.paste("red", (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    data = out.getvalue()

    class Kept:
        @staticmethod
        def photo(_):
            return type("Photo", (), {"data": data})

    seen = read_photo(Kept, "a", 1280)
    assert seen.width() in (160, 80)
    corner = [
        (x, y)
        for x in range(seen.width())
        for y in range(seen.height())
        if seen.pixelColor(x, y).green() < 128 and seen.pixelColor(x, y).red() > 128
    ]
    west, east = min(x for x, _ in corner) - 9, max(x for x, _ in corner) + 9
    north, south = min(y for _, y in corner) - 9, max(y for _, y in corner) + 9
    box = (west / seen.width(), north / seen.height(), east / seen.width(), south / seen.height())
    made = Image.open(io.BytesIO(prepared_photo(data, (box,))[0])).convert("RGB")
    assert made.size == (seen.width(), seen.height())
    red, green, _ = np.moveaxis(np.asarray(made), 2, 0)
    assert not ((red > 150) & (green < 100)).any()
