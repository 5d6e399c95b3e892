"""The tags of the entities of a drawing, read from their place in its file. In the child process only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from gis.exchange.dxf.sections import EntitiesPlace

_BUFFER: Final = 1 << 18
_BINARY_END: Final = b"ENDSEC\x00"


class SectionTags(Protocol):
    """The tags of one section behind its name, with the one that ends it; can be gone through again."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the tags as ezdxf loads them."""

    def fraction(self) -> float:
        """Return how much has been read, 0-1."""


class TextTags:
    """The tags of a text file, read as they are asked for.

    Parameters
    ----------
    path : Path
    place : EntitiesPlace
    codec : str
    """

    def __init__(self, path: Path, place: EntitiesPlace, codec: str) -> None:
        self._path, self._place, self._codec = path, place, codec
        self._extent: _Extent | None = None

    def __iter__(self) -> Iterator[Any]:
        """Yield the tags as ezdxf loads them."""
        from ezdxf.lldxf.tagger import ascii_tags_loader

        with self._path.open("rb", buffering=0) as file:
            self._extent = _Extent(file, self._place)
            raw = io.BufferedReader(self._extent, _BUFFER)
            with io.TextIOWrapper(raw, encoding=self._codec, errors="surrogateescape") as stream:
                yield from ascii_tags_loader(stream)

    def fraction(self) -> float:
        """Return how much has been read, 0-1."""
        return self._extent.fraction() if self._extent else 0.0


class BinaryTags:
    """The tags of a binary file, which ezdxf wants in memory, behind its header.

    Parameters
    ----------
    data : bytes
        The file.
    place : EntitiesPlace
    """

    def __init__(self, data: bytes, place: EntitiesPlace) -> None:
        header = min(data.find(_BINARY_END) + len(_BINARY_END), place.start)
        self._data = data[:header] + data[place.start : place.end]

    def __iter__(self) -> Iterator[Any]:
        """Yield the tags as ezdxf loads them."""
        from ezdxf.lldxf.tagger import binary_tags_loader

        tags = binary_tags_loader(self._data)
        before = None
        for tag in tags:
            if before == "SECTION" and tag.value == "ENTITIES":
                break
            before = tag.value
        yield from tags

    def fraction(self) -> float:
        """Return how much has been read: nobody knows before the end."""
        return 0.0


class _Extent(io.RawIOBase):
    """Some bytes of a file as a file of their own."""

    def __init__(self, file: io.FileIO, place: EntitiesPlace) -> None:
        self._file, self._size = file, place.end - place.first
        self._left = self._size
        file.seek(place.first)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        view = memoryview(into)
        count = self._file.readinto(view[: min(len(view), self._left)])
        self._left -= count
        return count

    def fraction(self) -> float:
        return 1.0 - self._left / self._size
