"""Which revisions a page shows, how a theme narrows it, and what an older revision says."""

import pytest

from gis.drawing.draw import compared_state
from gis.edit.themes import keep_theme
from gis.publish import preview, publish, publish_site
from gis.publish.site import read_index
from gis.publish.states import shown_revisions
from gis.revisions.chapters import ends_a_line, line_to, revisions_to
from layers.changes import ChangeSet, SettingChange
from layers.errors import NotFoundError, RefusedError
from layers.text import Text
from tests.gis.publish.decoding import everything_in, layers_of, payload_of
from tests.gis.publish.test_publication import project  # noqa: F401

DONE = Text("改", "edit")
SECRET = "谁也不该看到"


@pytest.fixture
def alternatives(project):  # noqa: F811
    """R1, R2, an alternative with a revision of its own made from R1, and after it R3 of the main plan."""
    project.create_branch("方案乙", "R1")
    project.switch_branch("方案乙")
    other = project.freeze(SECRET).label
    project.switch_branch("main")
    project.freeze("公示稿 第3版")
    return project, other


def settings(project, **said):  # noqa: F811
    changed = {
        n.replace("__", "."): SettingChange(project.snapshot.settings.get(n), v) for n, v in said.items()
    }
    project.apply(ChangeSet({}, changed), DONE)


def test_a_page_tells_nothing_of_another_alternative(alternatives, tmp_path):
    project, other = alternatives  # noqa: F811
    publish(project, tmp_path / "a.html", revision="R3")
    page = (tmp_path / "a.html").read_bytes()
    header = layers_of(payload_of(page))
    assert [one["label"] for one in header["revisions"]] == ["R1", "R2", "R3"]
    assert SECRET not in everything_in(page)
    assert preview(project, revision="R3").content.comparisons[-1].before == 1, "R3 follows R2"
    assert [r.label if r else None for r in shown_revisions(project, other)] == ["R1", other]
    with pytest.raises(RefusedError):
        publish(project, tmp_path / "b.html", revision="R3", compare=other)


def test_a_sheet_lists_only_the_revisions_that_led_to_its_own(alternatives):
    project, other = alternatives  # noqa: F811
    assert [r.label for r in revisions_to(project, "R3")] == ["R1", "R2", "R3"]
    assert line_to(project, "working")[-2:] == ["R3", "working"]
    assert [ends_a_line(project, name) for name in ("R1", "R2", "R3", other, "working")] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_a_site_leaves_out_alternatives_and_keeps_those_that_were_published_there(alternatives, tmp_path):
    project, other = alternatives  # noqa: F811
    publish_site(project, tmp_path / "site")
    assert [r.label for r in read_index(tmp_path / "site")[0].revisions] == ["R1", "R2", "R3"]
    assert not any(other in path.name for path in (tmp_path / "site").iterdir())
    project.switch_branch("方案乙")
    publish_site(project, tmp_path / "site")
    assert [r.label for r in read_index(tmp_path / "site")[0].revisions] == ["R1", "R2", "R3", other]
    project.switch_branch("main")
    publish_site(project, tmp_path / "site")
    assert [r.label for r in read_index(tmp_path / "site")[0].revisions] == ["R1", "R2", other, "R3"]


def test_an_older_revision_keeps_its_notice_period_whatever_the_form_says(project):  # noqa: F811
    typed = {**project.snapshot.settings, "publish.comment_until": "2030-01-31", "publish.contact": "新电话"}
    old = preview(project, revision="R1", settings=typed).content.notice
    new = preview(project, revision="R2", settings=typed).content.notice
    assert (old.comment_until, new.comment_until) == ("", "2030-01-31")
    assert old.contact.zh == new.contact.zh == "新电话"
    sheet, _ = compared_state(project, "R1", None, typed)
    assert "publish.comment_until" not in sheet.settings


def test_a_theme_leaves_out_what_it_hides_in_every_revision_and_says_so(project, tmp_path):  # noqa: F811
    settings(project, **{"layer.traffic_spot.visible": False})
    project.apply(keep_theme(project.snapshot, "不含堵点"), DONE)
    settings(project, **{"layer.traffic_spot.visible": None})
    whole, part = (preview(project, revision="R2", theme=name) for name in (None, "不含堵点"))
    assert {x.id for x in whole.content.layers} - {x.id for x in part.content.layers} == {"traffic_spot"}
    assert any("不含堵点" in f.message.zh for f in part.removed if f.layer == "traffic_spot")
    publish(project, tmp_path / "a.html", revision="R2", theme="不含堵点")
    assert "接送拥堵" not in everything_in((tmp_path / "a.html").read_bytes())
    with pytest.raises(NotFoundError):
        publish(project, tmp_path / "b.html", revision="R2", theme="没有")


def test_a_theme_leaves_the_numbers_of_objects_as_they_are(project):  # noqa: F811
    settings(project, **{"layer.building.visible": False})
    project.apply(keep_theme(project.snapshot, "无楼"), DONE)
    found = [
        {x.id: x.numbered_from for x in preview(project, revision="R2", theme=name).content.layers}
        for name in (None, "无楼")
    ]
    assert "building" not in found[1]
    assert all(found[0][name] == numbers for name, numbers in found[1].items())
