"""What files offer, and their layers read: one process for all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from gis.exchange.asking import ask_child, error_of, existing_file
from gis.exchange.raw import SourceLayer
from gis.exchange.source import Unplaced, unpacked_layer
from gis.progress import Progress
from layers.errors import BadInputError, NotFoundError, PlanboardError

Which: TypeAlias = Literal["all", "one", "none"]
_OF_ONE: Final = (
    "import.reader-stopped", "import.too-large", "import.too-slow", "import.changing", "import.storage",
)  # fmt: skip
"""What one file may have brought upon the process that reads all of them."""


class Looked(NamedTuple):
    """One file.

    Parameters
    ----------
    layers : tuple of SourceLayer
        What it offers.
    read : mapping of str to Unplaced or PlanboardError
        The layers that were read, by name; what is wrong with one stops no other.
    """

    layers: tuple[SourceLayer, ...]
    read: Mapping[str, Unplaced | PlanboardError]


def list_source_layers(path: Path, progress: Progress | None = None) -> tuple[SourceLayer, ...]:
    """Return the layers a file offers, with type and count.

    Raises
    ------
    NotFoundError, BadInputError
        If the file is not there or cannot be understood.
    """
    return look_into(path, "none", progress or Progress()).layers


def look_into(path: Path, which: Which, progress: Progress) -> Looked:
    """Look at one file, as `look` does.

    Raises
    ------
    NotFoundError, BadInputError
        If the file is not there or cannot be understood.
    """
    looked = look([path], which, progress)[path]
    if isinstance(looked, PlanboardError):
        raise looked
    return looked


def look(paths: Sequence[Path], which: Which, progress: Progress) -> dict[Path, Looked | PlanboardError]:
    """List what files offer and read it; what is wrong with one file stops no other.

    Parameters
    ----------
    paths : sequence of Path
    which : {"all", "one", "none"}
        Whether to read every layer that holds something, only that of a file with just one, or nothing.
    progress : Progress

    Raises
    ------
    CancelledError
        If the user cancelled.
    """
    return _ask(dict.fromkeys(paths), which, progress)


def read_layers(
    wanted: Mapping[Path, Sequence[str]], progress: Progress
) -> dict[Path, Looked | PlanboardError]:
    """Read layers of files by name, as `look` does; what the files offer is not listed."""
    return _ask(wanted, "all", progress)


def _ask(
    wanted: Mapping[Path, Sequence[str] | None], which: Which, progress: Progress
) -> dict[Path, Looked | PlanboardError]:
    found: dict[Path, Looked | PlanboardError] = {}
    there: dict[Path, Path] = {}
    for path in wanted:
        try:
            there[path] = existing_file(path)
        except (NotFoundError, BadInputError) as error:
            found[path] = error
    if there:
        request = {
            "task": "look", "path": str(next(iter(there.values()))), "read": which,
            "paths": [str(at) for at in there.values()], "layers": [_listed(wanted[path]) for path in there],
        }  # fmt: skip
        try:
            found |= _answers(list(there), request, progress)
        except PlanboardError as error:
            if error.code not in _OF_ONE:
                raise
            if len(there) == 1:
                found[next(iter(there))] = error
            else:  # one of them stopped the reader, or would not let it end: each in a process of its own
                for at, path in enumerate(there):
                    share = progress.part(at / len(there), (at + 1) / len(there))
                    found |= _ask({path: wanted[path]}, which, share)
    return {path: found[path] for path in wanted}


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)


def _answers(
    paths: Sequence[Path], request: dict[str, Any], progress: Progress
) -> dict[Path, Looked | PlanboardError]:
    found: dict[Path, Looked | PlanboardError] = {}
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        out = Path(folder, "files")
        answers = ask_child({**request, "out": str(out)}, progress)["files"]
        for number, (path, told) in enumerate(zip(paths, answers, strict=True)):
            if "error" in told:
                found[path] = error_of(told["error"])
                continue
            layers = tuple(SourceLayer(**layer) for layer in told["layers"])
            found[path] = Looked(layers, _unpacked(path, out / str(number), told["read"]))
    return found


def _unpacked(path: Path, folder: Path, told: Sequence[Any]) -> dict[str, Unplaced | PlanboardError]:
    """Return what was read of a file into a folder."""
    read: dict[str, Unplaced | PlanboardError] = {}
    for number, (name, wrong) in enumerate(told):
        try:
            refused = error_of(wrong["error"]) if "error" in wrong else None
            read[name] = refused or unpacked_layer(path, folder / str(number))
        except BadInputError as error:
            read[name] = error
    return read
