"""What a proof promises: the sheet as it will be drawn, before any file is written."""

import pytest

from gis.drawing.draw import draw_revision
from gis.drawing.proof import Wish, fitting_scales, proof_of
from gis.project import Project
from layers.changes import ChangeSet, SettingChange
from layers.errors import PublishError
from layers.text import Text
from sample_data.estate import write_sample


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    path = tmp_path_factory.mktemp("proof") / "a.gpkg"
    write_sample(path)
    with Project.open(path) as made:
        yield made


@pytest.mark.parametrize("sheet", ["A0", "A3"])
def test_a_proof_has_the_scale_and_the_pages_of_the_drawing(project, tmp_path, sheet):
    drawn = draw_revision(project, tmp_path / "a.pdf", revision="R3", compare="R2", sheet=sheet)
    proof = proof_of(project, Wish("R3", "R2", sheet))
    assert (proof.scale, len(proof.pages), proof.changes) == (drawn.scale, drawn.pages, drawn.changes)


def test_what_finds_no_room_beside_the_map_is_named(project):
    proof = proof_of(project, Wish("R3", "R2", "A3"))
    assert proof.later > 0
    assert "the revisions" in [text.en for text in proof.missing]
    assert proof_of(project, Wish("R3", "R2", "A0")).missing == ()


def test_a_sheet_stands_upright_if_it_is_asked_to(project, tmp_path):
    import pikepdf

    draw_revision(project, tmp_path / "a.pdf", revision="R3", sheet="A3", portrait=True)
    with pikepdf.open(tmp_path / "a.pdf") as made:
        box = [float(v) for v in made.pages[0].mediabox]
    assert [round(v / 72 * 25.4) for v in box[2:]] == [297, 420]


def test_scales_that_fit_are_those_at_which_it_is_drawn(project):
    scales = fitting_scales(project, Wish("R3", sheet="A3"))
    assert proof_of(project, Wish("R3", sheet="A3")).scale == scales[0]
    with pytest.raises(PublishError):
        proof_of(project, Wish("R3", sheet="A3", scale=scales[0] // 2))


def test_the_title_block_says_what_the_settings_at_hand_say(project, tmp_path):
    settings = {**project.snapshot.settings, "draw.designer": "某某设计院", "draw.number": "总-01"}
    out = tmp_path / "a.svg"
    draw_revision(project, out, revision="R3", sheet="A3", settings=settings)
    words = out.read_text("utf-8")
    assert "某某设计院" in words
    assert "总-01" in words
    draw_revision(project, out, revision="R3", sheet="A3")
    assert "某某设计院" not in out.read_text("utf-8")


def test_the_title_block_of_a_frozen_revision_says_what_the_project_says_today(project, tmp_path):
    change = ChangeSet.of((), {"draw.designer": SettingChange(None, "某某设计院")})
    project.apply(change, Text("图签", "title block"))
    out = tmp_path / "a.svg"
    draw_revision(project, out, revision="R3", sheet="A3")
    assert "某某设计院" in out.read_text("utf-8")
    project.undo()
