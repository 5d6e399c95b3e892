"""Georeferencing a file by control points, for an import whose numbers are in no national system."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QWidget

from gis.exchange.import_records import last_placed
from gis.exchange.source import Ground
from gis.georeference import Fit
from gis.progress import Progress
from layers.background import Affine
from layers.text import Text
from ui.canvas.canvas import MapCanvas
from ui.place_picker import PlacePicker
from ui.session import Session
from ui.tasks import Tasks


class ControlPoints:
    """Opens the form of control points over a plain picture of a file's shapes."""

    def __init__(self, session: Session, tasks: Tasks, canvas: MapCanvas, picker: PlacePicker) -> None:
        self._session, self._tasks = session, tasks
        self._canvas, self._picker = canvas, picker

    def ask(
        self, parent: QWidget, title: str, numbers: NDArray[np.object_], take: Callable[[Ground], None]
    ) -> None:
        """Let the user point out places, and hand over the fit.

        Parameters
        ----------
        parent : QWidget
            The form goes when it goes.
        numbers : array of shapely.Geometry or None, shape (n,)
            The shapes in the numbers of the file.
        take : callable
            Gets the fit onto the CRS of the project.
        """

        def work(progress: Progress) -> tuple[QImage, Affine] | None:
            from gis.render.outline_picture import picture_of

            progress.check()
            return picture_of(numbers)

        def done(picture: tuple[QImage, Affine] | None) -> None:
            if picture is not None:
                self._open(parent, title, picture, take)

        self._tasks.run(Text("打开 {n}", "Opening {n}").format(n=title), work, done, quiet=True)

    def _open(
        self, parent: QWidget, title: str, picture: tuple[QImage, Affine], take: Callable[[Ground], None]
    ) -> None:
        from ui.dialogs.georeference_dialog import ControlSheet, GeoreferenceDialog

        project = self._session.project
        if project is None or not parent.isVisible():
            return
        crs = project.snapshot.crs
        sheet = ControlSheet(title, *picture, picture=False, known=last_placed(project.snapshot))
        dialog = GeoreferenceDialog(
            parent.window() or parent, self._session, self._canvas, self._picker, sheet
        )

        def fitted(fit: Fit) -> None:
            take(Ground(crs, fit, dialog.used_points))

        dialog.fitted.connect(fitted)
        parent.destroyed.connect(dialog.close)
        dialog.show()
