"""Checking a plan against what it was made from."""

import pytest
from shapely import box

from gis.lint import check_plan, since_of
from gis.project import Project
from layers.changes import Change, ChangeSet, SettingChange
from layers.errors import NotFoundError
from layers.feature import Feature
from layers.text import same
from tests.gis.revisions.reasons import Plan


def codes(findings):
    return [f.code for f in findings]


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.gpkg", "t", "EPSG:4548") as project:
        project.freeze("第1版")
        lawn = Feature("a" * 32, box(616600, 4078000, 616610, 4078005), {"cover": "lawn", "state": "new"})
        project.apply(ChangeSet.of([Change("green", None, lawn)]), same("x"))
        project.freeze("第2版")
        yield project


def test_a_revision_is_compared_with_the_one_it_was_made_from(project):
    assert codes(check_plan(project, "R1")) == []
    (finding,) = check_plan(project, "R2")
    assert (finding.code, finding.layer, finding.uid) == ("rules.change-unexplained", "green", "a" * 32)
    assert codes(check_plan(project)) == []


def test_a_reason_in_words_is_enough(project):
    lawn = project.snapshot.feature(("green", "a" * 32))
    changed = lawn.with_attributes(name="东北角绿地")
    project.apply(ChangeSet.of([Change("green", lawn, changed)]), same("x"))
    assert codes(check_plan(project)) == ["rules.change-unexplained"]
    explained = changed.with_attributes(reason="4月28日业主会议")
    project.apply(ChangeSet.of([Change("green", changed, explained)]), same("x"))
    assert codes(check_plan(project)) == []


def test_a_notice_period_that_ended_before_the_revision_was_frozen_is_told(project):
    def ask_until(day):
        name = "publish.comment_until"
        change = SettingChange(project.snapshot.settings.get(name), day)
        project.apply(ChangeSet({}, {name: change}), same("期"))

    ask_until("2020-07-17")
    (finding, _) = check_plan(project, "R2")
    assert finding.code == "rules.notice-over"
    assert "2020-07-17" in finding.message.zh
    assert codes(check_plan(project, "R1")) == [], "the period of an older revision is history"
    assert codes(check_plan(project)) == [], "a plan in the making has no day yet"
    ask_until("2999-01-01")
    assert "rules.notice-over" not in codes(check_plan(project, "R2"))


def test_a_state_that_is_not_there_is_said(project):
    with pytest.raises(NotFoundError):
        check_plan(project, "R9")


def test_a_neighbour_of_an_explained_change_needs_no_reason_of_its_own():
    plan = Plan()
    plan.spot("T01")
    plan.freeze()
    plan.bay(0, answers="T01")
    plan.add("green", box(3, 0, 6, 5), cover="lawn")
    plan.add("green", box(90, 0, 96, 5), cover="lawn")
    plan.freeze()
    groups = since_of(plan.chapters()[1].comparison).groups
    assert [(len(g.keys), g.reasoned) for g in groups] == [(2, True), (1, False)]


def test_changes_without_a_place_are_looked_at_too():
    plan = Plan()
    plan.freeze()
    imported = Feature("f" * 32, None, {"name": "物业用房"})
    plan.now = plan.now.apply(ChangeSet.of([Change("plan_element", None, imported)]))
    plan.freeze()
    (group,) = since_of(plan.chapters()[1].comparison).groups
    assert (group.label, group.reasoned, group.place) == ("", False, None)


def test_each_finding_about_a_feature_says_where_it_is_or_was(project):
    (finding,) = check_plan(project, "R2")
    assert finding.place is not None
    east, north = finding.place
    assert 616600 < east < 616610
    assert 4078000 < north < 4078005
    lawn = project.snapshot.feature(("green", "a" * 32))
    project.apply(ChangeSet.of([Change("green", lawn, None)]), same("x"))
    (gone,) = check_plan(project)
    assert gone.place == finding.place
