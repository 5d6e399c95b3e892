"""Which layers go along while shared borders move together."""

from __future__ import annotations

from ui.session import Session


def shared_layers(session: Session) -> tuple[str, ...]:
    """Return the visible layers, whose features go along; none unless shared borders move together."""
    if not session.shared_borders or session.snapshot is None:
        return ()
    return tuple(layer.id for layer in session.snapshot.layers.values() if layer.visible)
