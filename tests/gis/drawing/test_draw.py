"""Sheets in files, read back by other programs."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from PyQt6.QtGui import QImage
from shapely import LineString, Point, box

from gis.drawing.draw import draw, draw_revision
from gis.edit.features import add_feature, set_attributes
from gis.project import Project
from gis.revisions.compare import compare
from layers.changes import ChangeSet, SettingChange
from layers.errors import PublishError, StorageError, UsageError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.revision import Revision
from layers.snapshot import Snapshot
from layers.text import Text

E0, N0 = 616_650.0, 4_078_000.0
HAN = "小区老旧面车比立方用电干身门页风高青黄黑"
"""Characters that share a glyph with a radical: Qt writes the radical's code for them."""


def added(start: Snapshot, layer: str, geometry, **values) -> Snapshot:
    return start.apply(add_feature(start, layer, geometry, values))


def plan(title: str = "金茵小区") -> Snapshot:
    state = Snapshot(title, "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
    state = added(state, "boundary", box(E0, N0, E0 + 460, N0 + 380), name="用地红线")
    road = LineString([(E0 + 20, N0 + 100), (E0 + 440, N0 + 100)])
    state = added(state, "road", road, name="晏婴路", width_m=6.0)
    state = added(state, "building", box(E0 + 50, N0 + 200, E0 + 100, N0 + 212), number="3", floors=6)
    return added(
        state, "traffic_spot", Point(E0 + 200, N0 + 150), code="T01", title="幼儿园门口拥堵", severity=4
    )


def with_bays(state: Snapshot, count: int) -> Snapshot:
    for i in range(count):
        x, y = E0 + 20 + (i % 8) * 55, N0 + 20 + (i // 8) * 45
        bay = box(x, y, x + 2.5, y + 5.3)
        state = added(state, "parking", bay, state="new", answers="T01" if i == 0 else None)
    return state


def compared_with(count: int):
    base = plan()
    before, after = replace(base, revision="R1"), replace(with_bays(base, count), revision="R2")
    return after, compare(before, after)


REVISIONS = tuple(
    Revision(
        f"R{i}",
        "",
        None,
        f"公示稿 第{i}版",
        HAN,
        "设计单位",
        f"2020-0{i + 4}-18T09:00:00+08:00",
        "",
    )
    for i in (1, 2)
)


@pytest.fixture
def compared():
    return compared_with(3)


def pdf_text(path):
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(("sheet", "scale", "size"), [("A0", 500, (1189, 841)), ("A3", 2000, (420, 297))])
def test_a_pdf_has_the_size_of_its_sheet_to_a_tenth_of_a_millimetre(qapp, tmp_path, sheet, scale, size):
    draw(plan(), tmp_path / "a.pdf", sheet=sheet, scale=scale)
    told = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, text=True, check=True).stdout
    points = [float(n) for n in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", told).groups()]
    assert [p / 72 * 25.4 for p in points] == pytest.approx(size, abs=0.1)


def test_the_text_of_a_pdf_can_be_searched_and_holds_no_radicals(qapp, tmp_path, compared):
    after, comparison = compared
    draw(after, tmp_path / "a.pdf", sheet="A1", scale=1000, comparison=comparison, revisions=REVISIONS)
    text = pdf_text(tmp_path / "a.pdf")
    assert not re.findall("[\u2e80-\u2fdf]", text)
    flat = re.sub(r"\s", "", text)
    for words in (
        "金茵小区",
        "图例",
        "公示稿第2版",
        "幼儿园门口拥堵",
        "版次记录",
        "1:1000",
        "2020年6月18日",
        HAN,
    ):
        assert re.sub(r"\s", "", words) in flat, words


def test_all_fonts_of_a_pdf_are_embedded(qapp, tmp_path):
    draw(plan(), tmp_path / "a.pdf", sheet="A3")
    rows = subprocess.run(["pdffonts", tmp_path / "a.pdf"], capture_output=True, text=True, check=True).stdout
    fonts = [re.search(r"\b(yes|no)\s+(yes|no)\s+(yes|no)\b", row).group(1) for row in rows.splitlines()[2:]]
    assert fonts
    assert set(fonts) == {"yes"}


def test_the_fonts_of_a_pdf_are_named_after_what_they_hold(qapp, tmp_path):
    """Qt names them by the order in which it wrote them, and that differs from run to run."""
    draw(plan(), tmp_path / "a.pdf", sheet="A3")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o]
        assert fonts
        for font in fonts:
            digest = hashlib.sha256(font.FontFile2.read_bytes()).digest()
            tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
            assert str(font.FontName).startswith(f"/{tag}+")


def test_the_map_is_true_to_scale(qapp, tmp_path):
    """The site is 460 m wide: at 1:2000 its red line spans 230 mm of a 150 dpi picture."""
    draw(plan(), tmp_path / "a.png", sheet="A3", scale=2000, dpi=150)
    image = QImage(str(tmp_path / "a.png"))
    red = [
        x
        for x in range(image.width())
        if any(
            (c := image.pixelColor(x, y)).red() > 150 and c.green() < 90 and c.blue() < 90
            for y in range(round(image.height() * 0.3), round(image.height() * 0.7))
        )
    ]
    assert (max(red) - min(red)) / 150 * 25.4 == pytest.approx(230, abs=0.8)


def test_a_pdf_tells_nothing_about_time_author_or_machine(qapp, tmp_path, compared):
    after, comparison = compared
    draw(after, tmp_path / "a.pdf", sheet="A3", comparison=comparison, printed_on=dt.date(2020, 7, 25))
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert sorted(pdf.docinfo.keys()) == ["/Producer", "/Title"]
        assert "/Metadata" not in pdf.Root
        first, second = pdf.trailer.ID
        assert bytes(first) == bytes(second), "an id of its own would differ from file to file"


def test_changes_that_do_not_fit_stand_on_a_further_sheet(qapp, tmp_path):
    after, comparison = compared_with(40)
    result = draw(after, tmp_path / "a.pdf", sheet="A4", comparison=comparison)
    assert result.pages == 2
    assert len(comparison.groups) == 40
    numbers = {int(n) for n in re.findall(r"\b(\d+)\b", pdf_text(tmp_path / "a.pdf"))}
    assert set(range(1, 41)) <= numbers


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_each_format_is_written(qapp, tmp_path, ending):
    out = tmp_path / f"图{ending}"
    result = draw(plan(), out, sheet="A4", language="en", dpi=96)
    assert result.paths == (out,)
    assert out.stat().st_size > 1000
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_a_scale_that_does_not_fit_is_refused_and_a_fitting_one_named(qapp, tmp_path):
    with pytest.raises(PublishError) as caught:
        draw(plan(), tmp_path / "a.pdf", sheet="A4", scale=500)
    assert "1:2500" in caught.value.advice.en
    assert not list(tmp_path.iterdir())


def test_an_empty_plan_is_refused(qapp, tmp_path):
    empty = Snapshot("空", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
    with pytest.raises(PublishError):
        draw(empty, tmp_path / "a.pdf")


def test_a_missing_folder_and_an_unknown_ending_are_told(qapp, tmp_path):
    with pytest.raises(StorageError):
        draw(plan(), tmp_path / "none" / "a.pdf")
    with pytest.raises(UsageError):
        draw(plan(), tmp_path / "a.docx")


def test_names_of_the_user_are_printed_as_they_are_and_never_read_as_markup(qapp, tmp_path):
    title = "<b>金茵</b>&amp; {title} %s"
    state = plan(title)
    state = state.apply(ChangeSet({}, {"publish.contact": SettingChange(None, "<img src=x> {0}")}))
    draw(state, tmp_path / "a.pdf", sheet="A3")
    flat = re.sub(r"\s", "", pdf_text(tmp_path / "a.pdf"))
    assert re.sub(r"\s", "", title) in flat
    assert "<imgsrc=x>{0}" in flat


def test_personal_data_in_names_and_notes_is_masked_and_told(qapp, tmp_path):
    base = plan()
    spot = base.layers["traffic_spot"].table.uids[0]
    told = set_attributes(base, [("traffic_spot", spot)], {"title": "3-2-501 王先生 13812345678 反映拥堵"})
    before = replace(base.apply(told), revision="R1")
    after = replace(with_bays(before, 1), revision="R2")
    revision = replace(REVISIONS[0], label="R2", note="电话 13912345678 的住户同意")
    result = draw(
        after, tmp_path / "a.pdf", sheet="A1", comparison=compare(before, after), revisions=[revision]
    )
    text = re.sub(r"\s", "", pdf_text(tmp_path / "a.pdf"))
    assert "138****5678" in text
    assert not {n for n in ("13812345678", "13912345678", "2-501") if n in text}
    assert {f.code for f in result.findings} == {"draw.masked"}


@pytest.mark.parametrize("names", ["张三、李建国", ["张三", "李建国"]])
def test_a_roster_masks_names_on_the_sheet_however_it_is_kept(qapp, tmp_path, names):
    made = Project.create(tmp_path / "plan.gpkg", "金茵小区", "EPSG:4548")
    spot = {"code": "T01", "title": "李建国家门口"}
    try:
        for kind, shape, values in (("boundary", box(E0, N0, E0 + 460, N0 + 380), {}),
                                    ("traffic_spot", Point(E0 + 200, N0 + 150), spot)):  # fmt: skip
            made.apply(add_feature(made.snapshot, kind, shape, values), Text("加", "add"))
        made.apply(ChangeSet({}, {"publish.names": SettingChange(None, names)}), Text("改", "edit"))
        result = draw_revision(made, tmp_path / "a.pdf", revision="working", sheet="A3")
    finally:
        made.close()
    text = re.sub(r"\s", "", pdf_text(tmp_path / "a.pdf"))
    assert "李建国" not in text
    assert [f.message.zh for f in result.findings] == ["图上有 1 处名册中的姓名已遮盖。"]


@pytest.mark.parametrize("scale", [100_001, 99_999_999])
def test_a_scale_at_which_nothing_could_be_read_is_refused_with_a_better_one(qapp, tmp_path, scale):
    with pytest.raises(PublishError) as caught:
        draw(plan(), tmp_path / "a.pdf", sheet="A0", scale=scale)
    assert "1:500" in caught.value.advice.zh
    assert not (tmp_path / "a.pdf").exists()


def test_a_long_name_takes_two_lines_of_the_title_block_instead_of_letters_nobody_can_read(qapp, tmp_path):
    name = "超大片区名称特别长的老旧小区综合改造示范片区一期工程"
    draw(replace(plan(), title=name), tmp_path / "a.pdf", sheet="A3")
    sizes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    words = [
        (float(low) - float(high), text)
        for high, low, text in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]+)<', sizes)
    ]
    parts = [height for height, text in words if len(text) > 5 and (text in name or text.rstrip("…") in name)]
    assert len(parts) >= 3, "the heading, and two lines in the title block"
    assert min(parts) > 1.6 * 72 / 25.4
