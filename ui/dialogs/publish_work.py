"""What publishing from the window does in a worker: looking, previewing, writing a page or a site."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project
from layers.changes import JsonValue
from layers.revision import WORKING
from layers.snapshot import Snapshot
from ui.models.left_out import LeftOutGroup, left_out_groups, masks_of
from ui.models.plan_photos import PlanPhoto, photos_of
from ui.panels.page_preview import picture_of

if TYPE_CHECKING:
    from gis.publish.background import Picture
    from gis.publish.publication import PublishResult
    from gis.publish.review import Review
    from gis.publish.site import SiteResult


@dataclass(frozen=True)
class Order:
    """Everything a publication depends on; two equal ones make the same page.

    Parameters
    ----------
    project : Project
    state : str
        Label of the revision, or ``"working"``.
    against : str or None
    profile : str
    picture : Picture or None
    settings : dict of setting name to JSON value
    plan : Snapshot
        The working plan when it was given: another one asks for another look.
    """

    project: Project = field(compare=False)
    state: str
    against: str | None
    profile: str
    picture: Picture | None
    settings: dict[str, JsonValue]
    plan: Snapshot = field(compare=False)

    def same_as(self, other: Order | None) -> bool:
        """Tell whether what was found for another order holds for this one."""
        if other is None or self != other:
            return False
        now, then = self.plan.layers, other.plan.layers
        same_plan = now.keys() == then.keys() and all(now[n].table is then[n].table for n in now)
        return same_plan or self.state != WORKING

    @property
    def snapshot(self) -> Snapshot:
        """The working plan with the settings of the publication."""
        return replace(self.project.snapshot, settings=self.settings)


@dataclass(frozen=True)
class Looked:
    """What was found when looking at an order."""

    review: Review
    picture: QImage
    groups: tuple[LeftOutGroup, ...]
    photos: tuple[PlanPhoto, ...]


def look(order: Order, progress: Progress) -> Looked:
    """Return what an order would make public and leave out, and the map at its head."""
    from gis.publish.publication import preview
    from gis.roster import names_of

    review = preview(
        order.project,
        revision=order.state,
        compare=order.against,
        profile=order.profile,
        picture=order.picture,
        settings=order.settings,
        progress=progress.part(0.0, 0.8),
    )
    progress.check()
    state = order.project.state(order.state)
    masks = masks_of(review.removed, state, names_of(order.snapshot, order.project.path))
    groups = left_out_groups(review.removed, state, masks)
    progress.check()
    return Looked(review, picture_of(review.content), groups, photos_of(state))


def make_preview(order: Order, progress: Progress) -> Path:
    """Write the whole page for one look and return where it lies; nothing is recorded."""
    from gis.publish.publication import make_page
    from ui.temporary import temporary_file

    page = make_page(
        order.project,
        revision=order.state,
        compare=order.against,
        profile=order.profile,
        picture=order.picture,
        settings=order.settings,
        progress=progress,
    )
    return temporary_file(tr("预览-{s}.html", "preview-{s}.html", s=order.state), page.data)


def write_page(order: Order, out: Path, progress: Progress) -> PublishResult:
    """Publish one page."""
    from gis.publish.publication import publish

    return publish(
        order.project,
        out,
        revision=order.state,
        compare=order.against,
        profile=order.profile,
        picture=order.picture,
        settings=order.settings,
        progress=progress,
    )


def write_site(order: Order, out: Path, progress: Progress) -> SiteResult:
    """Publish every revision into a folder."""
    from gis.publish.site import publish_site

    return publish_site(
        order.project,
        out,
        profile=order.profile,
        picture=order.picture,
        settings=order.settings,
        progress=progress,
    )
