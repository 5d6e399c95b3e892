"""The model space of a drawing in the making, as text: it need not fit into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Literal

from gis.exchange.dxf.identity import APP, Mark, tags_of

Sheet = Literal["fills", "shapes", "letters"]
SHEETS: Final[tuple[Sheet, ...]] = ("fills", "shapes", "letters")
"""What lies upon what, from bottom to top; CAD draws in the order of the file."""
_CHUNK: Final = 1 << 20
_SECTION: Final = "  0\nSECTION\n  2\nENTITIES\n"
_ENDS: Final = "  0\nENDSEC\n"


class ModelText:
    """Entities as text, on three sheets one above the other.

    Parameters
    ----------
    document : ezdxf.document.Drawing
        Gives every entity its handle, and writes what is in its own model space on top of ours.
    folder : Path
        Where the sheets lie while the drawing is made; they are gone with the program.
    """

    def __init__(self, document: Any, folder: Path) -> None:
        self._document, self._stack = document, ExitStack()
        self._next = document.entitydb.handles.next
        self._sheets: dict[Sheet, IO[str]] = {
            name: self._stack.enter_context(_sheet(folder, document.output_encoding)) for name in SHEETS
        }

    def __enter__(self) -> ModelText:
        return self

    def __exit__(self, *problem: object) -> None:
        self._stack.close()

    def add(self, sheet: Sheet, mould: str, values: Mapping[str, object], mark: Mark) -> None:
        """Add an entity: its mould, what goes into the gaps, and what it says about itself."""
        filled = mould % {"handle": self._next(), **values}
        self._sheets[sheet].write(filled + _marked(mark))

    def size(self) -> int:
        """Return about how many bytes there are."""
        return sum(stream.tell() for stream in self._sheets.values())

    def export_dxf(self, writer: Any) -> None:
        """Write the section of entities, as ezdxf asks for it."""
        layouts = self._document.layouts
        writer.write_str(_SECTION)
        for chunk in self._chunks():
            writer.write_str(chunk)
        layouts.modelspace().entity_space.export_dxf(writer)
        layouts.active_layout().entity_space.export_dxf(writer)
        writer.write_str(_ENDS)

    def _chunks(self) -> Iterator[str]:
        for stream in self._sheets.values():
            stream.seek(0)
            while chunk := stream.read(_CHUNK):
                yield chunk


@contextmanager
def _sheet(folder: Path, encoding: str) -> Iterator[IO[str]]:
    with tempfile.TemporaryFile("w+", -1, encoding, "\n", dir=folder, errors="dxfreplace") as stream:
        yield stream


def _marked(mark: Mark) -> str:
    return f"1001\n{APP}\n" + "".join(f"{code}\n{value}\n" for code, value in tags_of(mark))
