"""Tiny maps made by hand, and what is on their pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtGui import QImage, QPainter

from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.viewport import Viewport
from layers.feature import Feature
from layers.kind import Kind
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.style import Label, Rule, Style
from layers.table import Table
from layers.text import Text

WORDS = Text("物", "thing")
FIELDS = (
    Field("name", Text("名称", "Name")),
    Field("sort", Text("种类", "Sort")),
    Field("width_m", Text("宽", "Width"), "real"),
    Field("severity", Text("程度", "Severity"), "integer"),
)


def metre_view(
    width: int = 100, height: int = 100, metres_per_px: float = 1.0, px_per_mm: float = 3.8
) -> Viewport:
    """Return a view whose lower left corner is the origin of the world."""
    return Viewport(
        width * metres_per_px / 2, height * metres_per_px / 2, metres_per_px, width, height, px_per_mm
    )


def kind_of(style: Style, role: str = "plan-element", order: int = 50, name: str = "thing") -> Kind:
    return Kind(name, WORDS, role, ("point", "line", "polygon"), FIELDS, style, order, WORDS)


def styled(*symbol: object, labels: Sequence[Label] = (), overlays: Sequence[Rule] = ()) -> Style:
    return Style((Rule(WORDS, tuple(symbol)),), tuple(overlays), tuple(labels))


def layer_of(
    style: Style, *features: object, role: str = "plan-element", order: int = 50, name: str = "thing"
) -> Layer:
    """Return a layer of geometries, or of (geometry, attributes) pairs."""
    pairs = [f if isinstance(f, tuple) else (f, {}) for f in features]
    rows = [Feature(f"{i:032x}", geometry, values) for i, (geometry, values) in enumerate(pairs)]
    kind = kind_of(style, role, order, name)
    return Layer.of(kind, Table.from_features(rows, [field.name for field in FIELDS]))


def snapshot_of(*layers: Layer) -> Snapshot:
    return Snapshot("t", "EPSG:4548", {layer.id: layer for layer in layers})


def drawn(layer: Layer, view: Viewport) -> np.ndarray:
    """Return the pixels of one layer on white, shape (height, width, 3)."""
    image = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_layer(painter, prepare_layer(layer, view))
    painter.end()
    return pixels(image)


def pixels(image: QImage) -> np.ndarray:
    """Return red, green, blue as whole numbers, shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    return rows.reshape(image.height(), image.width(), 3).astype(int)


def dark(grid: np.ndarray) -> np.ndarray:
    """Return how much ink each pixel has, 0 to 1."""
    return 1 - grid.mean(axis=2) / 255


def rgb(name: str) -> list[int]:
    return [int(name[i : i + 2], 16) for i in (1, 3, 5)]
