"""The numbers and colours the window is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from layers import palette

BASE_PX: Final = 13
SMALL_PX: Final = 12
HEADING_PX: Final = 15
GRID_PX: Final = 8
RADIUS_PX: Final = 6
ICON_PX: Final = 20
ROW_PX: Final = 32
FONT_FAMILIES: Final = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, ``#RRGGBB``."""

    name: str
    window: str
    panel: str
    raised: str
    hover: str
    pressed: str
    line: str
    line_strong: str
    text: str
    text_soft: str
    text_faint: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    info: str
    info_soft: str
    change: str
    drainage: str
    traffic: str


LIGHT: Final = Theme(
    name="light",
    window="#F4F5F6",
    panel="#FFFFFF",
    raised="#FFFFFF",
    hover="#EEF1F2",
    pressed="#E2E7E8",
    line="#DADDE1",
    line_strong="#B9BFC6",
    text="#1F2328",
    text_soft="#5B636B",
    text_faint="#8A929A",
    accent="#0B6E6E",
    accent_hover="#095C5C",
    accent_soft="#E0F0EF",
    on_accent="#FFFFFF",
    danger="#B3261E",
    danger_soft="#FCEBE9",
    warning="#8F5B00",
    warning_soft="#FFF4DC",
    success="#1B6E3C",
    success_soft="#E5F4EA",
    info="#22577A",
    info_soft="#E6F0F7",
    change=palette.CHANGE,
    drainage="#0B5FA5",
    traffic="#B87A00",
)

DARK: Final = Theme(
    name="dark",
    window="#1E2124",
    panel="#26292D",
    raised="#2D3135",
    hover="#33373C",
    pressed="#3C4146",
    line="#3A3F45",
    line_strong="#596068",
    text="#E6E8EA",
    text_soft="#A6AEB6",
    text_faint="#7B848D",
    accent="#4DB6AC",
    accent_hover="#66C4BB",
    accent_soft="#1F3F3E",
    on_accent="#0E1F1F",
    danger="#F28B82",
    danger_soft="#46231F",
    warning="#F0B95B",
    warning_soft="#3F3320",
    success="#7CC796",
    success_soft="#21382A",
    info="#8AB9DC",
    info_soft="#1F3342",
    change="#F58AAE",
    drainage="#74B3EE",
    traffic="#EBB04A",
)

THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK)}
_current: list[Theme] = [LIGHT]


def theme() -> Theme:
    """Return the theme in force."""
    return _current[0]


def use_theme(chosen: Theme) -> None:
    """Set the theme for everything painted from now on."""
    _current[0] = chosen
