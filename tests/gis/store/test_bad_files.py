"""Files that are no project, or a damaged one: a clear word, and nothing touched."""

import shutil
from collections import Counter

import apsw
import geopandas as gpd
import pytest
import shapely

from gis.progress import Progress
from gis.project import Project
from gis.store.doctor import examine
from gis.store.repairing import repair
from gis.store.salvage import salvage
from layers.errors import (
    BadInputError,
    CancelledError,
    NewerFormatError,
    NotAProjectError,
    NotFoundError,
    PlanboardError,
    ReadOnlyError,
    RefusedError,
    StorageError,
)
from layers.feature import Feature
from layers.posting import Board, Posting
from tests.gis.store.plans import content, damaged_through_sql, house, put

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


@pytest.fixture
def made(project):
    put(project, *(house(f"h{i}", i * 12, note="记" * 200) for i in range(300)))
    put(project, *(Feature(f"t{i}", shapely.Point(i, 0), {}) for i in range(50)), layer="tree")
    project.add_photo(PNG, "x.png")
    project.freeze("一稿")
    project.close()
    return project.path


def refused(path, kind):
    before = path.read_bytes() if path.is_file() else None
    names = sorted(p.name for p in path.parent.iterdir())
    with pytest.raises(kind) as error:
        Project.open(path)
    if before is not None:
        assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == names
    return error.value


def test_a_missing_file_is_not_found(tmp_path):
    assert refused(tmp_path / "无.gpkg", NotFoundError).exit_code == 40


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7" + b"x" * 5000, b"SQLite format 3\0" + b"\0" * 84]
)
def test_a_file_of_another_kind_is_no_geopackage(tmp_path, data):
    path = tmp_path / "x.gpkg"
    path.write_bytes(data)
    assert refused(path, (BadInputError, StorageError)).code in ("store.not-geopackage", "store.damaged")


def test_a_folder_is_no_geopackage(tmp_path):
    (tmp_path / "x.gpkg").mkdir()
    assert refused(tmp_path / "x.gpkg", BadInputError).code == "store.not-geopackage"


def test_another_database_is_no_geopackage(tmp_path):
    path = tmp_path / "x.sqlite"
    db = apsw.Connection(str(path))
    db.execute("CREATE TABLE t(x)")
    db.close()
    assert refused(path, BadInputError).code == "store.not-geopackage"


def test_a_geopackage_of_another_program_is_offered_for_import(tmp_path):
    path = tmp_path / "x.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=4548).to_file(path, layer="a")
    error = refused(path, NotAProjectError)
    assert "导入" in error.advice.zh
    assert "Import" in error.advice.en


def test_a_newer_format_is_not_touched(made):
    db = apsw.Connection(str(made))
    db.execute("UPDATE pb_meta SET value = '99' WHERE key = 'format_version'")
    db.close()
    error = refused(made, NewerFormatError)
    assert "99" in error.message.zh


@pytest.mark.parametrize("value", ["", "x", None])
def test_a_format_version_that_is_no_number_is_refused(made, value):
    db = apsw.Connection(str(made))
    db.execute("UPDATE pb_meta SET value = ? WHERE key = 'format_version'", (value,))
    db.close()
    refused(made, BadInputError)


def refused_when_written(path, whole):
    """Return how a project with damage in its past is refused, which shows its plan and takes no edit."""
    before = path.read_bytes()
    with Project.open(path) as project:
        assert content(project.snapshot)["features"] == whole
        with pytest.raises(StorageError) as error:
            put(project, house("new", 9000))
        assert project.read_only
        assert project.read_only_reason == error.value.message
        assert content(project.snapshot)["features"] == whole
        with pytest.raises(ReadOnlyError):
            put(project, house("new", 9000))
        with pytest.raises(StorageError):
            project.check_whole()
    assert path.read_bytes() == before
    return error.value


def truncated(data, page):
    return data[: len(data) // 2]


def cut_in_a_page(data, page):
    return data[:-1500]


def zeroed(data, page):
    middle = len(data) // 2 // page * page
    return data[:middle] + b"\0" * page * 8 + data[middle + page * 8 :]


@pytest.mark.parametrize("damage", [truncated, cut_in_a_page, zeroed])
def test_a_damaged_project_is_left_alone_and_its_readable_rest_can_be_saved(made, tmp_path, damage):
    with Project.open(made) as project:
        whole = content(project.snapshot)["features"]
    data = made.read_bytes()
    made.write_bytes(damage(data, 4096))
    error = refused_when_written(made, whole) if damage is zeroed else refused(made, StorageError)
    assert error.code == "store.damaged"
    assert len(error.message.en) > len("The project file “金茵小区.gpkg” is damaged: ")
    before = made.read_bytes()
    out = tmp_path / "救回.gpkg"
    result = salvage(made, out)
    assert made.read_bytes() == before
    assert result.findings[0].code == "salvage.summary"
    with Project.open(out) as saved:
        assert saved.snapshot.title == "金茵小区"
        assert saved.snapshot.crs == "EPSG:4548"
        found = content(saved.snapshot)["features"]
        assert len(found) == result.features
        assert len(found) >= (50 if damage is truncated else 200)
        same = sum(whole.get(key) == value for key, value in found.items())
        assert same >= 0.9 * len(found)
        assert result.doubtful or len(found) == len(whole)


def outcome_of(path, whole):
    """Say how the damage of a project is told: at opening, before writing; or that there is none."""
    try:
        with Project.open(path) as project:
            assert content(project.snapshot)["features"] == whole
            try:
                project.check_whole()
            except StorageError:
                with pytest.raises(ReadOnlyError):
                    put(project, house("new", 9000))
                return "before writing"
            put(project, house("new", 9000))
            assert project.state("R1").feature(("building", "h7")) == whole["building", "h7"][0]
            return "harmless"
    except PlanboardError:
        return "at opening"


def test_a_page_of_zeros_is_told_before_anything_is_written_wherever_it_is(made, tmp_path):
    with Project.open(made) as project:
        whole = content(project.snapshot)["features"]
    data, page = made.read_bytes(), 4096
    told = Counter()
    for start in range(page, len(data), page * 7):
        path = tmp_path / "damaged.gpkg"
        path.write_bytes(data[:start] + b"\0" * page + data[start + page :])
        damaged = path.read_bytes()
        found = outcome_of(path, whole)
        told[found] += 1
        assert found == "harmless" or path.read_bytes() == damaged
    assert told["at opening"] >= 5
    assert told["before writing"] >= 5


def test_a_sound_project_is_salvaged_whole_with_its_photos(made, tmp_path):
    result = salvage(made, tmp_path / "out.gpkg")
    assert (result.features, result.photos) == (350, 1)
    with Project.open(made) as first, Project.open(tmp_path / "out.gpkg") as second:
        assert content(first.snapshot) == content(second.snapshot)


@pytest.fixture
def posted(made):
    postings = [
        Posting("R1", None, "public", f"R1-{n}.html", f"{n:064x}", f"2020-07-2{n}T09:00:00+08:00")
        for n in range(3)
    ]
    with Project.open(made) as project:
        for posting in postings:
            project.record_posting(posting)
        project.set_board(
            postings[0].key, Board("东门", "2020-07-20", "2020-08-01", note="王"), [(PNG + b"y", "y.png")]
        )
        project.set_board(postings[0].key, Board("西门", "2020-07-21"))
        project.set_board(postings[2].key, Board("误记", "2020-07-22", uid="c" * 32))
        project.remove_board("c" * 32)
        return made, project.postings


def test_postings_and_the_boards_they_hang_on_are_salvaged_with_their_photos(posted, tmp_path):
    path, postings = posted
    out = tmp_path / "rest.gpkg"
    result = salvage(path, out)
    assert (result.postings, result.boards, result.photos, result.doubtful) == (3, 2, 2, False)
    assert "3 条公示记录" in result.findings[0].message.zh
    with Project.open(out) as saved:
        assert saved.postings == postings
        assert saved.photo(postings[0].boards[0].photos[0]).data == PNG + b"y"


def test_a_posting_that_cannot_be_read_costs_neither_the_others_nor_their_boards(posted, tmp_path):
    path, postings = posted
    with apsw.Connection(str(path)) as db:
        db.execute("UPDATE pb_posting SET sha256 = x'ff' WHERE posting_id = 2")
        db.execute("UPDATE pb_board SET photos = '[' WHERE place = '西门'")
    out = tmp_path / "rest.gpkg"
    result = salvage(path, out)
    assert (result.postings, result.boards, result.doubtful) == (2, 1, True)
    with Project.open(out) as saved:
        assert [p.file_name for p in saved.postings] == ["R1-0.html", "R1-2.html"]
        assert saved.postings[0].boards == postings[0].boards[:1]


def test_a_setting_that_cannot_be_read_costs_neither_the_others_nor_the_plan(made, tmp_path):
    with apsw.Connection(str(made)) as db:
        rows = [("publish.names", "{"), ("project.note", '"记"')]
        db.executemany("INSERT INTO pb_setting VALUES (?,?)", rows)
    made.write_bytes(cut_in_a_page(made.read_bytes(), 4096))
    out = tmp_path / "rest.gpkg"
    result = salvage(made, out)
    assert result.doubtful
    assert result.features >= 200
    with Project.open(out) as saved:
        assert (saved.snapshot.title, saved.snapshot.settings["project.note"]) == ("金茵小区", "记")
        assert "publish.names" not in saved.snapshot.settings


def test_a_layer_whose_table_is_gone_is_salvaged_from_its_versions(made, tmp_path):
    db = apsw.Connection(str(made))
    db.execute("PRAGMA writable_schema = ON")
    db.execute("DELETE FROM sqlite_master WHERE tbl_name = 'building'")
    db.close()
    assert salvage(made, tmp_path / "out.gpkg").features == 350


@pytest.mark.parametrize("data", [b"", b"hello" * 1000])
def test_salvaging_what_holds_nothing_says_so(tmp_path, data):
    path = tmp_path / "x.gpkg"
    path.write_bytes(data)
    with pytest.raises((StorageError, BadInputError)):
        salvage(path, tmp_path / "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


def test_salvaging_does_not_go_over_an_existing_file(made, tmp_path):
    shutil.copy(made, tmp_path / "there.gpkg")
    with pytest.raises(RefusedError):
        salvage(made, tmp_path / "there.gpkg")


def test_an_open_project_is_not_salvaged(made, tmp_path):
    with Project.open(made), pytest.raises(RefusedError):
        salvage(made, tmp_path / "out.gpkg")


def test_a_journal_without_its_crash_or_a_project_moved_without_it_does_not_confuse(made, tmp_path):
    (made.parent / (made.name + "-journal")).write_bytes(b"")
    with Project.open(made) as project:
        assert len(project.snapshot.layers["building"].table) == 300


def test_a_file_left_in_wal_mode_by_another_program_returns_to_one_file(made):
    db = apsw.Connection(str(made))
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("UPDATE pb_meta SET value = value")
    db.close()
    assert made.read_bytes()[18:20] == b"\x02\x02"
    with Project.open(made) as project:
        put(project, house("new", 5000))
    assert made.read_bytes()[18:20] == b"\x01\x01"
    assert not made.with_name(made.name + "-wal").exists()


def test_a_file_in_wal_mode_in_a_place_that_cannot_be_written_is_read(made):
    db = apsw.Connection(str(made))
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    made.chmod(0o444)
    made.parent.chmod(0o555)
    try:
        with Project.open(made) as project:
            assert project.read_only
            assert len(project.snapshot.layers["building"].table) == 300
    finally:
        made.parent.chmod(0o755)
        made.chmod(0o644)


ROW = ("UPDATE building SET note = '别的' WHERE uid = 'h7'", "DELETE FROM pb_dirty")
NOT_A_PLACE = "UPDATE building SET geom = (SELECT geom FROM building WHERE uid = 'h9') WHERE uid = 'h7'"
VERSION = (
    "DROP TRIGGER pb_row_update_seal",
    "UPDATE pb_row SET attrs = replace(attrs, '记记', '讠己') WHERE feat_id ="
    " (SELECT feat_id FROM pb_feature WHERE uid = 'h7')",
)

NO_VALUES = (VERSION[0], VERSION[1].replace("'记记', '讠己'", "'[', '('"))


@pytest.mark.parametrize("damage", [ROW, (NOT_A_PLACE, "DELETE FROM pb_dirty"), VERSION, NO_VALUES])
def test_an_object_that_the_disk_has_changed_is_named_and_put_back_from_its_other_copy(made, damage):
    with Project.open(made) as project:
        whole = content(project.snapshot)
        project.check_whole()
    damaged_through_sql(made, *damage)
    with Project.open(made) as project:
        with pytest.raises(StorageError) as told:
            project.check_whole()
        assert told.value.code == "store.rows"
        assert "“建筑” 1 个" in told.value.message.zh
        assert not project.read_only
        put(project, house("new", 9000))
        project.undo()
    assert "repaired.copy" in [f.code for f in repair(made)]
    with Project.open(made) as project:
        assert content(project.snapshot) == whole
        assert project.state("R1").feature(("building", "h7")) == whole["features"]["building", "h7"][0]
        project.check_whole()


def test_objects_that_another_program_edited_or_that_are_kept_exactly_beside_are_not_called_damaged(made):
    with Project.open(made) as project:
        put(project, house("odd", 9000, floors="six", note="0.30000000000000004"))
    damaged_through_sql(made, "UPDATE building SET floors = 9 WHERE uid = 'h7'")
    with Project.open(made, read_only=True) as seen:
        seen.check_whole()
    with Project.open(made) as project:
        damaged_through_sql(made, "UPDATE building SET floors = 8 WHERE uid = 'h7'")
        project.check_whole()


def test_an_edit_of_another_program_to_an_object_whose_record_is_damaged_is_told_in_words(made):
    damaged_through_sql(made, *NO_VALUES, "UPDATE building SET floors = 9 WHERE uid = 'h7'")
    error = refused(made, StorageError)
    assert error.message.zh.endswith("记录中有内容无法读出。")
    assert examine(made).readable


def test_the_look_at_every_page_can_be_stopped_and_finds_nothing_out_then(made):
    with Project.open(made) as project:
        with pytest.raises(CancelledError):
            project.check_whole(Progress(cancelled=lambda: True))
        project.check_whole()
