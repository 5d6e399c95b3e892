"""The entities of a drawing's model space, one after another. Runs in the child process only."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final, Protocol

from gis.exchange.dxf.pieces import FAULTS
from gis.exchange.dxf.section_tags import SectionTags

_BATCH: Final = 512
"""Entities at a time: with one by one, the processor changes its work so often that it takes half again."""
_END: Final = "ENDSEC"
_MARKS: Final = (_END, "SECTION", "EOF")


class TornError(Exception):
    """The entities of a drawing are damaged; ezdxf must repair it as a whole."""


class Entities(Protocol):
    """What a drawing shows; it can be gone through again and again.

    Parameters
    ----------
    paper : int
        Entities on paper that were passed by, when last gone through.
    """

    paper: int

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the entities of the model space, made by ezdxf; some live until the next are asked for."""

    def fraction(self) -> float:
        """Return how much of the drawing has been gone through, 0-1."""


class WholeSpace:
    """The model space of a document that ezdxf holds as a whole."""

    paper = 0

    def __init__(self, document: Any) -> None:
        self._document = document

    def __iter__(self) -> Iterator[list[Any]]:
        entities = list(self._document.modelspace())
        return (entities[at : at + _BATCH] for at in range(0, len(entities), _BATCH))

    def fraction(self) -> float:
        """Return how much has been gone through: all was read before."""
        return 1.0


class StreamedSpace:
    """A model space that is never held as a whole: each entity is made, looked at and let go.

    Parameters
    ----------
    document : ezdxf.document.Drawing
        The drawing without the entities: layers, styles, blocks, objects.
    tags : SectionTags
        Of the section of the entities.

    Notes
    -----
    Goes by what `ezdxf.document.Drawing` does when it loads the section: what it refuses is refused
    here, by `TornError`. Two things are kept that ezdxf hides: columns of a text stay texts of their
    own, and an image without its definition stays an image.
    """

    def __init__(self, document: Any, tags: SectionTags) -> None:
        self._document, self._tags = document, tags
        self.paper = 0

    def fraction(self) -> float:
        """Return how much has been gone through, 0-1."""
        return self._tags.fraction()

    def __iter__(self) -> Iterator[list[Any]]:
        """Yield the entities of the model space.

        Raises
        ------
        TornError
            Where the section is damaged.
        """
        from ezdxf.lldxf.const import DXFError

        try:
            yield from WholeSpace(self._document)  # what the section of the blocks has of it
            yield from self._shown()
        except (DXFError, struct.error, *FAULTS) as error:
            raise TornError(str(error)) from error

    def _shown(self) -> Iterator[list[Any]]:
        """Yield what is not on paper, then take it apart: an entity and its attributes hold each other."""
        on_paper = self._on_paper()
        self.paper = 0
        for entities in self._linked():
            shown = [entity for entity in entities if not on_paper(entity)]
            self.paper += len(entities) - len(shown)
            yield shown
            for entity in entities:
                entity.destroy()

    def _linked(self) -> Iterator[list[Any]]:
        """Yield entities once all that belongs to them is there; vertices and attributes are others'."""
        from ezdxf.entities.subentity import entity_linker

        is_linked = entity_linker()
        waiting: list[Any] = []
        for made in self._made():
            own = [*waiting, *(entity for entity in made if not is_linked(entity))]
            yield own[:-1]
            waiting = own[-1:]
        yield waiting

    def _made(self) -> Iterator[list[Any]]:
        from ezdxf.entities import factory
        from ezdxf.lldxf.const import DXFStructureError
        from ezdxf.lldxf.extendedtags import ExtendedTags
        from ezdxf.lldxf.tagger import tag_compiler
        from ezdxf.lldxf.tags import group_tags

        groups = iter(group_tags(tag_compiler(iter(self._tags))))
        is_whole = False
        while tags := list(islice(groups, _BATCH)):
            is_whole = tags[-1][0].value == _END
            made = [factory.load(ExtendedTags(t), self._document) for t in (tags[:-1] if is_whole else tags)]
            if any(entity.dxftype() in _MARKS for entity in made):
                raise DXFStructureError("another section begins within that of the entities")
            _check_handles(made)
            yield made
        if not is_whole:
            raise DXFStructureError("the section of the entities does not end")

    def _on_paper(self) -> Callable[[Any], bool]:
        """Return what tells whether an entity is on paper: its owner says, else its flag."""
        records = self._document.block_records
        known = {
            records.get("*Model_Space").dxf.handle: False,
            records.get("*Paper_Space").dxf.handle: True,
        }

        def on_paper(entity: Any) -> bool:
            values = entity.dxf.__dict__
            return known.get(values.get("owner"), bool(values.get("paperspace", 0)))

        return on_paper


def _check_handles(entities: Iterable[Any]) -> None:
    """Refuse what ezdxf refuses to keep."""
    from ezdxf.lldxf.types import is_valid_handle

    for entity in entities:
        handle = entity.dxf.handle
        if handle is not None and (handle == "0" or not is_valid_handle(handle)):
            raise ValueError(f"invalid handle {handle}")
