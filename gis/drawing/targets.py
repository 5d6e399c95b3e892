"""Files a sheet can become: PDF, PNG and SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt6.QtCore import QMarginsF, QRect, QSize, QSizeF
from PyQt6.QtGui import QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter

from gis.drawing.paper import Paper
from gis.drawing.radicals import mend_pdf
from layers.errors import PublishError, StorageError, UsageError
from layers.text import Text

PDF_DPI = 600
SVG_DPI = 254
MOST_PIXELS = 100_000_000
"""An image larger than this is refused: print shops take the PDF."""

Page = Callable[[QPainter, float], None]
"""Paints one page; given the painter and its pixels per millimetre."""


def write_pdf(
    out: Path, paper: Paper, title: str, pages: Callable[[], list[Page]], first: Page
) -> list[Path]:
    """Write all pages into one vector PDF with embedded fonts and searchable text."""
    writer = QPdfWriter(str(out))
    writer.setResolution(PDF_DPI)
    writer.setTitle(title)
    size = QPageSize(QSizeF(paper.width_mm, paper.height_mm), QPageSize.Unit.Millimeter, paper.name)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    with _painting(writer, out) as painter:
        first(painter, PDF_DPI / 25.4)
        for page in pages():
            writer.newPage()
            page(painter, PDF_DPI / 25.4)
    import pikepdf  # late: only PDFs need it

    try:
        mend_pdf(out, title, paper.width_mm, paper.height_mm)
    except (pikepdf.PdfError, OSError, RuntimeError) as error:  # Qt does not tell when the disk is full
        raise _unwritable(out) from error
    return [out]


def write_png(out: Path, paper: Paper, dpi: int, pages: Callable[[], list[Page]], first: Page) -> list[Path]:
    """Write one image a page; further pages get ``-2`` before the ending."""
    width, height = round(paper.width_mm / 25.4 * dpi), round(paper.height_mm / 25.4 * dpi)
    if width * height > MOST_PIXELS:
        raise PublishError(
            Text(
                "{dpi} dpi 的 {name} 图有 {mp} 兆像素，超出上限。",
                "{name} at {dpi} dpi has {mp} megapixels, over the limit.",
            ).format(dpi=dpi, name=paper.name, mp=width * height // 1_000_000),
            Text("请降低分辨率，或改用 PDF。", "Lower the resolution, or use PDF."),
            code="draw.too-large",
        )

    def write(path: Path, page: Page) -> None:
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.setDotsPerMeterX(round(dpi / 0.0254))
        image.setDotsPerMeterY(round(dpi / 0.0254))
        image.fill(0xFFFFFFFF)
        with _painting(image, path) as painter:
            page(painter, dpi / 25.4)
        if not image.save(str(path), "PNG"):
            raise _unwritable(path)

    return _each(out, write, pages, first)


def write_svg(
    out: Path, paper: Paper, title: str, pages: Callable[[], list[Page]], first: Page
) -> list[Path]:
    """Write one SVG a page, millimetre-true."""
    from PyQt6.QtSvg import QSvgGenerator

    width, height = round(paper.width_mm / 25.4 * SVG_DPI), round(paper.height_mm / 25.4 * SVG_DPI)

    def write(path: Path, page: Page) -> None:
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setResolution(SVG_DPI)
        generator.setSize(QSize(width, height))
        generator.setViewBox(QRect(0, 0, width, height))
        generator.setTitle(title)
        with _painting(generator, path) as painter:
            page(painter, SVG_DPI / 25.4)
        if not path.is_file() or not path.read_bytes().rstrip().endswith(b"</svg>"):
            raise _unwritable(path)  # Qt does not tell when the disk is full

    return _each(out, write, pages, first)


def check_ending(out: Path) -> str:
    """Return the file's ending if a sheet can be written so.

    Raises
    ------
    UsageError
        Otherwise.
    """
    ending = out.suffix.lower()
    if ending not in (".pdf", ".png", ".svg"):
        raise UsageError(
            Text("不能写成“{ending}”格式的图纸。", "A sheet cannot be written as “{ending}”.").format(
                ending=ending or out.name
            ),
            Text("请用 .pdf、.png 或 .svg 结尾。", "End the name with .pdf, .png or .svg."),
            code="draw.ending",
        )
    return ending


def _each(
    out: Path, write: Callable[[Path, Page], None], pages: Callable[[], list[Page]], first: Page
) -> list[Path]:
    write(out, first)
    written = [out]
    for number, page in enumerate(pages(), start=2):
        path = out.with_name(f"{out.stem}-{number}{out.suffix}")
        write(path, page)
        written.append(path)
    return written


@contextmanager
def _painting(device: QPaintDevice, path: Path) -> Iterator[QPainter]:
    """Paint on a device; it is let go whatever happens, or Qt falls when it goes."""
    painter = QPainter()
    if not painter.begin(device):
        raise _unwritable(path)
    try:
        yield painter
    finally:
        ended = painter.end()
    if not ended:
        raise _unwritable(path)


def _unwritable(path: Path) -> StorageError:
    return StorageError(
        Text("无法写入 {path}。", "Cannot write {path}.").format(path=path),
        Text(
            "请检查文件夹是否存在、可写、磁盘是否已满。",
            "Check that the folder exists, may be written, and the disk is not full.",
        ),
        code="draw.unwritable",
    )
