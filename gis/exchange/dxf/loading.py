"""Opening a drawing with ezdxf: as it is, then repaired. Runs in the child process only."""

from __future__ import annotations

import io
import struct
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from gis.exchange.dxf.codepage import BINARY_MARK, TextEncoding, reading_codec
from gis.exchange.dxf.pieces import FAULTS

_HEADER: Final = b"  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1015\n  0\nENDSEC\n"
_HEAD: Final = 65536


class Loaded(NamedTuple):
    """An open drawing.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    read_as : str
        Codec its strings were decoded with; every byte can be had back.
    repairs : int
        Faults of the file that had to be repaired to open it; 0 if it opened as it is.
    torn : bool
        Whether parts of the file made no sense and were passed over.
    """

    document: Any
    read_as: str
    repairs: int
    torn: bool = False


def load(path: Path, data: bytes, encoding: TextEncoding) -> Loaded | None:
    """Open a drawing, or return None if ezdxf cannot make anything of it."""
    return _opened(data, encoding) or _tried(partial(_salvage, path), data, reading_codec(data))


def _opened(data: bytes, encoding: TextEncoding) -> Loaded | None:
    if data.startswith(BINARY_MARK):
        return _tried(_binary, data, reading_codec(data)) or _recovered(data)
    if b"$ACADVER" not in data[:_HEAD] and b"AcDbEntity" in data:
        # No header, yet not of the old kind that one without a header is taken for.
        found = _tried(_ascii, _HEADER + data, encoding.codec)
        if found is not None:
            return found
    return _tried(_ascii, data, encoding.codec) or _recovered(data)


def _ascii(data: bytes, codec: str) -> Loaded:
    from ezdxf.document import Drawing

    stream = io.TextIOWrapper(io.BytesIO(data), encoding=codec, errors="surrogateescape")
    return Loaded(Drawing.read(stream), codec, 0)


def _binary(data: bytes, codec: str) -> Loaded:
    from ezdxf.document import Drawing
    from ezdxf.lldxf.tagger import binary_tags_loader

    return Loaded(Drawing.load(binary_tags_loader(data)), codec, 0)


def _recovered(data: bytes) -> Loaded | None:
    return _tried(_repair, data, reading_codec(data))


def _repair(data: bytes, codec: str) -> Loaded:
    from ezdxf import recover

    document, auditor = recover.read(io.BytesIO(data))
    return Loaded(document, codec, max(1, len(auditor.errors) + len(auditor.fixes)))


def _salvage(path: Path, _: bytes, codec: str) -> Loaded:
    """Take whatever still looks like part of a drawing."""
    from ezdxf import recover

    document, auditor = recover.explore(path, errors="surrogateescape")
    return Loaded(document, codec, max(1, len(auditor.errors) + len(auditor.fixes)), torn=True)


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
