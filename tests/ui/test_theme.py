"""The colours of the window."""

import pytest

from ui.theme.tokens import DARK, LIGHT


def brightness(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    light, dark = sorted((brightness(first), brightness(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
@pytest.mark.parametrize("ground", ["window", "panel", "raised"])
def test_numbers_of_changes_and_what_is_compared_can_be_read(colors, ground):
    assert contrast(colors.change, getattr(colors, ground)) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
@pytest.mark.parametrize("name", ["drainage", "traffic", "accent", "danger", "text_soft"])
def test_tools_and_marks_stand_out_from_every_ground(colors, name):
    for ground in (colors.window, colors.panel, colors.hover):
        assert contrast(getattr(colors, name), ground) >= 3.0


def test_symbols_lie_on_the_ground_of_the_map_in_the_dark_theme(qapp):
    from layers import palette
    from layers.style import Stroke
    from ui.panels.layer_rows import swatch
    from ui.panels.style_fields import symbol_picture
    from ui.theme.tokens import use_theme

    symbol = (Stroke("#3A3A3A", 0.3),)
    try:
        for colors, ground in ((DARK, palette.GROUND.lower()), (LIGHT, "#000000")):
            use_theme(colors)
            for image in (swatch((symbol, "line"), 1.0).toImage(), symbol_picture(symbol, "line")):
                assert image.pixelColor(image.width() // 2, 3).name() == ground
    finally:
        use_theme(LIGHT)
