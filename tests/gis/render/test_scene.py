import subprocess
import threading
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PyQt6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PyQt6.QtSvg import QSvgGenerator, QSvgRenderer
from shapely import LineString, Point, box

from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.scene import blank_image, paint_snapshot, render_image
from gis.revisions.comparison import ChangeGroup, Comparison
from layers import palette
from layers.kinds._shared import AREA_STATES, BAND_STATES, LINE_STATES
from layers.style import Arrows, Fill, Hatch, Label, Marker, Rule, Stroke, Style
from layers.text import Text
from tests.gis.render.maps import dark, drawn, layer_of, metre_view, pixels, rgb, snapshot_of, styled

VIEW = metre_view(240, 180)
GROUND = layer_of(
    styled(Fill("#FFFFFF"), Stroke("#C8102E", 0.7)),
    box(60, 40, 180, 140),
    role="boundary",
    order=0,
    name="site",
)
HOUSES = layer_of(
    styled(Fill("#DAD5CD", shadow=True), Stroke("#6B645C", 0.25), labels=[Label("{name}", 3.0)]),
    (box(80, 60, 130, 80), {"name": "3号楼"}),
    (box(10, 60, 50, 80), {"name": "8号楼"}),
    name="house",
)
EVERYTHING = snapshot_of(
    GROUND,
    HOUSES,
    layer_of(styled(Hatch("diagonal", "#0072B2", 2.0, 0.2)), box(80, 90, 130, 120), name="hatched"),
    layer_of(
        styled(Stroke("#2E6E8E", 0.4, dash=(3, 1)), Arrows("#2E6E8E")),
        LineString([(70, 50), (170, 130)]),
        name="p",
    ),
    layer_of(
        styled(Marker("drop", 4.6, fill="#0B5FA5", text_field="name")),
        (Point(150, 60), {"name": "D05"}),
        name="m",
    ),
)


def test_the_ground_colour_fills_the_view_unless_it_shall_be_transparent():
    empty = snapshot_of()
    assert pixels(render_image(empty, VIEW))[5, 5].tolist() == rgb(palette.OUTSIDE)
    assert render_image(empty, VIEW, background=False).pixelColor(5, 5).alpha() == 0


def test_an_invisible_layer_is_not_drawn():
    hidden = snapshot_of(replace(HOUSES, visible=False))
    assert (pixels(render_image(hidden, VIEW)) == rgb(palette.OUTSIDE)).all()


def test_layers_lie_in_the_order_of_the_snapshot():
    red, blue = (layer_of(styled(Fill(c)), box(0, 0, 240, 180), name=c) for c in ("#FF0000", "#0000FF"))
    assert pixels(render_image(snapshot_of(red, blue), VIEW))[50, 50].tolist() == rgb("#0000FF")
    assert pixels(render_image(snapshot_of(blue, red), VIEW))[50, 50].tolist() == rgb("#FF0000")


def test_a_half_opaque_layer_shows_no_seams_where_its_own_parts_overlap():
    layer = replace(
        layer_of(styled(Fill("#000000"), Stroke("#000000", 2.0)), box(50, 50, 100, 100)), opacity=0.5
    )
    grid = pixels(render_image(snapshot_of(layer), VIEW))
    assert grid[180 - 75, 50].tolist() == pytest.approx(grid[180 - 75, 75].tolist(), abs=1)


def test_a_half_opaque_layer_shows_no_seams_on_paper_either(tmp_path):
    layer = replace(
        layer_of(styled(Fill("#000000"), Stroke("#000000", 2.0)), box(50, 50, 100, 100)), opacity=0.5
    )
    path = str(tmp_path / "map.svg")
    writer = QSvgGenerator()
    writer.setFileName(path)
    writer.setSize(QSize(VIEW.width_px, VIEW.height_px))
    writer.setViewBox(QRectF(0, 0, VIEW.width_px, VIEW.height_px))
    painter = QPainter(writer)
    paint_snapshot(painter, snapshot_of(layer), VIEW)
    painter.end()
    image = QImage(VIEW.width_px, VIEW.height_px, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    QSvgRenderer(path).render(painter)
    painter.end()
    grid, screen = pixels(image), pixels(render_image(snapshot_of(layer), VIEW))
    for column in (50, 75):
        assert grid[180 - 75, column].tolist() == pytest.approx(screen[180 - 75, column].tolist(), abs=3)


def test_outside_the_site_everything_shows_through_at_40_percent():
    grid = pixels(render_image(EVERYTHING, VIEW, labels=False))
    inside, outside = grid[180 - 70, 85], grid[180 - 70, 15]
    assert inside.tolist() == rgb("#DAD5CD")
    expected = [
        0.4 * house + 0.6 * ground for house, ground in zip(rgb("#DAD5CD"), rgb(palette.OUTSIDE), strict=True)
    ]
    assert outside.tolist() == pytest.approx(expected, abs=2)
    assert pixels(render_image(EVERYTHING, VIEW, labels=False, veil=False))[180 - 70, 15].tolist() == rgb(
        "#DAD5CD"
    )


def test_the_red_line_runs_over_roads_and_walls():
    road = layer_of(styled(Stroke("#FFFFFF", 6.0)), LineString([(0, 90), (240, 90)]), name="road")
    grid = pixels(render_image(snapshot_of(GROUND, road), VIEW))
    assert grid[90, 60].tolist() == rgb("#C8102E")


def test_problem_spots_stay_bright_outside_the_site():
    spot = layer_of(styled(Fill("#E69F00")), box(10, 10, 40, 40), role="traffic-spot", name="spot")
    assert pixels(render_image(snapshot_of(GROUND, spot), VIEW))[180 - 25, 25].tolist() == rgb("#E69F00")


def test_nothing_is_drawn_outside_the_viewport():
    image = QImage(300, 300, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.translate(20, 20)
    paint_snapshot(painter, EVERYTHING, VIEW)
    painter.end()
    alpha = np.array([[image.pixelColor(x, y).alpha() for x in range(0, 300, 5)] for y in range(0, 300, 5)])
    assert alpha[:4].max() == 0
    assert alpha[41:].max() == 0
    assert alpha[5:40, 5:50].min() == 255


def test_the_painter_is_given_back_as_it_was():
    image = blank_image(VIEW)
    painter = QPainter(image)
    before = painter.transform(), painter.pen(), painter.opacity(), painter.hasClipping()
    paint_snapshot(painter, EVERYTHING, VIEW)
    assert (painter.transform(), painter.pen(), painter.opacity(), painter.hasClipping()) == before
    painter.end()


def test_two_pictures_of_one_snapshot_are_equal():
    assert render_image(EVERYTHING, VIEW) == render_image(EVERYTHING, VIEW)


def _pdf(path, snapshot, view):
    writer = QPdfWriter(str(path))
    writer.setResolution(round(view.px_per_mm * 25.4))
    size = QSizeF(view.width_px / view.px_per_mm, view.height_px / view.px_per_mm)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    paint_snapshot(painter, snapshot, view, language="zh")
    painter.end()


def _svg(path, snapshot, view):
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setResolution(round(view.px_per_mm * 25.4))
    generator.setSize(QSize(view.width_px, view.height_px))
    generator.setViewBox(QRectF(0, 0, view.width_px, view.height_px))
    painter = QPainter(generator)
    paint_snapshot(painter, snapshot, view, language="zh")
    painter.end()


def test_image_pdf_and_svg_show_the_same_map(tmp_path):
    view = metre_view(600, 450, 0.4, px_per_mm=10.0)
    expected = pixels(render_image(EVERYTHING, view, language="zh"))
    _pdf(tmp_path / "map.pdf", EVERYTHING, view)
    subprocess.run(
        ["pdftoppm", "-r", "254", "-png", "-singlefile", tmp_path / "map.pdf", tmp_path / "map"], check=True
    )
    of_pdf = pixels(QImage(str(tmp_path / "map.png")))[:450, :600]
    _svg(tmp_path / "map.svg", EVERYTHING, view)
    image = blank_image(view)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(str(tmp_path / "map.svg")).render(painter, QRectF(0, 0, 600, 450))
    painter.end()
    for found in (of_pdf, pixels(image)):
        difference = np.abs(found - expected).max(axis=2)
        assert difference.mean() < 4
        assert (difference > 60).mean() < 0.02


def test_words_in_a_pdf_are_text_that_can_be_searched(tmp_path):
    _pdf(tmp_path / "map.pdf", EVERYTHING, metre_view(600, 450, 0.4, px_per_mm=10.0))
    words = subprocess.run(
        ["pdftotext", tmp_path / "map.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "3号楼" in words
    assert "5" in words.split()


def test_words_in_an_svg_are_text(tmp_path):
    _svg(tmp_path / "map.svg", EVERYTHING, VIEW)
    assert "3号楼" in (tmp_path / "map.svg").read_text("utf-8")


def test_an_svg_holds_no_outline_beyond_the_viewport(tmp_path):
    far = layer_of(styled(Fill("#FF0000")), box(-4000, -4000, 4000, 4000), name="far")
    _svg(tmp_path / "map.svg", snapshot_of(far), VIEW)
    import re

    path = re.search(
        r'<path[^>]*\bd="([^"]+)"[^>]*/>', (tmp_path / "map.svg").read_text("utf-8").split("#ff0000")[1]
    )
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path.group(1))]
    assert numbers
    assert -1 <= min(numbers) <= max(numbers) <= 241


def test_tiny_areas_are_squares_and_not_a_bitmap_in_a_pdf(tmp_path):
    specks = layer_of(styled(Fill("#FF0000")), *[box(x, 50, x + 0.5, 50.5) for x in range(10, 200, 5)])
    _pdf(tmp_path / "map.pdf", snapshot_of(specks), VIEW)
    listing = subprocess.run(
        ["pdfimages", "-list", tmp_path / "map.pdf"], capture_output=True, text=True, check=True
    )
    assert len(listing.stdout.splitlines()) <= 2


@pytest.mark.parametrize("rules", [AREA_STATES, BAND_STATES, LINE_STATES])
def test_the_plan_states_differ_in_a_grey_print(rules):
    shape = box(20, 20, 220, 160) if rules is AREA_STATES else LineString([(0, 90), (240, 90)])
    road = Stroke("#C4BFB6", 0.18, width_field="width_m"), Stroke("#FFFFFF", 0.0, width_field="width_m")
    base = (Fill("#DAD5CD"),) if rules is AREA_STATES else road
    greys = []
    for rule in (*rules, Rule(Text("现状", "Existing"), ())):
        style = Style((Rule(Text("底", "base"), base),), overlays=(replace(rule, when={}),))
        picture = drawn(layer_of(style, (shape, {"width_m": 24.0})), VIEW)
        greys.append(picture @ np.array([0.299, 0.587, 0.114]))
    for number, one in enumerate(greys):
        for other in greys[number + 1 :]:
            assert (np.abs(one - other) > 40).sum() > 150


def test_layers_may_be_prepared_and_painted_in_several_threads_at_once():
    layers = [EVERYTHING.layers[name] for name in ("house", "hatched", "p", "m")] * 4
    expected = [drawn(layer, VIEW) for layer in layers]
    found: list[np.ndarray | None] = [None] * len(layers)

    def work(number: int) -> None:
        found[number] = drawn(layers[number], VIEW.panned(0, 0))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(layers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((one == other).all() for one, other in zip(found, expected, strict=True))


def test_a_prepared_layer_can_be_painted_again_on_another_image():
    prepared = prepare_layer(HOUSES, VIEW)
    pictures = []
    for _ in range(2):
        image = blank_image(VIEW)
        painter = QPainter(image)
        paint_layer(painter, prepared)
        painter.end()
        pictures.append(image)
    assert pictures[0] == pictures[1]
    assert dark(pixels(pictures[0])).sum() > 0


def test_a_soft_shade_lies_to_the_south_east_of_a_building():
    grid = dark(
        drawn(layer_of(styled(Fill("#DAD5CD", shadow=True)), box(40, 30, 65, 40)), metre_view(240, 180, 0.5))
    )
    assert grid[110, 130] > 0.02
    assert grid[120, 110] > 0.02
    assert grid[110, 79] == 0
    assert grid[99, 110] == 0


def test_paper_shows_no_shade():
    layer = layer_of(styled(Fill("#DAD5CD", shadow=True)), box(40, 30, 65, 40))
    on_paper = dark(drawn(layer, metre_view(240, 180, 0.5, px_per_mm=11.8)))
    assert on_paper[110, 130:140].sum() == 0


def test_the_pin_of_a_problem_spot_lies_over_the_cloud_that_answers_it():
    """A cloud right across a pin must not paint over it: a reader looks for the pin's number."""
    pin = styled(Marker("diamond", 8.0, fill="#E69F00", casing="#FFFFFF"))
    spot = layer_of(pin, Point(60, 40), role="traffic-spot", name="spot")
    snapshot, view = snapshot_of(spot), metre_view(120, 80, px_per_mm=3.8)
    group = ChangeGroup(1, "R2-1", Text("物", "thing"), (), box(10, 38, 110, 46), Point(110, 46), (), (), "+")
    comparison = Comparison("R1", "R2", (), (), (group,), ())
    alone = pixels(render_image(snapshot, view))
    clouded = pixels(render_image(snapshot, view, comparison=comparison))
    on_pin = np.abs(alone - rgb("#E69F00")).max(axis=2) < 8
    assert on_pin.sum() > 100
    assert np.array_equal(alone[on_pin], clouded[on_pin])
