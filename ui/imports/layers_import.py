"""Importing several layers at once: of one file, of several, or of a folder; each into a layer of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import shapely
from PyQt6.QtCore import pyqtSignal

from gis.edit.place import check_place
from gis.exchange.import_records import record_of
from gis.exchange.joint_plan import JointPlan, Share, plan_together
from gis.exchange.kept_choices import Choices, Offer
from gis.exchange.matching import SHAPE, UID
from gis.exchange.parts import Part, Read, data_files, offered_parts, recorded_layer
from gis.exchange.source import Unplaced
from gis.exchange.update import UpdateRow
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import Key
from layers.errors import Finding, PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.imports.file_reading import understood_file
from ui.imports.kept_note import KeptNote
from ui.imports.part_list import PartList
from ui.imports.update_form import Ticked, UpdateForm, count_fates, shape_in_plan, with_removed
from ui.imports.update_list import in_order
from ui.models.proposal import ready_proposal
from ui.models.window_words import window_words
from ui.panels.parts import Choice
from ui.session import Session
from ui.tasks import Tasks

_COUNTS: Final = (
    ("added", Text("新增 {n}", "{n} new")),
    ("updated", Text("更新 {n}", "{n} updated")),
    ("unchanged", Text("相同 {n}", "{n} the same")),
    ("set_aside", Text("无法导入 {n}", "{n} left out")),
)
_GONE: Final = Text("文件中已没有 {n}", "{n} no longer in the file")
_MISPLACED: Final = ("import.better-crs", "import.far-away")
_NONE: Final = Text("请至少勾选一个图层。", "Tick a layer at least.")
_NOTHING: Final = Text("没有可导入的新内容。", "There is nothing new to import.")
_WAYS: Final = (
    (
        "",
        Text("自动：曾从本项目导出的更新，其余新增", "What was exported here is updated, the rest added"),
    ),
    (UID, Text("更新：全部按导出时带的标识（uid）对应", "Update: all by uid, as exported")),
    (SHAPE, Text("更新：按形状和位置对应", "Update: by shape and place")),
)


@dataclass(frozen=True)
class _Offer:
    parts: tuple[Part, ...]
    read: Read
    aims: dict[Part, str]
    guesses: dict[Part, str]
    """The layers that would be taken if nothing had been chosen before."""
    offers: dict[Part, Offer]
    """What was chosen last for files of the same columns."""


@dataclass(frozen=True)
class _Kept:
    """What was chosen in the form of another language."""

    offer: _Offer
    off: frozenset[Part]
    aims: dict[Part, str]
    way: str
    again: bool
    dropped: frozenset[Key]
    page: int


@dataclass(frozen=True)
class _Worked:
    plan: JointPlan
    rows: tuple[UpdateRow, ...]
    findings: tuple[Finding, ...]
    dropped: frozenset[Key]
    """What is not ticked at first."""
    ticked: Ticked


class LayersImport(UpdateForm):
    """Reads every layer once, and plans in the background at every choice anew.

    Signals
    -------
    one_wanted(Path, str)
        The user wants to bring in one layer of one file on its own.
    """

    one_wanted = pyqtSignal(object, str)

    def __init__(self, session: Session, tasks: Tasks, paths: Sequence[Path], name: str) -> None:
        super().__init__(session, tasks, name)
        self._offer: _Offer | None = None
        self._worked: _Worked | None = None
        self._dropped: frozenset[Key] | None = None
        self._build()
        project = session.project
        if project is not None:
            snapshot = project.snapshot
            self.begin(Text("正在读取", "Reading"), lambda p: _offered(snapshot, paths, p), self._on_offer)

    @property
    def plan(self) -> JointPlan | None:
        """What the import would do, once it is worked out."""
        return self._worked.plan if self._worked is not None else None

    def submit(self) -> None:
        """Apply what is ticked."""
        worked, ticked = self._worked, self.ticked
        if worked is None or ticked is None or self.busy:
            return
        plan, changes = worked.plan, ticked.changes
        fresh, updated, gone = count_fates(changes)
        sources = [source for _, source, _ in plan.ready]
        record = record_of(
            Path(self.name),
            ", ".join(dict.fromkeys(source.format for source in sources)),
            ", ".join(dict.fromkeys(source.crs for source in sources if source.crs)),
            list(dict.fromkeys(share.target for share, _, _ in plan.ready)),
            {**plan.counts, "removed": gone},
            plan.findings,
        )
        words = Text("已导入 {k} 个图层：新增 {a}，更新 {u}", "Imported {k} layers: {a} new, {u} updated")
        told = words.format(k=len({c.layer for c in changes}), a=fresh, u=updated)
        self.apply(changes, record, with_removed(told, gone))

    @property
    def adjustable(self) -> bool:
        """Whether the files could be opened at all."""
        return self._offer is not None

    def refresh(self) -> None:
        if self._offer is not None:
            self._work_out()

    def kept(self) -> _Kept | None:
        if self._offer is None:
            return None
        off, aims = self.parts.kept
        way, again = str(self.way.currentData() or ""), self.note.again
        return _Kept(self._offer, off, aims, way, again, self.updates.dropped, self.pages.currentIndex())

    def take_up(self, kept: _Kept) -> None:
        self.note.again = kept.again
        self._show_offer(kept.offer)
        self.parts.take_up(kept.off, kept.aims)
        self.way.setCurrentIndex(max(0, self.way.findData(kept.way)))
        self._dropped = kept.dropped
        self.open_page(kept.page)
        self._work_out()

    def _build(self) -> None:
        self.way, self.note = Choice(), KeptNote()
        self.note.turned.connect(self._on_turned)
        self.add_note(self.note)
        for way, words in _WAYS:
            self.way.addItem(tr(words), way)
        self.way.activated.connect(lambda _: self._work_out())
        self.add_choice(Text("方式", "How"), self.way)
        self.parts = PartList()
        self.parts.changed.connect(self._work_out)
        self.parts.one_wanted.connect(lambda part: self.one_wanted.emit(part.path, part.layer.name))
        self.add_page(Text("图层", "Layers"), self.parts)
        self.add_comparison()

    def _on_turned(self, again: bool) -> None:
        offer = self._offer
        if offer is not None:
            self.parts.take_up(self.parts.kept[0], offer.aims if again else offer.guesses)
            self._work_out()

    def _on_offer(self, offer: _Offer) -> None:
        self._show_offer(offer)
        self._work_out()

    def _show_offer(self, offer: _Offer) -> None:
        project = self.session.project
        self._offer = offer
        self.note.tell(_told_together(offer.offers))
        if project is not None:
            layers = list(project.snapshot.layers.values())[::-1]
            self.parts.fill(offer.parts, layers, offer.aims)

    def _work_out(self) -> None:
        offer, project = self._offer, self.session.project
        if offer is None or project is None:
            return
        targets, snapshot = self.parts.chosen, project.snapshot
        match = str(self.way.currentData() or "") or None
        dropped, self._dropped, self._worked = self._dropped, None, None
        again = self.note.again
        choices = {
            part: found.choices
            for part, found in offer.offers.items()
            if again and targets.get(part) == offer.aims[part]
        }

        def work(progress: Progress) -> _Worked:
            plan = plan_together(snapshot, offer.read, targets, match, progress, choices)
            rows = in_order(plan.rows)
            findings = tuple(_with_layer(snapshot, finding) for finding in plan.findings)
            off = plan.gone if dropped is None else dropped
            ticked = _chosen(plan, off)
            check_place(snapshot, ticked.changes)  # what would be refused in the end is refused here
            return _Worked(plan, rows, findings, off, ticked)

        self.begin(Text("正在核对", "Checking"), work, self._on_worked)

    def _on_worked(self, worked: _Worked) -> None:
        self._worked, self.ticked = worked, worked.ticked
        plan, counts = worked.plan, worked.plan.counts
        parts = [tr("读到 {n} 条", "{n} records", n=f"{counts.get('read', 0):,}")]
        parts += [tr(words, n=f"{n:,}") for name, words in _COUNTS if (n := counts.get(name, 0))]
        self.summary.setText(tr("，", ", ").join(parts))
        self.understood.setText(
            tr(
                "{n} 个图层，一步导入，可以一步撤销",
                "{n} layers, imported and undone in one step",
                n=len(plan.shares),
            )
        )
        self.understood.show()
        self._tell_refused(plan)
        for part in self.parts.parts:
            if not part.is_empty:
                self.parts.tell(part, "")
        for share in plan.shares:
            doubt = _doubt(share)
            words = _told(share) if doubt is None else tr(window_words(doubt))
            self.parts.tell(share.part, words, wrong=share.problem is not None or doubt is not None)
        tables = (source for _, source, _ in plan.ready if source.by_rows)
        self.findings.sheets = frozenset(source.path.name for source in tables)
        self.show_findings(worked.findings)
        titles = {name: tr(layer.title) for name, layer in plan.snapshot.layers.items()}
        self.show_rows(worked.rows, worked.dropped, titles)
        self.show_ticked()

    def _tell_refused(self, plan: JointPlan) -> None:
        """Say in full why nothing can come in; beside each layer there is little room."""
        problems = [share.problem for share in plan.shares if share.problem is not None]
        if problems and len(problems) == len(plan.shares):
            self.summary.setText(tr(window_words(problems[0].message)))
            advice = problems[0].advice
            self.understood.setText(tr(window_words(advice)) if advice is not None else "")
            self.understood.setVisible(advice is not None)

    def chooser(self) -> Callable[[frozenset[Key]], Ticked] | None:
        return partial(_chosen, self._worked.plan) if self._worked is not None else None

    def show_ticked(self, *, again: bool = False) -> None:
        worked = self._worked
        if worked is not None:
            self.preview_ticked(worked.findings, _NOTHING if worked.plan.shares else _NONE, again=again)

    def shape_of_row(self, row: UpdateRow) -> shapely.Geometry | None:
        worked = self._worked
        if worked is None:
            return None
        changes = [plan.changes.features.get(row.key) for _, _, plan in worked.plan.ready]
        after = next((change.after for change in changes if change is not None), None)
        feature = after or worked.plan.snapshot.feature(row.key)
        return feature.geometry if feature is not None else None

    def shape_of_finding(self, finding: Finding) -> shapely.Geometry | None:
        worked = self._worked
        if worked is None or not isinstance(finding.record, int):
            return None
        shapes = (
            shape_in_plan(source, finding.record, worked.plan.snapshot)
            for share, source, _ in worked.plan.ready
            if share.target == finding.layer
        )
        return next((shape for shape in shapes if shape is not None), None)

    def on_failed(self, error: PlanboardError) -> None:
        self._worked = None
        super().on_failed(error)


def _offered(snapshot: Snapshot, paths: Sequence[Path], progress: Progress) -> _Offer:
    """Return what the files hold, read, with a layer of the plan for each."""
    parts, read = offered_parts(data_files(paths), progress)
    aims: dict[Part, str] = {}
    guesses: dict[Part, str] = {}
    offers: dict[Part, Offer] = {}
    for part in parts:
        found, home = read.get(part), recorded_layer(snapshot, part)
        if home is None and isinstance(found, Unplaced):
            known = understood_file(found, snapshot)
            home = guesses[part] = known.target
            if known.offer is not None:
                offers[part], home = known.offer, known.offer.choices.layer or home
        aims[part] = home or next(iter(snapshot.layers))
    return _Offer(parts, read, aims, {**aims, **guesses}, offers)


def _told_together(offers: Mapping[Part, Offer]) -> Offer:
    """Return what is said of the last choices for all parts, each by its name."""
    taken = [_of(part, words) for part, offer in offers.items() for words in offer.taken]
    refused = [_of(part, words) for part, offer in offers.items() for words in offer.refused]
    return Offer(Choices(), tuple(taken), Choices(), tuple(refused))


def _of(part: Part, words: Text) -> Text:
    return Text("{p}：{w}", "{p}: {w}").format(p=part.layer.name, w=words)


def _chosen(plan: JointPlan, dropped: frozenset[Key]) -> Ticked:
    """Return what comes in without what is not ticked, and its preview."""
    changes = plan.chosen(dropped)
    return Ticked(changes, ready_proposal(changes))


def _told(share: Share) -> str:
    if share.problem is not None:
        return tr(window_words(share.problem.message))
    if share.plan is None:
        return ""
    parts = [tr(words, n=f"{n:,}") for name, words in _COUNTS if (n := getattr(share.plan.counts, name))]
    if share.plan.gone:
        parts.append(tr(_GONE, n=f"{len(share.plan.gone):,}"))
    return tr("，", ", ").join(parts)


def _doubt(share: Share) -> Text | None:
    """Return why a part probably does not lie where it belongs, if so."""
    findings = share.plan.findings if share.plan is not None else ()
    return next((f.message for f in findings if f.code in _MISPLACED), None)


def _with_layer(snapshot: Snapshot, finding: Finding) -> Finding:
    """Return a finding that names its layer, for a list over several."""
    layer = snapshot.layers.get(finding.layer or "")
    if layer is None:
        return finding
    words = Text("{l}：{w}", "{l}: {w}").format(l=layer.title, w=finding.message)
    return Finding(**{**vars(finding), "message": words})
