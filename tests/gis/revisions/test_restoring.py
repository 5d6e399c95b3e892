"""Going back to a revision brings back the plan and leaves what was told since."""

import pytest

from gis.project import Project
from layers.asking import ASKING
from layers.changes import ChangeSet, SettingChange
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.posting import Posting
from tests.gis.store.plans import EDIT, box, content, drop, house, put


def comment(uid: str, gist: str = "太少") -> Feature:
    return Feature(uid, None, {"code": uid.upper(), "gist": gist, "outcome": "open"})


def spot(uid: str, **attributes) -> Feature:
    return Feature(uid, box(30), {"code": uid.upper(), "title": "积水", "status": "reported", **attributes})


@pytest.fixture
def lived(tmp_path):
    """R1 with a house, a comment and a spot; since then all of it has gone on."""
    with Project.create(tmp_path / "a.gpkg", "小区", "EPSG:4548") as project:
        put(project, house("a"))
        put(project, comment("c1"), comment("c2"), layer="comment")
        put(project, spot("d1"), layer="drainage_spot")
        project.freeze("一稿")
        put(project, house("a", 5), house("b", 40))
        put(project, comment("c1", "已答"), comment("c3"), layer="comment")
        drop(project, "c2", layer="comment")
        put(project, spot("d1", status="answered"), spot("d2"), layer="drainage_spot")
        yield project


def uids(project, layer):
    return {feature.uid for feature in project.snapshot.layers[layer].table}


def test_the_plan_comes_back_and_comments_and_spots_stay_as_they_are_now(lived):
    told = {n: content(lived.snapshot)["features"][n] for n in (("comment", "c1"), ("drainage_spot", "d1"))}
    lived.restore("R1")
    assert uids(lived, "building") == {"a"}
    assert lived.snapshot.feature(("building", "a")) == house("a")
    assert uids(lived, "comment") == {"c1", "c3"}
    assert uids(lived, "drainage_spot") == {"d1", "d2"}
    assert all(content(lived.snapshot)["features"][name] == kept for name, kept in told.items())


def test_one_undo_takes_the_whole_of_it_back(lived):
    before = content(lived.snapshot)
    lived.restore("R1")
    lived.undo()
    assert content(lived.snapshot) == before


def test_who_asks_for_it_gets_comments_and_spots_of_then(lived):
    then = content(lived.state("R1"))["features"]
    lived.restore("R1", reports=True)
    assert content(lived.snapshot)["features"] == then


def test_it_is_told_before_what_comes_back_and_what_came_in_since(lived):
    planned = lived.plan_restore("R1")
    assert planned.plan == {"building": 2}
    assert planned.gone == {"comment": 1, "drainage_spot": 1}
    assert planned.altered == {"comment": 2, "drainage_spot": 1}
    assert planned.changes.features.keys() == {("building", "a"), ("building", "b")}


def test_black_boxes_the_roster_and_the_notice_of_today_are_not_set_back(lived):
    settings = {
        "photo.x.blackout": [[0, 0, 1, 1]],
        "publish.names": ["张三"],
        "publish.comment_until": "2026-12-01",
        "draw.designer": "设计院",
    }
    lived.apply(ChangeSet.of((), {n: SettingChange(None, v) for n, v in settings.items()}), EDIT)
    lived.apply(ChangeSet.of((), {"project.note": SettingChange(None, "改")}), EDIT)
    lived.restore("R1")
    assert {name: lived.snapshot.settings.get(name) for name in settings} == settings
    assert "project.note" not in lived.snapshot.settings


def test_the_record_of_postings_stays(lived):
    lived.record_posting(Posting("R1", None, "public", "a.html", "0" * 64, "2026-07-25T09:00:00+08:00"))
    lived.restore("R1", reports=True)
    assert [posting.revision for posting in lived.postings] == ["R1"]


def test_what_people_told_is_known_by_the_role_of_a_kind():
    told = {name for name, kind in standard_kinds().items() if kind.role in ASKING}
    assert told == {"comment", "drainage_spot", "traffic_spot"}
