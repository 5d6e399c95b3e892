"""The layers of one file, several, or a folder that can come in together: listing and reading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from gis.exchange.folder_export import FOLDER_FORMATS
from gis.exchange.foreign_files import foreign_file
from gis.exchange.formats import SHAPEFILE_ENDS
from gis.exchange.gdal_writing import FIELD_NAMES
from gis.exchange.layer_lists import separate_layers
from gis.exchange.looking import Looked, look, read_layers
from gis.exchange.raw import SourceLayer
from gis.exchange.source import Unplaced
from gis.exchange.synonyms import plain_name
from gis.exchange.table_ends import TEXTS, WORKBOOKS
from gis.progress import Progress
from layers.errors import BadInputError, PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text

_ENDS: Final = (".gpkg", ".geojson", ".json", ".shp", ".kml", ".kmz", ".gpx", ".gml", ".fgb", ".tab", ".mif",
                *TEXTS, *WORKBOOKS, ".zip")  # fmt: skip
_FAITHFUL: Final = ("gpkg", "geojson", "shp", "shp-gbk", "xlsx", "csv", "kml", "gpx")
"""Formats of a folder that Planboard wrote; what comes first keeps most, and each holds everything."""
_SHAPES: Final = ("_point", "_line", "_polygon")
_MOST_FILES: Final = 200


class Part(NamedTuple):
    """One layer of one file.

    Parameters
    ----------
    path : Path
    layer : SourceLayer
    """

    path: Path
    layer: SourceLayer

    @property
    def is_empty(self) -> bool:
        """Whether the file says that the layer holds nothing."""
        return self.layer.features == 0


Read: TypeAlias = Mapping[Part, Unplaced | PlanboardError]
"""What came of reading each part."""


def list_parts(paths: Sequence[Path], progress: Progress) -> tuple[Part, ...]:
    """Return what files offer; together, the parts hold every record once.

    Raises
    ------
    NotFoundError, BadInputError
        If a file is not there or cannot be understood.
    """
    parts: list[Part] = []
    for path, looked in look(paths, "none", progress).items():
        if isinstance(looked, PlanboardError):
            raise looked
        parts += (Part(path, layer) for layer in separate_layers(looked.layers))
    return tuple(parts)


def read_parts(parts: Sequence[Part], progress: Progress) -> Read:
    """Read parts; what is wrong with one is told in its place and stops no other."""
    wanted: dict[Path, list[str]] = {}
    for part in parts:
        wanted.setdefault(part.path, []).append(part.layer.name)
    found = read_layers(wanted, progress) if wanted else {}
    return {part: _of(part, found[part.path]) for part in parts}


def offered_parts(paths: Sequence[Path], progress: Progress) -> tuple[tuple[Part, ...], Read]:
    """Return what files offer, read; a file that cannot be opened is one part that tells why.

    Raises
    ------
    NotFoundError, BadInputError
        If none can be opened.
    """
    found = look(paths, "all", progress)
    wrong = [looked for looked in found.values() if isinstance(looked, PlanboardError)]
    if wrong and len(wrong) == len(found):
        raise wrong[0]
    parts: list[Part] = []
    read: dict[Part, Unplaced | PlanboardError] = {}
    for path, looked in found.items():
        if isinstance(looked, PlanboardError):
            closed = Part(path, SourceLayer(path.stem, None, -1, None))
            parts.append(closed)
            read[closed] = looked
            continue
        inside = [Part(path, layer) for layer in separate_layers(looked.layers)]
        parts += inside
        read |= {part: _of(part, looked) for part in inside if not part.is_empty}
    return tuple(parts), read


def _of(part: Part, looked: Looked | PlanboardError) -> Unplaced | PlanboardError:
    return looked if isinstance(looked, PlanboardError) else looked.read[part.layer.name]


def data_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read: one for the files of a set, and for a folder those inside.

    A folder that Planboard wrote holds everything once a format; those of its most faithful one are taken.

    Raises
    ------
    BadInputError
        If a folder holds nothing that can be imported, or too much.
    """
    found: list[Path] = []
    for path in paths:
        found += _in_folder(path) if path.is_dir() else [path]
    return one_of_each_set(found)


def holds_data(folder: Path) -> bool:
    """Tell whether a folder holds a file of layers or tables."""
    return bool(_files_in(folder)) or is_own_export(folder)


def is_own_export(folder: Path) -> bool:
    """Tell whether Planboard wrote a folder: everything in it, once a format."""
    return bool(_own_formats(folder))


def _own_formats(folder: Path) -> list[Path]:
    """Return the folders of the formats that Planboard wrote into a folder, the most faithful first."""
    kinds = {one.name for one in FOLDER_FORMATS}
    return [folder / name for name in _FAITHFUL if name in kinds and _files_in(folder / name)]


def one_of_each_set(paths: Sequence[Path]) -> list[Path]:
    """Return one file of each shapefile, its .shp if it is there: people drop all of them, or a wrong one."""
    return list(dict.fromkeys(_main_of_set(path, paths) for path in paths))


def _main_of_set(path: Path, paths: Sequence[Path]) -> Path:
    if path.suffix.lower() not in SHAPEFILE_ENDS:
        return path
    wanted = (path.with_suffix(end) for end in (".shp", ".SHP", ".dbf", ".DBF"))
    given = (p for p in paths if p.stem == path.stem and p.suffix.lower() in SHAPEFILE_ENDS)
    return next((p for p in wanted if p in paths or p.exists()), next(given))


def recorded_layer(snapshot: Snapshot, part: Part) -> str | None:
    """Return the layer of the plan that a part says it is: by id, or by title in either language.

    Planboard's own files say so in the name of layer, folder or sheet, or at the end of that of the file.
    """
    names = [part.layer.name, part.layer.name.rpartition(":")[2], part.path.stem]
    for name in names:
        plain = name if name in snapshot.layers else _without_shape(name)
        ends = [layer for layer in snapshot.layers if plain == layer or plain.endswith(f"_{layer}")]
        if ends:
            return max(ends, key=len)
        for layer in snapshot.layers.values():
            if plain_name(plain) in (plain_name(layer.title.zh), plain_name(layer.title.en)):
                return layer.id
    return None


def _without_shape(name: str) -> str:
    return next((name.removesuffix(end) for end in _SHAPES if name.endswith(end)), name)


def _in_folder(folder: Path) -> list[Path]:
    own = _own_formats(folder)
    files = _files_in(own[0] if own else folder)
    if files and len(files) <= _MOST_FILES:
        return files
    if not files and (foreign := foreign_file(folder)) is not None:
        words = Text("文件夹“{n}”不能导入：{l}。", "The folder “{n}” cannot be imported: {l}.")
        raise BadInputError(words.format(n=folder.name, l=foreign.looks), foreign.advice, code="file.folder")
    words = (
        Text("文件夹“{n}”中没有可导入的文件。", "The folder “{n}” holds nothing that can be imported.")
        if not files
        else Text(
            "文件夹“{n}”中有 {m} 个文件，太多了。", "The folder “{n}” holds {m} files, which is too many."
        )
    )
    raise BadInputError(words.format(n=folder.name, m=len(files)), code="file.folder")


def _files_in(folder: Path) -> list[Path]:
    """Return what can be imported in a folder itself, without what only tells the names of fields."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDS and path.is_file())
    shapes = [path.stem for path in files if path.suffix.lower() == ".shp"]
    return [path for path in files if not _names_fields(path, shapes)]


def _names_fields(path: Path, shapes: Sequence[str]) -> bool:
    """Tell whether a table is the one of shortened names that Planboard writes beside shapefiles."""
    name, _, end = path.stem.rpartition("_")
    own = bool(name) and path.suffix.lower() == ".csv" and end in FIELD_NAMES
    return own and any(stem.startswith(name) for stem in shapes)
