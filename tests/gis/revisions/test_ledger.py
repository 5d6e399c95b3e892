"""The reason ledger: every question has its answer, every change its reason, nothing private gets in."""

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gis.project import Project
from gis.revisions.chapters import chapters_to, parent_of
from gis.revisions.compare import compare
from gis.revisions.ledger import WITHDRAWN, ledger_of
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import same
from tests.gis.revisions.reasons import SECRET, Plan, empty


def ledger(plan):
    return ledger_of(plan.chapters())


def test_a_spot_tells_which_numbered_change_answers_it():
    plan = Plan()
    plan.spot("T03")
    plan.freeze()
    plan.bay(0, answers="T03")
    plan.freeze()
    (deed,) = ledger(plan).entry("T03").deeds
    assert (deed.revision, deed.change, deed.title.zh) == ("R2", "R2-1", "新建停车位 1")


def test_a_comment_is_answered_by_the_changes_that_name_its_number():
    plan = Plan()
    plan.freeze()
    plan.comment("C05", outcome="adopted", reply="已增设。", answered_on="2020-06-01")
    plan.bay(0, answers="C05")
    plan.freeze()
    found = ledger(plan).entry("C05")
    assert [d.change for d in found.deeds] == ["R2-1"]
    assert (found.standing.zh, found.reply, found.answered_on, found.closed) == (
        "采纳",
        "已增设。",
        "2020-06-01",
        True,
    )


def test_what_was_not_done_says_why_not():
    plan = Plan()
    plan.comment("C01", outcome="not-adopted", reply="会影响消防通道。")
    plan.spot("T01", status="not-adopted", answer="车辆会穿越广场。")
    plan.freeze()
    for code, why in (("C01", "会影响消防通道。"), ("T01", "车辆会穿越广场。")):
        entry = ledger(plan).entry(code)
        assert (entry.deeds, entry.reply, entry.closed, entry.is_told) == ((), why, True, True)


def test_an_open_comment_without_a_reply_is_not_told():
    plan = Plan()
    plan.comment("C01")
    plan.freeze()
    entry = ledger(plan).entry("C01")
    assert (entry.closed, entry.is_told, entry.standing.zh) == (False, False, "待答复")


def test_the_status_is_told_where_it_changed():
    plan = Plan()
    key = plan.spot("D01", status="reported")
    plan.freeze()
    plan.freeze()
    plan.set(key, status="answered")
    plan.freeze()
    plan.drop(key)
    plan.freeze()
    entry = ledger_of(plan.chapters()).entry("D01")
    assert [(s.revision, s.words.zh) for s in entry.standings] == [
        ("R1", "已上报"),
        ("R3", "方案已回应"),
        ("R4", WITHDRAWN.zh),
    ]
    assert entry.closed


def test_the_first_revision_tells_its_deeds_by_the_features_that_name_the_code():
    plan = Plan()
    plan.spot("T01")
    plan.bay(0, answers="T01")
    plan.bay(3, answers="T01,T02")
    plan.freeze()
    (deed,) = ledger(plan).entry("T01").deeds
    assert (deed.change, deed.title.zh) == ("R1", "新建停车位 2")


def test_a_cloud_that_answers_two_things_tells_each_its_own_part():
    plan = Plan()
    plan.spot("T01")
    plan.spot("T02")
    plan.freeze()
    plan.bay(0, answers="T01")
    plan.bay(3, answers="T01,T02")
    plan.freeze()
    found = ledger(plan)
    assert [found.entry(c).deeds[0].title.zh for c in ("T01", "T02")] == ["新建停车位 2", "新建停车位 1"]


def test_every_change_names_its_reasons_spots_comments_and_words():
    plan = Plan()
    plan.spot("T01")
    plan.comment("C02")
    plan.freeze()
    plan.bay(0, answers="T01, C02, X9", reason="4月28日业主会议")
    plan.bay(100)
    plan.freeze()
    told, silent = ledger(plan).answers
    assert told.codes == ("T01", "C02")
    assert [r.zh for r in told.reasons] == ["T01 问题T01", "C02 意见C02", "4月28日业主会议"]
    assert [b.zh for b in told.because] == ["4月28日业主会议"]
    assert ledger(plan).unexplained == (silent,)


def test_a_change_without_a_place_is_in_the_ledger_too():
    plan = Plan()
    plan.freeze()
    imported = Feature(
        "f" * 32, None, {"name": "物业用房", "reason": "会议决定"}
    )  # as other programs leave it
    plan.now = plan.now.apply(ChangeSet.of([Change("plan_element", None, imported)]))
    key = ("plan_element", imported.uid)
    plan.freeze()
    (answer,) = ledger(plan).answers
    assert (answer.change, answer.keys, answer.because[0].zh) == ("", (key,), "会议决定")


def test_codes_stand_in_the_order_people_count():
    plan = Plan()
    for code in ("C10", "C2", "T01", "D10", "D2", "C1"):
        plan.comment(code) if code.startswith("C") else plan.spot(code)
    plan.freeze()
    assert [e.code for e in ledger(plan).entries] == ["D2", "D10", "T01", "C1", "C2", "C10"]


def test_an_empty_plan_has_an_empty_ledger():
    plan = Plan()
    plan.freeze()
    assert (ledger(plan).entries, ledger(plan).answers) == ((), ())
    assert ledger_of(()).chapters == ()


def test_what_a_resident_said_in_full_is_nowhere_in_the_ledger():
    plan = Plan()
    plan.comment("C01", outcome="adopted", reply="好")
    plan.freeze()
    plan.bay(0, answers="C01", note=SECRET)
    plan.freeze()
    found = ledger(plan)
    assert "302" not in repr([asdict(e) for e in found.entries]) + repr([asdict(a) for a in found.answers])


CODES = ("T01", "T02", "D01", "C01", "C02")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.sets(st.sampled_from(CODES)), st.sampled_from(["", "会议"]), st.booleans()
        ),
        max_size=9,
    )
)
def test_entries_and_changes_tell_the_same_story_from_both_sides(steps):
    plan = Plan()
    for code in CODES:
        plan.comment(code) if code.startswith("C") else plan.spot(code)
    plan.freeze()
    for x, codes, reason, freeze in steps:
        plan.bay(x * 20.0, answers=",".join(sorted(codes)), reason=reason)
        if freeze:
            plan.freeze()
    plan.freeze()
    found = ledger(plan)
    by_entry = {(d.change, e.code) for e in found.entries for d in e.deeds}
    by_change = {(a.change, code) for a in found.answers for code in a.codes}
    assert by_entry == by_change
    assert sum(len(a.keys) for a in found.answers) == len(steps)
    for answer in found.unexplained:
        assert not answer.codes
        assert not answer.because


@given(st.permutations(["T01", "C01", "", "会议", "会议"]))
def test_clouds_do_not_depend_on_the_order_in_which_things_were_drawn(order):
    def groups(names):
        plan = Plan()
        for i, name in names:
            given_ = {"reason": name} if name == "会议" else {"answers": name}
            values = {"bays": 1, "state": "new", **given_}
            feature = Feature(f"{i:032x}", box(i * 12, 0, i * 12 + 2.5, 5), values)
            plan.now = plan.now.apply(ChangeSet.of([Change("parking", None, feature)]))
        found = compare(empty(), plan.now).groups
        return [(g.label, g.reasons, g.because, g.answers, [c.uid for c in g.changes]) for g in found]

    numbered = list(enumerate(["T01", "C01", "", "会议", "会议"]))
    shuffled = sorted(numbered, key=lambda pair: order.index(pair[1]) + pair[0] / 10)
    assert groups(shuffled) == groups(numbered)


def test_one_reason_in_words_links_what_answers_nothing_else():
    plan = Plan()
    plan.bay(0, reason="消防通道净宽4 m")
    plan.bay(20, reason="消防通道净宽4 m")
    plan.bay(40, reason="消防通道净宽4 m", answers="T01")
    plan.bay(60, reason="另一理由")
    groups = compare(empty(), plan.now).groups
    assert sorted(len(g.changes) for g in groups) == [1, 1, 2]


def test_comments_are_reasons_and_not_plan_changes():
    before = Plan()
    plan = Plan()
    plan.comment("C01")
    comparison = compare(before.now, plan.now)
    assert comparison.changes == ()
    assert [c.name.zh for c in comparison.spot_changes] == ["C01 意见C01"]


def test_the_line_of_a_project_follows_the_parents(tmp_path):
    with Project.create(tmp_path / "p.gpkg", "t", "EPSG:4548") as project:
        for i in (1, 2):
            feature = Feature(
                f"{i:032x}", box(616600 + 50 * i, 4078000, 616610 + 50 * i, 4078005), {"answers": "C01"}
            )
            project.apply(ChangeSet.of([Change("parking", None, feature)]), same("x"))
            project.freeze(f"第{i}版")
        assert [c.label for c in chapters_to(project)] == ["R1", "R2", "working"]
        chapters = list(chapters_to(project, "R2"))
        assert [c.label for c in chapters] == ["R1", "R2"]
        assert chapters[0].comparison is None
        assert [g.label for g in chapters[1].comparison.groups] == ["R2-1"]


def test_an_alternative_is_compared_with_the_revision_it_began_from(tmp_path):
    with Project.create(tmp_path / "p.gpkg", "t", "EPSG:4548") as project:
        project.freeze("第1版")
        project.create_branch("方案A", "R1")
        project.freeze("第2版")
        project.switch_branch("方案A")
        assert parent_of(project, "working") == parent_of(project, "方案A") == "R1"
        assert [c.label for c in chapters_to(project)] == ["R1", "working"]
        project.switch_branch("main")
        assert parent_of(project, "working") == "R2"
