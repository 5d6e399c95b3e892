"""Opening a drawing with ezdxf: entity by entity, as a whole, or repaired. Runs in the child process only."""

from __future__ import annotations

import io
import struct
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from gis.exchange.dxf.codepage import BINARY_MARK, TextEncoding, reading_codec
from gis.exchange.dxf.model_space import Entities, StreamedSpace, WholeSpace
from gis.exchange.dxf.pieces import FAULTS
from gis.exchange.dxf.section_tags import BinaryTags, TextTags
from gis.exchange.dxf.sections import find_entities, without_entities
from gis.exchange.dxf.tidying import completed, sound

_HEADER: Final = b"  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1015\n  0\nENDSEC\n"
_HEAD: Final = 65536


class Loaded(NamedTuple):
    """An open drawing.

    Parameters
    ----------
    document : ezdxf.document.Drawing
        Without the entities of the model space if they are streamed.
    entities : Entities
        Of the model space.
    read_as : str
        Codec its strings were decoded with; every byte can be had back.
    repairs : int
        Faults of the file that had to be repaired to open it; 0 if it opened as it is.
    torn : bool
        Whether parts of the file made no sense and were passed over.
    """

    document: Any
    entities: Entities
    read_as: str
    repairs: int
    torn: bool = False


def load_streamed(path: Path, data: bytes, encoding: TextEncoding) -> Loaded | None:
    """Open a drawing without its entities, which are then made one by one.

    Returns None if it is not built as usual, or what is beside the entities is damaged.
    """
    place = find_entities(data)
    if place is None or _lacks_header(data):
        return None
    rest = without_entities(data, place)
    loaded = _as_it_is(rest, encoding)
    if loaded is None:
        return None
    tags = BinaryTags(data, place) if _is_binary(data) else TextTags(path, place, loaded.read_as)
    return loaded._replace(entities=StreamedSpace(loaded.document, tags))


def load_whole(path: Path, data: bytes, encoding: TextEncoding) -> Loaded | None:
    """Open a drawing as a whole, or return None if ezdxf cannot make anything of it."""
    return _opened(data, encoding) or load_repaired(path, data)


def load_repaired(path: Path, data: bytes) -> Loaded | None:
    """Open what is damaged: repaired as a whole, else whatever still looks like part of a drawing."""
    codec = reading_codec(data)
    return (
        _tried(_complete, data, codec)
        or _tried(_repair, data, codec)
        or _tried(_pick, data, codec)
        or _tried(partial(_salvage, path), data, codec)
    )


def _opened(data: bytes, encoding: TextEncoding) -> Loaded | None:
    found = _tried(_ascii, _HEADER + data, encoding.codec) if _lacks_header(data) else None
    return found or _as_it_is(data, encoding)


def _as_it_is(data: bytes, encoding: TextEncoding) -> Loaded | None:
    if _is_binary(data):
        return _tried(_binary, data, reading_codec(data))
    return _tried(_ascii, data, encoding.codec)


def _is_binary(data: bytes) -> bool:
    return data.startswith(BINARY_MARK)


def _lacks_header(data: bytes) -> bool:
    """Tell whether a text file names no release, yet is not of the old kind that ezdxf would take it for."""
    return not _is_binary(data) and b"$ACADVER" not in data[:_HEAD] and b"AcDbEntity" in data


def _ascii(data: bytes, codec: str) -> Loaded:
    from ezdxf.document import Drawing

    stream = io.TextIOWrapper(io.BytesIO(data), encoding=codec, errors="surrogateescape")
    return _held(Drawing.read(stream), codec)


def _binary(data: bytes, codec: str) -> Loaded:
    from ezdxf.document import Drawing
    from ezdxf.lldxf.tagger import binary_tags_loader

    return _held(Drawing.load(binary_tags_loader(data)), codec)


def _complete(data: bytes, codec: str) -> Loaded:
    """Repair a text drawing that lacks nothing but ends of its parts, once they are there."""
    if _is_binary(data):
        raise ValueError("only text can be completed")
    whole = completed(data)
    if not whole.added:
        raise ValueError("nothing is missing")
    loaded = _repair(whole.data, codec)
    return loaded._replace(repairs=loaded.repairs + whole.added - 1, torn=whole.is_cut)


def _pick(data: bytes, codec: str) -> Loaded:
    """Repair a text drawing without the entities that make no sense."""
    if _is_binary(data):
        raise ValueError("only of text can lines be dropped")
    kept, dropped = sound(data)
    if not dropped:
        raise ValueError("nothing makes no sense")
    loaded = _repair(completed(kept).data, codec)
    return loaded._replace(repairs=loaded.repairs + dropped, torn=True)


def _repair(data: bytes, codec: str) -> Loaded:
    from ezdxf import recover

    document, auditor = recover.read(io.BytesIO(data))
    return _held(document, codec, max(1, len(auditor.errors) + len(auditor.fixes)))


def _salvage(path: Path, _: bytes, codec: str) -> Loaded:
    """Take whatever still looks like part of a drawing."""
    from ezdxf import recover

    document, auditor = recover.explore(path, errors="surrogateescape")
    return _held(document, codec, max(1, len(auditor.errors) + len(auditor.fixes)), torn=True)


def _held(document: Any, codec: str, repairs: int = 0, *, torn: bool = False) -> Loaded:
    return Loaded(document, WholeSpace(document), codec, repairs, torn)


def _tried(way: Any, data: bytes, codec: str) -> Loaded | None:
    from ezdxf.lldxf.const import DXFError

    try:
        loaded: Loaded = way(data, codec)
    except (DXFError, struct.error, StopIteration, *FAULTS):  # a table that ends where it should begin
        return None
    return loaded if _is_something(loaded) else None


def _is_something(loaded: Loaded) -> bool:
    """Tell whether anything was understood; repairing turns nearly any text into an empty drawing."""
    return not loaded.repairs or bool(len(loaded.document.modelspace()) or len(loaded.document.layers) > 2)
