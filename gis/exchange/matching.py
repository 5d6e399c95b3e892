"""Which feature of the plan a record of a file is: by its uid, by a key field, or by its shape."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.building_numbers import number_key
from gis.exchange.identity import is_uid
from gis.exchange.placing import FindingList
from gis.exchange.sameness import same_places
from gis.exchange.source import Source
from gis.exchange.synonyms import plain_name
from layers.column import Column
from layers.errors import UsageError
from layers.layer import Layer
from layers.schema import Value
from layers.text import Text

UID: Final = "uid"
SHAPE: Final = "shape"
_SAME_AREA: Final = 0.8
_NEAR_M: Final = 1.0
_SAME_COURSE: Final = 0.2

_TWICE: Final = Text("uid 重复，作为新对象导入", "its uid occurs twice; it comes in as a new feature")
_NO_KEY: Final = Text("没有“{f}”，无法对应，未导入", "it has no “{f}” to match by; left out")
_SEVERAL: Final = Text(
    "“{v}”对应图中 {n} 个对象，无法确定是哪一个，未导入", "“{v}” matches {n} features of the plan; left out"
)
_SAME_KEY: Final = Text(
    "“{v}”在表中出现 {n} 次，无法确定以哪一行为准，未导入",
    "“{v}” stands in {n} records; it is unclear which counts; left out",
)
_UNKNOWN: Final = Text("图中没有“{v}”，未导入", "the plan has no “{v}”; left out")
_ALIKE: Final = Text(
    "图中没有“{v}”（相近的有“{like}”），未导入", "the plan has no “{v}” (“{like}” is like it); left out"
)
_NUMBERS: Final = re.compile(r"\d+")
Key: TypeAlias = Callable[[Value], str]


@dataclass
class Matches:
    """Which feature each record is.

    Parameters
    ----------
    uids : list of str or None, one a record
        Identity the record has, whether the plan knows it or not; None for a new feature.
    left_out : set of int
        Positions of the records that cannot come in; each has a finding.
    key_field : str, optional
        The field that matched; its old wording stays.
    named : set of str
        Features that records which cannot come in speak of: they are not gone.
    """

    uids: list[str | None]
    left_out: set[int] = field(default_factory=set)
    key_field: str | None = None
    named: set[str] = field(default_factory=set)


def match_records(
    source: Source,
    layer: Layer,
    mapping: Mapping[str, str],
    geometry: Column,
    by: str | None,
    findings: FindingList,
) -> Matches:
    """Find the feature that each record is a newer version of.

    Parameters
    ----------
    mapping : mapping of str to str
        Column to field.
    geometry : Column of shapely.Geometry or None, shape (n,)
        The shapes in the CRS of the project.
    by : str, optional
        ``"uid"``, ``"shape"``, or name or title of a field. A known uid in the
        file always counts. Not given: by uid; a table without places by the number of the layer's kind.
    findings : FindingList
        Takes what matches nothing, or several.

    Raises
    ------
    UsageError
        If the layer has no such field, or no column of the file fills it.
    """
    matches = Matches(_own_ids(source, findings))
    if by is None and source.shaped:
        return matches
    if by == SHAPE:
        _match_shapes(matches, layer, np.asarray(geometry))
        return matches
    wanted = by if by is not None else layer.kind.number_field
    if wanted is None and layer.kind.geometry_required:
        raise _unplaced(source, layer)
    if wanted in (None, UID):
        return matches
    column, name = _key_column(layer, mapping, str(wanted), source)
    if column is None:
        return matches
    matches.key_field = name
    keys = _keys(layer, name, source.columns[column])
    _match_keys(matches, source, layer, column, keys, findings)
    _match_nameless(matches, source, layer, keys, geometry)
    return matches


def same_key(layer: Layer) -> Key:
    """Return what makes two values of a key field equal: for buildings the number, else the plain word."""
    if layer.kind.role == "footprint":
        return number_key
    return lambda value: "" if value is None else plain_name(str(value))


class _Keys(NamedTuple):
    """What tells features apart, worked out once: the keys of the layer's rows and of the file's records."""

    known: list[str]
    given: list[str]


def _keys(layer: Layer, field_name: str, given: Iterable[Value]) -> _Keys:
    key = same_key(layer)
    return _Keys([key(value) for value in layer.table.columns[field_name]], [key(value) for value in given])


def _own_ids(source: Source, findings: FindingList) -> list[str | None]:
    column = next((name for name in source.columns if name.lower() == UID), None)
    given = source.columns[column] if column else source.ids
    taken: set[str] = set()
    uids: list[str | None] = []
    for record, value in zip(source.records, given, strict=True):
        uid = str(value).lower() if value is not None else ""
        if not is_uid(uid):
            uids.append(None)
        elif uid in taken:
            findings.add("import.uid-twice", _TWICE, "warning", record, column or "id")
            uids.append(None)
        else:
            uids.append(uid)
            taken.add(uid)
    return uids


def _key_column(
    layer: Layer, mapping: Mapping[str, str], wanted: str, source: Source
) -> tuple[str | None, str]:
    plain = plain_name(wanted)
    found = next(
        (f for f in layer.fields if plain in map(plain_name, (f.name, f.title.zh, f.title.en))), None
    )
    if found is None:
        raise UsageError(
            Text("图层没有字段“{name}”。", "The layer has no field “{name}”.").format(name=wanted),
            Text("可用 uid、shape 或：{names}", "There are uid, shape and: {names}").format(
                names=", ".join(f.name for f in layer.fields)
            ),
            code="import.match",
        )
    column = next((c for c, name in mapping.items() if name == found.name), None)
    if column is None and (source.shaped or layer.kind.geometry_required):
        words = Text("文件中没有对应“{f}”的列。", "No column of the file fills “{f}”.").format(f=found.title)
        advice = Text(
            "文件中的列：{names}。命令行用 --map 列={f} 指定。",
            "Columns: {names}. On the command line: --map COLUMN={f}.",
        ).format(names=", ".join(list(source.columns)[:20]), f=found.name)
        raise UsageError(words, advice, code="import.match")
    return column, found.name


def _match_keys(
    matches: Matches, source: Source, layer: Layer, column: str, keys: _Keys, findings: FindingList
) -> None:
    known: dict[str, list[str]] = defaultdict(list)
    for uid, there in zip(layer.table.uids, keys.known, strict=True):
        known[there].append(uid)
    times = Counter(keys.given)
    alike = _by_numbers(keys.known, layer.table.columns[str(matches.key_field)])
    for i, (key, value) in enumerate(zip(keys.given, source.columns[column], strict=True)):
        if matches.uids[i] in layer.table:
            continue
        problem = _key_problem(key, known, times, source, layer)
        if problem is not None:
            code, words = problem
            like = alike.get(tuple(_NUMBERS.findall(key)))
            if words is _UNKNOWN and like is not None:
                words = _ALIKE
            words = words.format(v=str(value)[:40], f=column, n=max(times[key], len(known[key])), like=like)
            findings.add(code, words, "error", source.records[i], column)
            matches.left_out.add(i)
            matches.named.update(known.get(key, ()))
        elif key and known.get(key):
            matches.uids[i] = known[key][0]


def _by_numbers(keys: Iterable[str], values: Iterable[Value]) -> dict[tuple[str, ...], Value]:
    """Return the numbers in each key and the first value with them: 3号搂 is written like 3号楼."""
    found: dict[tuple[str, ...], Value] = {}
    for key, value in zip(keys, values, strict=True):
        if numbers := tuple(_NUMBERS.findall(key)):
            found.setdefault(numbers, value)
    return found


def _key_problem(
    key: str, known: Mapping[str, Sequence[str]], times: Mapping[str, int], source: Source, layer: Layer
) -> tuple[str, Text] | None:
    placed = source.shaped or not layer.kind.geometry_required
    if not key:
        return None if placed else ("import.match-missing", _NO_KEY)
    if len(known.get(key, ())) > 1:
        return "import.match-ambiguous", _SEVERAL
    if times[key] > 1 and (known.get(key) or not placed):
        return "import.match-ambiguous", _SAME_KEY
    if not known.get(key) and not placed:
        return "import.match-missing", _UNKNOWN
    return None


def _match_nameless(matches: Matches, source: Source, layer: Layer, keys: _Keys, geometry: Column) -> None:
    """Pair records without a key with features without one, by their shapes: sheds have no number."""
    nameless = np.array([not key for key in keys.given], dtype=bool)
    if not source.shaped or not nameless.any():
        return
    unnamed_only = layer.with_table(layer.table.where(np.array([not key for key in keys.known], dtype=bool)))
    shapes = np.asarray(geometry).copy()
    shapes[~nameless] = None
    _match_shapes(matches, unnamed_only, shapes)


def match_shapes(uids: Sequence[str | None], layer: Layer, geometry: NDArray[np.object_]) -> list[str | None]:
    """Return the identities of records, those found by their shapes included.

    New and old shapes are paired, the likest first, each at most once.

    Parameters
    ----------
    uids : sequence of str or None, length n
        What is known of each record; an identity that the layer has is final.
    layer : Layer
    geometry : array of shapely.Geometry or None, shape (n,)
        In the CRS of the project.
    """
    found, there = list(uids), layer.table.uids.tolist()
    known = set(there)
    taken = known.intersection(uid for uid in found if uid is not None)
    used: set[int] = set()
    for score, i, j in sorted(likely_pairs(layer, geometry), reverse=True):
        uid = there[j]
        if score > 0 and found[i] not in known and i not in used and uid not in taken:
            found[i] = uid
            used.add(i)
            taken.add(uid)
    return found


def _match_shapes(matches: Matches, layer: Layer, geometry: NDArray[np.object_]) -> None:
    matches.uids = match_shapes(matches.uids, layer, geometry)


def likely_pairs(layer: Layer, geometry: NDArray[np.object_]) -> list[tuple[float, int, int]]:
    """Return which shapes may be which features of a layer: how like they are, shape, and row.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
        In the CRS of the project. What is a metre and more from everything is in no pair.
    """
    if not len(layer.table) or shapely.is_missing(geometry).all():
        return []
    old = layer.table.geometry
    new_at, old_at = layer.table.tree.query(geometry, predicate="dwithin", distance=_NEAR_M)
    a, b = geometry[new_at], old[old_at]
    same_kind = shapely.get_dimensions(a) == shapely.get_dimensions(b)
    new_at, old_at, a, b = new_at[same_kind], old_at[same_kind], a[same_kind], b[same_kind]
    score = np.where(same_places(b, a), 2.0, 0.0)
    rest = np.flatnonzero(score == 0.0)  # most of a newer survey is as it was: only the others are measured
    score[rest] = _likeness(a[rest], b[rest])
    return list(zip(score.tolist(), new_at.tolist(), old_at.tolist(), strict=True))


def _likeness(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return how like two shapes are: up to 2 for areas that cover each other, up to 1 for what lies near."""
    apart = shapely.distance(shapely.centroid(a), shapely.centroid(b))
    score = np.where(_close(a, b, apart), 1.0 - apart / 2, 0.0)
    areas = shapely.get_dimensions(a) == 2
    common = shapely.area(shapely.intersection(a[areas], b[areas]))
    overlap = common / np.maximum(shapely.area(a[areas]) + shapely.area(b[areas]) - common, 1e-9)
    score[areas] = np.maximum(score[areas], np.where(overlap > _SAME_AREA, 1.0 + overlap, 0.0))
    return score


def _close(a: NDArray[np.object_], b: NDArray[np.object_], apart: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which pairs have their middles within a metre; lines and areas must also run alike."""
    near: NDArray[np.bool_] = apart <= _NEAR_M
    size = np.maximum(shapely.length(a), shapely.length(b))
    alike: NDArray[np.bool_] = shapely.hausdorff_distance(a, b) <= np.maximum(_SAME_COURSE * size, _NEAR_M)
    both: NDArray[np.bool_] = near & alike
    return both


def _unplaced(source: Source, layer: Layer) -> UsageError:
    return UsageError(
        Text(
            "{file} 没有坐标列，图层“{layer}”也没有编号可以对应。",
            "{file} has no coordinates, and layer “{layer}” has no number to match by.",
        ).format(file=source.path.name, layer=layer.title),
        Text("命令行可用 --match 字段 指定按哪个字段对应。", "Name a field to match by with --match FIELD."),
        code="import.no-places",
    )
