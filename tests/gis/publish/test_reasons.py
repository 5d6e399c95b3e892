"""Comments and reasons on the page: gist and reply, never what was said."""

from dataclasses import replace

from shapely import box

from gis.edit.reasons import give_reasons
from gis.publish.profile import PROFILES
from gis.publish.redaction import State, redact
from gis.revisions.difference import difference
from layers.reason import Reason
from tests.gis.revisions.reasons import SECRET, Plan


def published(plan):
    chapters = plan.chapters()
    states = [State(c.revision, c.snapshot) for c in chapters]
    return redact(states, [(0, 1, chapters[1].comparison)], PROFILES["public"])


def test_a_change_that_answers_a_comment_names_its_gist():
    plan = Plan()
    plan.add("boundary", box(-50, -50, 50, 50), name="x")
    plan.comment("C05", outcome="partly", reply="减少4个车位")
    plan.freeze()
    plan.bay(0, answers="C05", reason="4月28日业主会议")
    plan.freeze()
    content = published(plan).content
    (group,) = content.comparisons[0].groups
    assert group.answers == ("C05",)
    assert [r.zh for r in group.reasons] == ["意见C05"]
    assert group.because == ("4月28日业主会议",)
    layer = next(layer for layer in content.layers if layer.role == "comment")
    assert {f.name for f in layer.fields} == {"code", "gist", "about", "outcome", "reply", "answered_on"}
    assert SECRET not in repr(layer.columns)


def test_private_data_in_a_gist_or_a_reason_is_masked_and_told():
    plan = Plan()
    plan.add("boundary", box(-50, -50, 50, 50), name="x")
    plan.comment("C01", gist="请回电 13800000000", outcome="adopted", reply="已回电 13800000000")
    plan.freeze()
    plan.bay(0, answers="C01", reason="3-2-501 住户要求")
    plan.freeze()
    redacted = published(plan)
    assert "13800000000" not in repr(redacted.content)
    assert "501" not in repr(redacted.content.comparisons)
    masked = {(f.layer, f.field) for f in redacted.removed if f.code == "publish.masked"}
    assert masked == {("comment", "gist"), ("comment", "reply"), ("parking", "reason")}


def removed_bay(words):
    """Return a plan whose second revision takes a bay away, and says why."""
    plan = Plan()
    plan.add("boundary", box(-50, -50, 50, 50), name="x")
    plan.comment("C05")
    bay = plan.bay(0)
    plan.freeze()
    plan.drop(bay)
    given = {bay: Reason.of("c05", words)}
    plan.now = plan.now.apply(give_reasons(plan.now, difference(plan.frozen[0], plan.now), "a" * 32, given))
    plan.freeze()
    return plan


def test_what_is_gone_tells_its_reason_on_the_page():
    (group,) = published(removed_bay("恢复绿地")).content.comparisons[0].groups
    assert (group.answers, group.because) == (("C05",), ("恢复绿地",))


def test_the_reason_of_what_is_gone_is_masked_and_told():
    redacted = published(removed_bay("请回电 13800000000"))
    assert "13800000000" not in repr(redacted.content)
    assert ("parking", "reason") in {(f.layer, f.field) for f in redacted.removed}


def test_a_layer_that_publishes_no_reasons_tells_none_of_what_is_gone():
    profile = PROFILES["public"]
    fields = {"parking": profile.layers["parking"] - {"reason"}}
    chapters = removed_bay("恢复绿地").chapters()
    states = [State(c.revision, c.snapshot) for c in chapters]
    silent = replace(profile, layers={**profile.layers, **fields})
    content = redact(states, [(0, 1, chapters[1].comparison)], silent).content
    assert "恢复绿地" not in repr(content.comparisons)
