"""The other side of a merge: another branch of this file, or a colleague's copy of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import apsw

from gis.store import branch_names, branches, guard, revisions
from gis.store.connection import connect
from gis.store.failures import told
from gis.store.handover import HandOver, free_label, has_news
from gis.store.history import RowChanges, change_set, changes_since, plan_only
from gis.store.opening import check_path, open_checked
from gis.store.store import Store, open_store
from gis.store.told import with_told
from layers.changes import Change, ChangeSet, Key
from layers.errors import Finding, RefusedError
from layers.feature import Feature
from layers.revision import MAIN, WORKING, branch_title
from layers.snapshot import Snapshot
from layers.text import Text


@dataclass(frozen=True)
class Apart:
    """Two plans as they grew apart from one: changes of the plan, not of the display.

    Parameters
    ----------
    ours, theirs : ChangeSet
        Both from the same state.
    base_label : str or None
        Our label of the newest revision that both were made from.
    """

    ours: ChangeSet
    theirs: ChangeSet
    base_label: str | None


@dataclass(frozen=True)
class Theirs:
    """What is merged in.

    Parameters
    ----------
    name : str
        File name, or name of the branch.
    branch : str
        The branch of it that is compared with ours.
    head : str or None
        Its newest revision, by the label it has there.
    unfrozen : int
        How many features and settings changed there since that revision.
    revisions, photos, postings : int
        How many come along that are not here yet.
    """

    name: str
    branch: str
    head: str | None
    unfrozen: int = 0
    revisions: int = 0
    photos: int = 0
    postings: int = 0


class BranchSource:
    """Another branch of the open file.

    Parameters
    ----------
    state_of : callable
        Returns the working plan of a branch by name.
    """

    def __init__(self, store: Store, name: str, state_of: Callable[[str], Snapshot]) -> None:
        self.name, self.whole = name, True
        self.store, self._state_of = store, state_of
        self._row = branches.find_branch(branches.read_branches(store.db), name)
        if name == branches.current_name(store.db):
            raise RefusedError(
                Text("“{name}”就是正在编辑的方案。", "“{name}” is the plan being edited.").format(
                    name=branch_title(name)
                ),
                Text("请先切换到要并入的方案。", "Switch to the plan that shall take it in first."),
                code="branch.itself",
            )

    def state(self) -> Snapshot:
        """Return its working plan."""
        return self._state_of(self.name)

    def theirs(self) -> Theirs:
        """Say what it is."""
        labels = {row.rev_id: label for label, row in revisions.read_revisions(self.store.db).items()}
        rows = branches.own_work(self.store.db, self._row)
        head = labels[self._row.head] if self._row.head is not None else None
        return Theirs(self.name, self.name, head, len(rows.rows) + len(rows.settings))

    def apart(self) -> Apart:
        """Return what changed on both since they were one."""
        db = self.store.db
        by_id = {row.rev_id: row for row in revisions.read_revisions(db).values()}
        here = branches.current(db)
        shared = set(revisions.ancestors(by_id, here.head)) & set(revisions.ancestors(by_id, self._row.head))
        base = revisions.newest_shared(by_id, shared)
        label = by_id[base].revision.label if base is not None else None
        fork = _fork(here, self._row, base)
        if fork is None:
            ours = revisions.changes_between(db, label, WORKING)
            theirs = revisions.changes_between(db, label, self.name)
        else:
            ours = changes_since(db, fork.journal_seq, fork.setting_seq)
            theirs = ours.then(revisions.changes_between(db, WORKING, self.name))
        return Apart(_changes(self.store, ours), _changes(self.store, theirs), label)

    def record(self, store: Store, step: int | None, decisions: Mapping[Any, str]) -> None:
        """Note the second parent of the next revision, and what was decided."""
        if step is not None:
            note_merge(store.db, step, self._row.head if self.whole else None, decisions)

    def close(self) -> None:
        """Nothing is held."""


def _fork(here: branches.BranchRow, other: branches.BranchRow, base: int | None) -> branches.Fork | None:
    """Return where one branch left the working plan of the other, if no later revision is common."""
    for one, two in ((here, other), (other, here)):
        if one.fork is not None and one.fork.of == two.name and one.origin == base:
            return one.fork
    return None


def _changes(store: Store, rows: RowChanges) -> ChangeSet:
    return change_set(store.db, plan_only(rows), store.names)[0]


def note_merge(db: apsw.Connection, step: int, parent: int | None, decisions: Mapping[Any, str]) -> None:
    """Note what a merge step merged in, and how each conflict was decided."""
    db.execute("UPDATE pb_action SET merge_parent = ? WHERE action_id = ?", (parent, step))
    db.executemany(
        "INSERT INTO pb_decision VALUES (?,?,?,?,?)",
        [(step, *(key or ("", "")), cell, side) for (key, cell), side in decisions.items()],
    )


class _Place(NamedTuple):
    """A place in the journal of a file."""

    journal_seq: int
    setting_seq: int


class ColleagueCopy:
    """A copy of the project that somebody else edited; copied aside, then read like any project.

    Parameters
    ----------
    path : Path
        The other file. It is only read.
    ours : Path
        The open project.

    Raises
    ------
    RefusedError
        If both are one file.
    """

    def __init__(self, path: Path, ours: Path) -> None:
        self.name = path.name
        path = Path(os.path.abspath(path))
        with told(path), ExitStack() as held:
            check_path(path)
            if os.path.samefile(path, ours):
                raise RefusedError(
                    Text("要合并的文件就是当前项目本身。", "The file to merge is the open project itself."),
                    Text("请选择同事那里的副本。", "Choose your colleague's copy."),
                    code="merge.itself",
                )
            folder = Path(held.enter_context(TemporaryDirectory(prefix="planboard-")))
            _copy(path, folder / path.name)
            self.store = open_store(folder / path.name, read_only=False)
            held.callback(self.store.close)
            self._held = held.pop_all()

    def close(self) -> None:
        """Remove the copy. May be called twice."""
        self._held.close()

    def __del__(self) -> None:
        """Remove the copy when nobody needs it any more."""
        if hasattr(self, "_held"):
            self._held.close()

    @property
    def findings_of_opening(self) -> tuple[Finding, ...]:
        """What opening the copy found: edits made in it by other programs."""
        return self.store.findings

    def state(self) -> Snapshot:
        """Return its working plan."""
        snapshot = self.store.snapshot()
        branch = self._compared
        if branch == branches.current_name(self.store.db):
            return snapshot
        rows = revisions.changes_between(self.store.db, WORKING, branch)
        return snapshot.apply(_changes(self.store, rows))

    def _branch(self, ours: str) -> str:
        """Return their branch to compare with ours: the same one, else the one in front."""
        same = (theirs for theirs, mine in self._names.items() if mine == ours)
        return next(same, branches.current_name(self.store.db))

    def apart(self, ours: Store) -> Apart:
        """Return what changed in both files since they were one.

        Raises
        ------
        RefusedError
            If the other file is another project, or in another coordinate system.
        """
        _check_same_project(ours, self.store, self.name)
        self._names = branch_names.counterparts(ours.db, self.store.db)
        self._compared = branch = self._branch(branches.current_name(ours.db))
        base = self._shared_revision(ours, branch)
        places, anywhere = self._places(ours, branch), self._places(ours, None)
        here, there = self._since(ours, base, places)
        if places != anywhere:  # what was told is common to all alternatives, and so is where it parted
            told_here, told_there = self._since(ours, base, anywhere)
            here = with_told(ours.db, here, told_here)
            there = with_told(self.store.db, there, told_there)
        label = base.label if base is not None else None
        return Apart(_changes(ours, here), _known_only(_changes(self.store, there), ours), label)

    def _since(
        self, ours: Store, base: _Shared | None, places: tuple[_Place | None, _Place | None]
    ) -> tuple[RowChanges, RowChanges]:
        """Return what changed here and there since the journals parted, or since a later revision."""
        mine, other = places
        if (
            mine is None
            or other is None
            or (base is not None and not 0 <= base.journal_seq <= mine.journal_seq)
        ):
            before, theirs = (base.label, base.theirs) if base is not None else (None, None)
            here = revisions.changes_between(ours.db, before, WORKING)
            return here, revisions.changes_between(self.store.db, theirs, self._compared)
        onward = revisions.changes_between(self.store.db, WORKING, self._compared)
        return changes_since(ours.db, *mine), changes_since(self.store.db, *other).then(onward)

    def _shared_revision(self, ours: Store, branch: str) -> _Shared | None:
        """Return the newest revision that both plans were made from."""
        mine = {row.rev_id: row for row in revisions.read_revisions(ours.db).values()}
        others = {row.rev_id: row for row in revisions.read_revisions(self.store.db).values()}
        our_head = branches.current(ours.db).head
        their_head = branches.read_branches(self.store.db)[branch].head
        theirs = {
            others[n].revision.uuid: others[n].revision.label for n in revisions.ancestors(others, their_head)
        }
        shared = {n for n in revisions.ancestors(mine, our_head) if mine[n].revision.uuid in theirs}
        found = revisions.newest_shared(mine, shared)
        if found is None:
            return None
        row = mine[found]
        return _Shared(row.revision.label, theirs[row.revision.uuid], row.journal_seq)

    def _places(self, ours: Store, branch: str | None) -> tuple[_Place | None, _Place | None]:
        """Return the end of what both files went through together, in the journal of each.

        On one branch, or on any of them (None).
        """
        here = branches.current_name(ours.db)
        if branch is not None and self._names.get(branch) != here:
            return None, None
        mine, other = _steps(ours.db), _steps(self.store.db)
        last = None
        for (uuid, number, name), (their_uuid, their_number, _) in zip(mine, other, strict=False):
            if uuid != their_uuid:
                break
            if branch is None or name == here:
                last = number, their_number
        if last is None:
            start = _Place(0, 0) if branch in (None, MAIN) else None
            return start, start
        return _place(ours.db, last[0]), _place(self.store.db, last[1])

    def theirs(self, ours: Store) -> Theirs:
        """Say what it is and what comes along."""
        db = self.store.db
        branch = branches.read_branches(db)[self._compared]
        known = revisions.read_revisions(db)
        labels = {row.rev_id: label for label, row in known.items()}
        rows = plan_only(branches.unfrozen(db, branch))
        hand_over = HandOver(ours, self.store)
        head = labels[branch.head] if branch.head is not None else None
        return Theirs(
            *(self.name, branch.name, head, len(rows.rows) + len(rows.settings)),
            *(len(hand_over.missing_revisions()), len(hand_over.missing_photos())),
            len(hand_over.missing_postings()),
        )

    def findings(self, ours: Store) -> tuple[Finding, ...]:
        """Say what to know before merging."""
        return (*self.store.findings, *self._renamed(ours), *self._other_branches(ours))

    def _renamed(self, ours: Store) -> list[Finding]:
        taken = set(revisions.read_revisions(ours.db)) | set(branches.read_branches(ours.db))
        findings = []
        for row in HandOver(ours, self.store).missing_revisions():
            label = free_label(row.revision.label, taken)
            taken.add(label)
            if label != row.revision.label:
                words = Text(
                    "对方的版次 {old} 与本项目的版次重名，合并后改称 {new}。",
                    "Their revision {old} has a label that is in use here; it will be called {new}.",
                ).format(old=row.revision.label, new=label)
                findings.append(Finding("merge.label", words, "info", file=self.name))
        return findings

    def _other_branches(self, ours: Store) -> list[Finding]:
        """Name what this merge leaves out, and say if it takes from a plan of another name."""
        known = branches.read_branches(ours.db)
        here = branches.current_name(ours.db)
        compared = self._compared
        findings = [*self._known_otherwise(), *self._returning(ours)]
        if self._names.get(compared) != here:
            words = Text(
                "对方副本里没有“{here}”，并入的是对方的“{there}”。",
                "Their copy has no “{here}”: what comes in is their “{there}”.",
            ).format(here=branch_title(here), there=branch_title(compared))
            findings.append(Finding("merge.otherplan", words, "warning", file=self.name))
        for name, row in branches.read_branches(self.store.db).items():
            mine = self._names.get(name)
            if name == compared or mine is None or not has_news(ours, known[mine], self.store, row):
                continue
            words = Text(
                "对方的“{name}”也有改动，这次不合并；请切换到“{mine}”后再合并一次。",
                "Their “{name}” differs too and is not merged now; switch to “{mine}” and merge again.",
            ).format(name=branch_title(name), mine=branch_title(mine))
            findings.append(Finding("merge.branch", words, "info", file=self.name))
        return findings

    def _known_otherwise(self) -> list[Finding]:
        """Name the alternatives that have another name there: they are the same all the same."""
        words = Text(
            "对方的“{there}”就是本项目的“{here}”，合并后仍称“{here}”。",
            "Their “{there}” is “{here}” here, and keeps that name.",
        )
        pairs = [(theirs, mine) for theirs, mine in self._names.items() if theirs != mine]
        return [
            Finding("merge.name", words.format(there=theirs, here=mine), "info", file=self.name)
            for theirs, mine in pairs
        ]

    def _returning(self, ours: Store) -> list[Finding]:
        """Name the alternatives that were removed here and went on there."""
        words = Text(
            "“{name}”在本项目中已删除，但对方又有新的修改，合并后重新出现。",
            "“{name}” was removed here but went on there; it is back after the merge.",
        )
        return [
            Finding("merge.returned", words.format(name=row.name), "warning", file=self.name)
            for row in HandOver(ours, self.store).missing_branches()
            if branch_names.removed_here(ours.db, row) is not None
        ]

    def record(self, store: Store, step: int | None, decisions: Mapping[Any, str]) -> None:
        """Take over revisions, branches, photos and postings, and note the second parent."""
        numbers = HandOver(store, self.store).run()
        if step is not None:
            branch = branches.read_branches(self.store.db)[self._compared]
            parent = numbers[branch.head] if branch.head is not None else None
            note_merge(store.db, step, parent, decisions)


class _Shared(NamedTuple):
    """A revision that both files have: our label, theirs, its place in our journal (-1: by a merge)."""

    label: str
    theirs: str
    journal_seq: int


def _copy(path: Path, copy: Path) -> None:
    """Copy a project page by page as one consistent state, whatever its owner does meanwhile."""
    guard.refuse_if_live(copy)
    source, aside = open_checked(path, read_only=True)
    with ExitStack() as on_end:
        if aside is not None:
            on_end.callback(aside.close)
        on_end.callback(source.close)
        target = connect(copy, create=True)
        on_end.callback(target.close)
        target.execute("PRAGMA synchronous = OFF")  # a copy for this merge alone
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(5000)
        if target.pragma("journal_mode") != "delete":
            target.pragma("journal_mode", "delete")


def _check_same_project(ours: Store, theirs: Store, name: str) -> None:
    query = "SELECT value FROM pb_meta WHERE key = 'uuid'"
    if ours.db.execute(query).get != theirs.db.execute(query).get:
        raise RefusedError(
            Text(
                "“{name}”是另一个项目，不是本项目的副本。",
                "“{name}” is another project, not a copy of this one.",
            ).format(name=name),
            Text(
                "要从中取用对象，请导出后用“导入”读入。",
                "To take objects from it, export them and use Import.",
            ),
            code="merge.other-project",
        )
    if ours.crs != theirs.crs:
        raise RefusedError(
            Text("“{name}”的坐标系与本项目不同。", "“{name}” is in another coordinate system.").format(
                name=name
            ),
            code="merge.crs",
        )


def _steps(db: apsw.Connection) -> list[Any]:
    return db.execute("SELECT uuid, action_id, branch FROM pb_action ORDER BY action_id").fetchall()


def _place(db: apsw.Connection, step: int) -> _Place:
    ends: list[Any] = [
        db.execute(f"SELECT ifnull(max(seq), 0) FROM {table} WHERE action_id <= ?", (step,)).get
        for table in ("pb_journal", "pb_setting_journal")
    ]
    return _Place(*ends)


def _known_only(changes: ChangeSet, ours: Store) -> ChangeSet:
    """Leave out attributes of fields that our file does not have."""

    def known(layer: str, feature: Feature | None) -> Feature | None:
        if feature is None:
            return None
        names = ours.tables[layer].names
        if set(feature.attributes) <= set(names):
            return feature
        return replace(feature, attributes={n: v for n, v in feature.attributes.items() if n in names})

    found: dict[Key, Change] = {
        key: Change(c.layer, known(c.layer, c.before), known(c.layer, c.after))
        for key, c in changes.features.items()
        if c.layer in ours.tables
    }
    return ChangeSet(found, changes.settings)
