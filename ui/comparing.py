"""Two states of a project read to be seen together."""

from __future__ import annotations

from gis.progress import Progress
from gis.project import Project
from gis.revisions.chapters import compare_states
from gis.revisions.comparison import Comparison
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.words import state_title
from ui.session import Beside


def compared(
    project: Project, before: str, after: str, progress: Progress
) -> tuple[Snapshot, Comparison, Beside]:
    """Return a state, its differences from another one, and that one to be shown beside it."""
    progress.check()
    new, old = project.state(after), project.state(before)
    progress.check()
    comparison = compare_states(project, before, after)
    beside = Beside(before, old, titled(project, before), titled(project, after))
    return new, comparison, beside


def titled(project: Project, label: str) -> Text:
    """Return what a state is called where it stands alone: R2 公示稿 第2版."""
    title = next((r.title for r in project.revisions if r.label == label), "")
    name = state_title(label)
    if label == WORKING and len(project.branches) > 1:
        branch = next(b.title for b in project.branches if b.current)
        name = Text("{b} · 当前", "{b} · now").format(b=branch)
    elif label == WORKING:
        name = Text("当前方案", "Working plan")
    return Text(f"{name.zh} {title}".strip(), f"{name.en} {title}".strip())
