"""An immutable table of features, held by column.

Why not a GeoDataFrame: the window opens without loading pandas, ``None``,
``1`` and ``1.0`` stay what they are, and a million features take a tenth of
the memory (`layers.column`). Engines that want one call `Table.to_geodataframe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import DTypeLike, NDArray

from layers.boxes import NOWHERE, Boxes, Extent
from layers.column import Block, Column, ObjectArray, Pack, objects
from layers.feature import Feature
from layers.ids import Ids
from layers.packed_shapes import Outlines, pack_shapes
from layers.packed_values import Same, pack_values
from layers.schema import Value
from layers.tree import Tree

if TYPE_CHECKING:
    import geopandas as gpd

FloatArray: TypeAlias = NDArray[np.float64]
Values: TypeAlias = Column | ObjectArray
_MANY: Final = 1000
"""So many features are taken out of all columns at once."""
_MOST_STEPS: Final = 24
"""So many edits a table knows that led to it."""


class Table:
    """Features of one layer: ids, geometries and attribute columns of one length.

    Parameters
    ----------
    uids : Ids or array of str, shape (n,)
    geometry : Column or array of shapely.Geometry or None, shape (n,)
    columns : mapping of str to Column or object array, shape (n,)
        One entry per field of the layer, exact Python values.
    ancestors : mapping of str to tuple of str
        By feature id, for those few that were split off or merged.

    Attributes
    ----------
    uids : Ids
    geometry : Column
    columns : mapping of str to Column
        All of them read like object arrays. Arrays given are kept as they are; `packed` makes them small.

    Notes
    -----
    `cached_property` values belong to this very version of the table, so they never go stale.
    """

    def __init__(
        self,
        uids: Ids | ObjectArray,
        geometry: Values,
        columns: Mapping[str, Values],
        ancestors: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.uids = uids if isinstance(uids, Ids) else Ids(uids)
        self.geometry = _column(geometry, pack_shapes)
        self.columns: Mapping[str, Column] = {name: _column(c, pack_values) for name, c in columns.items()}
        self.ancestors: Mapping[str, tuple[str, ...]] = ancestors or {}
        self._lately: tuple[tuple[object, Extent], ...] = ()
        self._version = object()

    def packed(self) -> Table:
        """Return the same table in little memory; a short one is kept as it is."""
        packed = {id(c): Column.packed(np.asarray(c), pack_values) for c in self.columns.values()}
        return Table(
            self.uids,
            Column.packed(np.asarray(self.geometry), pack_shapes),
            {name: packed[id(c)] for name, c in self.columns.items()},
            self.ancestors,
        )

    @classmethod
    def empty(cls, names: Iterable[str]) -> Table:
        """Return a table without rows."""
        return cls(objects([]), objects([]), {name: objects([]) for name in names})

    @classmethod
    def of_boxes(cls, boxes: FloatArray, columns: Mapping[str, ObjectArray]) -> Table:
        """Return a table that knows where its features are, shape (n, 4), but not yet which and what shape.

        Only for a first picture: it has neither ids nor geometries.
        """
        nothing = np.empty(len(boxes), dtype=object)
        table = cls(nothing, nothing, columns)
        table.__dict__["bounds"] = Boxes(boxes)
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
            objects([f.uid for f in features]),
            objects([f.geometry for f in features]),
            {name: objects([f.attributes.get(name) for f in features]) for name in names},
            {f.uid: f.ancestors for f in features if f.ancestors},
        )

    @classmethod
    def joined(cls, tables: Sequence[Table]) -> Table:
        """Return the rows of some tables, one table behind the other; packed blocks are shared.

        It has the columns of the first; where another has none of that name, its rows have no value.
        """
        if len(tables) == 1:
            return tables[0]
        columns = {
            name: Column.joined([t.columns.get(name) or _nothing(len(t)) for t in tables], pack_values)
            for name in tables[0].columns
        }
        shapes = Column.joined([t.geometry for t in tables], pack_shapes)
        ancestors = {uid: known for t in tables for uid, known in t.ancestors.items()}
        return cls(Ids.joined([t.uids for t in tables]), shapes, columns, ancestors)

    def with_more(self, more: Table) -> Table:
        """Return the table followed by another one of features that are not in it.

        Raises
        ------
        ValueError
            If one of them is.
        """
        if (self.uids.rows_of(more.uids.tolist()) >= 0).any():
            raise ValueError("a feature that comes is here already")
        result = Table.joined([self, more])
        if "bounds" in self.__dict__:
            result.__dict__["bounds"] = self.bounds.patched({}, np.asarray(more.bounds), ())
            result._lately = self._stepped(more.bounds.around())
        return result

    def _stepped(self, touched: Extent | None) -> tuple[tuple[object, Extent], ...]:
        """Return what the next version knows of the edits that led to it."""
        return (self._version, touched or NOWHERE), *self._lately[: _MOST_STEPS - 1]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.uids)

    def __contains__(self, uid: object) -> bool:
        """Tell whether a feature of that id is here."""
        return self.uids.row_of(uid) is not None

    def __iter__(self) -> Iterator[Feature]:
        """Yield every feature in order. Engines use the arrays."""
        return self._features(self.uids, self.geometry, list(self.columns.values()))

    def features(self, rows: NDArray[np.intp]) -> Iterator[Feature]:
        """Yield the features of some rows, many of them sooner than one by one."""
        return self._features(self.uids[rows], self.geometry[rows], [c[rows] for c in self.columns.values()])

    def _features(
        self, uids: Iterable[str], shapes: Iterable[Any], columns: Sequence[Iterable[Value]]
    ) -> Iterator[Feature]:
        names = list(self.columns)
        for uid, shape, *values in zip(uids, shapes, *columns, strict=True):
            yield Feature(uid, shape, dict(zip(names, values, strict=True)), self.ancestors.get(uid, ()))

    def at(self, index: int) -> Feature:
        """Return the feature in one row."""
        attributes = {name: column[index] for name, column in self.columns.items()}
        uid = self.uids[index]
        return Feature(uid, self.geometry[index], attributes, self.ancestors.get(uid, ()))

    def get(self, uid: str) -> Feature | None:
        """Return the feature of an id, or None."""
        index = self.uids.row_of(uid)
        return None if index is None else self.at(index)

    def index_of(self, uid: str) -> int | None:
        """Return the row of an id, or None."""
        return self.uids.row_of(uid)

    def indices_of(self, uids: Iterable[str]) -> NDArray[np.intp]:
        """Return the rows of ids, rising; ids that are not here are left out."""
        rows = self.uids.rows_of(list(uids))
        return np.sort(rows[rows >= 0])

    @cached_property
    def bounds(self) -> Boxes:
        """Bounding boxes: x_min, y_min, x_max, y_max; NaN if empty."""
        return boxes_of(self.geometry)

    @cached_property
    def tree(self) -> Tree:
        """Spatial index over `geometry`; result numbers are row numbers."""
        return Tree(self.geometry, self.bounds)

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the box around all features, or None if there is no geometry."""
        return self.bounds.around()

    def with_features(self, put: Mapping[str, Feature], removed: Iterable[str] = ()) -> Table:
        """Return the table with some features put and others removed.

        A feature with a known id replaces its row in place, a new one is
        appended; rows of `removed` ids vanish. Columns without a change are
        shared with this table.
        """
        removed = list(removed)
        if len(removed) >= _MANY:
            return self._without(removed).with_features(put)
        rows = {uid: self.uids.row_of(uid) for uid in put}
        known = {row: put[uid] for uid, row in rows.items() if row is not None}
        fresh = [put[uid] for uid, row in rows.items() if row is None]
        gone = [row for uid in removed if (row := self.uids.row_of(uid)) is not None]
        shapes = {i: f.geometry for i, f in known.items()}
        geometry = self.geometry.patched(shapes, [f.geometry for f in fresh], gone)
        columns = {
            name: column.patched(_edited(column, name, known), [f.attributes.get(name) for f in fresh], gone)
            for name, column in self.columns.items()
        }
        uids = self.uids.patched([f.uid for f in fresh], gone)
        result = Table(uids, geometry, columns, self._ancestors_with(put, removed))
        if "bounds" in self.__dict__:  # the pointer snaps again at once
            changed = dict(zip(shapes, _boxes(list(shapes.values())), strict=True))
            added = _boxes(f.geometry for f in fresh)
            result.__dict__["bounds"] = self.bounds.patched(changed, added, gone)
            before = self.bounds[np.array([*known, *gone], dtype=np.intp)]
            touched = Boxes(np.concatenate([before, *changed.values(), added], axis=None).reshape(-1, 4))
            result._lately = self._stepped(touched.around())
        return result

    def _without(self, uids: Sequence[str]) -> Table:
        """Return the table without many features: quicker than taking them out of each block one by one."""
        kept = np.ones(len(self), dtype=bool)
        kept[self.indices_of(uids)] = False
        result = self.where(kept)
        result.ancestors = self._ancestors_with({}, uids)
        if "bounds" in self.__dict__:
            result.__dict__["bounds"] = Boxes(self.bounds[kept])
        return result

    def touched_since(self, earlier: Table) -> Extent | None:
        """Return the box around all that edits did since an earlier version, before and after.

        `NOWHERE` if it is this very version, or nothing with a place was touched; None if this table did not
        come of that one by a few edits.
        """
        if earlier is self:
            return NOWHERE
        boxes = []
        for version, box in self._lately:
            boxes.append(box)
            if version is earlier._version:
                west, south, east, north = zip(*boxes, strict=True)
                return min(west), min(south), max(east), max(north)
        return None

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
        shapes = np.asarray(self.geometry), other.geometry[rows]
        return _same_shapes(*shapes) and all(_same(a, b) for a, b in pairs)

    def where(self, mask: NDArray[Any]) -> Table:
        """Return the rows that a boolean mask or an index array selects."""
        rows = np.flatnonzero(mask) if mask.dtype == bool else mask.astype(np.intp, copy=False)
        columns = {n: c.where(rows) for n, c in self.columns.items()}
        return Table(self.uids.where(rows), self.geometry.where(rows), columns, self.ancestors)

    def to_geodataframe(self, crs: object = None) -> gpd.GeoDataFrame:
        """Return a GeoDataFrame indexed by id, for engines and writers."""
        import geopandas as gpd  # late: half a second that the window does not need

        columns = {name: np.asarray(column) for name, column in self.columns.items()}
        frame = gpd.GeoDataFrame(columns, geometry=list(self.geometry), crs=crs)
        frame.index = list(self.uids)
        frame.index.name = "uid"
        return frame


def boxes_of(shapes: Column) -> Boxes:
    """Return the bounding boxes of a column of shapes, packed ones without an object for each."""
    return Boxes(np.concatenate([np.empty((0, 4)), *map(_boxes_of, shapes.blocks)]))


def values_equal(column: Values, values: Iterable[Value]) -> NDArray[np.bool_]:
    """Return which entries of a column equal one of `values`."""
    wanted = set(values)
    return _mapped(column, lambda some: np.fromiter((v in wanted for v in some), bool, len(some)), bool)


def numbers(column: Values, missing: float = np.nan) -> FloatArray:
    """Return a column as floats; missing values and text become `missing`."""

    def read(some: ObjectArray) -> FloatArray:
        return np.fromiter((v if isinstance(v, (int, float)) else missing for v in some), float, len(some))

    return _mapped(column, read, float)


def _mapped(column: Values, of: Callable[[ObjectArray], NDArray[Any]], dtype: DTypeLike) -> NDArray[Any]:
    return column.mapped(of, dtype) if isinstance(column, Column) else of(column)


def _edited(column: Column, name: str, known: Mapping[int, Feature]) -> dict[int, Value]:
    """Return the values of a field that are not as in its column, by row."""
    before = column[np.fromiter(known, np.intp, len(known))]
    after = ((row, feature.attributes.get(name)) for row, feature in known.items())
    return {row: value for (row, value), old in zip(after, before, strict=True) if not _alike(value, old)}


def _alike(one: Value, other: Value) -> bool:
    """Tell whether two values are the same: ``1``, ``1.0`` and ``True`` are not, nor two sorts of zero."""
    return one is other or (type(one) is type(other) and one == other and repr(one) == repr(other))


def _nothing(count: int) -> Column:
    """Return a column without values."""
    return Column([Same(None, count)], pack_values)


def _column(values: Values, pack: Pack) -> Column:
    return values if isinstance(values, Column) else Column.of(_frozen(values), pack)


def _boxes_of(block: Block) -> FloatArray:
    return block.ragged(None).bounds() if isinstance(block, Outlines) else _boxes(block.take(None))


def _boxes(shapes: Iterable[Any]) -> FloatArray:
    """Return the boxes of geometries, shape (k, 4)."""
    return np.asarray(shapely.bounds(objects(shapes))).reshape(-1, 4)


def _same(first: Column, second: ObjectArray) -> bool:
    a, b = first.tolist(), second.tolist()
    return a == b and list(map(type, a)) == list(map(type, b))


def _same_shapes(first: ObjectArray, second: ObjectArray) -> bool:
    return bool((shapely.to_wkb(first) == shapely.to_wkb(second)).all())


def _frozen(array: ObjectArray) -> ObjectArray:
    view = array.view()
    view.flags.writeable = False
    return view
