"""Photos: where they were taken decides where they go; nothing but the picture is kept."""

import io
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from gis.crs import transform
from gis.exchange.photos import UNPLACED, PhotoFile, is_photo, plan_photos, read_photos
from gis.gcj import wgs84_to_gcj02
from gis.project import Project
from layers.errors import NotFoundError, UsageError
from layers.text import Text
from tests.gis.exchange.conftest import plan

PHOTOS = Path(__file__).parents[2] / "data" / "photos"
WEST, SOUTH = 616600.0, 4078000.0


def degrees(value):
    whole, rest = divmod(abs(value), 1)
    minutes, rest = divmod(rest * 60, 1)
    return (whole, minutes, rest * 60)


def jpeg(path, place=None, size=(64, 48), orientation=1, direction=None, taken=None, gps=None):
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 4, size[1]))
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010E] = "张三 13800000000"
    block = dict(gps or {})
    if place:
        lon, lat = place
        block |= {1: "S" if lat < 0 else "N", 2: degrees(lat), 3: "W" if lon < 0 else "E", 4: degrees(lon)}
    if direction is not None:
        block[17] = direction
    if block:
        exif.get_ifd(0x8825).update(block)
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    image.save(path, exif=exif)
    return path


def lonlat(x, y):
    point = transform(np.array([shapely.Point(x, y), None], dtype=object), "EPSG:4548", "EPSG:4326")[0]
    return point.x, point.y


def photo(name="a.jpg", x=None, y=None, **more):
    return PhotoFile(name, name.encode(), None if x is None else lonlat(x, y), **more)


def one(path):
    photos, findings = read_photos([path])
    return photos[0], {f.code for f in findings}


def test_position_direction_and_time_are_read(tmp_path):
    path = jpeg(tmp_path / "a.jpg", (118.3075, 36.826), direction=271.5, taken="2020:07:25 08:01:02")
    found, _ = one(path)
    assert found.place == pytest.approx((118.3075, 36.826), abs=1e-7)
    assert (found.direction, found.taken) == (271.5, "2020-07-25T08:01:02")


def test_the_copy_is_upright_small_and_carries_no_exif(tmp_path):
    found, _ = one(jpeg(tmp_path / "a.jpg", (118.3, 36.8), size=(3000, 1000), orientation=6))
    copy = Image.open(io.BytesIO(found.data))
    assert copy.size == (683, 2048)
    assert not copy.getexif()
    assert b"13800000000" not in found.data
    assert copy.getpixel((300, 10))[1] < 100 < copy.getpixel((300, 2000))[1]  # the red edge is on top now


@pytest.mark.parametrize(
    ("gps", "why"),
    [
        ({}, "none"),
        ({0: b"\x02\x02\x00\x00"}, "block-without-position"),
        ({1: "N", 2: (0, 0, 0), 3: "E", 4: (0, 0, 0)}, "no-fix"),
        ({1: "N", 2: (36, 49, 30)}, "block-without-position"),
        ({1: "N", 2: (99, 0, 0), 3: "E", 4: (118, 0, 0)}, "no-fix"),
    ],
)
def test_a_photo_without_a_position_says_why(tmp_path, gps, why):
    found, _ = one(jpeg(tmp_path / "a.jpg", gps=gps))
    assert (found.place, found.no_place) == (None, why)


def test_the_equator_and_the_south_are_places(tmp_path):
    assert one(jpeg(tmp_path / "a.jpg", (36.05, 0.0)))[0].place == (36.05, 0.0)
    assert one(PHOTOS / "exif_Kodak_CX7530.jpg")[0].place == pytest.approx((36.0564166667, -0.3713))


@pytest.mark.parametrize("name", ["exif_Canon_40D.jpg", "exif_image01551.jpg", "piexif_noexif.jpg"])
def test_photos_with_broken_or_no_exif_are_read(name):
    found, _ = one(PHOTOS / name)
    assert found.place is None
    Image.open(io.BytesIO(found.data)).load()


def test_what_is_no_photo_costs_only_itself(tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "iphone.heic").write_bytes(b"\x00\x00\x00\x18ftypheic" + b"\0" * 64)
    (tmp_path / "words.jpg").write_text("hello")
    good = jpeg(tmp_path / "good.jpg")
    photos, findings = read_photos([*sorted(tmp_path.glob("[eiw]*")), good])
    assert [p.name for p in photos] == ["good.jpg"]
    assert [(f.record, f.code) for f in findings] == [
        ("empty.jpg", "photo.empty"), ("iphone.heic", "photo.heic"), ("words.jpg", "photo.unreadable")
    ]  # fmt: skip
    assert "兼容性最佳" in findings[1].message.zh
    with pytest.raises(NotFoundError):
        read_photos([tmp_path / "none.jpg"])


def test_a_cut_photo_keeps_its_part(tmp_path):
    whole = jpeg(tmp_path / "a.jpg", (118.3, 36.8), size=(800, 600)).read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole[: len(whole) * 2 // 3])
    found, codes = one(tmp_path / "a.jpg")
    assert found.place is not None
    assert codes == {"photo.cut"}


def test_photos_are_known_by_name_or_by_their_first_bytes(tmp_path):
    assert is_photo(Path("a.HEIC"))
    assert is_photo(jpeg(tmp_path / "a.jpg").rename(tmp_path / "wechat_123"))
    assert not is_photo(Path("a.xlsx"))


def test_a_photo_goes_to_the_nearest_spot_within_fifteen_metres(small_plan):
    made = plan_photos(small_plan, [photo(x=WEST - 10, y=SOUTH)], "drainage_spot")
    (change,) = made.changes
    assert change.uid == "d" * 32
    assert change.after.attributes["photos"] == photo().id
    assert made.attached == ("a.jpg",)


def test_further_away_it_becomes_a_new_reported_spot(small_plan):
    taken = photo(x=WEST - 40, y=SOUTH, direction=90.0, taken="2020-07-25T08:01:02")
    near = photo("b.jpg", x=WEST - 44, y=SOUTH)
    made = plan_photos(small_plan, [taken, near], "traffic_spot")
    (change,) = made.changes
    values = change.after.attributes
    assert change.before is None
    assert (values["code"], values["status"], values["reported_on"]) == ("T03", "reported", "2020-07-25")
    assert values["photos"] == f"{taken.id},{near.id}"
    assert change.after.geometry.distance(shapely.Point(WEST - 40, SOUTH)) < 0.01
    assert (made.created, made.attached) == (("a.jpg",), ("b.jpg",))


def test_without_a_layer_a_photo_far_from_any_spot_waits(small_plan):
    made = plan_photos(small_plan, [photo(x=WEST - 40, y=SOUTH)])
    assert made.waiting == ("a.jpg",)
    assert made.changes.settings[UNPLACED].after == [{"id": photo().id, "name": "a.jpg"}]


def test_photos_without_a_place_and_from_far_away_wait_with_a_word_why(small_plan):
    made = plan_photos(small_plan, [photo("a.jpg"), photo("b.jpg", x=WEST + 9000, y=SOUTH)], "traffic_spot")
    assert made.waiting == ("a.jpg", "b.jpg")
    assert {f.record: f.code for f in made.findings} == {"a.jpg": "photo.none", "b.jpg": "photo.far"}
    assert not list(made.changes)


def test_a_photo_that_is_there_already_is_not_added_again(small_plan):
    first = plan_photos(small_plan, [photo(x=WEST, y=SOUTH), photo("b.jpg")])
    again = plan_photos(small_plan.apply(first.changes), [photo(x=WEST, y=SOUTH), photo("b.jpg")])
    assert again.known == ("a.jpg", "b.jpg")
    assert not again.changes
    assert not again.photos


def test_positions_of_a_chinese_app_are_converted_when_told(small_plan):
    shifted = wgs84_to_gcj02(np.array([lonlat(WEST, SOUTH)]))[0]
    taken = PhotoFile("a.jpg", b"a", tuple(shifted))
    assert plan_photos(small_plan, [taken], crs="GCJ-02").attached == ("a.jpg",)
    assert plan_photos(small_plan, [taken]).waiting == ("a.jpg",)


@pytest.mark.parametrize("datum", ["GCJ-02", "gcj02", "GCJ_02"])
def test_a_photo_that_names_a_shifted_system_is_converted_and_says_so(small_plan, tmp_path, datum):
    shifted = tuple(wgs84_to_gcj02(np.array([lonlat(WEST, SOUTH)]))[0].tolist())
    found, _ = one(jpeg(tmp_path / "a.jpg", shifted, gps={18: datum}))
    made = plan_photos(small_plan, [found])
    assert made.attached == ("a.jpg",)
    assert "photo.system" in {f.code for f in made.findings}


def test_what_cameras_write_of_their_datum_is_wgs_84(tmp_path):
    for datum in ("WGS-84", "TOKYO", ""):
        found, _ = one(jpeg(tmp_path / "a.jpg", (118.3, 36.8), gps={18: datum}))
        assert found.system is None


def test_photos_go_to_layers_of_problem_spots_only(small_plan):
    with pytest.raises(UsageError):
        plan_photos(small_plan, [photo()], "building")
    with pytest.raises(NotFoundError):
        plan_photos(small_plan, [photo()], "nowhere")


def test_in_equals_out(small_plan):
    given = [photo(x=WEST, y=SOUTH), photo("b.jpg"), photo("c.jpg", x=WEST - 90, y=SOUTH), photo("b.jpg")]
    made = plan_photos(small_plan, given, "drainage_spot")
    ways = (made.attached, made.created, made.waiting, made.known, made.twice, made.refused)
    assert [len(way) for way in ways] == [1, 1, 1, 0, 1, 0]
    assert made.ways == ("attached", "waiting", "created", "twice")


def test_the_same_picture_twice_in_one_batch_is_not_called_known(small_plan):
    plain, placed = PhotoFile("聊天.jpg", b"x"), PhotoFile("相机.jpg", b"x", lonlat(WEST - 90, SOUTH))
    made = plan_photos(small_plan, [plain, placed], "drainage_spot")
    assert made.ways == ("twice", "created")  # the one that knows its place counts
    assert [p.name for p in made.photos] == ["相机.jpg"]
    (told,) = made.findings
    assert (told.code, told.record, "相机.jpg" in told.message.zh) == ("photo.twice", "聊天.jpg", True)


@pytest.mark.parametrize("taken", ["1980:01:01 00:00:00", "2099:12:31 08:00:00"])
def test_the_date_of_a_clock_that_was_never_set_is_left_out_and_told(tmp_path, taken):
    found, codes = one(jpeg(tmp_path / "a.jpg", taken=taken))
    assert (found.taken, codes) == (None, {"photo.clock"})


def test_a_photo_that_is_gone_costs_only_itself(tmp_path):
    photos, findings = read_photos([jpeg(tmp_path / "a.jpg"), tmp_path / "gone.jpg"])
    assert [p.name for p in photos] == ["a.jpg"]
    assert [(f.record, f.severity) for f in findings] == [("gone.jpg", "error")]
    with pytest.raises(NotFoundError):
        read_photos([tmp_path / "gone.jpg"])


def test_the_whole_way_into_a_project_and_back(tmp_path):
    path = jpeg(tmp_path / "门口.jpg", lonlat(WEST, SOUTH))
    photos, findings = read_photos([path])
    with Project.create(tmp_path / "p.gpkg", "试验", "EPSG:4548") as project:
        made = plan_photos(project.snapshot, photos, "traffic_spot", findings=findings)
        for kept in made.photos:
            project.add_photo(kept.data, kept.name)
        project.apply(made.changes, Text("导入照片", "Import photos"))
        (spot,) = project.snapshot.layers["traffic_spot"].table
        assert project.photo(spot.attributes["photos"]).name == "门口.jpg"
        project.undo()
        assert not len(project.snapshot.layers["traffic_spot"].table)


def test_an_empty_plan_takes_photos_from_anywhere():
    made = plan_photos(plan(), [photo(x=WEST, y=SOUTH)], "drainage_spot")
    assert made.created == ("a.jpg",)


def test_a_photo_that_stops_the_reader_costs_only_itself(tmp_path, monkeypatch):
    from gis.exchange import photos
    from layers.errors import BadInputError
    from layers.text import same

    paths = [tmp_path / f"{number}.jpg" for number in range(4)]
    for path in paths:
        Image.new("RGB", (20, 10), "red").save(path)
    asked, ask = [], photos.ask_child

    def stopping(request, progress):
        asked.append(len(request["paths"]))
        if str(paths[2]) in request["paths"]:
            raise BadInputError(same("stopped"), code="import.reader-stopped")
        return ask(request, progress)

    monkeypatch.setattr(photos, "ask_child", stopping)
    read, findings = photos.read_photos(paths)
    assert [photo.name for photo in read] == ["0.jpg", "1.jpg", "3.jpg"]
    assert [(finding.record, finding.code) for finding in findings] == [("2.jpg", "import.reader-stopped")]
    assert asked == [4, 1, 1, 1, 1]
