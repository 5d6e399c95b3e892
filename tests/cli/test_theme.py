"""``--theme``: a map and a sheet as a theme of the project shows them."""

from __future__ import annotations

from gis.edit.themes import keep_theme
from gis.project import Project
from layers.changes import ChangeSet, SettingChange
from layers.text import same


def with_theme_of_nothing(path):
    """Keep a theme in which every layer is hidden, and show all again."""
    with Project.open(path) as project:
        names = [f"layer.{name}.visible" for name in project.snapshot.layers]
        before = {name: project.snapshot.settings.get(name) for name in names}
        hidden = {n: SettingChange(v, False) for n, v in before.items() if v is not False}
        project.apply(ChangeSet({}, hidden), same("hide"))
        project.apply(keep_theme(project.snapshot, "空白"), same("keep"))
        project.apply(ChangeSet({}, {n: c.inverse() for n, c in hidden.items()}), same("show"))


def test_a_map_is_drawn_as_the_theme_has_it(run, project, tmp_path):
    with_theme_of_nothing(project)
    plain, blank = tmp_path / "plain.png", tmp_path / "blank.png"
    assert run("render", project, "-o", plain, "--size", "300x200").code == 0
    assert run("render", project, "-o", blank, "--size", "300x200", "--theme", "空白").code == 0
    assert blank.stat().st_size < plain.stat().st_size / 3


def test_a_theme_that_is_not_there_is_said_with_those_there_are(run, project, tmp_path):
    with_theme_of_nothing(project)
    outcome = run("render", project, "-o", tmp_path / "x.png", "--theme", "没有", "--language", "zh")
    assert outcome.code != 0
    assert "空白" in outcome.err
    assert not (tmp_path / "x.png").exists()


def test_a_sheet_takes_a_theme(run, project, tmp_path):
    with_theme_of_nothing(project)
    out = tmp_path / "sheet.png"
    assert run("draw", project, "--sheet", "A3", "-o", out, "--theme", "空白", "--dpi", "60").code == 0
    assert out.exists()
