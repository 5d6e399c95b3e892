"""Which column of a file fills which field of a layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gis.exchange.synonyms import FIELDS, SCALED, cut_unit, plain_name
from layers.errors import UsageError
from layers.schema import Field
from layers.text import Text

SHORT = 10
"""Bytes a DBF has for a field name."""

_CUT_BYTES = (8, SHORT)
"""How long a name is that was cut after ten bytes: a Chinese character takes two or three."""


def automatic_mapping(columns: Iterable[str], fields: Sequence[Field]) -> dict[str, str]:
    """Return column to field, by name, by title, by what exports call it, then by common synonyms.

    Every field takes one column at most, every column one field at most;
    a better kind of match wins, then the order of the fields.

    Examples
    --------
    >>> from layers.kinds.buildings import BUILDINGS
    >>> automatic_mapping(["楼号", "LEVELS", "colour"], BUILDINGS.fields)
    {'楼号': 'number', 'LEVELS': 'floors'}
    """
    listed = list(columns)
    plain = _by_plain_names(listed)
    shorts = short_names(fields)
    ways = (
        lambda f: (f.name,),
        lambda f: (f.title.zh, f.title.en),
        lambda f: (shorts[f.name],),
        lambda f: FIELDS.get(f.name, ()),
    )
    found: dict[str, str] = {}
    filled: set[str] = set()
    for names_of in ways:
        for field in fields:
            if field.name in filled:
                continue
            wanted = [(plain_name(n), unit) for n in names_of(field) for unit in ("", field.unit)]
            column = next((plain[p] for p in wanted if p in plain), None)
            if column is not None and column not in found:
                found[column] = field.name
                filled.add(field.name)
    return {**found, **_cut_names(listed, fields, found)}


def _by_plain_names(columns: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return columns by their plain names, with the unit where it makes the numbers others."""
    named: dict[tuple[str, str], str] = {}
    for name in reversed(columns):
        title, unit = cut_unit(name)
        named[plain_name(title), SCALED.get(unit, "")] = name
    return named | {(plain_name(name), ""): name for name in reversed(columns)}


def _cut_names(columns: Sequence[str], fields: Sequence[Field], found: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that are titles as shapefiles cut them, after ten bytes, where one field fits.

    Examples
    --------
    >>> from layers.kinds.buildings import BUILDINGS
    >>> _cut_names(["建成年", "建筑面积"], BUILDINGS.fields, {})
    {'建成年': 'year'}
    """
    free = [f for f in fields if f.name not in found.values()]
    cut: dict[str, str] = {}
    for column in columns:
        if column in found or not _CUT_BYTES[0] <= len(column.encode()) <= _CUT_BYTES[1]:
            continue
        fits = [f.name for f in free if f.title.zh.startswith(column) or f.title.en.startswith(column)]
        if len(fits) == 1 and fits[0] not in cut.values():
            cut[column] = fits[0]
    return cut


def complete_mapping(
    columns: Sequence[str], fields: Sequence[Field], given: Mapping[str, str] | None
) -> dict[str, str]:
    """Return the automatic mapping with the user's own words over it.

    Parameters
    ----------
    given : mapping of str to str
        Column to field name or title; an empty field means: leave that column out of the fields.

    Raises
    ------
    UsageError
        If a column or field of `given` does not exist.
    """
    names = {plain_name(alias): f.name for f in fields for alias in (f.title.zh, f.title.en, f.name)}
    chosen: dict[str, str] = {}
    for column, wanted in (given or {}).items():
        if column not in columns:
            raise _unknown(
                Text("文件中没有字段“{name}”。", "The file has no field “{name}”."), column, columns
            )
        if wanted and plain_name(wanted) not in names:
            raise _unknown(
                Text("图层没有字段“{name}”。", "The layer has no field “{name}”."),
                wanted,
                [f.name for f in fields],
            )
        chosen[column] = names[plain_name(wanted)] if wanted else ""
    rest = [c for c in columns if c not in chosen]
    free = [f for f in fields if f.name not in chosen.values()]
    mapped = {**automatic_mapping(rest, free), **chosen}
    return {column: field for column, field in mapped.items() if field}


def short_names(fields: Sequence[Field]) -> dict[str, str]:
    """Return the ten-character column names that a shapefile gets, all different.

    Examples
    --------
    >>> from layers.kinds.drainage import PIPES
    >>> short_names(PIPES.fields)["invert_down_m"]
    'invert_dow'
    """
    names: dict[str, str] = {}
    for field in fields:
        short, number = field.name[:SHORT], 1
        while short in names.values() or short in ("uid", "fid"):
            number += 1
            short = f"{field.name[: SHORT - len(str(number))]}{number}"
        names[field.name] = short
    return names


def _unknown(words: Text, name: str, there: Sequence[str]) -> UsageError:
    advice = Text("可选：{names}", "There are: {names}").format(names=", ".join(there[:40]))
    return UsageError(words.format(name=name), advice, code="import.map")
