"""An immutable table of features, held by column.

Why not a GeoDataFrame: the window opens without loading pandas, ``None``,
``1`` and ``1.0`` stay what they are, and an edit copies pointers instead of
blocks. Engines that want one call `Table.to_geodataframe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.feature import Feature
from layers.schema import Value

if TYPE_CHECKING:
    import geopandas as gpd

ObjectArray: TypeAlias = NDArray[np.object_]
FloatArray: TypeAlias = NDArray[np.float64]


class Table:
    """Features of one layer: ids, geometries and attribute columns of one length.

    Parameters
    ----------
    uids : array of str, shape (n,)
    geometry : array of shapely.Geometry or None, shape (n,)
    columns : mapping of str to object array, shape (n,)
        One entry per field of the layer, exact Python values.
    ancestors : mapping of str to tuple of str
        By feature id, for those few that were split off or merged.

    Notes
    -----
    Arrays are marked read-only. `cached_property` values belong to this very
    version of the table, so they never go stale.
    """

    def __init__(
        self,
        uids: ObjectArray,
        geometry: ObjectArray,
        columns: Mapping[str, ObjectArray],
        ancestors: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.uids = _frozen(uids)
        self.geometry = _frozen(geometry)
        self.columns: Mapping[str, ObjectArray] = {name: _frozen(c) for name, c in columns.items()}
        self.ancestors: Mapping[str, tuple[str, ...]] = ancestors or {}

    @classmethod
    def empty(cls, names: Iterable[str]) -> Table:
        """Return a table without rows."""
        return cls(_objects([]), _objects([]), {name: _objects([]) for name in names})

    @classmethod
    def of_boxes(cls, boxes: FloatArray, columns: Mapping[str, ObjectArray]) -> Table:
        """Return a table that knows where its features are, shape (n, 4), but not yet which and what shape.

        Only for a first picture: it has neither ids nor geometries.
        """
        nothing = np.empty(len(boxes), dtype=object)
        table = cls(nothing, nothing, columns)
        table.__dict__["bounds"] = boxes
        return table

    @classmethod
    def from_features(cls, features: Sequence[Feature], names: Sequence[str]) -> Table:
        """Build a table from features; attributes outside `names` are refused.

        Raises
        ------
        KeyError
            If a feature has an attribute that is no column.
        """
        for feature in features:
            if extra := set(feature.attributes) - set(names):
                raise KeyError(f"unknown attributes {sorted(extra)} on feature {feature.uid}")
        return cls(
            _objects([f.uid for f in features]),
            _objects([f.geometry for f in features]),
            {name: _objects([f.attributes.get(name) for f in features]) for name in names},
            {f.uid: f.ancestors for f in features if f.ancestors},
        )

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.uids)

    def __contains__(self, uid: object) -> bool:
        """Tell whether a feature of that id is here."""
        return uid in self._rows

    def __iter__(self) -> Iterator[Feature]:
        """Yield every feature in order. For loops over few rows; engines use the arrays."""
        return (self.at(i) for i in range(len(self)))

    def at(self, index: int) -> Feature:
        """Return the feature in one row."""
        attributes = {name: column[index] for name, column in self.columns.items()}
        uid = self.uids[index]
        return Feature(uid, self.geometry[index], attributes, self.ancestors.get(uid, ()))

    def get(self, uid: str) -> Feature | None:
        """Return the feature of an id, or None."""
        index = self._rows.get(uid)
        return None if index is None else self.at(index)

    def index_of(self, uid: str) -> int | None:
        """Return the row of an id, or None."""
        return self._rows.get(uid)

    def indices_of(self, uids: Iterable[str]) -> NDArray[np.intp]:
        """Return the rows of ids, rising; ids that are not here are left out."""
        rows = [at for at in map(self._rows.get, uids) if at is not None]
        return np.sort(np.array(rows, dtype=np.intp))

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {uid: i for i, uid in enumerate(self.uids)}

    @cached_property
    def bounds(self) -> FloatArray:
        """Bounding boxes, shape (n, 4): x_min, y_min, x_max, y_max; NaN if empty."""
        return np.asarray(shapely.bounds(self.geometry)).reshape(len(self), 4)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index over `geometry`; result numbers are row numbers."""
        return shapely.STRtree(self.geometry)

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the box around all features, or None if there is no geometry."""
        if not len(self) or np.isnan(self.bounds).all():
            return None
        low, high = np.nanmin(self.bounds[:, :2], axis=0), np.nanmax(self.bounds[:, 2:], axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def with_features(self, put: Mapping[str, Feature], removed: Iterable[str] = ()) -> Table:
        """Return the table with some features put and others removed.

        A feature with a known id replaces its row in place, a new one is
        appended; rows of `removed` ids vanish. Columns without a change are
        shared with this table.
        """
        removed = list(removed)
        known = {self._rows[uid]: feature for uid, feature in put.items() if uid in self._rows}
        fresh = [feature for uid, feature in put.items() if uid not in self._rows]
        gone = [self._rows[uid] for uid in removed if uid in self._rows]
        geometry = _patched(
            self.geometry, {i: f.geometry for i, f in known.items()}, [f.geometry for f in fresh], gone
        )
        columns = {
            name: _patched(
                column,
                {i: v for i, f in known.items() if (v := f.attributes.get(name)) is not column[i]},
                [f.attributes.get(name) for f in fresh],
                gone,
            )
            for name, column in self.columns.items()
        }
        uids = _patched(self.uids, {}, [f.uid for f in fresh], gone)
        result = Table(uids, geometry, columns, self._ancestors_with(put, removed))
        if not gone:  # building the index anew would be most of the time of a small edit
            first = len(self.uids)
            added = {f.uid: first + i for i, f in enumerate(fresh)}
            result.__dict__["_rows"] = {**self._rows, **added} if added else self._rows
            if "bounds" in self.__dict__:  # the pointer snaps again at once
                result.__dict__["bounds"] = _boxes(self.bounds, known, fresh)
        return result

    def _ancestors_with(
        self, put: Mapping[str, Feature], removed: Iterable[str]
    ) -> Mapping[str, tuple[str, ...]]:
        if not self.ancestors and not any(f.ancestors for f in put.values()):
            return self.ancestors
        gone = {*removed, *put}
        kept = {uid: found for uid, found in self.ancestors.items() if uid not in gone}
        return kept | {uid: f.ancestors for uid, f in put.items() if f.ancestors}

    def holds_same(self, other: Table) -> bool:
        """Tell whether another table holds the very same features, in whatever order.

        Exact: ``1`` and ``1.0`` differ, and so do shapes that begin at another vertex.
        """
        if len(self) != len(other) or self.columns.keys() != other.columns.keys():
            return False
        places = [other.index_of(uid) for uid in self.uids]
        if None in places or self.ancestors != other.ancestors:
            return False
        rows = np.array(places, dtype=np.intp)
        pairs = ((column, other.columns[name][rows]) for name, column in self.columns.items())
        return _same_shapes(self.geometry, other.geometry[rows]) and all(_same(a, b) for a, b in pairs)

    def where(self, mask: NDArray[Any]) -> Table:
        """Return the rows that a boolean mask or an index array selects."""
        columns = {n: c[mask] for n, c in self.columns.items()}
        return Table(self.uids[mask], self.geometry[mask], columns, self.ancestors)

    def to_geodataframe(self, crs: object = None) -> gpd.GeoDataFrame:
        """Return a GeoDataFrame indexed by id, for engines and writers."""
        import geopandas as gpd  # late: half a second that the window does not need

        frame = gpd.GeoDataFrame(dict(self.columns), geometry=list(self.geometry), crs=crs)
        frame.index = list(self.uids)
        frame.index.name = "uid"
        return frame


def values_equal(column: ObjectArray, values: Iterable[Value]) -> NDArray[np.bool_]:
    """Return which entries of a column equal one of `values`."""
    wanted = set(values)
    return np.fromiter((v in wanted for v in column), dtype=bool, count=len(column))


def numbers(column: ObjectArray, missing: float = np.nan) -> FloatArray:
    """Return a column as floats; missing values and text become `missing`."""
    return np.fromiter(
        (v if isinstance(v, (int, float)) else missing for v in column), dtype=float, count=len(column)
    )


def _same(first: ObjectArray, second: ObjectArray) -> bool:
    a, b = first.tolist(), second.tolist()
    return a == b and list(map(type, a)) == list(map(type, b))


def _same_shapes(first: ObjectArray, second: ObjectArray) -> bool:
    return bool((shapely.to_wkb(first) == shapely.to_wkb(second)).all())


def _boxes(old: FloatArray, known: Mapping[int, Feature], fresh: Sequence[Feature]) -> FloatArray:
    """Return the boxes of rows of which some have another shape and some are new."""
    boxes = np.concatenate([old, np.empty((len(fresh), 4))])
    rows = [*known, *range(len(old), len(boxes))]
    shapes = _objects([f.geometry for f in (*known.values(), *fresh)])
    boxes[rows] = np.asarray(shapely.bounds(shapes)).reshape(len(rows), 4)
    return boxes


def _objects(items: Sequence[object]) -> ObjectArray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _frozen(array: ObjectArray) -> ObjectArray:
    view = array.view()
    view.flags.writeable = False
    return view


def _patched(
    array: ObjectArray, changed: Mapping[int, object], added: Sequence[object], gone: Sequence[int]
) -> ObjectArray:
    if not (changed or added or gone):
        return array
    result = array.copy()
    for index, value in changed.items():
        result[index] = value
    if gone:
        result = np.delete(result, gone)
    return np.concatenate([result, _objects(added)]) if added else result
