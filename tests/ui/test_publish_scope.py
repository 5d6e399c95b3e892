"""What may be public: a theme that narrows the page, and every value told in the review."""

from layers.changes import ChangeSet
from layers.text import Text
from tests.ui.test_publishing import form, looked  # noqa: F401


def test_a_theme_leaves_layers_out_and_the_form_says_which(form, qtbot, project):  # noqa: F811
    from gis.edit.themes import keep_theme
    from layers.changes import SettingChange

    name = "layer.traffic_spot.visible"
    project.apply(ChangeSet({}, {name: SettingChange(None, False)}), Text("隐藏", "hide"))
    project.apply(keep_theme(project.snapshot, "没有堵点"), Text("主题", "theme"))
    project.apply(ChangeSet({}, {name: SettingChange(False, None)}), Text("显示", "show"))
    dialog = form()
    assert any(layer.id == "traffic_spot" for layer in dialog._looked.review.content.layers)
    dialog.scope.theme.setCurrentIndex(dialog.scope.theme.findData("没有堵点"))
    looked(qtbot, dialog)
    assert not any(layer.id == "traffic_spot" for layer in dialog._looked.review.content.layers)
    rows = [dialog.scope.tree.topLevelItem(i) for i in range(dialog.scope.tree.topLevelItemCount())]
    told = {row.text(0): row.text(1) for row in rows}
    assert "主题" in told["交通堵点"]


def test_all_values_of_a_field_can_be_read_in_the_review(form, project):  # noqa: F811
    dialog = form()
    tree = dialog.sight.review
    layers = [tree.topLevelItem(0).child(i) for i in range(tree.topLevelItem(0).childCount())]
    buildings = next(item for item in layers if item.text(0) == "建筑")
    number = next(
        buildings.child(i) for i in range(buildings.childCount()) if buildings.child(i).text(0) == "楼号"
    )
    assert number.childCount() == 0
    number.setExpanded(True)
    given = {str(v) for v in project.snapshot.layers["building"].table.columns["number"] if v}
    assert {number.child(i).text(0) for i in range(number.childCount())} == given
