import gzip
import io

import numpy as np
import pytest
from PIL import Image

from gis.publish.page.payload import encode
from gis.publish.photos import PHOTO_BYTES, PhotoShelf, boxes_of, prepared_photo
from gis.publish.profile import PROFILES
from gis.publish.redaction import State, redact
from layers.errors import NotFoundError
from layers.text import Text
from tests.gis.publish.decoding import layers_of
from tests.gis.publish.plans import point, revision, snapshot


def picture(width=2400, height=1600, colour="white", form="JPEG", **save):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form, **save)
    return out.getvalue()


def with_place():
    exif = Image.Exif()
    exif[0x010E] = "SECRETDESCRIPTION"
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(0x8825)[2] = (36.0, 49.0, 8.0)
    return picture(exif=exif, comment=b"SECRETCOMMENT")


def test_a_photo_loses_where_and_when_and_is_turned_upright():
    data, size = prepared_photo(with_place())
    assert b"SECRET" not in data
    opened = Image.open(io.BytesIO(data))
    assert not opened.getexif()
    assert set(opened.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert opened.size == size == (853, 1280)


def test_boxes_are_black_before_the_picture_gets_small():
    data, _ = prepared_photo(picture(), ((0.25, 0.5, 0.5, 1.0),))
    grey = np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    height, width = grey.shape
    assert grey[int(height * 0.52) :, int(width * 0.27) : int(width * 0.48)].max() < 12
    assert grey[: int(height * 0.45)].min() > 240


def test_a_photo_keeps_to_its_budget_and_is_the_same_every_time():
    noise = np.random.default_rng(1).integers(0, 255, (1500, 2000, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    first, size = prepared_photo(out.getvalue())
    assert len(first) <= PHOTO_BYTES
    assert prepared_photo(out.getvalue()) == (first, size)


@pytest.mark.parametrize(
    "nonsense", ["x", 3, [[1, 2]], [["a", 0, 0, 0]], [None], {"a": 1}, [[0, 0, 1, float("nan")]]]
)
def test_a_blackout_that_makes_no_sense_hides_everything(nonsense):
    assert (0.0, 0.0, 1.0, 1.0) in boxes_of(nonsense)


def test_boxes_are_kept_within_the_picture_and_put_in_order():
    assert boxes_of([[0.8, 0.9, -1, 2]]) == ((0.0, 0.9, 0.8, 1.0),)
    assert boxes_of(None) == boxes_of([]) == ()


PHOTOS = {
    "a": picture(40, 30),
    "b": picture(40, 30, "red"),
    "bad": b"no picture",
    "gif": picture(9, 9, form="GIF"),
}


def read(photo_id):
    if photo_id not in PHOTOS:
        raise NotFoundError(Text("没有", "none"))
    return PHOTOS[photo_id]


def published(settings, photos="a,b", profile="public"):
    spot = ("d1", point(60, 65), {"code": "D01", "title": "积水", "photos": photos})
    shelf = PhotoShelf(read, settings, PROFILES[profile].photos)
    states = [State(revision(), snapshot(drainage_spot=[spot]))]
    return redact(states, [], PROFILES[profile], shelf=shelf)


def test_only_ticked_photos_are_published_and_the_others_are_told():
    result = published({"photo.b.public": True, "photo.b.caption": "王某 13812345678"})
    assert [p.caption for p in result.content.photos] == ["王某 138****5678"]
    assert "publish.photo" in {f.code for f in result.removed}
    header = layers_of(encode(result.content))
    spots = next(one for one in header["layers"] if one["id"] == "drainage_spot")
    assert spots["photos"] == [[0, 0]]
    assert header["photos"][0][0] == result.content.photos[0].data


def test_a_photo_that_two_features_share_is_kept_once():
    spots = [(f"d{i}", point(60, i), {"code": f"D{i}", "title": "x", "photos": "a"}) for i in range(2)]
    shelf = PhotoShelf(read, {"photo.a.public": True}, True)
    states = [State(revision(), snapshot(drainage_spot=spots))]
    content = redact(states, [], PROFILES["public"], shelf=shelf).content
    assert len(content.photos) == 1
    assert sorted(next(one for one in content.layers if one.id == "drainage_spot").photos.values()) == [
        (0,),
        (0,),
    ]


@pytest.mark.parametrize(("settings", "profile"), [({}, "public"), ({"photo.a.public": True}, "brochure"),
                                                    ({"photo.a.public": "yes"}, "public")])  # fmt: skip
def test_without_a_tick_or_a_profile_that_says_so_no_byte_of_a_photo_is_there(settings, profile):
    result = published(settings, "a", profile)
    assert result.content.photos == ()
    assert b"JFIF" not in gzip.decompress(encode(result.content))


@pytest.mark.parametrize("photo_id", ["bad", "gone"])
def test_a_photo_that_cannot_be_read_is_told(photo_id):
    result = published({f"photo.{photo_id}.public": True}, photo_id)
    assert result.content.photos == ()
    assert "publish.photo-unreadable" in {f.code for f in result.removed}


def test_a_picture_that_claims_to_be_huge_is_not_opened(monkeypatch):
    monkeypatch.setattr("gis.publish.photos.MOST_PIXELS", 1000)
    with pytest.raises(ValueError, match="too large"):
        prepared_photo(PHOTOS["a"])


def test_all_photos_of_a_page_keep_to_its_budget(monkeypatch):
    monkeypatch.setattr("gis.publish.photos.PAGE_BYTES", 700)
    result = published({"photo.a.public": True, "photo.b.public": True})
    assert len(result.content.photos) == 1
    assert "publish.photo-budget" in {f.code for f in result.removed}


def _saved(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "I;16", "RGBA", "LA"])
def test_a_photo_of_any_colours_is_published(mode):
    form = "JPEG" if mode in ("CMYK", "L") else "PNG"
    made = Image.open(io.BytesIO(prepared_photo(_saved(Image.new(mode, (40, 30)), form))[0]))
    assert (made.mode, made.size, made.format) == ("RGB", (40, 30), "JPEG")


def test_a_photo_of_a_hundred_megapixels_is_published_small():
    data = _saved(Image.new("L", (12_000, 9_000), 200), "JPEG", quality=20)
    assert prepared_photo(data)[1] == (1280, 960)
