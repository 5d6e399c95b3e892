"""The kept pictures of a map: the plan, and the marks of the selection over it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from PyQt6.QtCore import QObject, pyqtSignal

from gis.i18n import language
from gis.pick import Box
from gis.render.clouds import Side
from gis.render.viewport import Viewport
from layers.revision import WORKING
from layers.snapshot import Snapshot
from ui.canvas.backdrop import BackdropPicture
from ui.canvas.frame import Frame, FrameOrder, Picture, device_viewport
from ui.canvas.marks import chosen_layers, extent_of
from ui.canvas.newest_job import NewestJob
from ui.canvas.proposal import ProposalOrder, ProposalPainter
from ui.canvas.renderer import MapRenderer
from ui.canvas.selection import SelectionOrder, SelectionPainter, SelectionPicture
from ui.session import Session

Trial: TypeAlias = Callable[[Snapshot], Snapshot]
"""What a state would look like: a style that is being edited."""


class MapPictures(QObject):
    """Orders pictures of what a session shows, and keeps the newest.

    Signals
    -------
    landed()
        A picture is newer.
    busy_changed(bool)
        Whether a newer picture of the plan is being made.

    Attributes
    ----------
    side : Side
        Which state of the comparison is shown; ``"both"`` while there is one map.
    glance : Snapshot or None
        A first look at the project that is being opened, shown while there is none.
    """

    landed = pyqtSignal()
    busy_changed = pyqtSignal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection: SelectionPicture | None = None
        self.side: Side = "both"
        self._trial: Trial | None = None
        self._tried: tuple[Snapshot, Snapshot] | None = None
        self.glance: Snapshot | None = None
        self._session = session
        self._renderer = MapRenderer(self)
        self.backdrop = BackdropPicture(session, self._renderer.pace, self)
        self.backdrop.landed.connect(self.landed)
        session.foreseen.connect(self._on_foreseen)
        self._renderer.landed.connect(self.landed)
        self._renderer.busy_changed.connect(self.busy_changed)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="map-marks")
        self._painter = SelectionPainter()
        self._marks = NewestJob(self._threads, self)
        self._marks.pace = self._renderer.pace
        self._marks.landed.connect(self._on_marks)
        self.proposal: Picture | None = None
        self._proposing = NewestJob(self._threads, self)
        self._proposing.landed.connect(self._on_proposal)
        self._proposals = ProposalPainter()

    @property
    def frame(self) -> Frame | None:
        """The newest picture of the plan."""
        return self._renderer.frame

    @property
    def busy(self) -> bool:
        """Whether a newer picture of the plan is being made or waited for."""
        return self._renderer.busy

    def try_out(self, trial: Trial | None) -> None:
        """Draw the plan changed like this until told otherwise; None draws it as it is."""
        self._trial, self._tried = trial, None

    def _shown(self, snapshot: Snapshot) -> Snapshot:
        """Return what is drawn for a state; the same object for the same state."""
        if self._trial is None:
            return snapshot
        if self._tried is None or self._tried[0] is not snapshot:
            self._tried = (snapshot, self._trial(snapshot))
        return self._tried[1]

    def order(self, view: Viewport, pixel_ratio: float, *, moving: bool = False) -> None:
        """Ask for pictures of a window's view (logical pixels); while it is `moving`, wait for a pause."""
        snapshot, device = self._session.snapshot, device_viewport(view, pixel_ratio)
        if snapshot is None:
            if self.glance is None:
                self.clear()
            else:
                order = FrameOrder(self.glance, device, None, language(), glance=True)
                self._renderer.order(order, moving=moving)
            return
        self._renderer.order(
            FrameOrder(
                self._shown(snapshot),
                device,
                self._session.comparison,
                language(),
                self.side,
                self.backdrop.on,
            ),
            moving=moving,
        )
        self.backdrop.order(device, moving=moving)
        if not moving:
            self.order_marks(view, pixel_ratio)
            self.order_proposal(view, pixel_ratio)

    def order_marks(self, view: Viewport, pixel_ratio: float) -> None:
        """Ask for the marks of the selection only."""
        snapshot = self._session.snapshot
        if snapshot is None or not self._session.selection:
            self._marks.cancel()
            self.selection = None
            self.landed.emit()
            return
        device = device_viewport(view, pixel_ratio)
        order = SelectionOrder(snapshot, self._session.selection, device)
        self._marks.start(partial(self._painter.paint, order))

    def order_proposal(self, view: Viewport, pixel_ratio: float) -> None:
        """Ask for the picture of what is about to come in."""
        proposal = self._session.proposal
        if proposal is None:
            self._proposing.cancel()
            if self.proposal is not None:
                self.proposal = None
                self.landed.emit()
            return
        order = ProposalOrder(proposal, device_viewport(view, pixel_ratio))
        self._proposing.start(partial(self._proposals.paint, order))

    def selection_extent(self) -> Box | None:
        """Return the box around what is selected, or None if nothing is."""
        snapshot, keys, known = self._session.snapshot, self._session.selection, self.selection
        if known is not None and known.order.keys is keys and known.order.snapshot is snapshot:
            return known.extent
        return extent_of(chosen_layers(snapshot, keys)) if snapshot is not None else None

    def begin(self) -> None:
        """Show another project: nothing, or its first look, until its picture is made."""
        if self.glance is None:
            self.clear()
        self.glance = None

    def clear(self) -> None:
        """Show nothing."""
        self.glance = None
        self._marks.cancel()
        self.backdrop.clear()
        self._proposing.cancel()
        self.selection = self.proposal = None
        self._renderer.clear()

    def close(self) -> None:
        """Stop the threads."""
        self._renderer.close()
        self.backdrop.close()
        self._marks.close()
        self._proposing.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _on_foreseen(self, snapshot: Snapshot) -> None:
        if self._trial is None and self._session.view == WORKING and self._session.comparison is None:
            self._renderer.foresee(snapshot)

    def _on_marks(self, picture: SelectionPicture) -> None:
        self.selection = picture
        self.landed.emit()

    def _on_proposal(self, picture: Picture) -> None:
        self.proposal = picture
        self.landed.emit()
