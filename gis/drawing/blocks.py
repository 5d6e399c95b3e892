"""The blocks of the column beside the map.

Each block is a function of pen, place and content that returns the y below
it. In dry mode the same function measures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QRectF

from gis.crs_words import crs_words
from gis.drawing.content import SheetContent, written_date
from gis.drawing.paper import Box, Paper, Type
from gis.drawing.pen import INK, LINE, SOFT, Ink, Pen
from gis.render.legend import LegendEntry, paint_swatch
from gis.revisions.comparison import ChangeGroup, Quantity
from gis.revisions.districts import District, number_ranges
from layers import palette
from layers.revision import Revision

TEAL = "#0B6E6E"
Painted = float
Block = Callable[[Pen, float, float, float], Painted]


def heading(pen: Pen, x: float, y: float, width: float, words: str, type_: Type) -> Painted:
    """Set a heading over a rule."""
    below = pen.text(x, y, width, words, Ink(type_.heading, bold=True))
    pen.line(x, below + 0.6, x + width, below + 0.6, 0.35, INK)
    return below + 0.6 + type_.body * 0.7


def title(pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type) -> Painted:
    """Set the name of the estate, what this sheet is, and its revision and date."""
    name = content.snapshot.title
    ink = pen.fitted(name, Ink(type_.title, bold=True, leading=1.2), width, type_.heading)
    y = pen.text(x, y, width, name, ink, most_lines=2)
    kind = content.word("改造方案公示图", "Renovation plan for public notice")
    sub = pen.fitted(kind, Ink(type_.title * 0.5, leading=1.3), width, type_.body)
    y = pen.text(x, y, width, kind, sub)
    revision = content.revision
    words = f"{content.label}  {revision.title}" if revision else content.label
    y = pen.text(x, y + type_.body * 0.3, width, words, Ink(type_.heading, bold=True, color=TEAL))
    y = pen.text(x, y, width, content.date, Ink(type_.body * 1.1, color=SOFT))
    return y + type_.body * 0.6


def title_strip(pen: Pen, box: Box, content: SheetContent, type_: Type, plate_mm: float) -> float:
    """Set the same over a whole sheet: the name on the left, the revision on the right, a plate between.

    Returns
    -------
    float
        The left edge of the room left for a plate of that width.
    """
    area = box.inset(type_.body * 1.2)
    revision = content.revision
    words = f"{content.label}  {revision.title}" if revision else content.label
    label = Ink(type_.heading, bold=True, color=TEAL, align="right")
    label = pen.fitted(words, label, area.width * 0.3, type_.body)
    date = Ink(type_.body * 1.1, color=SOFT, align="right")
    right = min(area.width * 0.3, max(pen.width(words, label), pen.width(content.date, date)) + type_.body)
    plate = area.right - right - type_.body * 2 - plate_mm
    room = plate - type_.body * 2 - area.x
    name = content.snapshot.title
    ink = pen.fitted(name, Ink(type_.title, bold=True, leading=1.2), room, type_.heading)
    kind = content.word("改造方案公示图", "Renovation plan for public notice")
    sub = pen.fitted(kind, Ink(type_.title * 0.5, leading=1.3), room, type_.body)
    low, line = area.bottom - sub.size_mm * sub.leading, area.bottom - date.size_mm * date.leading
    pen.text(area.x, low - ink.size_mm * ink.leading, room, name, ink, 1)
    pen.text(area.x, low, room, kind, sub, 1)
    pen.text(area.right - right, line - label.size_mm * label.leading, right, words, label, 1)
    pen.text(area.right - right, line, right, content.date, date, 1)
    return plate


def legend(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    content: SheetContent,
    entries: Sequence[LegendEntry],
    type_: Type,
    dense: bool = False,
) -> Painted:
    """Set swatches and names of what is on the map, in columns of equal width."""
    if not entries:
        return y
    y = heading(pen, x, y, width, content.word("图例", "Legend"), type_)
    swatch = (type_.small * 3.0, type_.small * 1.6)
    columns = _legend_columns(pen, width - swatch[0], content, entries, type_)
    cell = width / columns
    room = cell - swatch[0] - type_.small * 1.2
    inks = [
        pen.fitted(content.say(e.title), Ink(type_.small), room, type_.small * SMALLEST_LEGEND)
        for e in entries
    ]
    broken = [pen.width(content.say(e.title), ink) > room for e, ink in zip(entries, inks, strict=True)]
    row = type_.small * (2.05 if not dense else 1.9 if any(broken) else 1.7)
    rows = -(-len(entries) // columns)
    for i, (entry, fitted, in_two) in enumerate(zip(entries, inks, broken, strict=True)):
        left, top = x + (i // rows) * cell, y + (i % rows) * row
        _swatch(pen, Box(left, top, *swatch), entry)
        words = content.say(entry.title)
        ink = Ink(fitted.size_mm, leading=LEGEND_LEADING)
        if in_two:
            words = _in_two(words)
        height = (1 + in_two) * ink.size_mm * LEGEND_LEADING
        pen.text(left + swatch[0] + type_.small * 0.6, top + (swatch[1] - height) / 2, room, words, ink, 2)
    return y + rows * row + type_.body * 0.6


SMALLEST_LEGEND = 0.78
LEGEND_LEADING = 1.15


def _in_two(words: str) -> str:
    """Return a name broken where it pauses: after a colon, or before a bracket."""
    return re.sub("(?<=[：:])\\s*(?=.)|(?=[（(])", "\n", words, count=1)


def _legend_columns(
    pen: Pen, width: float, content: SheetContent, entries: Sequence[LegendEntry], type_: Type
) -> int:
    """Return how many columns hold nine tenths of the names in one line."""
    widths = sorted(pen.width(content.say(entry.title), Ink(type_.small)) for entry in entries)
    usual = widths[int(len(widths) * 0.9)] * SMALLEST_LEGEND + type_.small * 4.2
    return max(2, min(4, int((width + type_.small * 3) / usual)))


def _swatch(pen: Pen, box: Box, entry: LegendEntry) -> None:
    if not pen.dry:
        pen.painter.save()
        paint_swatch(pen.painter, QRectF(pen.rect(box)), entry.symbol, entry.geometry, px_per_mm=pen.px)
        pen.painter.restore()


MOST_REASONS = 8
"""Of one change; one that answers more is told in full by the page."""


def change(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, group: ChangeGroup, type_: Type
) -> Painted:
    """Set one numbered change with its sign and what it answers."""
    side = type_.body * 2.3
    _triangle(pen, x, y, side, group.mark)
    left, room = x + side + type_.body * 0.8, width - side - type_.body * 0.8
    below = pen.text(left, y, room, content.say(group.title), Ink(type_.body, bold=True), 4)
    below = _reasons(pen, left, below, room, content, group, type_, MOST_REASONS)
    return max(below, y + side * 0.9) + type_.body * 0.55


def _reasons(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    content: SheetContent,
    group: ChangeGroup,
    type_: Type,
    most: int,
) -> Painted:
    """Set what a change answers, the first `most` and how many more there are."""
    ink = Ink(type_.small, color=SOFT)
    for reason in group.reasons[:most]:
        words = content.say(reason)
        if reason not in group.because:
            words = content.word("回应 {what}", "Answers {what}", what=words)
        y = pen.text(x, y, width, words, ink, 3)
    if (rest := len(group.reasons) - most) > 0:
        y = pen.text(x, y, width, content.word("另有 {n} 条理由", "{n} more reasons", n=rest), ink)
    return y


def district_note(pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type) -> Painted:
    """Say what the letters mean."""
    words = content.word(
        "图上圆圈中的字母是一片：片内改动多，逐项的编号和理由见续页。",
        "A letter in a circle is a district with many changes; the next sheets tell them one by one.",
    )
    return pen.text(x, y, width, words, Ink(type_.small, color=SOFT)) + type_.body * 0.4


def district(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, group: District, type_: Type
) -> Painted:
    """Set a district: how many changes, what they do, which numbers they have."""
    side = type_.body * 2.1
    _circle(pen, x, y, side, group.mark)
    left, room = x + side + type_.body * 1.0, width - side - type_.body * 1.0
    words = content.word(
        "{letter} 片 {n} 处：{what}",
        "District {letter}, {n} changes: {what}",
        letter=group.letter,
        n=len(group.members),
        what=content.say(group.title),
    )
    below = pen.text(left, y, room, words, Ink(type_.body, bold=True), 4)
    words = content.word("编号 {numbers}", "Numbers {numbers}", numbers=content.say(group.numbers))
    below = pen.text(left, below, room, words, Ink(type_.small, color=SOFT), 3)
    return max(below, y + side) + type_.body * 0.55


def district_heading(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, group: District, type_: Type
) -> Painted:
    """Set the heading over the changes of a district."""
    side = type_.heading * 1.25
    _circle(pen, x, y, side, group.mark)
    words = content.word("{n} 处修改", "{n} changes", n=len(group.members))
    left = x + side + type_.body * 0.6
    below = pen.text(left, y + side * 0.1, width - side, words, Ink(type_.body * 1.1, bold=True))
    below = max(below, y + side) + 0.6
    pen.line(x, below, x + width, below, 0.35, INK)
    return below + type_.body * 0.5


def members(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    content: SheetContent,
    groups: Sequence[ChangeGroup],
    type_: Type,
) -> Painted:
    """Set changes of a district that do the same for the same reasons: their numbers, once the words."""
    numbers = content.say(number_ranges(group.number for group in groups))
    ink = Ink(type_.small, bold=True, color=palette.CHANGE)
    column = type_.small * 2.8
    wide = pen.width(numbers, ink) > column
    low = pen.text(x, y, width if wide else column, numbers, ink)
    top = low if wide else y
    left, room = x + column + type_.small * 0.4, width - column - type_.small * 0.4
    below = pen.text(left, top, room, content.say(groups[0].title), Ink(type_.small, bold=True), 3)
    below = _reasons(pen, left, below, room, content, groups[0], type_, 2)
    return max(low, below) + type_.small * 0.45


def _circle(pen: Pen, x: float, y: float, side: float, letter: str) -> None:
    pen.disc(x + side / 2, y + side / 2, side / 2, "#FFFFFF", palette.CHANGE, 0.4)
    size = side * (0.56 if len(letter) < 2 else 0.42)
    ink = Ink(size, bold=True, color=palette.CHANGE, align="centre", leading=1.0)
    pen.text(x, y + (side - size) / 2, side, letter, ink)


def _triangle(pen: Pen, x: float, y: float, side: float, number: str) -> None:
    height = side * 0.88
    pen.polygon([(x, y + height), (x + side, y + height), (x + side / 2, y)], "#FFFFFF", palette.CHANGE, 0.4)
    ink = Ink(
        side * (0.4 if len(number) < 2 else 0.34),
        bold=True,
        color=palette.CHANGE,
        align="centre",
        leading=1.0,
    )
    pen.text(x, y + height * 0.47, side, number, ink)


def quantities(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, rows: Sequence[Quantity], type_: Type
) -> Painted:
    """Set the numbers before and after, with their difference."""
    comparison = content.comparison
    if comparison is None or not rows:
        return y
    y = heading(pen, x, y, width, content.word("数量对比", "Quantities"), type_)
    columns = (width * 0.43, width * 0.19, width * 0.19, width * 0.19)
    before, after = content.label_of(comparison.before), content.label_of(comparison.after)
    head = (content.word("项目", "Item"), before, after, content.word("增减", "Change"))
    y = _row(pen, x, y, columns, head, Ink(type_.small, color=SOFT))
    for q in rows:
        unit = content.say(q.unit)
        name = content.say(q.title) + (
            f"（{unit}）" if unit and content.language == "zh" else f" ({unit})" if unit else ""
        )
        cells = (
            name,
            _number(q.before, q.decimals),
            _number(q.after, q.decimals),
            _signed(q.delta, q.decimals),
        )
        y = _row(pen, x, y, columns, cells, Ink(type_.small))
    return y + type_.body * 0.7


def _row(pen: Pen, x: float, y: float, columns: Sequence[float], cells: Sequence[str], ink: Ink) -> Painted:
    left, below = x, y
    for i, (width, words) in enumerate(zip(columns, cells, strict=True)):
        cell = Ink(ink.size_mm, ink.bold, ink.color, "left" if i == 0 else "right")
        room = width - ink.size_mm * 0.4
        below = max(
            below,
            pen.text(
                left, y + ink.size_mm * 0.15, room, words, pen.fitted(words, cell, room, ink.size_mm * 0.7), 1
            ),
        )
        left += width
    below += ink.size_mm * 0.15
    pen.line(x, below, x + sum(columns), below, 0.13, LINE)
    return below


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _signed(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    if not rounded:
        return "0"
    return ("+" if rounded > 0 else "−") + f"{abs(rounded):,.{decimals}f}"


def revisions_heading(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type
) -> Painted:
    """Set the heading over the revisions."""
    return heading(pen, x, y, width, content.word("版次记录", "Revisions"), type_)


def revision_row(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, revision: Revision, type_: Type
) -> Painted:
    """Set one revision: label, date and title in a line, the note below."""
    soft, ink = Ink(type_.small, color=SOFT), Ink(type_.small, bold=revision.label == content.label)
    made = written_date(revision.created, content.language)
    label, date = type_.small * 3.0, pen.width(made, soft) + type_.small
    pen.text(x, y, label, revision.label, pen.fitted(revision.label, ink, label, type_.small * 0.5), 1)
    pen.text(x + label, y, date, made, soft)
    below = pen.text(x + label + date, y, width - label - date, revision.title, ink, 2)
    below = pen.text(x + label, max(below, y + type_.small * 1.32), width - label, revision.note, soft, 3)
    pen.line(x, below + 0.5, x + width, below + 0.5, 0.13, LINE)
    return below + 0.5 + type_.small * 0.35


CONTACT_SETTINGS = (
    ("publish.how_to_comment", ("意见反馈", "Comments")),
    ("publish.contact", ("联系方式", "Contact")),
    ("publish.office", ("公示单位", "Issued by")),
)
"""Project settings that say how to comment; what is not set is not printed. The page reads the same."""


def contact(
    pen: Pen, x: float, y: float, width: float, content: SheetContent, type_: Type, most_lines: int
) -> Painted:
    """Set notice period, how to comment, contact and issuer, if given, each in so many lines at most."""
    given = [(pair, content.setting(name)) for name, pair in CONTACT_SETTINGS if content.setting(name)]
    if period := content.notice_period:
        given.insert(0, (("公示期", "Notice period"), period))
    ink = Ink(type_.small, color=SOFT)
    label = max((pen.width(content.word(*pair), ink) for pair, _ in given), default=0.0) + type_.small
    for pair, words in given:
        pen.text(x, y, label, content.word(*pair), ink)
        y = pen.text(x + label, y, width - label, words, Ink(type_.small), most_lines)
        y += type_.small * 0.2
    return y


def seal(pen: Pen, box: Box, content: SheetContent, type_: Type) -> None:
    """Leave a white place for the seal."""
    pen.box(box, 0.25, SOFT, "#FFFFFF")
    words = content.word("（盖章）", "(seal)")
    pen.text(
        box.x, box.bottom - type_.small * 1.8, box.width, words, Ink(type_.small, color=SOFT, align="centre")
    )


TITLE_SETTINGS = (
    ("publish.office", ("公示单位", "Issued by")),
    ("draw.designer", ("设计单位", "Designer")),
    ("draw.number", ("图号", "Drawing no.")),
    ("draw.drawn_by", ("制图人", "Drawn by")),
    ("draw.checked_by", ("审核人", "Checked by")),
)
"""Project settings with further cells of the title block; what is not set takes no room."""


def title_cells(content: SheetContent, paper: Paper, scale: int) -> list[tuple[str, str]]:
    """Return captions and words of the title block, an even number of them."""
    cells = [
        (content.word("工程名称", "Project"), content.setting("publish.title") or content.snapshot.title),
        (
            content.word("图名", "Drawing"),
            content.setting("draw.name") or content.word("改造总平面图", "Site plan"),
        ),
        (content.word("版次", "Revision"), content.label),
        (content.word("日期", "Date"), content.date),
        (content.word("比例", "Scale"), f"1:{scale}"),
        (content.word("图幅", "Sheet"), paper.name),
        (content.word("坐标系", "CRS"), content.say(crs_words(content.snapshot.crs))),
    ]
    cells += [
        (content.word(*pair), content.setting(name)) for name, pair in TITLE_SETTINGS if content.setting(name)
    ]
    return cells if len(cells) % 2 == 0 else [*cells, ("", "")]


def title_block(pen: Pen, box: Box, content: SheetContent, paper: Paper, scale: int, size: float) -> None:
    """Set 图签: project, drawing, scale, date, coordinate system, sheet."""
    pen.box(box, 0.5, INK, "#FFFFFF")
    cells = title_cells(content, paper, scale)
    columns, rows = 2, len(cells) // 2
    width, height = box.width / columns, box.height / rows
    for i, (name, words) in enumerate(cells):
        left, top = box.x + (i % columns) * width, box.y + (i // columns) * height
        if i % columns:
            pen.line(left, top, left, top + height, 0.18, INK)
        if i >= columns:
            pen.line(left, top, left + width, top, 0.18, INK)
        label = size * (4.6 if content.language == "zh" else 5.2)
        baseline = top + (height - size * 1.32) / 2
        pen.text(left + size * 0.5, baseline, label, name, Ink(size * 0.85, color=SOFT))
        room = width - label - size
        ink = pen.fitted(words, Ink(size, bold=i < columns), room, size * 0.8)
        lines = 1 if pen.width(words, ink) <= room else 2  # 0.8 of the size: two lines fill a cell
        above = (height - ink.size_mm * ink.leading * lines) / 2
        pen.text(left + size * 0.5 + label, top + above, room, words, ink, lines)


def qr_code(pen: Pen, box: Box, address: str) -> None:
    """Draw a QR code that leads to the published page."""
    import segno

    code = segno.make(address, error="m")
    matrix = list(code.matrix)
    step = box.width / (len(matrix) + 4)
    pen.box(box, 0.0, INK, "#FFFFFF")
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                cell = Box(box.x + (column + 2) * step, box.y + (row + 2) * step, step * 1.02, step * 1.02)
                pen.box(cell, 0.0, INK, "#000000")
