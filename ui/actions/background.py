"""What the acts of backgrounds do: adding, placing, finding again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFileDialog, QMenu

from gis.crs import Bounds
from gis.i18n import tr
from gis.progress import Progress
from gis.raster.opening import ENDINGS
from layers.background import (
    BACKGROUNDS,
    Background,
    GridBackground,
    RasterBackground,
    TileBackground,
    add_background,
    backgrounds_of,
    change_background,
    new_background_uid,
    remove_background,
    with_backgrounds,
)
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.text import Text
from ui.opening import tell_written

if TYPE_CHECKING:
    from gis.georeference import Fit
    from gis.raster.arrival import Seen
    from gis.raster.colours import Pixels
    from gis.raster.opening import Raster
    from gis.render.map_export import MapFile
    from layers.background import Affine
    from ui.dialogs.map_image_dialog import MapImageWish
    from ui.workplace import Workplace

_KINDS: Final = ("background.picture", "background.georeference", "background.tiles", "background.grid")
_FAR_M: Final = 500.0
"""A picture farther from the plan than this is told to be."""
_SHEET_PX: Final = 6000
"""A picture is shown for pointing with no side longer than this."""


class BackgroundActions(QObject):
    """Adds pictures and grids below the plan, and finds lost files again."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._preparing: set[Path] = set()
        for signal in (self._session.project_opened, self._session.language_changed):
            signal.connect(self._mark)
        self._session.changed.connect(self._on_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "background.picture": self.add_picture,
            "background.georeference": self.georeference,
            "background.tiles": self.add_tiles,
            "background.grid": self.toggle_grid,
            "background.none": self.hide_all,
            "map.export": self.export_map,
            "map.copy": self.copy_map,
        }

    def offer_kinds(self, where: QPoint) -> None:
        """Open the menu of what can be added."""
        menu = QMenu(self._window)
        qt = self._window.actions_.qt
        for name in _KINDS:
            menu.addAction(qt[name])
        menu.popup(where)

    def add_picture(self) -> None:
        """Ask for a picture file and lay it below the plan."""
        path = self._ask_picture(Text("添加底图", "Add a background"))
        if path is not None:
            self.add_file(path)

    def georeference(self) -> None:
        """Ask for a picture and place it by control points, whatever it says about its place."""
        path = self._ask_picture(Text("配准扫描图", "Georeference a scan"))
        if path is not None:
            self._look_at(path, lambda seen: self._place_by_points(seen))

    def add_file(self, path: Path) -> None:
        """Lay a picture below the plan; ask where it lies if it does not say."""
        if self._session.project is None or not self._session.may_edit():
            return
        self._look_at(path, self._on_seen)

    def add_tiles(self) -> None:
        """Ask which online map, and with which key."""
        if self._session.project is None or not self._session.may_edit():
            return
        self._open_tiles_form(None)

    def allow(self, uid: str) -> None:
        """Ask for the key of an online map, or for the consent to use the net; then show it."""
        background = self._background(uid)
        if isinstance(background, TileBackground):
            self._open_tiles_form(background)

    def _open_tiles_form(self, background: TileBackground | None) -> None:
        from ui.dialogs.tiles_dialog import TilesDialog

        dialog = TilesDialog(self._window, background)
        dialog.chosen.connect(self._on_tiles)
        dialog.open()

    def _on_tiles(self, background: TileBackground) -> None:
        if self._background(background.uid) is None:
            title = Text("添加在线地图 {n}", "Add online map {n}").format(n=background.title)
            self._run(title, lambda s: add_background(s, background))
            self._window.backgrounds.choose(background.uid)
        self._window.canvas.pictures.backdrop.again()

    def toggle_grid(self) -> None:
        """Show the coordinate grid, or take it away."""
        project = self._session.project
        if project is None:
            return
        grid = next(
            (b for b in backgrounds_of(project.snapshot.settings) if isinstance(b, GridBackground)), None
        )
        if grid is None:
            new = GridBackground(new_background_uid(), tr("坐标网格", "Coordinate grid"))
            self._run(Text("显示坐标网格", "Show the grid"), lambda s: add_background(s, new))
        else:
            self._run(Text("移除坐标网格", "Remove the grid"), lambda s: remove_background(s, grid.uid))

    def hide_all(self) -> None:
        """Show the plan on plain ground; the backgrounds stay in the list."""
        self._run(
            Text("隐藏全部底图", "Hide all backgrounds"),
            lambda s: with_backgrounds(s, [replace(b, visible=False) for b in backgrounds_of(s)]),
        )

    def export_map(self) -> None:
        """Ask for extent, scale and file, then write the map as a picture."""
        from ui.dialogs.map_image_dialog import MapImageDialog

        window, project = self._window, self._session.project
        if project is None:
            return
        dialog = MapImageDialog(window, self._session, window.canvas.viewport, window.folder)
        dialog.chosen.connect(self._write_map)
        dialog.open()

    def copy_map(self) -> None:
        """Put what is shown into the clipboard."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None and self._session.project is not None:
            image = self._window.canvas.export_image()
            clipboard.setImage(image)
            self._session.tell(
                Text("已复制地图（{w}×{h} 像素）。", "Map copied ({w} × {h} pixels).").format(
                    w=image.width(), h=image.height()
                ),
                "success",
            )

    def _write_map(self, wish: MapImageWish) -> None:
        project, snapshot, comparison = (
            self._session.project, self._session.snapshot, self._session.comparison,
        )  # fmt: skip
        if project is None or snapshot is None:
            return
        # the backgrounds are those one sees, also under an old revision
        seen = replace(snapshot, settings=project.snapshot.settings)

        def work(progress: Progress) -> MapFile:
            from gis.render.map_export import write_map

            return write_map(
                seen, wish.viewport, wish.out, project=project.path if wish.background else None,
                comparison=comparison, world_file=wish.world_file, progress=progress,
            )  # fmt: skip

        def done(made: MapFile) -> None:
            tell_written(self._session, made.files[0])
            for finding in made.findings[:2]:
                self._session.tell(finding.message, "warning")

        self._window.tasks.run(Text("导出地图图片", "Exporting the map"), work, done)

    def find_file(self, uid: str) -> None:
        """Ask where the file of a background is now."""
        background = self._background(uid)
        path = self._ask_picture(Text("重新指定底图文件", "Where is the picture now?"))
        if not isinstance(background, RasterBackground) or path is None:
            return

        def found(seen: Seen) -> None:
            kept = seen.background
            values = {"path": kept.path, "bytes": kept.bytes, "sha256": kept.sha256}
            self._run(
                Text("重新指定底图文件", "Background found again"),
                lambda s: change_background(s, uid, **values),
            )
            if kept.sha256 != background.sha256:
                self._session.tell(
                    Text(
                        "这个文件与当初添加的不同，请核对位置。",
                        "This file is not the one that was added; check where it lies.",
                    ),
                    "warning",
                )

        self._look_at(path, found)

    def place_again(self, uid: str) -> None:
        """Ask once more where a picture lies."""
        background, project = self._background(uid), self._session.project
        if isinstance(background, RasterBackground) and project is not None:
            path = project.path.absolute().parent / background.path
            self._look_at(path, lambda seen: self._ask_place(replace(seen, background=background)))

    def zoom(self, uid: str) -> None:
        """Show the whole of a background."""
        background, project = self._background(uid), self._session.project
        if project is None or not isinstance(background, RasterBackground):
            self._window.canvas.zoom_full()
            return
        where, crs = project.path, project.snapshot.crs

        def work(progress: Progress) -> Bounds:
            from gis.raster.placing import ground_extent, placed

            progress.check()
            return ground_extent(placed(background, where, crs), crs)

        self._window.tasks.run(
            Text("查找底图范围", "Finding the extent"), work, self._session.zoom_requested.emit, quiet=True
        )

    def make_copies(self) -> None:
        """Prepare pictures that cannot be shown quickly as they are, in the background."""
        painted = self._window.canvas.pictures.backdrop.painted
        for raster in painted.waiting if painted is not None else ():
            if raster.path not in self._preparing:
                self._preparing.add(raster.path)
                self._make_copy(raster)

    def _make_copy(self, raster: Raster) -> None:
        def work(progress: Progress) -> Path:
            from gis.raster.copies import make_copy

            return make_copy(raster, progress)

        def done(_: Path) -> None:
            self._preparing.discard(raster.path)
            self._window.canvas.pictures.backdrop.again()

        # a failure or a cancelled copy stays marked: it is not begun again by itself
        self._window.tasks.run(Text("准备底图 {n}", "Preparing {n}").format(n=raster.path.name), work, done)

    def _look_at(self, path: Path, done: Callable[[Seen], None]) -> None:
        project = self._session.project
        if project is None:
            return
        where, crs, extent = project.path, project.snapshot.crs, project.snapshot.extent()

        def work(progress: Progress) -> Seen:
            from gis.raster.arrival import look_at

            progress.check()
            return look_at(path, where, crs, extent)

        self._window.tasks.run(Text("查看 {n}", "Looking at {n}").format(n=path.name), work, done)

    def _on_seen(self, seen: Seen) -> None:
        if seen.problem is not None:
            self._ask_place(seen)
            return
        if not self._add(seen.background, seen.extent):
            return
        if seen.away_m > _FAR_M:
            self._session.tell(
                Text(
                    "“{n}”离本项目 {k:,.0f} 公里，这里看不到它。",
                    "“{n}” lies {k:,.0f} km from this plan; nothing of it is seen here.",
                ).format(n=seen.raster.path.name, k=max(1.0, seen.away_m / 1000)),
                "warning",
                Text(
                    "若位置不对，请移除后用控制点配准，或核对它的坐标系。",
                    "If it lies wrong, remove it and use control points, or check its CRS.",
                ),
            )
        if seen.assumed:
            self._session.tell(
                Text(
                    "“{n}”没有标明坐标系，坐标落在本项目处，按 {c} 放置。",
                    "“{n}” names no CRS; by its numbers it lies at this project, so {c} is taken.",
                ).format(n=seen.raster.path.name, c=seen.background.crs),
                "warning",
                Text(
                    "若位置不对，请移除后用控制点配准。",
                    "If it lies wrong, georeference it with control points.",
                ),
            )

    def _ask_place(self, seen: Seen) -> None:
        from ui.dialogs.raster_place_dialog import RasterPlaceDialog

        dialog = RasterPlaceDialog(self._window, seen.raster, seen.problem)
        dialog.crs_chosen.connect(lambda crs: self._try_crs(seen, crs, dialog))
        dialog.points_wanted.connect(lambda: self._place_by_points(seen))
        dialog.open()

    def _try_crs(self, seen: Seen, crs: str, dialog: object) -> None:
        """Take a CRS for a picture if its numbers can be in it."""
        from gis.raster.placing import ground_extent, place
        from ui.dialogs.raster_place_dialog import RasterPlaceDialog

        project = self._session.project
        assert isinstance(dialog, RasterPlaceDialog)
        if project is None:
            return
        background = replace(seen.background, crs=crs)
        try:
            extent = ground_extent(place(seen.raster, background, project.snapshot.crs), project.snapshot.crs)
        except PlanboardError as error:
            dialog.show_refused(error)
            return
        dialog.accept()
        self._add(background, extent)

    def _place_by_points(self, seen: Seen) -> None:
        """Open the form of control points for a picture, once its pixels are there."""

        def work(progress: Progress) -> Pixels:
            from gis.raster.reading import read_whole

            return read_whole(seen.raster, _SHEET_PX, progress.check)

        self._window.tasks.run(
            Text("打开 {n}", "Opening {n}").format(n=seen.raster.path.name),
            work,
            lambda pixels: self._open_form(seen, pixels),
        )

    def _open_form(self, seen: Seen, pixels: Pixels) -> None:
        from gis.render.backdrop import image_of
        from ui.dialogs.georeference_dialog import ControlSheet, GeoreferenceDialog

        rows, columns, _ = pixels.shape
        across, down = seen.raster.width / columns, seen.raster.height / rows
        to_drawing = (across, 0.0, 0.0, 0.0, -down, 0.0)
        sheet = ControlSheet(seen.raster.path.name, image_of(pixels), to_drawing, picture=True)
        window = self._window
        dialog = GeoreferenceDialog(window, self._session, window.canvas, window.picker, sheet)
        dialog.fitted.connect(lambda fit: self._on_fitted(seen, fit))
        dialog.show()

    def _on_fitted(self, seen: Seen, fit: Fit) -> None:
        from ui.dialogs.georeference_dialog import picture_transform

        project = self._session.project
        if project is None:
            return
        transform, crs = picture_transform(fit), project.snapshot.crs
        background = replace(seen.background, crs=crs, transform=transform)
        if not self._add(background, None):
            return
        acts = [
            (Text("缩放到底图", "Zoom to it"), partial(self.zoom, background.uid)),
            (
                Text("另存带坐标的副本…", "Save a copy with a world file…"),
                partial(self._save_placed, seen.raster, transform, crs),
            ),
        ]
        self._session.offer(
            Text("已配准：{n}（中误差 {r:.3f} m）", "Placed: {n} (RMS {r:.3f} m)").format(
                n=background.title, r=fit.rms_m
            ),
            acts,
            "success",
            Text(
                "位置存在项目中，原图未改动。", "Its place is kept in the project; the picture is as it was."
            ),
        )

    def _save_placed(self, raster: Raster, transform: Affine, crs: str) -> None:
        suggested = raster.path.with_stem(raster.path.stem + tr("-配准", "-placed"))
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("另存带坐标的副本", "Save a copy with a world file"), str(suggested)
        )
        if not name:
            return
        out = Path(name)

        def work(progress: Progress) -> Path:
            from gis.raster.world_file import copy_with_world_file

            progress.check()
            return copy_with_world_file(raster, out, transform, crs)

        self._window.tasks.run(Text("另存副本", "Saving a copy"), work, partial(tell_written, self._session))

    def _add(self, background: RasterBackground, extent: Bounds | None) -> bool:
        """Put a background into the project, or give it its new place if it is there already."""
        known = self._background(background.uid) is not None
        values = {"crs": background.crs, "transform": background.transform}
        title = Text("添加底图 {n}", "Add background {n}").format(n=background.title)
        added = self._run(
            title,
            (lambda s: change_background(s, background.uid, **values))
            if known
            else (lambda s: add_background(s, background)),
        )
        if added:
            self._window.backgrounds.choose(background.uid)
        if not added or extent is None:
            return added
        show = partial(self._session.zoom_requested.emit, extent)
        self._session.offer(
            Text("底图已添加：{n}", "Background added: {n}").format(n=background.title),
            [(Text("缩放到底图", "Zoom to it"), show)],
            "success",
        )
        return True

    def _ask_picture(self, title: Text) -> Path | None:
        endings = " ".join(f"*{ending}" for ending in sorted(ENDINGS))
        pattern = f"{tr('图片', 'Pictures')} ({endings});;{tr('所有文件', 'All files')} (*)"
        name, _ = QFileDialog.getOpenFileName(self._window, tr(title), str(self._window.folder), pattern)
        return Path(name) if name else None

    def _background(self, uid: str) -> Background | None:
        project = self._session.project
        known = backgrounds_of(project.snapshot.settings) if project is not None else ()
        return next((b for b in known if b.uid == uid), None)

    def _run(self, title: Text, edit: Callable[[dict[str, object]], ChangeSet]) -> bool:
        return self._session.run(title, lambda snapshot: edit(dict(snapshot.settings)))

    def _on_changed(self, changes: ChangeSet) -> None:
        if BACKGROUNDS in changes.settings:
            self._mark()

    def _mark(self) -> None:
        project = self._session.project
        known = backgrounds_of(project.snapshot.settings) if project is not None else ()
        self._window.actions_.qt["background.grid"].setChecked(
            any(isinstance(b, GridBackground) for b in known)
        )
