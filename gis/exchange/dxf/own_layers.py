"""The names that our own export gives the layers of a drawing: what is known when nothing else is."""

from __future__ import annotations

from typing import Final, NamedTuple

from gis.exchange.dxf.cad_codes import CASS_CODES
from gis.exchange.dxf.cad_layers import EDGES, FILL, LETTERS, plain_title
from gis.exchange.dxf.drawing import Drawing
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

_DECORATIONS: Final = (FILL, LETTERS, EDGES)


class OwnName(NamedTuple):
    """What a layer of a drawing holds that is called as we call it.

    Parameters
    ----------
    layer : str
        Layer id in the project.
    decorates : bool
        Whether it only shows the shapes of another: fills, texts, edges of bands.
    is_code : bool
        Whether it is called by a code, as surveys are too, and not as the project calls it.
    """

    layer: str
    decorates: bool
    is_code: bool = False


def own_names(snapshot: Snapshot) -> dict[str, OwnName]:
    """Return every name that a layer of the project, or a part of it, may have in our drawings.

    A CASS code that several layers share says nothing about what is on it, only about what decorates it.
    """
    found: dict[str, OwnName] = {}
    codes = list(CASS_CODES.values())
    for layer in snapshot.layers.values():
        titles = _halves(layer.title)
        bases = [layer.id, *titles, *(f"{title}_{layer.id}" for title in titles)]
        for base in bases:
            _add(found, layer, base)
        code = CASS_CODES.get(layer.id)
        if code is not None:
            _add(found, layer, code, is_code=True, is_shared=codes.count(code) > 1)
    return found


def went_out_from(snapshot: Snapshot, drawing: Drawing) -> bool:
    """Tell whether a drawing has our marks, or layers with which only our exports decorate others."""
    names = own_names(snapshot)
    known = (names.get(name) for name in drawing.layers)
    return any(drawing.sparse("own")) or any(own is not None and own.decorates for own in known)


def _add(
    found: dict[str, OwnName], layer: Layer, base: str, *, is_code: bool = False, is_shared: bool = False
) -> None:
    stated = [base, *(f"{base}_{half}" for rule in layer.style.overlays for half in _halves(rule.title))]
    for name in stated:
        if not is_shared:
            found.setdefault(name, OwnName(layer.id, decorates=False, is_code=is_code))
        for part in _DECORATIONS:
            for half in _halves(part):
                found.setdefault(f"{name}_{half}", OwnName(layer.id, decorates=True))


def _halves(words: Text) -> tuple[str, str]:
    return plain_title(words.zh), plain_title(words.en)
