"""Which layers a map shows, and which of their features."""

from __future__ import annotations

from collections.abc import Iterable

from gis.render.keeping import kept
from layers.condition import rows_where
from layers.layer import Layer
from layers.table import Table


def shown_layers(layers: Iterable[Layer], denominator: float | None = None) -> list[Layer]:
    """Return the layers that are shown, each with the features its filter lets through.

    Parameters
    ----------
    layers : iterable of Layer
        Bottom to top.
    denominator : float, optional
        The n of a map of 1:n; layers whose range of scales leaves it out are missing. Any scale if not given.
    """
    return [
        filtered(layer)
        for layer in layers
        if layer.visible and layer.opacity > 0 and (denominator is None or layer.seen_at(denominator))
    ]


def filtered(layer: Layer) -> Layer:
    """Return a layer with the features that meet its filter; the layer itself if it has none."""
    return layer if layer.filter is None else layer.with_table(_filtered_table(layer))


def _filtered_table(layer: Layer) -> Table:
    table, condition = layer.table, layer.filter
    assert condition is not None, "only a layer with a filter is filtered"

    def make() -> Table:
        rows = rows_where(condition, table.columns, len(table))
        return table if rows.all() else table.where(rows)

    return kept(table, ("filtered", repr(condition)), make)  # by its words: 1 and true are equal
