"""The open project: the one mutable object of the program.

Everything else is a value. The working plan and its steps are in
`gis.working_plan`; here are revisions, alternatives, merging, photos and postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from psygnal import Signal

from gis import merging
from gis.merging import ProjectMerge
from gis.past import Look, of_plan
from gis.posting_record import PostingRecord
from gis.progress import Progress
from gis.revisions.difference import difference
from gis.revisions.merge import ConflictId, Side
from gis.revisions.restoring import Restoration, restoration
from gis.store import branch_names, branches, revisions
from gis.store.attachments import Photo, add_photo, photo_id_of, read_photo
from gis.store.bulk import many_objects
from gis.store.colleague import BranchSource, ColleagueCopy
from gis.store.connection import reading, stoppable
from gis.store.copying import save_copy
from gis.store.failures import told
from gis.store.history import History, Step
from gis.store.settled import note_settled
from gis.store.steps import SWITCH, Action
from gis.store.store import create_store, open_store, taken_over
from gis.working_plan import PendingStep, Versions
from layers.changes import ChangeSet, JsonValue, Key
from layers.revision import WORKING, Branch, Removal, Revision
from layers.text import Text

__all__ = ["History", "Look", "PendingStep", "Photo", "Project", "ProjectMerge", "Step", "photo_id_of"]


_KEEPING = Text("正在保存照片", "Keeping the photos")


class Project(PostingRecord):
    """An open project file. Use `Project.create` and `Project.open`.

    Signals
    -------
    changed(ChangeSet)
        The working plan is another one; by a step, or because a branch was switched to.
    told_stays(ChangeSet)
        Undo or redo left this as it is: it was told otherwise since, with another alternative in front.
    revisions_changed()
        There are more revisions than before.
    branches_changed()
        There are other branches, one has another name, or another one is current.
    postings_changed()
        More was posted, or hangs elsewhere.

    Notes
    -----
    Signals go out in the thread that calls `apply`, `undo`, `redo`, `restore`, `adopt`, `freeze`,
    `switch_branch` or `apply_merge`. The window calls them in its own thread. For a very
    large edit it may `prepare` and `commit` in a worker and `adopt` in its own
    thread: the file is guarded by a lock, the snapshot is changed by `adopt` only.
    """

    revisions_changed = Signal()
    branches_changed = Signal()

    @classmethod
    def create(
        cls, path: Path | str, title: str, crs: str, settings: Mapping[str, JsonValue] | None = None
    ) -> Project:
        """Create a project file with every standard layer, empty, and open it.

        Parameters
        ----------
        crs : str
            ``EPSG:4548`` or another projected system in metres.

        Raises
        ------
        RefusedError
            If the file exists.
        CrsError
            If the CRS is unknown or not metric.
        StorageError
            If the disk refuses.
        """
        return cls(create_store(Path(path), title, crs, settings))

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False, progress: Progress | None = None) -> Project:
        """Open a project file.

        If somebody else edits it, or file or folder cannot be written, it is
        opened read-only and `read_only_reason` says why. Edits of other programs are taken over,
        which `progress` tells: seconds for a hundred thousand of them.

        Raises
        ------
        NotFoundError, BadInputError, NotAProjectError, NewerFormatError
        StorageError
            If it is damaged; ``gis.store.salvage.salvage`` saves the readable rest beside it.
        CancelledError
            If the user cancelled while edits were taken over; the file is as it was.
        """
        return cls(open_store(Path(path), read_only=read_only, progress=progress))

    def check_whole(self, progress: Progress | None = None) -> None:
        """Look at every page and every row of the plan, as opening does not; may run in any thread.

        Opening looks at what the working plan is read from. The past is looked at here, or before the
        first step is written; what is read of it meanwhile is proven by hashes. It takes half a minute for
        a million features; `progress` can stop it.

        Raises
        ------
        CancelledError
            Nothing was found out then.
        StorageError
            If it is damaged; nothing will be written then. With code ``store.rows`` if only some objects
            are not what was saved last: `gis.store.repairing.repair` puts them back.
        """
        with told(self.path):
            self._store.check_whole(progress)

    def freeze(
        self,
        title: str,
        note: str = "",
        author: str = "",
        label: str | None = None,
        created: str | None = None,
        progress: Progress | None = None,
    ) -> Revision:
        """Freeze the working plan as a revision.

        Parameters
        ----------
        label : str, optional
            R1, R2 ... on the main plan, A-R4 on 方案A, unless given.
        created : str, optional
            ISO date and time with offset, for plans drawn from old papers; now, unless given.
        progress : Progress, optional
            Asked until it is written; cancelled, the file is as it was.

        Raises
        ------
        CancelledError
        RefusedError
            If the label is taken or unfit.
        ReadOnlyError, StorageError
        """
        with self._access(), many_objects():
            self._check_writable()
            with self._store.writing():
                words = revisions.Words(title, note, author, label, created)
                with stoppable(self._store.db, (progress or Progress()).check):
                    revision = revisions.freeze(self._store.db, words, self._store.names)
            self._read_revisions()
        self.revisions_changed.emit()
        self.branches_changed.emit()
        return revision

    def create_branch(self, name: str, from_label: str | None = None) -> Branch:
        """Begin an alternative. The plan being edited stays in front: `switch_branch` goes there.

        Parameters
        ----------
        name : str
            方案A, or what people call it.
        from_label : str, optional
            The revision it begins from. None: from the working plan as it is now, unfrozen work
            included; that work stays where it is, too.

        Raises
        ------
        RefusedError
            If the name is taken or unfit.
        NotFoundError, ReadOnlyError, StorageError
        """
        if from_label is not None and from_label != WORKING:
            self.state(from_label)  # proven, or nothing begins there
        with self._access():
            self._check_writable()
            with self._store.writing():
                name = revisions.begin_branch(self._store.db, name, from_label)
            self._read_revisions()
        self.branches_changed.emit()
        return next(branch for branch in self._branches if branch.name == name)

    def switch_branch(self, name: str) -> ChangeSet:
        """Put another alternative in front. Unfrozen work stays with the branch that is left.

        Each branch has its own undo list. What was told (`layers.told`) and the settings of the display
        stay as they are.

        Returns
        -------
        ChangeSet
            What is different now; `changed` has sent it.

        Raises
        ------
        NotFoundError, ReadOnlyError, ConflictError, StorageError
        """
        self._check_writable()
        self.refresh()
        with self._lock:
            with self._access():
                branches.find_branch(branches.read_branches(self._store.db), name)
            if name == self.branch:
                return ChangeSet()
            changes, known = self._between(WORKING, name)
            words = Text("切换到“{name}”", "Switch to “{name}”").format(name=name)
            pending = self._prepare(of_plan(changes), Action(SWITCH, words), Versions(known))
            db = self._store.db
            self._commit(pending, lambda: branches.leave_for(db, name), lambda: branches.begin_here(db))
            with self._access():
                self._read_revisions()
            self.adopt(pending)
        self.branches_changed.emit()
        return pending.encoded.changes

    def check_branch_name(self, name: str, old: str | None = None) -> None:
        """Raise `RefusedError` if an alternative cannot be called so; `old` is its name if it has one."""
        with self._looking() as db:
            if old is None:
                revisions.checked_branch(db, name)
            else:
                branch_names.checked_name(db, name, old)

    def rename_branch(self, old: str, new: str) -> Branch:
        """Give an alternative another name; nothing else changes.

        Raises
        ------
        RefusedError
            If it is the main plan, or if the name is the same, taken or unfit.
        NotFoundError, ReadOnlyError, StorageError
        """
        with self._naming():
            name = branch_names.rename(self._store.db, old, new)
        self._tell_branches()
        return next(branch for branch in self._branches if branch.name == name)

    def plan_removal(self, name: str) -> Removal:
        """Say what `remove_branch` would take away and leave. Changes nothing; raises as that does."""
        with self._looking() as db:
            return branch_names.plan_removal(db, name)

    def remove_branch(self, name: str) -> Removal:
        """Remove an alternative. Its revisions stay; `bring_back_branch` brings all of it back.

        Raises
        ------
        RefusedError
            If it is the main plan, or the plan being edited.
        NotFoundError, ReadOnlyError, StorageError
        """
        with self._naming():
            removal = branch_names.remove(self._store.db, name)
        self._tell_branches()
        return removal

    def bring_back_branch(self, name: str) -> None:
        """Bring back an alternative that was removed, with its unfrozen work.

        Raises
        ------
        RefusedError
            If another one has that name by now.
        NotFoundError, ReadOnlyError, StorageError
        """
        with self._naming():
            branch_names.bring_back(self._store.db, name)
        self._tell_branches()

    @contextmanager
    def _naming(self) -> Iterator[None]:
        with self._access():
            self._check_writable()
            with self._store.writing():
                yield
            self._read_revisions()

    def _tell_branches(self) -> None:
        self.revisions_changed.emit()
        self.branches_changed.emit()

    def plan_adopt(self, name: str, keys: Iterable[Key] | None = None) -> ProjectMerge:
        """Plan to take another alternative into the working plan. Changes nothing: `apply_merge` does.

        Parameters
        ----------
        keys : iterable of (layer id, feature id), optional
            Only these features; all of it if None.

        Raises
        ------
        NotFoundError
        RefusedError
            If it is the one being edited.
        """
        with self._access(), reading(self._store.db):
            return merging.plan_adopt(BranchSource(self._store, name, self.branch_state), keys)

    def plan_merge(self, path: Path | str) -> ProjectMerge:
        """Plan to take in a colleague's copy of this project. Changes nothing: `apply_merge` does.

        The other file is copied aside and only read; what its owner has not frozen counts too, and so
        do edits made in it by other programs. Its branch of the same name is compared with the one
        being edited here. May run in any thread.

        Raises
        ------
        RefusedError
            If it is another project, or this very file.
        NotFoundError, BadInputError, NotAProjectError, NewerFormatError, StorageError
        """
        copy = ColleagueCopy(Path(path), self._store.path)
        with self._access(), reading(self._store.db):
            return merging.plan_copy(self._store, copy)

    def apply_merge(
        self, merge: ProjectMerge, decisions: Mapping[ConflictId, Side] | None = None
    ) -> ChangeSet:
        """Do what was planned, as one step that can be undone.

        Revisions, photos and postings of a colleague's copy come along; undo leaves them. The next
        revision has two parents.

        Parameters
        ----------
        decisions : mapping of ConflictId to Side
            For each conflict whose value counts; ``gis.revisions.merge.all_to`` gives all to one side.

        Raises
        ------
        ConflictError
            If a conflict is undecided (code ``merge.undecided``, one finding each), or the plan has
            changed since the merge was planned.
        ReadOnlyError, StorageError
        """
        chosen = decisions or {}
        merging.check_decided(merge, chosen, self.snapshot)
        with self._lock:
            pending = self._prepare(merge.plan.resolved(chosen), Action("merge", merge.label))
            if pending.encoded.changes:
                self._commit(pending, after=lambda: self._note_merge(merge, pending.number, chosen))
            else:
                with self._access():
                    self._check_writable()
                    with self._store.writing():
                        self._note_merge(merge, None, {})
            with self._access():
                self._read_revisions()
                self._read_postings()
            if pending.encoded.changes:
                self.adopt(pending)
        self.revisions_changed.emit()
        self.branches_changed.emit()
        self.postings_changed.emit()
        return pending.encoded.changes

    def _note_merge(
        self, merge: ProjectMerge, step: int | None, decisions: Mapping[ConflictId, Side]
    ) -> None:
        merge.source.record(self._store, step, decisions)
        note_settled(self._store.db, step, merging.marks_of(merge))

    def try_take_over(self) -> bool:
        """Begin to write if the file is read-only because somebody else held it, and does no more.

        Cheap while it is held: the window may call it every second or two. What the other one did
        is sent as `changed`.

        Returns
        -------
        bool
            Whether this project is writable now and was not before.
        """
        with self._access():
            store = taken_over(self._store)
            if store is None:
                return False
            before, old = self._snapshot, self._store
            self._store = store
            self._read()
            old.close()
        self.changed.emit(difference(before, self._snapshot))
        self.revisions_changed.emit()
        self.branches_changed.emit()
        self.postings_changed.emit()
        return True

    def plan_restore(self, label: str) -> Restoration:
        """Return what `restore` would bring back and what it would leave. Changes nothing; any thread."""
        changes, _ = self._between(WORKING, label)
        return restoration(label, self._snapshot, of_plan(changes))

    def restore(self, label: str, *, reports: bool = False) -> ChangeSet:
        """Make the working plan what a revision was, as a new step that can be undone.

        Settings of display and of publishing stay as they are. Nothing to change is no step.

        Parameters
        ----------
        label : str
        reports : bool
            Whether comments and problem spots become what they were, too: those received since go.
        """
        with self._lock:
            if any(revision.label == label for revision in self._revisions):
                self.state(label)  # proven, or nothing is restored
            changes, known = self._between(WORKING, label)
            whole = restoration(label, self._snapshot, of_plan(changes), reports=reports)
            words = Text("恢复到 {label}", "Restore {label}").format(label=label)
            return self._run(whole.changes, Action("restore", words), Versions(known))

    def add_photo(self, data: bytes, name: str) -> str:
        """Keep a photo in the file and return its id; the same picture is kept once.

        Raises
        ------
        BadInputError
            If the data is no picture.
        """
        return self.add_photos([(data, name)])[0]

    def add_photos(
        self, photos: Sequence[tuple[bytes, str]], progress: Progress | None = None
    ) -> tuple[str, ...]:
        """Keep photos, each as its data and its file name, all or none; return their ids.

        Raises
        ------
        BadInputError
            If one is no picture.
        StorageError, CancelledError
            The file is as it was.
        """
        progress = progress or Progress()
        with self._access():
            self._check_writable()
            with self._store.writing():
                kept = []
                for at, (data, name) in enumerate(photos):
                    progress.step(at / len(photos), _KEEPING)
                    kept.append(add_photo(self._store.db, data, name))
                return tuple(kept)

    def photo(self, photo_id: str) -> Photo:
        """Return a photo, or raise `NotFoundError`."""
        with self._looking() as db:
            return read_photo(db, photo_id)

    def save_copy(self, path: Path | str) -> None:
        """Write a whole, checked copy to another file, replacing what is there.

        Raises
        ------
        RefusedError
            If the target is the project itself or another open one.
        StorageError
        """
        with self._access():
            save_copy(self._store.db, Path(path))
