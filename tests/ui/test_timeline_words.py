"""The names below the circles of the timeline: as many as there is room for, and none touches another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontMetrics

from ui.panels.timeline_words import Wish, placed
from ui.theme.appearance import base_font

NAMES = ("公示稿 第3版", "R12", "南线绕行方案B", "A-R4", "Main plan · now", "x")


@pytest.fixture(scope="module")
def measure(qapp):
    return QFontMetrics(base_font(11))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 600),
            st.sampled_from([10, 23, 44]),
            st.sampled_from(NAMES),
            st.integers(4, 60),
            st.booleans(),
        ),
        max_size=14,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_two_names_touch_and_none_leaves_the_strip(measure, wanted):
    modes = {True: Qt.TextElideMode.ElideRight, False: Qt.TextElideMode.ElideNone}
    wishes = [Wish(x, y, (name,), measure, reach, modes[cut]) for x, y, name, reach, cut in wanted]
    written = placed(wishes, 600)
    boxes = [word.box for word in written if word is not None]
    for at, box in enumerate(boxes):
        assert box.left() >= 0
        assert box.right() <= 600
        for other in boxes[:at]:
            apart = box.right() + 2 < other.left() or other.right() + 2 < box.left()
            assert apart or abs(box.top() - other.top()) >= 12
    for wish, word in zip(wishes, written, strict=True):
        if word is not None:
            assert measure.horizontalAdvance(word.text) <= word.box.width()
            assert wish.middle - wish.reach <= word.box.left()
            assert word.box.right() <= wish.middle + wish.reach


def test_a_name_without_room_gives_way_to_its_short_form_or_is_cut_or_left_out(measure):
    def one(reach, cut):
        (word,) = placed([Wish(100, 10, ("南线绕行方案B", "B"), measure, reach, cut)], 200)
        return word.text if word else None

    assert one(60, Qt.TextElideMode.ElideNone) == "南线绕行方案B"
    assert one(20, Qt.TextElideMode.ElideNone) == "B"
    (cut,) = placed([Wish(100, 10, ("南线绕行方案B",), measure, 25, Qt.TextElideMode.ElideRight)], 200)
    assert cut.text.endswith("…")
    assert placed([Wish(100, 10, ("南线绕行方案B",), measure, 25)], 200) == [None]


def test_the_first_wish_has_the_room_and_a_later_one_what_is_left(measure):
    wide = Wish(100, 10, ("南线绕行方案B",), measure, 50)
    near = Wish(130, 10, ("R6",), measure, 20)
    assert [word is not None for word in placed([wide, near], 300)] == [True, False]
    assert [word is not None for word in placed([near, wide], 300)] == [True, False]
