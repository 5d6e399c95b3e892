"""What was drawn where it does not show: it is told, with the way to see it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gis.render.display import filtered
from layers.changes import Key
from layers.layer import Layer
from layers.text import Text
from ui.models.layer_list import set_visible
from ui.session import Session


def tell_unseen(session: Session, keys: Collection[Key], denominator: float) -> None:
    """Say why something just drawn does not show, if so; a hidden layer can be shown at once.

    Parameters
    ----------
    denominator : float
        The n of the map's scale 1:n.
    """
    snapshot = session.snapshot
    if snapshot is None:
        return
    for layer_id in sorted({layer for layer, _ in keys}):
        layer = snapshot.layers[layer_id]
        why = unseen_words(layer, [uid for name, uid in keys if name == layer_id], denominator)
        if why is not None:
            acts = [] if layer.visible else [_showing(session, layer)]
            advice = Text("取消选中后就看不见。", "Only while it is selected does it show.")
            session.offer(why, acts, "warning", advice)
            return


def unseen_words(layer: Layer, uids: Collection[str], denominator: float) -> Text | None:
    """Say why features of a layer do not show on a map of 1:`denominator`; None if they do."""
    if not layer.visible:
        words = Text("图层“{layer}”没有显示。", "Layer “{layer}” is hidden.")
    elif layer.opacity <= 0:
        words = Text("图层“{layer}”完全透明。", "Layer “{layer}” is fully transparent.")
    elif not layer.seen_at(denominator):
        words = Text("图层“{layer}”在这个比例尺不显示。", "Layer “{layer}” does not show at this scale.")
    elif any(uid not in filtered(layer).table for uid in uids):
        words = Text("图层“{layer}”的筛选条件不显示它。", "The filter of layer “{layer}” leaves it out.")
    else:
        return None
    return words.format(layer=layer.title)


def _showing(session: Session, layer: Layer) -> tuple[Text, Callable[[], None]]:
    label = Text("显示图层 {n}", "Show layer {n}").format(n=layer.title)

    def show() -> None:
        session.run(label, set_visible([layer.id], True))

    return Text("显示该图层", "Show the layer"), show
