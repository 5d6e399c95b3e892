"""Asking where a table goes: what keeps personal data is chosen by its name, never by chance."""

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog

from gis.privacy import Masks
from layers.text import Text
from ui.dialogs.table_choice import ask_table, masks_told


@pytest.fixture
def ask(qapp, monkeypatch):
    """Ask, and answer with a name and the kind of file that stands at a place of the list."""

    def ask(name, at, *, geojson=False):
        offered = []

        def answer(_parent, _title, _start, kinds):
            offered.extend(kinds.split(";;"))
            return name, offered[at] if name else ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        return ask_table(None, Text("表", "Table"), Path("a.xlsx"), geojson=geojson), offered

    return ask


def test_the_first_kind_is_masked_and_every_kind_that_is_not_says_so(ask):
    for geojson, masked in ((False, 2), (True, 3)):
        _, offered = ask("a.xlsx", 0, geojson=geojson)
        for at, kind in enumerate(offered):
            choice, _ = ask("a.xlsx", at, geojson=geojson)
            assert choice.internal is (at >= masked)
            assert ("个人信息" in kind or "personal data" in kind) is choice.internal
            assert len(offered) == 2 * masked


def test_a_name_without_an_ending_gets_that_of_the_kind(ask):
    assert ask("/x/台账", 1)[0].out == Path("/x/台账.csv")
    assert ask("/x/台账", 3)[0].out == Path("/x/台账.csv")
    assert ask("/x/R1.2", 0)[0].out == Path("/x/R1.2.xlsx")
    assert ask("/x/a.csv", 0)[0].out == Path("/x/a.csv")


def test_a_kind_that_is_not_offered_is_not_written_by_its_ending(ask):
    assert ask("/x/a.geojson", 0)[0].out == Path("/x/a.geojson.xlsx")
    assert ask("/x/a.geojson", 0, geojson=True)[0].out == Path("/x/a.geojson")


def test_nothing_is_chosen_when_the_question_is_closed(ask):
    assert ask("", 0)[0] is None


def test_the_message_says_how_many_places_were_masked_or_that_none_were():
    masks = Masks()
    masks.word("13912345678")
    assert masks_told(masks).zh == "已遮蔽个人信息 1 处"
    assert "不得张贴" in masks_told(None).zh
