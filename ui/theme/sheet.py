"""The style sheet of the window, filled from the tokens."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from ui.theme.tokens import BASE_PX, HEADING_PX, RADIUS_PX, SMALL_PX, Theme

_SHEET = Template("""
* { font-size: ${base}px; outline: 0; }
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $text; color: $panel; border: 0; padding: 5px 8px; font-size: ${small}px; }

#Header { background: $panel; border-bottom: 1px solid $line; }
#ProjectName { font-weight: 600; font-size: 14px; padding: 4px 10px; border: 0; border-radius: ${radius}px; background: transparent; text-align: left; }
#ProjectName:hover { background: $hover; }
#ProjectName::menu-indicator { width: 0; }
QMenuBar { background: transparent; border: 0; padding: 0; }
QMenuBar::item { padding: 5px 9px; border-radius: ${radius}px; background: transparent; color: $text; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 4px; min-width: 150px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text_faint; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 6px 4px; }

QToolBar#Tools { background: $panel; border: 0; border-right: 1px solid $line; padding: 6px 4px; spacing: 2px; }
QToolBar#Tools QToolButton { padding: 6px; border-radius: ${radius}px; border: 0; background: transparent; }
QToolBar#Tools QToolButton:hover { background: $hover; }
QToolBar#Tools QToolButton:checked { background: $accent_soft; }
QToolBar#Tools QToolButton:focus { border: 2px solid $accent; padding: 4px; }
QToolBar#Tools::separator { background: $line; height: 1px; margin: 6px 6px; }

QDockWidget { background: $panel; }
#DockTitle { background: $panel; border-bottom: 1px solid $line; }
#DockTitle QLabel { font-weight: 600; }
#Panel, #PanelBody, #PanelScroll, #PanelScroll > QWidget > QWidget { background: $panel; }
#PanelScroll { border: 0; }
#PanelFoot { background: $panel; border-top: 1px solid $line; }
#DrawerBar { background: $panel; border-top: 1px solid $line; border-bottom: 1px solid $line; }
#DrawerBar QToolButton { border: 0; border-bottom: 2px solid transparent; border-radius: 0; padding: 6px 10px; background: transparent; color: $text_soft; }
#DrawerBar QToolButton:hover { color: $text; background: $hover; }
#DrawerBar QToolButton:checked { color: $text; border-bottom: 2px solid $accent; font-weight: 600; }
#Strip { background: $panel; border-bottom: 1px solid $line; }
#ViewBar { background: $info_soft; border-bottom: 1px solid $line; }
#ViewBar QLabel { color: $info; }

QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${small}px; font-weight: 600; color: $text_soft; }
QLabel[role="soft"], QLabel[role="field"] { color: $text_soft; font-size: ${small}px; }
QLabel[role="faint"] { color: $text_faint; font-size: ${small}px; }
QLabel[role="error"] { color: $danger; font-size: ${small}px; }
QLabel[role="number"] { font-size: 20px; font-weight: 600; }
QLabel[role="code"] { background: $hover; border-radius: 4px; padding: 1px 6px; color: $text_soft; font-size: ${small}px; }
QLabel[role="chip"] { border-radius: 9px; padding: 1px 8px; font-size: ${small}px; background: $hover; color: $text_soft; }
QFrame[role="rule"] { background: $line; max-height: 1px; border: 0; }
QFrame[role="rule-vertical"] { background: $line; max-width: 1px; border: 0; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {
  background: $panel; border: 1px solid $line; border-radius: ${radius}px; padding: 4px 8px;
  selection-background-color: $accent; selection-color: $on_accent; min-height: 20px; }
QPlainTextEdit { padding: 2px 4px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $line_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus { border: 2px solid $accent; padding: 3px 7px; }
QPlainTextEdit:focus { padding: 1px 3px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: $window; color: $text_soft; border-color: $line; }
QLineEdit[bad="true"], QPlainTextEdit[bad="true"], QComboBox[bad="true"] { border: 2px solid $danger; padding: 3px 7px; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: url($caret); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: 4px; selection-background-color: $accent_soft; selection-color: $text; outline: 0; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; }
#SearchBox { background: $window; border: 1px solid $line; border-radius: ${radius}px; padding: 4px 8px; min-height: 22px; }
#SearchBox:focus { background: $panel; border: 2px solid $accent; padding: 3px 7px; }
#SearchList { background: $raised; border: 1px solid $line_strong; outline: 0; }

QPushButton { background: $panel; border: 1px solid $line; border-radius: ${radius}px; padding: 5px 12px; min-height: 20px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:disabled { color: $text_faint; background: $window; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $pressed; border-color: $pressed; color: $text_faint; }
QPushButton[role="link"], QToolButton[role="link"] { border: 0; background: transparent; color: $accent; padding: 3px 6px; }
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover { background: $accent_soft; }
QPushButton[role="link"]:focus { border: 2px solid $accent; padding: 1px 4px; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QToolButton { background: transparent; border: 0; border-radius: ${radius}px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $accent_soft; }
QToolButton:focus { border: 2px solid $accent; padding: 2px; }
QToolButton[role="segment"] { border: 1px solid $line; border-radius: ${radius}px; padding: 4px 10px; color: $text_soft; }
QToolButton[role="segment"]:checked { background: $accent_soft; border-color: $accent; color: $accent; font-weight: 600; }
QToolButton[role="segment"]:focus { border: 2px solid $accent; padding: 3px 9px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $line_strong; border-radius: 4px; background: $panel; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QRadioButton { spacing: 8px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $panel; border: 2px solid $accent; }
QSlider::sub-page:horizontal:disabled { background: $line_strong; }
QSlider::handle:horizontal:disabled { border-color: $line_strong; }
QProgressBar { background: $line; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url($caret_right); }
QTreeView::branch:has-children:open { image: url($caret); }
QTreeView, QListView, QTableView { background: $panel; border: 0; alternate-background-color: $window; selection-background-color: $accent_soft; selection-color: $text; gridline-color: $line; }
QTableView { border: 0; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; border: 0; border-bottom: 1px solid $line; border-right: 1px solid $line; padding: 5px 8px; color: $text_soft; font-size: ${small}px; }
QTableCornerButton::section { background: $panel; border: 0; border-bottom: 1px solid $line; }
QScrollArea { border: 0; background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line_strong; border-radius: 4px; min-height: 32px; margin: 1px 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $line_strong; border-radius: 4px; min-width: 32px; margin: 2px 1px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

#Status { background: $panel; border-top: 1px solid $line; }
#Status QLabel, #Status QToolButton, #Status QComboBox { font-size: ${small}px; color: $text_soft; }
#Status QToolButton { padding: 2px 8px; border-radius: 4px; }
#Status QToolButton:checked { background: $accent_soft; color: $accent; }
#Status QToolButton:focus { border: 1px solid $accent; padding: 1px 7px; }
#Status QComboBox { border: 0; background: transparent; padding: 0 4px; min-height: 20px; }
#Status QComboBox:hover { background: $hover; }
#Status QComboBox:focus { border: 1px solid $accent; padding: 0 3px; }
#Status QComboBox QLineEdit { border: 0; padding: 0; background: transparent; font-size: ${small}px; color: $text_soft; min-height: 18px; }

#Message { border-radius: ${radius}px; border: 1px solid $line_strong; background: $raised; }
#Message[level="info"] { border-color: $info; background: $info_soft; }
#Message[level="success"] { border-color: $success; background: $success_soft; }
#Message[level="warning"] { border-color: $warning; background: $warning_soft; }
#Message[level="error"] { border-color: $danger; background: $danger_soft; }
#Message QPushButton { background: transparent; }
#Card { background: $window; border: 1px solid $line; border-radius: ${radius}px; }
#Popover { background: $raised; border: 1px solid $line_strong; border-radius: 8px; }
""")


def style_sheet(theme: Theme, caret: str, caret_right: str, tick: str) -> str:
    """Return the sheet of one theme.

    Parameters
    ----------
    theme : Theme
    caret, caret_right, tick : str
        Paths of the small pictures that Qt's sheets want as files.
    """
    return _SHEET.substitute(
        asdict(theme), base=BASE_PX, small=SMALL_PX, heading=HEADING_PX, radius=RADIUS_PX, caret=caret,
        caret_right=caret_right, tick=tick,
    )
