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
from layers.text import Text
from ui.models.left_out import LeftOutGroup, left_out_groups, masks_of
from ui.models.plan_photos import PlanPhoto, photos_of
from ui.panels.page_preview import picture_of

if TYPE_CHECKING:
    from gis.publish.background import Picture
    from gis.publish.publication import Draft, Page, PublishResult
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
    theme : str or None
    picture : Picture or None
    settings : dict of setting name to JSON value
    plan : Snapshot
        The working plan when it was given: another one asks for another look.
    """

    project: Project = field(compare=False)
    state: str
    against: str | None
    profile: str
    theme: str | None
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
    """What was found when looking at an order: what the page will be made from, and how it is told."""

    draft: Draft
    review: Review
    picture: QImage
    groups: tuple[LeftOutGroup, ...]
    photos: tuple[PlanPhoto, ...]


def look(order: Order, progress: Progress) -> Looked:
    """Return what an order would make public and leave out, and the map at its head."""
    from gis.publish.publication import draft, superseded_today
    from gis.roster import names_of

    made = draft(
        order.project,
        revision=order.state,
        compare=order.against,
        profile=order.profile,
        theme=order.theme,
        picture=order.picture,
        superseded=superseded_today(order.project, order.state, order.profile),
        settings=order.settings,
        progress=progress.part(0.0, 0.8),
    )
    progress.check()
    state = order.project.state(order.state)
    masks = masks_of(made.removed, state, names_of(order.snapshot, order.project.path))
    groups = left_out_groups(made.removed, state, masks)
    progress.check()
    return Looked(made, made.review(), picture_of(made.content), groups, photos_of(state))


def make_page(looked: Looked, progress: Progress) -> Page:
    """Return the page of what was looked at; it lies nowhere yet."""
    progress.step(0.0, Text("生成网页", "Making the page"))
    page = looked.draft.page()
    progress.check()
    return page


def put_preview(page: Page) -> Path:
    """Write a page for one look and return where it lies; nothing is recorded."""
    from ui.temporary import temporary_file

    return temporary_file(tr("预览-{s}.html", "preview-{s}.html", s=page.revision), page.data)


def write_page(
    order: Order, looked: Looked, page: Page | None, out: Path, progress: Progress
) -> PublishResult:
    """Publish the page of what was looked at."""
    from gis.publish.publication import put_page

    page = page or make_page(looked, progress)
    return put_page(order.project, page, out, progress.part(0.9, 1.0))


def write_site(order: Order, out: Path, progress: Progress) -> SiteResult:
    """Publish every revision into a folder."""
    from gis.publish.site import publish_site

    return publish_site(
        order.project,
        out,
        compare=order.against,
        profile=order.profile,
        theme=order.theme,
        picture=order.picture,
        settings=order.settings,
        progress=progress,
    )
