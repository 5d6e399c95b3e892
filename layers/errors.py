"""The errors Planboard raises on purpose, and the findings they carry.

An error is raised with a stable code and data; the shell (window or command
line) words it in the user's language. Everything that is not a
`PlanboardError` is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from layers.text import Text


@dataclass(frozen=True)
class Finding:
    """One thing noticed about an input or a plan, with its place.

    Parameters
    ----------
    code : str
        Stable identifier, such as ``"import.geometry-repaired"``.
    message : Text
        What was found, already filled in.
    severity : {"error", "warning", "info"}
        ``error``: the record was left out. ``warning``: kept, but look at it.
    file, record, field : str, int or str, str
        Where: file name, row number (1 is the first record) or feature id, field.
    layer, uid : str, optional
        The feature of the project it concerns, if there is one.
    place : (float, float), optional
        East and north in metres of the project: where to look.
    """

    code: str
    message: Text
    severity: Literal["error", "warning", "info"] = "warning"
    file: str | None = None
    record: int | str | None = None
    field: str | None = None
    layer: str | None = None
    uid: str | None = None
    place: tuple[float, float] | None = None


@dataclass
class PlanboardError(Exception):
    """Base of all errors that the user can do something about.

    Parameters
    ----------
    message : Text
        What happened.
    advice : Text, optional
        What was kept and what to do next.
    code : str
        Stable identifier for scripts.
    findings : sequence of Finding
        The single places, when the cause is an input with many.
    """

    message: Text
    advice: Text | None = None
    code: str = "error"
    findings: Sequence[Finding] = field(default_factory=tuple)

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        """Both languages, for logs."""
        return f"[{self.code}] {self.message.en} / {self.message.zh}"


class UsageError(PlanboardError):
    """A wrong word on the command line."""

    exit_code: ClassVar[int] = 2


class BadInputError(PlanboardError):
    """A file or value from outside cannot be understood."""

    exit_code: ClassVar[int] = 10


class CrsError(BadInputError):
    """A coordinate system is missing, contradictory or cannot be converted."""

    exit_code: ClassVar[int] = 11


class NewerFormatError(BadInputError):
    """The project was written by a newer Planboard."""

    exit_code: ClassVar[int] = 12


class NotAProjectError(BadInputError):
    """The file is readable but is no Planboard project."""

    exit_code: ClassVar[int] = 13


class RefusedError(PlanboardError):
    """An edit or command that would break a rule; nothing was changed."""

    exit_code: ClassVar[int] = 20


class ReadOnlyError(RefusedError):
    """The project can be read but not changed."""

    exit_code: ClassVar[int] = 21


class ConflictError(PlanboardError):
    """Somebody else changed or holds what was about to be changed."""

    exit_code: ClassVar[int] = 30


class NotFoundError(PlanboardError):
    """A project, layer, revision or feature of that name does not exist."""

    exit_code: ClassVar[int] = 40


class StorageError(PlanboardError):
    """The disk refused: full, read-only, gone, or damaged."""

    exit_code: ClassVar[int] = 50


class PublishError(PlanboardError):
    """A page or drawing could not be made or must not be made."""

    exit_code: ClassVar[int] = 60


class CancelledError(PlanboardError):
    """The user cancelled a long task; nothing was changed."""

    exit_code: ClassVar[int] = 70
