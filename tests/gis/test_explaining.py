"""A reason belongs to the change it was given for, between two frozen states; what is gone has one, too."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from gis.edit.features import add_feature, move_features, remove_features, set_attributes
from gis.edit.split import split_features
from gis.explaining import explained, why_sealed
from gis.lint import check_plan
from gis.project import Project
from gis.revisions.chapters import chapters_to, compare_states
from gis.revisions.ledger import ledger_of
from gis.revisions.merge import all_to
from layers.errors import RefusedError
from layers.reason import Reason, Rewording, key_of_record, record_of
from layers.revision import WORKING
from layers.text import same

MOVED = Reason((), ("避让消防通道",))


class Case:
    """A project with a spot T13 and five bays, far from each other, frozen as R1."""

    def __init__(self, path):
        self.project = Project.create(path, "t", "EPSG:4548")
        self.spot = self.add("traffic_spot", Point(-50, 0), code="T13", title="雨天积水", category="dead-end")
        self.add("traffic_spot", Point(-80, 0), code="t14", title="断头路", category="dead-end")
        self.bays = [self.add("parking", box(x, 0, x + 2.5, 5), bays=1) for x in range(0, 500, 100)]
        self.project.freeze("1")

    def add(self, layer, shape, **values):
        changes = add_feature(self.project.snapshot, layer, shape, values)
        self.project.apply(changes, same("x"))
        return next(iter(changes)).key

    def do(self, edit, *args):
        self.project.apply(edit(self.project.snapshot, *args), same("x"))

    def move(self, key):
        self.do(move_features, [key], 3.0, 0.0)

    def drop(self, key):
        self.do(remove_features, [key])

    def write(self, key, **values):
        self.do(set_attributes, [key], values)

    def explain(self, *keys, answers="", words=""):
        edit = explained(self.project, dict.fromkeys(keys, Reason.of(answers, words)))
        self.project.apply(edit(self.project.snapshot), same("reason"))

    def why(self, key, before="R1", after=WORKING):
        found = compare_states(self.project, before, after)
        return next(c.reason for c in found.changes if c.key == key)

    def records(self):
        return {n: v for n, v in self.project.snapshot.settings.items() if key_of_record(n)}


@pytest.fixture
def case(tmp_path):
    made = Case(tmp_path / "p.gpkg")
    yield made
    made.project.close()


def test_a_removed_feature_has_a_reason_and_the_check_is_content(case):
    gone = case.bays[0]
    case.drop(gone)
    assert [f.uid for f in check_plan(case.project) if f.code == "rules.change-unexplained"] == [gone[1]]
    case.explain(gone, answers="ｔ１３", words="让出出口")
    assert case.why(gone) == Reason(("T13",), ("让出出口",))
    codes = {f.code for f in check_plan(case.project)}
    assert "rules.change-unexplained" not in codes
    (deed,) = ledger_of(chapters_to(case.project)).entry("t13").deeds
    assert deed.change == "working-1"


def test_what_is_taken_away_for_a_spot_answers_it(case):
    case.drop(case.bays[0])

    def unanswered():
        return [f.uid for f in check_plan(case.project) if f.code == "rules.spot-unanswered"]

    assert case.spot[1] in unanswered()
    case.explain(case.bays[0], answers="T13")
    assert case.spot[1] not in unanswered()


def test_a_reason_of_an_earlier_revision_says_nothing_about_a_later_change(case):
    bay = case.bays[0]
    case.move(bay)
    case.explain(bay, answers="T13", words="避让消防通道")
    case.project.freeze("2")
    case.move(bay)
    assert not case.why(bay, "R2")
    assert [f.uid for f in check_plan(case.project) if f.code == "rules.change-unexplained"] == [bay[1]]
    assert [d.revision for d in ledger_of(chapters_to(case.project)).entry("T13").deeds] == ["R2"]


def test_an_adopted_alternative_brings_no_old_reason_along(case):
    bay, project = case.bays[0], case.project
    case.move(bay)
    case.explain(bay, words="避让消防通道")
    project.freeze("2")
    project.create_branch("方案A", "R2")
    project.switch_branch("方案A")
    case.move(bay)
    project.switch_branch("main")
    merge = project.plan_adopt("方案A")
    project.apply_merge(merge)
    merge.close()
    assert not case.why(bay, "R2")


def test_the_same_reason_counts_again_when_it_is_given_again(case):
    bay = case.bays[0]
    case.move(bay)
    case.explain(bay, answers="T13", words="避让消防通道")
    case.project.freeze("2")
    case.move(bay)
    case.explain(bay, answers="T13", words="避让消防通道")
    assert case.why(bay, "R2") == Reason(("T13",), ("避让消防通道",))
    feature = case.project.snapshot.feature(bay)
    assert (feature.attributes["answers"], feature.attributes["reason"]) == ("T13", "避让消防通道")


def test_a_present_feature_says_its_reason_itself_where_it_can(case):
    bay = case.bays[0]
    case.move(bay)
    case.explain(bay, answers="T13", words="会议决定")
    assert case.records() == {}
    assert case.project.snapshot.feature(bay).attributes["answers"] == "T13"


def test_a_reason_can_be_taken_back_and_what_stood_before_stays(case):
    bay = case.bays[0]
    case.write(bay, answers="T13", reason="旧理由")
    case.project.freeze("2")
    case.move(bay)
    case.explain(bay, answers="T13,T14", words="新理由")
    assert case.why(bay, "R2") == Reason(("T14", "T13"), ("新理由",))
    case.explain(bay)
    assert not case.why(bay, "R2")
    attributes = case.project.snapshot.feature(bay).attributes
    assert (attributes["answers"], attributes["reason"], case.records()) == ("T13", "旧理由", {})


def test_a_comparison_over_several_revisions_gathers_the_reasons_oldest_first_and_each_once(case):
    bay = case.bays[0]
    for words in ("一", "二", "二", "三"):
        case.move(bay)
        case.explain(bay, words=words)
        case.project.freeze("x")
    assert case.why(bay, "R1", "R5") == Reason((), ("一", "二", "三"))
    assert case.why(bay, "R3", "R5") == Reason((), ("二", "三"))
    (group,) = compare_states(case.project, "R1", "R5").groups
    assert [r.zh for r in group.because] == ["一", "二", "三"]


def test_a_removal_keeps_its_reason_in_every_later_comparison(case):
    gone = case.bays[0]
    case.drop(gone)
    case.explain(gone, words="让出出口")
    case.project.freeze("2")
    case.project.freeze("3")
    assert case.why(gone, "R1", "R3").words == case.why(gone, "R1", "R2").words == ("让出出口",)


def test_going_back_undoes_changes_for_which_nobody_gave_a_reason(case):
    case.move(case.bays[0])
    case.explain(case.bays[0], words="避让消防通道")
    case.project.freeze("2")
    assert not case.why(case.bays[0], "R2", "R1")
    case.project.restore("R1")
    assert not case.why(case.bays[0], "R2", WORKING)


def test_the_pieces_of_a_split_do_not_repeat_what_was_said_of_the_whole(case):
    bay = case.bays[0]
    case.write(bay, answers="T13")
    case.project.freeze("2")
    from shapely import LineString

    case.do(split_features, [bay], LineString([(1, -1), (1, 6)]))
    found = compare_states(case.project, "R2", WORKING)
    assert len(found.changes) == 2
    assert not any(change.reason for change in found.changes)


def test_a_code_that_nothing_has_is_refused_and_nothing_is_written(case):
    case.drop(case.bays[0])
    with pytest.raises(RefusedError, match="T99"):
        case.explain(case.bays[0], answers="T13 T99")
    assert case.records() == {}


def test_what_did_not_change_gets_no_reason(case):
    with pytest.raises(RefusedError) as error:
        case.explain(case.bays[0], words="x")
    assert error.value.code == "reason.unchanged"


def test_before_the_first_revision_there_is_nothing_to_explain(tmp_path):
    with Project.create(tmp_path / "p.gpkg", "t", "EPSG:4548") as project, pytest.raises(RefusedError) as e:
        explained(project, {})
    assert e.value.code == "reason.first"


def test_a_sealed_comparison_says_why_and_the_open_one_does_not(case):
    project = case.project
    project.freeze("2")
    assert why_sealed(project, compare_states(project, "R2", WORKING)) is None
    assert "R2" in why_sealed(project, compare_states(project, "R1", "R2")).en
    assert "R2" in why_sealed(project, compare_states(project, "R1", WORKING)).en


def test_giving_a_reason_is_one_step_that_undo_takes_back_whole(case):
    gone, moved = case.bays[:2]
    case.drop(gone)
    case.move(moved)
    before = case.project.snapshot
    case.explain(gone, moved, words="会议")
    steps = len(case.project.history.done)
    case.project.undo()
    assert len(case.project.history.done) == steps - 1
    assert case.project.snapshot.settings == before.settings
    assert not case.why(gone)
    assert not case.why(moved)
    case.project.redo()
    assert case.why(gone).words == case.why(moved).words == ("会议",)


def test_an_opened_file_still_knows_the_reasons(case):
    gone = case.bays[0]
    case.drop(gone)
    case.explain(gone, words="让出出口")
    case.project.freeze("2")
    path = case.project.path
    case.project.close()
    with Project.open(path) as project:
        (change,) = compare_states(project, "R1", "R2").changes
        assert change.reason.words == ("让出出口",)


def test_two_copies_that_give_one_removal_two_reasons_conflict_with_both_texts(case, tmp_path):
    gone = case.bays[0]
    case.drop(gone)
    case.project.save_copy(tmp_path / "copy.gpkg")
    case.explain(gone, words="甲")
    with Project.open(tmp_path / "copy.gpkg") as other:
        edit = explained(other, {gone: Reason.of("", "乙")})
        other.apply(edit(other.snapshot), same("x"))
    merge = case.project.plan_merge(tmp_path / "copy.gpkg")
    (conflict,) = merge.conflicts
    assert {record_of(side).words for side in (conflict.ours, conflict.theirs)} == {("甲",), ("乙",)}
    case.project.apply_merge(merge, all_to("theirs", merge.conflicts))
    merge.close()
    assert case.why(gone).words == ("乙",)


def test_adopting_some_features_of_an_alternative_takes_their_reasons_along_and_no_others(case):
    project, (one, two, *_) = case.project, case.bays
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    case.drop(one)
    case.drop(two)
    case.explain(one, words="甲")
    case.explain(two, words="乙")
    project.switch_branch("main")
    merge = project.plan_adopt("方案A", [one])
    project.apply_merge(merge)
    merge.close()
    assert case.why(one).words == ("甲",)
    assert [key_of_record(name) for name in case.records()] == [one]


def test_a_record_that_cannot_be_read_says_nothing():
    assert not record_of("x")
    assert not record_of({"answers": "T13", "reason": {"a": 1}})
    assert record_of({"answers": [1, "t13"], "reason": [None, " a  b "]}) == Reason(("T13",), ("a b",))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["move", "drop", "explain", "freeze", "undo", "redo"]),
        st.integers(0, 4),
        st.sampled_from(["甲", "乙", "丙"]),
    ),
    max_size=14,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_a_change_has_the_reason_given_last_in_its_revision(tmp_path_factory, acts):
    case = Case(tmp_path_factory.mktemp("p") / "p.gpkg")
    project, head = case.project, "R1"
    for act, at, words in acts:
        key = case.bays[at]
        changed = set(project.changes_between(head, WORKING).features)
        if act == "freeze":
            head = project.freeze("x").label
        elif act in ("undo", "redo"):
            getattr(project, act)()
        elif act == "explain" and key in changed:
            case.explain(key, words=words)
            assert case.why(key, head).words == (words,)
        elif project.snapshot.feature(key) is not None and act in ("move", "drop"):
            getattr(case, act)(key)
    told = {c.key: c.reason for c in compare_states(project, "R1", WORKING).changes}
    parts = [compare_states(project, a, b) for a, b in _pairs(project)]
    for key, reason in told.items():
        said = [w for found in parts for c in found.changes if c.key == key for w in c.reason.words]
        assert reason.words == tuple(dict.fromkeys(said))
    now = project.snapshot
    project.restore("R1")
    assert project.snapshot.settings == project.state("R1").settings
    project.undo()
    assert project.snapshot.settings == now.settings
    project.close()


def _pairs(project):
    labels = [*(r.label for r in project.revisions), WORKING]
    return pairwise(labels)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ours=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("甲乙")), max_size=4),
    theirs=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("甲乙")), max_size=4),
)
def test_copies_that_give_reasons_apart_end_equal_whichever_way_they_are_merged(
    tmp_path_factory, ours, theirs
):
    folder = tmp_path_factory.mktemp("m")
    case = Case(folder / "a.gpkg")
    for key in case.bays[:3]:
        case.drop(key)
    for key in case.bays[3:]:
        case.move(key)
    case.project.save_copy(folder / "b.gpkg")
    case.project.save_copy(folder / "spare.gpkg")
    case.project.close()
    ends = []
    for path, given_here in ((folder / "a.gpkg", ours), (folder / "b.gpkg", theirs)):
        with Project.open(path) as project:
            for at, words in given_here:
                edit = explained(project, {case.bays[at]: Reason.of("", words)})
                project.apply(edit(project.snapshot), same("x"))
            project.save_copy(path.with_suffix(".mine.gpkg"))
    for path, other, side in (("a", "b.mine", "ours"), ("b", "a.mine", "theirs")):
        with Project.open(folder / f"{path}.gpkg") as project:
            merge = project.plan_merge(folder / f"{other}.gpkg")
            project.apply_merge(merge, all_to(side, merge.conflicts))
            merge.close()
            ends.append({c.key: c.reason for c in compare_states(project, "R1", WORKING).changes})
    assert ends[0] == ends[1]


def test_what_is_typed_about_several_changes_takes_nothing_from_the_reasons_they_have_by_then(case):
    one, two, gone = case.bays[:3]
    for bay in (one, two):
        case.move(bay)
    case.drop(gone)
    case.explain(one, answers="T13", words="会议")
    shown = Reason(("T13",), ("会议",))  # as it stood on screen
    typed = Reason(("T13", "T14"), ("会议",))
    edit = explained(case.project, dict.fromkeys((one, two, gone), Rewording.between(shown, typed)))
    case.explain(two, words="现场")  # while that was being typed
    case.explain(gone, answers="T13", words="规范")
    case.project.apply(edit(case.project.snapshot), same("reason"))
    assert case.why(one) == Reason(("T13", "T14"), ("会议",))
    assert case.why(two) == Reason(("T14",), ("现场",))
    assert case.why(gone) == Reason(("T13", "T14"), ("规范",))


def test_a_code_that_is_deleted_goes_from_every_reason_and_words_that_are_deleted_go_too(case):
    one, two = case.bays[:2]
    for bay in (one, two):
        case.move(bay)
    case.explain(one, answers="T13,T14", words="会议")
    case.explain(two, answers="T13", words="会议")
    new = Rewording.between(Reason(("T13",), ("会议",)), Reason())
    assert not new
    case.project.apply(
        explained(case.project, dict.fromkeys((one, two), new))(case.project.snapshot), same("x")
    )
    assert case.why(one) == Reason(("T14",))
    assert not case.why(two)
