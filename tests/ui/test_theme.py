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
